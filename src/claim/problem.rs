//! Why a draft is refused: the field, the reason, and what to do.

use std::borrow::Cow;
use std::fmt;

/// One thing wrong with what was typed or sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field, as it is spelt in JSONL (`said_on`, `chain[1].how`).
    pub field: Cow<'static, str>,
    /// What is wrong with it.
    pub reason: String,
    /// What to do instead, if that is not plain from the reason.
    pub hint: Option<String>,
    /// Whether it is the spelling that is wrong, and not what the ledger holds.
    pub is_misspelt: bool,
}

impl Problem {
    /// A problem of a field.
    pub fn new(field: impl Into<Cow<'static, str>>, reason: impl fmt::Display) -> Problem {
        Problem { field: field.into(), reason: reason.to_string(), hint: None, is_misspelt: false }
    }

    /// A value that cannot be read, or not by its attribute.
    #[must_use]
    pub fn misspelt(self) -> Problem {
        Problem { is_misspelt: true, ..self }
    }

    /// The same with a hint.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Problem {
        Problem { hint: Some(hint.into()), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.reason)
    }
}

impl std::error::Error for Problem {}
