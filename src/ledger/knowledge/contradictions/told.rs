//! Claims of single-valued attributes, packed: there may be millions of them, and nearly none is looked at again.

use crate::claim::{Claim, ClaimFact};
use crate::codec;
use crate::date::{Day, Window};
use crate::event::{Event, EventKind};
use crate::seq::Seq;

/// Subject, attribute and origin: who is to contradict themselves.
pub(super) type Key = (Seq, Seq, Seq);

/// A time behind all that was said.
pub(super) const LATE_MICROS: i64 = i64::MAX;

/// What tells whether a claim can contradict another one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) key: Key,
    /// The days between which it says something for certain.
    pub(super) days: Window,
    pub(super) claim: Seq,
    /// What tells its value and polarity from others.
    pub(super) value: u64,
}

/// Claims in the order of their events.
#[derive(Debug, Default)]
pub(super) struct Tolds {
    all: Vec<Told>,
    /// What the fold needs of each, encoded, and where that ends.
    encoded: Vec<u8>,
    ends: Vec<usize>,
}

impl Tolds {
    /// All of them.
    pub(super) fn all(&self) -> &[Told] {
        &self.all
    }

    /// Adds a claim.
    pub(super) fn add(&mut self, told: Told, claim: &Claim) {
        codec::encode_statement(claim, &mut self.encoded);
        self.all.push(told);
        self.ends.push(self.encoded.len());
    }

    /// What the fold needs of the claim at a place, as if it had been recorded last of all, by nobody.
    pub(super) fn fact(&self, place: usize) -> Option<ClaimFact> {
        let end_of = |place: usize| self.ends.get(place).copied();
        let start = place.checked_sub(1).map_or(Some(0), end_of)?;
        let encoded = self.encoded.get(start..end_of(place)?)?;
        let entered = codec::decode(EventKind::ClaimAsserted, encoded).ok()?;
        let (Event::ClaimAsserted(claim), told) = (entered.event, self.all.get(place)?) else { return None };
        Some(ClaimFact::of(told.claim, Day::of_unix_micros(LATE_MICROS), Seq(0), &claim))
    }
}
