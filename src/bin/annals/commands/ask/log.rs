//! `log` and `show`: events as they were recorded, and what became of them.

use std::ops::ControlFlow;

use annals::event::Event;
use annals::exchange::{Names, event_json, instant_text};
use annals::ledger::{Error, ErrorKind, Ledger, Remarks, Stored};
use annals::seq::Seq;

use crate::args::{LogArgs, ShowArgs};
use crate::context::{Context, registered, tell_no_event};
use crate::failure::Failure;
use crate::render::{event, remark};

/// `log`
pub(crate) fn log(context: &mut Context, args: &LogArgs) -> Result<bool, Failure> {
    let since = match args.since.as_deref() {
        None => Seq(1),
        Some(text) => Seq::parse(text)
            .ok_or_else(|| Failure::usage(format!("--since {text:?} is no event"), "write --since '#88'"))?,
    };
    let limit = args.limit.unwrap_or(u64::MAX);
    // Of all there are, the newest are wanted; from an event on, those that follow it.
    let is_of_newest = args.reverse || args.limit.is_some() && args.since.is_none();
    let ledger = context.open()?;
    tell_no_event(&ledger, since);
    let remarks = if context.is_json { Remarks::default() } else { ledger.remarks()? };
    let mut kept: std::collections::VecDeque<Stored> = std::collections::VecDeque::new();
    let mut shown = 0;
    let mut failed = None;
    ledger.events(|stored| {
        if stored.recorded.seq < since {
            return ControlFlow::Continue(());
        }
        if is_of_newest {
            kept.push_back(stored);
            if kept.len() as u64 > limit {
                kept.pop_front();
            }
            return ControlFlow::Continue(());
        }
        if shown == limit {
            return ControlFlow::Break(());
        }
        shown += 1;
        match print_event(context, &ledger, &remarks, &stored) {
            Ok(()) => ControlFlow::Continue(()),
            Err(failure) => {
                failed = Some(failure);
                ControlFlow::Break(())
            }
        }
    })?;
    if args.reverse {
        kept.make_contiguous().reverse();
    }
    for stored in &kept {
        print_event(context, &ledger, &remarks, stored)?;
    }
    failed.map_or(Ok(true), Err)
}

fn print_event(context: &mut Context, ledger: &Ledger, remarks: &Remarks, stored: &Stored) -> Result<(), Failure> {
    if context.is_json {
        context.screen.json(&event_line(ledger, stored)?)?;
    } else {
        event::log_line(&mut context.screen, ledger, remarks, stored)?;
    }
    Ok(())
}

/// An event as a line of JSON, whatever its kind.
fn event_line(ledger: &Ledger, stored: &Stored) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
    let names = ledger.names();
    let event = stored.recorded.event.as_ref();
    let successor = match event {
        Some(annals::event::Event::Corrected { successor, .. }) => ledger.claim(*successor)?,
        _ => None,
    };
    let mut line = event.and_then(|event| event_json(event, &names, successor.as_ref())).unwrap_or_default();
    if line.is_empty() {
        line.insert("type".into(), stored.kind.word().into());
        line.insert("erased".into(), event.is_none().into());
    }
    Ok(ledger.placed(line, stored))
}

/// `show`
pub(crate) fn show(context: &mut Context, args: &ShowArgs) -> Result<bool, Failure> {
    let ledger = context.open()?;
    let target = match ledger.find(&args.target) {
        Ok(target) => target,
        Err(error) => return Err(where_to_look(&ledger, &args.target, error)?),
    };
    let mut found = None;
    ledger.events(|stored| {
        if stored.recorded.seq == target {
            found = Some(stored);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    let Some(stored) = found else {
        return Err(Error::new(ErrorKind::Damaged, format!("{target} cannot be read: it is missing")).into());
    };
    let remarks = ledger.remarks()?;
    let mut line = event_line(&ledger, &stored)?;
    if context.is_json {
        line.insert("replaces".into(), remark::replaces_json(&ledger, &remarks, target));
        line.insert("remarks".into(), remark::remarks_json(&ledger, &remarks, target).into());
        let retraction = remarks.retraction_of(target).map(|retraction| retraction.seq.0);
        line.insert("taken_back".into(), retraction.into());
        context.screen.json(&line)?;
        return Ok(true);
    }
    context.screen.heading(&target.to_string(), &format!("  {}", stored.kind.word()))?;
    if let Some(Event::ClaimAsserted(claim)) = &stored.recorded.event {
        let names = ledger.names();
        let (subject, attribute) = (names.entity(claim.statement.subject), names.attribute(claim.statement.attribute));
        context.screen.line(&format!("  {subject} {attribute}"))?;
        event::claim_lines(&mut context.screen, &ledger, &remarks, target, "  ")?;
    } else {
        show_fields(context, &line)?;
        remark::remark_lines(&mut context.screen, &ledger, &remarks, target, "  ")?;
    }
    let by = ledger.names().actor(stored.recorded.actor).into_owned();
    let instant = instant_text(stored.recorded.at_micros);
    context.screen.line(&format!("  entered {instant} by {by}, link {}", remark::short(&stored.hash.to_string())))?;
    Ok(true)
}

fn show_fields(context: &mut Context, line: &serde_json::Map<String, serde_json::Value>) -> Result<(), Failure> {
    const ELSEWHERE: &[&str] = &["type", "seq", "recorded_at", "actor", "hash", "origin", "first"];
    for (name, value) in line.iter().filter(|(name, value)| !ELSEWHERE.contains(&name.as_str()) && !value.is_null()) {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        context.screen.line(&format!("  {name:<14} {text}"))?;
    }
    Ok(())
}

/// The failure to find an event, with where to look if something is registered under that name.
fn where_to_look(ledger: &Ledger, name: &str, error: Error) -> Result<Failure, Failure> {
    let Some((sort, seq)) = registered(ledger, name)? else { return Ok(error.into()) };
    let word = sort.word();
    let message = format!("{name:?} is no event of this ledger, but an {word}").replace("an source", "a source");
    let more = match sort {
        crate::taken::Sort::Entity => format!("; `annals state '{name}'` tells what is known of it"),
        _ => String::new(),
    };
    let hint = format!("`annals {word} '{name}'` shows it{more}; `annals show '{seq}'` the event that registered it");
    Ok(Error::new(ErrorKind::NotFound, message).with_hint(hint).into())
}
