//! The answers of a key over all days: stretches on which nothing changes.

use std::collections::BTreeSet;

use super::answer::State;
use super::choose::Key;
use super::day::{SURELY_BACK_DAYS, Voice, Voices};
use super::known::horizon::{Horizon, Known};
use crate::date::Day;

/// Days in a row with one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first day; `None`: since ever.
    pub from: Option<Day>,
    /// The last day; `None`: for ever.
    pub until: Option<Day>,
    /// The answer of the first day.
    pub state: State,
}

/// A stretch keeps no more sides than these.
const SIDES_KEPT: usize = 16;

impl Known<'_> {
    /// The stretches of a key from the earliest to the latest day that is spoken of, and beyond both; where no day is spoken
    /// of, one stretch.
    #[must_use]
    pub fn timeline(&self, key: &Key, horizon: Horizon) -> Vec<Stretch> {
        let days = key.parts.iter().flat_map(turning_days).collect::<BTreeSet<Day>>();
        let first = days.first().map_or(Day::MIN, |day| day.plus(-1));
        self.stretches(
            key,
            horizon,
            std::iter::once(first).chain(days.iter().copied().filter(|day| *day != first)),
            None,
        )
    }

    /// The stretches between two days, both included.
    #[must_use]
    pub fn timeline_between(&self, key: &Key, horizon: Horizon, first: Day, last: Day) -> Vec<Stretch> {
        let days = key.parts.iter().flat_map(turning_days).collect::<BTreeSet<Day>>();
        let inside = days.into_iter().filter(|day| *day > first && *day <= last);
        self.stretches(key, horizon, std::iter::once(first).chain(inside), Some((first, last)))
    }

    fn stretches(
        &self,
        key: &Key,
        horizon: Horizon,
        days: impl Iterator<Item = Day>,
        within: Option<(Day, Day)>,
    ) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for day in days {
            let state = self.state_of_sides(key, day, horizon, SIDES_KEPT);
            match stretches.last_mut() {
                Some(last) if is_alike(&last.state, &state) => {}
                last => {
                    let is_first = last.is_none();
                    if let Some(last) = last {
                        last.until = Some(day.plus(-1));
                    }
                    let from = if is_first { within.map(|(first, _)| first) } else { Some(day) };
                    stretches.push(Stretch { from, until: within.map(|(_, last)| last), state });
                }
            }
        }
        stretches
    }
}

/// Whether two answers are the same but for the day and the reason.
#[must_use]
pub fn is_alike(a: &State, b: &State) -> bool {
    a.status == b.status && a.values == b.values && a.flags == b.flags && a.more == b.more && a.rest == b.rest
}

/// Days on which an answer can become another.
fn turning_days(part: &Voices) -> Vec<Day> {
    let mut days = Vec::new();
    for side in part.voices.iter().flat_map(Voice::bounds) {
        let window = side.window;
        days.extend([window.earliest, window.earliest.plus(1), window.latest, window.latest.plus(1)]);
        match part.stale_after_days {
            Some(stale) => days.extend([
                window.latest.plus(stale + 1),
                window.earliest.plus(stale + 1),
                window.earliest.plus(-stale),
            ]),
            None => days.push(window.earliest.plus(-SURELY_BACK_DAYS)),
        }
    }
    for window in part.denials.iter().flat_map(|denial| &denial.days) {
        days.extend([window.earliest, window.latest.plus(1)]);
    }
    days.retain(|day| day.is_bounded());
    days
}
