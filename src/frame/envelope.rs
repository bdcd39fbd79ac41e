//! The envelope: the public part of an event, 112 bytes, the very bytes that are hashed.

use std::fmt;

use super::fields::{Fields, Page};
use crate::chain::{self, Hash};

/// Length of an envelope, in bytes.
pub const ENVELOPE_LEN: usize = 112;
/// The version written and read.
pub const ENVELOPE_VERSION: u8 = 1;
/// Flag: the clock had gone back, and `recorded_at` repeats the last value.
pub const CLAMPED: u8 = 1;
/// Flag: the event is the first of its commit, and `prev` is the tip of the seal before it.
pub const FIRST: u8 = 2;

/// The public part of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Version of the envelope; [`ENVELOPE_VERSION`] in every one that is accepted.
    pub version: u8,
    /// Flags: [`CLAMPED`] and [`FIRST`], and no other.
    pub flags: u8,
    /// Number of the event's kind.
    pub kind: u16,
    /// Length of the payload, in bytes.
    pub payload_len: u32,
    /// Position of the event, from 1.
    pub seq: u64,
    /// When it was recorded: microseconds since 1970-01-01 UTC.
    pub recorded_at: i64,
    /// Who recorded it: the number of the event that registered them.
    pub actor: u64,
    /// What it is about, by number; 0: not about one subject.
    pub subject: u64,
    /// Which attribute, by number; 0: none.
    pub attribute: u64,
    /// What stands before it: the tip of the seal before if it is the first of its commit, else the link of the event
    /// before; zeros for event 1.
    pub prev: Hash,
    /// The commitment to salt and payload.
    pub commitment: Hash,
}

impl Envelope {
    /// Its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; ENVELOPE_LEN] {
        Page::new()
            .put(&[self.version, self.flags])
            .put(&self.kind.to_le_bytes())
            .put(&self.payload_len.to_le_bytes())
            .put(&self.seq.to_le_bytes())
            .put(&self.recorded_at.to_le_bytes())
            .put(&self.actor.to_le_bytes())
            .put(&self.subject.to_le_bytes())
            .put(&self.attribute.to_le_bytes())
            .put(&self.prev.0)
            .put(&self.commitment.0)
            .done()
    }

    /// Reads an envelope that this version of the program understands.
    ///
    /// # Errors
    /// [`Unreadable`] if its version or one of its flags is unknown.
    pub fn from_bytes(bytes: &[u8; ENVELOPE_LEN]) -> Result<Envelope, Unreadable> {
        let envelope = Envelope::fields_of(bytes);
        envelope.readable().map(|()| envelope)
    }

    /// Takes the fields as they stand, for saying what is wrong with them.
    #[must_use]
    pub fn fields_of(bytes: &[u8; ENVELOPE_LEN]) -> Envelope {
        Envelope::all_fields(Fields(bytes)).unwrap_or(Envelope::NOTHING)
    }

    /// Whether this version of the program understands it.
    ///
    /// # Errors
    /// [`Unreadable`] if its version or one of its flags is unknown.
    pub fn readable(&self) -> Result<(), Unreadable> {
        if self.version != ENVELOPE_VERSION {
            Err(Unreadable::Version(self.version))
        } else if self.flags & !(CLAMPED | FIRST) != 0 {
            Err(Unreadable::Flags(self.flags))
        } else {
            Ok(())
        }
    }

    /// Whether the clock had gone back when it was recorded.
    #[must_use]
    pub fn clamped(&self) -> bool {
        self.flags & CLAMPED != 0
    }

    /// Whether it says that it is the first of its commit.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.flags & FIRST != 0
    }

    /// The link of these bytes: what the next event of its commit holds in `prev`.
    #[must_use]
    pub fn link(bytes: &[u8; ENVELOPE_LEN]) -> Hash {
        chain::link(bytes)
    }

    fn all_fields(mut fields: Fields<'_>) -> Option<Envelope> {
        Some(Envelope {
            version: fields.u8()?,
            flags: fields.u8()?,
            kind: fields.u16()?,
            payload_len: fields.u32()?,
            seq: fields.u64()?,
            recorded_at: fields.i64()?,
            actor: fields.u64()?,
            subject: fields.u64()?,
            attribute: fields.u64()?,
            prev: fields.hash()?,
            commitment: fields.hash()?,
        })
    }

    /// No event has it; it stands where 112 bytes could not be read, which cannot be.
    const NOTHING: Envelope = Envelope {
        version: 0,
        flags: 0,
        kind: 0,
        payload_len: 0,
        seq: 0,
        recorded_at: 0,
        actor: 0,
        subject: 0,
        attribute: 0,
        prev: Hash::ZERO,
        commitment: Hash::ZERO,
    };
}

/// An envelope of a later version, or not an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// The version found.
    Version(u8),
    /// The flags found.
    Flags(u8),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Version(found) => write!(f, "envelope version {found}, known is {ENVELOPE_VERSION}"),
            Unreadable::Flags(found) => write!(f, "envelope flags {found:#010b}, known are {:#010b}", CLAMPED | FIRST),
        }
    }
}

impl std::error::Error for Unreadable {}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Envelope {
        Envelope {
            version: 1,
            flags: 1,
            kind: 0x0302,
            payload_len: 0x0706_0504,
            seq: 0x0f0e_0d0c_0b0a_0908,
            recorded_at: 0x1716_1514_1312_1110,
            actor: 0x1f1e_1d1c_1b1a_1918,
            subject: 0x2726_2524_2322_2120,
            attribute: 0x2f2e_2d2c_2b2a_2928,
            prev: Hash(std::array::from_fn(|i| 0x30 + u8::try_from(i).unwrap())),
            commitment: Hash(std::array::from_fn(|i| 0x50 + u8::try_from(i).unwrap())),
        }
    }

    #[test]
    fn every_field_stands_at_its_offset_little_endian() {
        let expected: Vec<u8> = [1, 1].into_iter().chain(2..112).collect();
        assert_eq!(sample().to_bytes().as_slice(), expected);
    }

    #[test]
    fn bytes_and_fields_are_inverse() {
        let bytes = sample().to_bytes();
        assert_eq!(Envelope::from_bytes(&bytes), Ok(sample()));
        assert_eq!(Envelope::fields_of(&bytes), sample());
    }

    #[test]
    fn unknown_versions_and_flags_are_refused() {
        for (at, byte, why) in [
            (0, 0, Unreadable::Version(0)),
            (0, 2, Unreadable::Version(2)),
            (1, 4, Unreadable::Flags(4)),
            (1, 0x81, Unreadable::Flags(0x81)),
        ] {
            let mut bytes = sample().to_bytes();
            bytes[at] = byte;
            assert_eq!(Envelope::from_bytes(&bytes), Err(why));
        }
    }
}
