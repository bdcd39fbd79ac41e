//! Acts upon earlier events: corrections, retractions, disputes, verdicts, approvals.

use super::super::json::Object;
use super::claim::claim;
use super::fields::{Fields, needed, object, within};
use crate::claim::{Problem, key, text};
use crate::event::{Proposed, ProposedAct};
use crate::seq::Seq;
use crate::value::{TextError, is_hidden};

/// The word that stands for the desk in `by`.
const DESK: &str = "desk";

pub(super) fn correction(line: Object<'_>) -> Result<Proposed, Problem> {
    const KNOWN: &[&str] = &["type", "id", "corrects", "by", "reason", "said_on", "claim"];
    let mut fields = Fields::open(line, "a correction", KNOWN)?;
    let act = act(&mut fields, "corrects", "reason")?;
    let successor = object(needed("claim", fields.take("claim"))?, "an object with a claim's fields");
    let claim = successor.and_then(claim).map_err(|problem| within("claim", problem))?;
    Ok(Proposed::Correction { act, claim })
}

pub(super) fn retraction(line: Object<'_>) -> Result<Proposed, Problem> {
    let mut fields = Fields::open(line, "a retraction", &["type", "id", "retracts", "by", "reason", "said_on"])?;
    act(&mut fields, "retracts", "reason").map(Proposed::Retraction)
}

pub(super) fn dispute(line: Object<'_>) -> Result<Proposed, Problem> {
    let mut fields = Fields::open(line, "a dispute", &["type", "id", "disputes", "by", "grounds", "said_on"])?;
    act(&mut fields, "disputes", "grounds").map(Proposed::Dispute)
}

/// An approval may leave its reason out, which is then empty.
pub(super) fn approval(line: Object<'_>) -> Result<Proposed, Problem> {
    let mut fields = Fields::open(line, "an approval", &["type", "id", "approves", "by", "reason", "said_on"])?;
    let reason = fields.label("reason")?.unwrap_or_default();
    act_for(&mut fields, "approves", reason).map(Proposed::Approval)
}

pub(super) fn assessment(line: Object<'_>) -> Result<Proposed, Problem> {
    const KNOWN: &[&str] = &["type", "id", "claim", "rating", "label", "credibility", "rationale", "by", "said_on"];
    let mut fields = Fields::open(line, "an assessment", KNOWN)?;
    let act = act(&mut fields, "claim", "rationale")?;
    let rating = needed("rating", fields.word("rating")?)?;
    if let Some(hidden) = rating.chars().find(|c| is_hidden(*c)) {
        return Err(Problem::new("rating", TextError::Hidden(hidden)));
    }
    let rating = text("rating", Some(rating.trim().to_lowercase().into()))?;
    let credibility = fields.natural("credibility", 1, 6)?;
    Ok(Proposed::Assessment {
        act,
        rating: needed("rating", rating)?,
        label: fields.label("label")?,
        credibility: credibility.and_then(|grade| u8::try_from(grade).ok()),
    })
}

/// The parts that all acts have; the reason must be given.
fn act(
    fields: &mut Fields<'_>,
    target_field: &'static str,
    reason_field: &'static str,
) -> Result<ProposedAct, Problem> {
    let reason = needed(reason_field, fields.text(reason_field)?)?;
    act_for(fields, target_field, reason)
}

fn act_for(fields: &mut Fields<'_>, target_field: &'static str, reason: Box<str>) -> Result<ProposedAct, Problem> {
    Ok(ProposedAct {
        id: fields.id()?,
        target: needed(target_field, target(fields, target_field)?)?,
        by: fields.key("by")?.filter(|by| **by != *DESK),
        said_on: fields.said("said_on")?,
        reason,
    })
}

/// What an act is upon: a caller's id, or `#SEQ`.
pub(super) fn target(fields: &mut Fields<'_>, name: &'static str) -> Result<Option<Box<str>>, Problem> {
    let Some(target) = fields.string(name, "an id or \"#88\" as a string")? else {
        return Ok(None);
    };
    if !target.starts_with('#') {
        return key(name, Some(target));
    }
    match Seq::parse(&target) {
        Some(Seq(1..)) => Ok(Some(target.into_owned().into())),
        _ => Err(Problem::new(name, "is no position in a ledger").with_hint("write \"#88\", counted from 1")),
    }
}
