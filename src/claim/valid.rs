//! When a statement held: the forms of valid time.

use crate::date::{Bound, ClockWindow, Window};
use crate::source::words;

words! {
    /// Whether something changed at an edge, or it was only seen to hold there.
    EdgeKind {
        /// Something changed there ("from", "until", "restored").
        Transition = "transition",
        /// It was seen there ("as of", "still"); nothing is said of a change.
        Observed = "observed",
    }
}

/// A date with an optional time of day.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The date.
    pub at: Bound,
    /// The time of day.
    pub clock: Option<ClockWindow>,
}

/// Where a period starts or ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edge {
    /// The date.
    pub at: Bound,
    /// Whether something changed there.
    pub kind: EdgeKind,
    /// The time of day.
    pub clock: Option<ClockWindow>,
}

impl Edge {
    /// A change on a date.
    #[must_use]
    pub fn transition(at: Bound) -> Edge {
        Edge { at, kind: EdgeKind::Transition, clock: None }
    }
}

/// One period of a closed list, its ends both changes with a place among the days.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Where it starts.
    pub from: Bound,
    /// Where it ends.
    pub until: Bound,
}

/// When a statement held in the world.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Valid {
    /// It happened then.
    On(Moment),
    /// It was observed to hold then; nothing is said of before or after.
    AsOf(Moment),
    /// It held from, until, or both; at least one edge is there.
    Period {
        /// The start, if given.
        from: Option<Edge>,
        /// The end, if given.
        until: Option<Edge>,
    },
    /// A source's closed list: all the periods there were, in order, not overlapping, at least one.
    Listed(Vec<Span>),
    /// The source gives no date.
    Undated,
    /// It holds always.
    Timeless,
}

/// Whether a period of these windows would end before it starts.
pub(super) fn is_reversed(from: Option<Window>, until: Option<Window>) -> bool {
    from.zip(until).is_some_and(|(from, until)| until.latest < from.earliest)
}

/// The days that a bound can mean; `None` if it has no place among them.
type Place = Option<Window>;

/// What is wrong with a period of these edges: it needs one, and must not end before it starts.
pub(crate) fn period_problem(from: Option<Place>, until: Option<Place>) -> Option<&'static str> {
    if from.is_none() && until.is_none() {
        return Some("a period without an edge");
    }
    is_reversed(from.flatten(), until.flatten()).then_some("a period that ends before it starts")
}

/// What is wrong with a closed list of these spans: it needs one, each placed among the days and not reversed, and none
/// may overlap the next.
pub(crate) fn list_problem(spans: &[(Place, Place)]) -> Option<&'static str> {
    let mut last_end = None;
    for span in spans {
        let (Some(start), Some(end)) = *span else {
            return Some("a period of a closed list without a place among the days");
        };
        if end.latest < start.earliest || last_end.is_some_and(|last| start.earliest <= last) {
            return Some("a closed list out of order");
        }
        last_end = Some(end.latest);
    }
    spans.is_empty().then_some("an empty closed list")
}

/// A valid time whose bounds are in order: a period not reversed and with an edge, a closed list with at
/// least one period, each placed among the days and not overlapping the next.
///
/// # Errors
/// What is out of order.
pub fn checked_time(valid: Valid) -> Result<Valid, &'static str> {
    let problem = match &valid {
        Valid::Period { from, until } => {
            let place = |edge: &Option<Edge>| edge.as_ref().map(|edge| edge.at.window());
            period_problem(place(from), place(until))
        }
        Valid::Listed(spans) => {
            let places: Vec<_> = spans.iter().map(|span| (span.from.window(), span.until.window())).collect();
            list_problem(&places)
        }
        _ => None,
    };
    problem.map_or(Ok(valid), Err)
}
