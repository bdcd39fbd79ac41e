//! Runs in the user's cache, so that not every question reads the whole log. A cache: it may be missing, locked, damaged or
//! removed at any time, and is then made anew from the log.
//!
//! A file's name says which events its run is about; of runs that begin with one event the longest counts, and what it covers
//! is removed. So nothing has to be changed together with anything else, and nothing has to be durable.

mod answers;
mod file;
#[cfg_attr(not(unix), path = "no_folder.rs")]
mod folder;
mod seen;
mod unused;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::run::Run;
use crate::chain::{Hash, Head, cache_name};
use crate::log::disk::DiskFile;
use crate::log::ledger_around;
use crate::seq::Seq;
use folder::{Folder, Place};

pub use file::UpTo;
#[cfg(test)]
pub(crate) use file::{Forged, forge};
pub use seen::Seen;
pub use unused::Unused;

/// The file that holds the newest head that was seen.
pub(super) const SEEN: &str = "seen";

/// Ends the name of a run.
const RUN_END: &str = ".run";
/// Ends the name of a run that is being written.
const TEMP_END: &str = ".tmp";

/// The cache of one ledger at one place: a folder that nobody else may write to. It is made when there is something to keep.
#[derive(Clone, Debug)]
pub struct Cache {
    place: Place,
    folder: OnceLock<Arc<Folder>>,
}

/// Runs that follow on each other from a ledger's first event on.
#[derive(Clone, Debug, Default)]
pub struct Runs(Vec<(Arc<Run>, UpTo)>);

/// What a cache holds of a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The first and the last event of each run, and the length of its file in bytes.
    pub runs: Vec<(Seq, Seq, u64)>,
    /// The head at the end of the last run.
    pub head: Option<Head>,
}

impl Runs {
    /// Up to where they go; `None` if there are none.
    #[must_use]
    pub fn up_to(&self) -> Option<&UpTo> {
        self.0.last().map(|(_, up_to)| up_to)
    }

    /// Leaves the last one out: the log does not go on behind it.
    pub fn leave_last_out(&mut self) {
        self.0.pop();
    }

    /// Where the last event stands in its segment.
    #[must_use]
    pub fn last_offset(&self) -> Option<u64> {
        self.0.last().and_then(|(run, _)| run.offset(run.last))
    }

    /// The first and the last event of each.
    #[must_use]
    pub fn events(&self) -> Vec<(Seq, Seq)> {
        self.0.iter().map(|(run, _)| (run.first, run.last)).collect()
    }

    pub(super) fn runs(&self) -> impl Iterator<Item = &Arc<Run>> {
        self.0.iter().map(|(run, _)| run)
    }
}

impl Cache {
    /// The cache of the ledger in `dir` below a root: one for each place, so that another ledger in the place of one that was seen
    /// shows.
    ///
    /// # Errors
    /// Why it is not used: somebody else could have put something into it, or it would be a part of a ledger's folder.
    pub fn find(root: &Path, dir: &Path) -> Result<Cache, Unused> {
        let place = Place::of(root)?;
        let real = place.path();
        if let Some(of) = ledger_around(&real) {
            return Err(Unused::inside(&real, &of));
        }
        let dir = dir.canonicalize().map_err(|error| Unused::unreadable(dir, &error))?;
        Cache::at(place.join(&cache_name(dir.as_os_str().as_encoded_bytes()).to_string()))
    }

    /// The cache in a folder.
    #[cfg(test)]
    pub(crate) fn in_folder(folder: &Path) -> Cache {
        Cache::at(Place::of(folder).unwrap()).unwrap()
    }

    fn at(place: Place) -> Result<Cache, Unused> {
        let folder = OnceLock::new();
        if let Some(there) = place.open()? {
            let path = place.path();
            let names = there.names().map_err(|error| Unused::unreadable(&path, &error))?;
            for name in names.iter().filter(|name| is_ours(name)) {
                there.len_of(name).map_err(|error| Unused::file(&path.join(name), &error))?;
            }
            let _ = folder.set(Arc::new(there));
        }
        Ok(Cache { place, folder })
    }

