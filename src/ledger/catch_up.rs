//! Bringing the index up to the log's end. Catching up after a crash and making it anew are one loop, from where the
//! index ends or from the start.

use std::fs;
use std::io::{self, ErrorKind::NotFound};
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use super::error::{Error, ErrorKind};
use super::indexing::{Built, Sizes, Stopped, build};
use super::proof::keep_roots;
use super::salt::Salts;
use crate::index::{self, Index, Unusable};
use crate::log::disk::{Disk, SystemDisk};
use crate::log::{self, Log};

/// How many events an index may lag behind: reading as many is a matter of milliseconds.
const LAG_EVENTS: u64 = 1024;

/// Whether a commit that made a ledger grow so far is the one behind which the index is brought up to date.
pub(super) fn is_due(size_before: u64, size: u64) -> bool {
    size_before / LAG_EVENTS != size / LAG_EVENTS
}

/// Makes a ledger's index anew from its log, on so many threads, and says how many events it holds. `progress` is told of how many so far.
///
/// # Errors
/// `InUse` if another process uses it; `Damaged` if the log is; `NotFound`, `Unsupported`, `Io`. The log is untouched.
pub fn rebuild(dir: &Path, threads: usize, mut progress: impl FnMut(u64)) -> Result<u64, Error> {
    let log = Log::open(dir)?;
    // While somebody else has it open it is not taken from under them.
    match Index::open_or_make(&index::folder(dir)) {
        Err(Unusable::Locked) => return Err(Unusable::Locked.into()),
        other => drop(other),
    }
    move_aside(dir)?;
    // Taking apart what is large takes a while.
    let (built, index) = thread::scope(|scope| {
        let removing = scope.spawn(|| remove_aside(dir));
        let mut index = Index::open_or_make(&index::folder(dir))?;
        let built = bring_up(dir, &log, &mut index, threads, &mut progress);
        removing.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        Ok::<_, Error>((built?, index))
    })?;
    match built {
        Built::Whole => {
            index.flush()?;
            Ok(index.size())
        }
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
pub(super) fn catch_up(dir: &Path, threads: usize) -> Result<(), Error> {
    let log = Log::open(dir)?;
    let mut index = open_or_anew(dir)?;
    let mut is_second = false;
    loop {
        match bring_up(dir, &log, &mut index, threads, &mut |_| {}) {
            Ok(Built::Whole) => return Ok(index.flush()?),
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
pub(super) fn catch_up_open(dir: &Path, index: &mut Index, threads: usize) -> Result<(), Error> {
    if !index.is_writable() {
        *index = Index::open_or_make(&index::folder(dir))?;
    }
    match bring_up(dir, &Log::open(dir)?, index, threads, &mut |_| {})? {
        Built::Whole => Ok(()),
        Built::Overtaken => Err(overtaken()),
    }
}

/// Brings an index up to a log's end, and the roots that are kept beside the log with it.
fn bring_up(
    dir: &Path,
    log: &Log,
    index: &mut Index,
    threads: usize,
    progress: &mut impl FnMut(u64),
) -> Result<Built, Stopped> {
    let built = build(log, index, None, threads, Sizes::default(), progress)?;
    if let Built::Whole = built {
        keep_roots(dir, index);
    }
    Ok(built)
}

/// Throws the index away, durably: for when what lies in it must not be there any more.
///
/// # Errors
/// `Io`.
pub(super) fn throw_away(dir: &Path) -> Result<(), Error> {
    move_aside(dir)?;
    remove_aside(dir)
}

/// Gives the index another name, under which it can be taken apart: somebody may just be opening it.
fn move_aside(dir: &Path) -> Result<(), Error> {
    let folder = index::folder(dir);
    let mut aside = folder.clone().into_os_string();
    aside.push(format!("{ASIDE}{:016x}", u64::from_be_bytes(Salts::new().next()?)));
    match fs::rename(&folder, &aside) {
        Err(error) if error.kind() != NotFound => Err(Error::io("remove the index", &folder, &error)),
        _ => Ok(()),
    }
}

/// Removes what was moved aside, durably, also what somebody left who was killed meanwhile.
fn remove_aside(dir: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let is_aside = entry.file_name().to_str().is_some_and(|name| name.starts_with(&format!("index{ASIDE}")));
        if is_aside {
            remove(&entry.path()).map_err(|error| Error::io("remove the old index", &entry.path(), &error))?;
        }
    }
    SystemDisk.sync_folder(dir).map_err(|error| Error::io("make it durable that the index is gone from", dir, &error))
}

/// Removes whatever has a name, if anything has: a folder with all that is in it, of a link the link.
fn remove(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        other => other.and_then(|_| fs::remove_file(path)),
    };
    removed.or_else(|error| if error.kind() == NotFound { Ok(()) } else { Err(error) })
}

/// Stands behind the name of an index that is being removed.
const ASIDE: &str = "-old-";

fn overtaken() -> Error {
    let message = "an event is just being erased, or was not erased to the end; there is no index now";
    Error::new(ErrorKind::InUse, message).with_hint("the next write ends an erasure that was interrupted")
}

/// A ledger's index to be brought up to date; one that cannot be read is thrown away.
pub(super) fn open_or_anew(dir: &Path) -> Result<Index, Error> {
    match Index::open_or_make(&index::folder(dir)) {
        Err(Unusable::Broken(_)) => anew(dir),
        opened => Ok(opened?),
    }
}

fn anew(dir: &Path) -> Result<Index, Error> {
    throw_away(dir)?;
    Ok(Index::open_or_make(&index::folder(dir))?)
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
