//! Many messages hashed at once: the processor adds, turns and mixes the same words of 4, 8 or 16 messages with one
//! instruction, a lane for each message.
//!
//! Nothing here names an instruction: `fearless_simd` compiles the code once for each set of them, and gives the set that
//! this processor has. What comes out is compared with what the crates make of one message before it is used; see
//! [`super::Lanes`].
#![expect(clippy::inline_always, reason = "what is not inlined is compiled without the instructions of the set")]

mod blake3;
mod sha256;
mod words;

use fearless_simd::{Level, Simd, SimdBase, dispatch};

pub(super) use blake3::hash as blake3;
pub(super) use sha256::hash as sha256;

/// Length of a block, of BLAKE3 and of SHA-256, in bytes.
const BLOCK_LEN: usize = 64;
/// Most lanes that any processor has here.
const LANES_MAX: usize = 16;
/// What SHA-256 starts from, and BLAKE3 takes the first four of: the first 32 bits of the fractional parts of the square
/// roots of the first eight primes (FIPS 180-4, 5.3.3).
const START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// A message in two pieces, the second right behind the first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Message<'m> {
    /// Less than a block: a salt, or the byte that tells leaves from nodes.
    pub(super) head: &'m [u8],
    pub(super) rest: &'m [u8],
}

impl Message<'_> {
    pub(super) fn len(&self) -> usize {
        self.head.len() + self.rest.len()
    }

    /// Fills a block with its bytes, and with zeros where it has ended; says how many bytes are its own.
    #[inline(always)]
    fn fill(&self, number: usize, block: &mut [u8; BLOCK_LEN]) -> usize {
        let start = number * BLOCK_LEN;
        let (mut filled, mut rest) = (0, self.rest);
        match start.checked_sub(self.head.len()) {
            Some(start) => rest = self.rest.get(start..).unwrap_or_default(),
            None => filled = copy(self.head, block),
        }
        if let (Some(whole), 0) = (rest.first_chunk::<BLOCK_LEN>(), filled) {
            *block = *whole;
            return BLOCK_LEN;
        }
        filled += copy(rest, block.get_mut(filled..).unwrap_or_default());
        block.get_mut(filled..).unwrap_or_default().fill(0);
        filled
    }
}

/// Copies as much as there is and as fits, and says how much that is.
#[inline(always)]
fn copy(from: &[u8], into: &mut [u8]) -> usize {
    let len = from.len().min(into.len());
    if let (Some(into), Some(from)) = (into.get_mut(..len), from.get(..len)) {
        into.copy_from_slice(from);
    }
    len
}

/// How many lanes there are.
pub(super) fn count(level: Level) -> usize {
    fn of<S: Simd>(_: S) -> usize {
        S::u32s::LEN
    }
    dispatch!(level, simd => of(simd))
}

/// The places of messages, those of few blocks first, so that lanes beside each other end together.
fn by_blocks(messages: &[Message<'_>], blocks: impl Fn(usize) -> usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..messages.len()).collect();
    let count = |at: &usize| messages.get(*at).map(|message| blocks(message.len()));
    if !order.is_sorted_by_key(count) {
        order.sort_by_cached_key(count);
    }
    order
}
