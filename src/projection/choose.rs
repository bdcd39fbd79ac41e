//! Step 1 of an answer: which claims speak of a key, and what each says in the fold's own terms.

use std::collections::HashMap;

use super::facts::ClaimFact;
use super::horizon::{Dropped, Known, Standing};
use crate::claim::{Edge, EdgeKind, Moment, Polarity, Valid};
use crate::date::{Bound, ClockWindow, Day, Window};
use crate::event::{AttributeDefined, Cardinality};
use crate::seq::Seq;
use crate::value::{Identity, Value, ValueType, agree};

/// Where a value stands in the table of a key's values.
pub(super) type ValueId = usize;

/// The origin of a claim, for telling claims of one origin from those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Root {
    /// A source, after links.
    Source(Seq),
    /// A claim that names nobody is an origin of its own.
    Nobody(Seq),
}

/// What kind of bound one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BoundKind {
    /// The date of a day claim (`on`, `as of`).
    Day,
    Transition,
    Observed,
}

/// A bound with a place among the days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side<'a> {
    pub(super) window: Window,
    pub(super) is_sure: bool,
    pub(super) kind: BoundKind,
    pub(super) clock: Option<&'a ClockWindow>,
}

impl Side<'_> {
    pub(super) fn is_exactly(&self, day: Day) -> bool {
        self.is_sure && self.window == Window::day(day)
    }
}

/// When a claim says that something held.
#[derive(Clone, Copy, Debug)]
pub(super) enum Time<'a> {
    Always,
    Undated,
    /// A day claim: one date.
    Day(Side<'a>),
    Open(Side<'a>),
    Until(Side<'a>),
    Closed(Side<'a>, Side<'a>),
}

/// One thing a live claim says: of its date or period, of one period of its closed list, or of the gap
/// between two of them.
#[derive(Clone, Debug)]
pub(super) struct Voice<'a> {
    pub(super) fact: &'a ClaimFact,
    pub(super) value: ValueId,
    pub(super) time: Time<'a>,
    pub(super) root: Root,
    /// A denial that is not a claim of a complement.
    pub(super) is_denial: bool,
    /// A gap between two periods of a closed list.
    pub(super) is_gap: bool,
    pub(super) is_disputed: bool,
    pub(super) is_rated_true: bool,
    pub(super) is_rated_false: bool,
}

impl<'a> Voice<'a> {
    pub(super) fn claim(&self) -> Seq {
        self.fact.seq
    }

    pub(super) fn start(&self) -> Option<Side<'a>> {
        match self.time {
            Time::Day(side) | Time::Open(side) | Time::Closed(side, _) => Some(side),
            Time::Always | Time::Undated | Time::Until(_) => None,
        }
    }

    pub(super) fn end(&self) -> Option<Side<'a>> {
        match self.time {
            Time::Day(side) | Time::Until(side) | Time::Closed(_, side) => Some(side),
            Time::Always | Time::Undated | Time::Open(_) => None,
        }
    }

    pub(super) fn transition_start(&self) -> Option<Side<'a>> {
        self.start().filter(|side| side.kind == BoundKind::Transition)
    }

    pub(super) fn transition_end(&self) -> Option<Side<'a>> {
        self.end().filter(|side| side.kind == BoundKind::Transition)
    }

    /// Rated True by a checker and False by none.
    pub(super) fn is_trusted(&self) -> bool {
        self.is_rated_true && !self.is_rated_false
    }

    /// Whether a bound of it lies, or may lie, after `from` and before `to`.
    pub(super) fn has_bound_between(&self, from: Day, to: Day) -> bool {
        let lies_between = |side: Side<'_>| side.window.latest > from && side.window.earliest < to;
        self.start().is_some_and(lies_between) || self.end().is_some_and(lies_between)
    }
}

/// A value of the key, and its complement.
#[derive(Clone, Debug)]
pub(super) struct ValueEntry {
    pub(super) identity: Identity,
    pub(super) value: Value<Seq>,
    pub(super) complement: Option<ValueId>,
    is_claimed: bool,
}

/// The days on which a closed list says that its value does not hold.
#[derive(Clone, Debug)]
pub(super) struct ListDenial {
    pub(super) voice: usize,
    pub(super) days: Vec<Window>,
}

