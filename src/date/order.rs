//! Which of two times comes first. Offsets from UTC count where both times have one; else both are taken for times of one
//! place.

use std::fmt;

use super::{DateError, Day, Minutes, Said};

impl Minutes {
    /// Whether this window is over before the other begins. Windows that touch do not overlap; two equal moments do.
    #[must_use]
    pub fn is_before(self, other: Minutes) -> bool {
        let ((_, end), (start, _)) = (self.beside(other), other.beside(self));
        end <= start && other.beside(self).1 > self.beside(other).0
    }

    /// Start and end in minutes, of UTC if the other has an offset too.
    fn beside(self, other: Minutes) -> (i32, i32) {
        let offset = self.offset.filter(|_| other.offset.is_some()).map_or(0, i32::from);
        (i32::from(self.start) - offset, i32::from(self.end) - offset)
    }

    /// The few of many windows that tell whether a window is over before any of them begins: [`Minutes::is_before`] holds for
    /// one of all just if it holds for one of these.
    #[must_use]
    pub fn latest(all: &[Minutes]) -> Vec<Minutes> {
        extremes(all, |window, is_local| std::cmp::Reverse(window.plain(is_local)))
    }

    /// The few of many windows that tell whether any of them is over before a window begins.
    #[must_use]
    pub fn earliest(all: &[Minutes]) -> Vec<Minutes> {
        let swapped = |(start, end)| (end, start);
        extremes(all, |window, is_local| swapped(window.plain(is_local)))
    }

    fn plain(self, is_local: bool) -> (i32, i32) {
        let offset = self.offset.filter(|_| !is_local).map_or(0, i32::from);
        (i32::from(self.start) - offset, i32::from(self.end) - offset)
    }
}

/// The least by a key of those with an offset, in UTC and by the clock, and of those without.
fn extremes<K: Ord>(all: &[Minutes], key: impl Fn(&Minutes, bool) -> K) -> Vec<Minutes> {
    let of = |has_offset: bool, is_local: bool| {
        let some = all.iter().filter(|window| window.offset.is_some() == has_offset);
        some.min_by_key(|window| key(window, is_local)).copied()
    };
    [of(true, false), of(true, true), of(false, true)].into_iter().flatten().collect()
}

/// `2024-11-23`, `2024-11-23T19:00` or `2024-11-23T19:00-04:00`.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        write!(f, "{}", self.day)?;
        if self.is_timed {
            write!(f, "T{}", clock(self.minute))?;
            if let Some(offset) = self.offset {
                write!(f, "{}{}", if offset < 0 { '-' } else { '+' }, clock(offset.unsigned_abs()))?;
            }
        }
        Ok(())
    }
}

/// A day with a time: when something was said, or up to when something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instant {
    /// The day.
    pub day: Day,
    /// The minute of that day, from 0 to 1440; the end of the day where no time is named.
    pub minute: u16,
    /// How many minutes the place is ahead of UTC, if that is given.
    pub offset: Option<i16>,
    /// Whether a time is named.
    pub is_timed: bool,
}

impl Instant {
    /// The end of a day.
    #[must_use]
    pub fn end_of(day: Day) -> Instant {
        Instant { day, minute: 24 * 60, offset: None, is_timed: false }
    }

    /// Reads a day, or a day with a time: `2024-11-23`, `2024-11-23T19:00-04:00`.
    ///
    /// # Errors
    /// [`DateError`] names the form that would be accepted.
    pub fn parse(text: &str) -> Result<Instant, DateError> {
        let said = Said::parse(text)?;
        let refuse = || DateError::new(text, "is not one day", "write a day such as 2024-11-23, or 2024-11-23T19:00");
        let is_day = Day::parse(said.date().text()).is_some();
        Instant::of(&said).filter(|_| is_day).ok_or_else(refuse)
    }

