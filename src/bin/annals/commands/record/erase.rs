//! `erase`.

use std::io::{self, IsTerminal};

use annals::claim::{NamedClaim, checked_text};
use annals::event::{Proposed, ProposedAct};
use annals::ledger::{Erased, Erasing, Error, ErrorKind, Ledger, Policy, draft_of};
use annals::seq::Seq;
use serde_json::{Value, json};

use crate::args::EraseArgs;
use crate::cached;
use crate::clock::now_micros;
use crate::commands::record::write;
use crate::context::Context;
use crate::failure::Failure;
use crate::render::{event, json::object};
use crate::screen::say;

/// How many events that rest on an erased one are told one by one.
const TOLD_MAX: usize = 12;

/// `erase`
pub(crate) fn erase(context: &mut Context, args: &EraseArgs) -> Result<bool, Failure> {
    let actor = context.actor()?.to_owned();
    let basis = checked_text("basis", args.basis.clone())?;
    let ledger = context.open_all()?;
    let mut targets = args.targets.iter().map(|target| ledger.find(target)).collect::<Result<Vec<Seq>, _>>()?;
    targets.sort_unstable();
    targets.dedup();
    let erasing = ledger.erasing(&targets)?;
    let without_quotes = if args.quote_only { without_quotes(&ledger, &targets, &basis)? } else { Vec::new() };
    tell(context, &ledger, &erasing)?;
    drop(ledger);
    if !args.yes && !is_confirmed(context, "Erase? Type yes:", "nothing was erased")? {
        say("nothing was erased");
        return Ok(false);
    }
    if !without_quotes.is_empty() {
        write::record(context, without_quotes, Policy { is_anyway: true, ..Policy::default() })?;
    }
    let writer = context.writer_as(&actor)?;
    let erased = writer.erase(&targets, &basis, now_micros())?;
    done(context, &erased)?;
    cached::forget(&context.dir, context.cache.as_deref());
    Ok(true)
}

/// The claims as they are, without their quotes, as corrections.
fn without_quotes(ledger: &Ledger, targets: &[Seq], basis: &str) -> Result<Vec<Proposed>, Failure> {
    let mut corrections = Vec::with_capacity(targets.len());
    for target in targets {
        let refused = |why: &str| {
            let error = Error::new(ErrorKind::Invalid, format!("{target} {why}; nothing was erased"));
            Failure::Ledger(error.with_hint("leave out --quote-only to erase the whole event"))
        };
        let claim = ledger.claim(*target)?.ok_or_else(|| refused("is not a claim"))?;
        if claim.reference.quote.is_none() {
            return Err(refused("has no quote"));
        }
        let mut draft = draft_of(&claim, &ledger.names());
        (draft.quote, draft.id) = (None, None);
        let reason = format!("its quote is erased: {basis}").into();
        let act = ProposedAct { target: target.to_string().into(), by: None, said_on: None, reason, id: None };
        corrections.push(Proposed::Correction { act, claim: NamedClaim::parse(draft)? });
    }
    Ok(corrections)
}

/// Tells what will go and what rests on it.
fn tell(context: &mut Context, ledger: &Ledger, erasing: &Erasing) -> Result<(), Failure> {
    if context.is_json {
        for stored in &erasing.events {
            context.screen.json(&object(line(erasing, stored.recorded.seq, stored.kind.word())))?;
        }
        return Ok(());
    }
    let remarks = ledger.remarks()?;
    context.screen.heading("What these events say will be gone for good:", "")?;
    for stored in &erasing.events {
        event::log_line(&mut context.screen, ledger, &remarks, stored)?;
        let seq = stored.recorded.seq;
        for (_, by) in erasing.describing.iter().filter(|(of, _)| *of == seq) {
            context.screen.line(&format!("       {by} names the same thing, and stays unless it is erased too"))?;
        }
        let resting: Vec<_> = erasing.resting.iter().filter(|(of, ..)| *of == seq).collect();
        for (_, by, kind) in resting.iter().take(TOLD_MAX) {
            context.screen.line(&format!("       rests on it: {by} {}", kind.word()))?;
        }
        if resting.len() > TOLD_MAX {
            context.screen.line(&format!("       and {} more", resting.len() - TOLD_MAX))?;
        }
    }
    for digest in &erasing.copies {
        context.screen.line(&format!("captured copy {digest} goes: no claim that is left refers to it"))?;
    }
    for digest in &erasing.copies_behind_links {
        context
            .screen
            .line(&format!("captured copy {digest} would go, and lies behind a link: it will not be removed"))?;
    }
    for (digest, by) in &erasing.copies_kept {
        context.screen.line(&format!("captured copy {digest} stays: {by} refers to it"))?;
    }
    Ok(())
}

fn line(erasing: &Erasing, seq: Seq, kind: &str) -> Value {
    let resting = erasing.resting.iter().filter(|(of, ..)| *of == seq);
    let describing = erasing.describing.iter().filter(|(of, _)| *of == seq).map(|(_, by)| by.0);
    json!({
        "type": "erasing",
        "seq": seq.0,
        "kind": kind,
        "resting": resting.map(|(_, by, kind)| json!({"seq": by.0, "kind": kind.word()})).collect::<Vec<_>>(),
        "describing": describing.collect::<Vec<_>>(),
        "copies": erasing.copies,
        "copies_behind_links": erasing.copies_behind_links,
        "copies_kept": erasing.copies_kept.iter().map(|(digest, _)| digest).collect::<Vec<_>>(),
    })
}

/// Asks; where nobody can answer, it has to be said beforehand, and `nothing` was done.
pub(super) fn is_confirmed(context: &mut Context, question: &str, nothing: &str) -> Result<bool, Failure> {
    context.screen.flush()?;
    if !io::stdin().is_terminal() {
        return Err(Failure::usage(format!("nobody is there to confirm; {nothing}"), "add --yes"));
    }
    say(question);
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

fn done(context: &mut Context, erased: &Erased) -> Result<(), Failure> {
    write::notes(&erased.receipt, &[]);
    let head = &erased.receipt.head;
    if context.is_json {
        let events = erased.erasures.iter().map(|(seq, by)| json!({"seq": seq.0, "by": by.0}));
        context.screen.json(&object(json!({
            "type": "erased",
            "events": events.collect::<Vec<_>>(),
            "copies": erased.copies,
            "copies_behind_links": erased.copies_behind_links,
            "size": head.size,
            "head": head.tip.to_string(),
        })))?;
    } else {
        for (seq, by) in &erased.erasures {
            context.screen.line(&format!("Erased {seq}, recorded as {by}"))?;
        }
        for digest in &erased.copies {
            context.screen.line(&format!("Removed the captured copy {digest}"))?;
        }
    }
    for digest in &erased.copies_behind_links {
        say(&format!(
            "warning: the captured copy {digest} is still there: a folder of `evidence` is a link, and nothing is removed \
             behind one; remove the copy yourself"
        ));
    }
    for path in &erased.moved_aside_before {
        let message = "holds what an interrupted write left; if that may be what had to go, remove it";
        say(&format!("warning: {} {message}", path.display()));
    }
    Ok(())
}
