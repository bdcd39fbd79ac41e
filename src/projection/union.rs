//! Which numbers are one: sets that grow by joining.

use std::collections::HashMap;

use crate::seq::Seq;

/// Disjoint sets of events; a set is known by the lowest number in it.
#[derive(Clone, Debug, Default)]
pub struct Union {
    parents: HashMap<Seq, Seq>,
}

impl Union {
    /// The lowest number of the set.
    #[must_use]
    pub fn first(&self, mut member: Seq) -> Seq {
        while let Some(parent) = self.parents.get(&member) {
            member = *parent;
        }
        member
    }

    /// Makes two sets one.
    pub fn join(&mut self, a: Seq, b: Seq) {
        let (a, b) = (self.first(a), self.first(b));
        if a != b {
            self.parents.insert(a.max(b), a.min(b));
        }
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
}
