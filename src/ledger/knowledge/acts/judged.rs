//! Judgements of identity that stand, and whether another would contradict them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use crate::event::Verdict;
use crate::projection::Union;
use crate::seq::Seq;

/// The judgements that were not taken back.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Judged {
    live: BTreeMap<Seq, (Vec<Seq>, Verdict)>,
    /// What they come to; worked out anew when it is asked for after one was taken back.
    joined: RefCell<Option<Joined>>,
}

impl Judged {
    /// Takes in a judgement.
    pub(in crate::ledger::knowledge) fn add(&mut self, seq: Seq, entities: &[Seq], verdict: Verdict) {
        if let Some(joined) = self.joined.get_mut() {
            joined.add(seq, entities, verdict);
        }
        self.live.insert(seq, (entities.to_vec(), verdict));
    }

    /// Takes one back, if this is one.
    pub(in crate::ledger::knowledge) fn retract(&mut self, seq: Seq) {
        if self.live.remove(&seq).is_some() {
            *self.joined.get_mut() = None;
        }
    }

    /// An earlier judgement that this one would contradict: entities both the same and different.
    pub(in crate::ledger) fn contradiction(&self, entities: &[Seq], verdict: Verdict) -> Option<Seq> {
        let mut joined = self.joined.borrow_mut();
        let joined = joined.get_or_insert_with(|| {
            let mut joined = Joined::default();
            for (seq, (entities, verdict)) in &self.live {
                joined.add(*seq, entities, *verdict);
            }
            joined
        });
        match verdict {
            Verdict::Same => joined.told_apart(entities),
            Verdict::Different => joined.told_same(entities),
            Verdict::Unsure => None,
        }
    }
}

/// Entities that are the same, and what speaks of each such set.
#[derive(Debug, Default)]
struct Joined {
    union: Union,
    /// By a set's first entity: the judgements that tell one of it from another entity.
    apart: HashMap<Seq, HashSet<Seq>>,
    /// By a set's first entity: the earliest judgement that joined it.
    same: HashMap<Seq, Seq>,
}

impl Joined {
    fn add(&mut self, seq: Seq, entities: &[Seq], verdict: Verdict) {
        match verdict {
            Verdict::Same => entities.windows(2).for_each(|pair| {
                if let [a, b] = pair {
                    self.join(seq, *a, *b);
                }
            }),
            Verdict::Different => {
                for entity in entities {
                    self.apart.entry(self.union.first(*entity)).or_default().insert(seq);
                }
            }
            Verdict::Unsure => {}
        }
    }

    fn join(&mut self, seq: Seq, a: Seq, b: Seq) {
        let firsts = [self.union.first(a), self.union.first(b)];
        self.union.join(a, b);
        let [mut fewer, mut more] = firsts.map(|first| self.apart.remove(&first).unwrap_or_default());
        if fewer.len() > more.len() {
            std::mem::swap(&mut fewer, &mut more);
        }
        more.extend(fewer);
        let earliest = firsts.iter().filter_map(|first| self.same.remove(first)).chain([seq]).min();
        let first = self.union.first(a);
        self.apart.insert(first, more);
        self.same.extend(earliest.map(|earliest| (first, earliest)));
    }

    /// The earliest judgement that tells two of these entities, or of what is the same as they, apart.
    fn told_apart(&self, entities: &[Seq]) -> Option<Seq> {
        let firsts: HashSet<Seq> = entities.iter().map(|entity| self.union.first(*entity)).collect();
        let mut sets: Vec<&HashSet<Seq>> = firsts.iter().filter_map(|first| self.apart.get(first)).collect();
        sets.sort_unstable_by_key(|set| std::cmp::Reverse(set.len()));
        let (largest, others) = sets.split_first()?;
        let mut seen: HashSet<Seq> = HashSet::default();
        others.iter().copied().flatten().filter(|seq| largest.contains(seq) || !seen.insert(**seq)).min().copied()
    }

    /// The earliest judgement that made one of these entities the same as another of them.
    fn told_same(&self, entities: &[Seq]) -> Option<Seq> {
        let mut seen = HashSet::default();
        let mut twice = entities.iter().map(|entity| self.union.first(*entity)).filter(|first| !seen.insert(*first));
        twice.find_map(|first| self.same.get(&first).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(all: &[(u64, &[u64], Verdict)]) -> Judged {
        let mut judged = Judged::default();
        for (seq, entities, verdict) in all {
            judged.add(Seq(*seq), &entities.iter().map(|entity| Seq(*entity)).collect::<Vec<_>>(), *verdict);
        }
        judged
    }

    fn contradiction(judged: &Judged, entities: &[u64], verdict: Verdict) -> Option<u64> {
        judged.contradiction(&entities.iter().map(|entity| Seq(*entity)).collect::<Vec<_>>(), verdict).map(|seq| seq.0)
    }

    #[test]
    fn what_follows_from_judgements_is_known() {
        use Verdict::{Different, Same};
        let mut judged =
            judged(&[(10, &[1, 2], Same), (11, &[3, 4], Same), (12, &[2, 3], Different), (13, &[5, 6, 7], Different)]);
        assert_eq!(contradiction(&judged, &[1, 4], Same), Some(12));
        assert_eq!(contradiction(&judged, &[4, 3], Different), Some(11));
        assert_eq!(contradiction(&judged, &[1, 5], Same), None);
        assert_eq!(contradiction(&judged, &[8, 5, 7], Same), Some(13));
        assert_eq!(contradiction(&judged, &[1, 3], Different), None);
        judged.add(Seq(14), &[Seq(2), Seq(5)], Same);
        assert_eq!(contradiction(&judged, &[1, 6], Same), Some(13));
        judged.retract(Seq(12));
        assert_eq!(contradiction(&judged, &[1, 4], Same), None);
        judged.retract(Seq(14));
        assert_eq!(contradiction(&judged, &[1, 6], Same), None);
        assert_eq!(contradiction(&judged, &[1, 2], Different), Some(10));
    }
}
