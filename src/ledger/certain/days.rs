//! The days that a valid time names for certain, and what stands at their edges.

use crate::claim::{EdgeKind, Span, Valid};
use crate::date::{Bound, Day, Window};

/// What stands at the first or last of some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayEdge {
    /// Nothing is dated exactly there.
    Open,
    /// A date, without a change.
    Dated,
    /// A change.
    Change,
}

/// Days of which something is said for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) from: Day,
    pub(super) until: Day,
    pub(super) first_edge: DayEdge,
    pub(super) last_edge: DayEdge,
    pub(super) is_timed: bool,
}

impl Days {
    /// Those of any valid time but a list.
    pub(super) fn of_valid(valid: &Valid) -> Option<Days> {
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
    pub(super) fn of_span(span: &Span) -> Option<Days> {
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

    /// Whether what is said of these days hands over to what is said of others, on the day on which those begin.
    pub(super) fn hands_over_to(&self, other: &Days) -> bool {
        let edges = [self.last_edge, other.first_edge];
        self.until == other.from && !edges.contains(&DayEdge::Open) && edges.contains(&DayEdge::Change)
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
