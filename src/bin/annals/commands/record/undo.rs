//! `undo`: what one recorded last, taken back by retractions.

use annals::claim::checked_text;
use annals::event::{Proposed, ProposedAct};
use annals::ledger::{Ledger, Policy, Undoing};
use serde_json::json;

use crate::args::UndoArgs;
use crate::commands::record::erase::is_confirmed;
use crate::commands::record::write;
use crate::context::Context;
use crate::failure::Failure;
use crate::render::{event, json::object};
use crate::screen::say;

/// An import of more events is taken back only where that is said.
const EVENTS_MAX: usize = 100;
/// So many events are shown.
const SHOWN_MAX: usize = 20;

/// `undo`
pub(crate) fn undo(context: &mut Context, args: &UndoArgs) -> Result<bool, Failure> {
    let actor = context.actor()?.to_owned();
    let reason = checked_text("reason", args.reason.clone())?;
    let ledger = context.open_all()?;
    let undoing = ledger.undoing(&actor, args.further)?;
    show(context, &ledger, &undoing, args.further)?;
    drop(ledger);
    if args.dry_run {
        return Ok(true);
    }
    let count = undoing.events.len();
    if count > EVENTS_MAX && !args.whole {
        return Err(Failure::usage(format!("these are {count} events; nothing was recorded"), "add --whole"));
    }
    if !args.yes && !is_confirmed(context, "Take back? Type yes:", "nothing was recorded")? {
        say("nothing was recorded");
        return Ok(false);
    }
    let retraction = |target: &annals::seq::Seq| {
        let target = target.to_string().into();
        Proposed::Retraction(ProposedAct { target, by: None, said_on: None, reason: reason.clone(), id: None })
    };
    write::record(context, undoing.targets.iter().map(retraction).collect(), Policy::default())?;
    Ok(true)
}

fn show(context: &mut Context, ledger: &Ledger, undoing: &Undoing, is_further: bool) -> Result<(), Failure> {
    if context.is_json {
        let targets: Vec<u64> = undoing.targets.iter().rev().map(|seq| seq.0).collect();
        context.screen.json(&object(json!({"type": "undoing", "events": targets})))?;
        return Ok(());
    }
    let remarks = ledger.remarks()?;
    let heading = if is_further { "You recorded last, of what stands:" } else { "You recorded last:" };
    context.screen.heading(heading, "")?;
    for stored in undoing.events.iter().take(SHOWN_MAX) {
        event::log_line(&mut context.screen, ledger, &remarks, stored)?;
    }
    if undoing.events.len() > SHOWN_MAX {
        context.screen.line(&format!("       and {} more", undoing.events.len() - SHOWN_MAX))?;
    }
    if undoing.events.iter().any(|stored| stored.recorded.first.is_some()) {
        context
            .screen
            .line("These came by an export: its lines stay known here, and imported again they add nothing.")?;
    }
    context.screen.flush()?;
    Ok(())
}
