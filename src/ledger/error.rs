//! What can go wrong with a ledger, in one type for all floors.

use std::fmt;
use std::io;
use std::path::Path;

use crate::claim::Problem;

/// What kind of thing went wrong: what a caller can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// What was given cannot be taken.
    Invalid,
    /// What was asked for is not there.
    NotFound,
    /// Somebody else has it.
    InUse,
    /// The ledger was altered or broken.
    Damaged,
    /// A newer format, or something this version does not know.
    Unsupported,
    /// Reading or writing failed.
    Io,
}

/// An error of the ledger. Nothing was recorded unless the message says so.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    cause: Option<String>,
    hint: Option<String>,
    problem: Option<Box<Problem>>,
}

impl Error {
    /// An error of a kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), cause: None, hint: None, problem: None }
    }

    /// This error with what caused it.
    #[must_use]
    pub fn because(self, cause: impl fmt::Display) -> Error {
        Error { cause: Some(cause.to_string()), ..self }
    }

    /// This error, its message followed by what it comes to.
    #[must_use]
    pub fn so(self, what: &str) -> Error {
        Error { message: format!("{}; {what}", self.message), ..self }
    }

    /// This error with a hint of what to do.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Error {
        Error { hint: Some(hint.into()), ..self }
    }

    /// A failure to read or write.
    pub fn io(doing: impl fmt::Display, path: &Path, error: &io::Error) -> Error {
        Error::new(ErrorKind::Io, format!("could not {doing} {}", path.display())).because(error)
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What caused it, if more is known.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// What was wrong with what was given, if it is that.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        self.problem.as_deref()
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Error {
        Error {
            kind: ErrorKind::Invalid,
            message: format!("{problem}; nothing was recorded"),
            cause: None,
            hint: problem.hint.clone(),
            problem: Some(Box::new(problem)),
        }
    }
}
