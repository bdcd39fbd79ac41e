//! A date that is fully given: a year, a month or a day.

use super::day::digits;
use super::{Day, Window};

/// A year, a month or a day, fully given.
#[derive(Clone, Copy)]
pub(super) enum Plain {
    Year(u16),
    Month(u16, u8),
    Day(Day),
}

impl Plain {
    pub(super) fn parse(text: &str) -> Option<Plain> {
        let year = |text: &str| digits(text).filter(|year| *year >= 1);
        match text.len() {
            4 => year(text).map(Plain::Year),
            7 => {
                let (head, month) = (text.get(..4)?, text.get(4..)?.strip_prefix('-')?);
                let month = u8::try_from(digits(month)?).ok()?;
                (1..=12).contains(&month).then_some(Plain::Month(year(head)?, month))
            }
            10 => Day::parse(text).map(Plain::Day),
            _ => None,
        }
    }

    pub(super) fn window(self) -> Window {
        match self {
            Plain::Year(year) => Window { earliest: first_of(year, 1), latest: last_of(year, 12) },
            Plain::Month(year, month) => Window { earliest: first_of(year, month), latest: last_of(year, month) },
            Plain::Day(day) => Window::day(day),
        }
    }

    /// One unit wider on both sides, within the years 0001 to 9999.
    pub(super) fn widened(self) -> Window {
        match self {
            Plain::Year(year) => Window { earliest: first_of(year - 1, 1), latest: last_of(year + 1, 12) },
            Plain::Month(year, month) => {
                let (before, after) =
                    (if month == 1 { (year - 1, 12) } else { (year, month - 1) }, next_month(year, month));
                Window { earliest: first_of(before.0, before.1), latest: last_of(after.0, after.1) }
            }
            Plain::Day(day) => Window { earliest: day.plus(-1), latest: day.plus(1) },
        }
    }
}

fn next_month(year: u16, month: u8) -> (u16, u8) {
    if month == 12 { (year + 1, 1) } else { (year, month + 1) }
}

fn first_of(year: u16, month: u8) -> Day {
    Day::new(year, month, 1).unwrap_or(if year == 0 { Day::MIN } else { Day::MAX })
}

fn last_of(year: u16, month: u8) -> Day {
    let (next_year, next) = next_month(year, month);
    Day::new(next_year, next, 1).map_or(Day::MAX, |first| first.plus(-1))
}
