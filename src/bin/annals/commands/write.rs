//! Recording: one proposal or several, as one commit.

use annals::event::Proposed;
use annals::ledger::{Policy, Receipt, Writer};
use serde_json::json;

use crate::context::{Context, now_micros};
use crate::failure::Failure;
use crate::render::json::object;
use crate::screen::say;

/// Records proposals as one commit and tells what was recorded.
pub(crate) fn record(context: &mut Context, proposed: Vec<Proposed>, policy: Policy) -> Result<(), Failure> {
    let writer = Writer::open(&context.dir, context.actor()?, now_micros())?;
    let receipt = writer.record(proposed, policy, now_micros())?;
    tell(context, &receipt)
}

/// Tells what a commit recorded: the event on standard output, what else happened on standard error.
pub(crate) fn tell(context: &mut Context, receipt: &Receipt) -> Result<(), Failure> {
    for moved in &receipt.moved_aside {
        say(&format!("note: {moved}"));
    }
    if let Some(actor) = &receipt.new_actor {
        say(&format!("note: actor {actor:?} is new here"));
    }
    if receipt.is_clock_clamped {
        say("note: the clock went back; the time of the last event was kept");
    }
    for staged in &receipt.staged {
        for (what, key) in &staged.registered {
            say(&format!("note: {what} {key:?} registered"));
        }
        for warning in &staged.warnings {
            say(&format!("warning: {warning}"));
        }
    }
    for staged in &receipt.staged {
        let Some(seq) = staged.seq else { continue };
        if context.is_json {
            let line = object(json!({
                "type": "recorded",
                "seq": seq.0,
                "repeated": staged.is_repeated,
                "size": receipt.head.size,
                "head": receipt.head.hash.to_string(),
            }));
            context.screen.json(&line)?;
        } else if staged.is_repeated {
            context.screen.line(&format!("Recorded already, as {seq}; nothing was added"))?;
        } else {
            let hash = receipt.head.hash.to_string();
            let is_last = receipt.head.size == seq.0;
            let short = hash.get(..8).filter(|_| is_last).map_or_else(String::new, |short| format!(" ({short})"));
            context.screen.line(&format!("Recorded {seq}{short}"))?;
        }
    }
    Ok(())
}
