//! Names and ids: 64 bits of each with the event that has it, sorted, some hundreds to a block.

use super::store::{Changes, NAME, Store, Unusable};
use super::{Index, NameOf};
use crate::chain::fingerprint;
use crate::seq::Seq;

/// Names to a block; a fuller one is split.
const BLOCK_MAX: usize = 512;
/// What a block is filled with when many are written at once.
const BLOCK_FILL: usize = 384;

const PAIR_LEN: usize = 16;

type Pair = (u64, Seq);

fn key_of(first: u64) -> [u8; 9] {
    let mut key = [NAME; 9];
    if let Some((_, bits)) = key.split_first_mut() {
        bits.copy_from_slice(&first.to_be_bytes());
    }
    key
}

fn first_of(key: &[u8]) -> Option<u64> {
    key.get(1..)?.try_into().ok().map(u64::from_be_bytes)
}

fn read(block: &[u8]) -> impl Iterator<Item = Pair> {
    block.as_chunks::<PAIR_LEN>().0.iter().map(|[a, b, c, d, e, f, g, h, seq @ ..]| {
        (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), Seq(u64::from_be_bytes(*seq)))
    })
}

fn write(pairs: &[Pair]) -> Vec<u8> {
    pairs.iter().flat_map(|(bits, seq)| [bits.to_be_bytes(), seq.0.to_be_bytes()]).flatten().collect()
}

impl NameOf {
    /// The 64 bits by which a name of this kind is found.
    pub(super) fn bits(self, name: &str) -> u64 {
        fingerprint(self as u8, name.as_bytes())
    }
}

impl Index {
    /// The events that may have this name, in their order; whoever asks compares.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn named(&self, kind: NameOf, name: &str) -> Result<Vec<Seq>, Unusable> {
        let bits = kind.bits(name);
        let found = self.store.at_or_before(NAME, &key_of(bits))?;
        let Some((_, block)) = found else { return Ok(Vec::new()) };
        Ok(read(&block).filter(|(own, _)| *own == bits).map(|(_, seq)| seq).collect())
    }
}

/// Adds names, given in any order, to the blocks they belong in.
pub(super) fn add(store: &Store, changes: &mut Changes, mut new: Vec<Pair>) -> Result<(), Unusable> {
    new.sort_unstable();
    let mut rest = new.as_slice();
    while let Some((first, _)) = rest.first() {
        let found = store.at_or_before(NAME, &key_of(*first))?;
        let (begin, mut pairs) = match &found {
            Some((key, block)) => (first_of(key).unwrap_or(0), read(block).collect()),
            None => (0, Vec::new()),
        };
        let end = store.behind(NAME, &key_of(begin))?.and_then(|key| first_of(&key));
        let count = rest.partition_point(|(bits, _)| end.is_none_or(|end| *bits < end));
        let (here, behind) = rest.split_at(count);
        rest = behind;
        pairs.extend_from_slice(here);
        pairs.sort_unstable();
        put(changes, begin, &pairs);
    }
    Ok(())
}

/// Writes pairs as one block that begins at `begin`, or as several. Equal bits stay in one block.
fn put(changes: &mut Changes, begin: u64, pairs: &[Pair]) {
    let size = if pairs.len() <= BLOCK_MAX { BLOCK_MAX } else { BLOCK_FILL };
    let mut key = begin;
    let mut rest = pairs;
    while !rest.is_empty() {
        let mut count = rest.len().min(size);
        while let (Some(last), Some(next)) = (rest.get(count - 1), rest.get(count))
            && last.0 == next.0
        {
            count += 1;
        }
        let (block, behind) = rest.split_at(count);
        changes.put(&key_of(key), write(block));
        rest = behind;
        if let Some((bits, _)) = rest.first() {
            key = *bits;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(store: &Store) -> Vec<Pair> {
        let mut pairs = Vec::new();
        store
            .each(&[NAME], |_, block| {
                assert!(block.len() <= (BLOCK_MAX + 8) * PAIR_LEN);
                pairs.extend(read(block));
                Ok(())
            })
            .unwrap();
        pairs
    }

    #[test]
    fn what_is_added_in_any_order_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let (mut expected, mut state) = (Vec::new(), 7_u64);
        for round in 0..12_u64 {
            let mut new = Vec::new();
            for number in 0..300 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(round);
                // Some have equal bits.
                new.push(if number % 50 == 0 { (42, Seq(round * 1000 + number)) } else { (state, Seq(number)) });
            }
            expected.extend_from_slice(&new);
            let mut changes = Changes::default();
            add(&store, &mut changes, new).unwrap();
            store.apply(changes).unwrap();
        }
        expected.sort_unstable();
        assert_eq!(all(&store), expected);
        let index = Index { store, up_to: None, size: 0 };
        for (bits, _) in &expected {
            let (_, block) = index.store.at_or_before(NAME, &key_of(*bits)).unwrap().unwrap();
            let of = |pairs: &mut dyn Iterator<Item = Pair>| pairs.filter(|(own, _)| own == bits).count();
            assert_eq!(of(&mut read(&block)), of(&mut expected.iter().copied()));
        }
    }
}
