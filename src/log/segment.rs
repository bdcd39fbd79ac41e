//! A new segment: written under a temporary name with its whole first commit, synced, and only then given its name.
//! So a segment is never seen without a sealed commit, and a killed import leaves nothing that a reader would walk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use super::error::{Error, Result};
use super::layout::{Layout, sync_dir};
use crate::frame::{HEADER_LEN, Header};

/// A segment that nobody sees yet. Dropped unpublished, it is gone.
#[derive(Debug)]
pub(super) struct NewSegment {
    layout: Layout,
    first_seq: u64,
    file: Option<File>,
    len: u64,
}

impl NewSegment {
    /// Begins a segment.
    ///
    /// # Errors
    /// [`Error::Io`]; the log is as it was.
    pub(super) fn create(layout: &Layout, header: &Header) -> Result<NewSegment> {
        let path = layout.temp(header.first_seq);
        let file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(Error::io(DOING, &path))?;
        let mut segment = NewSegment { layout: layout.clone(), first_seq: header.first_seq, file: Some(file), len: 0 };
        segment.write(&header.to_bytes())?;
        debug_assert_eq!(segment.len, HEADER_LEN as u64, "records follow the header");
        Ok(segment)
    }

    /// Count of bytes written so far.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// [`Error::Io`]; the log is as it was.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let path = self.path();
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(bytes).map_err(Error::io(DOING, &path))?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Makes it part of the log: durable, then named, then the name durable.
    ///
    /// # Errors
    /// [`Error::Io`]. If only the last step failed, the commit is in the log but may not outlast a power cut.
    pub(super) fn publish(mut self) -> Result<File> {
        let (from, to) = (self.path(), self.layout.segment(self.first_seq));
        let taken = || io::Error::new(io::ErrorKind::AlreadyExists, "there is a file of this name already");
        let Some(file) = &self.file else { return Err(Error::io(DOING, &from)(taken())) };
        file.sync_all().map_err(Error::io(DOING, &from))?;
        if to.exists() {
            return Err(Error::io(DOING, &to)(taken()));
        }
        fs::rename(&from, &to).map_err(Error::io(DOING, &to))?;
        let file = self.file.take().ok_or_else(|| Error::io(DOING, &to)(taken()))?;
        sync_dir(&self.layout.log())?;
        Ok(file)
    }

    fn path(&self) -> PathBuf {
        self.layout.temp(self.first_seq)
    }
}

impl Drop for NewSegment {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // What cannot be removed is a leftover: reported, and moved aside by the next writer.
            let _ = fs::remove_file(self.path());
        }
    }
}

const DOING: &str = "write the segment (nothing was recorded)";
