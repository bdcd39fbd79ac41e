//! A file that is written whole or not at all: what was there before stays until the new content is complete.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file being written under another name beside its own.
pub(crate) struct Whole {
    out: BufWriter<File>,
    target: PathBuf,
    /// The other name; none where the target is no plain file, such as a pipe, and is written straight into.
    part: Option<PathBuf>,
}

impl Whole {
    pub(crate) fn create(target: &Path) -> io::Result<Whole> {
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        let is_plain = fs::metadata(&target).map_or(true, |metadata| metadata.is_file());
        let name = target.file_name().filter(|_| is_plain).map(|name| format!(".{}.part", name.to_string_lossy()));
        let part = name.map(|name| target.with_file_name(name));
        let file = File::create(part.as_ref().unwrap_or(&target))?;
        Ok(Whole { out: BufWriter::new(file), target, part })
    }

    /// Gives the file its own name.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.flush()?;
        if let Some(part) = &self.part {
            self.out.get_ref().sync_all()?;
            fs::rename(part, &self.target)?;
            self.part = None;
        }
        Ok(())
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        if let Some(part) = &self.part {
            // What could not be finished is of no use; if it cannot be removed, it does no harm.
            let _ = fs::remove_file(part);
        }
    }
}
