//! Making proofs from a ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use super::gather::{Gathered, from_log};
use super::growth::Growth;
use super::past::head_at;
use super::receipt::Receipt;
use crate::chain::Hash;
use crate::event::Event;
use crate::keys::Ring;
use crate::ledger::Head;
use crate::ledger::Ledger;
use crate::ledger::read::replay::{Step, replay};
use crate::ledger::{Error, ErrorKind};
use crate::note::{Checkpoint, ProvenHead, PublicKey};
use crate::seq::Seq;
use crate::share::cosigned::{CosignedHead, credible, with_cosignatures};
use crate::tree::{consistency_ranges, inclusion_ranges};

/// Makes a receipt: that the ledger holds these events at its newest head.
///
/// # Errors
/// `NotFound` if there is no such event; `Damaged` if the log does not lead to its own root; `Unsupported`, `Io`.
pub fn prove(dir: &Path, seqs: &[Seq]) -> Result<String, Error> {
    let opened = Opened::of(dir)?;
    prove_at(dir, &opened.newest(dir), seqs)
}

/// Makes a receipt at the newest head that is kept with cosignatures, if one is kept at which the ledger had these events.
///
/// # Errors
/// As [`prove`].
pub fn prove_cosigned(dir: &Path, seqs: &[Seq]) -> Result<String, Error> {
    let opened = Opened::of(dir)?;
    let least = seqs.iter().map(|seq| seq.0).max().unwrap_or_default();
    if let Some(head) = opened.cosigned(dir, least)
        && let Ok(text) = prove_at(dir, &head, seqs)
    {
        return Ok(text);
    }
    prove_at(dir, &opened.newest(dir), seqs)
}

fn prove_at(dir: &Path, head: &ProvenHead, seqs: &[Seq]) -> Result<String, Error> {
    let mut seqs: BTreeSet<u64> = seqs.iter().map(|seq| seq.0).collect();
    let erased = erasures_of(dir, &seqs, head.checkpoint.size)?;
    seqs.extend(erased.values());
    let positions: Vec<u64> = seqs.iter().map(|seq| seq.wrapping_sub(1)).collect();
    let ranges = inclusion_ranges(head.checkpoint.size, &positions).ok_or_else(|| not_there(head))?;
    let Gathered { hashes, mut events } = from_log(dir, head.checkpoint.size, &ranges, &seqs)?;
    // What was erased is not shown, whatever bytes stand there.
    for (_, event) in seqs.iter().zip(&mut events).filter(|(seq, _)| erased.contains_key(seq)) {
        event.body = None;
    }
    proven(Receipt { events, hashes, head: head.clone() }.text())
}

/// The events up to this size that erased any of these, by what they erased: they prove that it was erased.
fn erasures_of(dir: &Path, targets: &BTreeSet<u64>, size: u64) -> Result<BTreeMap<u64, u64>, Error> {
    let (mut erasable, mut erasures) = (BTreeSet::new(), BTreeMap::new());
    replay(dir, |step| {
        let Step::Event(stored) = step else { return ControlFlow::Continue(()) };
        if stored.recorded.seq.0 > size {
            return ControlFlow::Break(());
        }
        if targets.contains(&stored.recorded.seq.0) && stored.kind.is_erasable() {
            erasable.insert(stored.recorded.seq.0);
        }
        if let Some(Event::PayloadErased { target, .. }) = &stored.recorded.event
            && erasable.contains(&target.0)
        {
            erasures.entry(target.0).or_insert(stored.recorded.seq.0);
        }
        ControlFlow::Continue(())
    })?;
    Ok(erasures)
}

/// Makes a proof that the ledger only grew from its first `old_size` events to its newest head.
///
/// # Errors
/// As [`prove`].
pub fn prove_growth(dir: &Path, old_size: u64) -> Result<String, Error> {
    let opened = Opened::of(dir)?;
    growth(dir, old_size, &opened.newest(dir))
}

/// Makes a proof of growth to the newest head that is kept with cosignatures, if one is kept that is not before it.
///
/// # Errors
/// As [`prove`].
pub fn prove_growth_cosigned(dir: &Path, old_size: u64) -> Result<String, Error> {
    let opened = Opened::of(dir)?;
    if let Some(head) = opened.cosigned(dir, old_size)
        && let Ok(text) = growth(dir, old_size, &head)
    {
        return Ok(text);
    }
    growth(dir, old_size, &opened.newest(dir))
}

/// Makes a proof of growth to the head that the ledger had with its first `size` events.
///
/// # Errors
/// `NotFound` if no seal ends there; as [`prove`].
pub fn prove_growth_to(dir: &Path, old_size: u64, size: u64) -> Result<String, Error> {
    let opened = Opened::of(dir)?;
    let head = head_at(dir, size, opened.head(), opened.keys())?;
    growth(dir, old_size, &head)
}

