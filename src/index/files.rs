//! The large runs: files that are named by the events they are about.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::run::Source;
use crate::log::disk::{Access, Disk as _, DiskFile, SystemDisk, make_folders};

/// The folder of the files in that of an index.
pub(super) fn files(folder: &Path) -> PathBuf {
    folder.join("runs")
}

/// Which events a file is about, by its name.
pub(super) fn events_of(path: &Path) -> Option<RangeInclusive<u64>> {
    let (first, last) = path.file_name()?.to_str()?.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last && last < u64::MAX).then_some(first..=last)
}

/// Opens the files of runs that follow on each other, of those that begin alike the longest.
pub(super) fn open_files(folder: &Path) -> io::Result<Vec<(RangeInclusive<u64>, Source)>> {
    let paths = match SystemDisk.list(&files(folder)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        paths => paths?,
    };
    let mut named = Vec::new();
    for path in paths {
        named.extend(events_of(&path).map(|events| (*events.start(), *events.end(), path)));
    }
    named.sort_unstable();
    let (mut next, mut files) = (1, Vec::new());
    while let Some((first, last, path)) = named.iter().rfind(|(first, ..)| *first == next) {
        files.push((*first..=*last, open_file(path)?));
        next = last + 1;
    }
    Ok(files)
}

fn open_file(path: &Path) -> io::Result<Source> {
    let file = SystemDisk.open(path, Access::Read)?;
    let len = file.len_bytes()?;
    Ok(Source::File(file, len))
}

/// A new file that has no name any more, on the disk of an index: it goes with the process.
pub(crate) fn nameless(folder: &Path) -> io::Result<Box<dyn DiskFile>> {
    let folder = files(folder);
    make_folders(&SystemDisk, &folder)?;
    // Whoever opens the index to write removes what is named like no run.
    let name = folder.join(format!("{:016x}.nameless", RandomState::new().hash_one(&folder)));
    let file = SystemDisk.open(&name, Access::CreateNew)?;
    match SystemDisk.remove(&name) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(file),
    }
}

/// The file of a run being written, under another name until it is whole.
pub(super) struct NewFile {
    into: BufWriter<Appending>,
    name: PathBuf,
    at_last: PathBuf,
}

impl NewFile {
    /// Begins the file of a run about these events.
    pub(super) fn create(folder: &Path, events: &RangeInclusive<u64>) -> io::Result<NewFile> {
        let at_last = files(folder).join(format!("{:012}-{:012}", events.start(), events.end()));
        let name = at_last.with_extension("new");
        let file = SystemDisk.open(&name, Access::Create)?;
        // Where nothing is to be cut off, some file systems do not begin to write to the disk when it is closed.
        if file.len_bytes()? > 0 {
            file.set_len(0)?;
        }
        Ok(NewFile { into: BufWriter::with_capacity(1 << 18, Appending(file, 0)), name, at_last })
    }

    /// Gives it its name, and opens it to read.
    pub(super) fn publish(mut self) -> io::Result<Source> {
        self.into.flush()?;
        SystemDisk.rename(&self.name, &self.at_last)?;
        open_file(&self.at_last)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.into.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.into.flush()
    }
}

/// A file that is written from its start, and how far.
struct Appending(Box<dyn DiskFile>, u64);

impl Write for Appending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_at(self.1, bytes)?;
        self.1 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
