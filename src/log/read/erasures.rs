//! Which payloads are gone, whether a later erasure names each, and what interrupted erasures have left to do.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::{Body, Frame};

/// What has been seen of erasures, going through the log from its start.
#[derive(Clone, Debug, Default)]
pub struct Erasures {
    /// Events whose payload is gone and that no erasure has named yet; and whether it is gone wholly.
    gone: BTreeMap<u64, bool>,
    /// Named by an erasure, and not gone wholly.
    unfinished: BTreeSet<u64>,
    /// Named in the last commit: what was done of them may not be durable.
    latest: BTreeSet<u64>,
    /// Events that cannot be erased: whoever names them names nothing.
    protected: BTreeSet<u64>,
}

impl Erasures {
    /// The event of this number cannot be erased.
    pub fn protect(&mut self, seq: u64) {
        self.protected.insert(seq);
    }

    /// Takes the next event in, of a commit that counts. `erased_target` says which event an event's payload erases, if it is an erasure.
    /// Gives that one if its payload is still there.
    pub fn see(&mut self, frame: &Frame<'_>, erased_target: impl Fn(u16, &[u8]) -> Option<u64>) -> Option<u64> {
        let target = frame.payload().and_then(|payload| erased_target(frame.envelope.kind, payload));
        self.note(frame.envelope.seq, frame.body(), target)
    }

    /// Takes in an event of which this is left, and which erases this one.
    pub(crate) fn note(&mut self, seq: u64, body: Body, target: Option<u64>) -> Option<u64> {
        match body {
            Body::Whole | Body::Altered(_) => {}
            body => drop(self.gone.insert(seq, body == Body::Erased)),
        }
        let target = target.filter(|target| *target < seq && !self.protected.contains(target))?;
        let is_there = self.gone.remove(&target) != Some(true);
        if is_there {
            self.unfinished.insert(target);
        }
        self.latest.insert(target);
        is_there.then_some(target)
    }

    /// A commit begins: what the commits before it name was erased, durably, before this one was written.
    pub fn begin_commit(&mut self) {
        self.latest.clear();
    }

    /// The events whose payloads are gone without an erasure that names them.
    pub fn unnamed(&self) -> impl Iterator<Item = u64> {
        self.gone.keys().copied()
    }

    /// Whether the payload of an event that an erasure names was still there, wholly or in part.
    #[must_use]
    pub fn is_any_unfinished(&self) -> bool {
        !self.unfinished.is_empty()
    }

    /// The events that an erasure names and whose payloads were still there, wholly or in part.
    #[must_use]
    pub fn still_there(&self) -> &BTreeSet<u64> {
        &self.unfinished
    }

    /// The events that the next writer has to erase, maybe again.
    #[must_use]
    pub fn left(&self) -> Vec<u64> {
        self.unfinished.union(&self.latest).copied().collect()
    }
}