/// What the live claims of a key say: of all its values, or of one of a multi-valued attribute.
#[derive(Clone, Debug, Default)]
pub(super) struct Voices<'a> {
    pub(super) values: Vec<ValueEntry>,
    pub(super) voices: Vec<Voice<'a>>,
    pub(super) denials: Vec<ListDenial>,
    pub(super) stale_after_days: Option<i64>,
}

impl<'a> Voices<'a> {
    pub(super) fn value(&self, id: ValueId) -> Option<&ValueEntry> {
        self.values.get(id)
    }

    /// Whether two values agree.
    pub(super) fn agree(&self, a: ValueId, b: ValueId) -> bool {
        a == b
            || self
                .value(a)
                .zip(self.value(b))
                .is_some_and(|(a, b)| agree((&a.identity, &a.value), (&b.identity, &b.value)))
    }

    pub(super) fn complement(&self, value: ValueId) -> Option<ValueId> {
        self.value(value)?.complement
    }

    pub(super) fn voice(&self, place: usize) -> Option<&Voice<'a>> {
        self.voices.get(place)
    }
}

/// Everything a ledger says of one (subject, attribute) at a horizon, whatever the day asked for.
#[derive(Clone, Debug)]
pub struct Key<'a> {
    /// The canonical subject.
    pub subject: Seq,
    /// The attribute.
    pub attribute: Seq,
    pub(super) is_multi: bool,
    /// One part for a single-valued attribute, one a value for a multi-valued one.
    pub(super) parts: Vec<Voices<'a>>,
    /// Claims that are not used, and why.
    pub dropped: Vec<(Seq, Dropped)>,
}

impl Key<'_> {
    /// Whether any claim of it is used.
    #[must_use]
    pub fn has_live_claim(&self) -> bool {
        self.parts.iter().any(|part| !part.voices.is_empty())
    }
}

impl<'a> Known<'a> {
    /// What is said of one key.
    #[must_use]
    pub fn key(&self, subject: Seq, attribute: Seq) -> Key<'a> {
        let subject = self.canonical(subject);
        let is_of_key = |fact: &&ClaimFact| {
            let statement = &fact.claim.statement;
            statement.attribute == attribute && self.canonical(statement.subject) == subject
        };
        self.key_of_claims(subject, attribute, self.facts.claims.iter().filter(is_of_key))
    }

    /// What is said of every key that a recorded claim is about.
    #[must_use]
    pub fn keys(&self) -> Vec<Key<'a>> {
        let mut claims: HashMap<(Seq, Seq), Vec<&'a ClaimFact>> = HashMap::new();
        for fact in self.facts.claims.iter().filter(|fact| self.is_recorded(fact.seq)) {
            let statement = &fact.claim.statement;
            claims.entry((self.canonical(statement.subject), statement.attribute)).or_default().push(fact);
        }
        let mut claims: Vec<_> = claims.into_iter().collect();
        claims.sort_unstable_by_key(|(key, _)| *key);
        claims
            .into_iter()
            .map(|((subject, attribute), facts)| self.key_of_claims(subject, attribute, facts.into_iter()))
            .collect()
    }

    fn key_of_claims(&self, subject: Seq, attribute: Seq, claims: impl Iterator<Item = &'a ClaimFact>) -> Key<'a> {
        let defined = self.attribute(attribute);
        let is_multi = defined.is_some_and(|defined| defined.cardinality == Cardinality::Multi);
        let mut build = Build {
            known: self,
            value_type: defined.map_or(ValueType::Text, |defined| defined.value_type),
            defined: defined.filter(|_| !is_multi),
            all: Voices {
                stale_after_days: defined.and_then(|d| d.stale_after_days).map(i64::from),
                ..Voices::default()
            },
            value_ids: HashMap::new(),
        };
        let mut dropped = Vec::new();
        for fact in claims.filter(|fact| self.is_recorded(fact.seq)) {
            match self.standing(fact) {
                Standing::Dropped(why) => dropped.push((fact.seq, why)),
                Standing::Live(said) => {
                    let start = build.all.voices.len();
                    build.add(fact);
                    for voice in build.all.voices.iter_mut().skip(start) {
                        voice.is_disputed = !said.disputes.is_empty();
                        voice.is_rated_true = said.is_rated_true;
                        voice.is_rated_false = said.is_rated_false;
                    }
                }
            }
        }
        for (seq, erased_subject, of) in &self.facts.erased_claims {
            if *of == attribute && self.canonical(*erased_subject) == subject && self.is_recorded(*seq) {
                dropped.push((*seq, Dropped::Erased));
            }
        }
        let parts = if is_multi { by_value(build.all) } else { vec![build.all] };
        Key { subject, attribute, is_multi, parts, dropped }
    }

    /// The identity of a value, its entity taken to its canonical one.
    pub(super) fn identity(&self, value: &Value<Seq>, value_type: ValueType) -> Identity {
        match value {
            Value::Entity(entity) => Identity::of(&Value::Entity(self.canonical(*entity)), value_type),
            value => Identity::of(value, value_type),
        }
    }
}

