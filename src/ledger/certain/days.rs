//! The days that a valid time names for certain, and what stands at their edges.

use crate::claim::{EdgeKind, Span, Valid};
use crate::date::{Bound, Day, Window};
use crate::pack::{Pack, Unpack};

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

    pub(super) fn put(&self, pack: &mut Pack) {
        pack.signed(self.from.julian().into()).signed(self.until.days_since(self.from));
        pack.byte(self.first_edge as u8 | (self.last_edge as u8) << 2 | u8::from(self.is_timed) << 4);
    }

    pub(super) fn read(unpack: &mut Unpack<'_>) -> Option<Days> {
        let from = Day::of_julian(i32::try_from(unpack.signed()?).ok()?)?;
        let until = from.plus(unpack.signed()?);
        let edges = unpack.byte()?;
        let edge = |bits: u8| [DayEdge::Open, DayEdge::Dated, DayEdge::Change].get(usize::from(bits & 3)).copied();
        Some(Days { from, until, first_edge: edge(edges)?, last_edge: edge(edges >> 2)?, is_timed: edges >> 4 != 0 })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_were_put() {
        let day = |text| Day::parse(text).unwrap();
        let all = [DayEdge::Open, DayEdge::Dated, DayEdge::Change];
        for (from, until) in [(Day::MIN, Day::MAX), (day("2024-02-29"), day("2024-02-29")), (Day::MIN, Day::MIN)] {
            for (first_edge, last_edge, is_timed) in
                all.iter().flat_map(|a| all.map(|b| [(*a, b, false), (*a, b, true)])).flatten()
            {
                let (days, mut pack) = (Days { from, until, first_edge, last_edge, is_timed }, Pack::default());
                days.put(&mut pack);
                let mut unpack = Unpack(pack.bytes());
                assert_eq!((Days::read(&mut unpack), unpack.is_empty()), (Some(days), true));
            }
        }
    }
}
