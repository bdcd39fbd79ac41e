//! Following a published ledger: everything that is new since the last head that was seen, computed from the bytes that
//! are served, and checked against the head that was kept.

use std::fmt;

use super::CHECKPOINT;
use super::following::Following;
use super::seen::Seen;
use super::served::Served;
use crate::keys::Ring;
use crate::ledger::Error;
use crate::note::ProvenHead;
use crate::note::{Checkpoint, NOTE_LEN_MAX, Policy, PublicKey, SignedNote};

/// Most findings that are listed; more are only counted.
const FINDINGS_MAX: usize = 1000;

/// How to follow.
#[derive(Clone, Debug, Default)]
pub struct FollowOptions {
    /// Keys, under the ledger's name, one of which must have signed the head; if there are none, no signature is checked.
    pub keys: Vec<PublicKey>,
    /// Who must have signed and cosigned the head.
    pub policy: Option<Policy>,
    /// The last head that was seen: what is served must have grown from it.
    pub kept: Option<Checkpoint>,
    /// What was kept beside it: who may seal. Without it, all that is about keys is read again.
    pub seen: Option<Seen>,
    /// Check the events before that head again as well.
    pub whole: bool,
    /// How many files are fetched at a time.
    pub threads: usize,
}

impl FollowOptions {
    /// Whether somebody else than the ledger itself says which key signs its heads.
    #[must_use]
    pub fn names_signers(&self) -> bool {
        !self.keys.is_empty() || self.policy.as_ref().is_some_and(Policy::names_logs)
    }
}

/// What is wrong with what is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What it is, in a word that stays for ever.
    pub code: &'static str,
    /// The event it is about, if it is about one.
    pub seq: Option<u64>,
    /// The file.
    pub path: String,
    /// What was expected and found.
    pub why: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seq {
            Some(seq) => write!(f, "#{seq} {}: {} ({})", self.code, self.why, self.path),
            None => write!(f, "{}: {} ({})", self.code, self.why, self.path),
        }
    }
}

/// What following came to.
#[derive(Clone, Debug, Default)]
pub struct Followed {
    /// The head that is served, if it is one.
    pub head: Option<ProvenHead>,
    /// Count of events that were seen, and checked, before.
    pub before: u64,
    /// How many payloads are gone, each named by an erasure.
    pub erased: u64,
    /// How many payloads the keeper withholds: they are for the desk alone.
    pub withheld: u64,
    /// Whether the seal of the head that was kept is another than was seen then. That proves no fork: a server can add to
    /// what nothing stands on yet.
    pub is_exchanged: bool,
    /// What to keep beside the head.
    pub seen: Option<Seen>,
    /// The key among those given that signed the head; or, if none were given and everything was read, a key that the
    /// ledger itself names.
    pub signed_by: Option<PublicKey>,
    /// What is wrong, in the order in which it was found; if nothing is, the head may be kept.
    pub wrong: Vec<Wrong>,
    /// How many more are.
    pub wrong_left_off: u64,
}

impl Followed {
    pub(super) fn add(&mut self, code: &'static str, seq: Option<u64>, path: &str, why: impl Into<String>) {
        if self.wrong.len() == FINDINGS_MAX {
            self.wrong_left_off += 1;
        } else {
            self.wrong.push(Wrong { code, seq, path: path.to_owned(), why: why.into() });
        }
    }

    fn has(&self, code: &str) -> bool {
        self.wrong.iter().any(|wrong| wrong.code == code)
    }

    /// Whether the head that is served contradicts the one that was kept: with both, anybody can be shown that.
    #[must_use]
    pub fn is_forked(&self) -> bool {
        self.has(FORKED)
    }
}

pub(super) const FORKED: &str = "forked";

/// How often the head is fetched again because somebody is just erasing.
const LOOKS_MAX: usize = 5;

