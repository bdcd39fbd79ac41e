//! Many messages hashed at once, and how far that is trusted.
//!
//! Lanes only ever accept. Whoever compares a hash of theirs and finds another has it made again by the crates before
//! anything is called damaged. Whoever writes one down has nothing to compare it with; therefore lanes are
//! tried before their first use ([`super::trial`]), and of every batch one message, each time at another place, is hashed
//! by the crates as well. Lanes that fail either are not used again by this process.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use fearless_simd::Level;

use super::function::Function;
use super::lanes::Message;
use super::one::{LEAF, LINK_KEY, NODE, PAYLOAD_KEY, SALT_LEN};
use super::{Hash, trial};

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
