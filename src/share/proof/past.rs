//! The heads that a ledger once had: a seal ends at each.

use std::path::Path;

use crate::frame::Seal;
use crate::keys::Ring;
use crate::ledger::Head;
use crate::ledger::{Error, ErrorKind};
use crate::log::{Log, Scan, Since};
use crate::note::{Checkpoint, ProvenHead, Signed};
use crate::share::cosigned::with_cosignatures;

/// Begins to read at or before the commit that the event behind the first `count` stands in.
///
/// # Errors
/// As for reading the log.
pub(in crate::share) fn scan_behind(dir: &Path, count: u64) -> Result<Scan, Error> {
    let since = if count == 0 { Since::Start } else { Since::Seq(count + 1) };
    Ok(Log::open(dir)?.commits(since)?)
}

/// What ends at a size.
pub(in crate::share) enum Sealed {
    /// A seal.
    Here(Seal),
    /// None: the ledger grew at once from the first of these sizes to the second; 0 is before its beginning.
    Between(u64, u64),
    /// None: the ledger never had so many events.
    Beyond,
}

/// The seal that ends at a size.
///
/// # Errors
/// As for reading the log.
pub(in crate::share) fn sealed_at(dir: &Path, size: u64) -> Result<Sealed, Error> {
    let mut scan = scan_behind(dir, size.saturating_sub(1))?;
    while let Some(commit) = scan.next_commit()? {
        let seal = commit.seal();
        if seal.size == size {
            return Ok(Sealed::Here(seal.clone()));
        }
        if seal.size > size {
            return Ok(Sealed::Between(commit.first_seq().saturating_sub(1), seal.size));
        }
    }
    Ok(Sealed::Beyond)
}

/// The head that a ledger had with so many events, with its authors' signatures, which are checked, and the cosignatures
/// that are kept of it, which are not.
///
/// # Errors
/// `NotFound` if it had no such head; `Damaged` if a key in the seal did not make its signature; `Unsupported`, `Io`.
pub(super) fn head_at(dir: &Path, size: u64, now: &Head, ring: &Ring) -> Result<ProvenHead, Error> {
    let never = |hint: String| {
        let message = format!("the ledger never had a head of {size} events");
        Err(Error::new(ErrorKind::NotFound, message).with_hint(hint))
    };
    let seal = match sealed_at(dir, size)? {
        Sealed::Here(seal) => seal,
        Sealed::Between(0, after) => return never(format!("its first head is that of {after} events")),
        Sealed::Between(before, after) => {
            return never(format!("those before and after it are of {before} and {after} events: give one of these"));
        }
        Sealed::Beyond => return never(format!("its newest head is of {} events; `annals log` lists them", now.size)),
    };
    let mut head = Head { origin: now.origin.clone(), ..Head::default() };
    head.take(seal);
    let note = head.note(ring);
    if let Some(note) = &note
        && ring.head_keys().any(|key| note.signed_by(&key) == Signed::Wrongly)
    {
        let message =
            format!("the log is damaged: the seal at {size} events has a signature that its key did not make");
        return Err(Error::new(ErrorKind::Damaged, message));
    }
    let checkpoint = Checkpoint { origin: head.origin.as_str().into(), size, root: head.root };
    Ok(ProvenHead { checkpoint, note: note.map(|note| with_cosignatures(dir, size, note)) })
}
