//! Why an index is left aside.

use std::fmt;
use std::io::{self, ErrorKind};

/// Why an index cannot be used. The log answers without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// There is none.
    Missing,
    /// Another process uses it.
    Locked,
    /// It cannot be read or written.
    Broken(String),
}

impl Unusable {
    pub(super) fn broken(why: impl fmt::Display) -> Unusable {
        Unusable::Broken(why.to_string())
    }

    /// Whether it is worth telling and mending in a ledger of so many events: a small one needs no index.
    #[must_use]
    pub fn matters(&self, size: u64) -> bool {
        /// Reading so many takes noticeably longer than asking an index.
        const NOTICEABLE_EVENTS: u64 = 20_000;
        *self != Unusable::Missing || size >= NOTICEABLE_EVENTS
    }
}

/// What the system said of the index's files, in words where what it says would lead astray.
impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Unusable {
        match error.kind() {
            ErrorKind::NotADirectory => Unusable::broken("a file has the place of one of its folders"),
            ErrorKind::UnexpectedEof => Unusable::broken("one of its files is too short"),
            _ => Unusable::broken(error),
        }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unusable::Missing => f.write_str("there is no index"),
            Unusable::Locked => f.write_str("another process uses the index"),
            Unusable::Broken(why) => write!(f, "the index cannot be used: {why}"),
        }
    }
}

impl std::error::Error for Unusable {}
