//! Why the log could not do what was asked.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::damage::Damage;

/// Result of this floor.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the log could not do what was asked. Each says what was not done.
#[derive(Debug)]
pub enum Error {
    /// The system refused.
    Io {
        /// What was being done, and what is therefore not done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no ledger in this folder.
    NotFound(PathBuf),
    /// There is a ledger in this folder already; nothing was written.
    Exists(PathBuf),
    /// Another process is writing, or holds the writers' lock; nothing was written.
    InUse {
        /// The ledger's folder.
        dir: PathBuf,
        /// Who it is, as far as the system tells.
        by: Option<String>,
    },
    /// The log is damaged here, maybe elsewhere too; nothing was written.
    Damaged(Box<Damage>),
    /// A segment is of a format that this program does not know; nothing was written.
    Unsupported {
        /// The segment's file.
        path: PathBuf,
        /// Its format.
        format: u16,
    },
    /// It is a ledger of the draft that came before this format; nothing was written.
    Draft(PathBuf),
    /// A write failed before: whether it reached the disk is unknown. Open the log again and look.
    Poisoned,
    /// The commit cannot be written as it was asked for; nothing was written.
    Refused(Refusal),
    /// The cursor is not of this log, or the log was shortened: begin from the start.
    NotThere,
}

/// What a commit cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has no events.
    Empty,
    /// A payload is longer than [`crate::frame::PAYLOAD_LEN_MAX`].
    PayloadTooLong(usize),
    /// More or longer signatures than a seal may carry.
    TooManySignatures,
}

impl Error {
    /// For `map_err`: what was being done to which file.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
        move |source| Error::Io { doing, path: path.to_owned(), source }
    }
}

impl From<Damage> for Error {
    fn from(damage: Damage) -> Error {
        Error::Damaged(Box::new(damage))
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refused(refusal)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { doing, path, .. } => write!(f, "could not {doing}: {}", path.display()),
            Error::NotFound(dir) => write!(f, "there is no ledger in {}", dir.display()),
            Error::Exists(dir) => write!(f, "there is a ledger in {} already; nothing was written", dir.display()),
            Error::InUse { dir, by } => {
                let by = by.as_deref().unwrap_or("another process");
                write!(f, "{by} is writing to {}, or holds its lock; nothing was written", dir.display())
            }
            Error::Damaged(damage) if damage.code.is_of_later_format() => {
                write!(f, "the log was written by a newer annals: {damage}")
            }
            Error::Damaged(damage) => write!(f, "the log is damaged: {damage}"),
            Error::Unsupported { path, format } => {
                write!(f, "{} was written by a newer annals: format {format} is not known", path.display())
            }
            Error::Draft(dir) => {
                write!(
                    f,
                    "{} was written by annals 0.1.0, whose draft of the format is not read any more",
                    dir.display()
                )
            }
            Error::Poisoned => f.write_str("an earlier write failed; open the ledger again to see what was recorded"),
            Error::Refused(Refusal::Empty) => f.write_str("a commit without events; nothing was written"),
            Error::Refused(Refusal::PayloadTooLong(len)) => {
                write!(f, "a payload of {len} bytes is too long; nothing was written")
            }
            Error::Refused(Refusal::TooManySignatures) => {
                write!(f, "{}; nothing was written", crate::frame::TooManySignatures)
            }
            Error::NotThere => f.write_str("the cursor is not of this log"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
