//! The fields of one object: each taken by name and type, the unknown and the repeated refused.

use std::borrow::Cow;
use std::fmt;

use super::super::json::{Json, Object};
use crate::claim::{Problem, key, own_id, text, url};
use crate::date::{Bound, Said};

/// The fields of an object, of which all are known and none stands twice. A field that is null counts as
/// left out.
pub(super) struct Fields<'a> {
    known: &'static [&'static str],
    slots: Vec<Json<'a>>,
    /// Where the next name is looked for first: objects are mostly written and read in one order.
    cursor: usize,
}

impl<'a> Fields<'a> {
    /// Sorts an object's fields by the names that are known for it; `what` is its name in messages.
    ///
    /// # Errors
    /// The first field that is unknown or stands twice.
    pub(super) fn open(
        object: Object<'a>,
        what: &'static str,
        known: &'static [&'static str],
    ) -> Result<Fields<'a>, Problem> {
        let mut fields = Fields { known, slots: Vec::with_capacity(known.len()), cursor: 0 };
        fields.slots.resize_with(known.len(), || Json::Null);
        let mut seen = 0_u64;
        for (name, json) in object {
            let Some(place) = fields.place(&name) else {
                return Err(unknown(&name, &format!("is no field of {what}"), known));
            };
            if seen & (1 << place) != 0 {
                return Err(repeated(&name));
            }
            seen |= 1 << place;
            if let Some(slot) = fields.slots.get_mut(place) {
                *slot = json;
            }
        }
        fields.cursor = 0;
        Ok(fields)
    }

    fn place(&mut self, name: &str) -> Option<usize> {
        debug_assert!(self.known.len() <= 64, "a field has one of 64 bits");
        let is_name = |known: &&str| **known == *name;
        let (before, after) = self.known.split_at_checked(self.cursor)?;
        let place = match after.iter().position(is_name) {
            Some(place) => self.cursor + place,
            None => before.iter().position(is_name)?,
        };
        self.cursor = place + 1;
        Some(place)
    }

    /// The field's value, if it was given.
    pub(super) fn take(&mut self, name: &'static str) -> Option<Json<'a>> {
        let place = self.place(name);
        debug_assert!(place.is_some(), "{name} is not in the list of known fields");
        let slot = self.slots.get_mut(place?)?;
        match std::mem::replace(slot, Json::Null) {
            Json::Null => None,
            json => Some(json),
        }
    }

    /// A string; `wanted` says what it should be, in messages.
    pub(super) fn string(&mut self, name: &'static str, wanted: &str) -> Result<Option<Cow<'a, str>>, Problem> {
        self.take(name).map(|json| string(name, json, wanted)).transpose()
    }

    /// A word of a vocabulary, not checked yet.
    pub(super) fn word(&mut self, name: &'static str) -> Result<Option<Cow<'a, str>>, Problem> {
        self.string(name, "a word as a string")
    }

    /// A date, not checked yet.
    pub(super) fn date(&mut self, name: &'static str) -> Result<Option<Cow<'a, str>>, Problem> {
        self.string(name, "a date as a string")
    }

    /// A date, checked.
    pub(super) fn bound(&mut self, name: &'static str) -> Result<Option<Bound>, Problem> {
        let date = self.date(name)?;
        date.map(|date| Bound::parse(&date)).transpose().map_err(|error| Problem::new(name, error))
    }

    /// When something was said, checked.
    pub(super) fn said(&mut self, name: &'static str) -> Result<Option<Said>, Problem> {
        let said = self.date(name)?;
        said.map(|said| Said::parse(&said)).transpose().map_err(|error| Problem::new(name, error))
    }

    /// A text within the limits.
    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<Box<str>>, Problem> {
        text(name, self.string(name, "a text as a string")?)
    }

    /// A web address.
    pub(super) fn url(&mut self, name: &'static str) -> Result<Option<Box<str>>, Problem> {
        url(name, self.string(name, "a web address as a string")?)
    }

    /// A text that may be empty, which is as good as left out.
    pub(super) fn label(&mut self, name: &'static str) -> Result<Option<Box<str>>, Problem> {
        let label = self.string(name, "a text as a string")?;
        text(name, label.filter(|label| !label.is_empty()))
    }

    /// A key within the limits.
    pub(super) fn key(&mut self, name: &'static str) -> Result<Option<Box<str>>, Problem> {
        key(name, self.string(name, "a key as a string")?)
    }

    /// The caller's own id.
    pub(super) fn id(&mut self) -> Result<Option<Box<str>>, Problem> {
        own_id(self.string("id", "a key as a string")?)
    }

    /// Whether the field is true; left out is false.
    pub(super) fn flag(&mut self, name: &'static str) -> Result<bool, Problem> {
        match self.take(name) {
            None => Ok(false),
            Some(Json::Bool(flag)) => Ok(flag),
            Some(other) => Err(wrong_type(name, &other, "true or false")),
        }
    }

    /// A whole number from `min` to `max`.
    pub(super) fn natural(&mut self, name: &'static str, min: u64, max: u64) -> Result<Option<u64>, Problem> {
        match self.take(name) {
            None => Ok(None),
            Some(Json::Natural(number)) if (min..=max).contains(&number) => Ok(Some(number)),
            Some(Json::Natural(_) | Json::Negative(_) | Json::Fraction) => {
                Err(Problem::new(name, format!("is not a whole number from {min} to {max}")))
            }
            Some(other) => Err(wrong_type(name, &other, "a whole number")),
        }
    }

    /// A list.
    pub(super) fn list(&mut self, name: &'static str, wanted: &str) -> Result<Option<Vec<Json<'a>>>, Problem> {
        match self.take(name) {
            None => Ok(None),
            Some(Json::List(list)) => Ok(Some(list)),
            Some(other) => Err(wrong_type(name, &other, wanted)),
        }
    }

    /// A list of strings, each checked by `check`; empty if left out.
    pub(super) fn strings(
        &mut self,
        name: &'static str,
        check: impl Fn(Cow<'a, str>) -> Result<Option<Box<str>>, Problem>,
    ) -> Result<Vec<Box<str>>, Problem> {
        let list = self.list(name, "a list of strings")?.unwrap_or_default();
        let mut strings = Vec::with_capacity(list.len());
        for (place, json) in list.into_iter().enumerate() {
            let checked = string("", json, "a string").and_then(&check);
            strings.extend(checked.map_err(|problem| within(format_args!("{name}[{place}]"), problem))?);
        }
        Ok(strings)
    }

    /// One of the words of a vocabulary.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        name: &'static str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Result<Option<T>, Problem> {
        let Some(given) = self.word(name)? else {
            return Ok(None);
        };
        if let Some(found) = all.iter().find(|one| word(**one) == given) {
            return Ok(Some(*found));
        }
        let words: Vec<&str> = all.iter().map(|one| word(*one)).collect();
        let problem = Problem::new(name, format!("{:?} is not one of {}", cut(&given), words.join(", ")));
        Err(with_suggestion(problem, &given, &words))
    }
}

/// What must be given.
pub(super) fn needed<T>(name: &'static str, given: Option<T>) -> Result<T, Problem> {
    given.ok_or_else(|| Problem::new(name, "is missing"))
}

/// The string that a value is.
pub(super) fn string<'a>(name: &'static str, json: Json<'a>, wanted: &str) -> Result<Cow<'a, str>, Problem> {
    match json {
        Json::String(string) => Ok(string),
        other => Err(wrong_type(name, &other, wanted)),
    }
}

/// The object that an item of a list is.
pub(super) fn object<'a>(json: Json<'a>, wanted: &str) -> Result<Object<'a>, Problem> {
    match json {
        Json::Object(object) => Ok(object),
        other => Err(wrong_type("", &other, wanted)),
    }
}

pub(super) fn wrong_type(name: &'static str, json: &Json<'_>, wanted: &str) -> Problem {
    Problem::new(name, format!("is {}, but {wanted} is wanted", json.kind()))
}

pub(super) fn repeated(name: &str) -> Problem {
    Problem::new(cut(name), "stands twice")
}

/// The problem of a part as one of the whole: `who` within `chain[1]` is `chain[1].who`.
pub(super) fn within(path: impl fmt::Display, problem: Problem) -> Problem {
    let field = if problem.field.is_empty() { path.to_string() } else { format!("{path}.{}", problem.field) };
    Problem { field: field.into(), ..problem }
}

/// The problem of a word that is not among the known ones.
pub(super) fn unknown(word: &str, reason: &str, known: &[&str]) -> Problem {
    with_suggestion(Problem::new(cut(word), reason), word, known)
}

/// Adds the known word that is most like the given one, if one is like it.
pub(super) fn with_suggestion(problem: Problem, given: &str, known: &[&str]) -> Problem {
    const ALIKE_MIN: f64 = 0.8;
    let given = cut(given).to_lowercase().replace(['-', ' '], "_");
    let alike = |known: &&str| strsim::jaro_winkler(&given, &known.replace('-', "_"));
    match known.iter().max_by(|a, b| alike(a).total_cmp(&alike(b))) {
        Some(nearest) if alike(nearest) >= ALIKE_MIN => problem.with_hint(format!("did you mean {nearest:?}?")),
        _ => problem,
    }
}

/// So much of a stranger's word as a message repeats.
pub(super) fn cut(word: &str) -> String {
    const SHOWN_CHARS_MAX: usize = 60;
    word.chars().take(SHOWN_CHARS_MAX).collect()
}
