//! Days on which one origin says two different things for certain: usually a correction that was not entered as one. Whether it
//! does is what the model answers of the two claims alone: both hold that day, and they neither agree nor meet (row 2).

mod told;

use std::cell::RefCell;
use std::collections::BTreeSet;

use foldhash::HashMap;

use super::content::Contents;
use crate::catalogue::Catalogue;
use crate::claim::{Claim, ClaimFact, Valid};
use crate::date::{Bound, Day, Window};
use crate::event::{AttributeDefined, Cardinality, Event, Recorded};
use crate::projection::{Facts, Horizon, Row, World};
use crate::seq::Seq;
use told::{Key, LATE_MICROS, Told, Tolds};

/// The rows of a key that were recorded before, and whether other keys are to be read beside it.
type Rows<'r> = dyn Fn((Seq, Seq)) -> (Vec<Row>, bool) + 'r;

/// Whether a claim stands; and whether it is known that nothing was done with it before.
type Stands<'r> = dyn Fn(Seq, bool) -> bool + 'r;

/// What is known besides new claims.
pub(super) struct Known<'r> {
    pub(super) catalogue: &'r Catalogue,
    pub(super) contents: &'r Contents,
    /// The last event that was recorded before.
    pub(super) last_before: Seq,
    pub(super) rows: &'r Rows<'r>,
    pub(super) stands: &'r Stands<'r>,
}

/// New claims of single-valued attributes by somebody.
#[derive(Debug, Default)]
pub(super) struct Contradictions {
    tolds: Tolds,
    /// Where the claims of a key stand among those that were there before somebody asked. An import into nothing needs none.
    before: RefCell<Before>,
}

/// For each key its last claim, and for each claim the one of its key before it, by their places.
#[derive(Debug, Default)]
struct Before {
    last: HashMap<Key, usize>,
    earlier: Vec<Option<usize>>,
}

impl Before {
    /// Takes in the claims up to this place.
    fn reach(&mut self, all: &[Told], end: usize) {
        for (place, told) in all.iter().enumerate().take(end).skip(self.earlier.len()) {
            let earlier = self.last.insert(told.key, place);
            self.earlier.push(earlier);
        }
    }

    /// Whether a key has any.
    fn has(&self, key: Key) -> bool {
        self.last.contains_key(&key)
    }

    /// The places of a key's claims up to this one.
    fn of(&self, key: Key, end: usize) -> impl Iterator<Item = usize> {
        let earlier = |place: &usize| self.earlier.get(*place).copied().flatten();
        std::iter::successors(self.last.get(&key).copied(), earlier).filter(move |place| *place < end)
    }
}

/// A day claimed by many is compared with so many of them: one contradiction is enough to tell.
const COMPARED_MAX: usize = 64;

/// So many pairs of claims are put to the model. A file of a thousand stories of one key tells soon enough that it is one.
const ASKED_MAX: usize = 20_000;

/// So many days of two claims are looked at: those of their bounds, between which nothing changes.
const DAYS_MAX: usize = 64;

/// The row of the model's table for two values that hold and do not meet.
const TWO_VALUES: u8 = 2;

impl Contradictions {
    /// Adds a claim of a single-valued attribute by somebody.
    pub(super) fn add(&mut self, claim: Seq, of: &Claim, catalogue: &Catalogue, contents: &Contents) {
        let statement = &of.statement;
        let attribute = catalogue.attribute(statement.attribute);
        if attribute.is_some_and(|attribute| attribute.cardinality == Cardinality::Multi) {
            return;
        }
        let Some(origin) = of.chain.first().map(|origin| origin.who) else { return };
        let Some(days) = days_of(&statement.valid, attribute) else { return };
        let value = contents.digest(&(&statement.value, statement.polarity));
        self.tolds.add(Told { key: (statement.subject, statement.attribute, origin), days, claim, value }, of);
    }

