//! The files of seals: the seals of the commits that end under one bundle of entries, in order.

use crate::frame::{SEAL_RECORD_LEN_MAX, Seal};
use crate::share::tiles::WIDTH;

/// Longest file of seals, in bytes: more than one of 256 of the longest seals.
pub(super) const SEALS_LEN_MAX: usize = WIDTH * (2 + SEAL_RECORD_LEN_MAX);

/// Adds a seal: the length of its body, big-endian, and the body, which is the seal without its tip.
pub(super) fn add_seal(bundle: &mut Vec<u8>, seal: &Seal) {
    let body = seal.body();
    debug_assert!(u16::try_from(body.len()).is_ok(), "a seal keeps within its limits");
    bundle.extend_from_slice(&u16::try_from(body.len()).unwrap_or(u16::MAX).to_be_bytes());
    bundle.extend_from_slice(&body);
}

/// The seals of such a file, each with the tip that belongs to it; none if it is anything else: not of seals, not of
/// those behind the first `256 * index` events, or not in the order of their sizes.
pub(super) fn seals_of(bundle: &[u8], index: u64) -> Option<Vec<Seal>> {
    let (mut rest, mut seals) = (bundle, Vec::<Seal>::new());
    while let Some((len, behind)) = rest.split_first_chunk::<2>() {
        let (body, behind) = behind.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
        let seal = Seal::of_body(body)?;
        let is_next = seals.last().is_none_or(|last| last.size < seal.size);
        (is_next && seal.size.checked_sub(1)? / WIDTH as u64 == index).then_some(())?;
        seals.push(seal);
        rest = behind;
    }
    (rest.is_empty() && !seals.is_empty()).then_some(seals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Hash;

    #[test]
    fn a_file_of_seals_has_one_spelling() {
        let seal = |size| Seal::new(size, Hash([1; 32]), Hash([2; 32]), Vec::new()).unwrap();
        let bundle = |sizes: &[u64]| {
            let mut bundle = Vec::new();
            for size in sizes {
                add_seal(&mut bundle, &seal(*size));
            }
            bundle
        };
        assert_eq!(seals_of(&bundle(&[257, 300, 512]), 1), Some(vec![seal(257), seal(300), seal(512)]));
        for (sizes, index) in [(&[300, 300][..], 1), (&[301, 300], 1), (&[256], 1), (&[513], 1), (&[0], 0), (&[], 0)] {
            assert_eq!(seals_of(&bundle(sizes), index), None, "{sizes:?}");
        }
        let whole = bundle(&[1, 2]);
        for len in (1..whole.len()).filter(|len| *len != whole.len() / 2) {
            assert_eq!(seals_of(&whole[..len], 0), None, "{len}");
        }
        assert_eq!(seals_of(&[&whole[..], &[0]].concat(), 0), None);
    }
}
