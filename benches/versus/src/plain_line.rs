//! A line of the generator as a program without a model of claims would read it.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct PlainLine {
    #[serde(rename = "type")]
    pub kind: String,
    pub id: String,
    pub corrects: Option<String>,
    pub retracts: Option<String>,
    #[serde(rename = "claim")]
    pub nested: Option<PlainClaim>,
    pub subject: Option<String>,
    pub attribute: Option<String>,
    pub value: Option<String>,
    pub from: Option<String>,
}

#[derive(Deserialize)]
pub struct PlainClaim {
    pub id: String,
    pub subject: String,
    pub attribute: String,
    pub value: String,
    pub from: String,
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
            value: self.value.clone()?,
            from: self.from.clone()?,
        })
    }
}

/// A day as a number that sorts as it does: 2000-01-31 is 20000131.
pub fn day_number(day: &str) -> i64 {
    day.replace('-', "").parse().unwrap()
}
