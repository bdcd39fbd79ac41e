//! What an event is found by, as 64 bits. Two things may have the same bits: whoever looks for something reads the events that
//! are found, and compares.

use std::hash::{Hash, Hasher};

use crate::event::{Act, Event};
use crate::hash::lookup;
use crate::seq::Seq;

/// What an event is found by.
#[derive(Clone, Copy, Debug)]
pub enum Sought<'s> {
    /// What it says: see [`Bare`].
    Content(&'s Event),
    /// The link that it had where it was entered first; an erasure is found by that of what it erased.
    Link(&'s [u8; 32]),
    /// The first eight bytes of that link, which are the event's id for people.
    LinkStart(u64),
    /// Its own id, in a ledger; `None` is this one.
    Id(Option<Seq>, &'s str),
    /// That it takes back, corrects, rates, approves, returns or erases this event.
    ActOn(Seq),
    /// That it is the correction which brought this claim.
    Brings(Seq),
    /// That it adds this address, quote or captured copy to a claim.
    Reference(Seq, &'s str),
}

impl Sought<'_> {
    pub(in crate::view) fn hash(self) -> u64 {
        self.hash_in(&mut Vec::new())
    }

    /// Its bits, made in room that is used again.
    pub(in crate::view) fn hash_in(self, room: &mut Vec<u8>) -> u64 {
        match self {
            Sought::Content(event) => gathered(room, &(0_u8, event.kind().number(), Bare(event))),
            Sought::Link(link) => link.first_chunk().map_or(0, |start| u64::from_be_bytes(*start)),
            Sought::LinkStart(start) => start,
            Sought::Id(ledger, id) => gathered(room, &(1_u8, ledger.unwrap_or(Seq(0)), id)),
            Sought::ActOn(target) => gathered(room, &(2_u8, target)),
            Sought::Brings(claim) => gathered(room, &(3_u8, claim)),
            Sought::Reference(claim, part) => gathered(room, &(4_u8, claim, part)),
        }
    }

    /// What a program has to make of something for its hashes to be those in a file.
    pub(in crate::view) fn probe() -> u64 {
        Sought::Reference(Seq(7), "annals").hash()
    }
}

fn gathered(room: &mut Vec<u8>, of: &impl Hash) -> u64 {
    room.clear();
    of.hash(&mut Gathering(room));
    lookup(room)
}

/// Keeps what is hashed, byte for byte, the same on every machine.
struct Gathering<'r>(&'r mut Vec<u8>);

impl Hasher for Gathering<'_> {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn write_u16(&mut self, number: u16) {
        self.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_u128(&mut self, number: u128) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        0
    }
}

/// An event without its own id, and a correction without its new claim; of a claim only its statement, its whole chain and the
/// date of saying. Whatever has the same is a repetition of it, or of a correction may be.
#[derive(Clone, Copy, Debug)]
pub struct Bare<'e>(pub &'e Event);

impl Hash for Bare<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.0 {
            Event::ClaimAsserted(claim) => (&claim.statement, &claim.chain, &claim.reference.said_on).hash(state),
            Event::Corrected { act, .. }
            | Event::Disputed(act)
            | Event::Retracted(act)
            | Event::Approved(act)
            | Event::Returned(act) => bare(act).hash(state),
            Event::Assessed(given) => (bare(&given.act), &given.rating, &given.label, given.credibility).hash(state),
            Event::AttributeDefined(defined) => {
                (&defined.key, &defined.label, defined.value_type, defined.cardinality).hash(state);
                (&defined.complement, defined.is_fixed, defined.stale_after_days, &defined.unit).hash(state);
            }
            Event::EntityRegistered(entity) => (&entity.key, &entity.label, &entity.aliases).hash(state),
            Event::EntityAliased { entity, aliases, .. } => (entity, aliases).hash(state),
            Event::EntitiesJudged(judged) => {
                let [one, other] = judged.entities;
                (one.min(other), one.max(other), judged.verdict, &judged.reason).hash(state);
            }
            Event::SourceRegistered(source) => {
                (&source.key, source.kind, &source.label, source.reliability, source.is_private).hash(state);
            }
            Event::SourceRated(rated) => (rated.source, rated.reliability, &rated.on, &rated.reason).hash(state),
            Event::SourceLinked { source, to, how, .. } => (source, to, how).hash(state),
            Event::EvidenceAdded(copy) => {
                (&copy.digest, &copy.media_type, &copy.url, &copy.archive_url).hash(state);
                (&copy.captured_at, copy.len_bytes, copy.is_private).hash(state);
            }
            Event::Noted(noted) => (noted.about, &noted.text, noted.is_private).hash(state),
            Event::ReferenceAdded(added) => {
                (added.claim, &added.url, &added.quote, &added.evidence, &added.lang, &added.note).hash(state);
            }
            event => event.hash(state),
        }
    }
}

/// An act without its own id.
fn bare(act: &Act) -> impl Hash + '_ {
    (act.target, act.by, &act.said_on, &act.reason)
}
