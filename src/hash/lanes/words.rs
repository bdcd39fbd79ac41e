//! Words of messages put side by side: word 0 of every lane in one vector, word 1 in the next.

use fearless_simd::{Simd, SimdBase, SimdFrom};

use super::{BLOCK_LEN, LANES_MAX};
use crate::hash::{HASH_LEN, Hash};

/// Words in a block.
const BLOCK_WORDS: usize = BLOCK_LEN / 4;
/// Words in a hash.
const HASH_WORDS: usize = HASH_LEN / 4;

/// A block of each lane, one behind the other.
pub(super) struct Rows([[u8; BLOCK_LEN]; LANES_MAX]);

impl Rows {
    pub(super) fn new() -> Rows {
        Rows([[0; BLOCK_LEN]; LANES_MAX])
    }

    /// The block of each lane, in their order.
    #[inline(always)]
    pub(super) fn lanes(&mut self) -> impl Iterator<Item = &mut [u8; BLOCK_LEN]> {
        self.0.iter_mut()
    }

    /// The first words of all lanes, then the second.
    #[inline(always)]
    pub(super) fn columns<S: Simd>(&self, simd: S, from_bytes: fn([u8; 4]) -> u32) -> [S::u32s; BLOCK_WORDS] {
        // Loops, and no closures: what is no part of this function is made for processors without lanes.
        let mut words = [[0; BLOCK_WORDS]; LANES_MAX];
        for (words, block) in words.iter_mut().zip(&self.0).take(S::u32s::LEN) {
            for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
                *word = from_bytes(*bytes);
            }
        }
        let mut columns = [S::u32s::simd_from(simd, 0); BLOCK_WORDS];
        for (column, words) in columns.iter_mut().zip(words.as_flattened().chunks_exact(S::u32s::LEN)) {
            *column = S::u32s::from_slice(simd, words);
        }
        for _ in 0..S::u32s::LEN.ilog2() {
            columns = shuffled::<S, BLOCK_WORDS>(columns);
        }
        columns
    }
}

/// Cards shuffled perfectly: of two halves one from here, one from there. A number's place is written in bits, and its
/// highest bit becomes its lowest: after as many shuffles as the lanes' number has bits, words stand before lanes.
#[inline(always)]
fn shuffled<S: Simd, const COUNT: usize>(vectors: [S::u32s; COUNT]) -> [S::u32s; COUNT] {
    let mut into = vectors;
    let (low, high) = vectors.split_at(COUNT / 2);
    for ((pair, low), high) in into.as_chunks_mut::<2>().0.iter_mut().zip(low).zip(high) {
        *pair = [low.zip_low(*high), low.zip_high(*high)];
    }
    into
}

/// The hash of each lane, of vectors that hold their first words, then their second.
#[inline(always)]
pub(super) fn hashes<S: Simd>(state: [S::u32s; HASH_WORDS], to_bytes: fn(u32) -> [u8; 4]) -> [Hash; LANES_MAX] {
    let mut lanes = state;
    for _ in 0..HASH_WORDS.ilog2() {
        lanes = shuffled::<S, HASH_WORDS>(lanes);
    }
    let mut words = [[0; HASH_WORDS]; LANES_MAX];
    for (into, lane) in words.as_flattened_mut().chunks_exact_mut(S::u32s::LEN).zip(lanes) {
        lane.store_slice(into);
    }
    let mut hashes = [Hash::ZERO; LANES_MAX];
    for (hash, words) in hashes.iter_mut().zip(&words).take(S::u32s::LEN) {
        for (into, word) in hash.0.as_chunks_mut::<4>().0.iter_mut().zip(words) {
            *into = to_bytes(*word);
        }
    }
    hashes
}

/// Words that are the same in all lanes.
#[inline(always)]
pub(super) fn in_all_lanes<S: Simd>(simd: S, words: &[u32; HASH_WORDS]) -> [S::u32s; HASH_WORDS] {
    let mut lanes = [S::u32s::simd_from(simd, 0); HASH_WORDS];
    for (lanes, word) in lanes.iter_mut().zip(words) {
        *lanes = S::u32s::simd_from(simd, *word);
    }
    lanes
}

/// A number for each lane.
#[inline(always)]
pub(super) fn of_lanes<S: Simd>(simd: S, numbers: &[u32; LANES_MAX]) -> S::u32s {
    S::u32s::from_slice(simd, numbers.get(..S::u32s::LEN).unwrap_or(numbers))
}

/// Each lane's bits turned right.
#[inline(always)]
pub(super) fn turned<S: Simd>(lanes: S::u32s, right: u32) -> S::u32s {
    lanes >> right | lanes << (u32::BITS - right)
}
