//! A value as somebody typed or sent it, before its attribute says how it is to be read.

use std::fmt;

use super::amount::looks_like_amount;
use super::{AmountError, Quantity, TextError, Value, ValueType, is_same_unit, key_problem, text_problem};
use crate::date::{Bound, DateError};

/// A value on its way in. Entities are known by key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A value that says itself what it is.
    Plain(Value<Box<str>>),
    /// A string, which is text or a symbol by its attribute's declaration.
    String(Box<str>),
    /// What was typed on a command line: the attribute's type decides what it means.
    Words(Box<str>),
}

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueError {
    /// Its attribute takes another type.
    WrongType {
        /// What the attribute takes.
        wanted: ValueType,
        /// What was given.
        found: &'static str,
    },
    /// Its attribute is measured in another unit.
    WrongUnit {
        /// The attribute's unit.
        wanted: Box<str>,
        /// What was given.
        found: Box<str>,
    },
    /// Not a quantity, or more than one.
    Quantity(Box<str>, AmountError),
    /// It may be an amount or something else, and no type is declared that would say which.
    AmountOrNot(Box<str>, Option<AmountError>),
    /// Neither true nor false.
    NotABool(Box<str>),
    /// Not a web address.
    NotAUrl(Box<str>),
    /// Not a date.
    Date(DateError),
    /// Not a usable text or key.
    Text(TextError),
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueError::WrongType { wanted, found } => {
                write!(f, "is {found}, but the attribute takes a value of type {}", wanted.word())
            }
            ValueError::WrongUnit { wanted, found } => {
                write!(f, "is given in {found:?}, but the attribute is measured in {wanted:?}")
            }
            ValueError::Quantity(text, error) => write!(f, "{:?} {error}", cut(text)),
            ValueError::AmountOrNot(text, Some(error)) => {
                write!(f, "{:?} {error}, or say what it is with --type (text, date, quantity)", cut(text))
            }
            ValueError::AmountOrNot(text, None) => {
                write!(
                    f,
                    "{:?} may be an amount or something else; say which with --type quantity or --type text",
                    cut(text)
                )
            }
            ValueError::NotABool(text) => write!(f, "{:?} is neither true nor false; {}", cut(text), bool_meant(text)),
            ValueError::NotAUrl(text) => {
                write!(f, "{:?} is not a web address; write one such as https://example.org/page", cut(text))
            }
            ValueError::Date(error) => error.fmt(f),
            ValueError::Text(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ValueError {}

impl Typed {
    /// The value for an attribute of this type (`None`: not declared yet, so the value says) and unit.
    ///
    /// # Errors
    /// If the attribute cannot take it.
    pub fn resolve(self, declared: Option<ValueType>, unit: Option<&str>) -> Result<Value<Box<str>>, ValueError> {
        let value = match self {
            Typed::Plain(value) => value,
            Typed::String(text) => match declared {
                Some(ValueType::Symbol) => Value::Symbol(text),
                _ => Value::Text(text),
            },
            Typed::Words(words) => read_words(words, declared)?,
        };
        if let (Some(wanted), Some(found)) = (declared, value.value_type()) {
            let strings = [ValueType::Text, ValueType::Symbol];
            if wanted != found && !(strings.contains(&wanted) && strings.contains(&found)) {
                return Err(ValueError::WrongType { wanted, found: found.word() });
            }
        }
        check(&value)?;
        in_unit(value, unit)
    }
}

fn check(value: &Value<Box<str>>) -> Result<(), ValueError> {
    let problem = match value {
        Value::Url(text) if !is_url(text) => return Err(ValueError::NotAUrl(text.clone())),
        Value::Text(text) | Value::Symbol(text) | Value::Url(text) => text_problem(text),
        Value::Entity(key) => key_problem(key),
        _ => None,
    };
    problem.map_or(Ok(()), |problem| Err(ValueError::Text(problem)))
}

/// Gives a quantity its attribute's unit if it names none, or the same in the singular or plural; refuses another one.
fn in_unit(value: Value<Box<str>>, unit: Option<&str>) -> Result<Value<Box<str>>, ValueError> {
    let (Value::Quantity(quantity), Some(unit)) = (&value, unit) else {
        return Ok(value);
    };
    match quantity.unit() {
        Some(found) if !is_same_unit(found, unit) => {
            Err(ValueError::WrongUnit { wanted: unit.into(), found: found.into() })
        }
        Some(found) if found == unit => Ok(value),
        _ => Ok(Value::Quantity(quantity.clone().with_unit(Some(unit.into())))),
    }
}

/// Reads words of a command line: by the attribute's type, or by their look if it has none yet.
fn read_words(words: Box<str>, declared: Option<ValueType>) -> Result<Value<Box<str>>, ValueError> {
    if words.trim().is_empty() {
        return Err(ValueError::Text(TextError::Empty));
    }
    match (&*words, declared) {
        ("some", _) => return Ok(Value::Some),
        ("none", _) => return Ok(Value::None),
        _ => {}
    }
    let declared = declared.map_or_else(|| type_by_look(&words), Ok)?;
    let stripped = |prefix| words.strip_prefix(prefix).unwrap_or(&words).into();
    Ok(match declared {
        ValueType::Text => Value::Text(words),
        ValueType::Symbol => Value::Symbol(words),
        ValueType::Url if is_url(&words) => Value::Url(words),
        ValueType::Url => return Err(ValueError::NotAUrl(words)),
        ValueType::Entity => Value::Entity(stripped("@")),
        ValueType::Quantity => {
            Value::Quantity(Quantity::parse(&words).map_err(|error| ValueError::Quantity(words, error))?)
        }
        ValueType::Date => {
            let text: Box<str> = stripped("date:");
            Value::Date(Bound::parse(&text).map_err(ValueError::Date)?)
        }
        ValueType::Bool => match &*words {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return Err(ValueError::NotABool(words)),
        },
    })
}

/// What type words are of whose attribute is not declared. What may be an amount, and may be a date, a rank, a title, a
/// telephone number or a version as well, is asked about.
fn type_by_look(words: &str) -> Result<ValueType, ValueError> {
    if matches!(words, "true" | "false") {
        Ok(ValueType::Bool)
    } else if words.starts_with('@') {
        Ok(ValueType::Entity)
    } else if words.starts_with("date:") {
        Ok(ValueType::Date)
    } else if ["https://", "http://"].iter().any(|scheme| words.starts_with(scheme)) && is_url(words) {
        Ok(ValueType::Url)
    } else if looks_like_amount(words) {
        amount_by_look(words)
    } else {
        Ok(ValueType::Text)
    }
}

fn amount_by_look(words: &str) -> Result<ValueType, ValueError> {
    let asked = |error| ValueError::AmountOrNot(words.into(), error);
    let is_whole_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let has_leading_zero = words.len() > 1 && words.starts_with('0') && is_whole_number(words);
    let quantity = Quantity::parse(words).map_err(|error| asked(Some(error)))?;
    let has_long_unit = quantity.unit().is_some_and(|unit| unit.contains(' '));
    let is_date = || words.len() > 4 && Bound::parse(words).is_ok();
    if has_leading_zero || has_long_unit || is_date() { Err(asked(None)) } else { Ok(ValueType::Quantity) }
}

/// Whether a text is a web address: a scheme, `://`, and something without white space.
#[must_use]
pub fn is_url(text: &str) -> bool {
    // No scheme has a colon, so the first one ends it.
    text.split_once(':').is_some_and(|(scheme, rest)| {
        let is_scheme = !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+');
        let rest = rest.strip_prefix("//").filter(|rest| !rest.is_empty());
        is_scheme && rest.is_some_and(|rest| !rest.contains(char::is_whitespace))
    })
}

fn cut(text: &str) -> String {
    text.chars().take(60).collect()
}

/// What to write for something that was plainly meant as true or false.
fn bool_meant(text: &str) -> &'static str {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "on" => "write true",
        "false" | "no" | "n" | "0" | "off" => "write false",
        _ => "write true or false",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(words: &str, declared: Option<ValueType>) -> Result<Value<Box<str>>, ValueError> {
        Typed::Words(words.into()).resolve(declared, None)
    }

    #[test]
    fn undeclared_words_are_read_by_their_look() {
        assert_eq!(typed("true", None), Ok(Value::Bool(true)));
        assert_eq!(typed("@brazil", None), Ok(Value::Entity("brazil".into())));
        assert_eq!(typed("some", None), Ok(Value::Some));
        assert_eq!(typed("off", None), Ok(Value::Text("off".into())));
        assert!(matches!(typed(">=5 persons", None), Ok(Value::Quantity(_))));
        assert!(matches!(typed("date:2024-07", None), Ok(Value::Date(_))));
    }

    #[test]
    fn the_declared_type_decides() {
        assert_eq!(typed("true", Some(ValueType::Text)), Ok(Value::Text("true".into())));
        assert_eq!(typed("5", Some(ValueType::Symbol)), Ok(Value::Symbol("5".into())));
        assert!(matches!(typed("2024-07", Some(ValueType::Date)), Ok(Value::Date(_))));
        assert!(typed("maybe", Some(ValueType::Bool)).is_err());
        assert!(Typed::Plain(Value::Bool(true)).resolve(Some(ValueType::Entity), None).is_err());
        assert!(Typed::Plain(Value::Url("https://a.example".into())).resolve(None, None).is_ok());
        assert_eq!(
            Typed::Plain(Value::Url("a.example".into())).resolve(Some(ValueType::Url), None),
            Err(ValueError::NotAUrl("a.example".into()))
        );
        assert_eq!(Typed::String("off".into()).resolve(Some(ValueType::Symbol), None), Ok(Value::Symbol("off".into())));
    }

    #[test]
    fn what_is_refused_is_repeated_with_what_to_write() {
        for (words, declared, told) in [
            ("yes", ValueType::Bool, "\"yes\" is neither true nor false; write true"),
            ("TRUE", ValueType::Bool, "\"TRUE\" is neither true nor false; write true"),
            ("maybe", ValueType::Bool, "\"maybe\" is neither true nor false; write true or false"),
            ("12,5", ValueType::Quantity, "\"12,5\" can be read in two ways; write 125 or 12.5"),
            ("1,000", ValueType::Quantity, "\"1,000\" can be read in two ways; write 1000 or 1"),
            ("many", ValueType::Quantity, "\"many\" is not a decimal number; write 5, 51.95, >=5, <=10, 4..6 or ~100"),
            ("6..4", ValueType::Quantity, "\"6..4\" has a lower bound above its upper one"),
            (" ", ValueType::Text, "is empty"),
            (
                "not a url",
                ValueType::Url,
                "\"not a url\" is not a web address; write one such as https://example.org/page",
            ),
        ] {
            assert_eq!(typed(words, Some(declared)).unwrap_err().to_string(), told);
        }
    }

    #[test]
    fn a_quantity_takes_its_attributes_unit_and_no_other() {
        let resolve = |text: &str| Typed::Words(text.into()).resolve(Some(ValueType::Quantity), Some("person"));
        assert_eq!(resolve("5"), resolve("5 person"));
        assert_eq!(resolve("5"), resolve("5 persons"));
        assert!(matches!(resolve("5 km"), Err(ValueError::WrongUnit { .. })));
    }

    #[test]
    fn what_may_be_an_amount_or_not_is_asked_about_where_no_type_is_declared() {
        for words in [
            "1,000",
            "12 Angry Men",
            "007",
            "2024-07",
            "2024-07-28",
            "8 September 2024",
            "10:30",
            "20th",
            "1.2.3",
            "5?",
            ">5",
            "555-12-12",
        ] {
            assert!(matches!(typed(words, None), Err(ValueError::AmountOrNot(..))), "{words}");
            assert!(matches!(typed(words, Some(ValueType::Text)), Ok(Value::Text(_))), "{words}");
        }
        for words in ["5+", "5 to 6", "≥5", ">=5", "5-6", "~100", "5 persons", "at least 5"] {
            assert!(matches!(typed(words, None), Ok(Value::Quantity(_))), "{words}");
        }
        for words in ["off", "X-town", "up", "overseas", "between"] {
            assert!(matches!(typed(words, None), Ok(Value::Text(_))), "{words}");
        }
    }
}