/// Splits what is said into one part a value.
fn by_value(all: Voices<'_>) -> Vec<Voices<'_>> {
    let mut parts: Vec<Voices<'_>> = all
        .values
        .into_iter()
        .map(|entry| Voices {
            values: vec![ValueEntry { complement: None, ..entry }],
            stale_after_days: all.stale_after_days,
            ..Voices::default()
        })
        .collect();
    let mut new_places = Vec::with_capacity(all.voices.len());
    for mut voice in all.voices {
        let value = std::mem::take(&mut voice.value);
        if let Some(part) = parts.get_mut(value) {
            new_places.push((value, part.voices.len()));
            part.voices.push(voice);
        }
    }
    for denial in all.denials {
        if let Some((value, voice)) = new_places.get(denial.voice)
            && let Some(part) = parts.get_mut(*value)
        {
            part.denials.push(ListDenial { voice: *voice, days: denial.days });
        }
    }
    parts.retain(|part| !part.voices.is_empty());
    parts
}

struct Build<'a, 'k> {
    known: &'k Known<'a>,
    value_type: ValueType,
    /// The definition, if it is single-valued: only then are there complements.
    defined: Option<&'a AttributeDefined>,
    all: Voices<'a>,
    value_ids: HashMap<Identity, ValueId>,
}

impl<'a> Build<'a, '_> {
    fn add(&mut self, fact: &'a ClaimFact) {
        let statement = &fact.claim.statement;
        let mut value = self.value_id(&statement.value);
        let mut is_denial = statement.polarity == Polarity::Deny;
        if is_denial && let Some(other) = self.denied(&statement.value, value) {
            (value, is_denial) = (other, false);
        }
        let root = match fact.claim.chain.first() {
            Some(origin) => Root::Source(self.known.root(origin.who)),
            None => Root::Nobody(fact.seq),
        };
        let voice = |value, time, is_gap| Voice {
            fact,
            value,
            time,
            root,
            is_denial,
            is_gap,
            is_disputed: false,
            is_rated_true: false,
            is_rated_false: false,
        };
        let Valid::Listed(spans) = &statement.valid else {
            self.all.voices.push(voice(value, time(&statement.valid), false));
            return;
        };
        let windows: Vec<_> = spans.iter().filter_map(|span| Some((side(&span.from)?, side(&span.until)?))).collect();
        if !is_denial {
            let said_on = fact.claim.reference.said_on.as_ref().and_then(Bound::window);
            let days = denied_days(&windows, said_on);
            self.all.denials.push(ListDenial { voice: self.all.voices.len(), days });
        }
        for (start, end) in &windows {
            self.all.voices.push(voice(value, Time::Closed(*start, *end), false));
        }
        if let Some(other) = self.all.complement(value).filter(|_| !is_denial) {
            let gaps = windows.windows(2).filter_map(|pair| if let [a, b] = pair { gap(&a.1, &b.0) } else { None });
            for (start, end) in gaps {
                self.all.voices.push(voice(other, Time::Closed(start, end), true));
            }
        }
    }

    /// What a denial of a value claims instead: its complement, or the other Bool.
    fn denied(&mut self, value: &Value<Seq>, id: ValueId) -> Option<ValueId> {
        match value {
            Value::Bool(holds) => Some(self.declared_value_id(&Value::Bool(!holds))),
            _ => self.all.complement(id),
        }
    }

    /// The place of a claimed value in the table; the first live claim's spelling is the one shown.
    fn value_id(&mut self, value: &Value<Seq>) -> ValueId {
        let id = self.declared_value_id(value);
        if let Some(entry) = self.all.values.get_mut(id)
            && !entry.is_claimed
        {
            entry.is_claimed = true;
            if !matches!(value, Value::Entity(_)) {
                entry.value = value.clone();
            }
        }
        id
    }

    fn declared_value_id(&mut self, value: &Value<Seq>) -> ValueId {
        let identity = self.known.identity(value, self.value_type);
        if let Some(id) = self.value_ids.get(&identity) {
            return *id;
        }
        let id = self.all.values.len();
        let value = match value {
            Value::Entity(entity) => Value::Entity(self.known.canonical(*entity)),
            value => value.clone(),
        };
        self.value_ids.insert(identity.clone(), id);
        self.all.values.push(ValueEntry { identity: identity.clone(), value, complement: None, is_claimed: false });
        let pair = self.defined.and_then(|defined| defined.complement.as_ref());
        let other = pair.and_then(|(p, q)| {
            let is = |side| self.known.identity(side, self.value_type) == identity;
            if is(p) { Some(q) } else { is(q).then_some(p) }
        });
        if let Some(other) = other {
            let other = self.declared_value_id(other);
            if let Some(entry) = self.all.values.get_mut(id) {
                entry.complement = Some(other);
            }
        }
        id
    }
}

