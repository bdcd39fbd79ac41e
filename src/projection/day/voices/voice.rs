//! What live claims say, in the fold's own terms.

use crate::date::{Day, Instant, Minutes, Window};
use crate::seq::Seq;
use crate::source::Reliability;

/// Where a value stands in the table of a key's values.
pub(crate) type ValueId = usize;

/// The origin of a claim, for telling claims of one origin from those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Root {
    /// A source, after links.
    Source(Seq),
    /// All claims that name nobody.
    Nobody,
}

/// What kind of bound one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum BoundKind {
    /// The date of an occurrence (`on`).
    On,
    /// The date of an observation (`as of`).
    AsOf,
    Transition,
    Observed,
}

/// A bound with a place among the days.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    pub(crate) window: Window,
    pub(crate) is_sure: bool,
    pub(crate) kind: BoundKind,
    pub(crate) clock: Option<Minutes>,
}

impl Side {
    /// Whether it is just this day, sure or not.
    pub(crate) fn is_exactly(&self, day: Day) -> bool {
        self.window == Window::day(day)
    }

    /// Whether it is just this day, and not marked as doubtful.
    pub(crate) fn is_surely(&self, day: Day) -> bool {
        self.is_sure && self.is_exactly(day)
    }

    /// Whether it has a day after `from` and before `to`: it lies, or may lie, between them.
    pub(crate) fn lies_between(self, from: Day, to: Day) -> bool {
        self.window.earliest.max(from.plus(1)) <= self.window.latest.min(to.plus(-1))
    }

    /// Whether it has begun for certain by a day: the day lies behind its window, or ends a window of several days.
    pub(crate) fn is_past(&self, day: Day) -> bool {
        self.window.latest < day || self.window.latest == day && !self.window.is_exact()
    }
}

/// When a claim says that something held.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Time {
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
pub(crate) struct Voice {
    pub(crate) claim: Seq,
    /// Who said it first, if anybody is named.
    pub(crate) origin: Option<Seq>,
    /// The root after links, if that has a name and so can support.
    pub(crate) supporter: Option<Seq>,
    /// The grade of its origin.
    pub(crate) grade: Option<Reliability>,
    /// When it was said, by day and minute.
    pub(crate) said_at: (Day, u16),
    /// Whether there is a captured copy.
    pub(crate) has_evidence: bool,
    pub(crate) value: ValueId,
    pub(crate) time: Time,
    pub(crate) root: Root,
    /// The day and time at which it was said, if a time is named.
    pub(crate) said: Option<Instant>,
    /// A denial that is not a claim of a complement.
    pub(crate) is_denial: bool,
    /// A gap between two periods of a closed list.
    pub(crate) is_gap: bool,
    pub(crate) is_disputed: bool,
    pub(crate) is_rated_true: bool,
    pub(crate) is_rated_false: bool,
    /// Whether it still waits for approval.
    pub(crate) is_waiting: bool,
}

impl Voice {
    pub(crate) fn start(&self) -> Option<Side> {
        match self.time {
            Time::Day(side) | Time::Open(side) | Time::Closed(side, _) => Some(side),
            Time::Always | Time::Undated | Time::Until(_) => None,
        }
    }

    pub(crate) fn end(&self) -> Option<Side> {
        match self.time {
            Time::Day(side) | Time::Until(side) | Time::Closed(_, side) => Some(side),
            Time::Always | Time::Undated | Time::Open(_) => None,
        }
    }

    /// Its bounds, each once.
    pub(crate) fn bounds(&self) -> impl Iterator<Item = Side> {
        let (first, second) = match self.time {
            Time::Day(side) | Time::Open(side) | Time::Until(side) => (Some(side), None),
            Time::Closed(start, end) => (Some(start), Some(end)),
            Time::Always | Time::Undated => (None, None),
        };
        first.into_iter().chain(second)
    }

    pub(crate) fn transition_start(&self) -> Option<Side> {
        self.start().filter(|side| side.kind == BoundKind::Transition)
    }

    pub(crate) fn transition_end(&self) -> Option<Side> {
        self.end().filter(|side| side.kind == BoundKind::Transition)
    }

    pub(crate) fn is_day_claim(&self) -> bool {
        matches!(self.time, Time::Day(_))
    }

    /// Whether it is by nobody who is named and graded better than D.
    pub(crate) fn is_weak(&self) -> bool {
        self.supporter.is_none() || self.grade.is_some_and(Reliability::is_weak)
    }

    /// Rated True by a checker and False by none.
    pub(crate) fn is_trusted(&self) -> bool {
        self.is_rated_true && !self.is_rated_false
    }

    /// Whether a bound of it lies, or may lie, after `from` and before `to`.
    pub(crate) fn has_bound_between(&self, from: Day, to: Day) -> bool {
        self.bounds().any(|side| side.lies_between(from, to))
    }

    /// The days of which it says surely that its value held, beside those of its bounds.
    pub(crate) fn sure_days(&self) -> Option<Window> {
        let (earliest, latest) = match self.time {
            Time::Always => (Day::UNBOUNDED_PAST, Day::UNBOUNDED_FUTURE),
            Time::Closed(start, end) if start.is_sure && end.is_sure => (start.window.latest, end.window.earliest),
            _ => return None,
        };
        (earliest <= latest).then_some(Window { earliest, latest })
    }

    /// The time of day that stands beside the start, or the end where there is no start, if that is just this day.
    pub(crate) fn clock_on(&self, day: Day) -> Option<Minutes> {
        let side = self.start().or(self.end())?;
        side.clock.filter(|_| side.is_exactly(day))
    }

    /// Whether a time of day stands beside one of its dates.
    pub(crate) fn has_clock(&self) -> bool {
        self.bounds().any(|side| side.clock.is_some())
    }
}
