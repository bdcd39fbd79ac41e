//! A date as its source gave it, and the days it can mean.

use std::fmt;

use super::{DateError, Day, edtf};

/// The days a date can mean, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// The first day it can mean.
    pub earliest: Day,
    /// The last day it can mean.
    pub latest: Day,
}

impl Window {
    /// The window of one day.
    #[must_use]
    pub fn day(day: Day) -> Window {
        Window { earliest: day, latest: day }
    }

    /// Whether it means exactly one day.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self.earliest == self.latest
    }

    /// Whether the day lies inside.
    #[must_use]
    pub fn contains(self, day: Day) -> bool {
        self.earliest <= day && day <= self.latest
    }

    /// The days both windows can mean.
    #[must_use]
    pub fn common(self, other: Window) -> Option<Window> {
        let earliest = self.earliest.max(other.earliest);
        let latest = self.latest.min(other.latest);
        (earliest <= latest).then_some(Window { earliest, latest })
    }
}

/// Words that are a date of this very window, in the forms of `docs/model.md`.
impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_exact() {
            return write!(f, "{}", self.earliest);
        }
        if !self.earliest.is_bounded() && !self.latest.is_bounded() {
            // A set of two open sides: `[..]` names no day, and is no date.
            return f.write_str("[..0001,0001..]");
        }
        f.write_str("[")?;
        if self.earliest.is_bounded() {
            write!(f, "{}", self.earliest)?;
        }
        f.write_str("..")?;
        if self.latest.is_bounded() {
            write!(f, "{}", self.latest)?;
        }
        f.write_str("]")
    }
}

/// A date in the EDTF subset of `docs/model.md`: its text byte for byte, and what it can mean.
///
/// Two bounds are equal when their texts are. One of a single day, as most are, takes no memory of its own.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Bound(Form);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Form {
    /// `2024-07-28`, and nothing else.
    Day(Day, [u8; 10]),
    Other(Box<Other>),
}

#[derive(PartialEq, Eq, Hash, Clone)]
struct Other {
    text: Box<str>,
    window: Option<Window>,
    uncertain: bool,
}

impl Bound {
    /// Reads one date (not an interval).
    ///
    /// # Errors
    /// [`DateError`] names the form that would be accepted.
    pub fn parse(text: &str) -> Result<Bound, DateError> {
        if let (Some(day), Ok(text)) = (Day::parse(text), text.as_bytes().try_into()) {
            return Ok(Bound(Form::Day(day, text)));
        }
        let edtf::Meaning { window, uncertain } = edtf::parse(text)?;
        Ok(Bound(Form::Other(Box::new(Other { text: text.into(), window, uncertain }))))
    }

    /// The bound of one precise day, which is not one of the unbounded ends.
    #[must_use]
    pub fn of_day(day: Day) -> Bound {
        Bound(if let Some(text) = day.to_ascii() {
            Form::Day(day, text)
        } else {
            let (text, window) = (day.to_string().into(), Some(Window::day(day)));
            Form::Other(Box::new(Other { text, window, uncertain: false }))
        })
    }

    /// The text as typed.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.0 {
            Form::Day(_, text) => str::from_utf8(text).unwrap_or_default(),
            Form::Other(other) => &other.text,
        }
    }

    /// The days it can mean; `None` when the year is not given (`XXXX-10-31`), which places nothing.
    #[must_use]
    pub fn window(&self) -> Option<Window> {
        match &self.0 {
            Form::Day(day, _) => Some(Window::day(*day)),
            Form::Other(other) => other.window,
        }
    }

    /// Whether its source marks it as doubtful (`?`, `%`, or a qualified part).
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        matches!(&self.0, Form::Other(other) if other.uncertain)
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bound({})", self.text())
    }
}
