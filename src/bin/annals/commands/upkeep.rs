//! `init`, `head`, `repair`, `completions`, `man`.

use std::io::Write;

use annals::exchange::instant_text;
use annals::ledger::{Ledger, repair as repair_ledger};
use clap::CommandFactory;
use serde_json::json;

use crate::args::{Cli, CompletionsArgs, InitArgs};
use crate::context::{Context, now_micros};
use crate::failure::Failure;
use crate::render::json;

/// `init`
pub(crate) fn init(context: &mut Context, args: &InitArgs) -> Result<bool, Failure> {
    let head = Ledger::create(&context.dir, args.origin.as_deref(), now_micros())?;
    if context.is_json {
        context.screen.json(&json::head(&head))?;
        return Ok(true);
    }
    context.screen.line(&format!("A ledger named {} was begun in {}", head.origin, context.dir.display()))?;
    context.screen.line("Next: annals record SUBJECT ATTRIBUTE VALUE --on DATE --said-by SOURCE --actor YOU")?;
    Ok(true)
}

/// `head`
pub(crate) fn head(context: &mut Context) -> Result<bool, Failure> {
    let head = context.open()?.head().clone();
    if context.is_json {
        context.screen.json(&json::head(&head))?;
        return Ok(true);
    }
    for line in head.checkpoint().lines() {
        context.screen.line(line)?;
    }
    context.screen.line("")?;
    context.screen.line(&format!("head {}:{}", head.size, head.hash))?;
    context.screen.line(&format!("recorded at {}", instant_text(head.recorded_at_micros)))?;
    Ok(true)
}

/// `repair`
pub(crate) fn repair(context: &mut Context) -> Result<bool, Failure> {
    let moved = repair_ledger(&context.dir, now_micros())?;
    if context.is_json {
        context.screen.json(&json::object(json!({ "type": "repaired", "moved": moved })))?;
        return Ok(true);
    }
    if moved.is_empty() {
        context.screen.line("nothing to repair")?;
    }
    for moved in moved {
        context.screen.line(&moved)?;
    }
    Ok(true)
}

/// `completions`
pub(crate) fn completions(context: &mut Context, args: &CompletionsArgs) -> Result<bool, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "annals", &mut script);
    context.screen.raw().write_all(&script)?;
    Ok(true)
}

/// `man`
pub(crate) fn man(context: &mut Context) -> Result<bool, Failure> {
    clap_mangen::Man::new(Cli::command()).render(context.screen.raw())?;
    Ok(true)
}
