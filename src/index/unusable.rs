//! Why an index is left aside.

use std::fmt;

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
