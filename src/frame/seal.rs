//! The seal: it closes one atomic commit, and is a signed tree head.

use std::fmt;

use super::fields::Fields;
use crate::chain::{self, HASH_LEN, Hash, Head};

/// Most signatures a seal may carry.
pub const SIGNATURES_MAX: usize = 4;
/// Longest signature, in bytes: room for the post-quantum ones.
pub const SIGNATURE_LEN_MAX: usize = 8192;
/// Longest that all signatures of a seal together may be, in bytes.
pub const SIGNATURES_LEN_MAX: usize = 16_384;

/// Length of what stands before each signature, in bytes.
pub(super) const SIGNATURE_HEAD_LEN: usize = 8 + 1 + 2;
/// Length of a seal without signatures and without its tip, in bytes.
const BODY_LEN_MIN: usize = 8 + 32 + 32 + 1;
/// Length of a seal without signatures, in bytes.
pub(super) const SEAL_LEN_MIN: usize = BODY_LEN_MIN + HASH_LEN;

/// Closes a commit: the state of the whole log after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Count of events.
    pub size: u64,
    /// Link of the last event.
    pub link: Hash,
    /// Root of the RFC 6962 tree over all events.
    pub root: Hash,
    /// Signatures over the checkpoint text that size and root make; may be none.
    pub signatures: Vec<Signature>,
    /// The digest of all that, as it stands in the seal: what the next event holds in `prev`.
    pub tip: Hash,
}

/// One signature under a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Number of the event that authorised the key.
    pub key: u64,
    /// Number of the algorithm.
    pub algorithm: u8,
    /// The signature itself, at most [`SIGNATURE_LEN_MAX`] bytes.
    pub bytes: Vec<u8>,
}

impl Seal {
    /// A seal with the tip that belongs to it.
    ///
    /// # Errors
    /// [`TooManySignatures`] if there are more, or longer ones, than a seal may carry.
    pub fn new(size: u64, link: Hash, root: Hash, signatures: Vec<Signature>) -> Result<Seal, TooManySignatures> {
        let seal = Seal { size, link, root, signatures, tip: Hash::ZERO };
        seal.keeps_limits().then_some(()).ok_or(TooManySignatures)?;
        Ok(Seal { tip: seal.digest(), ..seal })
    }

    /// The head that it makes.
    #[must_use]
    pub fn head(&self) -> Head {
        Head { size: self.size, tip: self.tip }
    }

    /// The tip that belongs to what it says; another stands in it if one of its bytes was changed.
    #[must_use]
    pub fn digest(&self) -> Hash {
        chain::tip(&self.body())
    }

    /// Its bytes without its tip: these are hashed, and published.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(BODY_LEN_MIN);
        out.extend_from_slice(&self.size.to_le_bytes());
        out.extend_from_slice(&self.link.0);
        out.extend_from_slice(&self.root.0);
        out.push(u8::try_from(self.signatures.len()).unwrap_or(u8::MAX));
        for signature in &self.signatures {
            out.extend_from_slice(&signature.key.to_le_bytes());
            out.push(signature.algorithm);
            out.extend_from_slice(&u16::try_from(signature.bytes.len()).unwrap_or(u16::MAX).to_le_bytes());
            out.extend_from_slice(&signature.bytes);
        }
        out
    }

    /// Reads a [`body`](Seal::body), and gives it the tip that belongs to it; anything else is none.
    #[must_use]
    pub fn of_body(body: &[u8]) -> Option<Seal> {
        let mut fields = Fields(body);
        let seal = Seal { tip: chain::tip(body), ..Seal::read_body(&mut fields)? };
        fields.is_empty().then_some(seal)
    }

    /// Adds its bytes to `out`.
    ///
    /// # Errors
    /// [`TooManySignatures`] if there are more, or longer ones, than a seal may carry; nothing was added.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), TooManySignatures> {
        self.keeps_limits().then_some(()).ok_or(TooManySignatures)?;
        out.extend_from_slice(&self.body());
        out.extend_from_slice(&self.tip.0);
        Ok(())
    }

    /// Reads a seal that fills `bytes` exactly and keeps within the limits; anything else is none. Its tip is taken as it
    /// stands there.
    pub(super) fn read(bytes: &[u8]) -> Option<Seal> {
        let mut fields = Fields(bytes);
        let seal = Seal::read_body(&mut fields)?;
        let seal = Seal { tip: fields.hash()?, ..seal };
        fields.is_empty().then_some(seal)
    }

    fn read_body(fields: &mut Fields<'_>) -> Option<Seal> {
        let (size, link, root) = (fields.u64()?, fields.hash()?, fields.hash()?);
        let count = usize::from(fields.u8()?);
        if count > SIGNATURES_MAX {
            return None;
        }
        let signatures = (0..count).map(|_| Signature::read(fields)).collect::<Option<Vec<_>>>()?;
        Some(Seal { size, link, root, signatures, tip: Hash::ZERO }).filter(Seal::keeps_limits)
    }

    fn keeps_limits(&self) -> bool {
        let mut lengths = self.signatures.iter().map(|signature| signature.bytes.len());
        self.signatures.len() <= SIGNATURES_MAX
            && lengths.clone().all(|len| len <= SIGNATURE_LEN_MAX)
            && lengths.by_ref().sum::<usize>() <= SIGNATURES_LEN_MAX
    }
}

impl Signature {
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
        write!(
            f,
            "a seal carries at most {SIGNATURES_MAX} signatures of at most {SIGNATURE_LEN_MAX} bytes, {SIGNATURES_LEN_MAX} \
             together"
        )
    }
}

impl std::error::Error for TooManySignatures {}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(signatures: Vec<Signature>) -> Seal {
        Seal::new(3, Hash([1; 32]), Hash([2; 32]), signatures).unwrap()
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
        for signatures in [vec![], vec![signature(64)], vec![signature(4096); 4], vec![signature(8192); 2]] {
            let seal = seal(signatures);
            assert_eq!(Seal::read(&bytes_of(&seal)), Some(seal.clone()));
            assert_eq!(Seal::of_body(&seal.body()), Some(seal));
        }
        assert_eq!(bytes_of(&seal(vec![])).len(), 105);
    }

    #[test]
    fn what_is_too_much_is_neither_written_nor_read() {
        let too_much =
            [vec![signature(1); 5], vec![signature(8193)], vec![signature(5462); 3], vec![signature(4097); 4]];
        for signatures in too_much {
            let seal = Seal { signatures, ..seal(vec![]) };
            let mut out = Vec::new();
            assert_eq!(seal.write(&mut out), Err(TooManySignatures));
            assert!(out.is_empty());
            assert_eq!(Seal::new(3, seal.link, seal.root, seal.signatures.clone()), Err(TooManySignatures));
            assert_eq!(Seal::read(&[seal.body(), vec![0; 32]].concat()), None);
            assert_eq!(Seal::of_body(&seal.body()), None);
        }
    }

    #[test]
    fn a_seal_fills_its_record_exactly() {
        let bytes = bytes_of(&seal(vec![signature(3)]));
        for len in 0..bytes.len() {
            assert_eq!(Seal::read(&bytes[..len]), None, "{len}");
        }
        assert_eq!(Seal::read(&[bytes.as_slice(), &[0]].concat()), None);
    }

    #[test]
    fn every_bit_of_a_seal_is_under_its_tip() {
        let bytes = bytes_of(&seal(vec![signature(64)]));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Seal::read(&flipped).is_none_or(|seal| seal.digest() != seal.tip), "{bit}");
        }
        let own = seal(vec![signature(64)]);
        assert_eq!(own.digest(), own.tip);
    }
}
