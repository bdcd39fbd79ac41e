//! What people type, taken for what it means. Whatever is taken for something that is spelt otherwise is echoed.

use std::borrow::Cow;

use annals::catalogue::Catalogue;
use annals::claim::Problem;
use annals::date::{Bound, Day, Said, typed_date};
use annals::ledger::{Error, ErrorKind, nearest};
use annals::seq::Seq;
use annals::value::fold_text;

use crate::clock::now_micros;
use crate::failure::Failure;
use crate::screen::say;

/// Today's date in UTC.
pub(crate) fn today() -> Day {
    Day::of_unix_micros(now_micros())
}

/// The EDTF of a date that is typed in a field.
pub(crate) fn edtf(field: &'static str, text: &str) -> Result<String, Problem> {
    let taken = typed_date(text, today()).map_err(|error| Problem::new(field, error))?;
    if taken != text {
        say(&format!("note: {field} {text:?} is taken as {taken}"));
    }
    Ok(taken.into_owned())
}

/// The EDTF of a date that is typed in a field that may be left out.
pub(crate) fn edtf_given(field: &'static str, text: Option<String>) -> Result<Option<String>, Problem> {
    text.map(|text| edtf(field, &text)).transpose()
}

/// A date.
pub(crate) fn bound(field: &'static str, text: &str) -> Result<Bound, Problem> {
    Bound::parse(&edtf(field, text)?).map_err(|error| Problem::new(field, error))
}

/// A date, or a day with a time.
pub(crate) fn said(field: &'static str, text: &str) -> Result<Said, Problem> {
    Said::parse(&edtf(field, text)?).map_err(|error| Problem::new(field, error))
}

/// One day. What means several days, or none, is told with what it means.
pub(crate) fn day(field: &'static str, text: &str) -> Result<Day, Problem> {
    let taken = edtf(field, text)?;
    if let Some(day) = Day::parse(&taken) {
        return Ok(day);
    }
    let one_day = "one day is asked for here, such as 2024-11-24";
    Err(match Bound::parse(&taken) {
        Err(error) => Problem::new(field, error),
        Ok(bound) => match bound.window() {
            Some(window) => Problem::new(
                field,
                format!("{text:?} means more than one day ({} to {})", window.earliest, window.latest),
            )
            .with_hint(one_day),
            None => Problem::new(field, format!("{text:?} gives no year")).with_hint(one_day),
        },
    })
}

/// What is registered under a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Entity,
    Attribute,
    Source,
}

impl Sort {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Sort::Entity => "entity",
            Sort::Attribute => "attribute",
            Sort::Source => "source",
        }
    }

    fn of_key(self, catalogue: &Catalogue, key: &str) -> Option<Seq> {
        match self {
            Sort::Entity => catalogue.entity_of_key(key),
            Sort::Attribute => catalogue.attribute_of_key(key),
            Sort::Source => catalogue.source_of_key(key),
        }
    }

    fn key_of(self, catalogue: &Catalogue, seq: Seq) -> Option<&str> {
        match self {
            Sort::Entity => catalogue.entity(seq).map(|entity| &*entity.key),
            Sort::Attribute => catalogue.attribute(seq).map(|attribute| &*attribute.key),
            Sort::Source => catalogue.source(seq).map(|source| &*source.key),
        }
    }

    /// What has this name: its label or an alias, whatever its capitals and spaces.
    fn named(self, catalogue: &Catalogue, name: &str) -> Vec<Seq> {
        let folded = |text: &str| fold_text(text).to_lowercase();
        let wanted = folded(name);
        let is_wanted = |text: &str| folded(text) == wanted;
        let has_label = |label: &Option<Box<str>>| label.as_deref().is_some_and(is_wanted);
        let mut named: Vec<Seq> = match self {
            Sort::Entity => {
                let all = catalogue.entities();
                let named = all.filter(|(_, entity)| {
                    has_label(&entity.label) || entity.aliases.iter().any(|alias| is_wanted(alias))
                });
                named.map(|(seq, _)| seq).collect()
            }
            Sort::Attribute => {
                catalogue.attributes().filter(|(_, of)| has_label(&of.label)).map(|(seq, _)| seq).collect()
            }
            Sort::Source => catalogue.sources().filter(|(_, of)| has_label(&of.label)).map(|(seq, _)| seq).collect(),
        };
        named.retain(|seq| catalogue.is_registered(*seq));
        named
    }

    /// The keys that can be meant: not those that were taken back.
    fn keys(self, catalogue: &Catalogue) -> Vec<&str> {
        let all: Vec<(Seq, &str)> = match self {
            Sort::Entity => catalogue.entities().map(|(seq, of)| (seq, &*of.key)).collect(),
            Sort::Attribute => catalogue.attributes().map(|(seq, of)| (seq, &*of.key)).collect(),
            Sort::Source => catalogue.sources().map(|(seq, of)| (seq, &*of.key)).collect(),
        };
        all.into_iter().filter(|(seq, _)| catalogue.is_registered(*seq)).map(|(_, key)| key).collect()
    }

    /// What is registered under a key or, if nothing is, has it for its label or alias; `None` if nothing does. Those that
    /// `same` takes to one number count once.
    ///
    /// # Errors
    /// If several have that name.
    pub(crate) fn find(
        self,
        catalogue: &Catalogue,
        text: &str,
        same: impl Fn(Seq) -> Seq,
    ) -> Result<Option<Seq>, Failure> {
        let text = if self == Sort::Entity { text.strip_prefix('@').unwrap_or(text) } else { text };
        if let Some(seq) = self.of_key(catalogue, text) {
            return Ok(Some(seq));
        }
        let mut named: Vec<Seq> = self.named(catalogue, text).into_iter().map(same).collect();
        named.sort_unstable();
        named.dedup();
        let key = |seq: &Seq| self.key_of(catalogue, *seq).unwrap_or_default();
        match named.as_slice() {
            [] => Ok(None),
            [only] => {
                say(&format!("note: {text:?} is taken as the {} {}", self.word(), key(only)));
                Ok(Some(*only))
            }
            several => {
                let keys: Vec<&str> = several.iter().map(key).collect();
                let message = format!("{text:?} is the name of {} of this ledger", keys.join(" and of "));
                Err(Error::new(ErrorKind::NotFound, message).with_hint("give the key of the one that is meant").into())
            }
        }
    }

    /// What has this key, label or alias, and must be there; a slip is met with the nearest key.
    pub(crate) fn find_known(
        self,
        catalogue: &Catalogue,
        text: &str,
        same: impl Fn(Seq) -> Seq,
    ) -> Result<Seq, Failure> {
        self.find(catalogue, text, same)?.ok_or_else(|| {
            let what = self.word();
            let error = Error::new(ErrorKind::NotFound, format!("{text:?} is no {what} of this ledger"));
            let near = nearest(text, self.keys(catalogue).into_iter());
            Failure::Ledger(error.with_hint(
                near.map_or_else(|| format!("`annals {what}` lists them"), |near| format!("did you mean {near:?}?")),
            ))
        })
    }

    /// The key under which something is registered that may be named by its label or alias; another text stays as it is.
    pub(crate) fn key<'t>(self, catalogue: &Catalogue, text: &'t str) -> Result<Cow<'t, str>, Failure> {
        let found = self.find(catalogue, text, |seq| seq)?;
        let key = found.and_then(|seq| self.key_of(catalogue, seq));
        Ok(key.map_or(Cow::Borrowed(text), |key| Cow::Owned(key.to_owned())))
    }
}
