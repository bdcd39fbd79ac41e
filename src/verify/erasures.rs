//! Which payloads are gone, and whether they were erased lawfully: a later erasure must name each.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::event::EventKind;
use crate::log::read::hashed::Hashed;
use crate::log::{Body, Code, Place};

/// What is gone and what is named. Grows with the count of erasures only.
#[derive(Debug, Default)]
pub(super) struct Erasures {
    /// Events without their payload: where, and whether wholly.
    gone: BTreeMap<u64, (Place, bool)>,
    /// Events that a later erasure names: number and place of the erasure.
    named: BTreeMap<u64, (u64, Place)>,
    /// Those that are gone and not named, named and not gone, or half gone, so far.
    open: BTreeSet<u64>,
    /// Events that cannot be erased: whoever names them names nothing.
    protected: BTreeSet<u64>,
    /// The first event that is read.
    first: u64,
}

impl Erasures {
    /// Of the events from this one on.
    pub(super) fn since(first: u64) -> Erasures {
        Erasures { first, ..Erasures::default() }
    }

    /// Takes in the frame that stands where event `due` should.
    pub(super) fn frame(&mut self, frame: &Hashed, due: u64) {
        let is_erasable = EventKind::of_number(frame.envelope.kind).is_none_or(EventKind::is_erasable);
        if !is_erasable && frame.envelope.seq == due {
            self.protected.insert(frame.envelope.seq);
        }
        if matches!(frame.body, Body::Erased | Body::HalfErased) {
            self.gone.insert(frame.envelope.seq, (frame.place, frame.body == Body::Erased));
            self.open.insert(frame.envelope.seq);
        }
    }

    /// Event `by`, at this place, in a commit that counts, erases `target`: an earlier event that can be erased.
    pub(super) fn named(&mut self, target: u64, by: u64, place: Place) {
        if target > 0 && target < by && !self.protected.contains(&target) {
            self.named.entry(target).or_insert((by, place));
            match self.gone.get(&target) {
                Some((_, true)) => drop(self.open.remove(&target)),
                _ if target >= self.first => drop(self.open.insert(target)),
                _ => {}
            }
        }
    }

    /// Whether what is gone of the first `size` events is what is named of them.
    pub(super) fn hold(&self, size: u64) -> bool {
        self.open.first().is_none_or(|open| *open > size)
    }

    /// Adds what is wrong with the erasures of the first `size` events, and counts those with which nothing is.
    pub(super) fn finish(self, size: u64, findings: &mut Vec<Finding>) -> u64 {
        let named = |seq: &u64| self.named.get(seq).is_some_and(|(by, _)| *by <= size);
        for finding in findings.iter_mut() {
            // Altered, but to be erased anyway: somebody was interrupted in the middle of the salt.
            if finding.code == Code::Payload && finding.seq.as_ref().is_some_and(named) {
                finding.code = Code::ErasureUnfinished;
            }
        }
        let mut lawful = 0;
        for (seq, (place, wholly)) in self.gone.iter().filter(|(seq, _)| **seq <= size) {
            let is_damaged = || findings.iter().any(|finding| finding.place() == *place);
            match (named(seq), wholly) {
                // Its number may be what was changed.
                (false, _) if is_damaged() => {}
                (true, true) => lawful += 1,
                (true, false) => findings.push(unfinished(*seq, *place)),
                (false, _) => {
                    let finding = Finding::new(Code::ErasedUnnamed, *place, "its payload, or an erasure", "neither");
                    findings.push(finding.of(*seq));
                }
            }
        }
        let is_read = |target: &u64, by: &u64| *target >= self.first && *by <= size;
        for (target, (by, place)) in self.named.iter().filter(|(target, (by, _))| is_read(target, by)) {
            let is_known = self.gone.contains_key(target) || findings.iter().any(|found| found.seq == Some(*target));
            if !is_known {
                findings.push(Finding {
                    found: format!("still there, though #{by} names it"),
                    ..unfinished(*target, *place)
                });
            }
        }
        lawful
    }
}

fn unfinished(seq: u64, place: Place) -> Finding {
    Finding::new(Code::ErasureUnfinished, place, "salt and payload of zeros", "other bytes").of(seq)
}
