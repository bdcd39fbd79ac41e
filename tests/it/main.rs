//! Tests of the whole: the binary as people use it, fixtures, documents, and the house's own rules.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail the test")]

mod acts;
mod aloud;
#[cfg(feature = "anchor")]
mod anchors;
mod attacks;
mod cached;
mod circles;
mod cli;
mod clock;
mod damage;
mod docs;
mod dry_runs;
mod erasing;
mod exchange;
mod fixtures;
mod floors;
#[expect(
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "of the benches"
)]
#[path = "../../benches/generator/mod.rs"]
mod generator;
mod hostile;
mod keys;
mod kills;
mod mistakes;
mod mixed;
#[expect(clippy::expect_used, clippy::cast_possible_truncation, reason = "of the benches")]
#[path = "../../benches/mixed/mod.rs"]
mod mixed_lines;
mod processes;
#[cfg(feature = "share")]
mod published;
mod quotes;
mod schemas;
mod support;
mod taken_back;
#[cfg(feature = "share")]
mod trust;
mod typed;
mod undo;
#[cfg(feature = "share")]
mod witnessed;
mod words;
