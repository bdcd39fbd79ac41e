//! BLAKE3 of many messages of one chunk each, by the paper (<https://github.com/BLAKE3-team/BLAKE3-specs>, section 2):
//! the blocks of a chunk are compressed one after the other, and the last of the only chunk is the root.

use fearless_simd::{Level, Simd, SimdBase, SimdFrom, dispatch};

use super::words::{Rows, hashes, in_all_lanes, of_lanes, turned};
use super::{BLOCK_LEN, LANES_MAX, Message, START, by_blocks};
use crate::hash::Hash;

/// Flags of table 3: the first block of a chunk, its last, the root, and what is derived with a context's key.
const CHUNK_START: u32 = 1 << 0;
const CHUNK_END: u32 = 1 << 1;
const ROOT: u32 = 1 << 3;
const DERIVE_KEY_MATERIAL: u32 = 1 << 6;

/// Hashes messages of at most 1,024 bytes with a context's key, into as many places.
pub(in crate::hash) fn hash(level: Level, key: &[u32; 8], messages: &[Message<'_>], into: &mut [Hash]) {
    dispatch!(level, simd => hash_all(simd, key, messages, into));
}

/// So many blocks has a message: also an empty one has one.
#[inline(always)]
fn blocks(len_bytes: usize) -> usize {
    len_bytes.div_ceil(BLOCK_LEN).max(1)
}

#[inline(always)]
fn hash_all<S: Simd>(simd: S, key: &[u32; 8], messages: &[Message<'_>], into: &mut [Hash]) {
    let order = by_blocks(messages, blocks);
    for group in order.chunks(S::u32s::LEN.min(LANES_MAX)) {
        hash_group(simd, key, group, messages, into);
    }
}

/// Hashes as many as there are lanes, or fewer.
#[inline(always)]
fn hash_group<S: Simd>(simd: S, key: &[u32; 8], group: &[usize], messages: &[Message<'_>], into: &mut [Hash]) {
    let mut lanes = [Message::default(); LANES_MAX];
    for (lane, at) in lanes.iter_mut().zip(group) {
        *lane = messages.get(*at).copied().unwrap_or_default();
    }
    let mut lens = [1; LANES_MAX];
    for (len, lane) in lens.iter_mut().zip(&lanes) {
        *len = blocks(lane.len());
    }
    let (mut chain, mut rows) = (in_all_lanes(simd, key), Rows::new());
    let last = group.len().checked_sub(1).and_then(|last| lens.get(last)).copied().unwrap_or(0);
    for number in 0..last {
        let (mut filled, mut flags) = ([0; LANES_MAX], [0; LANES_MAX]);
        let of_lane = lanes.iter().zip(&lens).zip(rows.lanes()).zip(filled.iter_mut().zip(&mut flags));
        for (((lane, len), row), (filled, flags)) in of_lane.take(group.len()) {
            *filled = u32::try_from(lane.fill(number, row)).unwrap_or_default();
            *flags = flags_of(number, *len);
        }
        let (filled, flags) = (of_lanes(simd, &filled), of_lanes(simd, &flags));
        chain = compress(simd, chain, rows.columns(simd, u32::from_le_bytes), filled, flags);
        // The lanes beside one that has ended go on, and what becomes of its own words is nobody's.
        if lens.contains(&(number + 1)) {
            let ended = hashes::<S>(chain, u32::to_le_bytes);
            for ((at, hash), _) in group.iter().zip(ended).zip(lens).filter(|(_, len)| *len == number + 1) {
                if let Some(into) = into.get_mut(*at) {
                    *into = hash;
                }
            }
        }
    }
}

/// The flags of a block of so many.
#[inline(always)]
fn flags_of(number: usize, count: usize) -> u32 {
    let first = if number == 0 { CHUNK_START } else { 0 };
    let last = if number + 1 == count { CHUNK_END | ROOT } else { 0 };
    DERIVE_KEY_MATERIAL | first | last
}

/// The compression function, of which only the chaining value is kept: no chunk but the first is counted.
#[inline(always)]
fn compress<S: Simd>(simd: S, chain: [S::u32s; 8], m: [S::u32s; 16], len: S::u32s, flags: S::u32s) -> [S::u32s; 8] {
    let [c0, c1, c2, c3, c4, c5, c6, c7] = chain;
    let [s0, s1, s2, s3, ..] = in_all_lanes(simd, &START);
    let zero = S::u32s::simd_from(simd, 0);
    let state = [c0, c1, c2, c3, c4, c5, c6, c7, s0, s1, s2, s3, zero, zero, len, flags];
    let (state, m) = (round::<S>(state, m), permuted(m));
    let (state, m) = (round::<S>(state, m), permuted(m));
    let (state, m) = (round::<S>(state, m), permuted(m));
    let (state, m) = (round::<S>(state, m), permuted(m));
    let (state, m) = (round::<S>(state, m), permuted(m));
    let (state, m) = (round::<S>(state, m), permuted(m));
    let [v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15] = round::<S>(state, m);
    [v0 ^ v8, v1 ^ v9, v2 ^ v10, v3 ^ v11, v4 ^ v12, v5 ^ v13, v6 ^ v14, v7 ^ v15]
}

/// Columns, then diagonals.
#[inline(always)]
fn round<S: Simd>(v: [S::u32s; 16], m: [S::u32s; 16]) -> [S::u32s; 16] {
    let [v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15] = v;
    let [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] = m;
    let [v0, v4, v8, v12] = mixed::<S>([v0, v4, v8, v12], m0, m1);
    let [v1, v5, v9, v13] = mixed::<S>([v1, v5, v9, v13], m2, m3);
    let [v2, v6, v10, v14] = mixed::<S>([v2, v6, v10, v14], m4, m5);
    let [v3, v7, v11, v15] = mixed::<S>([v3, v7, v11, v15], m6, m7);
    let [v0, v5, v10, v15] = mixed::<S>([v0, v5, v10, v15], m8, m9);
    let [v1, v6, v11, v12] = mixed::<S>([v1, v6, v11, v12], m10, m11);
    let [v2, v7, v8, v13] = mixed::<S>([v2, v7, v8, v13], m12, m13);
    let [v3, v4, v9, v14] = mixed::<S>([v3, v4, v9, v14], m14, m15);
    [v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15]
}

/// The function G.
#[inline(always)]
#[expect(clippy::many_single_char_names, reason = "as the paper has them")]
fn mixed<S: Simd>([a, b, c, d]: [S::u32s; 4], x: S::u32s, y: S::u32s) -> [S::u32s; 4] {
    let a = a + b + x;
    let d = turned::<S>(d ^ a, 16);
    let c = c + d;
    let b = turned::<S>(b ^ c, 12);
    let a = a + b + y;
    let d = turned::<S>(d ^ a, 8);
    let c = c + d;
    let b = turned::<S>(b ^ c, 7);
    [a, b, c, d]
}

/// The order in which the next round takes the words (table 2).
#[inline(always)]
fn permuted<V: Copy>(m: [V; 16]) -> [V; 16] {
    let [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] = m;
    [m2, m6, m3, m10, m7, m0, m4, m13, m1, m11, m12, m5, m9, m14, m15, m8]
}
