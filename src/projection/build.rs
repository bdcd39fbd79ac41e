//! From a live claim to what it says: its dates or periods as bounds, its value's place in the table.

use std::collections::BTreeMap;
use std::ptr;

use foldhash::HashMap;

use super::day::{BoundKind, ListDenial, Root, Side, Time, ValueEntry, ValueId, Voice, Voices};
use super::known::horizon::Known;
use super::known::review::Waits;
use crate::claim::ClaimFact;
use crate::claim::{Edge, EdgeKind, Moment, Polarity, Valid};
use crate::date::{Bound, ClockWindow, Day, Said, Window};
use crate::event::{AttributeDefined, Cardinality};
use crate::seq::Seq;
use crate::source::Reliability;
use crate::value::{Identity, Value, ValueType};

/// Takes live claims and makes them voices.
pub(super) struct Build<'a, 'k> {
    known: &'k Known<'a>,
    value_type: ValueType,
    /// The pair of values where not the one is the other; only a single-valued attribute has one.
    pair: Option<(&'a Value<Seq>, &'a Value<Seq>)>,
    pub(super) all: Voices,
    value_ids: BTreeMap<Identity, ValueId>,
    /// Values as they were claimed, the first few: most claims of a key say one of few values.
    claimed: Vec<(&'a Value<Seq>, ValueId)>,
    /// What is known of each origin.
    origins: HashMap<Seq, Origin>,
    /// The root that affirmed each value first.
    first_roots: Vec<Option<Root>>,
}

/// Who said something, as far as the fold asks.
#[derive(Clone, Copy)]
struct Origin {
    /// After links; all claims that name nobody have one.
    root: Root,
    /// The root, if it has a name and so can support.
    supporter: Option<Seq>,
    grade: Option<Reliability>,
}

/// Values are found by comparing with so many, and otherwise by their identity.
const CLAIMED_MAX: usize = 8;

impl<'a, 'k> Build<'a, 'k> {
    /// For claims of an attribute at a horizon.
    pub(super) fn new(known: &'k Known<'a>, defined: Option<&'a AttributeDefined>) -> Self {
        let is_multi = defined.is_some_and(|defined| defined.cardinality == Cardinality::Multi);
        let stale_after_days = defined.and_then(|defined| defined.stale_after_days).map(i64::from);
        Build {
            known,
            value_type: defined.map_or(ValueType::Text, |defined| defined.value_type),
            pair: defined.filter(|_| !is_multi).and_then(AttributeDefined::opposites),
            all: Voices {
                stale_after_days,
                is_fixed: defined.is_some_and(|defined| defined.is_fixed),
                is_multi,
                ..Voices::default()
            },
            value_ids: BTreeMap::new(),
            claimed: Vec::new(),
            origins: HashMap::default(),
            first_roots: Vec::new(),
        }
    }

