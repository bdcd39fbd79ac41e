//! When something was said: a date, or a day with a time.

use std::fmt;

use super::clock::{minute, split_offset};
use super::{Bound, DateError, Day, Minutes, Window};

/// When something was said: any date of the subset, or one day with a time of day and, if known, the place's offset from
/// UTC (`2024-11-23T19:00-04:00`). The text is kept byte for byte.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Said(Form);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Form {
    Date(Bound),
    Timed(Box<Timed>),
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Timed {
    text: Box<str>,
    day: Bound,
    minutes: Minutes,
}

const HINT: &str = "write 2024-11-23T19:00, with the place's offset behind if it is known: 2024-11-23T19:00-04:00";

impl Said {
    /// Reads a date, or a day with a time.
    ///
    /// # Errors
    /// [`DateError`] names the form that would be accepted.
    pub fn parse(text: &str) -> Result<Said, DateError> {
        let Some((date, time)) = text.split_once('T') else {
            return Bound::parse(text).map(|date| Said(Form::Date(date)));
        };
        let refuse = |reason| DateError::new(text, reason, HINT);
        if Day::parse(date).is_none() {
            return Err(refuse("has a time of day beside what is not one exact day"));
        }
        let (local, offset) = split_offset(time).ok_or_else(|| refuse("has no valid offset"))?;
        let minute = minute(local).ok_or_else(|| refuse("has no valid time of day"))?;
        let minutes = Minutes { start: minute, end: minute, offset };
        Ok(Said(Form::Timed(Box::new(Timed { text: text.into(), day: Bound::parse(date)?, minutes }))))
    }

    /// The text as typed.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.0 {
            Form::Date(date) => date.text(),
            Form::Timed(timed) => &timed.text,
        }
    }

    /// The date without the time.
    #[must_use]
    pub fn date(&self) -> &Bound {
        match &self.0 {
            Form::Date(date) => date,
            Form::Timed(timed) => &timed.day,
        }
    }

    /// The days that the date can mean; `None` when the year is not given.
    #[must_use]
    pub fn window(&self) -> Option<Window> {
        self.date().window()
    }

    /// The time of that day, which begins and ends in one minute, with the offset if that is given.
    #[must_use]
    pub fn clock(&self) -> Option<Minutes> {
        match &self.0 {
            Form::Date(_) => None,
            Form::Timed(timed) => Some(timed.minutes),
        }
    }

    /// The minute of that day, from 0 to 1440.
    #[must_use]
    pub fn minute(&self) -> Option<u16> {
        self.clock().map(|clock| clock.start)
    }

    /// How many minutes the place is ahead of UTC, if that is given.
    #[must_use]
    pub fn offset(&self) -> Option<i16> {
        self.clock()?.offset
    }
}

impl From<Bound> for Said {
    fn from(date: Bound) -> Said {
        Said(Form::Date(date))
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Said({})", self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_stands_beside_an_exact_day_only() {
        for (text, minute, offset) in [
            ("2024-11-23", None, None),
            ("2024-11~", None, None),
            ("[2024-11-23,2024-11-24]", None, None),
            ("XXXX-11-23", None, None),
            ("2024-11-23T19:00", Some(1140), None),
            ("2024-11-23T19:00-04:00", Some(1140), Some(-240)),
            ("2024-11-23T00:05Z", Some(5), Some(0)),
            ("2024-11-23T24:00+05:45", Some(1440), Some(345)),
        ] {
            let said = Said::parse(text).unwrap();
            assert_eq!((said.text(), said.minute(), said.offset()), (text, minute, offset));
            let date = text.split('T').next().unwrap();
            assert_eq!(said.window(), Bound::parse(date).unwrap().window());
        }
        for text in [
            "",
            "T19:00",
            "2024T19:00",
            "2024-11T19:00",
            "2024-11-23?T19:00",
            "2024?-11-23T19:00",
            "2024-11-23T",
            "2024-11-23T19",
            "2024-11-23T19:00:00",
            "2024-11-23T24:01",
            "2024-11-23T19:00..20:00",
            "2024-11-23T19:00-4",
            "2024-11-23T19:00+19:00",
            "2024-11-23T19:00ZZ",
            "2024-11-23 19:00",
            "2024-11-23T19:00T20:00",
        ] {
            assert!(Said::parse(text).is_err(), "{text:?}");
        }
    }
}
