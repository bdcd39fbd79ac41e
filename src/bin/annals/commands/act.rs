//! `retract`, `dispute`, `assess`, `note`.

use annals::claim::{Problem, checked_id, checked_key, checked_text};
use annals::event::{Proposed, ProposedAct};
use annals::ledger::Policy;

use crate::args::{AssessArgs, DisputeArgs, NoteArgs, RetractArgs};
use crate::commands::{claim::said, write};
use crate::context::Context;
use crate::failure::Failure;

fn act(target: String, by: crate::args::ByArgs, field: &'static str, reason: String) -> Result<ProposedAct, Problem> {
    let source = by.by.filter(|by| by != "desk").map(|by| checked_key("by", by)).transpose()?;
    Ok(ProposedAct {
        target: target.into(),
        by: source,
        said_on: by.said_on.as_deref().map(|text| said("said_on", text)).transpose()?,
        reason: checked_text(field, reason)?,
        id: by.id.map(checked_id).transpose()?,
    })
}

fn record(context: &mut Context, proposed: Proposed) -> Result<bool, Failure> {
    write::record(context, vec![proposed], Policy::default())?;
    Ok(true)
}

/// `retract`
pub(crate) fn retract(context: &mut Context, args: RetractArgs) -> Result<bool, Failure> {
    let act = act(args.target, args.act, "reason", args.reason)?;
    record(context, Proposed::Retraction(act))
}

/// `dispute`
pub(crate) fn dispute(context: &mut Context, args: DisputeArgs) -> Result<bool, Failure> {
    let act = act(args.target, args.act, "grounds", args.grounds)?;
    record(context, Proposed::Dispute(act))
}

/// `assess`
pub(crate) fn assess(context: &mut Context, args: AssessArgs) -> Result<bool, Failure> {
    let act = act(args.target, args.act, "rationale", args.rationale)?;
    let rating = checked_key("rating", args.rating.to_lowercase())?;
    let label = args.label.map(|label| checked_text("label", label)).transpose()?;
    record(context, Proposed::Assessment { act, rating, label, credibility: args.credibility })
}

/// `note`
pub(crate) fn note(context: &mut Context, args: NoteArgs) -> Result<bool, Failure> {
    let text = checked_text("text", args.text)?;
    let id = args.id.map(checked_id).transpose()?;
    record(context, Proposed::Note { about: args.about.map(Into::into), text, id, is_private: false })
}
