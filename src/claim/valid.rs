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

/// A valid time whose bounds are in order: a period not reversed and with an edge, a closed list with at
/// least one period, each placed among the days and not overlapping the next.
///
/// # Errors
/// What is out of order.
pub fn checked_time(valid: Valid) -> Result<Valid, &'static str> {
    match &valid {
        Valid::Period { from: None, until: None } => return Err("a period without an edge"),
        Valid::Period { from, until } => {
            let window = |edge: &Option<Edge>| edge.as_ref().and_then(|edge| edge.at.window());
            if is_reversed(window(from), window(until)) {
                return Err("a period that ends before it starts");
            }
        }
        Valid::Listed(spans) => {
            let mut last_end = None;
            for span in spans {
                let (Some(start), Some(end)) = (span.from.window(), span.until.window()) else {
                    return Err("a period of a closed list without a place among the days");
                };
                if end.latest < start.earliest || last_end.is_some_and(|last| start.earliest <= last) {
                    return Err("a closed list out of order");
                }
                last_end = Some(end.latest);
            }
            if spans.is_empty() {
                return Err("an empty closed list");
            }
        }
        _ => {}
    }
    Ok(valid)
}
