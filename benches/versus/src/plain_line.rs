//! A line of the generator as a program without a model of claims would read it.

use std::fmt::{self, Formatter};

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
pub struct PlainLine {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub id: String,
    pub corrects: Option<String>,
    pub retracts: Option<String>,
    #[serde(default, rename = "claim", deserialize_with = "nested")]
    pub nested: Option<PlainClaim>,
    pub subject: Option<String>,
    pub attribute: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub value: Option<String>,
    #[serde(default)]
    pub from: String,
}

#[derive(Deserialize)]
pub struct PlainClaim {
    pub id: String,
    pub subject: String,
    pub attribute: String,
    #[serde(default, deserialize_with = "text")]
    pub value: Option<String>,
    #[serde(default)]
    pub from: String,
}

/// The claim of a correction; a verdict names an earlier claim in that place.
fn nested<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PlainClaim>, D::Error> {
    struct ClaimOrId;

    impl<'de> Visitor<'de> for ClaimOrId {
        type Value = Option<PlainClaim>;

        fn expecting(&self, out: &mut Formatter<'_>) -> fmt::Result {
            out.write_str("a claim or an id")
        }

        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            PlainClaim::deserialize(MapAccessDeserializer::new(map)).map(Some)
        }
    }

    from.deserialize_any(ClaimOrId)
}

/// A value as text; one that is no text as its JSON.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match serde_json::Value::deserialize(from)? {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text),
        other => Some(other.to_string()),
    })
}

impl PlainClaim {
    pub fn text(&self) -> &str {
        self.value.as_deref().unwrap_or_default()
    }
}

impl PlainLine {
    pub fn read(line: &str) -> PlainLine {
        serde_json::from_str(line).unwrap()
    }

    /// The id of the claim that it does away with.
    pub fn target(&self) -> Option<&str> {
        self.corrects.as_deref().or(self.retracts.as_deref())
    }

    /// The claim that it makes.
    pub fn claim(&self) -> Option<PlainClaim> {
        if let Some(PlainClaim { id, subject, attribute, value, from }) = &self.nested {
            let (id, subject, attribute) = (id.clone(), subject.clone(), attribute.clone());
            return Some(PlainClaim { id, subject, attribute, value: value.clone(), from: from.clone() });
        }
        Some(PlainClaim {
            id: self.id.clone(),
            subject: self.subject.clone()?,
            attribute: self.attribute.clone()?,
            value: Some(self.value.clone()?),
            from: self.from.clone(),
        })
    }
}

/// A day as a number that sorts as it does: 2000-01-31 is 20000131. Of a vague date the digits are taken; 0 without one.
pub fn day_number(day: &str) -> i64 {
    let digits: String = day.chars().filter(char::is_ascii_digit).take(8).collect();
    digits.parse().unwrap_or(0)
}
