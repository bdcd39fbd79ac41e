//! Bringing the index up to the log's end. Catching up after a crash and making it anew are one loop, from where the
//! index ends or from the start.

use std::fs;
use std::io::ErrorKind::NotFound;
use std::path::Path;

use super::erasures::erased_target;
use super::error::{Error, ErrorKind};
use super::register::id_of;
use super::replay::{Stored, stored_of};
use crate::codec;
use crate::event::Event;
use crate::index::{self, Draft, Entry, Index, Row, Seen, Unusable, UpTo};
use crate::log::disk::{Disk, SystemDisk};
use crate::log::{self, Erasures, Frame, Log, Scan};
use crate::seq::Seq;

/// How many events one batch holds: enough for few writes, and some tens of megabytes.
const BATCH_EVENTS: usize = 1 << 17;

/// How many events an index may lag behind: reading as many is a matter of milliseconds.
const LAG_EVENTS: u64 = 1024;

/// Whether a commit that made a ledger grow so far is the one behind which the index is brought up to date.
pub(super) fn is_due(size_before: u64, size: u64) -> bool {
    size_before / LAG_EVENTS != size / LAG_EVENTS
}

/// Makes a ledger's index anew from its log, and says how many events it holds. `progress` is told of how many so far.
///
/// # Errors
/// `InUse` if another process uses it; `Damaged` if the log is; `NotFound`, `Unsupported`, `Io`. The log is untouched.
pub fn rebuild(dir: &Path, mut progress: impl FnMut(u64)) -> Result<u64, Error> {
    let log = Log::open(dir)?;
    // While somebody else has it open it is not taken from under them.
    match Index::open(dir) {
        Err(Unusable::Locked) => return Err(Unusable::Locked.into()),
        other => drop(other),
    }
    let mut index = anew(dir)?;
    match build(&log, &mut index, &mut progress)? {
        Built::Whole => Ok(index.size()),
        Built::Overtaken => {
            drop(index);
            throw_away(dir)?;
            Err(overtaken())
        }
    }
}

/// Brings the index up to the log's end, making it if there is none or it is not of this log.
///
/// # Errors
/// As [`rebuild`].
pub(super) fn catch_up(dir: &Path) -> Result<(), Error> {
    let log = Log::open(dir)?;
    let mut index = match Index::open_or_make(&index::folder(dir)) {
        Err(Unusable::Broken(_)) => anew(dir)?,
        other => other?,
    };
    let mut is_second = false;
    loop {
        match build(&log, &mut index, &mut |_| {}) {
            Ok(Built::Whole) => return Ok(()),
            Ok(Built::Overtaken) | Err(Stopped::Log(log::Error::NotThere)) => {}
            Err(stopped) => return Err(stopped.into()),
        }
        drop(index);
        if is_second {
            throw_away(dir)?;
            return Err(overtaken());
        }
        is_second = true;
        index = anew(dir)?;
    }
}

/// Brings an open index up to the log's end.
///
/// # Errors
/// As [`rebuild`].
pub(super) fn catch_up_open(dir: &Path, index: &mut Index) -> Result<(), Error> {
    match build(&Log::open(dir)?, index, &mut |_| {})? {
        Built::Whole => Ok(()),
        Built::Overtaken => Err(overtaken()),
    }
}

/// Throws the index away, durably: for when what lies in it must not be there any more.
///
/// # Errors
/// `Io`.
pub(super) fn throw_away(dir: &Path) -> Result<(), Error> {
    let folder = index::folder(dir);
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() == NotFound => Ok(()),
        removed => removed
            .and_then(|()| SystemDisk.sync_folder(dir))
            .map_err(|error| Error::io("remove the index", &folder, &error)),
    }
}

fn overtaken() -> Error {
    let message = "an event is just being erased, or was not erased to the end; there is no index now";
    Error::new(ErrorKind::InUse, message).with_hint("the next write ends an erasure that was interrupted")
}

