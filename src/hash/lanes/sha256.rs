//! SHA-256 of many messages, by FIPS 180-4 (<https://doi.org/10.6028/NIST.FIPS.180-4>), section 6.2.

use fearless_simd::{Level, Simd, SimdBase, SimdFrom, dispatch};

use super::words::{Rows, hashes, in_all_lanes, turned};
use super::{BLOCK_LEN, LANES_MAX, Message, START, by_blocks};
use crate::hash::Hash;

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2).
const K: [[u32; 16]; 4] = [
    [
        0x428a_2f98,
        0x7137_4491,
        0xb5c0_fbcf,
        0xe9b5_dba5,
        0x3956_c25b,
        0x59f1_11f1,
        0x923f_82a4,
        0xab1c_5ed5,
        0xd807_aa98,
        0x1283_5b01,
        0x2431_85be,
        0x550c_7dc3,
        0x72be_5d74,
        0x80de_b1fe,
        0x9bdc_06a7,
        0xc19b_f174,
    ],
    [
        0xe49b_69c1,
        0xefbe_4786,
        0x0fc1_9dc6,
        0x240c_a1cc,
        0x2de9_2c6f,
        0x4a74_84aa,
        0x5cb0_a9dc,
        0x76f9_88da,
        0x983e_5152,
        0xa831_c66d,
        0xb003_27c8,
        0xbf59_7fc7,
        0xc6e0_0bf3,
        0xd5a7_9147,
        0x06ca_6351,
        0x1429_2967,
    ],
    [
        0x27b7_0a85,
        0x2e1b_2138,
        0x4d2c_6dfc,
        0x5338_0d13,
        0x650a_7354,
        0x766a_0abb,
        0x81c2_c92e,
        0x9272_2c85,
        0xa2bf_e8a1,
        0xa81a_664b,
        0xc24b_8b70,
        0xc76c_51a3,
        0xd192_e819,
        0xd699_0624,
        0xf40e_3585,
        0x106a_a070,
    ],
    [
        0x19a4_c116,
        0x1e37_6c08,
        0x2748_774c,
        0x34b0_bcb5,
        0x391c_0cb3,
        0x4ed8_aa4a,
        0x5b9c_ca4f,
        0x682e_6ff3,
        0x748f_82ee,
        0x78a5_636f,
        0x84c8_7814,
        0x8cc7_0208,
        0x90be_fffa,
        0xa450_6ceb,
        0xbef9_a3f7,
        0xc671_78f2,
    ],
];
/// What padding takes at least: a byte, and the message's length in bits.
const PADDING_LEN_MIN: usize = 9;

