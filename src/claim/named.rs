//! From draft to claim: everything that can be checked without knowing the ledger.

use super::draft::Word;
use super::when::valid;
use super::{AttributionDraft, ClaimDraft, Found, Polarity, Problem, Problems, Reference, Valid};
use crate::date::{Day, Said};
use crate::source::{Attribution, AttributionError};
use crate::value::{Typed, id_problem, is_url, key_problem, text_problem};

/// A claim checked but for its names: subject, attribute, sources and entities are still keys, and the
/// value waits for its attribute's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedClaim {
    /// Key of the entity it is about.
    pub subject: Box<str>,
    /// Key of the attribute.
    pub attribute: Box<str>,
    /// The value.
    pub value: Typed,
    /// Affirmed or denied.
    pub polarity: Polarity,
    /// When it held.
    pub valid: Valid,
    /// Attribution chain, origin first.
    pub chain: Vec<Attribution<Box<str>>>,
    /// What backs it.
    pub reference: Reference,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
    /// Whether it is kept from everybody but the desk.
    pub is_private: bool,
}

impl NamedClaim {
    /// Checks a draft.
    ///
    /// # Errors
    /// All fields that are wrong, and why.
    pub fn parse(draft: ClaimDraft<'_>) -> Result<NamedClaim, Problems> {
        let mut found = Found::default();
        let claim = NamedClaim::check(draft, &mut found);
        found.done(claim)
    }

    /// Checks a draft of which something may have been found wrong already. `None` only if something is wrong.
    pub fn check(draft: ClaimDraft<'_>, found: &mut Found) -> Option<NamedClaim> {
        let valid = valid(&draft, found);
        let mut chain = Vec::with_capacity(draft.chain.len());
        for (place, link) in draft.chain.iter().enumerate() {
            chain.extend(found.note(attribution(place, link)));
        }
        let polarity = found.note(polarity(draft.polarity.as_deref()));
        let value = found.needed("value", draft.value);
        let said_on = found.note(said("said_on", draft.said_on.as_deref()));
        let mut evidence = Vec::with_capacity(draft.evidence.len());
        for word in draft.evidence {
            evidence.extend(found.note(digest(word)));
        }
        let quote = found.note(text("quote", draft.quote));
        let url = found.note(url("url", draft.url));
        let lang = found.note(text("lang", draft.lang));
        let dating_note = found.note(text("dating_note", draft.dating_note));
        let note = found.note(text("note", draft.note));
        let subject = found.note(key("subject", draft.subject)).flatten();
        let attribute = found.note(key("attribute", draft.attribute)).flatten();
        let (subject, attribute) = (found.needed("subject", subject), found.needed("attribute", attribute));
        let id = found.note(own_id(draft.id));
        let (quote, url, lang, dating_note, note) = (quote?, url?, lang?, dating_note?, note?);
        let reference = Reference { said_on: said_on?, quote, evidence, url, lang, dating_note, note };
        Some(NamedClaim {
            subject: subject?,
            attribute: attribute?,
            value: value?,
            polarity: polarity?,
            valid: valid?,
            chain,
            reference,
            id: id?,
            is_private: draft.is_private,
        })
    }

    /// Whether it was said before the day on which it can first have been so, as a plan is.
    #[must_use]
    pub fn is_said_before_it_was_so(&self) -> bool {
        let said = self.reference.said_on.as_ref().and_then(Said::window);
        said.zip(first_day(&self.valid)).is_some_and(|(said, first)| said.latest < first)
    }
}

/// A web address.
pub(crate) fn url(field: &'static str, given: Option<Word<'_>>) -> Result<Option<Box<str>>, Problem> {
    let Some(url) = text(field, given)? else { return Ok(None) };
    if is_url(&url) {
        return Ok(Some(url));
    }
    let problem = Problem::new(field, format!("{:?} is not a web address", url.chars().take(60).collect::<String>()));
    Err(problem.with_hint("write one such as https://example.org/page"))
}

/// A web address that is given.
///
/// # Errors
/// If it is none.
pub fn checked_url(field: &'static str, given: String) -> Result<Box<str>, Problem> {
    url(field, Some(given.into()))?.ok_or_else(|| Problem::new(field, "is missing"))
}

