//! The fields of one object: each taken by name and type, the unknown and the repeated refused, all at once.

use std::borrow::Cow;

use super::super::json::{Json, Object};
use crate::claim::{Found, Problem, Problems, key, own_id, text, url};
use crate::date::{Bound, Said};

/// The fields of an object. What is wrong with any of them is kept until all were read. A field that is null, or an empty
/// string or list, counts as left out.
pub(super) struct Fields<'a> {
    known: &'static [&'static str],
    slots: Vec<Json<'a>>,
    /// Where the next name is looked for first: objects are mostly written and read in one order.
    cursor: usize,
    /// What is wrong so far.
    pub(super) found: Found,
}

impl<'a> Fields<'a> {
    /// Sorts an object's fields by the names that are known for it; `what` is its name in messages. A field that is unknown
    /// or stands twice is wrong.
    pub(super) fn open(object: Object<'a>, what: &'static str, known: &'static [&'static str]) -> Fields<'a> {
        let mut slots = Vec::with_capacity(known.len());
        slots.resize_with(known.len(), || Json::Null);
        let mut fields = Fields { known, slots, cursor: 0, found: Found::default() };
        let mut seen = 0_u64;
        for (name, json) in object {
            let Some(place) = fields.place(&name) else {
                fields.found.tell(unknown(&name, &format!("is no field of {what}"), known));
                continue;
            };
            if seen & (1 << place) != 0 {
                fields.found.tell(repeated(&name));
            }
            seen |= 1 << place;
            if let Some(slot) = fields.slots.get_mut(place) {
                *slot = json;
            }
        }
        fields.cursor = 0;
        fields
    }

    /// What was made of the fields, if nothing is wrong with them.
    ///
    /// # Errors
    /// All that is wrong.
    pub(super) fn done<T>(self, made: Option<T>) -> Result<T, Problems> {
        self.found.done(made)
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
        Some(std::mem::replace(slot, Json::Null)).filter(|json| !json.is_empty())
    }

    /// What must be given.
    pub(super) fn needed<T>(&mut self, name: &'static str, given: Option<T>) -> Option<T> {
        self.found.needed(name, given)
    }

    /// A string; `wanted` says what it should be, in messages.
    pub(super) fn string(&mut self, name: &'static str, wanted: &str) -> Option<Cow<'a, str>> {
        let json = self.take(name)?;
        self.found.note(string(name, json, wanted))
    }

    /// A word of a vocabulary, not checked yet.
    pub(super) fn word(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        self.string(name, "a word as a string")
    }

    /// A date, not checked yet.
    pub(super) fn date(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        self.string(name, "a date as a string")
    }

    /// A date, checked.
    pub(super) fn bound(&mut self, name: &'static str) -> Option<Bound> {
        let date = self.date(name)?;
        self.found.note(Bound::parse(&date).map_err(|error| Problem::new(name, error)))
    }

    /// When something was said, checked.
    pub(super) fn said(&mut self, name: &'static str) -> Option<Said> {
        let said = self.date(name)?;
        self.found.note(Said::parse(&said).map_err(|error| Problem::new(name, error)))
    }

    /// A text within the limits.
    pub(super) fn text(&mut self, name: &'static str) -> Option<Box<str>> {
        let given = self.string(name, "a text as a string");
        self.found.note(text(name, given)).flatten()
    }

    /// A web address.
    pub(super) fn url(&mut self, name: &'static str) -> Option<Box<str>> {
        let given = self.string(name, "a web address as a string");
        self.found.note(url(name, given)).flatten()
    }

    /// A key within the limits.
    pub(super) fn key(&mut self, name: &'static str) -> Option<Box<str>> {
        let given = self.string(name, "a key as a string");
        self.found.note(key(name, given)).flatten()
    }

    /// The caller's own id.
    pub(super) fn id(&mut self) -> Option<Box<str>> {
        let given = self.string("id", "a key as a string");
        self.found.note(own_id(given)).flatten()
    }

    /// Whether the field is true; left out is false.
    pub(super) fn flag(&mut self, name: &'static str) -> bool {
        match self.take(name) {
            None => false,
            Some(Json::Bool(flag)) => flag,
            Some(other) => {
                self.found.tell(wrong_type(name, &other, "true or false"));
                false
            }
        }
    }

    /// A whole number from `min` to `max`.
    pub(super) fn natural(&mut self, name: &'static str, min: u64, max: u64) -> Option<u64> {
        let problem = match self.take(name)? {
            Json::Natural(number) if (min..=max).contains(&number) => return Some(number),
            Json::Natural(_) | Json::Negative(_) | Json::Fraction => {
                Problem::new(name, format!("is not a whole number from {min} to {max}"))
            }
            other => wrong_type(name, &other, "a whole number"),
        };
        self.found.tell(problem);
        None
    }

    /// A list.
    pub(super) fn list(&mut self, name: &'static str, wanted: &str) -> Option<Vec<Json<'a>>> {
        match self.take(name)? {
            Json::List(list) => Some(list),
            other => {
                self.found.tell(wrong_type(name, &other, wanted));
                None
            }
        }
    }

    /// Every item of a list, read by `read`; what is wrong with one is told with its place.
    pub(super) fn each<T, P: Into<Problems>>(
        &mut self,
        name: &'static str,
        list: Vec<Json<'a>>,
        read: impl Fn(Json<'a>) -> Result<T, P>,
    ) -> Vec<T> {
        let mut all = Vec::with_capacity(list.len());
        for (place, json) in list.into_iter().enumerate() {
            let item = read(json).map_err(|problems| problems.into().within(&format!("{name}[{place}]")));
            all.extend(self.found.note(item));
        }
        all
    }

    /// A list of strings, each checked by `check`; empty if left out.
    pub(super) fn strings(
        &mut self,
        name: &'static str,
        check: impl Fn(Cow<'a, str>) -> Result<Option<Box<str>>, Problem>,
    ) -> Vec<Box<str>> {
        let list = self.list(name, "a list of strings").unwrap_or_default();
        let read = |json| string("", json, "a string").and_then(&check);
        self.each(name, list, read).into_iter().flatten().collect()
    }

    /// Digests: one as a string, or a list.
    pub(super) fn digests(&mut self, name: &'static str) -> Vec<Cow<'a, str>> {
        match self.take(name) {
            None => Vec::new(),
            Some(Json::String(digest)) => vec![digest],
            Some(Json::List(list)) => self.each(name, list, |json| string("", json, "a digest as a string")),
            Some(other) => {
                self.found.tell(wrong_type(name, &other, "a digest as a string, or a list of them,"));
                Vec::new()
            }
        }
    }

    /// One of the words of a vocabulary.
    pub(super) fn one_of<T: Copy>(&mut self, name: &'static str, all: &[T], word: fn(T) -> &'static str) -> Option<T> {
        let given = self.word(name)?;
        if let Some(found) = all.iter().find(|one| word(**one) == given) {
            return Some(*found);
        }
        let words: Vec<&str> = all.iter().map(|one| word(*one)).collect();
        let problem = Problem::new(name, format!("{:?} is not one of {}", cut(&given), words.join(", ")));
        self.found.tell(with_suggestion(problem, &given, &words));
        None
    }
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
