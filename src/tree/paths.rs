//! Which subtrees a proof needs, by the leaves they stand over, so that their roots can be found in any way; and the
//! root that several leaves and such subtrees lead to.
//!
//! For one leaf the order is that of RFC 6962; for several it goes on in the same manner: what lies inside a node comes
//! first, then the side of it in which no leaf is shown.

use std::ops::Range;

use super::parent;
use crate::chain::Hash;

/// The subtrees from which the root over `size` leaves follows together with the leaves at these positions, which
/// count from 0 and ascend; none if there are no such leaves.
#[must_use]
pub fn inclusion_ranges(size: u64, positions: &[u64]) -> Option<Vec<Range<u64>>> {
    is_ascending(size, positions).then(|| {
        let mut ranges = Vec::new();
        gather(0..size, positions, &mut ranges);
        ranges
    })
}

fn is_ascending(size: u64, positions: &[u64]) -> bool {
    let is_inside = positions.last().is_some_and(|last| *last < size);
    is_inside && positions.is_sorted_by(|one, next| one < next)
}

fn gather(node: Range<u64>, shown: &[u64], into: &mut Vec<Range<u64>>) {
    if node.end - node.start == 1 {
        return;
    }
    let sides = sides(&node, shown);
    for (side, shown) in sides.clone().into_iter().filter(|(_, shown)| !shown.is_empty()) {
        gather(side, shown, into);
    }
    into.extend(sides.into_iter().filter(|(_, shown)| shown.is_empty()).map(|(side, _)| side));
}

/// Both sides of a node over two or more leaves, each with what is shown in it.
fn sides<'s, T: Position>(node: &Range<u64>, shown: &'s [T]) -> [(Range<u64>, &'s [T]); 2] {
    let middle = node.start + left_len(node.end - node.start);
    let (left, right) = shown.split_at(shown.partition_point(|one| one.position() < middle));
    [(node.start..middle, left), (middle..node.end, right)]
}

/// How many of two or more leaves stand on the left.
fn left_len(len: u64) -> u64 {
    1 << (len - 1).ilog2()
}

trait Position {
    fn position(&self) -> u64;
}

impl Position for u64 {
    fn position(&self) -> u64 {
        *self
    }
}

impl Position for (u64, Hash) {
    fn position(&self) -> u64 {
        self.0
    }
}

/// The root over `size` leaves that these leaves, each with its position, and the roots of the subtrees that
/// [`inclusion_ranges`] names lead to; none if there are too few or too many.
#[must_use]
pub fn root_from(size: u64, leaves: &[(u64, Hash)], hashes: &[Hash]) -> Option<Hash> {
    let positions: Vec<u64> = leaves.iter().map(|(position, _)| *position).collect();
    let mut hashes = hashes.iter().copied();
    let root = is_ascending(size, &positions).then(|| climb(0..size, leaves, &mut hashes))??;
    hashes.next().is_none().then_some(root)
}

fn climb(node: Range<u64>, shown: &[(u64, Hash)], hashes: &mut impl Iterator<Item = Hash>) -> Option<Hash> {
    if node.end - node.start == 1 {
        return shown.first().map(|(_, leaf)| *leaf);
    }
    let [(left, left_shown), (right, right_shown)] = sides(&node, shown);
    let inside = |side, shown: &[_], hashes: &mut _| match shown {
        [] => Some(None),
        _ => climb(side, shown, hashes).map(Some),
    };
    let (left, right) = (inside(left, left_shown, hashes)?, inside(right, right_shown, hashes)?);
    let left = left.or_else(|| hashes.next())?;
    Some(parent(&left, &right.or_else(|| hashes.next())?))
}

/// The subtrees whose roots show that the tree over `size` leaves begins with the one over the first `old_size`; none if
/// there are not so many. Empty for equal sizes and for the empty tree.
#[must_use]
pub fn consistency_ranges(old_size: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if old_size > size {
        return None;
    }
    let (mut node, mut beside, mut is_whole_tree) = (0..size, Vec::new(), true);
    while old_size > 0 && node.end != old_size {
        let middle = node.start + left_len(node.end - node.start);
        if old_size <= middle {
            beside.push(middle..node.end);
            node.end = middle;
        } else {
            beside.push(node.start..middle);
            node.start = middle;
            is_whole_tree = false;
        }
    }
    if !is_whole_tree {
        beside.push(node);
    }
    beside.reverse();
    Some(beside)
}

#[cfg(test)]
mod tests {
    use super::super::{consistency_proof, inclusion_proof, root_of};
    use super::*;

    fn leaves(count: u8) -> Vec<Hash> {
        (0..count).map(|i| Hash([i; 32])).collect()
    }

    fn roots(leaves: &[Hash], ranges: Vec<Range<u64>>) -> Vec<Hash> {
        let at = |place| usize::try_from(place).unwrap();
        ranges.into_iter().map(|range| root_of(&leaves[at(range.start)..at(range.end)])).collect()
    }

    #[test]
    fn proofs_of_one_leaf_and_of_growth_are_those_of_the_rfc() {
        for size in 1..40 {
            let all = leaves(size);
            for one in 0..size {
                let ranges = inclusion_ranges(size.into(), &[one.into()]).unwrap();
                assert_eq!(Some(roots(&all, ranges)), inclusion_proof(&all, one.into()), "{one} of {size}");
            }
            for old in 0..=size {
                let ranges = consistency_ranges(old.into(), size.into()).unwrap();
                assert_eq!(Some(roots(&all, ranges)), consistency_proof(&all, old.into()), "{old} of {size}");
            }
        }
        assert_eq!(inclusion_ranges(3, &[3]), None);
        assert_eq!(consistency_ranges(4, 3), None);
    }

    #[test]
    fn any_leaves_lead_to_the_root_and_nothing_else_does() {
        let all = leaves(11);
        for chosen in 1..1_u64 << 11 {
            let positions: Vec<u64> = (0..11).filter(|bit| chosen >> bit & 1 == 1).collect();
            let hashes = roots(&all, inclusion_ranges(11, &positions).unwrap());
            let shown: Vec<(u64, Hash)> =
                positions.iter().map(|at| (*at, all[usize::try_from(*at).unwrap()])).collect();
            assert_eq!(root_from(11, &shown, &hashes), Some(root_of(&all)), "{positions:?}");
            let too_many = [&hashes[..], &[Hash::ZERO]].concat();
            assert_eq!(root_from(11, &shown, &too_many), None);
            if let Some((_, too_few)) = hashes.split_last() {
                assert_eq!(root_from(11, &shown, too_few), None);
            }
            let mut moved = shown.clone();
            moved[0].1.0[5] ^= 1;
            assert_ne!(root_from(11, &moved, &hashes), Some(root_of(&all)));
        }
        let leaf = |at| (at, Hash::ZERO);
        for wrong in [vec![], vec![leaf(11)], vec![leaf(2), leaf(2)], vec![leaf(3), leaf(2)]] {
            assert_eq!(root_from(11, &wrong, &[Hash::ZERO; 8]), None, "{wrong:?}");
        }
    }

    #[test]
    fn sizes_that_no_log_has_end_soon() {
        assert_eq!(root_from(u64::MAX, &[(u64::MAX - 1, Hash::ZERO)], &[]), None);
        assert_eq!(inclusion_ranges(u64::MAX, &[0]).unwrap().len(), 64);
        assert_eq!(consistency_ranges(1, u64::MAX).unwrap().len(), 64);
    }
}
