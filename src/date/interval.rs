//! `A/B`: an interval as people type it, split into its two edges.

use super::{Bound, DateError};

/// The right side of an interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// A date.
    At(Bound),
    /// `..`: the source says that it goes on.
    GoesOn,
    /// Nothing: the source does not say.
    NotStated,
}

/// An interval, accepted in input only. A side that is open or blank has no bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Where it starts; `None` for `..` or nothing.
    pub from: Option<Bound>,
    /// Where it ends.
    pub until: End,
}

impl Interval {
    /// Reads `2024-07-31/2024-09-01`, `2024-08-01/..`, `2024-08-01/`, `../2024-09-01`, `/2024-09-01`.
    /// `None` if the text has no slash and so is no interval.
    ///
    /// # Errors
    /// If a side is not a date, or neither side is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Result<Interval, DateError>> {
        let (from, until) = text.split_once('/')?;
        Some(Self::of_sides(text, from, until))
    }

    fn of_sides(text: &str, from: &str, until: &str) -> Result<Interval, DateError> {
        let from = match from {
            "" | ".." => None,
            from => Some(Bound::parse(from)?),
        };
        let until = match until {
            "" => End::NotStated,
            ".." => End::GoesOn,
            until => End::At(Bound::parse(until)?),
        };
        if from.is_none() && !matches!(until, End::At(_)) {
            return Err(DateError::new(
                text,
                "has no date on either side",
                "write 2024-07-31/2024-09-01 or 2024-08-01/..",
            ));
        }
        Ok(Interval { from, until })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sides_of_an_interval() {
        let bound = |text| Bound::parse(text).unwrap();
        let read = |text| Interval::parse(text).unwrap();
        assert_eq!(
            read("2024-07-31/2024-09"),
            Ok(Interval { from: Some(bound("2024-07-31")), until: End::At(bound("2024-09")) })
        );
        assert_eq!(read("2024-08-01/.."), Ok(Interval { from: Some(bound("2024-08-01")), until: End::GoesOn }));
        assert_eq!(read("2024-08-01/"), Ok(Interval { from: Some(bound("2024-08-01")), until: End::NotStated }));
        assert_eq!(read("../2024-09"), Ok(Interval { from: None, until: End::At(bound("2024-09")) }));
        assert!(read("../..").is_err());
        assert!(read("/").is_err());
        assert!(read("2024/2025/2026").is_err());
        assert_eq!(Interval::parse("2024"), None);
    }
}