/// The root that the ledger had with so many events, which leads to the one it has now.
///
/// # Errors
/// As [`prove`].
pub(in crate::share) fn root_at(dir: &Path, size: u64) -> Result<Hash, Error> {
    let text = prove_growth(dir, size)?;
    Growth::parse(&text).map(|growth| growth.old_root).ok_or_else(misled)
}

/// The consistency proof from `old_size` events to a head.
///
/// # Errors
/// As [`prove`].
pub(in crate::share) fn growth_hashes(dir: &Path, old_size: u64, head: &CosignedHead) -> Result<Vec<Hash>, Error> {
    let head = ProvenHead { checkpoint: head.checkpoint.clone(), note: Some(head.note.clone()) };
    let text = growth(dir, old_size, &head)?;
    Growth::parse(&text).map(|growth| growth.hashes).ok_or_else(misled)
}

fn growth(dir: &Path, old_size: u64, head: &ProvenHead) -> Result<String, Error> {
    if old_size == 0 {
        let message = "the ledger never had a head of 0 events: that it grew from nothing says nothing";
        return Err(Error::new(ErrorKind::NotFound, message).with_hint("name the size of a head that somebody kept"));
    }
    let ranges = consistency_ranges(old_size, head.checkpoint.size).ok_or_else(|| not_there(head))?;
    let none = BTreeSet::new();
    let Gathered { hashes, .. } = from_log(dir, head.checkpoint.size, &ranges, &none)?;
    // The earlier root is found by a reading of its own: its range overlaps the others.
    let first = 0..old_size;
    let old = from_log(dir, old_size, std::slice::from_ref(&first), &none)?;
    let old_root = old.hashes.first().copied().unwrap_or_default();
    proven(Growth { old_size, old_root, hashes, head: head.clone() }.text())
}

/// The newest sealed head, with its signatures, which are checked, and the cosignatures that are kept of it.
///
/// # Errors
/// As [`Ledger::open`].
pub(in crate::share) fn newest(dir: &Path) -> Result<ProvenHead, Error> {
    Ok(Opened::of(dir)?.newest(dir))
}

/// The newest sealed head, with the keys of all its authors, also of revoked ones, under the ledger's name. What is handed on to
/// strangers must be in order also where the ledger itself is read on.
///
/// # Errors
/// As [`newest`]; `Damaged` too if a key was authorised that was valid already.
pub(in crate::share) fn newest_and_keys(dir: &Path) -> Result<(ProvenHead, Vec<PublicKey>), Error> {
    let opened = Opened::of(dir)?;
    if let Some(seq) = opened.keys().twice().first() {
        let message =
            format!("{seq} authorises a key that is valid already: no annals wrote that; nothing was written");
        return Err(Error::new(ErrorKind::Damaged, message).with_hint("`annals verify` says more"));
    }
    let keys = opened.keys().head_keys().collect();
    Ok((opened.newest(dir), keys))
}

/// A ledger, opened to prove something of it.
struct Opened(Ledger);

impl Opened {
    fn of(dir: &Path) -> Result<Opened, Error> {
        Ok(Opened(Ledger::open(dir)?))
    }

    fn head(&self) -> &Head {
        self.0.head()
    }

    fn keys(&self) -> &Ring {
        self.0.keys()
    }

    /// The newest cosigned head of at least so many events. It may be of another history; then nothing leads to it.
    fn cosigned(&self, dir: &Path, least: u64) -> Option<ProvenHead> {
        let kept = credible(dir, self.head(), self.keys()).take_while(|kept| kept.checkpoint.size >= least).next();
        kept.map(|CosignedHead { checkpoint, note }| ProvenHead { checkpoint, note: Some(note) })
    }

    /// The newest head, with its signatures, which are checked, and the cosignatures that are kept of it, which are not.
    fn newest(&self, dir: &Path) -> ProvenHead {
        let Head { origin, size, root, .. } = self.head();
        let checkpoint = Checkpoint { origin: origin.as_str().into(), size: *size, root: *root };
        let note = self.head().note(self.keys()).map(|note| with_cosignatures(dir, *size, note));
        ProvenHead { checkpoint, note }
    }
}

fn not_there(head: &ProvenHead) -> Error {
    let message = format!("the ledger has the events #1 to #{}, and no other", head.checkpoint.size);
    Error::new(ErrorKind::NotFound, message).with_hint("`annals log` lists them")
}

/// What is handed out is checked first.
fn proven(text: String) -> Result<String, Error> {
    match super::check_proof(&text) {
        Ok(_) => Ok(text),
        Err(why) => Err(misled().because(why)),
    }
}

fn misled() -> Error {
    Error::new(ErrorKind::Damaged, "the log is damaged: it does not lead to the root in its own seal")
}
