//! Making proofs from a ledger.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use super::growth::Growth;
use super::head::ProvenHead;
use super::receipt::{Receipt, Shown};
use crate::chain::Hash;
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::open::Ledger;
use crate::ledger::part::Scope;
use crate::log::{Frame, Log, Since};
use crate::note::Checkpoint;
use crate::seq::Seq;
use crate::tree::{Edge, consistency_ranges, inclusion_ranges};

/// Makes a receipt: that the ledger holds these events at its newest head.
///
/// # Errors
/// `NotFound` if there is no such event; `Damaged` if the log does not lead to its own root; `Unsupported`, `Io`.
pub fn prove(dir: &Path, seqs: &[Seq]) -> Result<String, Error> {
    let head = newest(dir)?;
    let seqs: BTreeSet<u64> = seqs.iter().map(|seq| seq.0).collect();
    let positions: Vec<u64> = seqs.iter().map(|seq| seq.wrapping_sub(1)).collect();
    let ranges = inclusion_ranges(head.checkpoint.size, &positions).ok_or_else(|| not_there(&head))?;
    let Gathered { hashes, events } = gather(dir, head.checkpoint.size, ranges, &seqs)?;
    held(Receipt { events, hashes, head }.text())
}

/// Makes a proof that the ledger only grew from its first `old_size` events to its newest head.
///
/// # Errors
/// As [`prove`].
pub fn prove_growth(dir: &Path, old_size: u64) -> Result<String, Error> {
    let head = newest(dir)?;
    let ranges = consistency_ranges(old_size, head.checkpoint.size).ok_or_else(|| not_there(&head))?;
    let hashes = gather(dir, head.checkpoint.size, ranges, &BTreeSet::new())?.hashes;
    let old = gather(dir, old_size, std::iter::once(0..old_size).collect(), &BTreeSet::new())?;
    let old_root = old.hashes.first().copied().unwrap_or_default();
    held(Growth { old_size, old_root, hashes, head }.text())
}

fn newest(dir: &Path) -> Result<ProvenHead, Error> {
    let ledger = Ledger::open_for(dir, Scope::Events(Seq(1), Seq(1)), false)?;
    let head = ledger.head();
    let checkpoint = Checkpoint { origin: head.origin.as_str().into(), size: head.size, root: head.root };
    Ok(ProvenHead { checkpoint, note: ledger.signed_head()? })
}

fn not_there(head: &ProvenHead) -> Error {
    let message = format!("the ledger has the events #1 to #{}, and no other", head.checkpoint.size);
    Error::new(ErrorKind::NotFound, message).with_hint("`annals log` lists them")
}

/// What is handed out is checked first.
fn held(text: String) -> Result<String, Error> {
    match super::check_proof(&text) {
        Ok(_) => Ok(text),
        Err(why) => {
            let message = "the log is damaged: it does not lead to the root in its own seal";
            Err(Error::new(ErrorKind::Damaged, message).because(why))
        }
    }
}

/// The roots over ranges of leaves, and events as they lie in the log.
struct Gathered {
    hashes: Vec<Hash>,
    events: Vec<Shown>,
}

/// Reads the first `size` events. The ranges do not overlap.
fn gather(dir: &Path, size: u64, ranges: Vec<Range<u64>>, wanted: &BTreeSet<u64>) -> Result<Gathered, Error> {
    let mut events = Vec::with_capacity(wanted.len());
    let mut edges: Vec<(usize, Range<u64>, Edge)> =
        ranges.into_iter().enumerate().map(|(place, range)| (place, range, Edge::new())).collect();
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