    /// The time that was said, else the end of the latest day it can mean; `None` for a date without a year.
    #[must_use]
    pub fn of(said: &Said) -> Option<Instant> {
        let end = Instant::end_of(said.window()?.latest);
        Some(said.clock().map_or(end, |clock| Instant {
            minute: clock.start,
            offset: clock.offset,
            is_timed: true,
            ..end
        }))
    }

    /// Whether it is not after another.
    #[must_use]
    pub fn is_by(self, other: Instant) -> bool {
        self.beside(other) <= other.beside(self)
    }

    /// This instant, or the end of a day if the instant is after that.
    #[must_use]
    pub fn not_after(self, day: Day) -> Instant {
        if self.day > day { Instant::end_of(day) } else { self }
    }

    /// The later of two.
    #[must_use]
    pub fn later(self, other: Instant) -> Instant {
        if self.is_by(other) { other } else { self }
    }

    /// The time of day it names.
    #[must_use]
    pub fn clock(self) -> Option<Minutes> {
        self.is_timed.then_some(Minutes { start: self.minute, end: self.minute, offset: self.offset })
    }

    /// Minutes since a day long ago, of UTC if the other has an offset too.
    fn beside(self, other: Instant) -> i64 {
        let offset = self.offset.filter(|_| other.offset.is_some()).map_or(0, i64::from);
        i64::from(self.day.julian()) * 24 * 60 + i64::from(self.minute) - offset
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::date::ClockWindow;

    fn clock(text: &str) -> Minutes {
        ClockWindow::parse(text).unwrap().minutes()
    }

    #[test]
    fn windows_that_touch_do_not_overlap() {
        for (first, second, is_before) in [
            ("06:00..11:00", "11:00..18:00", true),
            ("06:00..11:00", "10:59..18:00", false),
            ("11:00", "11:00..18:00", true),
            ("06:00..11:00", "11:00", true),
            ("11:00", "11:00", false),
            ("19:00", "18:00", false),
            ("19:00Z", "19:01+02:00", false),
            ("19:01+02:00", "19:00Z", true),
            ("19:00", "19:01+02:00", true),
            ("10:00..11:00-04:00", "12:00..13:00+00:00", false),
            ("12:00..13:00+00:00", "10:00..11:00-04:00", true),
        ] {
            assert_eq!(clock(first).is_before(clock(second)), is_before, "{first} {second}");
        }
    }

    #[test]
    fn what_names_no_time_is_said_at_the_end_of_the_day() {
        let at = |text| Instant::of(&Said::parse(text).unwrap()).unwrap();
        for (said, asked, is_by) in [
            ("2024-11-23", "2024-11-23", true),
            ("2024-11-23T19:00", "2024-11-23", true),
            ("2024-11-23", "2024-11-23T19:00", false),
            ("2024-11", "2024-11-29", false),
            ("2024-11-23T19:00", "2024-11-23T19:00", true),
            ("2024-11-23T19:01", "2024-11-23T19:00-04:00", false),
            ("2024-11-23T23:30-04:00", "2024-11-24T03:00Z", false),
            ("2024-11-24T01:00+03:00", "2024-11-23T22:00Z", true),
        ] {
            assert_eq!(at(said).is_by(at(asked)), is_by, "{said} {asked}");
        }
    }

    fn window() -> impl Strategy<Value = Minutes> {
        (0_u16..6, 0_u16..3, prop_oneof![Just(None), (-2_i16..3).prop_map(Some)])
            .prop_map(|(start, long, offset)| Minutes { start, end: start + long, offset })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_few_windows_stand_for_all(all in prop::collection::vec(window(), 0..8), own in window()) {
            let before = |some: &[Minutes]| some.iter().any(|other| own.is_before(*other));
            prop_assert_eq!(before(&all), before(&Minutes::latest(&all)));
            let behind = |some: &[Minutes]| some.iter().any(|other| other.is_before(own));
            prop_assert_eq!(behind(&all), behind(&Minutes::earliest(&all)));
        }
    }
}