    /// Adds what a claim says.
    pub(super) fn add(&mut self, fact: &'a ClaimFact) {
        let mut value = self.value_id(&fact.value);
        let mut is_denial = fact.polarity == Polarity::Deny;
        if is_denial && let Some(other) = self.denied(&fact.value, value) {
            (value, is_denial) = (other, false);
        }
        let Origin { root, supporter, grade } = self.origin(fact.origin);
        if !is_denial {
            self.note_root(value, root);
        }
        let said = self.known.claim_said(fact).at;
        let voice = |value, time, is_gap| Voice {
            claim: fact.seq,
            origin: fact.origin,
            supporter,
            grade,
            said_at: (said.day, said.minute),
            has_evidence: !fact.evidence.is_empty() || self.known.facts.has_references(fact.seq),
            value,
            time,
            root,
            said: Some(said).filter(|said| said.is_timed),
            is_denial,
            is_gap,
            is_disputed: false,
            is_rated_true: false,
            is_rated_false: false,
            is_waiting: self.known.is_waiting(fact.seq, fact.actor, Waits::Claim),
        };
        let Valid::Listed(spans) = &fact.valid else {
            self.all.voices.push(voice(value, time(&fact.valid), false));
            return;
        };
        let windows: Vec<_> = spans.iter().filter_map(|span| Some((side(&span.from)?, side(&span.until)?))).collect();
        if !is_denial {
            let days = denied_days(&windows, fact.said_on.as_ref().and_then(Said::window));
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

    /// What is known of an origin; asked once for each.
    fn origin(&mut self, origin: Option<Seq>) -> Origin {
        let Some(origin) = origin else { return Origin { root: Root::Nobody, supporter: None, grade: None } };
        let known = self.known;
        *self.origins.entry(origin).or_insert_with(|| {
            let root = known.root(origin);
            let supporter = Some(root).filter(|_| known.is_named(origin));
            Origin { root: Root::Source(root), supporter, grade: known.reliability(origin) }
        })
    }

    fn note_root(&mut self, value: ValueId, root: Root) {
        self.first_roots.resize(self.all.values.len(), None);
        if let Some(first) = self.first_roots.get_mut(value) {
            let is_another = first.get_or_insert(root) != &root;
            if let Some(entry) = self.all.values.get_mut(value) {
                entry.has_several_roots |= is_another;
            }
        }
    }

    /// What a denial of a value claims instead: its complement, or the other Bool.
    fn denied(&mut self, value: &Value<Seq>, id: ValueId) -> Option<ValueId> {
        match value {
            Value::Bool(holds) if !self.all.is_multi => Some(self.declared_value_id(&Value::Bool(!holds))),
            _ => self.all.complement(id),
        }
    }

    /// The place of a claimed value in the table; the first live claim's spelling is the one shown.
    fn value_id(&mut self, value: &'a Value<Seq>) -> ValueId {
        if let Some((_, id)) = self.claimed.iter().find(|(claimed, _)| ptr::eq(*claimed, value) || *claimed == value) {
            return *id;
        }
        let id = self.declared_value_id(value);
        if self.claimed.len() < CLAIMED_MAX {
            self.claimed.push((value, id));
        }
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
        let known = self.known;
        let identity_of = |value: &Value<Seq>| known.identity(value, self.value_type);
        let mut identity = identity_of(value);
        if self.all.is_multi {
            identity = identity.without_approx(value);
        }
        if let Some(id) = self.value_ids.get(&identity) {
            return *id;
        }
        let id = self.all.values.len();
        let value = match value {
            Value::Entity(entity) => Value::Entity(self.known.canonical(*entity)),
            value => value.clone(),
        };
        let other = self.pair.and_then(|(p, q)| {
            let is = |side| identity_of(side) == identity;
            if is(p) { Some(q) } else { is(q).then_some(p) }
        });
        self.all.values.push(ValueEntry {
            value,
            complement: None,
            reach: None,
            is_claimed: false,
            has_several_roots: false,
        });
        self.value_ids.insert(identity, id);
        if let Some(other) = other {
            let other = self.declared_value_id(other);
            if let Some(entry) = self.all.values.get_mut(id) {
                entry.complement = Some(other);
            }
        }
        id
    }
}

fn side(bound: &Bound) -> Option<Side> {
    let window = bound.window()?;
    Some(Side { window, is_sure: !bound.is_uncertain(), kind: BoundKind::Transition, clock: None })
}

fn side_of_edge(edge: &Edge) -> Option<Side> {
    let kind = match edge.kind {
        EdgeKind::Transition => BoundKind::Transition,
        EdgeKind::Observed => BoundKind::Observed,
    };
    Some(Side { kind, clock: edge.clock.as_ref().map(ClockWindow::minutes), ..side(&edge.at)? })
}

/// A date without a year places nothing: the other edge stands alone, or the claim is undated.
fn time(valid: &Valid) -> Time {
    let day = |Moment { at, clock }: &Moment, kind| {
        side(at).map_or(Time::Undated, |side| {
            Time::Day(Side { kind, clock: clock.as_ref().map(ClockWindow::minutes), ..side })
        })
    };
    match valid {
        Valid::On(moment) => day(moment, BoundKind::On),
        Valid::AsOf(moment) => day(moment, BoundKind::AsOf),
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
fn gap(end: &Side, next: &Side) -> Option<(Side, Side)> {
    let (first, last) = (end.window.latest.plus(1), next.window.earliest.plus(-1));
    let observed = |day, is_sure| Side { window: Window::day(day), is_sure, kind: BoundKind::Observed, clock: None };
    (first <= last).then(|| (observed(first, end.is_sure), observed(last, next.is_sure)))
}

/// The days outside a list's windows: before the first, between them, and after the last up to the earliest
/// day on which it was said.
fn denied_days(windows: &[(Side, Side)], said_on: Option<Window>) -> Vec<Window> {
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
