//! The three dates of a question, and what was known by the two of them that bound knowledge.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::facts::Facts;
use super::successor::Successor;
use super::union::Joined;
use super::world::World;
use crate::claim::ClaimFact;
use crate::date::{Day, Instant};
use crate::event::{AttributeDefined, Cardinality};
use crate::seq::Seq;
use crate::source::Reliability;

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
    /// What had been said by this time; `None`: all.
    pub reported: Option<Instant>,
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

/// What all keys share, as known at a horizon.
#[derive(Clone, Debug)]
pub struct At<'a> {
    pub(super) world: &'a World,
    pub(in crate::projection) reported: Option<Instant>,
    /// The last event of the last whole commit within the horizon.
    pub(super) last: Seq,
    joined: Arc<Joined>,
}

/// Some keys as known at a horizon.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    pub(in crate::projection) facts: &'a Facts,
    pub(super) world: &'a World,
    pub(in crate::projection) reported: Option<Instant>,
    /// The last event of the last whole commit within the horizon.
    pub(super) last: Seq,
    joined: Arc<Joined>,
    pub(super) successors: OnceLock<BTreeMap<Seq, Successor>>,
}

impl World {
    /// What all keys share, as known at a horizon.
    #[must_use]
    pub fn at(&self, horizon: Horizon) -> At<'_> {
        let last = self.last_within(horizon.recorded);
        let new = || Arc::new(self.joined(last, horizon.reported));
        let is_all = horizon == Horizon::default();
        let joined = if is_all { Arc::clone(self.joined_by_all.get_or_init(new)) } else { new() };
        At { world: self, reported: horizon.reported, last, joined }
    }

    /// Closes a commit: what came since the one before it counts together, as recorded at this time, in microseconds since
    /// 1970.
    pub fn close_commit(&mut self, last: Seq, at_micros: i64) {
        self.joined_by_all.take();
        self.commits.push((last, at_micros));
    }

    /// The last event of the last whole commit that had been recorded by then; 0 if none had.
    #[must_use]
    pub fn last_within(&self, recorded: Option<RecordedBy>) -> Seq {
        let whole = self.commits.partition_point(|(seq, at)| recorded.is_none_or(|by| by.includes(*seq, *at)));
        whole.checked_sub(1).and_then(|place| self.commits.get(place)).map_or(Seq(0), |commit| commit.0)
    }
}

impl<'a> At<'a> {
    /// The canonical entity: the first registered of those judged the same.
    #[must_use]
    pub fn canonical(&self, entity: Seq) -> Seq {
        self.joined.canonical(entity)
    }

    /// The newest grade of a source.
    #[must_use]
    pub fn reliability(&self, source: Seq) -> Option<Reliability> {
        self.world.reliability(source, self.last, self.reported)
    }

    /// The last event that counts: that of the last whole commit within the horizon.
    #[must_use]
    pub fn last(&self) -> Seq {
        self.last
    }

    /// The attribute, if an answer for a day hangs on no more of its claims than those of the days around it: not where a value
    /// speaks for others (several hold at once, or one is the opposite of another) or for all days, and not where claims are
    /// left out by when they were said.
    #[must_use]
    pub fn told_by_days(&self, attribute: Seq) -> Option<&'a AttributeDefined> {
        let is_told_by_days = |defined: &&AttributeDefined| {
            defined.cardinality == Cardinality::Single && !defined.is_fixed && defined.opposites().is_none()
        };
        let is_all_said = self.reported.is_none();
        self.world
            .definition(attribute, self.last, self.reported)
            .filter(|defined| is_all_said && is_told_by_days(defined))
    }

    /// What is known of keys at this horizon; `facts` are their rows.
    #[must_use]
    pub fn of<'k>(&self, facts: &'k Facts) -> Known<'k>
    where
        'a: 'k,
    {
        Known {
            facts,
            world: self.world,
            reported: self.reported,
            last: self.last,
            joined: Arc::clone(&self.joined),
            successors: OnceLock::new(),
        }
    }
}

impl RecordedBy {
    /// Whether a commit with this last event, recorded then, had been made.
    #[must_use]
    pub fn includes(self, last_of_commit: Seq, at_micros: i64) -> bool {
        match self {
            RecordedBy::Seq(last) => last_of_commit <= last,
            RecordedBy::Micros(last) => at_micros <= last,
            RecordedBy::Day(last) => Day::of_unix_micros(at_micros) <= last,
        }
    }
}

impl<'a> Known<'a> {
    /// The canonical entity: the first registered of those judged the same.
    #[must_use]
    pub fn canonical(&self, entity: Seq) -> Seq {
        self.joined.canonical(entity)
    }

    /// The root of a source, after links.
    pub(in crate::projection) fn root(&self, source: Seq) -> Seq {
        self.joined.roots.first(source)
    }

    pub(in crate::projection) fn is_named(&self, source: Seq) -> bool {
        self.world.is_named(source, self.last, self.reported)
    }

    /// The newest grade of a source.
    #[must_use]
    pub fn reliability(&self, source: Seq) -> Option<Reliability> {
        self.world.reliability(source, self.last, self.reported)
    }

    /// An attribute as defined at the horizon.
    #[must_use]
    pub fn attribute(&self, attribute: Seq) -> Option<&'a AttributeDefined> {
        self.world.definition(attribute, self.last, self.reported)
    }

    /// The captured copies behind a claim: its own, and those added later and not taken back.
    pub(in crate::projection) fn copies<'f>(&'f self, fact: &'f ClaimFact) -> impl Iterator<Item = &'f str> {
        let added = self.facts.references(fact.seq).iter();
        let live = added.filter(|(seq, _)| self.is_recorded(*seq) && self.retraction(*seq).is_none());
        fact.evidence.iter().chain(live.flat_map(|(_, digests)| digests)).map(|digest| &**digest)
    }

    /// Whether a claim had been recorded.
    pub(in crate::projection) fn is_recorded(&self, seq: Seq) -> bool {
        seq <= self.last
    }

    pub(super) fn is_said_by(&self, said: Instant) -> bool {
        self.reported.is_none_or(|reported| said.is_by(reported))
    }
}
