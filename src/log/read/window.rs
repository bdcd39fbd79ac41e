//! Reading a segment through a buffer that can go back to the start of a commit.

use std::path::PathBuf;

use crate::frame::{self, Cut, Envelope, GUARD_LEN, HEADER_LEN, Header, HeaderFault, Record};
use crate::log::damage::{Code, Damage, Place};
use crate::log::disk::{Access, DiskFile};
use crate::log::error::{Error, Result};
use crate::log::layout::Layout;

/// How much is read at once, in bytes; a longer record makes the buffer as long as itself.
const READ_LEN: usize = 1 << 20;

/// A segment open for reading, as long as it was when it was looked at.
#[derive(Debug)]
pub(crate) struct SegmentFile {
    /// The number in its name.
    pub(crate) number: u64,
    /// Its length, in bytes, when it was opened or last looked at.
    pub(crate) len: u64,
    path: PathBuf,
    file: Box<dyn DiskFile>,
}

impl SegmentFile {
    /// Opens a segment and notes how long it is now.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn open(layout: &Layout, number: u64) -> Result<SegmentFile> {
        let path = layout.segment(number);
        let file = layout.disk().open(&path, Access::Read).map_err(Error::io("open the segment", &path))?;
        let mut segment = SegmentFile { number, len: 0, path, file };
        segment.look_again()?;
        Ok(segment)
    }

    /// Notes how long it is now.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn look_again(&mut self) -> Result<()> {
        self.len = self.file.len_bytes().map_err(Error::io("look at the segment", &self.path))?;
        Ok(())
    }

    /// Reads its header.
    ///
    /// # Errors
    /// [`Error::Io`] outside, the fault inside.
    pub(crate) fn header(&self) -> Result<std::result::Result<Header, HeaderFault>> {
        let mut bytes = [0; HEADER_LEN];
        let len = self.read_at(0, &mut bytes)?;
        let header = Header::from_bytes(bytes.get(..len).unwrap_or(&bytes));
        match header {
            Err(HeaderFault::Format(format)) => Err(Error::Unsupported { path: self.path.clone(), format }),
            header => Ok(header),
        }
    }

    /// Fills `into` from `offset` on and says how far; less than all only at the segment's end.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<usize> {
        let left = usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX);
        let want = into.len().min(left);
        let Some(into) = into.get_mut(..want) else { return Ok(0) };
        self.file.read_at(offset, into).map_err(Error::io("read the segment", &self.path))
    }
}

/// How much is read at once where records are read one by one, here and there.
const SINGLE_READ_LEN: usize = 1 << 10;

/// A part of a segment in memory.
#[derive(Debug)]
pub(crate) struct Window {
    /// How much is read at once, in bytes.
    read_len: usize,
    bytes: Vec<u8>,
    /// Where in the segment the bytes begin.
    base: u64,
    /// How many of them are filled.
    filled: usize,
}

impl Default for Window {
    fn default() -> Window {
        Window { read_len: READ_LEN, bytes: Vec::new(), base: 0, filled: 0 }
    }
}

impl Window {
    /// For reading records one by one, here and there.
    pub(crate) fn of_single_records() -> Window {
        Window { read_len: SINGLE_READ_LEN, ..Window::default() }
    }

    /// Forgets everything: for another segment, or for reading the same again.
    pub(crate) fn clear(&mut self) {
        self.filled = 0;
    }

