//! What is registered once and referred to by number: the ledger itself, attributes, entities, sources,
//! evidence.

use crate::date::Bound;
use crate::seq::Seq;
use crate::source::{Reliability, SourceKind, words};
use crate::value::{Value, ValueType, key_problem, skeleton};

words! {
    /// Whether a subject has one value of an attribute at a time, or several.
    Cardinality {
        /// One at a time.
        Single = "single",
        /// Several at a time.
        Multi = "multi",
    }
}

/// How a ledger began.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Genesis {
    /// The name under which its heads are published.
    pub origin: Box<str>,
    /// The algorithms it is built with, by name.
    pub algorithms: Vec<Box<str>>,
    /// Number of the format.
    pub format: u16,
}

impl Genesis {
    /// Whether a name can stand in the first line of a checkpoint: a key without a plus sign.
    #[must_use]
    pub fn is_origin(name: &str) -> bool {
        key_problem(name).is_none() && !name.contains('+')
    }
}

/// Which values of an attribute are such that not the one is the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Complement<V> {
    /// Nothing was declared.
    #[default]
    NotDeclared,
    /// These two.
    Pair(V, V),
    /// Declared: none.
    None,
}

impl<V> Complement<V> {
    /// The two values that were declared.
    #[must_use]
    pub fn pair(&self) -> Option<(&V, &V)> {
        match self {
            Complement::Pair(one, other) => Some((one, other)),
            Complement::NotDeclared | Complement::None => None,
        }
    }

    /// The complement with each of its values changed.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn try_map<W, E>(self, mut change: impl FnMut(V) -> Result<W, E>) -> Result<Complement<W>, E> {
        Ok(match self {
            Complement::NotDeclared => Complement::NotDeclared,
            Complement::Pair(one, other) => Complement::Pair(change(one)?, change(other)?),
            Complement::None => Complement::None,
        })
    }
}

/// What may be claimed under a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttributeDefined {
    /// Its key.
    pub key: Box<str>,
    /// Its name for people.
    pub label: Option<Box<str>>,
    /// The type of its values.
    pub value_type: ValueType,
    /// One value at a time, or several.
    pub cardinality: Cardinality,
    /// Its values where not the one is the other. Never entities, some or none.
    pub complement: Complement<Value<Seq>>,
    /// Whether a value cannot change (a birthplace, who won): later words contradict earlier ones.
    pub is_fixed: bool,
    /// How many days a value is carried; `None`: until something else is claimed.
    pub stale_after_days: Option<u32>,
    /// The unit taken by a quantity that names none.
    pub unit: Option<Box<str>>,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
}

impl AttributeDefined {
    /// The two values where not the one is the other: as declared, and for a Bool that declares nothing true and false.
    #[must_use]
    pub fn opposites(&self) -> Option<(&Value<Seq>, &Value<Seq>)> {
        static TRUE: Value<Seq> = Value::Bool(true);
        static FALSE: Value<Seq> = Value::Bool(false);
        match &self.complement {
            Complement::Pair(one, other) => Some((one, other)),
            Complement::NotDeclared if self.value_type == ValueType::Bool => Some((&TRUE, &FALSE)),
            Complement::NotDeclared | Complement::None => None,
        }
    }

    /// Whether it says no more than what is assumed of an attribute that a claim uses before anybody declares it: a type that a
    /// value shows, and a unit.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        is_bare(self.value_type, self.cardinality, &self.complement)
            && !self.is_fixed
            && self.stale_after_days.is_none()
            && self.label.is_none()
            && self.id.is_none()
    }
}

/// Whether a part of a declaration says no more than what is assumed of an attribute. No value shows that it is a symbol.
pub(super) fn is_bare<V>(value_type: ValueType, cardinality: Cardinality, complement: &Complement<V>) -> bool {
    value_type != ValueType::Symbol
        && cardinality == Cardinality::Single
        && matches!(complement, Complement::NotDeclared)
}

/// What claims are about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EntityRegistered {
    /// Its key.
    pub key: Box<str>,
    /// Its name for people.
    pub label: Option<Box<str>>,
    /// Other names.
    pub aliases: Vec<Box<str>>,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
}

/// What the keys of attributes, of entities or of sources share that look alike.
#[must_use]
pub fn look_of(key: &str) -> String {
    skeleton(key)
}

/// Who says something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SourceRegistered {
    /// Its key.
    pub key: Box<str>,
    /// What it is.
    pub kind: SourceKind,
    /// Its name for people.
    pub label: Option<Box<str>>,
    /// Its grade, if it was given one at once.
    pub reliability: Option<Reliability>,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
    /// Whether it is kept from everybody but the desk.
    pub is_private: bool,
}

/// A grade of a source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SourceRated {
    /// The source.
    pub source: Seq,
    /// The grade.
    pub reliability: Reliability,
    /// The day of the grade.
    pub on: Option<Bound>,
    /// Why.
    pub reason: Option<Box<str>>,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
}

/// A captured copy of what a source published.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EvidenceAdded {
    /// BLAKE3 digest of its bytes, 64 hexadecimal digits.
    pub digest: Box<str>,
    /// Its media type, such as `text/html`.
    pub media_type: Option<Box<str>>,
    /// Where it was captured.
    pub url: Option<Box<str>>,
    /// Where an archive keeps it.
    pub archive_url: Option<Box<str>>,
    /// When it was captured.
    pub captured_at: Option<Box<str>>,
    /// Its length in bytes.
    pub len_bytes: u64,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
    /// Whether it is kept from everybody but the desk.
    pub is_private: bool,
}

impl EvidenceAdded {
    /// Whether a text is the digest of a copy: 64 hexadecimal digits in lower case.
    #[must_use]
    pub fn is_digest(text: &str) -> bool {
        text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    }
}
