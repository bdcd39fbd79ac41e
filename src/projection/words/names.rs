//! What things are called for people: labels, or keys where there are none.

use std::borrow::Cow;

use crate::catalogue::Catalogue;
use crate::seq::Seq;
use crate::value::Value;

/// A value for people: an entity by its label.
#[must_use]
pub fn value_text<'a>(catalogue: &'a Catalogue, value: &'a Value<Seq>) -> Cow<'a, str> {
    Cow::Borrowed(match value {
        Value::Text(text) | Value::Symbol(text) | Value::Url(text) => text,
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Entity(entity) => return entity_text(catalogue, *entity),
        Value::Quantity(quantity) => return quantity.to_string().into(),
        Value::Date(date) => date.text(),
        Value::Some => "some value",
        Value::None => "none",
    })
}

/// An entity by its label, else its key.
#[must_use]
pub fn entity_text(catalogue: &Catalogue, entity: Seq) -> Cow<'_, str> {
    match catalogue.entity(entity) {
        Some(entity) => entity.label.as_deref().unwrap_or(&entity.key).into(),
        None => catalogue.absent_text(entity).into(),
    }
}

/// A source by its label, else its key.
#[must_use]
pub fn source_text(catalogue: &Catalogue, source: Seq) -> Cow<'_, str> {
    match catalogue.source(source) {
        Some(source) => source.label.as_deref().unwrap_or(&source.key).into(),
        None => catalogue.absent_text(source).into(),
    }
}
