//! When two values are one.

use super::{Quantity, Value, ValueType, fold_symbol, fold_text};
use rust_decimal::Decimal;

use crate::date::{Bound, Day, Window};
use crate::seq::Seq;

/// What equal values share, so that they can be looked up: a value with its spelling folded away.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity(Box<str>);

impl Identity {
    /// The identity of a value of an attribute of this type, its entity being already the canonical one.
    ///
    /// A string takes the attribute's reading of it, also if it was recorded when the attribute was declared
    /// otherwise (text and symbol differ only in how spellings are compared).
    #[must_use]
    pub fn of(value: &Value<Seq>, value_type: ValueType) -> Identity {
        Identity(match value {
            Value::Text(text) | Value::Symbol(text) if value_type == ValueType::Symbol => {
                prefixed('w', &fold_symbol(text))
            }
            Value::Text(text) | Value::Symbol(text) => prefixed('t', &fold_text(text)),
            Value::Bool(true) => "b1".into(),
            Value::Bool(false) => "b0".into(),
            Value::Entity(entity) => format!("e{}", entity.0).into(),
            Value::Quantity(quantity) => {
                let bound = |bound: Option<rust_decimal::Decimal>| bound.map(|bound| bound.normalize().to_string());
                let (lower, upper) = (bound(quantity.lower()), bound(quantity.upper()));
                let approx = if quantity.is_approx() { "~" } else { "" };
                format!("q{approx}{lower:?}{upper:?}{:?}", quantity.unit()).into()
            }
            Value::Date(bound) => match bound.window() {
                Some(window) => format!("d{}..{}", window.earliest, window.latest).into(),
                None => prefixed('d', bound.text()),
            },
            Value::Url(url) => prefixed('u', url),
            Value::Some => "some".into(),
            Value::None => "none".into(),
        })
    }
}

impl Identity {
    /// This identity with what the source says of its precision left aside: "about five" is five.
    #[must_use]
    pub fn without_approx(self, value: &Value<Seq>) -> Identity {
        match value {
            Value::Quantity(quantity) if quantity.is_approx() => Identity(self.0.replacen('~', "", 1).into()),
            _ => self,
        }
    }
}

fn prefixed(sort: char, text: &str) -> Box<str> {
    let mut identity = String::with_capacity(1 + text.len());
    identity.push(sort);
    identity.push_str(text);
    identity.into()
}

/// Whether two values agree: equal, or ranges or dates with a common part. "Some value" agrees with every
/// value but "no value".
#[must_use]
pub fn agree(a: (&Identity, &Value<Seq>), b: (&Identity, &Value<Seq>)) -> bool {
    a.0 == b.0 || meet(a.1, b.1)
}

/// Whether two values that are not equal agree.
#[must_use]
pub fn meet(a: &Value<Seq>, b: &Value<Seq>) -> bool {
    match (a, b) {
        (Value::Some, Value::None) | (Value::None, Value::Some) => false,
        (Value::Some, _) | (_, Value::Some) => true,
        (Value::Quantity(_), Value::Quantity(_)) | (Value::Date(_), Value::Date(_)) => {
            Reach::of(a).zip(Reach::of(b)).is_some_and(|(a, b)| a.overlaps(&b))
        }
        _ => false,
    }
}

/// What is compared with each other: dates, or quantities of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class<'a> {
    /// Dates.
    Date,
    /// Quantities of a unit, or of none.
    Quantity(Option<&'a str>),
}

/// An end of a reach; ends are compared within one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// Below all.
    Lowest,
    /// A day.
    Day(Day),
    /// An amount.
    Amount(Decimal),
    /// Above all.
    Highest,
}

/// From where to where a quantity or a date counts when it is compared: values of one class that overlap agree.
#[derive(Clone, Copy, Debug)]
pub struct Reach<'a> {
    /// What it can be compared with.
    pub class: Class<'a>,
    /// Its lower end, included.
    pub low: Point,
    /// Its upper end, included.
    pub high: Point,
}

