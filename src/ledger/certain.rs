//! Days on which one origin says two different things for certain: usually a correction that was not entered
//! as one.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use crate::catalogue::Catalogue;
use crate::claim::{Claim, EdgeKind, Polarity, Span, Valid};
use crate::date::{Bound, Day, Window};
use crate::event::Cardinality;
use crate::pieces::Pieces;
use crate::seq::Seq;
use crate::value::{Identity, Value, agree};

/// What stands at the first or last of some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DayEdge {
    /// Nothing is dated exactly there.
    Open,
    /// A date, without a change.
    Dated,
    /// A change.
    Change,
}

/// Days of which something is said for certain.
struct Days {
    from: Day,
    until: Day,
    first_edge: DayEdge,
    last_edge: DayEdge,
    is_timed: bool,
}

impl Days {
    /// Those of any valid time but a list.
    fn of_valid(valid: &Valid) -> Option<Days> {
        match valid {
            Valid::On(moment) | Valid::AsOf(moment) => {
                Days::one(&moment.at, DayEdge::Dated, DayEdge::Dated, moment.clock.is_some())
            }
            Valid::Period { from: Some(from), until: Some(until) } => {
                let (first, last) = (DayEdge::of(&from.at, from.kind), DayEdge::of(&until.at, until.kind));
                Days::between((&from.at, first), (&until.at, last), from.clock.is_some())
            }
            Valid::Period { from: Some(from), until: None } => {
                Days::one(&from.at, DayEdge::of(&from.at, from.kind), DayEdge::Open, from.clock.is_some())
            }
            Valid::Period { from: None, until: Some(until) } => {
                Days::one(&until.at, DayEdge::Open, DayEdge::of(&until.at, until.kind), until.clock.is_some())
            }
            Valid::Timeless => Some(Days {
                from: Day::MIN,
                until: Day::MAX,
                first_edge: DayEdge::Open,
                last_edge: DayEdge::Open,
                is_timed: false,
            }),
            Valid::Period { from: None, until: None } | Valid::Listed(_) | Valid::Undated => None,
        }
    }

    /// Those of one period of a list.
    fn of_span(span: &Span) -> Option<Days> {
        let edge = |at| DayEdge::of(at, EdgeKind::Transition);
        Days::between((&span.from, edge(&span.from)), (&span.until, edge(&span.until)), false)
    }

    fn one(at: &Bound, first_edge: DayEdge, last_edge: DayEdge, is_timed: bool) -> Option<Days> {
        exact(at).map(|day| Days { from: day, until: day, first_edge, last_edge, is_timed })
    }

    fn between(start: (&Bound, DayEdge), end: (&Bound, DayEdge), is_timed: bool) -> Option<Days> {
        let (from, until) = (sure(start.0)?.latest, sure(end.0)?.earliest);
        (from <= until).then_some(Days { from, until, first_edge: start.1, last_edge: end.1, is_timed })
    }
}

fn sure(bound: &Bound) -> Option<Window> {
    bound.window().filter(|_| !bound.is_uncertain())
}

fn exact(bound: &Bound) -> Option<Day> {
    sure(bound).filter(|window| window.is_exact()).map(|window| window.earliest)
}

impl DayEdge {
    fn of(at: &Bound, kind: EdgeKind) -> DayEdge {
        match (exact(at), kind) {
            (None, _) => DayEdge::Open,
            (Some(_), EdgeKind::Observed) => DayEdge::Dated,
            (Some(_), EdgeKind::Transition) => DayEdge::Change,
        }
    }
}

/// Days of which a claim says something for certain.
#[derive(Clone, Debug)]
pub(super) struct Certain {
    pub(super) claim: Seq,
    subject: Seq,
    attribute: Seq,
    root: Seq,
    from: Day,
    until: Day,
    first_edge: DayEdge,
    last_edge: DayEdge,
    is_timed: bool,
    value: Value<Seq>,
}

impl Certain {
    /// Adds the certain days of an affirmed claim of a single-valued attribute by somebody.
    pub(super) fn of_claim(seq: Seq, claim: &Claim, catalogue: &Catalogue, all: &mut AllCertain) {
        let statement = &claim.statement;
        let attribute = catalogue.attribute_as_of(statement.attribute, seq);
        let is_single = attribute.is_none_or(|attribute| attribute.cardinality == Cardinality::Single);
        let Some(origin) = claim.chain.first().filter(|_| is_single && statement.polarity == Polarity::Affirm) else {
            return;
        };
        let add = |Days { from, until, first_edge, last_edge, is_timed }| Certain {
            claim: seq,
            subject: statement.subject,
            attribute: statement.attribute,
            root: origin.who,
            from,
            until,
            first_edge,
            last_edge,
            is_timed,
            value: statement.value.clone(),
        };
        match &statement.valid {
            Valid::Listed(spans) => spans.iter().filter_map(Days::of_span).map(add).for_each(|days| all.push(days)),
            valid => Days::of_valid(valid).map(add).into_iter().for_each(|days| all.push(days)),
        }
    }

