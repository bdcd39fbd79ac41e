//! What things are called for people: labels, or keys where there are none.

use super::facts::Facts;
use crate::claim::Claim;
use crate::seq::Seq;
use crate::value::Value;

/// A value for people: an entity by its label.
#[must_use]
pub fn value_text(facts: &Facts, value: &Value<Seq>) -> String {
    match value {
        Value::Text(text) | Value::Symbol(text) | Value::Url(text) => text.to_string(),
        Value::Bool(holds) => holds.to_string(),
        Value::Entity(entity) => entity_text(facts, *entity),
        Value::Quantity(quantity) => quantity.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Some => "some value".to_owned(),
        Value::None => "none".to_owned(),
    }
}

/// An entity by its label, else its key.
#[must_use]
pub fn entity_text(facts: &Facts, entity: Seq) -> String {
    match facts.catalogue.entity(entity) {
        Some(entity) => entity.label.as_deref().unwrap_or(&entity.key).to_owned(),
        None => facts.catalogue.absent_text(entity),
    }
}

/// A source by its label, else its key.
#[must_use]
pub fn source_text(facts: &Facts, source: Seq) -> String {
    match facts.catalogue.source(source) {
        Some(source) => source.label.as_deref().unwrap_or(&source.key).to_owned(),
        None => facts.catalogue.absent_text(source),
    }
}

/// The origin of a claim; `None` if nobody is named.
#[must_use]
pub fn origin_text(facts: &Facts, claim: &Claim) -> Option<String> {
    claim.chain.first().map(|origin| source_text(facts, origin.who))
}
