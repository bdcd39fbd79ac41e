//! One JSON value as it was written: fields in their order and as often as they stand there, strings
//! borrowed from the text where they have no escapes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::claim::Problem;

/// A JSON value. Whole numbers stay exact; of any other number only that it is one is kept, since no field
/// takes it.
#[derive(Debug)]
#[cfg_attr(test, derive(PartialEq))]
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    Natural(u64),
    Negative(i64),
    Fraction,
    String(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Object<'a>),
}

/// The fields of an object, in their order.
pub(super) type Object<'a> = Vec<(Cow<'a, str>, Json<'a>)>;

impl Json<'_> {
    /// Whether a field that has it is as good as left out.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Json::Null => true,
            Json::String(string) => string.is_empty(),
            Json::List(list) => list.is_empty(),
            _ => false,
        }
    }

    /// What it is, as messages call it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Natural(_) | Json::Negative(_) | Json::Fraction => "a number",
            Json::String(_) => "a string",
            Json::List(_) => "a list",
            Json::Object(_) => "an object",
        }
    }
}

/// Reads the one object that a line is. At most 128 values may stand inside each other.
///
/// # Errors
/// If it is no JSON, or no object.
pub(super) fn read_object(line: &str) -> Result<Object<'_>, Problem> {
    let json: Json<'_> = serde_json::from_str(line).map_err(|error| {
        let full = error.to_string();
        let message = full.split(" at line ").next().unwrap_or(&full);
        Problem::new("line", format!("is not JSON: {message} (column {})", error.column()))
            .with_hint("write one JSON object a line")
    })?;
    match json {
        Json::Object(object) => Ok(object),
        other => Err(Problem::new("line", format!("is {}, but an object is wanted", other.kind()))),
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree)
    }
}

struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Natural(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Negative(value))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Json<'de>, E> {
        Ok(Json::Fraction)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::String(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = access.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json<'de>, A::Error> {
        let mut object = Vec::with_capacity(12);
        // The name of a field is always a string.
        while let Some(Json::String(name)) = access.next_key()? {
            object.push((name, access.next_value()?));
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_and_numbers_their_digits() {
        let object = read_object(r#"{"b":18446744073709551615,"a":[-1,1.5,null,true],"b":"x\ty"}"#).unwrap();
        assert_eq!(
            object,
            [
                ("b".into(), Json::Natural(u64::MAX)),
                ("a".into(), Json::List(vec![Json::Negative(-1), Json::Fraction, Json::Null, Json::Bool(true)])),
                ("b".into(), Json::String("x\ty".into())),
            ]
        );
    }

    #[test]
    fn plain_strings_are_borrowed() {
        let object = read_object(r#"{"who":"plain"}"#).unwrap();
        assert!(matches!(object.as_slice(), [(Cow::Borrowed("who"), Json::String(Cow::Borrowed("plain")))]));
    }

    #[test]
    fn what_is_no_object_or_too_deep_is_refused() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(130), "]".repeat(130));
        for line in ["", "[]", "1", "{", "{\"a\":1}{", "{'a':1}", r#"{"a":"\ud800"}"#, &deep] {
            assert_eq!(read_object(line).unwrap_err().field, "line", "{line}");
        }
    }
}
