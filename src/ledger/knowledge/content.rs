//! What tells two contents apart, without keeping them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

/// 128 bits of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::ledger) struct Content(u64, u64);

impl Content {
    /// 64 of its bits: enough to tell whether two things are the same, not to find one among millions.
    pub(super) fn half(self) -> u64 {
        self.1
    }
}

/// Something by content. A content is as good as random already: half of it is its hash.
pub(super) type ContentMap<T> = HashMap<Content, T, ByHalf>;

/// Gives contents their bits. Keyed at random for each process, so nobody can prepare two contents that look the same.
#[derive(Debug, Default)]
pub(super) struct Contents {
    key: RandomState,
    quick: foldhash::quality::RandomState,
    /// Room for what a content hashes, so that it is hashed in one piece.
    gathered: RefCell<Vec<u8>>,
}

impl Contents {
    /// The content of something.
    pub(super) fn of(&self, content: &impl Hash) -> Content {
        self.gather(content, |bytes| bits(&self.key, bytes))
    }

    /// 64 bits of something: enough to tell whether two things are the same, not to find one among millions.
    pub(super) fn digest(&self, content: &impl Hash) -> u64 {
        self.of(content).half()
    }

    /// 64 bits of something, made quickly: enough to tell one of a few things of one claim from the others. Seeded at random
    /// for each process, as all of them; but nobody has shown that two that look the same cannot be found all the same.
    pub(super) fn quick(&self, content: &impl Hash) -> u64 {
        self.quick.hash_one(content)
    }

    fn gather(&self, content: &impl Hash, take: impl FnOnce(&[u8]) -> Content) -> Content {
        let mut gathering = Gathering(self.gathered.take());
        content.hash(&mut gathering);
        let taken = take(&gathering.0);
        gathering.0.clear();
        self.gathered.replace(gathering.0);
        taken
    }
}

/// Twice 64 bits of one keyed state, as a hash of 128 bits has them: the second behind one byte more.
fn bits(key: &RandomState, bytes: &[u8]) -> Content {
    let mut hasher = key.build_hasher();
    hasher.write(bytes);
    let first = hasher.finish();
    hasher.write_u8(0xee);
    Content(first, hasher.finish())
}

/// Keeps what is hashed, byte for byte.
struct Gathering(Vec<u8>);

impl Hasher for Gathering {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

/// Takes half a content for its hash.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ByHalf(u64);

impl BuildHasher for ByHalf {
    type Hasher = ByHalf;

    fn build_hasher(&self) -> ByHalf {
        ByHalf(0)
    }
}

impl Hasher for ByHalf {
    fn write_u64(&mut self, half: u64) {
        self.0 = half;
    }

    fn write(&mut self, bytes: &[u8]) {
        // Only contents are keys; anything else would still be told apart, only slower.
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_differ_where_what_is_hashed_differs() {
        let contents = Contents::default();
        let all = [("a", "bc"), ("ab", "c"), ("abc", ""), ("", "abc"), ("a", "bd")].map(|pair| contents.of(&pair));
        for (place, one) in all.iter().enumerate() {
            assert!(!all[..place].contains(one), "{place}");
        }
        assert_eq!(contents.of(&("a", "bc")), all[0]);
        assert_ne!(Contents::default().of(&("a", "bc")), all[0], "each register has keys of its own");
    }

    #[test]
    fn a_map_finds_what_was_put_in() {
        let contents = Contents::default();
        let mut map = ContentMap::default();
        for number in 0..10_000_u32 {
            map.insert(contents.of(&number), number);
        }
        assert!((0..10_000_u32).all(|number| map.get(&contents.of(&number)) == Some(&number)));
        assert_eq!(map.get(&contents.of(&10_000_u32)), None);
    }
}
