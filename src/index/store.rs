//! Where the runs lie. Those of few events are values in sled; several are made one until that has many, and is a file.
//!
//! A file's name says which events its run is about. One that covers others counts, and they are removed; so nothing has
//! to be changed together with anything else, and nothing is flushed: every piece of a run has a checksum.

use std::io::{self, ErrorKind, Write};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::files::{NewFile, events_of, files, open_files};
use super::key::Key;
use super::merge::{Merged, merge};
use super::newest::Newest;
use super::run::{Run, RunWriter, Source};
use super::unusable::Unusable;
use crate::log::disk::{Disk as _, SystemDisk, make_folders};

/// Runs of so many events are files.
const FILE_EVENTS: u64 = 1 << 12;

/// The runs of an index.
pub(super) struct Store {
    folder: PathBuf,
    /// In the order of their events, each beginning behind the one before it.
    runs: Vec<Run>,
    /// Of whoever may write.
    newest: Option<Newest>,
}

impl Store {
    /// Whether nothing else lies in the folder than what lies in one now. A link is of no form: what it leads to would stay
    /// when the index goes.
    pub(super) fn is_of_this_form(folder: &Path) -> bool {
        let ours = [files(folder), Newest::folder(folder)];
        !folder.is_symlink() && SystemDisk.list(folder).into_iter().flatten().all(|path| ours.contains(&path))
    }

    /// Opens what lies in files.
    pub(super) fn of_files(folder: &Path) -> Result<Store, Unusable> {
        const TRIES: u32 = 10;
        let mut tries = 0;
        loop {
            match open_files(folder) {
                // Just now several were made one.
                Err(error) if error.kind() == ErrorKind::NotFound && tries < TRIES => tries += 1,
                Err(error) => return Err(Unusable::broken(error)),
                Ok(files) => {
                    let runs = files.into_iter().map(|(events, source)| open_run(&events, source));
                    let runs = runs.collect::<Result<_, _>>()?;
                    return Ok(Store { folder: folder.to_owned(), runs, newest: None });
                }
            }
        }
    }

    /// Reads also what lies in sled, which is let go again. If another process has it, nothing was changed.
    pub(super) fn add_newest(&mut self) -> Result<(), Unusable> {
        // Whoever asks writes nothing.
        if Newest::folder(&self.folder).is_dir() {
            let open = || Newest::open(&self.folder);
            // With files, the log can be read from there on.
            let newest = if self.runs.is_empty() { patiently(open)? } else { open()? };
            self.take_newest(&newest)?;
        }
        Ok(())
    }

    /// Opens everything to write, making what is not there.
    pub(super) fn to_write(folder: &Path) -> Result<Store, Unusable> {
        make_folders(&SystemDisk, &files(folder)).map_err(Unusable::broken)?;
        // From here on no other process writes.
        let newest = patiently(|| Newest::open(folder))?;
        let mut store = Store::of_files(folder)?;
        let left = store.take_newest(&newest)?;
        newest.replace(&left, None)?;
        store.newest = Some(newest);
        store.remove_other_files().map_err(Unusable::broken)?;
        Ok(store)
    }

