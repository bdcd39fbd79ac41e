//! `state`, `first`, `log`, `show`.

use std::ops::ControlFlow;

use annals::date::Day;
use annals::exchange::event_json;
use annals::ledger::{Error, ErrorKind, Ledger, Stored};
use annals::projection::{Horizon, Key, Known, Status};
use annals::seq::Seq;
use annals::value::{Typed, Value};

use crate::args::{FirstArgs, LogArgs, ShowArgs, StateArgs};
use crate::commands::claim::typed;
use crate::commands::keyed::{ask_keys, show_all};
use crate::context::{Context, attribute, day_or_today, horizon, subject, tell_beyond, tell_no_event};
use crate::failure::Failure;
use crate::render::{event, json, state as told};

/// The keys a question is about, sorted by subject then attribute, bytewise.
pub(crate) fn keys<'l>(
    ledger: &'l Ledger,
    known: &Known<'l>,
    of_subject: Option<&str>,
    of_attribute: Option<&str>,
) -> Result<Vec<Key>, Failure> {
    let of_subject = of_subject.map(|key| subject(ledger, key)).transpose()?;
    let of_attribute = of_attribute.map(|key| attribute(ledger, key)).transpose()?;
    if let (Some(subject), Some(attribute)) = (of_subject, of_attribute) {
        return Ok(vec![known.key(subject, attribute)]);
    }
    let names = ledger.names();
    let mut keys = known.keys();
    keys.retain(|key| key.has_live_claim() && of_subject.is_none_or(|subject| known.canonical(subject) == key.subject));
    keys.sort_by_cached_key(|key| {
        use annals::exchange::Names;
        (names.entity(key.subject).into_owned(), names.attribute(key.attribute).into_owned())
    });
    Ok(keys)
}

/// `state`
pub(crate) fn state(context: &mut Context, args: &StateArgs) -> Result<bool, Failure> {
    let day = day_or_today("--on", args.on.as_deref())?;
    let horizon = horizon(&args.horizon)?;
    if args.why || args.attribute.is_some() {
        let ledger = context.open()?;
        tell_beyond(&ledger, horizon);
        let is_anything = print_state(context, &ledger, args, day, horizon)?;
        return Ok(is_anything || !args.exit_code);
    }
    let ask = |known: &Known<'_>, key: &Key| Some(known.state(key, day, horizon));
    let (ledger, states) = ask_keys(context, args.subject.as_deref(), None, horizon, &ask)?;
    heading(context, day, horizon)?;
    show_all(context, &ledger, &states)?;
    if states.is_empty() && !context.is_json {
        context.screen.line(NOTHING)?;
    }
    Ok(states.iter().any(|state| state.value.status != Status::Unknown) || !args.exit_code)
}

const NOTHING: &str = "  nothing is claimed that was known then";

fn heading(context: &mut Context, day: Day, horizon: Horizon) -> Result<(), Failure> {
    if !context.is_json {
        context.screen.heading(&format!("State on {day}"), &told::horizon_text(horizon))?;
    }
    Ok(())
}

/// Prints the state of what is asked for; answers whether anything is known.
pub(crate) fn print_state(
    context: &mut Context,
    ledger: &Ledger,
    args: &StateArgs,
    day: Day,
    horizon: Horizon,
) -> Result<bool, Failure> {
    let known = ledger.facts().at(horizon);
    let keys = keys(ledger, &known, args.subject.as_deref(), args.attribute.as_deref())?;
    heading(context, day, horizon)?;
    let mut is_anything = false;
    let mut last: Option<Seq> = None;
    for key in &keys {
        let state = known.state(key, day, horizon);
        is_anything |= state.status != Status::Unknown;
        if context.is_json {
            let mut line = json::state(ledger, &state);
            if args.why {
                let marks: Vec<_> = known.working(key, day).iter().map(|mark| json::mark(ledger, mark)).collect();
                line.insert("marks".into(), marks.into());
            }
            context.screen.json(&line)?;
            continue;
        }
        if last != Some(state.subject) {
            told::subject_heading(&mut context.screen, ledger, state.subject)?;
            last = Some(state.subject);
        }
        told::row(&mut context.screen, ledger, &state)?;
        if args.why {
            told::why(&mut context.screen, ledger, &state, &known.working(key, day))?;
        }
    }
    if keys.is_empty() && !context.is_json {
        context.screen.line(NOTHING)?;
    }
    Ok(is_anything)
}