/// Checks a published ledger: the signature of its head, that it grew from the head that was kept, and every event behind
/// that. `progress` is told how many events of how many are done.
///
/// # Errors
/// `Io` if something cannot be fetched. Whatever is wrong with what was fetched is no error but an answer.
pub fn follow(
    served: &dyn Served,
    options: &FollowOptions,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Followed, Error> {
    let mut followed = Followed::default();
    let Some((mut note, mut checkpoint)) = head(served, options, &mut followed)? else { return Ok(followed) };
    if options.kept.as_ref().is_some_and(|kept| !may_follow(kept, &checkpoint, &mut followed)) {
        return Ok(followed);
    }
    let kept = options.kept.as_ref().filter(|kept| kept.size > 0);
    if !options.whole && kept.is_some_and(|kept| *kept == checkpoint) {
        followed.before = checkpoint.size;
        return Ok(followed);
    }
    followed.before = kept.filter(|_| !options.whole).map_or(0, |kept| kept.size);
    let from = followed.before;
    let seen = options.seen.clone().filter(|seen| kept.is_some_and(|kept| seen.is_of(kept)));
    let mut following = Following::new(served, options, kept.cloned(), seen, from, &mut followed);
    if !following.begin(&checkpoint)? {
        return Ok(followed);
    }
    for _ in 0..LOOKS_MAX {
        if !following.advance(&checkpoint, progress)? || !following.lacks_payloads() {
            break;
        }
        // Payloads go before the head that says why they are gone.
        let Some((newer_note, newer)) = head(served, options, following.followed)? else { break };
        if newer.size <= checkpoint.size {
            break;
        }
        (note, checkpoint) = (newer_note, newer);
    }
    let commits = following.end();
    judge_signers(commits.ring(), &note, &checkpoint, options, &mut followed);
    if !followed.has("checkpoint-signature") && !commits.is_note_of_last(&note) {
        let why = "a line below it, in the name of an author, is no signature of the seal at its size";
        followed.add("checkpoint-signature", None, CHECKPOINT, why);
    }
    followed.is_exchanged = commits.is_exchanged;
    followed.seen = commits.seen(&checkpoint).filter(|_| followed.wrong.is_empty());
    followed.head = Some(ProvenHead { checkpoint, note: Some(note) });
    Ok(followed)
}

/// Fetches the head, and checks that it is signed as is required.
fn head(
    served: &dyn Served,
    options: &FollowOptions,
    followed: &mut Followed,
) -> Result<Option<(SignedNote, Checkpoint)>, Error> {
    let Some(bytes) = served.get(CHECKPOINT, NOTE_LEN_MAX)? else {
        followed.add("missing", None, CHECKPOINT, "no ledger is published there");
        return Ok(None);
    };
    let note = String::from_utf8(bytes).ok().and_then(|text| SignedNote::parse(&text));
    let checkpoint = note.as_ref().and_then(|note| Checkpoint::parse(note.text()));
    let Some((note, checkpoint)) = note.zip(checkpoint) else {
        followed.add("checkpoint", None, CHECKPOINT, "it is no signed head");
        return Ok(None);
    };
    let head = ProvenHead { checkpoint: checkpoint.clone(), note: Some(note.clone()) };
    let signs = |key: &&PublicKey| *key.name() == *checkpoint.origin && note.is_signed_by(key);
    followed.signed_by = options.keys.iter().find(signs).cloned();
    if followed.signed_by.is_none() && !options.keys.is_empty() {
        let renamed = options.keys.iter().find_map(|key| head.signed_under_its_name(key));
        let why = renamed.map_or_else(String::new, |renamed| format!("; {renamed}"));
        followed.add("checkpoint-signature", None, CHECKPOINT, format!("no key that was given signed this head{why}"));
        followed.head = Some(head);
        return Ok(None);
    }
    followed.head = Some(head);
    match options.policy.as_ref().map(|policy| policy.judge(&note)?.reached()).transpose() {
        Ok(judged) => followed.signed_by = followed.signed_by.take().or(judged.and_then(|judged| judged.log).cloned()),
        Err(why) => {
            followed.add("checkpoint-policy", None, CHECKPOINT, format!("the policy does not accept this head: {why}"));
            return Ok(None);
        }
    }
    Ok(Some((note, checkpoint)))
}

/// Whether a head can have grown from the one that was kept, by what they say.
fn may_follow(kept: &Checkpoint, served: &Checkpoint, followed: &mut Followed) -> bool {
    let (code, why) = if kept.origin != served.origin {
        ("origin", format!("the head that was kept is of {}, and this one of {}", kept.origin, served.origin))
    } else if served.size < kept.size {
        ("shrunk", format!("it has {} events, and had {} before", served.size, kept.size))
    } else if served.size == kept.size && served.root != kept.root {
        (FORKED, format!("at {} events it had another root before", kept.size))
    } else {
        return true;
    };
    followed.add(code, None, CHECKPOINT, why);
    false
}

/// Finds who signed among the keys that the ledger itself names, if all of it was read.
fn judge_signers(
    ring: &Ring,
    note: &SignedNote,
    checkpoint: &Checkpoint,
    options: &FollowOptions,
    followed: &mut Followed,
) {
    if followed.before > 0 || !followed.wrong.is_empty() {
        return;
    }
    if *ring.origin() != *checkpoint.origin {
        let why = format!("the head is of {}, and the genesis names {}", checkpoint.origin, ring.origin());
        followed.add("origin", Some(1), CHECKPOINT, why);
        return;
    }
    // The commit that revokes a key may still be sealed by it.
    let may_sign = |key: &&crate::keys::Authorised| key.revoked_by().is_none_or(|by| by.0 == checkpoint.size);
    let names = ring
        .all()
        .filter(|key| !key.key.is_second())
        .filter(may_sign)
        .filter_map(|key| key.key.named(&checkpoint.origin));
    match names.into_iter().find(|key| note.is_signed_by(key)) {
        Some(key) if !options.names_signers() => followed.signed_by = Some(key),
        Some(_) => {}
        None => {
            let why = "no key that the ledger names, and has not revoked, signed this head";
            followed.add("checkpoint-signature", None, CHECKPOINT, why);
        }
    }
}
