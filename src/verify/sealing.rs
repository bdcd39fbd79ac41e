//! Who sealed what: seals are judged in order by the keys that were valid then; the signatures themselves, which take
//! long, are checked by whichever thread is free.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Finding;
use crate::event::{Event, EventKind};
use crate::frame::{self, Seal};
use crate::keys::{Check, Kinds, Ring, Wrong, check};
use crate::log::joints::Hashed;
use crate::log::{Body, Code, Place, SECTOR_LEN};
use crate::seq::Seq;

/// How many signatures a thread takes at a time.
const CHECKED_AT_ONCE: usize = 32;

/// A signature to be checked, and where its seal stands.
#[derive(Debug)]
pub(super) struct Due {
    place: Place,
    size: u64,
    check: Check,
}

/// What came of checks.
#[derive(Debug)]
pub(super) struct Checked {
    due: Due,
    holds: bool,
}

impl Due {
    pub(super) fn check(self) -> Checked {
        Checked { holds: self.check.holds(), due: self }
    }
}

/// Who sealed what of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// Its keys, and the name it publishes under.
    pub ring: Ring,
    /// How many seals each key signed, by the event that authorised it.
    pub by_key: BTreeMap<Seq, u64>,
    /// How many seals carry no signature of a key.
    pub unsigned: u64,
}

/// The seals so far.
#[derive(Debug, Default)]
pub(super) struct Sealing {
    pub(super) sealed: Sealed,
    kinds: Kinds,
    due: VecDeque<Due>,
    /// Where the seals stand whose signatures are still to be checked: place, and the key's event.
    open: BTreeSet<(Place, Seq)>,
}

impl Sealing {
    /// Takes in an event of the commit that is open; an event about keys that is gone is damage.
    pub(super) fn frame(&mut self, frame: &Hashed) -> Option<Finding> {
        let (kind, seq) = (frame.envelope.kind, frame.envelope.seq);
        self.kinds.add(kind);
        let kind = EventKind::of_number(kind)?;
        if !matches!(kind, EventKind::KeyAuthorised | EventKind::KeyRevoked) || frame.body == Body::Whole {
            return None;
        }
        self.sealed.ring.note(Seq(seq), kind, None);
        let is_erased = matches!(frame.body, Body::Erased | Body::HalfErased);
        is_erased.then(|| Finding::new(Code::KeyErased, frame.place, "a payload", "zeros").of(seq))
    }

    /// What the last frame says of the ledger's name or keys.
    pub(super) fn event(&mut self, seq: u64, event: &Event) {
        self.sealed.ring.note(Seq(seq), event.kind(), Some(event));
    }

    /// Judges a seal. If events may have been lost before it, they may have been about keys.
    pub(super) fn seal(&mut self, place: Place, seal: &Seal, is_whole: bool) -> Vec<Finding> {
        let size = seal.head.size;
        self.sealed.ring.close(size);
        let (checks, mut wrong) = check(&self.sealed.ring, seal, std::mem::take(&mut self.kinds));
        if !is_whole || self.sealed.ring.unreadable().is_some() {
            wrong.retain(|wrong| !matches!(wrong, Wrong::NoKey(_) | Wrong::NotValid(..)));
        }
        self.sealed.unsigned += u64::from(checks.iter().all(Check::is_second));
        for check in checks {
            self.open.insert((place, check.by));
            self.due.push_back(Due { place, size, check });
        }
        wrong.iter().map(|wrong| finding(place, size, wrong)).collect()
    }

    /// Signatures to be checked now; none if all have been given out.
    pub(super) fn take_due(&mut self) -> Vec<Due> {
        let count = self.due.len().min(CHECKED_AT_ONCE);
        self.due.drain(..count).collect()
    }

    /// Takes in what came of a check.
    pub(super) fn checked(&mut self, Checked { due, holds }: Checked) -> Option<Finding> {
        self.open.remove(&(due.place, due.check.by));
        if holds {
            *self.sealed.by_key.entry(due.check.by).or_default() += 1;
            return None;
        }
        Some(finding(due.place, due.size, &due.check.wrong()))
    }

    /// Whether all signatures up to a place have been checked.
    pub(super) fn hold(&self, end: Place) -> bool {
        self.open.first().is_none_or(|(place, _)| *place >= end)
    }
}

fn finding(place: Place, size: u64, wrong: &Wrong) -> Finding {
    let (code, expected) = match wrong {
        Wrong::NotAllowed(..) => (Code::SealRole, "a key that may"),
        _ => (Code::SealSignature, "a valid signature"),
    };
    Finding::new(code, place, expected, wrong).of(size)
}

/// Whether from the first sector's end in a signed seal there are only zeros, and more than one: if it ends the log, the
/// rest of it never reached the disk.
pub(super) fn is_cut(place: Place, end: u64, seal: &Seal) -> bool {
    let ends_in_zero = seal.signatures.last().is_some_and(|last| last.bytes.last().is_none_or(|byte| *byte == 0));
    let Ok(lost_from) = usize::try_from((place.offset + 1).next_multiple_of(SECTOR_LEN) - place.offset) else {
        return false;
    };
    let mut bytes = Vec::new();
    if !ends_in_zero || frame::join_seal(seal, &mut bytes).is_err() || bytes.len() as u64 != end - place.offset {
        return false;
    }
    let lost = bytes.get(lost_from..).unwrap_or_default();
    lost.len() > 1 && lost.iter().all(|byte| *byte == 0)
}
