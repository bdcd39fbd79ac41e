//! Whom to trust: which logs, which witnesses, and how many of them (C2SP tlog-policy).
//!
//! A head holds under a policy if a log of its name signed it, and enough witnesses cosigned it. A line in a known key's
//! name that is not its signature spoils the whole, as signed-note says it should.

mod parse;

use super::checkpoint::Checkpoint;
use super::key::PublicKey;
use super::signed::{Signed, SignedNote};

/// Longest policy that is read, in bytes.
pub const POLICY_LEN_MAX: usize = 1 << 20;

/// Which logs and witnesses are trusted, and which of the witnesses must have cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<Known>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    quorum: Quorum,
}

/// A key, and where its owner can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    /// None if its algorithm is not known here.
    key: Option<PublicKey>,
    /// The key as it stands in the policy.
    vkey: Box<str>,
    url: Option<Box<str>>,
}

/// A witness of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    name: Box<[u8]>,
    known: Known,
}

impl Witness {
    /// What the policy calls it.
    #[must_use]
    pub fn name(&self) -> String {
        String::from_utf8_lossy(&self.name).into_owned()
    }

    /// Its key; none if its algorithm is not known here, so that nothing it signs can count.
    #[must_use]
    pub fn key(&self) -> Option<&PublicKey> {
        self.known.key.as_ref()
    }

    /// Where it takes checkpoints, if the policy says so.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.known.url.as_deref()
    }
}

/// So many of these must have cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    name: Box<[u8]>,
    least: usize,
    members: Vec<Member>,
}

/// A witness or a group, by its place. Groups name only those before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group(usize),
}

/// Who must have cosigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quorum {
    Nobody,
    Of(Member),
}

/// What a policy says of a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged<'p> {
    /// The key of the log that signed; none if the policy names no log.
    pub log: Option<&'p PublicKey>,
    /// The witnesses that cosigned, in the order of the policy, each with the time it says, in seconds since
    /// 1970-01-01T00:00:00Z.
    pub witnesses: Vec<(&'p Witness, Option<u64>)>,
    /// Those that did not.
    pub missing: Vec<&'p Witness>,
    /// What the quorum is called; `none` if no witness is needed.
    pub quorum: String,
    /// Whether enough of them did.
    pub is_reached: bool,
}

impl Judged<'_> {
    /// This judgement if enough witnesses cosigned.
    ///
    /// # Errors
    /// Who did and who did not.
    pub fn reached(self) -> Result<Self, String> {
        if self.is_reached {
            return Ok(self);
        }
        let names = |witnesses: &mut dyn Iterator<Item = &&Witness>| {
            witnesses.map(|witness| witness.name()).collect::<Vec<_>>().join(", ")
        };
        let unknown: Vec<_> = self.missing.iter().filter(|witness| witness.key().is_none()).collect();
        let unknown = match names(&mut unknown.into_iter()) {
            names if names.is_empty() => names,
            names => format!("; of the algorithms of these nothing is known here: {names}"),
        };
        let cosigned = match names(&mut self.witnesses.iter().map(|(witness, _)| witness)) {
            names if names.is_empty() => "by none of its witnesses".to_owned(),
            names => format!("only by {names}"),
        };
        Err(format!("the quorum {} is not reached: it is cosigned {cosigned}{unknown}", self.quorum))
    }
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// What is wrong with it, and in which line.
    pub fn parse(bytes: &[u8]) -> Result<Policy, String> {
        parse::parse(bytes)
    }

    /// Whether it names logs.
    #[must_use]
    pub fn names_logs(&self) -> bool {
        !self.logs.is_empty()
    }

    /// Its witnesses, in their order.
    #[must_use]
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// Judges a note that holds a checkpoint. Which log it must be of is not looked at if the policy names none.
    ///
    /// # Errors
    /// Why it does not hold, whoever else signed.
    pub fn judge(&self, note: &SignedNote) -> Result<Judged<'_>, String> {
        let checkpoint = Checkpoint::parse(note.text()).ok_or("it holds no checkpoint")?;
        let log = if self.names_logs() { Some(self.log_of(note, &checkpoint)?) } else { None };
        let (mut witnesses, mut missing) = (Vec::new(), Vec::new());
        let mut has_signed = Vec::with_capacity(self.witnesses.len());
        for witness in &self.witnesses {
            let signed = witness.key().map_or(Signed::No, |key| note.signed_by(key));
            match signed {
                Signed::Rightly(at) => witnesses.push((witness, at)),
                Signed::No => missing.push(witness),
                Signed::Wrongly => {
                    return Err(format!("a signature in the name of the witness {} is not its", witness.name()));
                }
            }
            has_signed.push(matches!(signed, Signed::Rightly(_)));
        }
        let (quorum, is_reached) = match self.quorum {
            Quorum::Nobody => ("none".to_owned(), true),
            Quorum::Of(member) => (self.name_of(member), self.have_cosigned(member, &has_signed)),
        };
        Ok(Judged { log, witnesses, missing, quorum, is_reached })
    }

    /// The key of a log of the checkpoint's name that signed.
    fn log_of(&self, note: &SignedNote, checkpoint: &Checkpoint) -> Result<&PublicKey, String> {
        let origin = &*checkpoint.origin;
        let is_named = |log: &&Known| log.vkey.split('+').next() == Some(origin);
        let mut named = self.logs.iter().filter(is_named).peekable();
        if named.peek().is_none() {
            return Err(format!("the policy names no log {origin}"));
        }
        let mut found = None;
        for key in named.filter_map(|log| log.key.as_ref()) {
            match note.signed_by(key) {
                Signed::Rightly(_) => found = found.or(Some(key)),
                Signed::No => {}
                Signed::Wrongly => return Err(format!("a signature in the name of the log {origin} is not its")),
            }
        }
        found.ok_or_else(|| format!("no key that the policy has of the log {origin} signed it"))
    }

    fn name_of(&self, member: Member) -> String {
        let name = match member {
            Member::Witness(place) => self.witnesses.get(place).map(|witness| &witness.name),
            Member::Group(place) => self.groups.get(place).map(|group| &group.name),
        };
        name.map_or_else(String::new, |name| String::from_utf8_lossy(name).into_owned())
    }

    /// Whether a witness cosigned, or enough of a group; every group knows only those before it.
    fn have_cosigned(&self, member: Member, has_signed: &[bool]) -> bool {
        let mut enough: Vec<bool> = Vec::with_capacity(self.groups.len());
        let holds = |member: &Member, enough: &[bool]| match *member {
            Member::Witness(place) => has_signed.get(place) == Some(&true),
            Member::Group(place) => enough.get(place) == Some(&true),
        };
        for group in &self.groups {
            let count = group.members.iter().filter(|member| holds(member, &enough)).count();
            enough.push(count >= group.least);
        }
        holds(&member, &enough)
    }
}

#[cfg(test)]
mod tests;
