//! The line of a state for programs: written without a tree of values in between, for there may be a million of them.

use std::borrow::Cow;
use std::fmt::Display;

use annals::date::{Day, Instant};
use annals::exchange::{Names, value_json};
use annals::ledger::Ledger;
use annals::projection::{Side, State, Stretch};
use annals::seq::Seq;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::text::recorded_text;

/// A state; the days of a stretch are told beside it.
#[derive(Serialize)]
pub(crate) struct StateLine<'a> {
    r#type: &'static str,
    subject: Cow<'a, str>,
    attribute: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text_or_null")]
    on: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text_or_null")]
    reported_by: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded_by: Option<String>,
    status: &'static str,
    values: Vec<Json>,
    flags: Vec<&'static str>,
    sides: Vec<SideLine<'a>>,
    row: u8,
    reason: String,
}

/// A stretch of days with one state.
#[derive(Serialize)]
pub(crate) struct StretchLine<'a> {
    #[serde(flatten)]
    state: StateLine<'a>,
    #[serde(serialize_with = "as_text_or_null")]
    from: Option<Day>,
    #[serde(serialize_with = "as_text_or_null")]
    until: Option<Day>,
}

/// One value of a state.
#[derive(Serialize)]
struct SideLine<'a> {
    value: Json,
    status: &'static str,
    support: usize,
    fits: usize,
    #[serde(serialize_with = "as_text_or_null")]
    since: Option<Day>,
    claims: Vec<ClaimLine<'a>>,
}

/// A claim by its number, and the caller's id if it has one.
#[derive(Serialize)]
pub(super) struct ClaimLine<'a> {
    seq: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
}

impl<'a> StateLine<'a> {
    /// Of a state in a ledger with these names.
    pub(crate) fn of(ledger: &'a Ledger, names: &'a dyn Names, state: &'a State) -> StateLine<'a> {
        let horizon = state.as_of.horizon;
        StateLine {
            r#type: "state",
            subject: names.entity(state.subject),
            attribute: names.attribute(state.attribute),
            on: Some(state.as_of.valid),
            reported_by: horizon.reported,
            recorded_by: horizon.recorded.map(recorded_text),
            status: state.status.word(),
            values: state.values.iter().map(|value| value_json(value, names)).collect(),
            flags: state.flags.iter().map(|flag| flag.word()).collect(),
            sides: state.sides.iter().map(|side| SideLine::of(ledger, names, side)).collect(),
            row: state.row,
            reason: state.reason.text(ledger.catalogue()),
        }
    }
}

impl<'a> StretchLine<'a> {
    /// Of a stretch with its state, in a ledger with these names.
    pub(crate) fn of(ledger: &'a Ledger, names: &'a dyn Names, stretch: &Stretch, state: &'a State) -> StretchLine<'a> {
        let state = StateLine { r#type: "stretch", on: None, ..StateLine::of(ledger, names, state) };
        StretchLine { state, from: stretch.from, until: stretch.until }
    }
}

impl<'a> ClaimLine<'a> {
    pub(super) fn of(ledger: &'a Ledger, seq: Seq) -> ClaimLine<'a> {
        ClaimLine { seq: seq.0, id: ledger.id_of(seq) }
    }
}

impl<'a> SideLine<'a> {
    fn of(ledger: &'a Ledger, names: &dyn Names, side: &Side) -> SideLine<'a> {
        SideLine {
            value: value_json(&side.value, names),
            status: side.status.word(),
            support: side.support,
            fits: side.fits.len(),
            since: side.since,
            claims: side.claims.iter().map(|seq| ClaimLine::of(ledger, *seq)).collect(),
        }
    }
}

#[expect(clippy::ref_option, reason = "as serde gives it")]
fn as_text_or_null<S: Serializer>(told: &Option<impl Display>, into: S) -> Result<S::Ok, S::Error> {
    match told {
        Some(told) => into.collect_str(told),
        None => into.serialize_none(),
    }
}
