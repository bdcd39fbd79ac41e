//! Roots of whole subtrees of 256 leaves: from them proofs are made without reading the whole log.

use std::ops::Range;

use super::Index;
use super::pack::Unpack;
use super::store::{Changes, SUBTREE, Store, Unusable};
use crate::chain::Hash;
use crate::tree::root_of;

/// Leaves to a subtree.
pub const SUBTREE_LEAVES: u64 = LEAVES as u64;
const LEAVES: usize = 256;
/// Subtrees to a page.
const PAGE: u64 = 256;

/// The page of a subtree.
fn page_key(subtree: u64) -> [u8; 9] {
    let mut key = [SUBTREE; 9];
    if let Some((_, number)) = key.split_first_mut() {
        number.copy_from_slice(&(subtree / PAGE).to_be_bytes());
    }
    key
}

/// The leaves behind the last whole subtree.
const OPEN: &[u8] = &[SUBTREE];

/// Adds leaves behind the first `before`.
pub(super) fn add(store: &Store, changes: &mut Changes, before: u64, leaves: &[Hash]) -> Result<(), Unusable> {
    let mut open = hashes(store, OPEN)?;
    if open.len() as u64 != before % SUBTREE_LEAVES {
        return Err(Unusable::broken("it has other leaves than events"));
    }
    open.extend_from_slice(leaves);
    let mut subtree = before / SUBTREE_LEAVES;
    let mut page = hashes(store, &page_key(subtree))?;
    if page.len() as u64 != subtree % PAGE {
        return Err(Unusable::broken("it has other subtrees than leaves"));
    }
    let (whole, rest) = open.as_chunks::<LEAVES>();
    for leaves in whole {
        page.push(root_of(leaves));
        subtree += 1;
        if subtree.is_multiple_of(PAGE) {
            changes.put(&page_key(subtree - 1), bytes(&std::mem::take(&mut page)));
        }
    }
    if !page.is_empty() {
        changes.put(&page_key(subtree), bytes(&page));
    }
    changes.put(OPEN, bytes(rest));
    Ok(())
}

fn bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

fn hashes(store: &Store, key: &[u8]) -> Result<Vec<Hash>, Unusable> {
    let Some(bytes) = store.get(key)? else { return Ok(Vec::new()) };
    let (mut unpack, mut hashes) = (Unpack(&bytes), Vec::with_capacity(bytes.len() / 32));
    while !unpack.is_empty() {
        hashes.push(unpack.hash().ok_or_else(|| Unusable::broken("a page of subtrees is not readable"))?);
    }
    Ok(hashes)
}

impl Index {
    /// The roots of whole subtrees of [`SUBTREE_LEAVES`], counted from 0; fewer if the index does not reach so far.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn subtrees(&self, range: Range<u64>) -> Result<Vec<Hash>, Unusable> {
        let mut roots = Vec::new();
        let mut next = range.start;
        while next < range.end {
            let page = hashes(&self.store, &page_key(next))?;
            let wanted = (range.end - next).min(PAGE - next % PAGE);
            let page = page.into_iter().skip(usize::try_from(next % PAGE).unwrap_or(usize::MAX));
            roots.extend(page.take(usize::try_from(wanted).unwrap_or(usize::MAX)));
            next += wanted;
        }
        Ok(roots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_added_in_any_pieces_make_the_same_subtrees() {
        let dir = tempfile::tempdir().unwrap();
        let leaves: Vec<Hash> =
            (0..SUBTREE_LEAVES * (PAGE + 2) + 7).map(|leaf| Hash([leaf.to_le_bytes()[0]; 32])).collect();
        let mut index = Index::open_or_make(dir.path()).unwrap();
        let mut before = 0;
        for piece in [1, 254, 1, 1, 300, 65_000, 1000] {
            let piece = &leaves[before..(before + piece).min(leaves.len())];
            let mut changes = Changes::default();
            add(&index.store, &mut changes, before as u64, piece).unwrap();
            index.store.apply(changes).unwrap();
            before += piece.len();
            let whole = before / 256;
            let expected: Vec<Hash> = leaves.chunks(256).take(whole).map(root_of).collect();
            assert_eq!(index.subtrees(0..whole as u64 + 9).unwrap(), expected);
        }
        index.size = before as u64;
        assert_eq!(index.subtrees(255..258).unwrap().len(), 3);
        let mut changes = Changes::default();
        assert!(add(&index.store, &mut changes, before as u64 + 1, &leaves[..1]).is_err());
    }
}
