//! Overwriting salts and payloads with zeros, in place: the only change that is ever made to what was written.
//!
//! The floor above appends the `PayloadErased` first. The salt goes before the payload: a frame whose salt is zeros
//! reads as erased, so a half-done erasure serves nothing, and doing it again finishes it.

use std::io;
use std::path::Path;

use super::damage::Place;
use super::disk::Access;
use super::error::{Error, Result};
use super::layout::Layout;
use super::lock::Lock;
use super::window::{SegmentFile, Window};
use super::writer::Writer;
use crate::chain::SALT_LEN;
use crate::frame::{Cut, ENVELOPE_LEN, Envelope, GUARD_LEN, HEADER_LEN, Record};

/// Where the salt stands in a frame's record.
const SALT_AT: u64 = (GUARD_LEN + 1 + ENVELOPE_LEN) as u64;

impl Writer {
    /// Overwrites the salts and payloads of these events with zeros, durably, and says how many had to be.
    ///
    /// # Errors
    /// As [`erase`].
    pub fn erase(&mut self, seqs: &[u64]) -> Result<usize> {
        if self.poisoned {
            return Err(Error::Poisoned);
        }
        zero_all(&self.layout, seqs)
    }
}

/// Waits for the lock and does the same as [`Writer::erase`], also on a log that a half-done erasure keeps from
/// being opened for appending. It checks nothing but lengths: the caller knows that a `PayloadErased` names them.
///
/// # Errors
/// [`Error::NotThere`] if there is no such event; [`Error::Io`]. Those before it in the list are erased then.
pub fn erase(dir: &Path, seqs: &[u64]) -> Result<usize> {
    let layout = Layout::new(dir);
    let _lock = Lock::wait(&layout)?;
    zero_all(&layout, seqs)
}

fn zero_all(layout: &Layout, seqs: &[u64]) -> Result<usize> {
    let mut window = Window::default();
    let mut count = 0;
    for seq in seqs {
        let (place, payload_len) = find(layout, &mut window, *seq)?;
        count += usize::from(zero(layout, &mut window, place, payload_len)?);
    }
    Ok(count)
}

/// Finds an event by walking the lengths of its segment.
fn find(layout: &Layout, window: &mut Window, seq: u64) -> Result<(Place, usize)> {
    let segments = layout.list()?.segments;
    let number = segments.into_iter().rev().find(|number| *number <= seq).ok_or(Error::NotThere)?;
    let file = SegmentFile::open(layout, number)?;
    window.clear();
    let mut offset = HEADER_LEN as u64;
    loop {
        match window.cut(&file, offset, offset)? {
            Cut::Record(Record::Frame(raw), _) if Envelope::fields_of(raw.envelope).seq == seq => {
                return Ok((Place { segment: number, offset }, raw.payload.len()));
            }
            Cut::Record(_, len) => offset += len as u64,
            _ => return Err(Error::NotThere),
        }
    }
}

/// Zeroes the salt, then the payload, each made durable. Says whether anything was left to do.
fn zero(layout: &Layout, window: &mut Window, place: Place, payload_len: usize) -> Result<bool> {
    let file = SegmentFile::open(layout, place.segment)?;
    let salt_at = place.offset + SALT_AT;
    let body = window.view(&file, salt_at, SALT_LEN + payload_len)?;
    let body = body.get(..SALT_LEN + payload_len).ok_or(Error::NotThere)?;
    if body.iter().all(|byte| *byte == 0) {
        return Ok(false);
    }
    let path = layout.segment(place.segment);
    let overwrite = || -> io::Result<()> {
        let file = layout.disk().open(&path, Access::Write)?;
        file.write_at(salt_at, &[0; SALT_LEN])?;
        file.sync()?;
        file.write_at(salt_at + SALT_LEN as u64, &vec![0; payload_len])?;
        file.sync()
    };
    overwrite().map_err(Error::io("erase the payload (do it again to finish)", &path))?;
    Ok(true)
}