/// Hashes messages, into as many places.
pub(in crate::hash) fn hash(level: Level, messages: &[Message<'_>], into: &mut [Hash]) {
    dispatch!(level, simd => hash_all(simd, messages, into));
}

/// So many blocks has a message with its padding.
#[inline(always)]
fn blocks(len_bytes: usize) -> usize {
    (len_bytes + PADDING_LEN_MIN).div_ceil(BLOCK_LEN)
}

#[inline(always)]
fn hash_all<S: Simd>(simd: S, messages: &[Message<'_>], into: &mut [Hash]) {
    let order = by_blocks(messages, blocks);
    for group in order.chunks(S::u32s::LEN.min(LANES_MAX)) {
        hash_group(simd, group, messages, into);
    }
}

/// Hashes as many as there are lanes, or fewer.
#[inline(always)]
fn hash_group<S: Simd>(simd: S, group: &[usize], messages: &[Message<'_>], into: &mut [Hash]) {
    let mut lanes = [Message::default(); LANES_MAX];
    for (lane, at) in lanes.iter_mut().zip(group) {
        *lane = messages.get(*at).copied().unwrap_or_default();
    }
    let mut lens = [1; LANES_MAX];
    for (len, lane) in lens.iter_mut().zip(&lanes) {
        *len = blocks(lane.len());
    }
    let (mut state, mut rows) = (in_all_lanes(simd, &START), Rows::new());
    let last = group.len().checked_sub(1).and_then(|last| lens.get(last)).copied().unwrap_or(0);
    for number in 0..last {
        for ((lane, len), row) in lanes.iter().zip(&lens).zip(rows.lanes()).take(group.len()) {
            fill(lane, number, *len, row);
        }
        state = compress(simd, state, rows.columns(simd, u32::from_be_bytes));
        // The lanes beside one that has ended go on, and what becomes of its own words is nobody's.
        if lens.contains(&(number + 1)) {
            let ended = hashes::<S>(state, u32::to_be_bytes);
            for ((at, hash), _) in group.iter().zip(ended).zip(lens).filter(|(_, len)| *len == number + 1) {
                if let Some(into) = into.get_mut(*at) {
                    *into = hash;
                }
            }
        }
    }
}

/// Fills a block of a message that has so many: a one bit stands behind its end, then zeros, and its length in bits (5.1.1).
#[inline(always)]
fn fill(message: &Message<'_>, number: usize, count: usize, block: &mut [u8; BLOCK_LEN]) {
    message.fill(number, block);
    if message.len() / BLOCK_LEN == number
        && let Some(behind) = block.get_mut(message.len() % BLOCK_LEN)
    {
        *behind = 0x80;
    }
    if number + 1 == count
        && let Some(len) = block.last_chunk_mut()
    {
        *len = (message.len() as u64 * 8).to_be_bytes();
    }
}

#[inline(always)]
fn compress<S: Simd>(simd: S, state: [S::u32s; 8], w: [S::u32s; 16]) -> [S::u32s; 8] {
    let [k0, k1, k2, k3] = K;
    let mixed = rounds(simd, state, w, k0);
    let w = scheduled::<S>(w);
    let mixed = rounds(simd, mixed, w, k1);
    let w = scheduled::<S>(w);
    let mixed = rounds(simd, mixed, w, k2);
    let w = scheduled::<S>(w);
    let mut mixed = rounds(simd, mixed, w, k3);
    for (word, before) in mixed.iter_mut().zip(state) {
        *word += before;
    }
    mixed
}

/// Sixteen of the 64 steps.
#[inline(always)]
fn rounds<S: Simd>(simd: S, state: [S::u32s; 8], w: [S::u32s; 16], k: [u32; 16]) -> [S::u32s; 8] {
    let mut state = state;
    // After eight steps each word stands where it stood.
    for (w, k) in w.as_chunks::<8>().0.iter().zip(k.as_chunks::<8>().0) {
        for (w, k) in w.iter().zip(k) {
            state = step::<S>(state, *w + S::u32s::simd_from(simd, *k));
        }
    }
    state
}

/// One of the 64 steps.
#[inline(always)]
#[expect(clippy::many_single_char_names, reason = "as the standard has them")]
fn step<S: Simd>([a, b, c, d, e, f, g, h]: [S::u32s; 8], w_and_k: S::u32s) -> [S::u32s; 8] {
    let sum_e = turned::<S>(e, 6) ^ turned::<S>(e, 11) ^ turned::<S>(e, 25);
    let chosen = g ^ (e & (f ^ g));
    let t1 = h + w_and_k + sum_e + chosen;
    let sum_a = turned::<S>(a, 2) ^ turned::<S>(a, 13) ^ turned::<S>(a, 22);
    let majority = (a & b) | (c & (a | b));
    [t1 + sum_a + majority, a, b, c, d + t1, e, f, g]
}

/// The next sixteen words.
#[inline(always)]
fn scheduled<S: Simd>(w: [S::u32s; 16]) -> [S::u32s; 16] {
    let [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15] = w;
    let w0 = word::<S>(w0, w1, w9, w14);
    let w1 = word::<S>(w1, w2, w10, w15);
    let w2 = word::<S>(w2, w3, w11, w0);
    let w3 = word::<S>(w3, w4, w12, w1);
    let w4 = word::<S>(w4, w5, w13, w2);
    let w5 = word::<S>(w5, w6, w14, w3);
    let w6 = word::<S>(w6, w7, w15, w4);
    let w7 = word::<S>(w7, w8, w0, w5);
    let w8 = word::<S>(w8, w9, w1, w6);
    let w9 = word::<S>(w9, w10, w2, w7);
    let w10 = word::<S>(w10, w11, w3, w8);
    let w11 = word::<S>(w11, w12, w4, w9);
    let w12 = word::<S>(w12, w13, w5, w10);
    let w13 = word::<S>(w13, w14, w6, w11);
    let w14 = word::<S>(w14, w15, w7, w12);
    let w15 = word::<S>(w15, w0, w8, w13);
    [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15]
}

/// A word, by those that stand 16, 15, 7 and 2 before it.
#[inline(always)]
fn word<S: Simd>(w16: S::u32s, w15: S::u32s, w7: S::u32s, w2: S::u32s) -> S::u32s {
    let sigma_0 = turned::<S>(w15, 7) ^ turned::<S>(w15, 18) ^ (w15 >> 3);
    let sigma_1 = turned::<S>(w2, 17) ^ turned::<S>(w2, 19) ^ (w2 >> 10);
    (w16 + sigma_0) + (w7 + sigma_1)
}
