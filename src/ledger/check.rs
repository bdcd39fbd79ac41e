//! Verifying and repairing.

use std::path::Path;

use super::error::Error;
use super::head::Head;
use super::replay::moved_text;
use crate::chain;
use crate::log;

/// A head that a ledger must still contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Size and link of the last event.
    pub head: chain::Head,
}

impl Expected {
    /// Reads `SIZE:HASH`, or a text with a line `head SIZE:HASH`, as `annals head` prints.
    #[must_use]
    pub fn parse(text: &str) -> Option<Expected> {
        let of = |text: &str| text.trim().parse().ok().map(|head| Expected { head });
        of(text).or_else(|| text.lines().find_map(|line| of(line.strip_prefix("head ")?)))
    }
}

/// How to verify.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// How many threads hash.
    pub threads: usize,
    /// A head kept elsewhere.
    pub expected: Option<Expected>,
}

/// One thing that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing, in a word that stays.
    pub code: String,
    /// The event.
    pub seq: Option<u64>,
    /// The segment, by the number in its file's name.
    pub segment: u64,
    /// Where in that file, in bytes.
    pub offset: u64,
    /// What should stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
    /// The same in a sentence.
    pub message: String,
}

/// What verifying came to.
#[derive(Clone, Debug)]
pub struct VerifyReport {
    /// The head of what is there.
    pub head: Head,
    /// Everything that is wrong; empty if nothing inside was changed.
    pub findings: Vec<Finding>,
    /// How many payloads were lawfully erased.
    pub erased: u64,
    /// Bytes that an interrupted write left behind the last commit.
    pub unfinished_bytes: u64,
}

/// Moves aside what a crash left unfinished, and says what, in words.
///
/// # Errors
/// `Damaged` if the ledger is: it is left exactly as it is. `NotFound`, `Unsupported`, `Io`.
pub fn repair(dir: &Path, now_micros: i64) -> Result<Vec<String>, Error> {
    Ok(log::repair(dir, now_micros)?.iter().map(moved_text).collect())
}

/// TEMPORARY
pub fn verify(dir: &Path, _options: &VerifyOptions, _progress: impl FnMut(u64)) -> Result<VerifyReport, Error> {
    let ledger = super::Ledger::open(dir)?;
    Ok(VerifyReport { head: ledger.head().clone(), findings: Vec::new(), erased: 0, unfinished_bytes: 0 })
}
