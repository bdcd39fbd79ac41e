//! The bytes after the last seal: an append that was never acknowledged, or damage?
//!
//! An interrupted append leaves a beginning of what it was writing, perhaps filled up with zeros by the file system.
//! It leaves no whole seal, for the seal is its end, and carries its own digest. Whatever else stands there is damage, and is never moved aside.

use super::window::{SegmentFile, Window};
use crate::frame::{self, Cut, Fault, GUARD_LEN, HEADER_LEN, Record, SEAL_RECORD_LEN_MAX, SEAL_RECORD_LEN_MIN};
use crate::log::damage::{Code, Damage, Place};
use crate::log::error::Result;

/// Bytes after the last seal of the last segment, which no append has acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TornTail {
    /// Where they begin.
    pub place: Place,
    /// How many they are.
    pub len_bytes: u64,
}

/// How much of the bytes is looked at in one go, when looking for a seal.
const SEARCH_LEN: usize = 1 << 20;
/// What a disk writes as a whole, in bytes.
const SECTOR_LEN: u64 = 512;

/// Judges the bytes from `end`, where the last good seal ends, to the end of the last segment. None: there are none.
///
/// # Errors
/// [`super::Error::Damaged`] if an interrupted append cannot have left them; [`super::Error::Io`].
pub(crate) fn judge(file: &SegmentFile, window: &mut Window, end: u64) -> Result<Option<TornTail>> {
    let place = Place { segment: file.number, offset: end };
    if file.len <= end {
        return Ok(None);
    }
    let mut offset = end;
    while let Some(len) = whole_frame(file, window, offset)? {
        offset += len;
    }
    // One seal may be there: the last thing that was written, torn.
    let mut next = find_seal(file, window, end)?;
    if let Some(seal) = next
        && is_torn(file, window, end, seal)?
    {
        next = find_seal(file, window, seal + 1)?;
    }
    match next {
        Some(seal) => {
            let found = format_args!("a seal at byte {seal}").to_string();
            Err(Damage::new(Code::SealMissing, place, "whole records up to a seal that fits them", found).into())
        }
        None => Ok(Some(TornTail { place, len_bytes: file.len - end })),
    }
}

/// Whether the seal at `seal` was torn when it was written: it ends the file, its tip is not that of its body, and from a
/// sector's edge on its bytes never reached the disk. The first commit of a segment, which begins at `begin`, was durable
/// before the segment got its name.
fn is_torn(file: &SegmentFile, window: &mut Window, begin: u64, seal: u64) -> Result<bool> {
    let may_be_torn = match window.cut(file, seal, seal)? {
        Cut::Record(Record::Seal(own), len) => seal + len as u64 == file.len && own.digest() != own.tip,
        _ => false,
    };
    Ok(may_be_torn && begin > HEADER_LEN as u64 && ends_in_lost_sectors(file, window, seal)?)
}

/// Whether from some sector's edge behind `offset` to the end of the file there are only zeros, and more than one. The last
/// edge that leaves two bytes tells: from an earlier one on there are only zeros if there are from that one on.
fn ends_in_lost_sectors(file: &SegmentFile, window: &mut Window, offset: u64) -> Result<bool> {
    let edge = file.len.saturating_sub(2) / SECTOR_LEN * SECTOR_LEN;
    Ok(edge > offset && only_zeros(file, window, edge)?)
}

/// Length of the whole frame at `offset`; none where an interrupted append may have ended, or at a seal.
fn whole_frame(file: &SegmentFile, window: &mut Window, offset: u64) -> Result<Option<u64>> {
    let place = Place { segment: file.number, offset };
    let fault = match window.cut(file, offset, offset)? {
        Cut::NeedMore { .. } | Cut::Record(Record::Seal(_), _) => return Ok(None),
        Cut::Record(Record::Frame(_), len) => return Ok(Some(len as u64)),
        Cut::Damaged(fault) => fault,
    };
    let may_be_torn = match fault {
        Fault::Guard { .. } | Fault::Type(..) => only_zeros(file, window, offset + GUARD_LEN as u64)?,
        Fault::Form(_) => ends_in_lost_sectors(file, window, offset)?,
        Fault::Length(_) => false,
    };
    if may_be_torn { Ok(None) } else { Err(of_fault(fault, place).into()) }
}

/// The damage that a fault is.
pub(crate) fn of_fault(fault: Fault, place: Place) -> Damage {
    let (code, expected) = match fault {
        Fault::Guard { .. } => (Code::Guard, "a length and its inverse"),
        Fault::Length(_) => (Code::RecordLength, "a length within the limits"),
        Fault::Type(..) => (Code::RecordType, "a frame or a seal"),
        Fault::Form(_) => (Code::RecordForm, "a record that its contents fill"),
    };
    Damage::new(code, place, expected, fault)
}

fn only_zeros(file: &SegmentFile, window: &mut Window, from: u64) -> Result<bool> {
    let mut offset = from;
    while offset < file.len {
        let view = window.view(file, offset, 1)?;
        if view.is_empty() {
            break;
        }
        if view.iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
        offset += view.len() as u64;
    }
    Ok(true)
}

/// The first offset from `from` on at which a well-formed seal stands.
fn find_seal(file: &SegmentFile, window: &mut Window, from: u64) -> Result<Option<u64>> {
    let mut offset = from;
    while offset + SEAL_RECORD_LEN_MIN as u64 <= file.len {
        let view = window.view(file, offset, SEARCH_LEN.max(SEAL_RECORD_LEN_MAX))?;
        let whole_view = offset + view.len() as u64 >= file.len;
        let starts = if whole_view { view.len() } else { view.len().saturating_sub(SEAL_RECORD_LEN_MAX) };
        let is_seal = |at: &usize| matches!(view.get(*at..).map(frame::cut), Some(Cut::Record(Record::Seal(_), _)));
        if let Some(at) = (0..starts).find(is_seal) {
            return Ok(Some(offset + at as u64));
        }
        if whole_view || starts == 0 {
            break;
        }
        offset += starts as u64;
    }
    Ok(None)
}
