//! Answers as JSON Lines. `docs/json.md` is the contract; fields are only ever added.

use super::state_line::{ClaimLine, StateLine, StretchLine};
use annals::claim::Claim;
use annals::date::Day;
use annals::exchange::{Names, instant_text, value_json};
use annals::ledger::{Head, Ledger, Missing};
use annals::log::Damage;
use annals::projection::{MarkTold, Reason, ReasonPart, Saying, State, Stretch, source_text};
use annals::seq::Seq;
use serde_json::{Map, Value as Json, json};

use crate::failure::Failure;

/// An object of a macro's fields.
pub(crate) fn object(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(object) => object,
        other => Map::from_iter([("value".to_owned(), other)]),
    }
}

/// A claim by its number, and the caller's id if it has one.
pub(crate) fn claim(ledger: &Ledger, seq: Seq) -> Json {
    json!(ClaimLine::of(ledger, seq))
}

fn day(day: Option<Day>) -> Json {
    day.map_or(Json::Null, |day| day.to_string().into())
}

/// A state.
pub(crate) fn state(ledger: &Ledger, state: &State) -> Map<String, Json> {
    object(json!(StateLine::of(ledger, &ledger.names(), state)))
}

/// A state as a line of JSON.
pub(crate) fn state_text(ledger: &Ledger, state: &State) -> String {
    annals::exchange::json_text(&StateLine::of(ledger, &ledger.names(), state))
}

/// The working of a state.
pub(crate) fn mark(ledger: &Ledger, mark: &MarkTold) -> Json {
    json!({
        "mark": mark.letter,
        "value": value_json(&mark.value, &ledger.names()),
        "day": day(mark.day),
        "tentative": mark.is_tentative,
        "gap": mark.is_gap,
        "claim": claim(ledger, mark.claim),
        "left": mark.is_left,
    })
}

/// The parts of a reason, in the order of its line.
pub(crate) fn reason_parts(ledger: &Ledger, reason: &Reason) -> Json {
    let names = ledger.names();
    let part = |part: &ReasonPart| match part {
        ReasonPart::Words(words) => json!({ "words": words }),
        ReasonPart::Claim { claim, origin } => {
            json!({ "claim": claim.0, "said_by": origin.map(|origin| names.source(origin)) })
        }
        ReasonPart::Value(value) => json!({ "value": value_json(value, &names) }),
        ReasonPart::Source(source) => json!({ "source": names.source(*source) }),
        ReasonPart::Actor(actor) => json!({ "actor": names.actor(*actor) }),
        ReasonPart::Date(date) => json!({ "date": date }),
        ReasonPart::Count(count) => json!({ "count": count }),
    };
    reason.parts().iter().map(part).collect()
}

/// A stretch of days with one answer, as a line of JSON.
pub(crate) fn stretch_text(ledger: &Ledger, stretch: &Stretch, of_it: &State) -> String {
    annals::exchange::json_text(&StretchLine::of(ledger, &ledger.names(), stretch, of_it))
}

/// A claim with the day it was said.
pub(crate) fn saying(ledger: &Ledger, saying: &Saying) -> Result<Map<String, Json>, Failure> {
    let claim_told = ledger.claim(saying.claim)?;
    let origin = claim_told.as_ref().and_then(|claim| claim.chain.first()).map(
        |origin| json!({"source": ledger.names().source(origin.who), "label": source_text(ledger.catalogue(), origin.who)}),
    );
    let mut line = object(json!({
        "type": "saying",
        "claim": claim(ledger, saying.claim),
        "said_by": origin,
        "said_on": said_text(claim_told.as_ref(), saying),
        "known_since": saying.at.to_string(),
        "used": saying.dropped.is_none(),
    }));
    if let Some(told) = claim_told {
        line.insert("value".into(), value_json(&told.statement.value, &ledger.names()));
    }
    Ok(line)
}

/// When a claim was said, as it was written; of a claim that got the date of another, that one's.
pub(crate) fn said_text(claim: Option<&Claim>, saying: &Saying) -> Option<String> {
    let written = claim.and_then(Claim::said_on).map(ToString::to_string);
    saying.is_dated.then(|| written.unwrap_or_else(|| saying.at.to_string()))
}

/// A head.
pub(crate) fn head(head: &Head) -> Map<String, Json> {
    object(json!({
        "type": "head",
        "origin": head.origin,
        "size": head.size,
        "head": head.tip.to_string(),
        "root": head.root_text(),
        "recorded_at": instant_text(head.recorded_at_micros),
    }))
}

/// What an answer from a damaged ledger lacks.
pub(crate) fn damage(missing: &Missing) -> Map<String, Json> {
    let unread = missing
        .unread
        .iter()
        .map(|unread| json!({"segment": unread.from.segment, "from": unread.from.offset, "until": unread.until}));
    object(json!({
        "type": "damage",
        "size": missing.size,
        "missing_events": missing.events.iter().map(|(first, last)| [first.0, last.0]).collect::<Vec<_>>(),
        "unread": unread.collect::<Vec<_>>(),
        "findings": missing.damages.iter().map(finding).collect::<Vec<_>>(),
    }))
}

/// A damaged place.
pub(crate) fn finding(finding: &Damage) -> Map<String, Json> {
    object(json!({
        "type": "finding",
        "code": finding.code.name(),
        "seq": finding.seq,
        "segment": finding.segment,
        "offset": finding.offset,
        "expected": finding.expected,
        "found": finding.found,
        "message": finding.to_string(),
    }))
}
