//! What a voice can say of a day.

use super::voices::voice::{Time, ValueId};
use crate::date::Day;

/// What a voice says of the day about a value. `voice` is its place among the key's voices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Mark {
    pub(crate) voice: usize,
    pub(crate) value: ValueId,
    pub(crate) says: Says,
}

/// What is said of a value on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Says {
    /// Y: it holds.
    Holds,
    /// F: it holds, as far as is known, since it cannot change.
    HoldsAlways,
    /// y: it may hold.
    MayHold,
    /// K: it is carried since a day.
    Carried(Carry),
    /// B: it is carried back from a day.
    CarriedBack {
        /// From which day.
        from: Day,
        /// From further than is surely carried.
        is_tentative: bool,
    },
    /// X: it ended on a day before.
    Ended(Day),
    /// N: it does not hold.
    HoldsNot {
        /// By a denial, not by a conflict of periods.
        is_denial: bool,
    },
    /// U: it has no usable date.
    Undated,
}

/// Since when a value is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Carry {
    pub(crate) since: Day,
    /// From an uncertain bound.
    pub(crate) is_tentative: bool,
    /// From the open transition start of a period.
    pub(crate) is_open_start: bool,
}

/// Y: what a voice says surely of the day.
pub(super) fn holds(time: &Time, day: Day) -> bool {
    match time {
        Time::Always => true,
        Time::Undated => false,
        Time::Day(only) | Time::Open(only) | Time::Until(only) => only.is_surely(day),
        Time::Closed(start, end) => {
            start.is_sure && end.is_sure && start.window.latest <= day && day <= end.window.earliest
                || start.is_surely(day)
                || end.is_surely(day)
        }
    }
}
