//! A new segment: written under a temporary name with its whole first commit, synced, and only then given its name.
//! So a segment is never seen without a sealed commit, and a killed import leaves nothing that a reader would walk.

use std::io;
use std::path::PathBuf;

use crate::frame::{HEADER_LEN, Header};
use crate::log::disk::{Access, DiskFile};
use crate::log::error::{Error, Result};
use crate::log::layout::Layout;

/// A segment that nobody sees yet. Dropped unpublished, it is gone.
#[derive(Debug)]
pub(in crate::log) struct NewSegment {
    layout: Layout,
    first_seq: u64,
    file: Option<Box<dyn DiskFile>>,
    len: u64,
}

impl NewSegment {
    /// Begins a segment.
    ///
    /// # Errors
    /// [`Error::Io`]; the log is as it was.
    pub(in crate::log) fn create(layout: &Layout, header: &Header) -> Result<NewSegment> {
        let path = layout.temp(header.first_seq);
        let file = layout.disk().open(&path, Access::CreateNew).map_err(Error::io(DOING, &path))?;
        let mut segment = NewSegment { layout: layout.clone(), first_seq: header.first_seq, file: Some(file), len: 0 };
        segment.write(&header.to_bytes())?;
        debug_assert_eq!(segment.len, HEADER_LEN as u64, "records follow the header");
        Ok(segment)
    }

    /// Count of bytes written so far.
    pub(in crate::log) fn len(&self) -> u64 {
        self.len
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// [`Error::Io`]; the log is as it was.
    pub(in crate::log) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let path = self.path();
        let Some(file) = &self.file else { return Ok(()) };
        file.write_at(self.len, bytes).map_err(Error::io(DOING, &path))?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Makes what was written so far durable, so that less is left to be at the end.
    ///
    /// # Errors
    /// [`Error::Io`]; the log is as it was.
    pub(in crate::log) fn sync(&self) -> Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        file.sync().map_err(Error::io(DOING, &self.path()))
    }

    /// Makes it part of the log: durable, then named, then the name durable.
    ///
    /// # Errors
    /// [`Error::Io`]; the log is as it was. If only the last step failed, the name is taken back; should that fail
    /// too, or a power cut undo it, the commit is in the log although nobody was told so.
    pub(in crate::log) fn publish(mut self) -> Result<Box<dyn DiskFile>> {
        let (from, to) = (self.path(), self.layout.segment(self.first_seq));
        let taken = || io::Error::new(io::ErrorKind::AlreadyExists, "there is a file of this name already");
        let Some(file) = &self.file else { return Err(Error::io(DOING, &from)(taken())) };
        file.sync().map_err(Error::io(DOING, &from))?;
        let disk = self.layout.disk();
        if disk.is_there(&to).map_err(Error::io(DOING, &to))? {
            return Err(Error::io(DOING, &to)(taken()));
        }
        disk.rename(&from, &to).map_err(Error::io(DOING, &to))?;
        if let Err(error) = self.layout.sync_names() {
            let _ = disk.rename(&to, &from);
            return Err(error);
        }
        self.file.take().ok_or_else(|| Error::io(DOING, &to)(taken()))
    }

    fn path(&self) -> PathBuf {
        self.layout.temp(self.first_seq)
    }
}

impl Drop for NewSegment {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // What cannot be removed is a leftover: reported, and moved aside by the next writer.
            let _ = self.layout.disk().remove(&self.path());
        }
    }
}

const DOING: &str = "write the segment (nothing was recorded)";
