//! The EDTF subset: which texts are dates, and which days they can mean.
//!
//! Source of the forms: EDTF (ISO 8601-2:2019), levels 0 to 2, of which the forms in `docs/model.md`
//! are taken. Every other form is refused with the accepted one beside it.

use std::borrow::Cow;
use std::fmt;

use super::day::digits;
use super::plain::Plain;
use super::{Day, Window, habit};

/// The longest date text, in bytes: a set of some fifty days.
const DATE_TEXT_MAX: usize = 600;

/// Why a text is not a date here, and what would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateError {
    text: String,
    reason: Cow<'static, str>,
    hint: Cow<'static, str>,
}

impl DateError {
    pub(super) fn new(
        text: &str,
        reason: impl Into<Cow<'static, str>>,
        hint: impl Into<Cow<'static, str>>,
    ) -> DateError {
        DateError { text: text.chars().take(60).collect(), reason: reason.into(), hint: hint.into() }
    }

    /// What is wrong with it.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The accepted form to use instead.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}; {}", self.text, self.reason, self.hint)
    }
}

impl std::error::Error for DateError {}

/// What a date text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) window: Option<Window>,
    pub(super) uncertain: bool,
}

pub(super) fn parse(text: &str) -> Result<Meaning, DateError> {
    let refuse = |reason, hint| Err(DateError::new(text, reason, hint));
    if text.len() > DATE_TEXT_MAX {
        return refuse("is too long for a date", "write one date, such as 2024-07-28");
    }
    if let Some(plain) = Plain::parse(text) {
        return Ok(Meaning { window: Some(plain.window()), uncertain: false });
    }
    let names_month = habit::with_month_name(text).and_then(|_| habit::meant(text));
    if let Some((reason, hint)) = names_month {
        return Err(DateError::new(text, reason, hint));
    }
    if let Some((reason, hint)) = refused_form(text) {
        return refuse(reason, hint);
    }
    if let Some(inside) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return match set(inside) {
            Some(window) => Ok(Meaning { window: Some(window), uncertain: false }),
            None => refuse(
                "is not a set of dates",
                "write [2024-11-23,2024-11-24], [2024-03..2024-04], [..2025-02-18] or [2026-01-11..]",
            ),
        };
    }
    if let Some((reason, hint)) = habit::meant(text) {
        return Err(DateError::new(text, reason, hint));
    }
    if let Some(meaning) = yearless(text).or_else(|| unspecified(text)).or_else(|| qualified(text)) {
        return Ok(meaning);
    }
    refuse(
        "is not a date",
        "write 2024, 2024-03 or 2024-07-28; a vague one as 2024-03~, 2024-XX or [2024-11-23,2024-11-24]",
    )
}

/// Whether a text has two sides, as an interval has, and is no single date written with slashes.
pub(crate) fn is_interval(text: &str) -> bool {
    text.split_once('/').is_some_and(|(from, until)| {
        let has_open_side = [from, until].iter().any(|side| matches!(*side, "" | ".."));
        has_open_side || habit::meant(text).is_none()
    })
}

/// Forms that EDTF or habit knows and that are refused here by name.
fn refused_form(text: &str) -> Option<(&'static str, &'static str)> {
    let after_year = || text.get(4..).and_then(|rest| rest.strip_prefix('-'));
    let season = || after_year().and_then(digits).is_some_and(|part| (21..=41).contains(&part));
    let digit_level_x = || {
        text.bytes().take(4).any(|b| b == b'X') && !text.starts_with("XXXX")
            || text.split('-').skip(1).any(|part| part.len() == 2 && part != "XX" && part.contains('X'))
    };
    if text.trim() != text || text.is_empty() {
        Some(("is empty or has spaces around it", "write 2024, 2024-03 or 2024-07-28"))
    } else if text.starts_with('{') {
        Some(("means all of several dates", "enter one claim per period, or a closed list of periods"))
    } else if is_interval(text) {
        Some(("is an interval, and one date is asked for here", "give its two ends apart, as `from` and `until`"))
    } else if text.contains(':')
        || text.split_once('T').is_some_and(|(date, _)| date.ends_with(|c: char| c.is_ascii_digit()))
    {
        Some(("has a time inside a date", "write the date alone and the time as `clock`, such as 19:00..20:00"))
    } else if text.starts_with('Y') || text.starts_with('-') || text.contains(['E', 'S', '+']) {
        Some(("is outside the years 0001 to 9999", "write the year with four digits"))
    } else if text.len() == 3 && digits(text).is_some() || text.len() == 4 && text.ends_with('x') {
        Some(("is a decade or an unfinished year", "write a set of years, such as [1960..1969]"))
    } else if season() {
        Some(("is a season or a part of a year", "write a set of months, such as [2024-03..2024-05]"))
    } else if digit_level_x() {
        Some(("leaves single digits open", "write XX for a whole month or day, or a set such as [2020..2029]"))
    } else {
        None
    }
}

/// `2024-XX` and `2024-11-XX`: the whole unit.
fn unspecified(text: &str) -> Option<Meaning> {
    let unit = text.strip_suffix("-XX")?;
    let window = match Plain::parse(unit)? {
        Plain::Day(_) => return None,
        plain => plain.window(),
    };
    Some(Meaning { window: Some(window), uncertain: false })
}