    /// The record at `offset`: as much of it as there is. When reading on, keeps what lies from `keep` on if it fits.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn cut(&mut self, file: &SegmentFile, keep: u64, offset: u64) -> Result<Cut<'_>> {
        self.reach(file, keep, offset, GUARD_LEN)?;
        if let Some(len) = frame::declared_len(self.at(offset)) {
            self.reach(file, keep, offset, len)?;
        }
        Ok(frame::cut(self.at(offset)))
    }

    /// The bytes at hand from `offset` on, at least `len` of them unless the segment ends before.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn view(&mut self, file: &SegmentFile, offset: u64, len: usize) -> Result<&[u8]> {
        self.reach(file, offset, offset, len)?;
        Ok(self.at(offset))
    }

    /// The bytes at hand from `offset` on.
    fn at(&self, offset: u64) -> &[u8] {
        let start = offset.checked_sub(self.base).and_then(|start| usize::try_from(start).ok());
        start.and_then(|start| self.bytes.get(start..self.filled)).unwrap_or(&[])
    }

    /// Reads on, unless enough is at hand or there is no more to read.
    fn reach(&mut self, file: &SegmentFile, keep: u64, offset: u64, len: usize) -> Result<()> {
        let to_the_end = self.filled > 0 && offset >= self.base && self.base + self.filled as u64 >= file.len;
        if to_the_end || self.at(offset).len() >= len {
            return Ok(());
        }
        let kept = usize::try_from(offset.saturating_sub(keep)).unwrap_or(usize::MAX);
        let (base, len) = if kept.saturating_add(len) <= self.read_len {
            (keep.min(offset), self.read_len)
        } else {
            (offset, len.max(self.read_len))
        };
        // Where little is left no more is asked of the memory.
        let len = len.min(usize::try_from(file.len.saturating_sub(base)).unwrap_or(usize::MAX));
        if self.bytes.len() < len {
            self.bytes = vec![0; len];
        }
        (self.base, self.filled) = (base, 0);
        self.filled = file.read_at(base, self.bytes.get_mut(..len).unwrap_or_default())?;
        Ok(())
    }
}

/// The header of a segment whose name must be its first event's number.
pub(in crate::log) fn header_of(file: &SegmentFile) -> Result<Header> {
    well_named(file.number, file.header()?)
}

/// A header that must be whole, and that of the segment with this number.
///
/// # Errors
/// [`Error::Damaged`].
pub(super) fn well_named(number: u64, header: std::result::Result<Header, HeaderFault>) -> Result<Header> {
    let place = Place { segment: number, offset: 0 };
    match header {
        Err(fault) => Err(Damage::new(Code::SegmentHeader, place, "a segment's header", fault).of(number).into()),
        Ok(header) if header.first_seq != number => {
            Err(Damage::new(Code::SegmentName, place, header.first_seq, number).of(number).into())
        }
        Ok(header) => Ok(header),
    }
}

/// Refuses a ledger of the draft that came before this format: its first event is the one that the header names, and does
/// not say that it begins a commit.
///
/// # Errors
/// [`Error::Draft`], [`Error::Io`].
pub(crate) fn refuse_draft(layout: &Layout, first: &SegmentFile) -> Result<()> {
    let Ok(header) = first.header()? else { return Ok(()) };
    let offset = HEADER_LEN as u64;
    match Window::of_single_records().cut(first, offset, offset)? {
        Cut::Record(Record::Frame(raw), _) if header.first_seq == 1 => {
            let (envelope, link) = (Envelope::fields_of(raw.envelope), Envelope::link(raw.envelope));
            let is_draft = envelope.readable().is_ok() && !envelope.is_first() && link == header.ledger;
            if is_draft { Err(Error::Draft(layout.dir().to_owned())) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_view_is_the_file_wherever_it_begins() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        fs::create_dir(layout.log()).unwrap();
        let bytes: Vec<u8> = (0..3 * READ_LEN + 17).map(|n| u8::try_from(n % 251).unwrap()).collect();
        fs::write(layout.segment(1), &bytes).unwrap();
        let file = SegmentFile::open(&layout, 1).unwrap();
        let mut window = Window::default();
        for offset in [0, 5, READ_LEN - 3, 10, 2 * READ_LEN, bytes.len() - 1, READ_LEN, bytes.len(), bytes.len() + 9] {
            for len in [1, 100, READ_LEN, 2 * READ_LEN] {
                let view = window.view(&file, offset as u64, len).unwrap();
                let rest = bytes.get(offset..).unwrap_or(&[]);
                assert!(view.len() >= len.min(rest.len()), "{offset} {len}");
                assert_eq!(view, &rest[..view.len()], "{offset} {len}");
            }
        }
    }
}
