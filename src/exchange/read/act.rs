//! Acts upon earlier events: corrections, retractions, disputes, verdicts, approvals and returns, further references.

use super::super::json::Object;
use super::claim::claim;
use super::fields::{Fields, object};
use crate::claim::{Problem, Problems, Word, digest, key, text};
use crate::event::{Proposed, ProposedAct, ProposedReference};
use crate::seq::Seq;
use crate::value::{TextError, is_hidden};

/// The word that stands for the desk in `by`.
pub(super) const DESK: &str = "desk";

pub(super) fn correction(line: Object<'_>) -> Result<Proposed, Problems> {
    const KNOWN: &[&str] = &["type", "id", "corrects", "by", "reason", "said_on", "claim"];
    let mut fields = Fields::open(line, "a correction", KNOWN);
    let act = act(&mut fields, "corrects", "reason");
    let successor = fields.take("claim");
    let successor = fields.needed("claim", successor);
    let read = |json| object(json, "an object with a claim's fields").map_err(Problems::from).and_then(claim);
    let claim = successor.map(|json| read(json).map_err(|problems| problems.within("claim")));
    let claim = claim.and_then(|read| fields.found.note(read));
    fields.done(act.zip(claim).map(|(act, claim)| Proposed::Correction { act, claim }))
}

pub(super) fn retraction(line: Object<'_>) -> Result<Proposed, Problems> {
    let mut fields = Fields::open(line, "a retraction", &["type", "id", "retracts", "by", "reason", "said_on"]);
    let act = act(&mut fields, "retracts", "reason");
    fields.done(act.map(Proposed::Retraction))
}

pub(super) fn dispute(line: Object<'_>) -> Result<Proposed, Problems> {
    let mut fields = Fields::open(line, "a dispute", &["type", "id", "disputes", "by", "grounds", "said_on"]);
    let act = act(&mut fields, "disputes", "grounds");
    fields.done(act.map(Proposed::Dispute))
}

/// An approval may leave its reason out, which is then empty.
pub(super) fn approval(line: Object<'_>) -> Result<Proposed, Problems> {
    let mut fields = Fields::open(line, "an approval", &["type", "id", "approves", "by", "reason", "said_on"]);
    let reason = fields.text("reason").unwrap_or_default();
    let act = act_for(&mut fields, "approves", Some(reason));
    fields.done(act.map(Proposed::Approval))
}

/// A return needs its reason.
pub(super) fn returned(line: Object<'_>) -> Result<Proposed, Problems> {
    let mut fields = Fields::open(line, "a return", &["type", "id", "event", "by", "reason", "said_on"]);
    let act = act(&mut fields, "event", "reason");
    fields.done(act.map(Proposed::Return))
}

pub(super) fn assessment(line: Object<'_>) -> Result<Proposed, Problems> {
    const KNOWN: &[&str] = &["type", "id", "claim", "rating", "label", "credibility", "rationale", "by", "said_on"];
    let mut fields = Fields::open(line, "an assessment", KNOWN);
    let act = act(&mut fields, "claim", "rationale");
    let given = fields.word("rating");
    let rating = fields.needed("rating", given).and_then(|given| fields.found.note(rating(&given)));
    let label = fields.text("label");
    let credibility = fields.natural("credibility", 1, 6).and_then(|grade| u8::try_from(grade).ok());
    fields.done(act.zip(rating).map(|(act, rating)| Proposed::Assessment { act, rating, label, credibility }))
}

pub(super) fn rating(given: &str) -> Result<Box<str>, Problem> {
    if let Some(hidden) = given.chars().find(|c| is_hidden(*c)) {
        return Err(Problem::new("rating", TextError::Hidden(hidden)));
    }
    text("rating", Some(given.trim().to_lowercase().into())).map(Option::unwrap_or_default)
}

pub(super) fn reference(line: Object<'_>) -> Result<Proposed, Problems> {
    const KNOWN: &[&str] = &["type", "id", "claim", "url", "quote", "evidence", "lang", "note"];
    let mut fields = Fields::open(line, "a reference", KNOWN);
    let id = fields.id();
    let claim = target_field(&mut fields, "claim");
    let claim = fields.needed("claim", claim);
    let (url, quote) = (fields.url("url"), fields.text("quote"));
    let mut evidence = Vec::new();
    for given in fields.digests("evidence") {
        evidence.extend(fields.found.note(digest(given)));
    }
    let (lang, note) = (fields.text("lang"), fields.text("note"));
    let is_empty = url.is_none() && quote.is_none() && evidence.is_empty();
    if is_empty && !fields.found.is_told(&["url", "quote", "evidence"]) {
        fields.found.tell(Problem::new("url", "is missing, and so are quote and evidence; give one of them at least"));
    }
    fields
        .done(claim.map(|claim| Proposed::Reference(ProposedReference { claim, url, quote, evidence, lang, note, id })))
}

/// The parts that all acts have; the reason must be given.
fn act(fields: &mut Fields<'_>, target_name: &'static str, reason_field: &'static str) -> Option<ProposedAct> {
    let reason = fields.text(reason_field);
    let reason = fields.needed(reason_field, reason);
    act_for(fields, target_name, reason)
}

fn act_for(fields: &mut Fields<'_>, target_name: &'static str, reason: Option<Box<str>>) -> Option<ProposedAct> {
    let id = fields.id();
    let target = target_field(fields, target_name);
    let target = fields.needed(target_name, target);
    let by = fields.key("by").filter(|by| **by != *DESK);
    let said_on = fields.said("said_on");
    Some(ProposedAct { target: target?, by, said_on, reason: reason?, id })
}

/// What an act is upon.
pub(super) fn target_field(fields: &mut Fields<'_>, name: &'static str) -> Option<Box<str>> {
    let given = fields.string(name, "an id or \"#88\" as a string")?;
    fields.found.note(target(name, given)).flatten()
}

/// What an act is upon: a caller's id, or `#SEQ`.
pub(super) fn target(name: &'static str, given: Word<'_>) -> Result<Option<Box<str>>, Problem> {
    if !given.starts_with('#') {
        return key(name, Some(given));
    }
    match Seq::parse(&given) {
        Some(Seq(1..)) => Ok(Some(given.into_owned().into())),
        _ => Err(Problem::new(name, "is no position in a ledger").with_hint("write \"#88\", counted from 1")),
    }
}
