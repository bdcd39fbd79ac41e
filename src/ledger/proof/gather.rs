//! What proofs are made of: roots over ranges of leaves, and events as they lie in the log. The index knows the roots of
//! small subtrees, so that little has to be read; without it the whole log is.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use super::receipt::Shown;
use crate::chain::Hash;
use crate::frame::Envelope;
use crate::index::Index;
use crate::index::SUBTREE_LEAVES;
use crate::ledger::error::Error;
use crate::ledger::part::open_index;
use crate::log::{Fetch, Frame, Log, Since};
use crate::seq::Seq;
use crate::tree::{Edge, leaf};

/// The roots over ranges of leaves, and events as they lie in the log, in order.
pub(super) struct Gathered {
    pub(super) hashes: Vec<Hash>,
    pub(super) events: Vec<Shown>,
}

/// Reads the first `size` events. The ranges do not overlap.
pub(super) fn from_log(
    dir: &Path,
    size: u64,
    ranges: &[Range<u64>],
    wanted: &BTreeSet<u64>,
) -> Result<Gathered, Error> {
    let mut events = Vec::with_capacity(wanted.len());
    let mut edges: Vec<(usize, &Range<u64>, Edge)> =
        ranges.iter().enumerate().map(|(place, range)| (place, range, Edge::new())).collect();
    edges.sort_unstable_by_key(|(_, range, _)| range.start);
    let mut waiting = edges.iter_mut().peekable();
    let mut scan = Log::open(dir)?.commits(Since::Start)?;
    'commits: while let Some(mut commit) = scan.next_commit()? {
        while let Some(frame) = commit.next_frame()? {
            let seq = frame.envelope.seq;
            if seq > size {
                break 'commits;
            }
            if wanted.contains(&seq) {
                events.push(shown(&frame));
            }
            while waiting.next_if(|(_, range, _)| range.end < seq).is_some() {}
            if let Some((_, range, edge)) = waiting.peek_mut()
                && range.contains(&(seq - 1))
            {
                edge.push(frame.leaf());
            }
        }
    }
    edges.sort_unstable_by_key(|(place, ..)| *place);
    Ok(Gathered { hashes: edges.iter().map(|(.., edge)| edge.root()).collect(), events })
}

fn shown(frame: &Frame<'_>) -> Shown {
    let body = frame.salt().zip(frame.payload()).map(|(salt, payload)| (*salt, payload.to_vec()));
    Shown { envelope: frame.envelope.to_bytes(), body }
}

/// The same by the index; none if that does not do, for whatever reason. What it gives has to be checked: an index can be
/// of another log.
pub(super) fn from_index(dir: &Path, ranges: &[Range<u64>], wanted: &BTreeSet<u64>) -> Option<Gathered> {
    let mut indexed = Leaves::open(dir).ok()??;
    let hashes = ranges.iter().map(|range| indexed.root(range.clone())).collect::<Option<_>>()?;
    let events = wanted.iter().map(|seq| indexed.event(Seq(*seq))).collect::<Option<_>>()?;
    Some(Gathered { hashes, events })
}

/// How many events behind the index are kept in memory at most.
const TAIL_MAX: usize = 1 << 14;

/// The leaves of a log, as far as they can be had without reading it all.
struct Leaves {
    index: Index,
    fetch: Fetch,
    /// How many events the index holds.
    size: u64,
    /// Those behind it.
    tail: Vec<Shown>,
}

impl Leaves {
    fn open(dir: &Path) -> Result<Option<Leaves>, Error> {
        let log = Log::open(dir)?;
        let index = open_index(dir, &log)?;
        let Some(up_to) = index.up_to() else { return Ok(None) };
        let size = up_to.known.cursor.head.size;
        let mut scan = log.commits_behind(Some(&up_to.known))?;
        let mut tail = Vec::new();
        while let Some(mut commit) = scan.next_commit()? {
            while let Some(frame) = commit.next_frame()? {
                if tail.len() == TAIL_MAX {
                    return Ok(None);
                }
                tail.push(shown(&frame));
            }
        }
        Ok(Some(Leaves { fetch: log.fetch()?, index, size, tail }))
    }

    fn event(&mut self, seq: Seq) -> Option<Shown> {
        if let Some(place) = seq.0.checked_sub(self.size + 1) {
            return self.tail.get(usize::try_from(place).ok()?).cloned();
        }
        let row = self.index.row(seq).ok()??;
        let fetched = self.fetch.event(seq.0, row.offset).ok()?;
        let envelope: Envelope = fetched.envelope;
        Some(Shown { envelope: envelope.to_bytes(), body: fetched.salt.zip(fetched.payload) })
    }

    /// The root over a range that begins where a whole subtree of its width would.
    fn root(&mut self, range: Range<u64>) -> Option<Hash> {
        let (from, until) = (range.start.div_ceil(SUBTREE_LEAVES), range.end.min(self.size) / SUBTREE_LEAVES);
        let mut edge = Edge::new();
        let mut next = range.start;
        if from < until && from * SUBTREE_LEAVES == range.start {
            for root in self.index.subtrees(from..until).ok()? {
                edge.push_subtree(root, SUBTREE_LEAVES.ilog2()).ok()?;
                next += SUBTREE_LEAVES;
            }
        }
        for position in next..range.end {
            edge.push(leaf(&self.event(Seq(position + 1))?.envelope));
        }
        Some(edge.root())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{ImportOptions, Ledger, Writer, rebuild};

    #[test]
    fn the_index_gives_what_the_log_does() {
        let dir = tempfile::tempdir().unwrap();
        Ledger::create(dir.path(), Some("example.org/siege"), 1).unwrap();
        let lines: Vec<String> = (0..700).map(|number| format!(r#"{{"type":"note","text":"{number}"}}"#)).collect();
        let writer = Writer::open(dir.path(), "ana", 2).unwrap();
        let options = ImportOptions { threads: 1, ..ImportOptions::default() };
        writer.import(lines.join("\n").as_bytes(), options, 2, |_| ()).unwrap();
        let (ranges, wanted) = ([0..256, 256..512, 512..513, 513..514, 640..702], BTreeSet::from([1, 300, 702]));
        assert!(from_index(dir.path(), &ranges, &wanted).is_none(), "there is none");
        rebuild(dir.path(), 1, |_| ()).unwrap();
        let by_index = from_index(dir.path(), &ranges, &wanted).unwrap();
        let by_log = from_log(dir.path(), 702, &ranges, &wanted).unwrap();
        assert_eq!((by_index.hashes, by_index.events), (by_log.hashes, by_log.events));
    }
}
