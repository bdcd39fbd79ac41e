//! Which numbers are one: sets that grow by joining.

use foldhash::HashMap;

use crate::seq::Seq;

/// Disjoint sets of events; a set is known by the lowest number in it.
#[derive(Clone, Debug, Default)]
pub struct Union {
    parents: HashMap<Seq, Seq>,
    /// How many members a root has, and the lowest of them.
    roots: HashMap<Seq, (usize, Seq)>,
}

impl Union {
    /// The lowest number of the set.
    #[must_use]
    pub fn first(&self, member: Seq) -> Seq {
        let root = self.root(member);
        self.roots.get(&root).map_or(root, |(_, lowest)| *lowest)
    }

    /// Makes two sets one. The smaller goes under the larger, so that no way to a root is long.
    pub fn join(&mut self, a: Seq, b: Seq) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let of_root = |root: Seq| self.roots.get(&root).copied().unwrap_or((1, root));
        let ((a_count, a_lowest), (b_count, b_lowest)) = (of_root(a), of_root(b));
        let (under, over) = if a_count < b_count { (a, b) } else { (b, a) };
        self.roots.remove(&under);
        self.parents.insert(under, over);
        self.roots.insert(over, (a_count + b_count, a_lowest.min(b_lowest)));
    }

    fn root(&self, mut member: Seq) -> Seq {
        while let Some(parent) = self.parents.get(&member) {
            member = *parent;
        }
        member
    }
}

/// What counts as one at a horizon, whatever is asked: entities judged the same, sources that hang together.
#[derive(Clone, Debug, Default)]
pub struct Joined {
    pub(super) entities: Union,
    pub(super) roots: Union,
}

impl Joined {
    /// The canonical entity: the first registered of those judged the same.
    #[must_use]
    pub fn canonical(&self, entity: Seq) -> Seq {
        self.entities.first(entity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_known_by_their_lowest_member() {
        let mut union = Union::default();
        union.join(Seq(5), Seq(9));
        union.join(Seq(9), Seq(2));
        union.join(Seq(5), Seq(2));
        assert_eq!([5, 9, 2, 7].map(|seq| union.first(Seq(seq)).0), [2, 2, 2, 7]);
    }

    #[test]
    fn no_way_to_a_root_is_long() {
        let mut union = Union::default();
        for member in (1..10_000).rev() {
            union.join(Seq(member), Seq(member + 1));
        }
        let steps = |member| std::iter::successors(Some(member), |member| union.parents.get(member).copied()).count();
        assert!((1..=10_000).all(|member| steps(Seq(member)) <= 15));
        assert_eq!(union.first(Seq(10_000)), Seq(1));
    }
}
