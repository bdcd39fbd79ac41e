//! What a scan lends out: commits, and the frames in them, without a copy of any payload.

use super::damage::Place;
use super::error::Result;
use super::walk::{Checked, Walk};
use crate::chain::{self, Hash, Head};
use crate::frame::{Envelope, RawFrame, Seal};

/// A place behind a seal, from where reading can go on. It is checked against the log before it is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The head that the seal names.
    pub head: Head,
    /// When the last event under it was recorded, in microseconds.
    pub recorded_at: i64,
    /// Where the seal stands.
    pub seal: Place,
}

/// One atomic commit. Everything in it has been checked already: lengths, numbers, links, commitments and seal.
#[derive(Debug)]
pub struct Commit<'a> {
    walk: &'a mut Walk,
    checked: Checked,
    next_offset: u64,
}

impl<'a> Commit<'a> {
    pub(super) fn new(walk: &'a mut Walk, checked: Checked) -> Commit<'a> {
        let next_offset = checked.start;
        Commit { walk, checked, next_offset }
    }

    /// Number of its first event.
    #[must_use]
    pub fn first_seq(&self) -> u64 {
        self.checked.first_seq
    }

    /// Count of its events, at least one.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.checked.seal.size + 1 - self.checked.first_seq
    }

    /// The seal that closes it.
    #[must_use]
    pub fn seal(&self) -> &Seal {
        &self.checked.seal
    }

    /// The place behind it.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.checked.cursor
    }

    /// Lends the first frame next, whatever was lent before.
    pub fn begin_again(&mut self) {
        self.next_offset = self.checked.start;
    }

    /// Lends the next frame; none behind the last.
    ///
    /// # Errors
    /// [`super::Error::Io`]; [`super::Error::Damaged`] if the file changed since the commit was checked.
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>> {
        if self.next_offset >= self.checked.cursor.seal.offset {
            return Ok(None);
        }
        let place = Place { segment: self.checked.cursor.seal.segment, offset: self.next_offset };
        let (frame, len) = self.walk.frame_again(self.checked.start, place)?;
        self.next_offset += len;
        Ok(Some(frame))
    }
}

/// One event as it lies in the log.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Its public part.
    pub envelope: Envelope,
    /// Where it stands.
    pub place: Place,
    raw: RawFrame<'a>,
    body: Body,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(place: Place, envelope: Envelope, raw: RawFrame<'a>, body: Body) -> Frame<'a> {
        Frame { envelope, place, raw, body }
    }

    /// The event itself, encoded; none if it was erased.
    #[must_use]
    pub fn payload(&self) -> Option<&'a [u8]> {
        matches!(self.body, Body::Whole).then_some(self.raw.payload)
    }

    pub(crate) fn body(&self) -> Body {
        self.body
    }

    /// The salt of its commitment; none if it was erased.
    #[must_use]
    pub fn salt(&self) -> Option<&'a [u8; chain::SALT_LEN]> {
        matches!(self.body, Body::Whole).then_some(self.raw.salt)
    }

    /// How long its record is, in bytes.
    #[must_use]
    pub fn len_bytes(&self) -> u64 {
        crate::frame::frame_record_len(self.raw.payload.len()) as u64
    }

    /// The bytes of its envelope, which are what is hashed.
    #[must_use]
    pub fn envelope_bytes(&self) -> &'a [u8] {
        self.raw.envelope
    }

    /// Its link, hashed anew.
    #[must_use]
    pub fn link(&self) -> Hash {
        Envelope::link(self.raw.envelope)
    }

    /// Its leaf in the tree, hashed anew.
    #[must_use]
    pub fn leaf(&self) -> Hash {
        crate::tree::leaf(self.raw.envelope)
    }
}

/// What has become of an event's salt and payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// They are what the envelope commits to.
    Whole,
    /// The salt is zeros, and so is the payload.
    Erased,
    /// The salt is zeros, the payload not yet: an erasure was interrupted.
    HalfErased,
    /// They hash to something else, and were not erased.
    Altered(Hash),
}

impl Body {
    /// Hashes salt and payload and compares.
    pub(crate) fn of(raw: &RawFrame<'_>, commitment: Hash) -> Body {
        let found = chain::commitment(raw.salt, raw.payload);
        if found == commitment {
            Body::Whole
        } else if raw.salt.iter().any(|byte| *byte != 0) {
            Body::Altered(found)
        } else if raw.payload.iter().all(|byte| *byte == 0) {
            Body::Erased
        } else {
            Body::HalfErased
        }
    }

    /// The same for a frame that was checked before: only one that may have been erased is hashed again.
    pub(crate) fn of_checked(raw: &RawFrame<'_>, commitment: Hash) -> Body {
        if raw.salt.iter().any(|byte| *byte != 0) { Body::Whole } else { Body::of(raw, commitment) }
    }
}
