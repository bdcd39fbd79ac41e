//! The forms of a value.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::super::json::Json;
use super::fields::{Fields, cut, wrong_type};
use crate::claim::{Problem, Problems, text};
use crate::value::{Quantity, QuantityError, Typed, Value};

const VALUE_FIELDS: &[&str] = &["entity", "lower", "upper", "unit", "approx", "date", "url", "some", "none"];
const QUANTITY_HINT: &str = "write an amount as {\"lower\":\"5\",\"upper\":\"5\"}, with its digits in strings";

/// Reads a value. Its own problems have no field; those of its parts have the part's name.
pub(super) fn value(json: Json<'_>) -> Result<Typed, Problems> {
    match json {
        Json::Bool(holds) => Ok(Typed::Plain(Value::Bool(holds))),
        Json::String(string) => Ok(Typed::String(checked(string)?)),
        Json::Object(object) => plain(Fields::open(object, "a value", VALUE_FIELDS)).map(Typed::Plain),
        number @ (Json::Natural(_) | Json::Negative(_) | Json::Fraction) => {
            Err(wrong_type("", &number, "an exact amount").with_hint(QUANTITY_HINT).into())
        }
        other => Err(wrong_type("", &other, "a boolean, a string or an object").into()),
    }
}

fn checked(string: Cow<'_, str>) -> Result<Box<str>, Problem> {
    text("", Some(string)).map(Option::unwrap_or_default)
}

/// Reads a value that says itself what it is: exactly one form.
fn plain(mut fields: Fields<'_>) -> Result<Value<Box<str>>, Problems> {
    let forms = [
        fields.key("entity").map(Value::Entity),
        quantity(&mut fields).map(Value::Quantity),
        fields.bound("date").map(Value::Date),
        fields.url("url").map(Value::Url),
        fields.flag("some").then_some(Value::Some),
        fields.flag("none").then_some(Value::None),
    ];
    let mut given = forms.into_iter().flatten();
    let value = match (given.next(), given.next()) {
        (Some(value), None) => Some(value),
        (Some(_), Some(_)) => {
            fields.found.tell(Problem::new("", "is several values at once; a claim has one"));
            None
        }
        (None, _) if fields.found.is_told(VALUE_FIELDS) || fields.found.is_told(&[""]) => None,
        (None, _) => {
            let problem = Problem::new("", "is an object that gives no value");
            fields
                .found
                .tell(problem.with_hint("give entity, lower and upper, date, url, or one of some and none as true"));
            None
        }
    };
    fields.done(value)
}

fn quantity(fields: &mut Fields<'_>) -> Option<Quantity> {
    let (lower, upper) = (decimal(fields, "lower"), decimal(fields, "upper"));
    let unit = fields.text("unit");
    let approx = fields.flag("approx");
    let is_given = lower.is_some() || upper.is_some() || unit.is_some() || approx;
    if !is_given || fields.found.is_told(&["lower", "upper", "unit", "approx"]) {
        return None;
    }
    let quantity = Quantity::new(lower, upper, unit, approx).map_err(|error| match error {
        QuantityError::NoBound => Problem::new("", "has neither a lower nor an upper bound")
            .with_hint("write {\"some\":true} for an unknown amount"),
        _ => Problem::new("", "has a lower bound above its upper one").with_hint("give the smaller number as lower"),
    });
    fields.found.note(quantity)
}

fn decimal(fields: &mut Fields<'_>, name: &'static str) -> Option<Decimal> {
    let read = match fields.take(name)? {
        Json::String(string) => Quantity::parse_decimal(&string).map_err(|error| match error {
            QuantityError::TooManyDigits => Problem::new(name, error),
            _ => Problem::new(name, format!("{:?} is not a decimal number", cut(&string)))
                .with_hint("write digits with at most one point, such as \"-4\" or \"51.95\""),
        }),
        other => {
            let problem = wrong_type(name, &other, "a decimal number as a string");
            Err(match other {
                Json::Natural(number) => problem.with_hint(format!("write \"{name}\":\"{number}\"")),
                Json::Negative(number) => problem.with_hint(format!("write \"{name}\":\"{number}\"")),
                _ => problem.with_hint(QUANTITY_HINT),
            })
        }
    };
    fields.found.note(read)
}
