//! Records: a length that guards itself, one byte for the type, and a frame or a seal.
//!
//! The length stands twice, the second time inverted. A flipped bit in it is therefore damage, never a record that
//! seems to go on beyond the end of the file.

use std::fmt;

use super::envelope::{ENVELOPE_LEN, ENVELOPE_VERSION, Envelope};
use super::fields::Fields;
use super::seal::{SEAL_LEN_MIN, SIGNATURE_HEAD_LEN, SIGNATURES_LEN_MAX, SIGNATURES_MAX, Seal, TooManySignatures};
use crate::chain::SALT_LEN;

/// Longest record after its guard, in bytes: checked before anything is read or allocated.
pub const RECORD_LEN_MAX: usize = 64 << 20;
/// Length of the guarded length before each record.
pub const GUARD_LEN: usize = 8;
/// Longest payload of one event, in bytes.
pub const PAYLOAD_LEN_MAX: usize = RECORD_LEN_MAX - FRAME_LEN_MIN;

/// Type byte of a frame.
const FRAME: u8 = b'F';
/// Type byte of a seal.
const SEAL: u8 = b'S';
/// Length of a frame with an empty payload, its type byte included.
const FRAME_LEN_MIN: usize = 1 + ENVELOPE_LEN + SALT_LEN;
/// Length of the record of a frame with an empty payload, its guard included.
const FRAME_RECORD_LEN_MIN: usize = GUARD_LEN + FRAME_LEN_MIN;
/// Length of the record of a seal without signatures, its guard included.
pub const SEAL_RECORD_LEN_MIN: usize = GUARD_LEN + 1 + SEAL_LEN_MIN;
/// Longest record of a seal, its guard included.
pub const SEAL_RECORD_LEN_MAX: usize = SEAL_RECORD_LEN_MIN + SIGNATURES_MAX * SIGNATURE_HEAD_LEN + SIGNATURES_LEN_MAX;
/// How many bytes [`seems_to_begin`] looks at.
pub const PLAUSIBLE_LEN: usize = GUARD_LEN + 1 + ENVELOPE_LEN;

/// What stands at the front of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Cut<'a> {
    /// A whole record, and its length with the guard.
    Record(Record<'a>, usize),
    /// So far good; this many bytes are missing at least.
    NeedMore {
        /// At least one.
        missing: usize,
    },
    /// Not a record, whatever may follow.
    Damaged(Fault),
}

/// A whole record.
#[derive(Debug, PartialEq, Eq)]
pub enum Record<'a> {
    /// One event.
    Frame(RawFrame<'a>),
    /// The end of a commit.
    Seal(Seal),
}

/// The parts of a frame as they lie in the file; nothing about them has been checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawFrame<'a> {
    /// The public part.
    pub envelope: &'a [u8; ENVELOPE_LEN],
    /// What makes the commitment unguessable; zeros once erased.
    pub salt: &'a [u8; SALT_LEN],
    /// The event itself, encoded; zeros once erased.
    pub payload: &'a [u8],
}

/// Why bytes are not a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The two copies of the length disagree.
    Guard {
        /// The length.
        len: u32,
        /// The second copy, inverted back.
        again: u32,
    },
    /// The length is agreed on, but zero or over [`RECORD_LEN_MAX`].
    Length(u32),
    /// The type byte is neither a frame's nor a seal's. Its record is this long, with the guard.
    Type(u8, usize),
    /// A frame too short for its fixed part, or a seal that does not fill its record. It is this long, with the guard.
    Form(usize),
}

/// Cuts the first record off `bytes`.
#[must_use]
pub fn cut(bytes: &[u8]) -> Cut<'_> {
    let mut fields = Fields(bytes);
    let (Some(len), Some(inverted)) = (fields.u32(), fields.u32()) else {
        return Cut::NeedMore { missing: GUARD_LEN - bytes.len() };
    };
    if len != !inverted {
        return Cut::Damaged(Fault::Guard { len, again: !inverted });
    }
    cut_body(fields.0, len)
}

fn cut_body(after_guard: &[u8], len: u32) -> Cut<'_> {
    let Some(body_len) = usize::try_from(len).ok().filter(|len| (1..=RECORD_LEN_MAX).contains(len)) else {
        return Cut::Damaged(Fault::Length(len));
    };
    let Some(body) = after_guard.get(..body_len) else {
        return Cut::NeedMore { missing: body_len - after_guard.len() };
    };
    let whole_len = GUARD_LEN + body_len;
    let mut fields = Fields(body);
    let record = match fields.u8() {
        Some(FRAME) => RawFrame::read(fields).map(Record::Frame),
        Some(SEAL) => Seal::read(fields.0).map(Record::Seal),
        other => return Cut::Damaged(Fault::Type(other.unwrap_or_default(), whole_len)),
    };
    record.map_or(Cut::Damaged(Fault::Form(whole_len)), |record| Cut::Record(record, whole_len))
}

