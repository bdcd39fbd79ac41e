//! A time of day beside a date: the window in which something happened.

use std::fmt;

use super::DateError;

/// `19:00..24:00-04:00`: a window of the civil day, with the place's offset as information only. Windows
/// of one day are compared as local times of the place; nothing is ever converted.
///
/// The text is kept byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClockWindow(Box<Typed>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Typed {
    text: Box<str>,
    minutes: Minutes,
}

/// From when to when on a civil day, in minutes since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Minutes {
    /// When it begins.
    pub start: u16,
    /// When it is over.
    pub end: u16,
}

impl Minutes {
    /// Whether this window is over before the other begins.
    #[must_use]
    pub fn is_over_before(self, other: Minutes) -> bool {
        self.end < other.start
    }
}

const HINT: &str = "write 19:00..20:30, or 19:00..24:00-04:00 with the place's offset";

impl ClockWindow {
    /// Reads `19:00..20:30`, `19:05`, either with an offset `-04:00` or `Z` behind.
    ///
    /// # Errors
    /// If it is no such window, or its end lies before its start.
    pub fn parse(text: &str) -> Result<ClockWindow, DateError> {
        let refuse = |reason| DateError::new(text, reason, HINT);
        let local = without_offset(text).ok_or_else(|| refuse("has no valid offset"))?;
        let (start, end) = local.split_once("..").unwrap_or((local, local));
        let start = minute(start).ok_or_else(|| refuse("is not a clock window"))?;
        let end = minute(end).ok_or_else(|| refuse("is not a clock window"))?;
        if end < start {
            return Err(refuse("ends before it starts; a window does not cross midnight"));
        }
        Ok(ClockWindow(Box::new(Typed { text: text.into(), minutes: Minutes { start, end } })))
    }

    /// The text as typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// When it begins and when it is over.
    #[must_use]
    pub fn minutes(&self) -> Minutes {
        self.0.minutes
    }
}

impl fmt::Display for ClockWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

fn without_offset(text: &str) -> Option<&str> {
    if let Some(local) = text.strip_suffix('Z') {
        return Some(local);
    }
    match text.rfind(['+', '-']) {
        None => Some(text),
        Some(sign) => {
            let (local, offset) = text.split_at_checked(sign)?;
            (minute(offset.get(1..)?)? <= 18 * 60).then_some(local)
        }
    }
}

/// Minutes since midnight of `HH:MM`, up to `24:00`.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |part: &str| (part.len() == 2).then(|| super::day::digits(part)).flatten();
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_and_ordered() {
        let read = |text| ClockWindow::parse(text).unwrap();
        let minutes = |text| read(text).minutes();
        assert!(minutes("08:00..08:10").is_over_before(minutes("20:00..20:10")));
        assert!(!minutes("08:00..20:00").is_over_before(minutes("20:00")));
        assert_eq!(read("19:00..24:00-04:00").to_string(), "19:00..24:00-04:00");
        assert!(minutes("19:00Z").is_over_before(minutes("19:01+02:00")));
        for text in
            ["", "19", "19:0", "24:01", "19:00..18:00", "19:00..20:00-4", "1900", "19:00..20:00+19:00", "-04:00"]
        {
            assert!(ClockWindow::parse(text).is_err(), "{text:?}");
        }
    }
}
