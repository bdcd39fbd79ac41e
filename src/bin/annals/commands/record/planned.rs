//! A dry run: what would be recorded, and which answers would change.

use annals::date::Day;
use annals::event::Proposed;
use annals::exchange::{Names, event_json};
use annals::ledger::{Change, Ledger, Planned, Policy, Staged, Writer};
use annals::projection::State;
use serde_json::{Value, json};

use super::told::{tell_new_actor, tell_staged};
use crate::clock::now_micros;
use crate::context::Context;
use crate::failure::Failure;
use crate::render::json::{self as as_json, object};
use crate::render::state::row;
use crate::screen::say;
use crate::words::counted;

/// Of more keys than these the rest are counted, on the screen.
const KEYS_SHOWN: usize = 20;

/// Says what proposals would come to, and records nothing.
pub(super) fn show(
    context: &mut Context,
    writer: Writer,
    proposed: Vec<Proposed>,
    policy: Policy,
) -> Result<(), Failure> {
    let planned = writer.plan(proposed, policy, now_micros())?;
    let ledger = context.open()?;
    let effect = ledger.effect(&planned)?;
    tell_new_actor(planned.new_actor.as_deref());
    tell_staged(&planned.staged);
    for staged in &planned.staged {
        show_staged(context, &effect.then, &planned, staged)?;
    }
    if context.is_json {
        for change in effect.changes.iter().flatten() {
            context.screen.json(&object(change_json(&effect.then, change)))?;
        }
        return Ok(());
    }
    match effect.changes.len() {
        0 => context.screen.line("No answer would change.")?,
        keys => {
            context.screen.heading("Answers that would change", &format!(", of {}", counted(keys as u64, "key")))?;
        }
    }
    for changes in effect.changes.iter().take(KEYS_SHOWN) {
        for change in changes {
            show_change(context, &effect.then, change)?;
        }
    }
    if let Some(more) = effect.changes.len().checked_sub(KEYS_SHOWN).filter(|more| *more > 0) {
        context.screen.line(&format!("  and {}; --json shows all", counted(more as u64, "more key")))?;
    }
    say("note: nothing was recorded");
    Ok(())
}

fn show_staged(context: &mut Context, then: &Ledger, planned: &Planned, staged: &Staged) -> Result<(), Failure> {
    let Some(seq) = staged.seq else { return Ok(()) };
    let event = planned.events.iter().find(|recorded| recorded.seq == seq).and_then(|recorded| recorded.event.as_ref());
    if context.is_json {
        let line = event.and_then(|event| event_json(event, &then.names(), None)).map(Value::Object);
        context
            .screen
            .json(&object(json!({"type": "planned", "seq": seq.0, "repeated": staged.is_repeated, "line": line})))?;
    } else if staged.is_repeated {
        context.screen.line(&format!("Recorded already, as {seq}; nothing would be added"))?;
    } else {
        context.screen.line(&format!("Would be recorded as {seq}"))?;
    }
    Ok(())
}

fn change_json(then: &Ledger, change: &Change) -> Value {
    let state = |state: &Option<State>| state.as_ref().map(|state| as_json::state(then, state));
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    let key = change.after.as_ref().or(change.before.as_ref());
    let names = then.names();
    json!({
        "type": "change",
        "subject": key.map(|state| names.entity(state.subject)),
        "attribute": key.map(|state| names.attribute(state.attribute)),
        "from": day(change.from),
        "until": day(change.until),
        "before": state(&change.before),
        "after": state(&change.after),
    })
}

fn show_change(context: &mut Context, then: &Ledger, change: &Change) -> Result<(), Failure> {
    let Some(key) = change.after.as_ref().or(change.before.as_ref()) else { return Ok(()) };
    let day = |day: Option<Day>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
    let subject = then.names().entity(key.subject).into_owned();
    context.screen.line(&format!("{subject}, {} – {}", day(change.from), day(change.until)))?;
    for (word, state) in [("before", &change.before), ("after", &change.after)] {
        match state {
            Some(state) => {
                context.screen.line(&format!("  {word}:"))?;
                row(&mut context.screen, then, state)?;
            }
            None => context.screen.line(&format!("  {word}: nothing is claimed"))?,
        }
    }
    Ok(())
}
