//! Proofs that a leaf is in a tree, and that one tree is the beginning of another (RFC 6962, section 2.1; the
//! verifying follows RFC 9162, sections 2.1.3.2 and 2.1.4.2).
//!
//! A position counts from 0 here, as in the RFC: event 1 is leaf 0.

use super::{empty_root, parent};
use crate::chain::Hash;

/// The root over these leaves.
#[must_use]
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = halves(leaves);
            parent(&root_of(left), &root_of(right))
        }
    }
}

/// The neighbours from the leaf at `index` up to the root; none if there is no such leaf.
#[must_use]
pub fn inclusion_proof(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    let leaf_and_more = leaves.get(index)?;
    if let [only] = leaves {
        debug_assert_eq!(only, leaf_and_more, "the last step down");
        return Some(Vec::new());
    }
    let (left, right) = halves(leaves);
    let (inside, index, beside) =
        if index < left.len() { (left, index, right) } else { (right, index - left.len(), left) };
    let mut proof = inclusion_proof(inside, index)?;
    proof.push(root_of(beside));
    Some(proof)
}

/// Whether the proof leads from the leaf at `index` to the root of a tree of `size` leaves.
#[must_use]
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let mut climb = Climb { at: index, last: size - 1 };
    let mut node = *leaf;
    for beside in proof {
        match climb.step() {
            None => return false,
            Some(Side::Left) => node = parent(beside, &node),
            Some(Side::Right) => node = parent(&node, beside),
        }
    }
    climb.last == 0 && node == *root
}

/// What shows that the tree over all `leaves` begins with the tree over the first `old_size`; none if there are
/// not so many. Empty for equal sizes and for the empty tree.
#[must_use]
pub fn consistency_proof(leaves: &[Hash], old_size: usize) -> Option<Vec<Hash>> {
    match old_size {
        _ if old_size > leaves.len() => None,
        0 => Some(Vec::new()),
        _ => Some(subproof(leaves, old_size, true)),
    }
}

/// RFC 6962's SUBPROOF: `known` while the old root itself is the node that is being shown.
fn subproof(leaves: &[Hash], old_size: usize, known: bool) -> Vec<Hash> {
    if old_size == leaves.len() {
        return if known { Vec::new() } else { vec![root_of(leaves)] };
    }
    let (left, right) = halves(leaves);
    if old_size <= left.len() {
        let mut proof = subproof(left, old_size, known);
        proof.push(root_of(right));
        proof
    } else {
        let mut proof = subproof(right, old_size - left.len(), false);
        proof.push(root_of(left));
        proof
    }
}

/// Whether the proof shows that the tree of `new_size` and `new_root` begins with the old one.
#[must_use]
pub fn verify_consistency(old_size: u64, old_root: &Hash, new_size: u64, new_root: &Hash, proof: &[Hash]) -> bool {
    if old_size == 0 || old_size >= new_size {
        let same = old_size == new_size && old_root == new_root;
        let from_nothing = old_size == 0 && *old_root == empty_root();
        return proof.is_empty() && (same || (from_nothing && new_size > 0));
    }
    let skipped = old_size.trailing_zeros();
    let mut climb = Climb { at: (old_size - 1) >> skipped, last: (new_size - 1) >> skipped };
    let (first, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else {
        let Some((first, rest)) = proof.split_first() else { return false };
        (first, rest)
    };
    let (mut old, mut new) = (*first, *first);
    for beside in rest {
        match climb.step() {
            None => return false,
            Some(Side::Left) => {
                old = parent(beside, &old);
                new = parent(beside, &new);
            }
            Some(Side::Right) => new = parent(&new, beside),
        }
    }
    climb.last == 0 && old == *old_root && new == *new_root
}

/// The way up from a node to the root: where it is, and where the last node of its level is.
struct Climb {
    at: u64,
    last: u64,
}

/// On which side of the node its neighbour stands.
enum Side {
    Left,
    Right,
}

impl Climb {
    /// One neighbour further up; none if this is the root already.
    fn step(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let side = if self.at & 1 == 1 || self.at == self.last {
            // A last node without a right neighbour is carried up unchanged.
            let carried = self.at.trailing_zeros();
            self.at >>= carried;
            self.last >>= carried;
            Side::Left
        } else {
            Side::Right
        };
        self.at >>= 1;
        self.last >>= 1;
        Some(side)
    }
}

/// Splits two or more leaves as the RFC does: the left half is the largest power of two below their count.
fn halves(leaves: &[Hash]) -> (&[Hash], &[Hash]) {
    let mid = leaves.len().next_power_of_two() / 2;
    leaves.split_at_checked(mid).unwrap_or((leaves, &[]))
}
