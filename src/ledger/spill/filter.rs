//! A blocked Bloom filter: what it has not was never put in. A question takes one line of the processor's cache.

use crate::ledger::content::Content;

const BLOCK_BITS: usize = 512;
/// With six bits set for each, about one in eighty that were not put in seems to be there.
const BITS_EACH: usize = 10;
const SET_EACH: u32 = 6;

/// Contents that may have been put in.
#[derive(Debug, Default)]
pub(super) struct Filter {
    blocks: Vec<[u64; BLOCK_BITS / 64]>,
    /// For how many it is.
    pub(super) count_max: usize,
}

impl Filter {
    /// An empty one, for so many.
    pub(super) fn new(count_max: usize) -> Filter {
        Filter { blocks: vec![Default::default(); (count_max * BITS_EACH).div_ceil(BLOCK_BITS)], count_max }
    }

    pub(super) fn insert(&mut self, content: Content) {
        let place = self.block_of(content);
        if let Some(block) = self.blocks.get_mut(place) {
            block.iter_mut().zip(mask(content)).for_each(|(word, bits)| *word |= bits);
        }
    }

    pub(super) fn may_have(&self, content: Content) -> bool {
        let block = self.blocks.get(self.block_of(content));
        block.is_some_and(|block| block.iter().zip(mask(content)).all(|(word, bits)| word & bits == bits))
    }

    /// Contents in their order have blocks in their order.
    fn block_of(&self, content: Content) -> usize {
        let place = (u128::from(content.first_half()) * self.blocks.len() as u128) >> 64;
        usize::try_from(place).unwrap_or(usize::MAX)
    }
}

/// The bits of a content in its block.
fn mask(content: Content) -> [u64; BLOCK_BITS / 64] {
    let mut mask = [0; BLOCK_BITS / 64];
    for nth in 0..SET_EACH {
        let bit = content.half() >> (nth * BLOCK_BITS.ilog2());
        if let Some(word) = mask.get_mut((bit >> 6) as usize % (BLOCK_BITS / 64)) {
            *word |= 1 << (bit % 64);
        }
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::content::Contents;

    #[test]
    fn what_was_put_in_is_there_and_little_else_seems_so() {
        let (contents, mut filter) = (Contents::default(), Filter::new(100_000));
        assert!(!filter.may_have(contents.of(&0_u32)));
        (0..100_000_u32).for_each(|number| filter.insert(contents.of(&number)));
        assert!((0..100_000_u32).all(|number| filter.may_have(contents.of(&number))));
        let wrong = (100_000..200_000_u32).filter(|number| filter.may_have(contents.of(number))).count();
        assert!((100..3000).contains(&wrong), "{wrong}");
        assert!(!Filter::default().may_have(contents.of(&0_u32)));
    }
}
