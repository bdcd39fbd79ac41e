//! How an import is to be done, and what is told of it.

use crate::claim::Problems;
use crate::ledger::head::Head;

/// How an import is to be done.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImportOptions {
    /// Refuse keys that are not registered.
    pub is_strict: bool,
    /// Only check.
    pub is_dry_run: bool,
    /// Record the good lines although others are bad.
    pub keeps_good: bool,
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
        /// Attribute, entity or source.
        what: &'static str,
        /// The key.
        key: &'a str,
    },
}

/// What an import came to.
#[derive(Debug, Default)]
pub struct ImportReport {
    /// Lines read, blank ones left out.
    pub lines: u64,
    /// Events recorded.
    pub events: u64,
    /// Lines that were recorded before.
    pub skipped: u64,
    /// Lines refused.
    pub refused: u64,
    /// Warnings given.
    pub warnings: u64,
    /// Whether anything was recorded.
    pub is_recorded: bool,
    /// The head after it.
    pub head: Head,
    /// Whether the clock had gone back, so that the time of the last event was taken.
    pub is_clock_clamped: bool,
}