    /// The earliest pairs of claims, the second recorded at or after `first_new`, that contradict each other; at most `max`.
    pub(super) fn pairs(&self, first_new: Seq, known: &Known<'_>, max: usize) -> Vec<(Seq, Seq)> {
        let all = self.tolds.all();
        let first = all.partition_point(|told| told.claim < first_new);
        let mut before = self.before.borrow_mut();
        before.reach(all, first);
        let behind = all.iter().enumerate().skip(first);
        let mut new: Vec<(Key, usize)> = behind.map(|(place, told)| (told.key, place)).collect();
        new.sort_unstable();
        let mut search = Search { tolds: &self.tolds, first_new, max, found: BTreeSet::new(), asked: 0 };
        for of_key in new.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((key, _)) = of_key.first() else { continue };
            let defined = known.catalogue.attribute(key.1);
            let mut candidates = recorded_before(known, *key, defined);
            let is_alone = candidates.is_empty() && of_key.len() == 1 && !before.has(*key);
            if !is_alone {
                let places = before.of(*key, first).chain(of_key.iter().map(|(_, place)| *place));
                let told =
                    places.filter_map(|place| Some(Candidate { told: *all.get(place)?, fact: Fact::Packed(place) }));
                candidates.extend(told.filter(|one| (known.stands)(one.told.claim, false)));
                search.look_at(candidates, defined);
            }
        }
        search.found.into_iter().collect()
    }
}

/// A claim that may contradict others of its key.
struct Candidate {
    told: Told,
    fact: Fact,
}

/// What the fold needs of it.
enum Fact {
    /// It is new: at this place among those.
    Packed(usize),
    /// It was recorded before.
    Recorded(Box<ClaimFact>),
}

/// The pairs that were found so far, and what they are looked for by.
struct Search<'t> {
    tolds: &'t Tolds,
    first_new: Seq,
    max: usize,
    found: BTreeSet<(Seq, Seq)>,
    /// So many pairs were put to the model.
    asked: usize,
}

impl Search<'_> {
    /// Looks at the claims of one key.
    fn look_at(&mut self, mut candidates: Vec<Candidate>, defined: Option<&AttributeDefined>) {
        candidates.sort_unstable_by_key(|one| (one.told.days.earliest, one.told.claim));
        let mut open: Vec<&Candidate> = Vec::new();
        for one in &candidates {
            open.retain(|other| other.told.days.latest >= one.told.days.earliest);
            for other in &open {
                let (first, second) = if one.told.claim < other.told.claim { (one, *other) } else { (*other, one) };
                if second.told.claim < self.first_new
                    || self.asked >= ASKED_MAX
                    || first.told.value == second.told.value
                {
                    continue;
                }
                self.asked += 1;
                if let (Some(earlier), Some(later)) = (self.fact_of(first), self.fact_of(second))
                    && contradict(earlier, later, defined)
                {
                    self.found.insert((first.told.claim, second.told.claim));
                    if self.found.len() > self.max {
                        self.found.pop_last();
                    }
                }
            }
            if open.len() < COMPARED_MAX {
                open.push(one);
            }
        }
    }

    fn fact_of(&self, candidate: &Candidate) -> Option<ClaimFact> {
        match &candidate.fact {
            Fact::Packed(place) => self.tolds.fact(*place),
            Fact::Recorded(fact) => Some((**fact).clone()),
        }
    }
}

/// The claims of a key by an origin that were recorded before, say something of a day for certain, and stand.
fn recorded_before(known: &Known<'_>, key: Key, defined: Option<&AttributeDefined>) -> Vec<Candidate> {
    let (subject, attribute, origin) = key;
    // Of what is new itself nothing was recorded before.
    if subject.max(attribute).max(origin) > known.last_before {
        return Vec::new();
    }
    let (rows, has_beside) = (known.rows)((subject, attribute));
    let facts = Facts::of(rows.into_iter().map(|row| ((subject, attribute), row)));
    let stands = |claim| (known.stands)(claim, !has_beside && facts.is_untouched(claim));
    let own = facts.claims().iter().filter(|fact| fact.origin == Some(origin) && stands(fact.seq));
    let candidate = |fact: &ClaimFact| {
        let days = days_of(&fact.valid, defined)?;
        let value = known.contents.digest(&(&*fact.value, fact.polarity));
        let (recorded_day, actor) = (Day::of_unix_micros(LATE_MICROS), Seq(0));
        let told = Told { key, days, claim: fact.seq, value };
        Some(Candidate { told, fact: Fact::Recorded(Box::new(ClaimFact { recorded_day, actor, ..fact.clone() })) })
    };
    own.filter_map(candidate).collect()
}

