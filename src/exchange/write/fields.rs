//! Fields of a line, put one behind the other.

use serde_json::{Map, Value as Json};

use crate::date::{Bound, Said};

/// A line being written; what is not given is left out.
pub(super) struct Fields(Map<String, Json>);

impl Fields {
    /// A line with nothing in it.
    pub(super) fn new() -> Fields {
        Fields(Map::new())
    }

    /// A line of a type.
    pub(super) fn of_type(word: &str) -> Fields {
        Fields::new().with("type", word)
    }

    /// A field.
    pub(super) fn with(mut self, name: &str, value: impl Into<Json>) -> Fields {
        self.0.insert(name.into(), value.into());
        self
    }

    /// A text, if it is given.
    pub(super) fn text(self, name: &str, text: Option<&str>) -> Fields {
        match text {
            Some(text) => self.with(name, text),
            None => self,
        }
    }

    /// A date, if it is given.
    pub(super) fn bound(self, name: &str, bound: Option<&Bound>) -> Fields {
        self.text(name, bound.map(Bound::text))
    }

    /// When something was said, if it is given.
    pub(super) fn said(self, name: &str, said: Option<&Said>) -> Fields {
        self.text(name, said.map(Said::text))
    }

    /// A field that is true, or left out.
    pub(super) fn flag(self, name: &str, is_so: bool) -> Fields {
        if is_so { self.with(name, true) } else { self }
    }

    /// A list of strings, if there is anything in it.
    pub(super) fn strings(self, name: &str, strings: &[Box<str>]) -> Fields {
        if strings.is_empty() {
            return self;
        }
        self.with(name, strings.iter().map(|string| Json::from(&**string)).collect::<Vec<_>>())
    }

    /// The line.
    pub(super) fn done(self) -> Map<String, Json> {
        self.0
    }
}