    /// Takes the runs of sled that follow on those of files, and says which do not.
    fn take_newest(&mut self, newest: &Newest) -> Result<Vec<u64>, Unusable> {
        let mut left = Vec::new();
        for (first, bytes) in newest.all()? {
            if first == self.size() + 1 {
                let run = Run::open(Source::Memory(bytes))?;
                if *run.events().start() != first || run.count() >= FILE_EVENTS || run.count() == 0 {
                    return Err(Unusable::broken("a run is about other events than its key says"));
                }
                self.runs.push(run);
            } else {
                left.push(first);
            }
        }
        Ok(left)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn is_writable(&self) -> bool {
        self.newest.is_some()
    }

    /// How many events the runs are about.
    pub(super) fn size(&self) -> u64 {
        self.runs.last().map_or(0, |run| *run.events().end())
    }

    /// Up to where they go, as it was given; nothing if there is none.
    pub(super) fn cursor(&self) -> Option<&[u8]> {
        self.runs.last().map(Run::cursor)
    }

    /// The value of a key, in the place of `value`; empty if there is none.
    pub(super) fn get(&self, key: Key, value: &mut Vec<u8>) -> Result<(), Unusable> {
        value.clear();
        if key.kind.adds_up() {
            return self.runs.iter().try_for_each(|run| run.get(key, value).map(drop));
        }
        for run in self.runs.iter().rev() {
            if run.get(key, value)? {
                break;
            }
        }
        Ok(())
    }

    /// Shows everything of one kind from a key on, in order, until `see` says that it is enough.
    pub(super) fn each(
        &self,
        from: Key,
        mut see: impl FnMut(Key, &[u8]) -> Result<bool, Unusable>,
    ) -> Result<(), Unusable> {
        let (mut all, mut value) = (Merged::new(&self.runs, from), Vec::new());
        while let Some(key) = all.next(&mut value)? {
            if key.kind != from.kind || !see(key, &value)? {
                break;
            }
        }
        Ok(())
    }

    /// Adds a run about the events that follow.
    pub(super) fn add(
        &mut self,
        count: u64,
        cursor: &[u8],
        fill: impl FnOnce(&mut RunWriter<'_>) -> io::Result<()>,
    ) -> Result<(), Unusable> {
        let events = self.size() + 1..=self.size() + count;
        let run = self.write(&events, cursor, |into| fill(into).map_err(Unusable::broken), &[])?;
        self.runs.push(run);
        Ok(())
    }

    /// Makes one of the last runs that together are not much smaller than the one before them.
    pub(super) fn settle(&mut self) -> Result<(), Unusable> {
        let (mut kept, mut count) = (self.runs.len(), 0);
        while let Some(before) = kept.checked_sub(1).and_then(|place| self.runs.get(place))
            && (count == 0 || 2 * count >= before.count())
        {
            count += before.count();
            kept -= 1;
        }
        // Whoever opens them reads all files first.
        let small = self.runs.iter().position(|run| !run.is_file());
        let file = self.runs.iter().rposition(Run::is_file);
        if let (Some(small), Some(file)) = (small, file)
            && small < file
        {
            kept = kept.min(small);
        }
        let (Some([first, _, ..]), Some(cursor)) = (self.runs.get(kept..), self.cursor()) else { return Ok(()) };
        let events = *first.events().start()..=self.size();
        let old = self.runs.get(kept..).unwrap_or_default();
        let run = self.write(&events, cursor, |into| merge(old, into), old)?;
        self.runs.truncate(kept);
        self.runs.push(run);
        self.remove_other_files().map_err(Unusable::broken)
    }

    /// Writes a run, and takes the small ones away that it takes the place of.
    fn write(
        &self,
        events: &RangeInclusive<u64>,
        cursor: &[u8],
        fill: impl FnOnce(&mut RunWriter<'_>) -> Result<(), Unusable>,
        instead_of: &[Run],
    ) -> Result<Run, Unusable> {
        let newest = self.newest.as_ref().ok_or_else(|| Unusable::broken("it was opened to read"))?;
        let whole = |into: &mut dyn Write| {
            let mut writer = RunWriter::new(into);
            fill(&mut writer)?;
            writer.end(events, cursor).map_err(Unusable::broken)
        };
        let others: Vec<u64> =
            instead_of.iter().filter(|run| !run.is_file()).map(|run| *run.events().start()).collect();
        if events.end() - events.start() + 1 < FILE_EVENTS {
            let mut bytes = Vec::new();
            whole(&mut bytes)?;
            newest.replace(&others, Some((*events.start(), &bytes)))?;
            return Run::open(Source::Memory(bytes.into()));
        }
        let mut new = NewFile::create(&self.folder, events).map_err(Unusable::broken)?;
        whole(&mut new)?;
        let run = Run::open(new.publish().map_err(Unusable::broken)?)?;
        newest.replace(&others, None)?;
        Ok(run)
    }

    /// Removes files of runs that others cover, or that were not written to the end.
    fn remove_other_files(&self) -> io::Result<()> {
        let is_used =
            |events: &RangeInclusive<u64>| self.runs.iter().any(|run| run.is_file() && run.events() == events);
        for path in SystemDisk.list(&files(&self.folder))? {
            if !events_of(&path).is_some_and(|events| is_used(&events)) {
                SystemDisk.remove(&path)?;
            }
        }
        Ok(())
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) -> Result<(), Unusable> {
        let small = self.runs.iter().filter(|run| !run.is_file()).map(|run| *run.events().start());
        let small: Vec<u64> = small.collect();
        if let Some(newest) = &self.newest {
            newest.replace(&small, None)?;
        }
        self.runs.clear();
        self.remove_other_files().map_err(Unusable::broken)
    }

    pub(super) fn flush(&self) -> Result<(), Unusable> {
        self.newest.as_ref().map_or(Ok(()), Newest::flush)
    }
}

/// Another process that asks has it for some milliseconds only, and sled may let go of it a little after it was closed.
fn patiently<T>(open: impl Fn() -> Result<T, Unusable>) -> Result<T, Unusable> {
    const TRIES: u32 = 40;
    for _ in 0..TRIES {
        match open() {
            Err(Unusable::Locked) => thread::sleep(Duration::from_millis(5)),
            opened => return opened,
        }
    }
    open()
}

fn open_run(events: &RangeInclusive<u64>, source: Source) -> Result<Run, Unusable> {
    let run = Run::open(source)?;
    if run.events() == events {
        Ok(run)
    } else {
        Err(Unusable::broken("a run is about other events than its name says"))
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("runs", &self.runs).finish_non_exhaustive()
    }
}
