//! The seal: it closes one atomic commit, and is a signed tree head.

use std::fmt;

use super::fields::Fields;
use crate::chain::{Hash, Head};

/// Most signatures a seal may carry.
pub const SIGNATURES_MAX: usize = 16;
/// Longest signature, in bytes: room for the post-quantum ones.
pub const SIGNATURE_LEN_MAX: usize = 8192;

/// Length of a seal without signatures, in bytes.
pub(super) const SEAL_LEN_MIN: usize = 8 + 32 + 32 + 1;

/// Closes a commit: the state of the whole log after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Count of events, and link of the last.
    pub head: Head,
    /// Root of the RFC 6962 tree over all events.
    pub root: Hash,
    /// Signatures over the checkpoint text that the head and root make; may be none.
    pub signatures: Vec<Signature>,
}

/// One signature under a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Number of the event that authorised the key.
    pub key: u64,
    /// Number of the algorithm; unknown ones are ignored.
    pub algorithm: u8,
    /// The signature itself, at most [`SIGNATURE_LEN_MAX`] bytes.
    pub bytes: Vec<u8>,
}

impl Seal {
    /// Adds its bytes to `out`.
    ///
    /// # Errors
    /// [`TooManySignatures`] if there are more, or longer ones, than a seal may carry; nothing was added.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), TooManySignatures> {
        let lengths: Option<Vec<u16>> = self.signatures.iter().map(Signature::len).collect();
        let lengths = lengths.filter(|lengths| lengths.len() <= SIGNATURES_MAX).ok_or(TooManySignatures)?;
        let count = u8::try_from(lengths.len()).map_err(|_| TooManySignatures)?;
        out.extend_from_slice(&self.head.size.to_le_bytes());
        out.extend_from_slice(&self.head.hash.0);
        out.extend_from_slice(&self.root.0);
        out.push(count);
        for (signature, len) in self.signatures.iter().zip(lengths) {
            out.extend_from_slice(&signature.key.to_le_bytes());
            out.push(signature.algorithm);
            out.extend_from_slice(&len.to_le_bytes());
            out.extend_from_slice(&signature.bytes);
        }
        Ok(())
    }

    /// Reads a seal that fills `bytes` exactly and keeps within the limits; anything else is none.
    pub(super) fn read(bytes: &[u8]) -> Option<Seal> {
        let mut fields = Fields(bytes);
        let head = Head { size: fields.u64()?, hash: fields.hash()? };
        let root = fields.hash()?;
        let count = usize::from(fields.u8()?);
        if count > SIGNATURES_MAX {
            return None;
        }
        let signatures = (0..count).map(|_| Signature::read(&mut fields)).collect::<Option<Vec<_>>>()?;
        fields.is_empty().then_some(Seal { head, root, signatures })
    }
}

impl Signature {
    fn len(&self) -> Option<u16> {
        u16::try_from(self.bytes.len()).ok().filter(|len| usize::from(*len) <= SIGNATURE_LEN_MAX)
    }

    fn read(fields: &mut Fields<'_>) -> Option<Signature> {
        let (key, algorithm) = (fields.u64()?, fields.u8()?);
        let len = usize::from(fields.u16()?);
        if len > SIGNATURE_LEN_MAX {
            return None;
        }
        Some(Signature { key, algorithm, bytes: fields.slice(len)?.to_vec() })
    }
}

/// More signatures, or longer ones, than a seal may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManySignatures;

impl fmt::Display for TooManySignatures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a seal carries at most {SIGNATURES_MAX} signatures of at most {SIGNATURE_LEN_MAX} bytes")
    }
}

impl std::error::Error for TooManySignatures {}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(signatures: Vec<Signature>) -> Seal {
        Seal { head: Head { size: 3, hash: Hash([1; 32]) }, root: Hash([2; 32]), signatures }
    }

    fn signature(len: usize) -> Signature {
        Signature { key: 7, algorithm: 1, bytes: vec![9; len] }
    }

    fn bytes_of(seal: &Seal) -> Vec<u8> {
        let mut out = Vec::new();
        seal.write(&mut out).unwrap();
        out
    }

    #[test]
    fn write_and_read_are_inverse() {
        for signatures in [vec![], vec![signature(64)], vec![signature(SIGNATURE_LEN_MAX); SIGNATURES_MAX]] {
            let seal = seal(signatures);
            assert_eq!(Seal::read(&bytes_of(&seal)), Some(seal));
        }
        assert_eq!(bytes_of(&seal(vec![])).len(), 73);
    }

    #[test]
    fn what_is_too_much_is_neither_written_nor_read() {
        for signatures in [vec![signature(1); SIGNATURES_MAX + 1], vec![signature(SIGNATURE_LEN_MAX + 1)]] {
            let mut out = Vec::new();
            assert_eq!(seal(signatures).write(&mut out), Err(TooManySignatures));
            assert!(out.is_empty());
        }
        let mut many = bytes_of(&seal(vec![]));
        many[72] = 17;
        many.extend(std::iter::repeat_n([0; 11], 17).flatten());
        assert_eq!(Seal::read(&many), None);
    }

    #[test]
    fn a_seal_fills_its_record_exactly() {
        let bytes = bytes_of(&seal(vec![signature(3)]));
        for len in 0..bytes.len() {
            assert_eq!(Seal::read(&bytes[..len]), None, "{len}");
        }
        assert_eq!(Seal::read(&[bytes.as_slice(), &[0]].concat()), None);
    }
}