/// The record that these bytes are, its guard not looked at: for bytes that were cut before.
#[must_use]
pub fn record_of(whole: &[u8]) -> Option<Record<'_>> {
    let mut fields = Fields(whole.get(GUARD_LEN..)?);
    match fields.u8()? {
        FRAME => RawFrame::read(fields).map(Record::Frame),
        SEAL => Seal::read(fields.0).map(Record::Seal),
        _ => None,
    }
}

/// Length of the record at the front of `bytes`, if one copy of its length was damaged and with the other one every
/// part of it speaks for a record.
#[must_use]
pub fn len_despite_guard(bytes: &[u8]) -> Option<usize> {
    let mut fields = Fields(bytes);
    let lengths = [fields.u32()?, !fields.u32()?];
    lengths.into_iter().find_map(|len| match cut_body(fields.0, len) {
        Cut::Record(Record::Frame(frame), whole) => frame.is_plausible().then_some(whole),
        Cut::Record(Record::Seal(_), whole) => Some(whole),
        _ => None,
    })
}

/// Whether a record seems to begin here: for finding the next one behind a damaged place. Decides by the first
/// [`PLAUSIBLE_LEN`] bytes, so that a search takes a time that grows with the bytes searched, and no faster.
#[must_use]
pub fn seems_to_begin(bytes: &[u8]) -> bool {
    let Some(whole_len) = declared_len(bytes) else { return false };
    let mut fields = Fields(bytes.get(GUARD_LEN..).unwrap_or_default());
    match fields.u8() {
        Some(SEAL) => whole_len >= SEAL_RECORD_LEN_MIN,
        Some(FRAME) => fields.bytes().is_some_and(|envelope| {
            let envelope = Envelope::fields_of(envelope);
            let payload_len = usize::try_from(envelope.payload_len).unwrap_or(usize::MAX);
            envelope.version == ENVELOPE_VERSION && whole_len.checked_sub(FRAME_RECORD_LEN_MIN) == Some(payload_len)
        }),
        _ => false,
    }
}

/// Length of the record that begins here, its guard included, if the guard is good: what to have at hand before
/// [`cut`]. Never more than [`RECORD_LEN_MAX`] and the guard.
#[must_use]
pub fn declared_len(bytes: &[u8]) -> Option<usize> {
    let mut fields = Fields(bytes);
    let (len, inverted) = (fields.u32()?, fields.u32()?);
    let body_len = usize::try_from(len).ok().filter(|len| (1..=RECORD_LEN_MAX).contains(len))?;
    (len == !inverted).then_some(GUARD_LEN + body_len)
}

/// Length of a frame's record, its guard included.
#[must_use]
pub fn frame_record_len(payload_len: usize) -> usize {
    FRAME_RECORD_LEN_MIN + payload_len
}

/// Adds a frame's record to `out`. The caller keeps the payload within [`PAYLOAD_LEN_MAX`].
pub fn join_frame(frame: &RawFrame<'_>, out: &mut Vec<u8>) {
    let len = u32::try_from(FRAME_LEN_MIN + frame.payload.len()).unwrap_or(u32::MAX);
    debug_assert!(frame.payload.len() <= PAYLOAD_LEN_MAX, "what is joined can be cut");
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(&(!len).to_le_bytes());
    out.push(FRAME);
    out.extend_from_slice(frame.envelope);
    out.extend_from_slice(frame.salt);
    out.extend_from_slice(frame.payload);
}

/// Adds a seal's record to `out`.
///
/// # Errors
/// [`TooManySignatures`] if it carries more than it may; nothing was added.
pub fn join_seal(seal: &Seal, out: &mut Vec<u8>) -> Result<(), TooManySignatures> {
    let mut body = vec![SEAL];
    seal.write(&mut body)?;
    let len = u32::try_from(body.len()).map_err(|_| TooManySignatures)?;
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(&(!len).to_le_bytes());
    out.extend_from_slice(&body);
    Ok(())
}

impl<'a> RawFrame<'a> {
    fn read(mut fields: Fields<'a>) -> Option<RawFrame<'a>> {
        Some(RawFrame { envelope: fields.bytes()?, salt: fields.bytes()?, payload: fields.0 })
    }

    fn is_plausible(&self) -> bool {
        let envelope = Envelope::fields_of(self.envelope);
        envelope.version == ENVELOPE_VERSION && usize::try_from(envelope.payload_len) == Ok(self.payload.len())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Guard { len, again } => write!(f, "a record's length {len} stands beside {again}"),
            Fault::Length(len) => write!(f, "a record's length is {len}, not from 1 to {RECORD_LEN_MAX}"),
            Fault::Type(found, _) => write!(f, "a record's type is {found:#04x}, neither a frame's nor a seal's"),
            Fault::Form(_) => f.write_str("a record that its contents do not fill"),
        }
    }
}

#[cfg(test)]
mod tests;