/// `first`
pub(crate) fn first(context: &mut Context, args: &FirstArgs) -> Result<bool, Failure> {
    let horizon = horizon(&args.horizon)?;
    let ledger = context.open()?;
    tell_beyond(&ledger, horizon);
    let (subject, attribute) = (subject(&ledger, &args.subject)?, attribute(&ledger, &args.attribute)?);
    let value = args.value.as_ref().map(|value| value_of(&ledger, attribute, value)).transpose()?;
    let sayings = ledger.facts().at(horizon).first(subject, attribute, value.as_ref());
    for (place, saying) in sayings.iter().enumerate() {
        if context.is_json {
            context.screen.json(&json::saying(&ledger, saying))?;
            continue;
        }
        if place == 0 {
            context.screen.heading("First", "")?;
        } else if place == 1 {
            context.screen.heading("Then", "")?;
        }
        told::saying(&mut context.screen, &ledger, saying)?;
    }
    if sayings.is_empty() && !context.is_json {
        context.screen.line("nobody said it")?;
    }
    Ok(!sayings.is_empty() || !args.exit_code)
}

/// A typed value of an attribute, its entity looked up.
fn value_of(ledger: &Ledger, attribute: Seq, text: &str) -> Result<Value<Seq>, Failure> {
    let defined = ledger.facts().catalogue().attribute(attribute);
    let (value_type, unit) = (defined.map(|d| d.value_type), defined.and_then(|d| d.unit.as_deref()));
    let typed: Typed = typed(text.to_owned(), None)?;
    let value = typed.resolve(value_type, unit);
    let value = value.map_err(|error| Failure::usage(format!("value: {error}"), "write it as `record` takes it"))?;
    value.try_rename(|key| subject(ledger, &key))
}

/// `log`
pub(crate) fn log(context: &mut Context, args: &LogArgs) -> Result<bool, Failure> {
    let since = match args.since.as_deref() {
        None => Seq(1),
        Some(text) => Seq::parse(text)
            .ok_or_else(|| Failure::usage(format!("--since {text:?} is no event"), "write --since '#88'"))?,
    };
    let limit = args.limit.unwrap_or(u64::MAX);
    let ledger = context.open()?;
    tell_no_event(&ledger, since);
    let mut kept: std::collections::VecDeque<Stored> = std::collections::VecDeque::new();
    let mut shown = 0;
    let mut failed = None;
    ledger.events(|stored| {
        if stored.recorded.seq < since {
            return ControlFlow::Continue(());
        }
        if args.reverse {
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
        match print_event(context, &ledger, &stored) {
            Ok(()) => ControlFlow::Continue(()),
            Err(failure) => {
                failed = Some(failure);
                ControlFlow::Break(())
            }
        }
    })?;
    for stored in kept.iter().rev() {
        print_event(context, &ledger, stored)?;
    }
    failed.map_or(Ok(true), Err)
}

fn print_event(context: &mut Context, ledger: &Ledger, stored: &Stored) -> Result<(), Failure> {
    if context.is_json {
        context.screen.json(&event_line(ledger, stored))?;
    } else {
        event::log_line(&mut context.screen, ledger, stored)?;
    }
    Ok(())
}

/// An event as a line of JSON, whatever its kind.
fn event_line(ledger: &Ledger, stored: &Stored) -> serde_json::Map<String, serde_json::Value> {
    let names = ledger.names();
    let event = stored.recorded.event.as_ref();
    let successor = event.and_then(|event| match event {
        annals::event::Event::Corrected { successor, .. } => ledger.facts().claim(*successor),
        _ => None,
    });
    let mut line = event.and_then(|event| event_json(event, &names, successor)).unwrap_or_default();
    if line.is_empty() {
        line.insert("type".into(), stored.kind.word().into());
        line.insert("erased".into(), event.is_none().into());
    }
    ledger.placed(line, stored)
}

/// `show`
pub(crate) fn show(context: &mut Context, args: &ShowArgs) -> Result<bool, Failure> {
    let ledger = context.open()?;
    let target = ledger.find(&args.target)?;
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
    let line = event_line(&ledger, &stored);
    if context.is_json {
        context.screen.json(&line)?;
        return Ok(true);
    }
    context.screen.heading(&target.to_string(), &format!("  {}", stored.kind.word()))?;
    for (name, value) in line.iter().filter(|(name, value)| *name != "type" && !value.is_null()) {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        context.screen.line(&format!("  {name:<14} {text}"))?;
    }
    let acts = ledger.facts().acts_on(target);
    if !acts.is_empty() {
        context.screen.line("  retractions, corrections, disputes and verdicts:")?;
        event::act_lines(&mut context.screen, &ledger, target, "    ")?;
    }
    Ok(true)
}
