//! Settings of a ledger: one name, one value.

use crate::source::words;
use crate::value::text_problem;

words! {
    /// What can be set.
    SettingName {
        /// The ledger's name for readers.
        Title = "title",
        /// Who publishes it.
        Publisher = "publisher",
        /// Under which terms its words may be used.
        Licence = "licence",
        /// Where it is published.
        Url = "url",
        /// The language it is kept in (BCP 47).
        Language = "language",
        /// What waits until another actor approves it.
        FourEyes = "four_eyes",
    }
}

words! {
    /// What waits until another actor approves it.
    FourEyes {
        /// Nothing.
        Off = "off",
        /// Claims.
        Claims = "claims",
        /// Verdicts.
        Verdicts = "verdicts",
        /// Everything that somebody records.
        All = "all",
    }
}

/// A setting was changed: from then on it has this value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SettingChanged {
    /// What was set.
    pub name: SettingName,
    /// To what: a text that the setting takes.
    pub value: Box<str>,
}

impl SettingName {
    /// Whether a text can be its value.
    #[must_use]
    pub fn takes(self, value: &str) -> bool {
        match self {
            SettingName::FourEyes => FourEyes::of_word(value).is_some(),
            _ => text_problem(value).is_none(),
        }
    }
}
