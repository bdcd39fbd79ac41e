//! Exact amounts and ranges of amounts.

use std::fmt;

use rust_decimal::Decimal;

/// An amount known exactly or between two bounds, either of which may be missing ("at least five" has
/// no upper bound). Bounds are exact decimals of up to 28 digits.
///
/// It is as large as a pointer: most values are words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quantity(Box<Parts>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Parts {
    lower: Option<Decimal>,
    upper: Option<Decimal>,
    unit: Option<Box<str>>,
    approx: bool,
}

/// Lower and upper bound.
type Bounds = (Option<Decimal>, Option<Decimal>);

/// Why a text is not a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// Not a decimal number.
    NotANumber,
    /// More digits than an exact decimal holds.
    TooManyDigits,
    /// The lower bound is above the upper one.
    Reversed,
    /// Neither bound is given.
    NoBound,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            QuantityError::NotANumber => "is not a decimal number; write 5, 51.95, >=5, <=10, 4..6 or ~100",
            QuantityError::TooManyDigits => "has more digits than an exact amount here can hold (28)",
            QuantityError::Reversed => "has a lower bound above its upper one",
            QuantityError::NoBound => "has neither a lower nor an upper bound; write \"some\" for an unknown amount",
        })
    }
}

impl std::error::Error for QuantityError {}

impl Quantity {
    /// A quantity of its parts.
    ///
    /// # Errors
    /// If no bound is given, or they are reversed.
    pub fn new(
        lower: Option<Decimal>,
        upper: Option<Decimal>,
        unit: Option<Box<str>>,
        approx: bool,
    ) -> Result<Quantity, QuantityError> {
        match (lower, upper) {
            (None, None) => Err(QuantityError::NoBound),
            (Some(lower), Some(upper)) if lower > upper => Err(QuantityError::Reversed),
            _ => Ok(Quantity(Box::new(Parts { lower, upper, unit, approx }))),
        }
    }

    /// Reads a decimal number such as `-4`, `51.95`: digits, at most one point with digits on both sides.
    ///
    /// # Errors
    /// If it is not one, or too long to be held exactly.
    pub fn parse_decimal(text: &str) -> Result<Decimal, QuantityError> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return Err(QuantityError::NotANumber);
        }
        if text.len() > 31 {
            return Err(QuantityError::TooManyDigits);
        }
        Decimal::from_str_exact(text).map_err(|_| QuantityError::TooManyDigits)
    }

    /// The lower bound, if there is one.
    #[must_use]
    pub fn lower(&self) -> Option<Decimal> {
        self.0.lower
    }

    /// The upper bound, if there is one.
    #[must_use]
    pub fn upper(&self) -> Option<Decimal> {
        self.0.upper
    }

    /// The unit, if it names one.
    #[must_use]
    pub fn unit(&self) -> Option<&str> {
        self.0.unit.as_deref()
    }

    /// Whether the source says "about".
    #[must_use]
    pub fn is_approx(&self) -> bool {
        self.0.approx
    }

    /// This amount in a unit.
    #[must_use]
    pub fn with_unit(mut self, unit: Option<Box<str>>) -> Quantity {
        self.0.unit = unit;
        self
    }

    /// The part that all have in common, if they are of one unit and have one. An approximate bound counts a
    /// tenth wider; where only the widened bounds meet, the part is the widened one's.
    #[must_use]
    pub fn common_part(all: &[&Quantity]) -> Option<Quantity> {
        let first = all.first()?;
        if all.iter().any(|other| other.0.unit != first.0.unit) {
            return None;
        }
        let meet = |bounds: &dyn Fn(&Quantity) -> Bounds| {
            let lower = all.iter().filter_map(|quantity| bounds(quantity).0).reduce(Decimal::max);
            let upper = all.iter().filter_map(|quantity| bounds(quantity).1).reduce(Decimal::min);
            (lower.is_none() || upper.is_none() || lower <= upper).then_some((lower, upper))
        };
        let stated = meet(&|quantity| (quantity.0.lower, quantity.0.upper));
        let is_approx = stated.is_some() && all.iter().all(|quantity| quantity.0.approx);
        let (lower, upper) = stated.or_else(|| meet(&Quantity::widened))?;
        Some(Quantity(Box::new(Parts { lower, upper, unit: first.0.unit.clone(), approx: is_approx })))
    }

    pub(super) fn widened(&self) -> (Option<Decimal>, Option<Decimal>) {
        if !self.0.approx {
            return (self.0.lower, self.0.upper);
        }
        let tenth = |bound: Decimal| bound.abs().checked_div(Decimal::TEN).unwrap_or_default();
        (
            self.0.lower.map(|lower| lower.saturating_sub(tenth(lower)).normalize()),
            self.0.upper.map(|upper| upper.saturating_add(tenth(upper)).normalize()),
        )
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.approx {
            f.write_str("~")?;
        }
        match (self.0.lower, self.0.upper) {
            (Some(lower), Some(upper)) if lower == upper => write!(f, "{lower}")?,
            (Some(lower), Some(upper)) => write!(f, "{lower}..{upper}")?,
            (Some(lower), None) => write!(f, ">={lower}")?,
            (None, Some(upper)) => write!(f, "<={upper}")?,
            (None, None) => {}
        }
        match &self.0.unit {
            Some(unit) => write!(f, " {unit}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn typed_amounts_are_read_and_printed_back() {
        for text in ["5", "51.95 %", ">=5 persons", "<=10", "4..6", "~100", "-4.50", "~4..6 km", "-4..-2"] {
            assert_eq!(read(text).to_string(), text);
        }
        for text in ["", "five", "~", "1e9", "1.", ".5", "+5", "6..4", "4..", "..6", "1,000", "--4", "1.2.3"] {
            assert!(Quantity::parse(text).is_err(), "{text:?}");
        }
        assert!(Quantity::parse(&"9".repeat(1_000_000)).is_err());
    }

    #[test]
    fn amounts_meet_in_their_common_part() {
        let meet = |texts: &[&str]| {
            let all: Vec<Quantity> = texts.iter().map(|text| read(text)).collect();
            Quantity::common_part(&all.iter().collect::<Vec<_>>()).map(|common| common.to_string())
        };
        assert_eq!(meet(&["6", ">=5"]).as_deref(), Some("6"));
        assert_eq!(meet(&["4..6", "5..9", ">=2"]).as_deref(), Some("5..6"));
        assert_eq!(meet(&["7", "<=5"]), None);
        assert_eq!(meet(&["5 km", "5"]), None);
        assert_eq!(meet(&["~100", "105"]).as_deref(), Some("105"));
        assert_eq!(meet(&["~100", "~115"]).as_deref(), Some("103.5..110"));
        assert_eq!(meet(&["~-100", "-105"]).as_deref(), Some("-105"));
        assert_eq!(meet(&["~100", "~100"]).as_deref(), Some("~100"));
        assert_eq!(meet(&["1.5", "1.50"]).as_deref(), Some("1.5"));
    }
}
