//! What proofs are made of: roots over ranges of leaves, and events as they lie in the log, by reading all of it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use super::receipt::Shown;
use crate::chain::Hash;
use crate::ledger::Error;
use crate::log::{Frame, Log, Since};
use crate::tree::Edge;

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
