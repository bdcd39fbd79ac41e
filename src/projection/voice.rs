//! What live claims say, in the fold's own terms.

use crate::date::{Day, Minutes, Window};
use crate::seq::Seq;
use crate::value::{Value, meet};

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
pub(super) struct Side {
    pub(super) window: Window,
    pub(super) is_sure: bool,
    pub(super) kind: BoundKind,
    pub(super) clock: Option<Minutes>,
}

impl Side {
    pub(super) fn is_exactly(&self, day: Day) -> bool {
        self.is_sure && self.window == Window::day(day)
    }

    /// Whether it has a day after `from` and before `to`: it lies, or may lie, between them.
    pub(super) fn lies_between(self, from: Day, to: Day) -> bool {
        self.window.earliest.max(from.plus(1)) <= self.window.latest.min(to.plus(-1))
    }
}

/// When a claim says that something held.
#[derive(Clone, Copy, Debug)]
pub(super) enum Time {
    Always,
    Undated,
    /// A day claim: one date.
    Day(Side),
    Open(Side),
    Until(Side),
    Closed(Side, Side),
}

/// One thing a live claim says: of its date or period, of one period of its closed list, or of the gap
/// between two of them.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that is said of a claim")]
#[derive(Clone, Debug)]
pub(super) struct Voice {
    pub(super) claim: Seq,
    /// Who said it first, if anybody is named.
    pub(super) origin: Option<Seq>,
    /// Whether there is a captured copy.
    pub(super) has_evidence: bool,
    pub(super) value: ValueId,
    pub(super) time: Time,
    pub(super) root: Root,
    /// A denial that is not a claim of a complement.
    pub(super) is_denial: bool,
    /// A gap between two periods of a closed list.
    pub(super) is_gap: bool,
    pub(super) is_disputed: bool,
    pub(super) is_rated_true: bool,
    pub(super) is_rated_false: bool,
}

impl Voice {
    pub(super) fn start(&self) -> Option<Side> {
        match self.time {
            Time::Day(side) | Time::Open(side) | Time::Closed(side, _) => Some(side),
            Time::Always | Time::Undated | Time::Until(_) => None,
        }
    }

    pub(super) fn end(&self) -> Option<Side> {
        match self.time {
            Time::Day(side) | Time::Until(side) | Time::Closed(_, side) => Some(side),
            Time::Always | Time::Undated | Time::Open(_) => None,
        }
    }

    pub(super) fn transition_start(&self) -> Option<Side> {
        self.start().filter(|side| side.kind == BoundKind::Transition)
    }

    pub(super) fn transition_end(&self) -> Option<Side> {
        self.end().filter(|side| side.kind == BoundKind::Transition)
    }

    /// Rated True by a checker and False by none.
    pub(super) fn is_trusted(&self) -> bool {
        self.is_rated_true && !self.is_rated_false
    }

    /// Whether a bound of it lies, or may lie, after `from` and before `to`.
    pub(super) fn has_bound_between(&self, from: Day, to: Day) -> bool {
        [self.start(), self.end()].into_iter().flatten().any(|side| side.lies_between(from, to))
    }
}

/// A value of the key, and its complement.
#[derive(Clone, Debug)]
pub(super) struct ValueEntry {
    pub(super) value: Value<Seq>,
    pub(super) complement: Option<ValueId>,
    /// Whether a live claim spells it, and not only the attribute's declaration.
    pub(super) is_claimed: bool,
}

/// The days on which a closed list says that its value does not hold.
#[derive(Clone, Debug)]
pub(super) struct ListDenial {
    pub(super) voice: usize,
    pub(super) days: Vec<Window>,
}

/// What the live claims of a key say: of all its values, or of one of a multi-valued attribute.
#[expect(clippy::struct_field_names, reason = "they are the voices")]
#[derive(Clone, Debug, Default)]
pub(super) struct Voices {
    /// No two are equal.
    pub(super) values: Vec<ValueEntry>,
    pub(super) voices: Vec<Voice>,
    pub(super) denials: Vec<ListDenial>,
    pub(super) stale_after_days: Option<i64>,
}

impl Voices {
    pub(super) fn value(&self, id: ValueId) -> Option<&ValueEntry> {
        self.values.get(id)
    }

    /// Whether two values agree.
    pub(super) fn agree(&self, a: ValueId, b: ValueId) -> bool {
        a == b || self.value(a).zip(self.value(b)).is_some_and(|(a, b)| meet(&a.value, &b.value))
    }

    pub(super) fn complement(&self, value: ValueId) -> Option<ValueId> {
        self.value(value)?.complement
    }

    pub(super) fn voice(&self, place: usize) -> Option<&Voice> {
        self.voices.get(place)
    }
}