    /// Whether two claims of one key and origin say different things of one day, on which neither hands over
    /// to the other.
    pub(super) fn contradicts(&self, other: &Certain, catalogue: &Catalogue) -> bool {
        if self.claim == other.claim || self.key() != other.key() || self.from > other.until || other.from > self.until
        {
            return false;
        }
        let value_type = catalogue.attribute(self.attribute).map(|attribute| attribute.value_type);
        let value_type = value_type.unwrap_or(crate::value::ValueType::Text);
        let identity = |value| Identity::of(value, value_type);
        if agree((&identity(&self.value), &self.value), (&identity(&other.value), &other.value)) {
            return false;
        }
        let hands_over = |a: &Certain, b: &Certain| {
            let edges = [a.last_edge, b.first_edge];
            a.until == b.from && !edges.contains(&DayEdge::Open) && edges.contains(&DayEdge::Change)
        };
        !(hands_over(self, other) || hands_over(other, self) || self.is_timed && other.is_timed)
    }

    fn key(&self) -> (Seq, Seq, Seq) {
        (self.subject, self.attribute, self.root)
    }
}

/// All certain days of a ledger.
#[derive(Debug, Default)]
pub(super) struct AllCertain {
    all: Pieces<Certain>,
    hasher: RandomState,
    /// Where those of a key stand, by 64 bits of the key; only for whoever records claims one by one.
    places: Option<HashMap<u64, Vec<usize>>>,
    count: usize,
}

/// A day claimed by many is compared with so many of them: one contradiction is enough to tell.
const COMPARED_MAX: usize = 64;

impl AllCertain {
    fn push(&mut self, certain: Certain) {
        if let Some(places) = &mut self.places {
            places.entry(self.hasher.hash_one(certain.key())).or_default().push(self.count);
        }
        self.count += 1;
        self.all.push(certain);
    }

    /// Remembers from now on where those of each key stand, so that one more claim is not compared with all.
    pub(super) fn remember_places(&mut self) {
        if self.places.is_none() {
            let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
            for (place, certain) in self.all.iter().enumerate() {
                places.entry(self.hasher.hash_one(certain.key())).or_default().push(place);
            }
            self.places = Some(places);
        }
    }

    /// Pairs of claims, the second recorded at or after `first_new`, that contradict each other; at most `max`.
    pub(super) fn contradictions(
        &self,
        first_new: Seq,
        catalogue: &Catalogue,
        is_live: impl Fn(Seq) -> bool,
        max: usize,
    ) -> Vec<(Seq, Seq)> {
        let mut found = Vec::new();
        for group in self.by_key(first_new).chunk_by(|(a, _), (b, _)| a == b).filter(|group| group.len() > 1) {
            let mut group: Vec<&Certain> = group.iter().map(|(_, certain)| *certain).collect();
            group.sort_unstable_by_key(|certain| (certain.from, certain.claim));
            let mut open: Vec<&Certain> = Vec::new();
            for certain in group {
                open.retain(|other| other.until >= certain.from);
                for other in &open {
                    let is_new = certain.claim >= first_new || other.claim >= first_new;
                    if is_new && certain.contradicts(other, catalogue) && is_live(certain.claim) && is_live(other.claim)
                    {
                        found.push((certain.claim.min(other.claim), certain.claim.max(other.claim)));
                    }
                }
                if open.len() < COMPARED_MAX {
                    open.push(certain);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found.truncate(max);
        found
    }

    /// Those of keys with a new claim, by 64 bits of their key.
    fn by_key(&self, first_new: Seq) -> Vec<(u64, &Certain)> {
        if let Some(places) = &self.places {
            // New ones stand at the end, unless older ones were read after them; those are of other keys.
            let new = (0..self.count).rev().map_while(|place| self.all.get(place));
            let new = new.take_while(|certain| certain.claim >= first_new);
            let keys: BTreeSet<u64> = new.map(|certain| self.hasher.hash_one(certain.key())).collect();
            let of_key = |key: u64| {
                let places = places.get(&key).map_or(&[][..], Vec::as_slice);
                places.iter().filter_map(move |place| Some((key, self.all.get(*place)?)))
            };
            return keys.into_iter().flat_map(of_key).collect();
        }
        let all = || self.all.iter().map(|certain| (self.hasher.hash_one(certain.key()), certain));
        let is_old = self.all.iter().next().is_some_and(|certain| certain.claim < first_new);
        let mut by_key: Vec<(u64, &Certain)> = if is_old {
            let new: HashSet<u64> =
                all().filter(|(_, certain)| certain.claim >= first_new).map(|(key, _)| key).collect();
            all().filter(|(key, _)| new.contains(key)).collect()
        } else {
            all().collect()
        };
        by_key.sort_unstable_by_key(|(key, _)| *key);
        by_key
    }
}
