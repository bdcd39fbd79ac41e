//! A file without a name, written from its start and read anywhere.

use std::io;
use std::path::Path;

use crate::index::nameless;
use crate::log::disk::DiskFile;

/// Bytes on disk that go with the process.
#[derive(Debug)]
pub(super) struct Scratch {
    file: Box<dyn DiskFile>,
    len_bytes: u64,
}

impl Scratch {
    /// An empty one, on the disk of this index.
    pub(super) fn create(folder: &Path) -> io::Result<Scratch> {
        Ok(Scratch { file: nameless(folder)?, len_bytes: 0 })
    }

    /// The one there is, or else a new one.
    pub(super) fn of<'s>(there: &'s mut Option<Scratch>, folder: &Path) -> io::Result<&'s mut Scratch> {
        Ok(match there {
            Some(scratch) => scratch,
            none => none.insert(Scratch::create(folder)?),
        })
    }

    /// Adds bytes, and says where they begin.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let offset = self.len_bytes;
        self.file.write_at(offset, bytes)?;
        self.len_bytes += bytes.len() as u64;
        Ok(offset)
    }

    /// Fills `into` with what was added from there on.
    ///
    /// # Errors
    /// Also if there is less.
    pub(super) fn read(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let filled = self.file.read_at(offset, into)?;
        if filled == into.len() { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}
