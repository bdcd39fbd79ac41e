//! Many messages hashed at once, and how far that is trusted.
//!
//! Lanes only ever accept. Whoever compares a hash of theirs and finds another has it made again by the crates before
//! anything is called damaged. Whoever writes one down has nothing to compare it with; therefore lanes are
//! tried before their first use ([`super::trial`]), and of every batch one message, each time at another place, is hashed
//! by the crates as well. Lanes that fail either are not used again by this process.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use fearless_simd::Level;

use super::lanes::{self, Message};
use super::one::{self, LEAF, LINK_KEY, NODE, PAYLOAD_KEY, SALT_LEN};
use super::{Hash, trial};

/// Longest message that BLAKE3 hashes in a lane, in bytes: one chunk. Of longer ones the crate hashes the chunks at once.
const CHUNK_LEN: usize = 1024;
/// Fewer messages than these are hashed sooner one by one.
const LEAST: usize = 5;

/// A salt and a payload, which are hashed together.
pub type Salted<'m> = (&'m [u8; SALT_LEN], &'m [u8]);

/// How many messages are hashed at once: as many as the processor has lanes for, or one.
#[derive(Clone, Copy, Debug)]
pub struct Lanes(Option<Level>);

/// What this processor has, if its lanes make what the crates make.
static TRIED: LazyLock<Option<Level>> = LazyLock::new(|| Some(Level::new()).filter(|level| trial::passes(*level)));
/// Lanes made what the crates did not.
static DISTRUSTED: AtomicBool = AtomicBool::new(false);
/// How many batches there were: tells which message of the next one is hashed again.
static BATCHES: AtomicUsize = AtomicUsize::new(0);

impl Lanes {
    /// As many as this processor has; none in a build that is not optimised, where lanes take far longer than the crates.
    #[must_use]
    pub fn all() -> Lanes {
        #[cfg(test)]
        let is_slow = super::tests::asked_for().is_none();
        #[cfg(not(test))]
        let is_slow = cfg!(debug_assertions);
        Lanes(if is_slow { None } else { TRIED.filter(|_| !DISTRUSTED.load(Ordering::Relaxed)) })
    }

    /// One message after the other, by the crates: what counts where hashes differ.
    #[must_use]
    pub fn none() -> Lanes {
        Lanes(None)
    }

    /// Whether there are several, so that hashes may have to be made again.
    #[must_use]
    pub fn are_many(self) -> bool {
        self.0.is_some()
    }

    /// The commitment to each, as [`super::commitment`] makes it.
    #[must_use]
    pub fn commitments(self, bodies: &[Salted<'_>]) -> Vec<Hash> {
        let messages: Vec<_> = bodies.iter().map(|(salt, payload)| Message { head: *salt, rest: payload }).collect();
        self.hash(Function::Blake3(&PAYLOAD_KEY), &messages)
    }

    /// The link of each envelope, as [`super::link`] makes it.
    #[must_use]
    pub fn links(self, envelopes: &[&[u8]]) -> Vec<Hash> {
        let messages: Vec<_> = envelopes.iter().map(|rest| Message { head: &[], rest }).collect();
        self.hash(Function::Blake3(&LINK_KEY), &messages)
    }

    /// The leaf of each envelope, as [`super::leaf`] makes it.
    #[must_use]
    pub fn leaves(self, envelopes: &[&[u8]]) -> Vec<Hash> {
        let messages: Vec<_> = envelopes.iter().map(|rest| Message { head: &LEAF, rest }).collect();
        self.hash(Function::Sha256, &messages)
    }

    /// The node over each two of a level of the tree, as [`super::parent`] makes it: the level above. One that is left over
    /// has no node there.
    #[must_use]
    pub fn parents(self, nodes: &[Hash]) -> Vec<Hash> {
        let joined = |[left, right]: &[Hash; 2]| -> [u8; 64] {
            let mut both = [0; 64];
            let (first, second) = both.split_at_mut(left.0.len());
            first.copy_from_slice(&left.0);
            second.copy_from_slice(&right.0);
            both
        };
        let pairs: Vec<_> = nodes.as_chunks::<2>().0.iter().map(joined).collect();
        let messages: Vec<_> = pairs.iter().map(|rest| Message { head: &NODE, rest }).collect();
        self.hash(Function::Sha256, &messages)
    }

    fn hash(self, function: Function<'_>, messages: &[Message<'_>]) -> Vec<Hash> {
        let one_by_one = || messages.iter().map(|message| function.of(message)).collect();
        let Some(level) = self.0.filter(|level| messages.len() >= LEAST && function.has_lanes(*level)) else {
            return one_by_one();
        };
        let hashes = function.in_lanes(level, messages);
        if function.agrees(messages, &hashes, BATCHES.fetch_add(1, Ordering::Relaxed)) {
            #[cfg(test)]
            let hashes = super::tests::spoiled(hashes);
            return hashes;
        }
        DISTRUSTED.store(true, Ordering::Relaxed);
        one_by_one()
    }
}

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
    fn has_lanes(self, level: Level) -> bool {
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