fn side(bound: &Bound) -> Option<Side<'_>> {
    let window = bound.window()?;
    Some(Side { window, is_sure: !bound.is_uncertain(), kind: BoundKind::Transition, clock: None })
}

fn side_of_edge(edge: &Edge) -> Option<Side<'_>> {
    let kind = match edge.kind {
        EdgeKind::Transition => BoundKind::Transition,
        EdgeKind::Observed => BoundKind::Observed,
    };
    Some(Side { kind, clock: edge.clock.as_ref(), ..side(&edge.at)? })
}

/// A date without a year places nothing: the other edge stands alone, or the claim is undated.
fn time(valid: &Valid) -> Time<'_> {
    match valid {
        Valid::On(Moment { at, clock }) | Valid::AsOf(Moment { at, clock }) => side(at)
            .map_or(Time::Undated, |side| Time::Day(Side { kind: BoundKind::Day, clock: clock.as_ref(), ..side })),
        Valid::Period { from, until } => {
            match (from.as_ref().and_then(side_of_edge), until.as_ref().and_then(side_of_edge)) {
                (Some(start), Some(end)) => Time::Closed(start, end),
                (Some(start), None) => Time::Open(start),
                (None, Some(end)) => Time::Until(end),
                (None, None) => Time::Undated,
            }
        }
        Valid::Timeless => Time::Always,
        Valid::Undated | Valid::Listed(_) => Time::Undated,
    }
}

/// The gap between the end of one window and the start of the next: from the day after to the day before,
/// both observed.
fn gap<'a>(end: &Side<'a>, next: &Side<'a>) -> Option<(Side<'a>, Side<'a>)> {
    let (first, last) = (end.window.latest.plus(1), next.window.earliest.plus(-1));
    let observed = |day, is_sure| Side { window: Window::day(day), is_sure, kind: BoundKind::Observed, clock: None };
    (first <= last).then(|| (observed(first, end.is_sure), observed(last, next.is_sure)))
}

/// The days outside a list's windows: before the first, between them, and after the last up to the earliest
/// day on which it was said.
fn denied_days(windows: &[(Side<'_>, Side<'_>)], said_on: Option<Window>) -> Vec<Window> {
    let mut days = Vec::with_capacity(windows.len() + 1);
    let mut earliest = Day::UNBOUNDED_PAST;
    for (start, end) in windows {
        days.push(Window { earliest, latest: start.window.earliest.plus(-1) });
        earliest = end.window.latest.plus(1);
    }
    if let Some(said_on) = said_on {
        days.push(Window { earliest, latest: said_on.earliest });
    }
    days.retain(|window| window.earliest <= window.latest);
    days
}
