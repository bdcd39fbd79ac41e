//! Sources: who says it, through whom it came, and how far they are to be trusted.

use std::fmt;

use crate::date::{DateError, Said};
use crate::value::{TextError, key_problem};

/// Writes an enum of words: one variant a word, with `word`, `of_word` and `ALL`.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// All of them, in the order they are offered.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The word for it in JSONL and on the command line.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// What a word stands for.
            #[must_use]
            pub fn of_word(word: &str) -> Option<$name> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a source is.
    SourceKind {
        /// A person.
        Person = "person",
        /// An organisation.
        Organisation = "organisation",
        /// A work: a book, an article, a data set.
        Work = "work",
        /// An origin that is not named ("sources confirmed"); never counts as support.
        Unnamed = "unnamed",
    }
}

words! {
    /// What somebody in an attribution chain did with the statement.
    How {
        /// Saw it.
        Witnessed = "witnessed",
        /// Said it.
        Stated = "stated",
        /// Made it known.
        Announced = "announced",
        /// Said that it is so.
        Confirmed = "confirmed",
        /// Said it without showing it.
        Alleged = "alleged",
        /// Reported it.
        Reported = "reported",
        /// Passed it on.
        Relayed = "relayed",
        /// Put it into another language.
        Translated = "translated",
        /// Published it.
        Published = "published",
        /// Put it on an official record.
        OfficialRecord = "official-record",
    }
}

words! {
    /// How one source hangs on another; linked sources count as one root.
    LinkKind {
        /// Belongs to it.
        OwnedBy = "owned-by",
        /// Publishes it again.
        Republishes = "republishes",
        /// Takes the same wire.
        SameWire = "same-wire",
        /// Copies it.
        Copies = "copies",
        /// Is the same source.
        SameAs = "same-as",
    }
}

words! {
    /// How reliable a source is (Admiralty scale, first grade).
    Reliability {
        /// Completely reliable.
        A = "A",
        /// Usually reliable.
        B = "B",
        /// Fairly reliable.
        C = "C",
        /// Not usually reliable.
        D = "D",
        /// Unreliable.
        E = "E",
        /// Cannot be judged.
        F = "F",
    }
}

impl Reliability {
    /// Whether a claim resting on such a source alone rests on weak sources.
    #[must_use]
    pub fn is_weak(self) -> bool {
        self >= Reliability::D
    }
}

/// One link of an attribution chain: who passed it on, how, and when. `R` names the source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attribution<R> {
    /// The source.
    pub who: R,
    /// What it did.
    pub how: How,
    /// When.
    pub on: Option<Said>,
}

/// Why a typed link `SOURCE[:how[:EDTF]]` is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributionError {
    /// Not a usable key of a source.
    Key(TextError),
    /// Not a word for what a source does.
    How(Box<str>),
    /// Not a date.
    Date(DateError),
}

impl fmt::Display for AttributionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AttributionError::Key(error) => error.fmt(f),
            AttributionError::How(word) => {
                let known: Vec<&str> = How::ALL.iter().map(|how| how.word()).collect();
                write!(f, "{word:?} is no way of passing on; write one of {}", known.join(", "))
            }
            AttributionError::Date(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for AttributionError {}

impl Attribution<Box<str>> {
    /// A link of its parts as typed.
    ///
    /// # Errors
    /// If the key, the word or the date is not usable.
    pub fn parse(who: &str, how: &str, on: Option<&str>) -> Result<Self, AttributionError> {
        if let Some(problem) = key_problem(who) {
            return Err(AttributionError::Key(problem));
        }
        let how = How::of_word(how).ok_or_else(|| AttributionError::How(how.into()))?;
        let on = on.map(Said::parse).transpose().map_err(AttributionError::Date)?;
        Ok(Attribution { who: who.into(), how, on })
    }
}
