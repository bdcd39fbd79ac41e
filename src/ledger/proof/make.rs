//! Making proofs from a ledger.

use std::collections::BTreeSet;
use std::path::Path;

use super::gather::{Gathered, from_log};
use super::growth::Growth;
use super::head::ProvenHead;
use super::quick::Quick;
use super::receipt::Receipt;
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::open::Ledger;
use crate::ledger::part::Scope;
use crate::note::Checkpoint;
use crate::seq::Seq;
use crate::tree::{consistency_ranges, inclusion_ranges};

/// Makes a receipt: that the ledger holds these events at its newest head.
///
/// # Errors
/// `NotFound` if there is no such event; `Damaged` if the log does not lead to its own root; `Unsupported`, `Io`.
pub fn prove(dir: &Path, seqs: &[Seq]) -> Result<String, Error> {
    let (mut quick, head) = opened(dir)?;
    let seqs: BTreeSet<u64> = seqs.iter().map(|seq| seq.0).collect();
    let positions: Vec<u64> = seqs.iter().map(|seq| seq.wrapping_sub(1)).collect();
    let ranges = inclusion_ranges(head.checkpoint.size, &positions).ok_or_else(|| not_there(&head))?;
    proven(
        || quick.as_mut()?.gather(&ranges, &seqs),
        || from_log(dir, head.checkpoint.size, &ranges, &seqs),
        |Gathered { hashes, events }| Receipt { events, hashes, head: head.clone() }.text(),
    )
}

/// Makes a proof that the ledger only grew from its first `old_size` events to its newest head.
///
/// # Errors
/// As [`prove`].
pub fn prove_growth(dir: &Path, old_size: u64) -> Result<String, Error> {
    let (mut quick, head) = opened(dir)?;
    let ranges = consistency_ranges(old_size, head.checkpoint.size).ok_or_else(|| not_there(&head))?;
    // The earlier root comes last, by a reading of its own: its range overlaps the others.
    let first = 0..old_size;
    let old = std::slice::from_ref(&first);
    let none = BTreeSet::new();
    let both = |hashes: Gathered, old: Gathered| Gathered { hashes: [hashes.hashes, old.hashes].concat(), ..hashes };
    proven(
        || {
            let quick = quick.as_mut()?;
            Some(both(quick.gather(&ranges, &none)?, quick.gather(old, &none)?))
        },
        || {
            let hashes = from_log(dir, head.checkpoint.size, &ranges, &none)?;
            Ok(both(hashes, from_log(dir, old_size, old, &none)?))
        },
        |Gathered { mut hashes, .. }| {
            let old_root = hashes.pop().unwrap_or_default();
            Growth { old_size, old_root, hashes, head: head.clone() }.text()
        },
    )
}

/// The newest sealed head, with its signatures, which are checked.
///
/// # Errors
/// As [`Ledger::open`].
pub(in crate::ledger) fn newest(dir: &Path) -> Result<ProvenHead, Error> {
    Ok(opened(dir)?.1)
}

/// The same, and what it was found by if that was quick.
fn opened(dir: &Path) -> Result<(Option<Quick>, ProvenHead), Error> {
    if let Some(quick) = Quick::open(dir) {
        let head = quick.head();
        return Ok((Some(quick), head));
    }
    let ledger = Ledger::open_for(dir, Scope::Events(Seq(1), Seq(1)), false)?;
    let head = ledger.head();
    let checkpoint = Checkpoint { origin: head.origin.as_str().into(), size: head.size, root: head.root };
    Ok((None, ProvenHead { checkpoint, note: ledger.signed_head()? }))
}

fn not_there(head: &ProvenHead) -> Error {
    let message = format!("the ledger has the events #1 to #{}, and no other", head.checkpoint.size);
    Error::new(ErrorKind::NotFound, message).with_hint("`annals log` lists them")
}

/// What is handed out is checked first. If the roots that are kept mislead, the log is read.
fn proven(
    quickly: impl FnOnce() -> Option<Gathered>,
    by_log: impl Fn() -> Result<Gathered, Error>,
    text: impl Fn(Gathered) -> String,
) -> Result<String, Error> {
    if let Some(text) = quickly().map(&text).filter(|text| super::check_proof(text).is_ok()) {
        return Ok(text);
    }
    let text = text(by_log()?);
    match super::check_proof(&text) {
        Ok(_) => Ok(text),
        Err(why) => {
            let message = "the log is damaged: it does not lead to the root in its own seal";
            Err(Error::new(ErrorKind::Damaged, message).because(why))
        }
    }
}
