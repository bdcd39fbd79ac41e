//! How an import is to be done, and what is told of it.

use super::keys::Join;
use crate::claim::Problems;
use crate::evidence::CopyReader;
use crate::ledger::head::Head;
use crate::ledger::knowledge::acts::standing::Became;

/// How an import is to be done.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one option of the command")]
pub struct ImportOptions {
    /// Refuse keys that are not registered.
    pub is_strict: bool,
    /// Record claims that `record` takes with `--anyway` only.
    pub is_anyway: bool,
    /// Record again what was retracted, corrected or rated false since it was recorded.
    pub is_again: bool,
    /// Take quotes that do not occur in the captured copies.
    pub is_unverified_quote: bool,
    /// What makes the texts of captured copies.
    pub copy_reader: CopyReader,
    /// Only check.
    pub is_dry_run: bool,
    /// Record the good lines although others are bad.
    pub keeps_good: bool,
    /// Which keys of another ledger mean the same here; `None`: nobody has said.
    pub join: Option<Join>,
    /// Threads that read lines.
    pub threads: usize,
}

/// What somebody who watches an import is told.
#[derive(Debug)]
pub enum ImportNews<'a> {
    /// So many bytes were read, from the start.
    BytesRead(u64),
    /// A line is refused.
    Refused {
        /// Its number, from 1.
        line: u64,
        /// Why: all that is wrong with it.
        problems: &'a Problems,
        /// Its text.
        raw: &'a str,
    },
    /// A line is odd.
    Warning {
        /// Its number, from 1.
        line: u64,
        /// What is odd.
        warning: &'a str,
    },
    /// A key was registered on its first use.
    Registered {
        /// Its line's number, from 1.
        line: u64,
        /// Attribute, entity or source; a unit, in which an attribute is counted from then on.
        what: &'static str,
        /// The key.
        key: &'a str,
        /// What was assumed about it, and how to say otherwise; `None` if there is nothing to assume.
        assumed: Option<&'a str>,
    },
    /// A line was there already, and something has become of its event since.
    Since {
        /// Its line's number, from 1.
        line: u64,
        /// What: "#7 was retracted, by #8 (ana: read from a banner)".
        told: &'a str,
    },
}

/// How many of the lines that were there already are not what they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// Retracted.
    pub retracted: u64,
    /// Corrected, or come by a correction that was retracted.
    pub corrected: u64,
    /// Rated false.
    pub rated_false: u64,
    /// Erased.
    pub erased: u64,
}

impl Since {
    pub(super) fn count(&mut self, became: Became) {
        match became {
            Became::Retracted { .. } => self.retracted += 1,
            Became::Corrected { .. } | Became::NotBrought => self.corrected += 1,
            Became::RatedFalse { .. } => self.rated_false += 1,
            Became::Erased { .. } => self.erased += 1,
        }
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.retracted + self.corrected + self.rated_false + self.erased
    }
}

/// What an import came to.
#[derive(Debug, Default)]
pub struct ImportReport {
    /// Lines read, blank ones and beginnings of exports left out.
    pub lines: u64,
    /// Events recorded.
    pub events: u64,
    /// Lines that were there already.
    pub skipped: u64,
    /// What has become of these since.
    pub since: Since,
    /// Lines left out: acts on what another ledger has and no export brings.
    pub left_out: u64,
    /// Lines refused.
    pub refused: u64,
    /// Warnings given.
    pub warnings: u64,
    /// Captured copies that are referred to and not kept here, by digest, in order.
    pub missing_copies: Vec<Box<str>>,
    /// Whether anything was recorded.
    pub is_recorded: bool,
    /// The head after it.
    pub head: Head,
    /// Whether the clock had gone back, so that the time of the last event was taken.
    pub is_clock_clamped: bool,
}
