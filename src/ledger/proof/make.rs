//! Making proofs from a ledger.

use std::collections::BTreeSet;
use std::path::Path;

use super::gather::{Gathered, from_index, from_log};
use super::growth::Growth;
use super::head::ProvenHead;
use super::receipt::Receipt;
use crate::chain::Hash;
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::open::Ledger;
use crate::ledger::part::Scope;
use crate::ledger::witnessed::{CosignedHead, credible, with_cosignatures};
use crate::note::Checkpoint;
use crate::seq::Seq;
use crate::tree::{consistency_ranges, inclusion_ranges};

/// Makes a receipt: that the ledger holds these events at its newest head.
///
/// # Errors
/// `NotFound` if there is no such event; `Damaged` if the log does not lead to its own root; `Unsupported`, `Io`.
pub fn prove(dir: &Path, seqs: &[Seq]) -> Result<String, Error> {
    prove_at(dir, &newest(dir)?, seqs)
}

/// The same at the newest head that is kept with cosignatures, if one is kept at which the ledger had these events.
///
/// # Errors
/// As [`prove`].
pub fn prove_cosigned(dir: &Path, seqs: &[Seq]) -> Result<String, Error> {
    let ledger = Ledger::open_for(dir, Scope::Events(Seq(1), Seq(1)), false)?;
    let least = seqs.iter().map(|seq| seq.0).max().unwrap_or_default();
    let mut kept = credible(dir, ledger.head(), ledger.keys()).take_while(|kept| kept.checkpoint.size >= least);
    // What is kept beside the log may be of another history; then it does not lead anywhere.
    let cosigned = kept.next().map(|kept| ProvenHead { checkpoint: kept.checkpoint, note: Some(kept.note) });
    let proven = cosigned.and_then(|head| prove_at(dir, &head, seqs).ok());
    proven.map_or_else(|| prove_at(dir, &newest_of(dir, &ledger)?, seqs), Ok)
}

fn prove_at(dir: &Path, head: &ProvenHead, seqs: &[Seq]) -> Result<String, Error> {
    let seqs: BTreeSet<u64> = seqs.iter().map(|seq| seq.0).collect();
    let positions: Vec<u64> = seqs.iter().map(|seq| seq.wrapping_sub(1)).collect();
    let ranges = inclusion_ranges(head.checkpoint.size, &positions).ok_or_else(|| not_there(head))?;
    proven(
        || from_index(dir, &ranges, &seqs),
        || from_log(dir, head.checkpoint.size, &ranges, &seqs),
        |Gathered { hashes, events }| Receipt { events, hashes, head: head.clone() }.text(),
    )
}

/// Makes a proof that the ledger only grew from its first `old_size` events to its newest head.
///
/// # Errors
/// As [`prove`].
pub fn prove_growth(dir: &Path, old_size: u64) -> Result<String, Error> {
    growth(dir, old_size, &newest(dir)?)
}

/// The root that the ledger had with so many events, which leads to the one it has now.
///
/// # Errors
/// As [`prove`].
pub(in crate::ledger) fn root_at(dir: &Path, size: u64) -> Result<Hash, Error> {
    let text = prove_growth(dir, size)?;
    Growth::parse(&text).map(|growth| growth.old_root).ok_or_else(misled)
}

/// The consistency proof from `old_size` events to a head.
///
/// # Errors
/// As [`prove`].
pub(in crate::ledger) fn growth_hashes(dir: &Path, old_size: u64, head: &CosignedHead) -> Result<Vec<Hash>, Error> {
    let head = ProvenHead { checkpoint: head.checkpoint.clone(), note: Some(head.note.clone()) };
    let text = growth(dir, old_size, &head)?;
    Growth::parse(&text).map(|growth| growth.hashes).ok_or_else(misled)
}

fn growth(dir: &Path, old_size: u64, head: &ProvenHead) -> Result<String, Error> {
    let ranges = consistency_ranges(old_size, head.checkpoint.size).ok_or_else(|| not_there(head))?;
    // The earlier root comes last, by a reading of its own: its range overlaps the others.
    let first = 0..old_size;
    let old = std::slice::from_ref(&first);
    let none = BTreeSet::new();
    let both = |hashes: Gathered, old: Gathered| Gathered { hashes: [hashes.hashes, old.hashes].concat(), ..hashes };
    proven(
        || Some(both(from_index(dir, &ranges, &none)?, from_index(dir, old, &none)?)),
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

/// The newest sealed head, with its signatures, which are checked, and the cosignatures that are kept of it.
///
/// # Errors
/// As [`Ledger::open`].
pub(in crate::ledger) fn newest(dir: &Path) -> Result<ProvenHead, Error> {
    newest_of(dir, &Ledger::open_for(dir, Scope::Events(Seq(1), Seq(1)), false)?)
}

fn newest_of(dir: &Path, ledger: &Ledger) -> Result<ProvenHead, Error> {
    let head = ledger.head();
    let checkpoint = Checkpoint { origin: head.origin.as_str().into(), size: head.size, root: head.root };
    let note = ledger.signed_head()?.map(|note| with_cosignatures(dir, head.size, note));
    Ok(ProvenHead { checkpoint, note })
}

fn not_there(head: &ProvenHead) -> Error {
    let message = format!("the ledger has the events #1 to #{}, and no other", head.checkpoint.size);
    Error::new(ErrorKind::NotFound, message).with_hint("`annals log` lists them")
}

/// What is handed out is checked first. If the index misleads, the log is read.
fn proven(
    by_index: impl Fn() -> Option<Gathered>,
    by_log: impl Fn() -> Result<Gathered, Error>,
    text: impl Fn(Gathered) -> String,
) -> Result<String, Error> {
    if let Some(text) = by_index().map(&text).filter(|text| super::check_proof(text).is_ok()) {
        return Ok(text);
    }
    let text = text(by_log()?);
    match super::check_proof(&text) {
        Ok(_) => Ok(text),
        Err(why) => Err(misled().because(why)),
    }
}

fn misled() -> Error {
    Error::new(ErrorKind::Damaged, "the log is damaged: it does not lead to the root in its own seal")
}