/// The days between which a claim of an attribute says something for certain, if it does.
fn days_of(valid: &Valid, defined: Option<&AttributeDefined>) -> Option<Window> {
    // What cannot change holds on every day.
    let is_fixed = defined.is_some_and(|defined| defined.is_fixed);
    sure_days(if is_fixed { &Valid::Timeless } else { valid })
}

/// From the first to the last day of which something is said for certain (the mark Y); `None`: of no day.
fn sure_days(valid: &Valid) -> Option<Window> {
    let sure = |at: &Bound| at.window().filter(|_| !at.is_uncertain());
    let exact = |at: &Bound| sure(at).filter(|window| window.is_exact());
    let between = |from: &Bound, until: &Bound| {
        let inner = sure(from).zip(sure(until)).map(|(from, until)| (from.latest, until.earliest));
        let inner = inner.filter(|(from, until)| from <= until).map(|(earliest, latest)| Window { earliest, latest });
        let all = [inner, exact(from), exact(until)];
        all.into_iter()
            .flatten()
            .reduce(|a, b| Window { earliest: a.earliest.min(b.earliest), latest: a.latest.max(b.latest) })
    };
    match valid {
        Valid::On(moment) | Valid::AsOf(moment) => exact(&moment.at),
        Valid::Period { from: Some(from), until: Some(until) } => between(&from.at, &until.at),
        Valid::Period { from: Some(only), until: None } | Valid::Period { from: None, until: Some(only) } => {
            exact(&only.at)
        }
        Valid::Listed(spans) => {
            let all: Vec<Window> = spans.iter().filter_map(|span| between(&span.from, &span.until)).collect();
            Some(Window { earliest: all.first()?.earliest, latest: all.last()?.latest })
        }
        Valid::Timeless => Some(Window { earliest: Day::UNBOUNDED_PAST, latest: Day::UNBOUNDED_FUTURE }),
        Valid::Period { from: None, until: None } | Valid::Undated => None,
    }
}

/// Whether two claims of one key by one origin, and nothing else, leave a day contested.
fn contradict(first: ClaimFact, second: ClaimFact, defined: Option<&AttributeDefined>) -> bool {
    let (subject, attribute) = (first.subject, first.attribute);
    let days = days(&first.valid, &second.valid);
    let mut world = World::default();
    if let Some(defined) = defined {
        let event = Some(Event::AttributeDefined(defined.clone()));
        world.apply(&Recorded { seq: attribute, at_micros: 0, actor: Seq(0), event, first: None });
    }
    world.close_commit(second.seq, LATE_MICROS);
    let facts = Facts::of([first, second].map(|fact| ((subject, attribute), Row::Claim(fact))));
    let horizon = Horizon::default();
    let known = world.at(horizon).of(&facts);
    let key = known.key(subject, attribute);
    days.into_iter().any(|day| known.state(&key, day, horizon).row == TWO_VALUES)
}

/// The days of the bounds of two claims; any day if they have none.
fn days(one: &Valid, other: &Valid) -> BTreeSet<Day> {
    let windows = bounds(one).into_iter().chain(bounds(other)).filter_map(Bound::window);
    let days = windows.flat_map(|window| [window.earliest, window.latest]);
    let known = days.filter(|day| *day != Day::UNBOUNDED_PAST && *day != Day::UNBOUNDED_FUTURE);
    let mut days: BTreeSet<Day> = known.take(DAYS_MAX).collect();
    if days.is_empty() {
        days.insert(Day::of_unix_micros(0));
    }
    days
}

