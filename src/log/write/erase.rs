//! Overwriting salts and payloads with zeros, in place: the only change that is ever made to what was written.
//!
//! The floor above appends the `PayloadErased` first. The salt goes before the payload: a frame whose salt is zeros
//! reads as erased, so a half-done erasure serves nothing, and doing it again finishes it.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::writer::Writer;
use crate::chain::SALT_LEN;
use crate::frame::{Cut, ENVELOPE_LEN, Envelope, GUARD_LEN, HEADER_LEN, Record};
use crate::log::damage::{Code, Place};
use crate::log::disk::Access;
use crate::log::error::{Error, Result};
use crate::log::layout::Layout;
use crate::log::lock::Lock;
use crate::log::read::despite::Intact;
use crate::log::read::log::Log;
use crate::log::read::window::{SegmentFile, Window};

/// Where the salt stands in a frame's record.
const SALT_AT: u64 = (GUARD_LEN + 1 + ENVELOPE_LEN) as u64;

impl Writer {
    /// Overwrites the salts and payloads of these events with zeros, durably, and says how many were not zeros before.
    /// What a commit names is to be erased before the next commit: the next writer only looks at the last.
    ///
    /// # Errors
    /// As [`erase`]; after [`Error::Io`] this writer refuses everything with [`Error::Poisoned`].
    pub fn erase(&mut self, seqs: &[u64]) -> Result<usize> {
        if self.poisoned {
            return Err(Error::Poisoned);
        }
        zero_all(&self.layout, seqs).inspect_err(|error| self.poisoned |= matches!(error, Error::Io { .. }))
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

/// Finishes erasures that were interrupted in the middle of a salt, which looks like damage to a reader, and says how
/// many they were. `judge` is shown everything in its order, and says at the seals which events a commit that counts
/// erases; of these, `may_erase` says by its kind whether an event can be erased at all.
///
/// # Errors
/// [`Error::Damaged`] if anything else is damaged: nothing was written. [`Error::Io`]; doing it again finishes.
pub fn finish_erasures(
    dir: &Path,
    judge: impl FnMut(&Intact<'_>) -> Vec<u64>,
    may_erase: impl Fn(u16) -> bool,
) -> Result<usize> {
    finish_erasures_in(&Layout::new(dir), judge, may_erase)
}

/// Finishes interrupted erasures on any disk.
pub(in crate::log) fn finish_erasures_in(
    layout: &Layout,
    mut judge: impl FnMut(&Intact<'_>) -> Vec<u64>,
    may_erase: impl Fn(u16) -> bool,
) -> Result<usize> {
    let _lock = Lock::wait(layout)?;
    let mut named = BTreeSet::new();
    let despite = Log::open_in(layout.clone())?.scan_despite_damage(|intact| {
        named.extend(judge(intact));
        Ok::<(), Error>(())
    })?;
    let (mut torn, mut window) = (Vec::new(), Window::default());
    for damage in despite.damages {
        let is_torn = |seq: &u64| damage.code == Code::Payload && named.contains(seq);
        match damage.seq.filter(is_torn) {
            Some(seq) if may_erase(find(layout, &mut window, seq)?.kind) => torn.push(seq),
            _ => return Err(damage.into()),
        }
    }
    zero_all(layout, &torn)
}

fn zero_all(layout: &Layout, seqs: &[u64]) -> Result<usize> {
    let mut window = Window::default();
    let mut count = 0;
    for seq in seqs {
        let found = find(layout, &mut window, *seq)?;
        count += usize::from(zero(layout, &mut window, &found)?);
    }
    Ok(count)
}

/// An event that is to be erased.
struct Found {
    place: Place,
    kind: u16,
    payload_len: usize,
}

/// Finds an event by walking the lengths of its segment.
fn find(layout: &Layout, window: &mut Window, seq: u64) -> Result<Found> {
    let segments = layout.list()?.segments;
    let number = segments.into_iter().rev().find(|number| *number <= seq).ok_or(Error::NotThere)?;
    let file = SegmentFile::open(layout, number)?;
    window.clear();
    let mut offset = HEADER_LEN as u64;
    loop {
        match window.cut(&file, offset, offset)? {
            Cut::Record(Record::Frame(raw), len) => {
                let envelope = Envelope::fields_of(raw.envelope);
                if envelope.seq == seq {
                    let (kind, payload_len) = (envelope.kind, raw.payload.len());
                    return Ok(Found { place: Place { segment: number, offset }, kind, payload_len });
                }
                offset += len as u64;
            }
            Cut::Record(_, len) => offset += len as u64,
            _ => return Err(Error::NotThere),
        }
    }
}

/// Zeroes the salt, then the payload, each made durable. Says whether anything was left to do; zeros are written all the
/// same, for those that are there may not be durable, and after a failed sync no other would make them so.
fn zero(layout: &Layout, window: &mut Window, found: &Found) -> Result<bool> {
    let Found { place, payload_len, .. } = *found;
    let file = SegmentFile::open(layout, place.segment)?;
    let salt_at = place.offset + SALT_AT;
    let body = window.view(&file, salt_at, SALT_LEN + payload_len)?;
    let body = body.get(..SALT_LEN + payload_len).ok_or(Error::NotThere)?;
    let is_left = body.iter().any(|byte| *byte != 0);
    let path = layout.segment(place.segment);
    let overwrite = || -> io::Result<()> {
        let file = layout.disk().open(&path, Access::Write)?;
        file.write_at(salt_at, &[0; SALT_LEN])?;
        file.sync()?;
        file.write_at(salt_at + SALT_LEN as u64, &vec![0; payload_len])?;
        file.sync()
    };
    overwrite().map_err(Error::io("erase the payload (do it again to finish)", &path))?;
    Ok(is_left)
}