fn first_day(valid: &Valid) -> Option<Day> {
    let bound = match valid {
        Valid::On(moment) | Valid::AsOf(moment) => &moment.at,
        Valid::Period { from, until } => &from.as_ref().or(until.as_ref())?.at,
        Valid::Listed(spans) => &spans.first()?.from,
        Valid::Undated | Valid::Timeless => return None,
    };
    bound.window().map(|window| window.earliest)
}

fn polarity(word: Option<&str>) -> Result<Polarity, Problem> {
    word.map_or(Ok(Polarity::Affirm), |word| {
        Polarity::of_word(word).ok_or_else(|| Problem::new("polarity", format!("{word:?} is neither affirm nor deny")))
    })
}

fn missing(field: &'static str) -> Problem {
    Problem::new(field, "is missing")
}

fn said(field: &'static str, text: Option<&str>) -> Result<Option<Said>, Problem> {
    text.map(Said::parse).transpose().map_err(|error| Problem::new(field, error))
}

/// A text within the limits. An empty one is refused: leave the field out instead.
pub(crate) fn text(field: &'static str, text: Option<Word<'_>>) -> Result<Option<Box<str>>, Problem> {
    match text {
        None => Ok(None),
        Some(text) => match text_problem(&text) {
            Some(problem) => Err(Problem::new(field, problem)),
            None => Ok(Some(text.into_owned().into_boxed_str())),
        },
    }
}

/// A key within the limits.
pub(crate) fn key(field: &'static str, key: Option<Word<'_>>) -> Result<Option<Box<str>>, Problem> {
    match key {
        None => Ok(None),
        Some(key) => match key_problem(&key) {
            Some(problem) => Err(Problem::new(field, problem)),
            None => Ok(Some(key.into_owned().into_boxed_str())),
        },
    }
}

/// A caller's own id.
pub(crate) fn own_id(id: Option<Word<'_>>) -> Result<Option<Box<str>>, Problem> {
    match id {
        None => Ok(None),
        Some(id) => match id_problem(&id) {
            Some(problem) => Err(Problem::new("id", problem)),
            None => Ok(Some(id.into_owned().into_boxed_str())),
        },
    }
}

/// A text that is given, within the limits.
///
/// # Errors
/// What is wrong with it.
pub fn checked_text(field: &'static str, given: String) -> Result<Box<str>, Problem> {
    text(field, Some(given.into()))?.ok_or_else(|| missing(field))
}

/// A key that is given, within the limits.
///
/// # Errors
/// What is wrong with it.
pub fn checked_key(field: &'static str, given: String) -> Result<Box<str>, Problem> {
    key(field, Some(given.into()))?.ok_or_else(|| missing(field))
}

/// A digest names a captured copy: one word, such as 64 hexadecimal digits of BLAKE3.
pub(crate) fn digest(word: Word<'_>) -> Result<Box<str>, Problem> {
    if is_digest(&word) {
        return Ok(word.into_owned().into());
    }
    Err(Problem::new("evidence", format!("{word:?} is not a digest")).with_hint("give 64 hexadecimal digits (BLAKE3)"))
}

/// Whether a word can name a captured copy.
pub(crate) fn is_digest(word: &str) -> bool {
    let is_usual = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'_' | b'.' | b'+' | b'=' | b'/');
    (1..=128).contains(&word.len()) && word.bytes().all(is_usual)
}

fn attribution(place: usize, link: &AttributionDraft<'_>) -> Result<Attribution<Box<str>>, Problem> {
    let how = link.how.as_deref().unwrap_or("stated");
    Attribution::parse(&link.who, how, link.on.as_deref()).map_err(|error| {
        let part = match error {
            AttributionError::Key(_) => "who",
            AttributionError::How(_) => "how",
            AttributionError::Date(_) => "on",
        };
        Problem::new(format!("chain[{place}].{part}"), error)
    })
}

/// A caller's own id that is given.
///
/// # Errors
/// What is wrong with it.
pub fn checked_id(given: String) -> Result<Box<str>, Problem> {
    own_id(Some(given.into()))?.ok_or_else(|| missing("id"))
}
