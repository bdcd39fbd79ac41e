//! Reading a policy: lines of words, each of which may name only what stands before it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Group, Known, Member, POLICY_LEN_MAX, Policy, Quorum, Witness};
use crate::note::base64::of_base64;
use crate::note::key::{ED25519, PublicKey, is_key_name};

/// Most logs, witnesses and groups of a policy, each.
const COUNT_MAX: usize = 1024;
/// The quorum that needs no witness.
const NONE: &[u8] = b"none";

/// What has been read so far.
#[derive(Default)]
struct Reading<'t> {
    logs: Vec<Known>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    quorum: Option<Quorum>,
    named: BTreeMap<&'t [u8], Member>,
    /// Names that stand in a group.
    grouped: BTreeSet<&'t [u8]>,
    /// Bytes of keys.
    log_keys: BTreeSet<Vec<u8>>,
    witness_keys: BTreeSet<Vec<u8>>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Policy, String> {
    if bytes.len() > POLICY_LEN_MAX {
        return Err(format!("it is longer than {POLICY_LEN_MAX} bytes"));
    }
    let mut reading = Reading::default();
    let lines = bytes.strip_suffix(b"\n").ok_or("its last line has no end: the rest may be missing")?;
    for (place, line) in lines.split(|byte| *byte == b'\n').enumerate() {
        reading.line(line).map_err(|why| format!("line {}: {why}", place + 1))?;
    }
    reading.finish()
}

impl<'t> Reading<'t> {
    fn line(&mut self, line: &'t [u8]) -> Result<(), String> {
        if let Some(byte) = line.iter().find(|byte| byte.is_ascii_control() && **byte != b'\t') {
            return Err(format!("the byte {byte:#04x} may not stand in a policy"));
        }
        let words: Vec<&[u8]> =
            line.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with(b"#") => Ok(()),
            [b"log", vkey, url @ ..] => self.log(vkey, url),
            [b"witness", name, vkey, url @ ..] => self.witness(name, vkey, url),
            [b"group", name, least, members @ ..] => self.group(name, least, members),
            [b"quorum", name] => self.quorum(name),
            [word, ..] => {
                Err(format!("{} with {} words behind it is no line of a policy", shown(word), words.len() - 1))
            }
        }
    }

    fn log(&mut self, vkey: &[u8], url: &[&[u8]]) -> Result<(), String> {
        let (known, bytes) = known(vkey, url, |_| true)?;
        if !self.log_keys.insert(bytes) {
            return Err("this key of a log stands there already".to_owned());
        }
        self.logs.push(known);
        few(self.logs.len(), "logs")
    }

    fn witness(&mut self, name: &'t [u8], vkey: &[u8], url: &[&[u8]]) -> Result<(), String> {
        let (known, bytes) = known(vkey, url, |algorithm| algorithm != ED25519)?;
        if !self.witness_keys.insert(bytes) {
            return Err("another witness has this key: it would be counted twice".to_owned());
        }
        self.name(name, Member::Witness(self.witnesses.len()))?;
        self.witnesses.push(Witness { name: name.into(), known });
        few(self.witnesses.len(), "witnesses")
    }

    fn group(&mut self, name: &'t [u8], least: &[u8], members: &[&'t [u8]]) -> Result<(), String> {
        let mut places = Vec::with_capacity(members.len());
        for member in members {
            places.push(self.member(member)?);
            if !self.grouped.insert(member) {
                return Err(format!("{} stands in a group already: it would be counted twice", shown(member)));
            }
        }
        let least = match least {
            b"any" => Some(1),
            b"all" => Some(places.len()),
            number => number_of(number),
        };
        let Some(least) = least.filter(|least| (1..=places.len()).contains(least)) else {
            return Err(format!("a group of {} needs all, any, or a number from 1 to that", places.len()));
        };
        self.name(name, Member::Group(self.groups.len()))?;
        self.groups.push(Group { name: name.into(), least, members: places });
        few(self.groups.len(), "groups")
    }

    fn quorum(&mut self, name: &[u8]) -> Result<(), String> {
        if self.quorum.is_some() {
            return Err("a policy has one line `quorum`, and this is another".to_owned());
        }
        self.quorum = Some(if name == NONE { Quorum::Nobody } else { Quorum::Of(self.member(name)?) });
        Ok(())
    }

    fn name(&mut self, name: &'t [u8], member: Member) -> Result<(), String> {
        if name == NONE || self.named.insert(name, member).is_some() {
            return Err(format!("the name {} is taken", shown(name)));
        }
        Ok(())
    }

    fn member(&self, name: &[u8]) -> Result<Member, String> {
        let found = self.named.get(name).copied();
        found.ok_or_else(|| format!("no witness and no group before this line is called {}", shown(name)))
    }

    fn finish(self) -> Result<Policy, String> {
        let Reading { logs, witnesses, groups, quorum, .. } = self;
        if let Some(own) = self.witness_keys.intersection(&self.log_keys).next() {
            let is_own = |witness: &&Witness| witness.key().is_some_and(|key| key.bytes() == own.as_slice());
            let name = witnesses.iter().find(is_own).map_or_else(String::new, Witness::name);
            return Err(format!("the witness {name} has a log's own key: what it cosigns proves nothing"));
        }
        let quorum = quorum.ok_or("it has no line `quorum`, which says who must have cosigned")?;
        Ok(Policy { logs, witnesses, groups, quorum })
    }
}

/// A key in a policy, and its bytes.
fn known(vkey: &[u8], url: &[&[u8]], fits: impl Fn(u8) -> bool) -> Result<(Known, Vec<u8>), String> {
    let url = match url {
        [] => None,
        [url] => Some(std::str::from_utf8(url).map_err(|_| "the address is no UTF-8")?.into()),
        [_, more, ..] => return Err(format!("{} stands behind the address", shown(more))),
    };
    let no_key = || format!("{} is no key: write NAME+ID+KEY", shown(vkey));
    let text = std::str::from_utf8(vkey).map_err(|_| no_key())?;
    let mut parts = text.splitn(3, '+');
    let (name, _id, bytes) = (parts.next(), parts.next(), parts.next());
    let bytes = bytes.and_then(of_base64).filter(|_| name.is_some_and(is_key_name)).ok_or_else(no_key)?;
    let (algorithm, own) = bytes.split_first().ok_or_else(no_key)?;
    if !fits(*algorithm) {
        return Err(format!("{} has the type {algorithm}, which is none of a witness", shown(vkey)));
    }
    let key = PublicKey::parse(text);
    if key.is_none() && PublicKey::knows(*algorithm) {
        return Err(no_key());
    }
    Ok((Known { key, vkey: text.into(), url }, own.to_vec()))
}

/// A decimal number in its one spelling.
fn number_of(text: &[u8]) -> Option<usize> {
    let number: usize = std::str::from_utf8(text).ok()?.parse().ok()?;
    (number.to_string().as_bytes() == text).then_some(number)
}

fn few(count: usize, what: &str) -> Result<(), String> {
    if count <= COUNT_MAX { Ok(()) } else { Err(format!("it has more than {COUNT_MAX} {what}")) }
}

/// A stranger's word in a message: not too long.
fn shown(word: &[u8]) -> String {
    let text = String::from_utf8_lossy(word);
    let start: String = text.chars().take(60).collect();
    if start.len() < text.len() { format!("{start:?}…") } else { format!("{start:?}") }
}
