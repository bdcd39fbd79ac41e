//! What things are called for people: labels, or keys where there are none.

use crate::catalogue::Catalogue;
use crate::seq::Seq;
use crate::value::Value;

/// A value for people: an entity by its label.
#[must_use]
pub fn value_text(catalogue: &Catalogue, value: &Value<Seq>) -> String {
    match value {
        Value::Text(text) | Value::Symbol(text) | Value::Url(text) => text.to_string(),
        Value::Bool(holds) => holds.to_string(),
        Value::Entity(entity) => entity_text(catalogue, *entity),
        Value::Quantity(quantity) => quantity.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Some => "some value".to_owned(),
        Value::None => "none".to_owned(),
    }
}

/// An entity by its label, else its key.
#[must_use]
pub fn entity_text(catalogue: &Catalogue, entity: Seq) -> String {
    match catalogue.entity(entity) {
        Some(entity) => entity.label.as_deref().unwrap_or(&entity.key).to_owned(),
        None => catalogue.absent_text(entity),
    }
}

/// A source by its label, else its key.
#[must_use]
pub fn source_text(catalogue: &Catalogue, source: Seq) -> String {
    match catalogue.source(source) {
        Some(source) => source.label.as_deref().unwrap_or(&source.key).to_owned(),
        None => catalogue.absent_text(source),
    }
}
