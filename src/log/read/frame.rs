//! An event as it lies in the log, and what has become of its payload.

use crate::chain::{self, Hash};
use crate::frame::{Envelope, RawFrame};
use crate::log::damage::Place;

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

    /// What has become of a frame that was checked before: only one that may have been erased is hashed again.
    pub(crate) fn of_checked(raw: &RawFrame<'_>, commitment: Hash) -> Body {
        if raw.salt.iter().any(|byte| *byte != 0) { Body::Whole } else { Body::of(raw, commitment) }
    }
}
