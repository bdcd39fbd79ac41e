//! Roots of whole subtrees of 256 leaves: from them proofs are made without reading the whole log.

use std::ops::Range;

use super::Index;
use super::key::Key;
use super::store::Store;
use super::unusable::Unusable;
use crate::chain::Hash;
use crate::pack::Unpack;
use crate::tree::root_of;

/// Leaves to a subtree.
pub const SUBTREE_LEAVES: u64 = LEAVES as u64;
pub(super) const LEAVES: usize = crate::log::SUBTREE_LEAVES;
/// Subtrees to a page.
const PAGE: u64 = 256;

/// A part of the tree over some events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Leaf(Hash),
    /// The root of a whole subtree.
    Subtree(Hash),
}

/// Leaves, with roots in the place of those below them. With each root stands the place of the last of its leaves.
pub(super) fn nodes_of(leaves: &[Hash], roots: &[(usize, Hash)]) -> Vec<Node> {
    let (mut nodes, mut next) = (Vec::new(), 0);
    for (last, root) in roots {
        let begin = (last + 1).checked_sub(LEAVES).filter(|begin| *begin >= next);
        if let Some(before) = begin.and_then(|begin| leaves.get(next..begin)) {
            nodes.extend(before.iter().copied().map(Node::Leaf));
            nodes.push(Node::Subtree(*root));
            next = last + 1;
        }
    }
    nodes.extend(leaves.iter().skip(next).copied().map(Node::Leaf));
    nodes
}

/// What the tree over the events behind those of a store comes to: pages of subtrees, and the leaves behind the last whole one.
pub(super) fn added<'n>(
    store: &Store,
    nodes: impl IntoIterator<Item = &'n Node>,
) -> Result<Vec<(Key, Vec<u8>)>, Unusable> {
    let mut open = hashes(store, Key::leaves())?;
    if open.len() as u64 != store.size() % SUBTREE_LEAVES {
        return Err(Unusable::broken("it has other leaves than events"));
    }
    let mut subtree = store.size() / SUBTREE_LEAVES;
    let mut page = hashes(store, Key::subtrees(subtree / PAGE))?;
    if page.len() as u64 != subtree % PAGE {
        return Err(Unusable::broken("it has other subtrees than leaves"));
    }
    let mut added = Vec::new();
    for node in nodes {
        let root = match node {
            Node::Subtree(root) if open.is_empty() => *root,
            Node::Subtree(_) => return Err(Unusable::broken("a subtree begins inside another")),
            Node::Leaf(leaf) => {
                open.push(*leaf);
                if open.len() < LEAVES {
                    continue;
                }
                root_of(&std::mem::take(&mut open))
            }
        };
        page.push(root);
        subtree += 1;
        if subtree.is_multiple_of(PAGE) {
            added.push((Key::subtrees(subtree / PAGE - 1), bytes(&std::mem::take(&mut page))));
        }
    }
    if !page.is_empty() {
        added.push((Key::subtrees(subtree / PAGE), bytes(&page)));
    }
    added.push((Key::leaves(), bytes(&open)));
    Ok(added)
}

fn bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

fn hashes(store: &Store, key: Key) -> Result<Vec<Hash>, Unusable> {
    let mut bytes = Vec::new();
    store.get(key, &mut bytes)?;
    let (mut unpack, mut hashes) = (Unpack(&bytes), Vec::with_capacity(bytes.len() / 32));
    while !unpack.is_empty() {
        hashes.push(unpack.array().map(Hash).ok_or_else(|| Unusable::broken("a page of subtrees is not readable"))?);
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
            let page = hashes(&self.store, Key::subtrees(next / PAGE))?;
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
    use crate::index::run::RunWriter;

    #[test]
    fn leaves_added_in_any_pieces_make_the_same_subtrees() {
        let dir = tempfile::tempdir().unwrap();
        let leaves: Vec<Hash> =
            (0..SUBTREE_LEAVES * (PAGE + 2) + 7).map(|leaf| Hash([leaf.to_le_bytes()[0]; 32])).collect();
        let mut index = Index::open_or_make(dir.path()).unwrap();
        let mut before = 0;
        for piece in [1, 254, 1, 1, 300, 65_000, 1000] {
            let piece = &leaves[before..(before + piece).min(leaves.len())];
            let ends = (before + 1..).zip(piece).enumerate().filter(|(_, (size, _))| size.is_multiple_of(512));
            let roots = ends.map(|(place, (size, _))| (place, root_of(&leaves[size - LEAVES..size])));
            let nodes = nodes_of(piece, &roots.collect::<Vec<_>>());
            assert!(piece.len() < 1000 || nodes.len() < piece.len() * 3 / 4);
            let added = added(&index.store, &nodes).unwrap();
            let fill = |into: &mut RunWriter<'_>| added.iter().try_for_each(|(key, value)| into.put(*key, value));
            index.store.add(piece.len() as u64, &[0], fill).unwrap();
            before += piece.len();
            let whole = before / 256;
            let expected: Vec<Hash> = leaves.chunks(256).take(whole).map(root_of).collect();
            assert_eq!(index.subtrees(0..whole as u64 + 9).unwrap(), expected);
        }
        assert_eq!(index.subtrees(255..258).unwrap().len(), 3);
        index.settle().unwrap();
        assert_eq!(index.subtrees(255..258).unwrap().len(), 3);
        index.store.add(1, &[0], |_| Ok(())).unwrap();
        assert!(added(&index.store, &[Node::Leaf(leaves[0])]).is_err());
    }
}
