//! Days on which one origin says two different things for certain: usually a correction that was not entered as one. Whether it
//! does is what the model answers of the two claims alone: both hold that day, and they neither agree nor meet (row 2).

use std::collections::BTreeSet;

use foldhash::HashMap;

use crate::catalogue::Catalogue;
use crate::claim::{Claim, ClaimFact, Valid};
use crate::date::{Bound, Day, Window};
use crate::event::{AttributeDefined, Cardinality, Event, Recorded};
use crate::projection::{Facts, Horizon, Row, World};
use crate::seq::Seq;

/// Subject, attribute and origin: who is to contradict themselves.
type Key = (Seq, Seq, Seq);

/// The rows of a key that were recorded before, and whether other keys are to be read beside it.
type Rows<'r> = dyn Fn((Seq, Seq)) -> (Vec<Row>, bool) + 'r;

/// Whether a claim stands; and whether it is known that nothing was done with it before.
type Stands<'r> = dyn Fn(Seq, bool) -> bool + 'r;

/// A claim, and the days between which it says something for certain, if it does.
#[derive(Clone, Debug)]
struct Told {
    fact: ClaimFact,
    days: Window,
}

/// New claims of single-valued attributes by somebody.
#[derive(Debug, Default)]
pub(super) struct Contradictions {
    by_key: HashMap<Key, Vec<Told>>,
    /// Claims with their keys, in the order of their events.
    order: Vec<(Seq, Key)>,
}

/// A day claimed by many is compared with so many of them: one contradiction is enough to tell.
const COMPARED_MAX: usize = 64;

/// So many pairs of claims are put to the model. A file of a thousand stories of one key tells soon enough that it is one.
const ASKED_MAX: usize = 20_000;

/// So many days of two claims are looked at: those of their bounds, between which nothing changes.
const DAYS_MAX: usize = 64;

/// The row of the model's table for two values that hold and do not meet.
const TWO_VALUES: u8 = 2;

/// A time behind all that was said.
const LATE_MICROS: i64 = i64::MAX;

impl Contradictions {
    /// Adds a claim of a single-valued attribute by somebody.
    pub(super) fn add(&mut self, claim: Seq, of: &Claim, catalogue: &Catalogue) {
        let statement = &of.statement;
        let attribute = catalogue.attribute(statement.attribute);
        if attribute.is_some_and(|attribute| attribute.cardinality == Cardinality::Multi) {
            return;
        }
        let Some(origin) = of.chain.first().map(|origin| origin.who) else { return };
        let key = (statement.subject, statement.attribute, origin);
        let fact = ClaimFact::of(claim, Day::of_unix_micros(LATE_MICROS), Seq(0), of);
        let Some(told) = Told::of(fact, attribute) else { return };
        self.by_key.entry(key).or_default().push(told);
        self.order.push((claim, key));
    }

    /// The earliest pairs of claims, the second recorded at or after `first_new`, that contradict each other; at most `max`.
    pub(super) fn pairs(
        &self,
        first_new: Seq,
        catalogue: &Catalogue,
        (rows, stands): (&Rows<'_>, &Stands<'_>),
        max: usize,
    ) -> Vec<(Seq, Seq)> {
        let new = self.order.iter().rev().take_while(|(claim, _)| *claim >= first_new);
        let keys: BTreeSet<Key> = new.map(|(_, key)| *key).collect();
        let (mut found, mut asked) = (BTreeSet::new(), 0);
        for key in keys {
            let defined = catalogue.attribute(key.1);
            let before = told_before((rows, stands), key, defined);
            let mut told: Vec<&Told> = self.by_key.get(&key).into_iter().flatten().collect();
            told.retain(|told| stands(told.fact.seq, false));
            told.extend(&before);
            told.sort_unstable_by_key(|told| (told.days.earliest, told.fact.seq));
            let mut open: Vec<&Told> = Vec::new();
            for one in told {
                open.retain(|other| other.days.latest >= one.days.earliest);
                for other in &open {
                    let pair = (one.fact.seq.min(other.fact.seq), one.fact.seq.max(other.fact.seq));
                    if pair.1 < first_new || asked >= ASKED_MAX || is_one_value(&one.fact, &other.fact) {
                        continue;
                    }
                    asked += 1;
                    if contradict(one, other, defined) {
                        found.insert(pair);
                        if found.len() > max {
                            found.pop_last();
                        }
                    }
                }
                if open.len() < COMPARED_MAX {
                    open.push(one);
                }
            }
        }
        found.into_iter().collect()
    }
}

impl Told {
    /// A claim of an attribute, if it says something of a day for certain.
    fn of(fact: ClaimFact, defined: Option<&AttributeDefined>) -> Option<Told> {
        // What cannot change holds on every day.
        let is_fixed = defined.is_some_and(|defined| defined.is_fixed);
        let days = sure_days(if is_fixed { &Valid::Timeless } else { &fact.valid })?;
        Some(Told { fact, days })
    }
}

/// The claims of a key by an origin that were recorded before, and stand.
fn told_before(
    (rows, stands): (&Rows<'_>, &Stands<'_>),
    (subject, attribute, origin): Key,
    defined: Option<&AttributeDefined>,
) -> Vec<Told> {
    let (rows, has_beside) = rows((subject, attribute));
    let facts = Facts::of(rows.into_iter().map(|row| ((subject, attribute), row)));
    let stands = |claim| stands(claim, !has_beside && facts.is_untouched(claim));
    let own = facts.claims().iter().filter(|fact| fact.origin == Some(origin) && stands(fact.seq));
    let told = own.map(|fact| {
        let (recorded_day, actor) = (Day::of_unix_micros(LATE_MICROS), Seq(0));
        Told::of(ClaimFact { recorded_day, actor, ..fact.clone() }, defined)
    });
    told.flatten().collect()
}

/// Whether two claims say the same value.
fn is_one_value(one: &ClaimFact, other: &ClaimFact) -> bool {
    one.value == other.value && one.polarity == other.polarity
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
fn contradict(one: &Told, other: &Told, defined: Option<&AttributeDefined>) -> bool {
    let (first, second) = if one.fact.seq < other.fact.seq { (one, other) } else { (other, one) };
    let (subject, attribute) = (first.fact.subject, first.fact.attribute);
    let mut world = World::default();
    if let Some(defined) = defined {
        let event = Some(Event::AttributeDefined(defined.clone()));
        world.apply(&Recorded { seq: attribute, at_micros: 0, actor: Seq(0), event, first: None });
    }
    world.close_commit(second.fact.seq, LATE_MICROS);
    let rows = [first, second].map(|told| ((subject, attribute), Row::Claim(told.fact.clone())));
    let facts = Facts::of(rows);
    let (horizon, days) = (Horizon::default(), days(&first.fact.valid, &second.fact.valid));
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