fn anew(dir: &Path) -> Result<Index, Error> {
    throw_away(dir)?;
    Ok(Index::open_or_make(&index::folder(dir))?)
}

/// What building came to.
enum Built {
    /// The index goes up to the log's end.
    Whole,
    /// An event that the index holds is erased or to be erased: it has to be made anew, or not at all for now.
    Overtaken,
}

enum Stopped {
    Log(log::Error),
    Ledger(Error),
    Index(Unusable),
}

fn build(log: &Log, index: &mut Index, progress: &mut impl FnMut(u64)) -> Result<Built, Stopped> {
    let before = index.up_to().cloned();
    let mut scan = log.commits_behind(before.as_ref().map(|up_to| &up_to.known))?;
    if before.is_some_and(|up_to| up_to.ledger != scan.ledger()) {
        return Err(log::Error::NotThere.into());
    }
    let held = Seq(index.size());
    let mut erasures = Erasures::default();
    let mut draft = Draft::behind(index);
    while let Some(mut commit) = scan.next_commit()? {
        let commit_last = Seq(commit.seal().head.size);
        while let Some(frame) = commit.next_frame()? {
            let stored = stored_of(&frame).map_err(Stopped::Ledger)?;
            erasures.see(&frame, erased_target);
            if let Some(Event::PayloadErased { target, .. }) = &stored.recorded.event
                && *target <= held
            {
                return Ok(Built::Overtaken);
            }
            take(&mut draft, index, &frame, &stored, commit_last)?;
            if draft.len() == BATCH_EVENTS {
                draft.put_into(index, None)?;
                progress(index.size());
                draft = Draft::behind(index);
            }
        }
        if draft.len() > BATCH_EVENTS / 2 {
            draft.put_into(index, up_to(&scan))?;
            progress(index.size());
            draft = Draft::behind(index);
        }
    }
    if index.size() + draft.len() as u64 > held.0 {
        draft.put_into(index, up_to(&scan))?;
    }
    if erasures.is_any_unfinished() {
        return Ok(Built::Overtaken);
    }
    index.flush()?;
    Ok(Built::Whole)
}

fn up_to(scan: &Scan) -> Option<UpTo> {
    Some(UpTo { ledger: scan.ledger(), known: scan.known()? })
}

fn take(draft: &mut Draft, index: &Index, frame: &Frame<'_>, stored: &Stored, commit_last: Seq) -> Result<(), Stopped> {
    let recorded = &stored.recorded;
    let brief = frame.payload().map(|payload| codec::brief(stored.kind, payload)).transpose();
    let brief = brief.map_err(|error| Stopped::Index(Unusable::Broken(error.to_string())))?;
    let entry = Entry {
        seq: recorded.seq,
        commit_last,
        at_micros: recorded.at_micros,
        actor: recorded.actor,
        kind: stored.kind,
        brief,
    };
    let event = recorded.event.as_ref();
    let row = Row { kind: stored.kind, offset: frame.place.offset, about: stored.about };
    Ok(draft.take(index, &Seen { entry, event, id: event.and_then(id_of), row })?)
}

impl From<log::Error> for Stopped {
    fn from(error: log::Error) -> Stopped {
        Stopped::Log(error)
    }
}

impl From<Unusable> for Stopped {
    fn from(error: Unusable) -> Stopped {
        Stopped::Index(error)
    }
}

impl From<Stopped> for Error {
    fn from(stopped: Stopped) -> Error {
        match stopped {
            Stopped::Log(error) => error.into(),
            Stopped::Ledger(error) => error,
            Stopped::Index(error) => error.into(),
        }
    }
}

impl From<Unusable> for Error {
    fn from(unusable: Unusable) -> Error {
        let kind = match unusable {
            Unusable::Missing => ErrorKind::NotFound,
            Unusable::Locked => ErrorKind::InUse,
            Unusable::Broken(_) => ErrorKind::Io,
        };
        Error::new(kind, unusable.to_string()).with_hint("the log is whole without it; `annals rebuild` makes it anew")
    }
}
