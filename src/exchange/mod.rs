//! JSONL in and out: lines to proposed events, events to lines.
//!
//! This floor knows strings and checked drafts, and no storage: names are looked up, and what a line
//! proposes is recorded, by the ledger. The contract of the format is `docs/jsonl.md`.

mod hex;
mod json;
mod lines;
mod parallel;
mod read;
mod scan;
mod write;

pub use hex::derived_id;
pub use lines::{LINE_LEN_MAX, Lines, NumberedLine};
pub use parallel::{LineRead, read_parallel};
pub use read::{EventLine, ExportHead, Exported, ExportedFirst, Line, read_line, read_line_by_tree};
pub use write::{
    Names, Provenance, claim_json, event_json, head_json, instant_text, json_text, value_json, with_provenance,
    with_successor, write_line,
};

#[cfg(test)]
mod bad_lines;
#[cfg(test)]
mod measure;
#[cfg(test)]
pub(crate) mod round_trip;
