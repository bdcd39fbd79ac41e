//! One civil day.

use std::fmt;

use time::{Date, Month};

/// A civil day of the proleptic Gregorian calendar, counted as a Julian day number, or one of the two
/// unbounded ends that an open date such as `[..2025-02-18]` has.
///
/// Days that are typed lie between 0001-01-01 and 9999-12-31; derived ones (a day before, a unit
/// wider) are clamped to that range.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// Before every day: the start of an open beginning.
    pub const UNBOUNDED_PAST: Day = Day(i32::MIN);
    /// After every day: the end of an open end.
    pub const UNBOUNDED_FUTURE: Day = Day(i32::MAX);
    /// 0001-01-01.
    pub const MIN: Day = Day(1_721_426);
    /// 9999-12-31.
    pub const MAX: Day = Day(5_373_484);

    /// The day of a year (1 to 9999), month (1 to 12) and day of the month; `None` if there is no such day.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Day> {
        let month = Month::try_from(month).ok()?;
        let year = (1..=9999).contains(&year).then_some(i32::from(year))?;
        let date = Date::from_calendar_date(year, month, day).ok()?;
        Some(Day(date.to_julian_day()))
    }

    /// Reads `2024-07-28`; nothing shorter, longer or otherwise spelt.
    #[must_use]
    pub fn parse(text: &str) -> Option<Day> {
        let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
        let [_, _, _, _, b'-', _, _, b'-', _, _] = bytes else {
            return None;
        };
        let number = |range: std::ops::Range<usize>| digits(text.get(range)?);
        let month = u8::try_from(number(5..7)?).ok()?;
        let day = u8::try_from(number(8..10)?).ok()?;
        Day::new(number(0..4)?, month, day)
    }

    /// The UTC day in which an instant lies, given in microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn of_unix_micros(micros: i64) -> Day {
        const MICROS_PER_DAY: i64 = 86_400_000_000;
        const UNIX_EPOCH: i64 = 2_440_588;
        let day = UNIX_EPOCH + micros.div_euclid(MICROS_PER_DAY);
        Day(i32::try_from(day).unwrap_or(Day::MAX.0)).clamp(Day::MIN, Day::MAX)
    }

    /// The day of a Julian day number; `None` if it lies outside the years 0001 to 9999.
    #[must_use]
    pub fn of_julian(julian: i32) -> Option<Day> {
        (Day::MIN.0..=Day::MAX.0).contains(&julian).then_some(Day(julian))
    }

    /// Its Julian day number; of an unbounded end, the number farthest away.
    #[must_use]
    pub fn julian(self) -> i32 {
        self.0
    }

    /// `2024-07-28`; `None` for an unbounded end.
    #[must_use]
    pub fn to_ascii(self) -> Option<[u8; 10]> {
        let (year, month, day) = self.ymd()?;
        let two = |number: u8| [b'0' + number / 10, b'0' + number % 10];
        let [y1, y2] = two(u8::try_from(year / 100).ok()?);
        let [y3, y4] = two(u8::try_from(year % 100).ok()?);
        let ([m1, m2], [d1, d2]) = (two(month), two(day));
        Some([y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2])
    }

    /// Whether this is a real day and not an unbounded end.
    #[must_use]
    pub fn is_bounded(self) -> bool {
        self != Day::UNBOUNDED_PAST && self != Day::UNBOUNDED_FUTURE
    }

    /// The day so many days later (earlier if negative), clamped to the years 0001 to 9999; an unbounded
    /// end stays where it is.
    #[must_use]
    pub fn plus(self, days: i64) -> Day {
        if !self.is_bounded() {
            return self;
        }
        let sum = i64::from(self.0).saturating_add(days);
        let sum = sum.clamp(i64::from(Day::MIN.0), i64::from(Day::MAX.0));
        i32::try_from(sum).map_or(self, Day)
    }

    /// How many days this day lies after `earlier`; negative if before it.
    #[must_use]
    pub fn days_since(self, earlier: Day) -> i64 {
        i64::from(self.0) - i64::from(earlier.0)
    }

    /// Year, month and day of the month; `None` for an unbounded end.
    #[must_use]
    pub fn ymd(self) -> Option<(i32, u8, u8)> {
        if !self.is_bounded() {
            return None;
        }
        let (year, month, day) = Date::from_julian_day(self.0).ok()?.to_calendar_date();
        Some((year, month.into(), day))
    }
}

/// Reads up to four ASCII digits.
pub(super) fn digits(text: &str) -> Option<u16> {
    let all_digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    all_digits.then(|| text.bytes().fold(0, |sum, b| sum * 10 + u16::from(b - b'0')))
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_ascii() {
            Some(text) => f.write_str(str::from_utf8(&text).unwrap_or_default()),
            None => f.write_str(".."),
        }
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_calendar_are_where_they_are_said_to_be() {
        assert_eq!(Day::MIN, Day::new(1, 1, 1).unwrap());
        assert_eq!(Day::MAX, Day::new(9999, 12, 31).unwrap());
        assert_eq!(Day::MIN.plus(-1), Day::MIN);
        assert_eq!(Day::MAX.plus(1), Day::MAX);
    }

    #[test]
    fn print_and_parse_are_inverse() {
        for text in ["0001-01-01", "2024-02-29", "9999-12-31"] {
            assert_eq!(Day::parse(text).unwrap().to_string(), text);
        }
        for text in ["2023-02-29", "2024-2-29", "0000-01-01", "2024-13-01", "+024-01-01", "2024-01-01 "] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn instants_fall_on_their_utc_day() {
        assert_eq!(Day::of_unix_micros(0).to_string(), "1970-01-01");
        assert_eq!(Day::of_unix_micros(-1).to_string(), "1969-12-31");
        assert_eq!(Day::of_unix_micros(86_400_000_000).to_string(), "1970-01-02");
        assert_eq!(Day::of_unix_micros(i64::MAX), Day::MAX);
        assert_eq!(Day::of_unix_micros(i64::MIN), Day::MIN);
    }
}
