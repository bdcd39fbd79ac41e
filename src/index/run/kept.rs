//! Blocks of a run's table that were read and checked, for the next question.

use std::sync::{Arc, PoisonError, RwLock};

use foldhash::HashMap;

use crate::index::unusable::Unusable;

/// So many are kept, about four megabytes; of more than that all are read again.
const KEPT_MAX: usize = 1 << 11;

/// Blocks by their number.
#[derive(Debug, Default)]
pub(super) struct Kept(RwLock<HashMap<u64, Arc<Vec<u8>>>>);

impl Kept {
    /// A block, which is read if it is not kept.
    ///
    /// # Errors
    /// As reading it.
    pub(super) fn get(
        &self,
        number: u64,
        read: impl FnOnce() -> Result<Vec<u8>, Unusable>,
    ) -> Result<Arc<Vec<u8>>, Unusable> {
        if let Some(block) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&number) {
            return Ok(Arc::clone(block));
        }
        let block = Arc::new(read()?);
        let mut blocks = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if blocks.len() == KEPT_MAX {
            blocks.clear();
        }
        blocks.insert(number, Arc::clone(&block));
        Ok(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_read_once_as_long_as_it_is_kept() {
        let (kept, mut reads) = (Kept::default(), 0);
        let mut get = |number: u64| {
            let block = kept.get(number, || {
                reads += 1;
                Ok(number.to_le_bytes().to_vec())
            });
            assert_eq!(*block.unwrap(), number.to_le_bytes());
            reads
        };
        assert_eq!([get(7), get(8), get(7)], [1, 2, 2]);
        let max = KEPT_MAX as u64;
        (100..100 + max).for_each(|number| assert!(get(number) > 2));
        let before = get(100 + max - 1);
        assert_eq!(before, KEPT_MAX + 2);
        assert_eq!(get(7), before + 1, "it went when there were too many");
        assert!(kept.get(1, || Err(Unusable::broken("no"))).is_err());
    }
}
