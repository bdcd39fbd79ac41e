//! The header of a segment: which ledger, where in it, and that the file was not mangled on its way.

use std::fmt;

use super::fields::{Fields, Page};
use crate::chain::{Hash, segment_checksum};

/// First bytes of a segment, in PNG's manner: a high bit, a name, and line ends that a text transfer would change.
pub const MAGIC: [u8; 8] = *b"\x89ANL\r\n\x1a\n";
/// The format written and read.
pub const SEGMENT_FORMAT: u16 = 1;
/// Length of a header, in bytes.
pub const HEADER_LEN: usize = 120;
/// Length of what its checksum covers.
const CHECKED_LEN: usize = HEADER_LEN - 32;
/// Where the format number stands.
const FORMAT_AT: usize = 8;

/// What a segment says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Which ledger: the link of event 1, which no other has, because its salt is random.
    pub ledger: Hash,
    /// Number of its first event.
    pub first_seq: u64,
    /// Tip of the seal before that, which is also the `prev` of that event; zeros in the first segment.
    pub prev: Hash,
}

/// Why bytes are not a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderFault {
    /// Fewer bytes than a header has.
    Short,
    /// It does not begin with [`MAGIC`].
    Magic,
    /// A later format, with its number.
    Format(u16),
    /// The checksum does not fit the bytes before it.
    Checksum {
        /// The checksum of these bytes.
        computed: Hash,
        /// The checksum that stands there.
        stored: Hash,
    },
    /// A reserved byte is not zero.
    Reserved,
}

impl Header {
    /// Its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; HEADER_LEN] {
        let page = Page::new()
            .put(&MAGIC)
            .put(&SEGMENT_FORMAT.to_le_bytes())
            .put(&[0; 6])
            .put(&self.ledger.0)
            .put(&self.first_seq.to_le_bytes())
            .put(&self.prev.0);
        let checksum = segment_checksum(page.written());
        page.put(&checksum.0).done()
    }

    /// Reads the header at the front of `bytes`.
    ///
    /// # Errors
    /// [`HeaderFault`]. A number of a later format is only believed if putting ours in its place does not mend the
    /// checksum: otherwise the number is what was damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Header, HeaderFault> {
        let mut fields = Fields(bytes);
        let magic = fields.bytes::<8>().ok_or(HeaderFault::Short)?;
        if *magic != MAGIC {
            return Err(HeaderFault::Magic);
        }
        let format = fields.u16().ok_or(HeaderFault::Short)?;
        if format != SEGMENT_FORMAT && !mended_by_our_format(bytes) {
            return Err(HeaderFault::Format(format));
        }
        let reserved = fields.bytes::<6>().ok_or(HeaderFault::Short)?;
        let header = Header::remaining(&mut fields).ok_or(HeaderFault::Short)?;
        let stored = fields.hash().ok_or(HeaderFault::Short)?;
        let computed = segment_checksum(bytes.get(..CHECKED_LEN).unwrap_or(bytes));
        if computed != stored {
            return Err(HeaderFault::Checksum { computed, stored });
        }
        if *reserved == [0; 6] { Ok(header) } else { Err(HeaderFault::Reserved) }
    }

    fn remaining(fields: &mut Fields<'_>) -> Option<Header> {
        Some(Header { ledger: fields.hash()?, first_seq: fields.u64()?, prev: fields.hash()? })
    }
}

fn mended_by_our_format(bytes: &[u8]) -> bool {
    let Some((mut header, _)) = bytes.split_first_chunk::<HEADER_LEN>().map(|(header, rest)| (*header, rest)) else {
        return false;
    };
    if let Some(format) = header.get_mut(FORMAT_AT..FORMAT_AT + 2) {
        format.copy_from_slice(&SEGMENT_FORMAT.to_le_bytes());
    }
    Header::from_bytes(&header).is_ok()
}

impl fmt::Display for HeaderFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeaderFault::Short => write!(f, "fewer than the {HEADER_LEN} bytes of a header"),
            HeaderFault::Magic => f.write_str("not the first bytes of a segment"),
            HeaderFault::Format(found) => write!(f, "format {found}, known is {SEGMENT_FORMAT}"),
            HeaderFault::Checksum { computed, stored } => write!(f, "checksum {stored}, computed {computed}"),
            HeaderFault::Reserved => f.write_str("a reserved byte that is not zero"),
        }
    }
}

impl std::error::Error for HeaderFault {}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Header {
        Header { ledger: Hash([1; 32]), first_seq: 123, prev: Hash([2; 32]) }
    }

    #[test]
    fn bytes_and_fields_are_inverse() {
        assert_eq!(Header::from_bytes(&sample().to_bytes()), Ok(sample()));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let bytes = sample().to_bytes();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            let fault = Header::from_bytes(&flipped).unwrap_err();
            assert!(!matches!(fault, HeaderFault::Format(_)), "bit {bit} is damage, not a later format: {fault}");
        }
        for len in 0..bytes.len() {
            assert!(Header::from_bytes(&bytes[..len]).is_err(), "{len}");
        }
    }

    #[test]
    fn a_later_format_is_unsupported_and_not_damage() {
        let mut bytes = sample().to_bytes();
        bytes[FORMAT_AT] = 2;
        let checksum = segment_checksum(&bytes[..CHECKED_LEN]);
        bytes[CHECKED_LEN..].copy_from_slice(&checksum.0);
        assert_eq!(Header::from_bytes(&bytes), Err(HeaderFault::Format(2)));
    }
}