/// `2024-03~`, `2024?`: a qualifier at the end; `2024?-10-31`, `2024-?10-31`: one on a part.
fn qualified(text: &str) -> Option<Meaning> {
    let end = text.strip_suffix(['?', '~', '%']).and_then(|rest| Some((Plain::parse(rest)?, text.bytes().last()?)));
    if let Some((plain, qualifier)) = end {
        let window = if qualifier == b'?' { plain.window() } else { plain.widened() };
        return Some(Meaning { window: Some(window), uncertain: qualifier != b'~' });
    }
    let mut bare = String::with_capacity(text.len());
    for part in text.split('-') {
        let before = part.trim_start_matches(['?', '~', '%']);
        let digits = before.trim_end_matches(['?', '~', '%']);
        if digits.is_empty() || part.len() > digits.len() + 1 {
            return None;
        }
        bare.push_str(if bare.is_empty() { "" } else { "-" });
        bare.push_str(digits);
    }
    let window = Plain::parse(&bare)?.window();
    Some(Meaning { window: Some(window), uncertain: true })
}

/// `XXXX-10-31` and `XXXX-10`: no year, so no place among the days.
fn yearless(text: &str) -> Option<Meaning> {
    let rest = text.strip_prefix("XXXX-")?;
    let leap_year = format!("2024-{rest}");
    Plain::parse(&leap_year).map(|_| Meaning { window: None, uncertain: false })
}

/// The inside of `[…]`: one day of several, from the first to the last.
fn set(inside: &str) -> Option<Window> {
    let mut all: Option<Window> = None;
    let count = inside.split(',').count();
    for (place, member) in inside.split(',').enumerate() {
        let window = set_member(member, place == 0, place + 1 == count)?;
        all = Some(all.map_or(window, |all| Window {
            earliest: all.earliest.min(window.earliest),
            latest: all.latest.max(window.latest),
        }));
    }
    all
}

fn set_member(member: &str, is_first: bool, is_last: bool) -> Option<Window> {
    let Some((from, until)) = member.split_once("..") else {
        return Plain::parse(member).map(Plain::window);
    };
    let window = match (from, until) {
        ("", "") => return None,
        ("", until) if is_first => {
            Window { earliest: Day::UNBOUNDED_PAST, latest: Plain::parse(until)?.window().latest }
        }
        (from, "") if is_last => {
            Window { earliest: Plain::parse(from)?.window().earliest, latest: Day::UNBOUNDED_FUTURE }
        }
        (from, until) => {
            Window { earliest: Plain::parse(from)?.window().earliest, latest: Plain::parse(until)?.window().latest }
        }
    };
    (window.earliest <= window.latest).then_some(window)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match parse(text) {
            Ok(Meaning { window: None, .. }) => "nowhere".into(),
            Ok(Meaning { window: Some(w), uncertain }) => {
                format!("{} {}{}", w.earliest, w.latest, if uncertain { " uncertain" } else { "" })
            }
            Err(_) => "refused".into(),
        }
    }

    #[test]
    fn every_accepted_form_means_its_window() {
        for (text, window) in [
            ("2026", "2026-01-01 2026-12-31"),
            ("2024-03", "2024-03-01 2024-03-31"),
            ("2024-02", "2024-02-01 2024-02-29"),
            ("2024-07-28", "2024-07-28 2024-07-28"),
            ("2024-03~", "2024-02-01 2024-04-30"),
            ("2024-01~", "2023-12-01 2024-02-29"),
            ("2024-12%", "2024-11-01 2025-01-31 uncertain"),
            ("2024-03?", "2024-03-01 2024-03-31 uncertain"),
            ("2024~", "2023-01-01 2025-12-31"),
            ("2024-02-29~", "2024-02-28 2024-03-01"),
            ("0001~", "0001-01-01 0002-12-31"),
            ("9999-12~", "9999-11-01 9999-12-31"),
            ("2024-XX", "2024-01-01 2024-12-31"),
            ("2024-11-XX", "2024-11-01 2024-11-30"),
            ("[2024-11-23,2024-11-24]", "2024-11-23 2024-11-24"),
            ("[2024-11-24,2024-11-23]", "2024-11-23 2024-11-24"),
            ("[2024-03..2024-04]", "2024-03-01 2024-04-30"),
            ("[..2025-02-18]", ".. 2025-02-18"),
            ("[2026-01-11..]", "2026-01-11 .."),
            ("[2024,2025-03..2025-04]", "2024-01-01 2025-04-30"),
            ("2024?-10-31", "2024-10-31 2024-10-31 uncertain"),
            ("2024-10?-31", "2024-10-31 2024-10-31 uncertain"),
            ("2024-?10-31", "2024-10-31 2024-10-31 uncertain"),
            ("XXXX-10-31", "nowhere"),
            ("XXXX-02-29", "nowhere"),
        ] {
            assert_eq!(shown(text), window, "{text}");
        }
    }

    #[test]
    fn every_other_form_is_refused() {
        for text in [
            "",
            " ",
            "2024 ",
            "{2024-01,2024-02}",
            "2024-21",
            "2024-33",
            "201X",
            "202",
            "2024-1X",
            "2024-XX-XX",
            "Y17000",
            "-0044",
            "0000",
            "2024-07-28T10:00",
            "2024-07-28T10:00Z",
            "2024/2025",
            "2024-13",
            "2023-02-29",
            "2024-02-30",
            "[2024-04..2024-03]",
            "[..]",
            "[]",
            "[2024-01..,2025]",
            "[2024?]",
            "[ 2024,2025]",
            "XXXX",
            "XXXX-13-01",
            "XXXX-02-30",
            "2024??",
            "?-2024",
            "1963-64-65",
            "20240728",
            "28.07.2024",
            "2024-3",
            "2024-XX-05",
            "2024-XX~",
            "１９９９",
        ] {
            assert_eq!(shown(text), "refused", "{text:?}");
        }
    }
}