fn bounds(valid: &Valid) -> Vec<&Bound> {
    match valid {
        Valid::On(moment) | Valid::AsOf(moment) => vec![&moment.at],
        Valid::Period { from, until } => [from, until].into_iter().flatten().map(|edge| &edge.at).collect(),
        Valid::Listed(spans) => spans.iter().flat_map(|span| [&span.from, &span.until]).collect(),
        Valid::Undated | Valid::Timeless => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::ledger::memory::Memory;

    /// Whether the source x contradicts itself in these two claims of `s a`.
    fn contradicts(declared: &str, one: &str, other: &str) -> bool {
        let claim =
            |fields: &str| format!(r#"{{"type":"claim","subject":"s","attribute":"a",{fields},"said_by":"x"}}"#);
        let declared = format!(r#"{{"type":"attribute","key":"a",{declared}}}"#);
        let mut memory = Memory::default();
        memory.commit([declared.as_str(), &claim(one), &claim(other)], 0).unwrap();
        !memory.contradictions().is_empty()
    }

    #[test]
    fn one_source_contradicts_itself_where_the_model_says_so() {
        let text = r#""value_type":"text""#;
        for (declared, one, other, expected) in [
            (text, r#""value":"p","on":"2024-01-01""#, r#""value":"q","on":"2024-01-01""#, true),
            (text, r#""value":"p","on":"2024-01-01""#, r#""value":"q","on":"2024-01-02""#, false),
            (
                text,
                r#""value":"p","on":"2024-01-01","clock":"08:00..09:00""#,
                r#""value":"q","on":"2024-01-01","clock":"10:00..11:00""#,
                false,
            ),
            (
                text,
                r#""value":"p","on":"2024-01-01","clock":"08:00..11:00""#,
                r#""value":"q","on":"2024-01-01","clock":"10:00..11:00""#,
                true,
            ),
            (
                text,
                r#""value":"p","from":"2024-01-01","until":"2024-01-05""#,
                r#""value":"q","from":"2024-01-05""#,
                false,
            ),
            (
                text,
                r#""value":"p","from":"2024-01-01","until":"2024-01-05""#,
                r#""value":"q","from":"2024-01-04","until":"2024-01-09""#,
                true,
            ),
            (text, r#""value":"p","from":"2024-01-01""#, r#""value":"q","from":"2024-01-04""#, false),
            (text, r#""value":"p","on":"2024-01""#, r#""value":"q","on":"2024-01""#, false),
            (text, r#""value":"p","from":"2024-01-01","until":"2024-03""#, r#""value":"q","on":"2024-01-01""#, false),
            (text, r#""value":"p","from":"2023-12","until":"2024-03""#, r#""value":"q","on":"2024-01-01""#, true),
            (text, r#""value":"p","timeless":true"#, r#""value":"q","timeless":true"#, true),
            (text, r#""value":"p","timeless":true"#, r#""value":"q","on":"2024-01-01""#, true),
            (
                r#""value_type":"text","fixed":true"#,
                r#""value":"p","as_of":"2001""#,
                r#""value":"q","as_of":"2003-05""#,
                true,
            ),
            (
                r#""value_type":"text","cardinality":"multi""#,
                r#""value":"p","on":"2024-01-01""#,
                r#""value":"q","on":"2024-01-01""#,
                false,
            ),
            (
                r#""value_type":"bool""#,
                r#""value":true,"on":"2024-01-01""#,
                r#""value":true,"polarity":"deny","on":"2024-01-01""#,
                true,
            ),
            (
                r#""value_type":"quantity""#,
                r#""value":{"lower":"5"},"on":"2024-01-01""#,
                r#""value":{"lower":"7","upper":"7"},"on":"2024-01-01""#,
                false,
            ),
            (
                r#""value_type":"quantity""#,
                r#""value":{"lower":"5","upper":"6"},"on":"2024-01-01""#,
                r#""value":{"lower":"7","upper":"7"},"on":"2024-01-01""#,
                true,
            ),
        ] {
            assert_eq!(contradicts(declared, one, other), expected, "{declared} {one} {other}");
        }
    }
}
