//! Tests of the whole: the binary as people use it, fixtures, documents, and the house's own rules.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail the test")]

mod acts;
mod aloud;
#[cfg(feature = "anchor")]
mod anchors;
mod cli;
mod clock;
mod damage;
mod docs;
mod erasing;
mod exchange;
mod fixtures;
mod floors;
mod hostile;
mod keys;
mod kills;
mod mistakes;
mod processes;
mod published;
mod schemas;
mod support;
mod taken_back;
mod trust;
mod typed;
mod undo;
mod witnessed;
mod words;
