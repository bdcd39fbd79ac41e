//! Dates written as people are used to: refused, with the form that was meant beside them.

use super::Day;
use super::day::digits;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Why a text is refused that was plainly meant as a date, and what to write; `None` if no date can be made out.
pub(super) fn meant(text: &str) -> Option<(String, String)> {
    let parts: Vec<&str> = text.split([' ', ',', '/', '.', '-']).filter(|part| !part.is_empty()).collect();
    let year = |part: &str| digits(part).filter(|_| part.len() == 4);
    let (year, rest) = match parts.as_slice() {
        [only] => return written_together(only).map(|day| told(&[day])),
        [first, rest @ ..] if year(first).is_some() => (year(first)?, rest.to_vec()),
        [rest @ .., last] if year(last).is_some() => (year(last)?, rest.to_vec()),
        _ => return None,
    };
    let is_year_first = parts.first().is_some_and(|first| first.len() == 4 && digits(first).is_some());
    match *rest.as_slice() {
        [month] => of_month(text, year, month_of(month)?),
        [a, b] if is_year_first => of_day(text, year, month_of(a)?, small(b)?),
        [a, b] => day_first(text, year, a, b),
        _ => None,
    }
}

/// `20240728`.
fn written_together(text: &str) -> Option<String> {
    let is_plain = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let day = is_plain.then(|| Day::new(digits(text.get(..4)?)?, small(text.get(4..6)?)?, small(text.get(6..)?)?));
    Some(day??.to_string())
}

/// `31/07/2024`, `07/31/2024`, `31 July 2024`, `July 31, 2024`; both orders where both give a day.
fn day_first(text: &str, year: u16, a: &str, b: &str) -> Option<(String, String)> {
    let day = |month, day| Some(Day::new(year, month_of(month)?, small(day)?)?.to_string());
    let mut days: Vec<String> = [day(b, a), day(a, b)].into_iter().flatten().collect();
    days.dedup();
    match (days.is_empty(), month_of(b).zip(small(a))) {
        (true, Some((month, day))) => of_day(text, year, month, day),
        (true, None) => None,
        (false, _) => Some(told(&days)),
    }
}

fn of_month(text: &str, year: u16, month: u8) -> Option<(String, String)> {
    let written = format!("{year:04}-{month:02}");
    if !(1..=12).contains(&month) {
        return Some(no_month(month));
    }
    (written != text).then(|| told(&[written]))
}

fn of_day(text: &str, year: u16, month: u8, day: u8) -> Option<(String, String)> {
    if !(1..=12).contains(&month) {
        return Some(no_month(month));
    }
    if let Some(day) = Day::new(year, month, day) {
        let written = day.to_string();
        return (written != text).then(|| told(&[written]));
    }
    let last = (28..=31).rev().find_map(|last| Day::new(year, month, last))?;
    let reason = format!("is not a date: {year:04}-{month:02} has no day {day:02}");
    Some((reason, format!("the last day of that month is {last}")))
}

fn no_month(month: u8) -> (String, String) {
    (format!("is not a date: there is no month {month:02}"), "write a month from 01 to 12, as in 2024-07".to_owned())
}

fn told(days: &[String]) -> (String, String) {
    ("is not how a date is written here".to_owned(), format!("write {}", days.join(" or ")))
}

/// Up to two digits.
fn small(text: &str) -> Option<u8> {
    digits(text).filter(|_| text.len() <= 2).and_then(|number| u8::try_from(number).ok())
}

/// A month by its number or its English name.
fn month_of(text: &str) -> Option<u8> {
    let name = text.to_ascii_lowercase();
    let of_name = || MONTHS.iter().position(|month| name.len() >= 3 && month.starts_with(&name));
    small(text).or_else(|| of_name().and_then(|place| u8::try_from(place + 1).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_said() {
        for (text, hint) in [
            ("31/07/2024", "write 2024-07-31"),
            ("07/31/2024", "write 2024-07-31"),
            ("05/06/2024", "write 2024-06-05 or 2024-05-06"),
            ("06/06/2024", "write 2024-06-06"),
            ("28.07.2024", "write 2024-07-28"),
            ("20240728", "write 2024-07-28"),
            ("2024-7-3", "write 2024-07-03"),
            ("2024/07/31", "write 2024-07-31"),
            ("July 2024", "write 2024-07"),
            ("31 July 2024", "write 2024-07-31"),
            ("Sept 3, 2024", "write 2024-09-03"),
            ("07/2024", "write 2024-07"),
            ("2024-7", "write 2024-07"),
            ("2024-02-30", "the last day of that month is 2024-02-29"),
            ("31/04/2024", "the last day of that month is 2024-04-30"),
        ] {
            assert_eq!(meant(text).map(|(_, hint)| hint).as_deref(), Some(hint), "{text}");
        }
        for (text, reason) in [
            ("2024-13-01", "is not a date: there is no month 13"),
            ("2024-00", "is not a date: there is no month 00"),
            ("2023-02-29", "is not a date: 2023-02 has no day 29"),
        ] {
            assert_eq!(meant(text).map(|(reason, _)| reason).as_deref(), Some(reason), "{text}");
        }
        for text in ["2024", "2024-07", "2024-07-28", "2024/2025", "soon", "", "2024-07-01/2024-08-01", "2024?-10-31"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
