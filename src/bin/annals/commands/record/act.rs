//! Acts upon earlier events: `retract`, `dispute`, `assess`, `approve`, `return`, `note`, `cite`.

use annals::claim::{Found, checked_id, checked_key, checked_text, checked_url};
use annals::event::{Proposed, ProposedAct, ProposedReference};
use annals::ledger::Policy;

use super::draft::{GivenCopies, check_quote};
use crate::args::{ActArgs, AssessArgs, ByArgs, CiteArgs, DisputeArgs, NoteArgs, RetractArgs, ReturnArgs};
use crate::commands::record::write;
use crate::context::{self, Context};
use crate::failure::Failure;
use crate::taken::{Sort, said};

/// The number of an event that is named by its number, its id or the start of its id.
fn target(context: &Context, text: &str) -> Result<Box<str>, Failure> {
    if text.starts_with('#') {
        return Ok(text.into());
    }
    Ok(context.read_all()?.find(text)?.to_string().into())
}

/// An act upon an event, for its reason, which is a field of this name.
fn act(
    context: &Context,
    event: &str,
    by: ByArgs,
    field: &'static str,
    reason: String,
    wrong: &mut Found,
) -> Result<ProposedAct, Failure> {
    let source = match by.by.filter(|by| by != "desk") {
        None => None,
        Some(by) => {
            let ledger = context.read_all()?;
            let key = Sort::Source.key(ledger.catalogue(), &by)?.into_owned();
            wrong.note(checked_key("by", key))
        }
    };
    Ok(ProposedAct {
        target: target(context, event)?,
        by: source,
        said_on: wrong.note(by.said_on.as_deref().map(|text| said("said_on", text)).transpose()).unwrap_or_default(),
        reason: wrong.note(checked_text(field, reason)).unwrap_or_default(),
        id: wrong.note(by.id.map(checked_id).transpose()).unwrap_or_default(),
    })
}

fn record(context: &mut Context, proposed: Proposed, wrong: Found) -> Result<bool, Failure> {
    wrong.done(Some(()))?;
    write::record(context, vec![proposed], Policy::default())?;
    Ok(true)
}

/// `retract`
pub(crate) fn retract(context: &mut Context, args: RetractArgs) -> Result<bool, Failure> {
    context.actor()?;
    let mut wrong = Found::default();
    let act = act(context, &args.target, args.act, "reason", args.reason, &mut wrong)?;
    record(context, Proposed::Retraction(act), wrong)
}

/// `dispute`
pub(crate) fn dispute(context: &mut Context, args: DisputeArgs) -> Result<bool, Failure> {
    context.actor()?;
    let mut wrong = Found::default();
    let act = act(context, &args.target, args.act, "grounds", args.grounds, &mut wrong)?;
    record(context, Proposed::Dispute(act), wrong)
}

/// `assess`
pub(crate) fn assess(context: &mut Context, args: AssessArgs) -> Result<bool, Failure> {
    context.actor()?;
    let mut wrong = Found::default();
    let act = act(context, &args.target, args.act, "rationale", args.rationale, &mut wrong)?;
    let rating = wrong.note(checked_key("rating", args.rating.to_lowercase())).unwrap_or_default();
    let label = wrong.note(args.label.map(|label| checked_text("label", label)).transpose()).unwrap_or_default();
    wrong.done(Some(()))?;
    let policy = Policy { is_anyway: args.anyway, ..Policy::default() };
    write::record(context, vec![Proposed::Assessment { act, rating, label, credibility: args.credibility }], policy)?;
    Ok(true)
}

/// `approve`
pub(crate) fn approve(context: &mut Context, args: ActArgs) -> Result<bool, Failure> {
    context.actor()?;
    let mut wrong = Found::default();
    let by = ByArgs { by: None, said_on: None, id: args.id, dry_run: false };
    let act = act(context, &args.target, by, "reason", args.reason, &mut wrong)?;
    record(context, Proposed::Approval(act), wrong)
}

/// `return`
pub(crate) fn give_back(context: &mut Context, args: ReturnArgs) -> Result<bool, Failure> {
    context.actor()?;
    let mut wrong = Found::default();
    let by = ByArgs { by: None, said_on: None, id: args.id, dry_run: false };
    let act = act(context, &args.target, by, "reason", args.reason, &mut wrong)?;
    record(context, Proposed::Return(act), wrong)
}

/// `note`
pub(crate) fn note(context: &mut Context, args: NoteArgs) -> Result<bool, Failure> {
    context.actor()?;
    let mut wrong = Found::default();
    let text = wrong.note(checked_text("text", args.text)).unwrap_or_default();
    let id = wrong.note(args.id.map(checked_id).transpose()).unwrap_or_default();
    let about = args.about.map(|about| anything(context, &about)).transpose()?;
    record(context, Proposed::Note { about, text, id, is_private: args.private }, wrong)
}

/// An event, or what is registered: an entity, attribute or source by key, label or alias.
fn anything(context: &Context, text: &str) -> Result<Box<str>, Failure> {
    if text.starts_with('#') {
        return Ok(text.into());
    }
    let ledger = context.read_all()?;
    let no_event = match ledger.find(text) {
        Ok(seq) => return Ok(seq.to_string().into()),
        Err(error) => error,
    };
    match context::registered(&ledger, text)? {
        Some((_, seq)) => Ok(seq.to_string().into()),
        None => Err(no_event.into()),
    }
}

/// `cite`
pub(crate) fn cite(context: &mut Context, args: CiteArgs) -> Result<bool, Failure> {
    context.actor()?;
    let mut wrong = Found::default();
    let claim = target(context, &args.target)?;
    let text = |field: &'static str, given: Option<String>| given.map(|given| checked_text(field, given)).transpose();
    let url = wrong.note(args.url.map(|url| checked_url("url", url)).transpose()).unwrap_or_default();
    let quote = wrong.note(text("quote", args.quote)).unwrap_or_default();
    let note = wrong.note(text("note", args.note)).unwrap_or_default();
    let lang = wrong.note(text("lang", args.lang)).unwrap_or_default();
    let id = wrong.note(args.id.map(checked_id).transpose()).unwrap_or_default();
    wrong.done(Some(()))?;
    if url.is_none() && quote.is_none() && args.evidence.is_empty() {
        let hint = "add --url, --quote or --evidence";
        return Err(Failure::usage(
            "a reference is an address, a quote or a captured copy; nothing was recorded",
            hint,
        ));
    }
    let copies = GivenCopies::read(&args.evidence)?;
    if let Some(quote) = quote.as_deref().filter(|_| !args.unverified_quote) {
        check_quote(context, (quote, url.as_deref()), &copies)?;
    }
    let evidence = copies.digests.iter().map(|digest| digest.as_ref().into()).collect();
    let mut proposed = copies.proposed(false);
    proposed.push(Proposed::Reference(ProposedReference { claim, url, quote, evidence, lang, note, id }));
    write::record_keeping(context, copies.files, proposed, Policy::default())?;
    Ok(true)
}
