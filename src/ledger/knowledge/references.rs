//! Where new claims were found, and what was added to any claim: addresses, quotes and copies.

use foldhash::HashSet;

use crate::seq::Seq;

/// By claim, what tells an address, a quote or a copy from others. New claims are noted in their order.
#[derive(Debug, Default)]
pub(super) struct References {
    /// Those that new claims have by themselves.
    own: Vec<(Seq, u64)>,
    /// Those that were added to a claim.
    added: HashSet<(Seq, u64)>,
}

impl References {
    /// Notes one that a new claim has by itself; the claim comes behind all that were noted before.
    pub(super) fn note(&mut self, claim: Seq, part: u64) {
        self.own.push((claim, part));
    }

    /// Notes one that was added to a claim.
    pub(super) fn add(&mut self, claim: Seq, part: u64) {
        self.added.insert((claim, part));
    }

    /// Whether a claim has one, by itself if it is new, or since it was added.
    pub(super) fn has(&self, claim: Seq, part: u64) -> bool {
        let start = self.own.partition_point(|(of, _)| *of < claim);
        let mut own = self.own.iter().skip(start).take_while(|(of, _)| *of == claim);
        own.any(|(_, known)| *known == part) || self.added.contains(&(claim, part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_has_its_own_references_and_those_that_were_added() {
        let mut references = References::default();
        references.note(Seq(3), 7);
        references.note(Seq(5), 8);
        references.note(Seq(5), 9);
        references.add(Seq(2), 7);
        references.add(Seq(5), 7);
        for (claim, parts) in [(2, [true, false, false]), (3, [true, false, false]), (5, [true; 3]), (6, [false; 3])] {
            assert_eq!([7, 8, 9].map(|part| references.has(Seq(claim), part)), parts, "{claim}");
        }
    }
}
