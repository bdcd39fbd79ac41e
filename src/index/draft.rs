//! Events on their way into the index, gathered in memory in the order of the log. Threads make batches of them; what the
//! index holds already is asked for only when all are put in.

use super::batch::{Batch, Belongs, Kept};
use super::entry::Entry;
use super::rows::Row;
use super::subtrees::Node;
use crate::seq::Seq;

/// Where in a draft an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    batch: u32,
    place: u32,
}

/// An event in a draft.
#[derive(Clone, Copy, Debug)]
pub(super) struct InDraft<'d> {
    pub(super) at: At,
    pub(super) seq: Seq,
    pub(super) kept: &'d Kept,
    pub(super) belongs: &'d Belongs,
}

/// Events in the order of the log, for one run.
#[derive(Debug)]
pub struct Draft {
    pub(super) first: Seq,
    /// With how many events are in those before each.
    batches: Vec<(u64, Batch)>,
    count: u64,
    /// The last events of commits, in their order.
    commits: Vec<Seq>,
    begins_at: u64,
}

impl Draft {
    /// A draft for the events from this one on.
    #[must_use]
    pub fn from(first: Seq) -> Draft {
        Draft { first, batches: Vec::new(), count: 0, commits: Vec::new(), begins_at: 0 }
    }

    /// How many events it holds.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Takes in the next events.
    pub fn push(&mut self, mut batch: Batch) {
        batch.join_leaves();
        let count = batch.len() as u64;
        self.batches.push((self.count, batch));
        self.count += count;
    }

    /// Says that a commit ends with this event, which may not be here yet.
    pub fn note_commit(&mut self, last: Seq) {
        if self.commits.last() != Some(&last) {
            self.commits.push(last);
        }
    }

    /// Says where in its segment, in bytes, that begins from which on places are counted.
    pub fn begins_at(&mut self, offset: u64) {
        self.begins_at = offset;
    }

    /// Every event.
    pub(super) fn events(&self) -> impl Iterator<Item = InDraft<'_>> {
        (0..).zip(&self.batches).flat_map(move |(number, (before, batch))| {
            let first = self.first.0 + before;
            (0..).zip(batch.events()).map(move |(place, (kept, belongs))| {
                let (at, seq) = (At { batch: number, place }, Seq(first + u64::from(place)));
                InDraft { at, seq, kept, belongs }
            })
        })
    }

    /// The tree over the events.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.batches.iter().flat_map(|(_, batch)| &batch.nodes)
    }

    /// What the index keeps of an event, and what the fold needs of it.
    pub(super) fn kept(&self, at: At) -> Option<(Entry<'_>, &[u8])> {
        let (before, batch) = self.batches.get(usize::try_from(at.batch).ok()?)?;
        let (kept, brief, facts) = batch.kept(usize::try_from(at.place).ok()?)?;
        let seq = Seq(self.first.0 + before + u64::from(at.place));
        let commit = self.commits.partition_point(|last| *last < seq);
        let entry = Entry {
            seq,
            commit_last: *self.commits.get(commit)?,
            at_micros: kept.at_micros,
            actor: kept.actor,
            offset: self.begins_at + kept.offset,
            kind: kept.kind,
            brief: (!kept.is_erased).then(|| brief.into()),
        };
        Some((entry, facts))
    }

    /// The row of an event that is here.
    pub(super) fn row(&self, seq: Seq) -> Option<Row> {
        let before = seq.0.checked_sub(self.first.0)?;
        let batch = self.batches.partition_point(|(first, _)| *first <= before).checked_sub(1)?;
        let (first, batch) = self.batches.get(batch)?;
        let kept = batch.events.get(usize::try_from(before - first).ok()?)?;
        Some(self.moved(kept.row()))
    }

    /// A row with its place in its segment.
    pub(super) fn moved(&self, row: Row) -> Row {
        Row { offset: self.begins_at + row.offset, ..row }
    }
}