    /// The path of its folder, which may not be there yet.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.place.path()
    }

    /// The longest row of whole runs of a ledger from its first event on.
    #[must_use]
    pub fn runs(&self, ledger: Hash) -> Runs {
        let Some(folder) = self.folder.get() else { return Runs::default() };
        let mut files = files(folder);
        // Of those that begin with one event the longest comes first.
        files.sort_unstable_by_key(|(first, last, _)| (*first, std::cmp::Reverse(*last)));
        let mut runs: Vec<(Arc<Run>, UpTo)> = Vec::new();
        for (first, last, name) in files {
            let next = runs.last().map_or(Seq(1), |(run, _)| Seq(run.last.0 + 1));
            if first == next
                && let Ok(Some((run, up_to))) = folder.read(&name).and_then(file::read)
                && (run.first, run.last, up_to.ledger) == (first, last, ledger)
            {
                runs.push((Arc::new(run), up_to));
            }
        }
        Runs(runs)
    }

    /// What it holds of a ledger.
    #[must_use]
    pub fn kept(&self, ledger: Hash) -> Kept {
        let Some(folder) = self.folder.get() else { return Kept::default() };
        let runs = self.runs(ledger);
        let len = |run: &Run| folder.len_of(&run_name(run)).ok().flatten().unwrap_or(0);
        let told = runs.0.iter().map(|(run, _)| (run.first, run.last, len(run))).collect();
        Kept { runs: told, head: runs.up_to().map(|up_to| up_to.known.cursor.head) }
    }

    /// Keeps a run, and removes the files that it covers.
    ///
    /// # Errors
    /// What the system said; the cache is as it was then.
    pub(super) fn keep(&self, run: &Run, up_to: &UpTo) -> io::Result<()> {
        let name = run_name(run);
        let folder = self.put(&name, |file| file::write(run, up_to, file))?;
        let covered = |(first, last, _): &(Seq, Seq, String)| run.first <= *first && *last <= run.last;
        for (.., other) in files(folder).into_iter().filter(covered).filter(|(.., other)| *other != name) {
            // Somebody else may have removed it.
            let _ = folder.remove(&other);
        }
        Ok(())
    }

    /// Puts a file in the place of one of its name, when it is written whole.
    ///
    /// # Errors
    /// What the system said; the cache is as it was then.
    fn put(&self, name: &str, write: impl FnOnce(&dyn DiskFile) -> io::Result<()>) -> io::Result<&Folder> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let folder = self.made()?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let temp = format!("{name}-{}-{number}{TEMP_END}", std::process::id());
        let written = folder.create(&temp).and_then(|file| write(&*file));
        if let Err(error) = written.and_then(|()| folder.rename(&temp, name)) {
            // An unfinished file is in nobody's way.
            let _ = folder.remove(&temp);
            return Err(error);
        }
        Ok(folder)
    }

    /// The folder, if it is there.
    fn folder(&self) -> Option<&Folder> {
        self.folder.get().map(|folder| &**folder)
    }

    /// Removes all runs and kept answers, and says how many files of runs.
    ///
    /// # Errors
    /// What the system said; some of it may be removed then.
    pub fn clear(&self) -> io::Result<usize> {
        self.forget_answers();
        self.remove_files(|name| is_ours(name) && name != SEEN && name != answers::LOCK)
    }

    fn remove_files(&self, is_wanted: impl Fn(&str) -> bool) -> io::Result<usize> {
        let Some(folder) = self.folder.get() else { return Ok(0) };
        let mut removed = 0;
        for name in folder.names()?.iter().filter(|name| is_wanted(name)) {
            match folder.remove(name) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                done => done.map(|()| removed += 1)?,
            }
        }
        Ok(removed)
    }

    /// Removes all that annals made here, also what was seen of the ledger, and the folder; says how many files.
    ///
    /// # Errors
    /// As for [`clear`](Cache::clear).
    pub fn remove(self) -> io::Result<usize> {
        self.forget_answers();
        let removed = self.remove_files(is_ours)?;
        // What annals did not put there stays, and the folder with it.
        let _ = self.place.remove();
        Ok(removed)
    }

    /// The folder, made if it is not there.
    fn made(&self) -> io::Result<&Folder> {
        if self.folder.get().is_none() {
            self.place.make()?;
            let folder = self.place.open().map_err(io::Error::other)?.ok_or(io::ErrorKind::NotFound)?;
            let _ = self.folder.set(Arc::new(folder));
        }
        self.folder.get().map(|folder| &**folder).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn run_name(run: &Run) -> String {
    format!("{:012}-{:012}{RUN_END}", run.first.0, run.last.0)
}

/// The files of runs, with the first and the last event of each.
fn files(folder: &Folder) -> Vec<(Seq, Seq, String)> {
    let run = |name: String| {
        let (first, last) = events_of(&name)?;
        Some((first, last, name))
    };
    folder.names().unwrap_or_default().into_iter().filter_map(run).collect()
}

/// Whether annals gave this name: that of a run, or of what was seen; or of one of them that was being written.
fn is_ours(name: &str) -> bool {
    let temporary = name.strip_suffix(TEMP_END).and_then(|temp| temp.rsplit_once('-')?.0.rsplit_once('-'));
    let name = temporary.map_or(name, |(name, _)| name);
    name == SEEN || name == answers::LOCK || events_of(name).is_some()
}

/// The events of the run in a file of this name.
fn events_of(name: &str) -> Option<(Seq, Seq)> {
    let (first, last) = name.strip_suffix(RUN_END)?.split_once('-')?;
    let number = |text: &str| {
        let is_number = text.len() >= 12 && text.bytes().all(|digit| digit.is_ascii_digit());
        is_number.then(|| text.parse().ok().map(Seq)).flatten()
    };
    Some((number(first)?, number(last)?))
}
