//! What is claimed of a subject: the value kinds, how they are read, and when two of them agree.

mod agreement;
mod amount;
mod numeral;
mod quantity;
mod text;
mod typed;
mod unit;

pub use agreement::{Class, Identity, Point, Reach, agree, common_part, meet};
pub use amount::AmountError;
pub use quantity::{Quantity, QuantityError};
pub use text::{
    ID_LEN, TEXT_MAX, TextError, fold_symbol, fold_text, id_problem, is_derived_id, is_hidden, key_problem, skeleton,
    text_problem,
};
pub use typed::{Typed, ValueError, is_url};
pub use unit::is_same_unit;

use crate::date::Bound;

/// What kind of value an attribute takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Running text; equal after NFC and with spaces collapsed.
    Text,
    /// A word of a vocabulary (`off`, `revoked`); equal after NFC, trimming and case folding.
    Symbol,
    /// True or false.
    Bool,
    /// An entity of the ledger.
    Entity,
    /// An exact amount or range of amounts.
    Quantity,
    /// A date.
    Date,
    /// A web address.
    Url,
}

impl ValueType {
    /// All types, in the order they are offered.
    pub const ALL: [ValueType; 7] = [
        ValueType::Text,
        ValueType::Symbol,
        ValueType::Bool,
        ValueType::Entity,
        ValueType::Quantity,
        ValueType::Date,
        ValueType::Url,
    ];

    /// The word for it in JSONL and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ValueType::Text => "text",
            ValueType::Symbol => "symbol",
            ValueType::Bool => "bool",
            ValueType::Entity => "entity",
            ValueType::Quantity => "quantity",
            ValueType::Date => "date",
            ValueType::Url => "url",
        }
    }

    /// The type of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<ValueType> {
        ValueType::ALL.into_iter().find(|value_type| value_type.word() == word)
    }
}

/// A value whose entities are known by `R`: a key as typed, or the number of the event that registered it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value<R> {
    /// Running text.
    Text(Box<str>),
    /// A word of a vocabulary.
    Symbol(Box<str>),
    /// True or false.
    Bool(bool),
    /// An entity.
    Entity(R),
    /// An amount or a range of amounts.
    Quantity(Quantity),
    /// A date.
    Date(Bound),
    /// A web address.
    Url(Box<str>),
    /// There is a value, and it is not known.
    Some,
    /// It is known that there is none.
    None,
}

impl<R> Value<R> {
    /// Its type; `None` for "some value" and "no value", which every attribute takes.
    #[must_use]
    pub fn value_type(&self) -> Option<ValueType> {
        Some(match self {
            Value::Text(_) => ValueType::Text,
            Value::Symbol(_) => ValueType::Symbol,
            Value::Bool(_) => ValueType::Bool,
            Value::Entity(_) => ValueType::Entity,
            Value::Quantity(_) => ValueType::Quantity,
            Value::Date(_) => ValueType::Date,
            Value::Url(_) => ValueType::Url,
            Value::Some | Value::None => return None,
        })
    }

    /// This value with its entity named otherwise.
    ///
    /// # Errors
    /// What `rename` answers.
    pub fn try_rename<S, E>(self, rename: impl FnOnce(R) -> Result<S, E>) -> Result<Value<S>, E> {
        Ok(match self {
            Value::Text(text) => Value::Text(text),
            Value::Symbol(word) => Value::Symbol(word),
            Value::Bool(holds) => Value::Bool(holds),
            Value::Entity(entity) => Value::Entity(rename(entity)?),
            Value::Quantity(quantity) => Value::Quantity(quantity),
            Value::Date(bound) => Value::Date(bound),
            Value::Url(url) => Value::Url(url),
            Value::Some => Value::Some,
            Value::None => Value::None,
        })
    }
}