impl<'a> Reach<'a> {
    /// The reach of a value; `None` if it is compared by its identity only.
    #[must_use]
    pub fn of<R>(value: &'a Value<R>) -> Option<Reach<'a>> {
        match value {
            Value::Quantity(quantity) => {
                let (low, high) = quantity.widened();
                let (low, high) =
                    (low.map_or(Point::Lowest, Point::Amount), high.map_or(Point::Highest, Point::Amount));
                Some(Reach { class: Class::Quantity(quantity.unit()), low, high })
            }
            Value::Date(date) => {
                let Window { earliest, latest } = date.window()?;
                Some(Reach { class: Class::Date, low: Point::Day(earliest), high: Point::Day(latest) })
            }
            _ => None,
        }
    }

    /// From where to where a value reaches as it is stated; `None` if it is compared by its identity only.
    #[must_use]
    pub fn stated<R>(value: &'a Value<R>) -> Option<Reach<'a>> {
        let wide = Reach::of(value)?;
        let Value::Quantity(quantity) = value else { return Some(wide) };
        let low = quantity.lower().map_or(Point::Lowest, Point::Amount);
        let high = quantity.upper().map_or(Point::Highest, Point::Amount);
        Some(Reach { low, high, ..wide })
    }

    /// Whether the two have a part in common.
    #[must_use]
    pub fn overlaps(&self, other: &Reach<'_>) -> bool {
        self.class == other.class && self.low <= other.high && other.low <= self.high
    }
}

/// The part that all these quantities of one unit, or all these dates, have in common; `None` if there is
/// none, or they are neither.
#[must_use]
pub fn common_part(all: &[&Value<Seq>]) -> Option<Value<Seq>> {
    match all.first()? {
        Value::Quantity(_) => {
            let quantities: Option<Vec<&Quantity>> = all
                .iter()
                .map(|value| if let Value::Quantity(quantity) = value { Some(quantity) } else { None })
                .collect();
            Quantity::common_part(&quantities?).map(Value::Quantity)
        }
        Value::Date(_) => {
            let dates: Option<Vec<&Bound>> =
                all.iter().map(|value| if let Value::Date(bound) = value { Some(bound) } else { None }).collect();
            common_date(&dates?).map(Value::Date)
        }
        _ => None,
    }
}

/// The days that all dates can mean, in the words of the first that means just these, if one does.
fn common_date(dates: &[&Bound]) -> Option<Bound> {
    let windows: Option<Vec<Window>> = dates.iter().map(|date| date.window()).collect();
    let common = windows?.into_iter().map(Some).reduce(|a, b| a?.common(b?))??;
    let stated = dates.iter().find(|date| date.window() == Some(common));
    stated.map_or_else(|| Bound::parse(&common.to_string()).ok(), |date| Some((*date).clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Value<Seq> {
        Value::Date(Bound::parse(text).unwrap())
    }

    fn agreed(a: &Value<Seq>, b: &Value<Seq>) -> bool {
        let identity = |value| Identity::of(value, ValueType::Text);
        agree((&identity(a), a), (&identity(b), b))
    }

    #[test]
    fn dates_agree_in_their_common_days() {
        assert_eq!(common_part(&[&date("2024"), &date("2024-03")]), Some(date("2024-03")));
        assert_eq!(
            common_part(&[&date("2024-03~"), &date("[2024-04-10..2024-06]")]),
            Some(date("[2024-04-10..2024-04-30]"))
        );
        assert_eq!(common_part(&[&date("2024"), &date("2025")]), None);
        assert_eq!(common_part(&[&date("2024"), &date("XXXX-03-01")]), None);
    }

    #[test]
    fn some_value_agrees_with_all_but_none() {
        assert!(agreed(&Value::Some, &Value::Bool(true)));
        assert!(agreed(&Value::Some, &Value::Some));
        assert!(!agreed(&Value::Some, &Value::None));
        assert!(agreed(&Value::None, &Value::None));
        assert!(!agreed(&Value::None, &Value::Bool(true)));
        assert!(agreed(&date("XXXX-03-01"), &date("XXXX-03-01")));
    }

    #[test]
    fn amounts_are_identical_whatever_their_spelling() {
        let of = |text| Identity::of(&Value::Quantity(Quantity::parse(text).unwrap()), ValueType::Quantity);
        assert_eq!(of("1.50 km"), of("1.5 km"));
        assert_ne!(of("1.5 km"), of("1.5"));
        assert_ne!(of("~5"), of("5"));
    }
}
