//! `init`, `head`, `repair`, `completions`, `man`.

use std::io::Write;

use annals::exchange::instant_text;
use annals::ledger::{Founder, Ledger, repair as repair_ledger};
use serde_json::json;

use crate::args::{CompletionsArgs, HeadArgs, InitArgs, command};
use crate::cached;
use crate::clock::now_micros;
use crate::commands::share;
use crate::context::Context;
use crate::failure::Failure;
use crate::render::json;
use crate::screen::say;
use crate::synced;

/// `init`
pub(crate) fn init(context: &mut Context, args: &InitArgs) -> Result<bool, Failure> {
    let key = context.private_key()?;
    if context.second_key.is_some() {
        say("note: the second key signs nothing yet; `annals key authorise` lets it");
    }
    let signing = if key.is_some() { " --key FILE" } else { "" };
    let founder = key.map(|key| Ok(Founder { actor: context.actor()?, key })).transpose();
    let head = Ledger::create_by(&context.dir, args.origin.as_deref(), founder.map_err(|e: Failure| e)?, now_micros())?;
    synced::warn_of_place(&context.dir);
    cached::begin(&context.dir, context.cache.as_deref());
    if context.is_json {
        context.screen.json(&json::head(&head))?;
        return Ok(true);
    }
    context.screen.line(&format!("A ledger named {} was begun in {}", head.origin, context.dir.display()))?;
    context.screen.line(&format!(
        "Next: annals record SUBJECT ATTRIBUTE VALUE --on DATE --said-by SOURCE --actor YOU{signing}"
    ))?;
    Ok(true)
}

/// `head`
pub(crate) fn head(context: &mut Context, args: &HeadArgs) -> Result<bool, Failure> {
    if args.cosigned {
        return share::cosigned(context, args);
    }
    let ledger = context.open_all()?;
    let (head, note) = (ledger.head(), ledger.signed_head()?);
    let note = note.map(|note| share::with_cosignatures(&context.dir, head.size, note));
    if context.is_json {
        let mut line = json::head(head);
        line.insert("note".to_owned(), note.map(|note| note.to_string()).into());
        context.screen.json(&line)?;
        return Ok(true);
    }
    if let Some(note) = note {
        // Nothing else may stand in a signed note.
        note.to_string().lines().try_for_each(|line| context.screen.verbatim(line))?;
        say(&format!("note: head {}:{}", head.size, head.tip));
        say(&format!("note: recorded at {}", instant_text(head.recorded_at_micros)));
        return Ok(true);
    }
    for line in head.checkpoint().lines() {
        context.screen.verbatim(line)?;
    }
    context.screen.line("")?;
    context.screen.line(&format!("head {}:{}", head.size, head.tip))?;
    context.screen.line(&format!("recorded at {}", instant_text(head.recorded_at_micros)))?;
    Ok(true)
}

/// `repair`
pub(crate) fn repair(context: &mut Context) -> Result<bool, Failure> {
    let waiting = context.tell_waiting();
    let moved = repair_ledger(&context.dir, now_micros())?;
    drop(waiting);
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
    clap_complete::generate(args.shell, &mut command(), "annals", &mut script);
    context.screen.raw().write_all(&script)?;
    Ok(true)
}

/// `man`
pub(crate) fn man(context: &mut Context) -> Result<bool, Failure> {
    clap_mangen::Man::new(command()).render(context.screen.raw())?;
    Ok(true)
}
