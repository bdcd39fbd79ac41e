//! What is made of messages, one by one or in lanes.

use fearless_simd::Level;

use super::lanes::{self, Message};
use super::{Hash, one};

/// Longest message that BLAKE3 hashes in a lane, in bytes: one chunk. Of longer ones the crate hashes the chunks at once.
const CHUNK_LEN: usize = 1024;

/// What is made of messages.
#[derive(Clone, Copy)]
pub(super) enum Function<'k> {
    /// BLAKE3 with the key of a context.
    Blake3(&'k [u8; 32]),
    Sha256,
}

impl Function<'_> {
    /// The hash of one message, by the crates.
    pub(super) fn of(self, message: &Message<'_>) -> Hash {
        match self {
            Function::Blake3(key) => one::keyed(key, &[message.head, message.rest]),
            Function::Sha256 => one::sha256(&[message.head, message.rest]),
        }
    }

    /// Whether the hash of one message, found by any number, is what the crates make of it.
    pub(super) fn agrees(self, messages: &[Message<'_>], hashes: &[Hash], sample: usize) -> bool {
        let mut both = messages.iter().zip(hashes).skip(sample % messages.len().max(1));
        both.next().is_none_or(|(message, hash)| self.of(message) == *hash)
    }

    /// Whether lanes are faster than the crates. What a processor has for SHA-256 alone is as fast as eight lanes.
    pub(super) fn has_lanes(self, level: Level) -> bool {
        match self {
            Function::Blake3(_) => true,
            Function::Sha256 => lanes::count(level) > 8 || !has_sha_256(),
        }
    }

    /// The hash of each message; what is too long for a lane is hashed by itself.
    pub(super) fn in_lanes(self, level: Level, messages: &[Message<'_>]) -> Vec<Hash> {
        let mut hashes = vec![Hash::ZERO; messages.len()];
        let key = match self {
            Function::Blake3(key) => key.as_chunks::<4>().0,
            Function::Sha256 => {
                lanes::sha256(level, messages, &mut hashes);
                return hashes;
            }
        };
        let mut words = [0; 8];
        for (word, bytes) in words.iter_mut().zip(key) {
            *word = u32::from_le_bytes(*bytes);
        }
        let is_short = |message: &Message<'_>| message.len() <= CHUNK_LEN;
        if messages.iter().all(is_short) {
            lanes::blake3(level, &words, messages, &mut hashes);
            return hashes;
        }
        let short: Vec<_> = messages.iter().filter(|message| is_short(message)).copied().collect();
        lanes::blake3(level, &words, &short, &mut hashes);
        let mut short = hashes.into_iter();
        let mut hash = |message| if is_short(message) { short.next() } else { Some(self.of(message)) };
        messages.iter().filter_map(&mut hash).collect()
    }
}

/// Whether the processor has instructions for SHA-256, which the crate then takes.
fn has_sha_256() -> bool {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    return std::arch::is_x86_feature_detected!("sha");
    #[cfg(target_arch = "aarch64")]
    return std::arch::is_aarch64_feature_detected!("sha2");
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")))]
    return false;
}
