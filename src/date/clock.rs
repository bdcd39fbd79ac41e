//! A time of day beside a date: the window in which something happened.

use std::fmt;

use super::DateError;

/// `19:00..24:00-04:00`: a window of the civil day, with the place's offset from UTC if its source gives one.
///
/// The text is kept byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClockWindow(Box<Typed>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Typed {
    text: Box<str>,
    minutes: Minutes,
}

/// From when to when on a civil day, in minutes since midnight of the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Minutes {
    /// When it begins, from 0 to 1440.
    pub start: u16,
    /// When it is over, from `start` to 1440.
    pub end: u16,
    /// How many minutes the place is ahead of UTC, from -1080 to 1080, if that is given.
    pub offset: Option<i16>,
}

const HINT: &str = "write 19:00..20:30, or 19:00..24:00-04:00 with the place's offset";

impl ClockWindow {
    /// Reads `19:00..20:30`, `19:05`, either with an offset `-04:00` or `Z` behind.
    ///
    /// # Errors
    /// If it is no such window, or its end lies before its start.
    pub fn parse(text: &str) -> Result<ClockWindow, DateError> {
        let refuse = |reason| DateError::new(text, reason, HINT);
        let (local, offset) = split_offset(text).ok_or_else(|| refuse("has no valid offset"))?;
        let (start, end) = local.split_once("..").unwrap_or((local, local));
        let start = minute(start).ok_or_else(|| refuse("is not a clock window"))?;
        let end = minute(end).ok_or_else(|| refuse("is not a clock window"))?;
        if end < start {
            return Err(refuse("ends before it starts; a window does not cross midnight"));
        }
        Ok(ClockWindow(Box::new(Typed { text: text.into(), minutes: Minutes { start, end, offset } })))
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

/// A time without its offset, and the offset in minutes if there is one; `None` if that is none.
pub(super) fn split_offset(text: &str) -> Option<(&str, Option<i16>)> {
    /// The widest offset of any place lies well within.
    const OFFSET_MAX: u16 = 18 * 60;
    if let Some(local) = text.strip_suffix('Z') {
        return Some((local, Some(0)));
    }
    let Some(sign) = text.rfind(['+', '-']) else { return Some((text, None)) };
    let (local, offset) = text.split_at_checked(sign)?;
    let minutes = minute(offset.get(1..)?).filter(|minutes| *minutes <= OFFSET_MAX)?;
    let minutes = i16::try_from(minutes).ok()?;
    Some((local, Some(if offset.starts_with('-') { -minutes } else { minutes })))
}

/// Minutes since midnight of `HH:MM`, up to `24:00`.
pub(super) fn minute(text: &str) -> Option<u16> {
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
        assert!(minutes("08:00..08:10").is_before(minutes("20:00..20:10")));
        assert!(minutes("08:00..20:00").is_before(minutes("20:00")), "windows that touch do not overlap");
        assert!(!minutes("08:00..20:00").is_before(minutes("19:59")));
        assert_eq!(read("19:00..24:00-04:00").to_string(), "19:00..24:00-04:00");
        assert!(minutes("19:00").is_before(minutes("19:01+02:00")));
        assert!(!minutes("19:00Z").is_before(minutes("19:01+02:00")));
        assert!(minutes("19:01+02:00").is_before(minutes("19:00Z")));
        for (text, offset) in [("19:00", None), ("19:00Z", Some(0)), ("19:00-04:30", Some(-270)), ("1:00+18:00", None)]
        {
            assert_eq!(ClockWindow::parse(text).ok().and_then(|read| read.minutes().offset), offset, "{text}");
        }
        for text in
            ["", "19", "19:0", "24:01", "19:00..18:00", "19:00..20:00-4", "1900", "19:00..20:00+19:00", "-04:00"]
        {
            assert!(ClockWindow::parse(text).is_err(), "{text:?}");
        }
    }
}
