//! The three dates of a question, and what was known by the two of them that bound knowledge.

use std::collections::HashMap;

use super::facts::Facts;
use super::standing::Successor;
use super::union::Union;
use crate::date::Day;
use crate::event::{AttributeDefined, Verdict};
use crate::seq::Seq;
use crate::source::{Reliability, SourceKind};

/// What had been recorded by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordedBy {
    /// By the end of a UTC day.
    Day(Day),
    /// By an instant, in microseconds since 1970-01-01T00:00:00Z.
    Micros(i64),
    /// By an event; only whole commits count.
    Seq(Seq),
}

/// How far knowledge reaches: what was said by a day, and recorded by a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Horizon {
    /// What had been said by the end of this day; `None`: all.
    pub reported: Option<Day>,
    /// What had been recorded by then; `None`: all.
    pub recorded: Option<RecordedBy>,
}

/// A question's dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The day in the world that is asked for.
    pub valid: Day,
    /// What was known.
    pub horizon: Horizon,
}

/// The ledger as known at a horizon.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    pub(super) facts: &'a Facts,
    pub(super) reported: Option<Day>,
    /// The last event of the last whole commit within the horizon.
    pub(super) last: Seq,
    entities: Union,
    roots: Union,
    ratings: HashMap<Seq, Reliability>,
    pub(super) successors: HashMap<Seq, Successor>,
}

impl Facts {
    /// The ledger as known at a horizon.
    #[must_use]
    pub fn at(&self, horizon: Horizon) -> Known<'_> {
        let is_within = |(seq, at): &(Seq, i64)| match horizon.recorded {
            None => true,
            Some(RecordedBy::Seq(last)) => *seq <= last,
            Some(RecordedBy::Micros(last)) => *at <= last,
            Some(RecordedBy::Day(last)) => Day::of_unix_micros(*at) <= last,
        };
        let whole = self.commits.partition_point(is_within);
        let last = whole.checked_sub(1).and_then(|place| self.commits.get(place)).map_or(Seq(0), |commit| commit.0);
        let mut known = Known {
            facts: self,
            reported: horizon.reported,
            last,
            entities: Union::default(),
            roots: Union::default(),
            ratings: HashMap::new(),
            successors: HashMap::new(),
        };
        known.entities = known.judged_same();
        for (_, source, to) in self.links.iter().filter(|(seq, ..)| *seq <= last) {
            known.roots.join(*source, *to);
        }
        known.ratings =
            self.ratings.iter().filter(|(seq, ..)| *seq <= last).map(|(_, who, grade)| (*who, *grade)).collect();
        known.follow_corrections();
        known
    }
}

impl<'a> Known<'a> {
    fn judged_same(&self) -> Union {
        let mut union = Union::default();
        for judgement in &self.facts.judgements {
            let is_live = judgement.seq <= self.last && !self.is_taken_back(judgement.seq, true);
            if is_live && judgement.verdict == Verdict::Same {
                for pair in judgement.entities.windows(2) {
                    if let [a, b] = pair {
                        union.join(*a, *b);
                    }
                }
            }
        }
        union
    }

    /// The canonical entity: the first registered of those judged the same.
    #[must_use]
    pub fn canonical(&self, entity: Seq) -> Seq {
        self.entities.first(entity)
    }

    /// The canonical root of a source, after links.
    pub(super) fn root(&self, source: Seq) -> Seq {
        self.roots.first(source)
    }

    pub(super) fn is_named(&self, source: Seq) -> bool {
        self.facts.catalogue.source(source).is_some_and(|source| source.kind != SourceKind::Unnamed)
    }

    /// The newest grade of a source.
    pub(super) fn reliability(&self, source: Seq) -> Option<Reliability> {
        self.ratings.get(&source).copied()
    }

    /// An attribute as defined at the horizon.
    #[must_use]
    pub fn attribute(&self, attribute: Seq) -> Option<&'a AttributeDefined> {
        self.facts.catalogue.attribute_as_of(attribute, self.last)
    }

    /// Whether a claim had been recorded.
    pub(super) fn is_recorded(&self, seq: Seq) -> bool {
        seq <= self.last
    }

    pub(super) fn is_said_by(&self, day: Day) -> bool {
        self.reported.is_none_or(|reported| day <= reported)
    }
}
