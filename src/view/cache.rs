//! Runs in the user's cache, so that not every question reads the whole log. A cache: it may be missing, locked, damaged or
//! removed at any time, and is then made anew from the log.
//!
//! A file's name says which events its run is about; of runs that begin with one event the longest counts, and what it covers
//! is removed. So nothing has to be changed together with anything else, and nothing has to be durable.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::file::{self, UpTo};
use super::run::Run;
use crate::chain::Hash;
use crate::log::disk::{Disk, SystemDisk};
use crate::seq::Seq;

/// Ends the name of a run.
const RUN_END: &str = ".run";
/// Ends the name of a run that is being written.
const TEMP_END: &str = ".tmp";

/// The cache of one ledger: a folder that nobody else may write to.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// Runs that follow on each other from a ledger's first event on.
#[derive(Clone, Debug, Default)]
pub struct Runs(Vec<(Arc<Run>, UpTo)>);

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
    /// The cache in a folder that is there, and that only this user may write to.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Cache {
        Cache { folder: folder.to_owned() }
    }

    /// The longest row of whole runs of a ledger from its first event on.
    #[must_use]
    pub fn runs(&self, ledger: Hash) -> Runs {
        let mut files = self.files();
        // Of those that begin with one event the longest comes first.
        files.sort_unstable_by_key(|(first, last, _)| (*first, std::cmp::Reverse(*last)));
        let mut runs: Vec<(Arc<Run>, UpTo)> = Vec::new();
        for (first, last, path) in files {
            let next = runs.last().map_or(Seq(1), |(run, _)| Seq(run.last.0 + 1));
            if first == next
                && let Ok(Some((run, up_to))) = file::read(&SystemDisk, &path)
                && (run.first, run.last, up_to.ledger) == (first, last, ledger)
            {
                runs.push((Arc::new(run), up_to));
            }
        }
        Runs(runs)
    }

    /// Keeps a run, and removes the files that it covers.
    ///
    /// # Errors
    /// What the system said; the cache is as it was then.
    pub(super) fn keep(&self, run: &Run, up_to: &UpTo) -> io::Result<()> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let name = format!("{:012}-{:012}", run.first.0, run.last.0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let temp = self.folder.join(format!("{name}-{}-{number}{TEMP_END}", std::process::id()));
        let path = self.folder.join(format!("{name}{RUN_END}"));
        let written = file::write(run, up_to, &SystemDisk, &temp).and_then(|()| SystemDisk.rename(&temp, &path));
        if let Err(error) = written {
            // An unfinished file is in nobody's way.
            let _ = SystemDisk.remove(&temp);
            return Err(error);
        }
        let covered = |(first, last, _): &(Seq, Seq, PathBuf)| run.first <= *first && *last <= run.last;
        for (.., other) in self.files().into_iter().filter(covered).filter(|(.., other)| *other != path) {
            // Somebody else may have removed it, or still read it where open files cannot be removed.
            let _ = SystemDisk.remove(&other);
        }
        Ok(())
    }

    /// Removes all that annals made here.
    ///
    /// # Errors
    /// What the system said; some of it may be removed then.
    pub fn clear(&self) -> io::Result<()> {
        for path in SystemDisk.list(&self.folder)? {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let is_ours = events_of(name).is_some() || name.ends_with(TEMP_END);
            if is_ours {
                SystemDisk.remove(&path)?;
            }
        }
        Ok(())
    }

    /// The files of runs, with the first and the last event of each.
    fn files(&self) -> Vec<(Seq, Seq, PathBuf)> {
        let all = SystemDisk.list(&self.folder).unwrap_or_default().into_iter();
        let run = |path: PathBuf| {
            let (first, last) = events_of(path.file_name()?.to_str()?)?;
            Some((first, last, path))
        };
        all.filter_map(run).collect()
    }
}

/// The events of the run in a file of this name.
fn events_of(name: &str) -> Option<(Seq, Seq)> {
    let (first, last) = name.strip_suffix(RUN_END)?.split_once('-')?;
    let number = |text: &str| (text.len() >= 12).then(|| text.parse().ok().map(Seq)).flatten();
    Some((number(first)?, number(last)?))
}
