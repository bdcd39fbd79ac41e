//! What tells quickly that two claims of one key have nothing to do with each other.

use super::Valid;
use crate::date::{Day, Window};
use crate::seq::Seq;

/// Who made a claim, and all days that it speaks of. A claim that repeats another, or says otherwise of a day of the same
/// key, [meets](Footprint::meets) it here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footprint {
    /// Its origin, if anybody is named.
    pub origin: Option<Seq>,
    /// From the first to the last day that any of its dates can mean; one before all days if none has a place among them.
    pub days: Window,
}

impl Footprint {
    /// That of a claim by this origin which held then.
    #[must_use]
    pub fn of(origin: Option<Seq>, valid: &Valid) -> Footprint {
        let days = match valid {
            Valid::On(moment) | Valid::AsOf(moment) => Footprint::days([moment.at.window()]),
            Valid::Period { from, until } => {
                Footprint::days([from, until].map(|edge| edge.as_ref().and_then(|edge| edge.at.window())))
            }
            Valid::Listed(spans) => {
                Footprint::days(spans.iter().flat_map(|span| [span.from.window(), span.until.window()]))
            }
            Valid::Undated => Footprint::days([]),
            Valid::Timeless => Footprint::ALL_DAYS,
        };
        Footprint { origin, days }
    }

    /// The days of what holds always.
    pub(crate) const ALL_DAYS: Window = Window { earliest: Day::UNBOUNDED_PAST, latest: Day::UNBOUNDED_FUTURE };

    /// The days from the first to the last of some dates, of which those without a place among the days count for nothing.
    pub(crate) fn days(dates: impl IntoIterator<Item = Option<Window>>) -> Window {
        let both =
            |a: Window, b: Window| Window { earliest: a.earliest.min(b.earliest), latest: a.latest.max(b.latest) };
        dates.into_iter().flatten().reduce(both).unwrap_or(Window::day(Day::UNBOUNDED_PAST))
    }

    /// Whether both have one origin, or none, and a day in common.
    #[must_use]
    pub fn meets(&self, other: &Footprint) -> bool {
        self.origin == other.origin && self.days.common(other.days).is_some()
    }
}
