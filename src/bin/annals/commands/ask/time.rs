//! `timeline`, `diff`, `contested`, `stale`: questions over many days.

use annals::date::Day;
use annals::ledger::Ledger;
use annals::projection::{Horizon, Key, Known, Learned, Status, Stretch, learned};
use annals::seq::Seq;

use crate::args::{ContestedArgs, DiffArgs, StaleArgs, TimelineArgs};
use crate::commands::ask::keyed::{Contests, Timeline, ask_few_keys, ask_keys, heading, show_all};
use crate::context::{Context, day, day_or_today, horizon, known, subject, tell_beyond};
use crate::failure::Failure;
use crate::render::{json, state as told};

/// `timeline`
pub(crate) fn timeline(context: &mut Context, args: &TimelineArgs) -> Result<bool, Failure> {
    let horizon = horizon(&args.horizon)?;
    let ask = |known: &Known<'_>, key: &Key| Some(Timeline::of_all_days(known, key, horizon));
    let (ledger, timelines) = ask_keys(context, Some(&args.subject), args.attribute.as_deref(), (None, horizon), &ask)?;
    show_all(context, &ledger, &timelines)?;
    Ok(true)
}

/// `diff`
pub(crate) fn diff(context: &mut Context, args: &DiffArgs) -> Result<bool, Failure> {
    let horizon = horizon(&args.horizon)?;
    if let (Some(from), Some(to)) = (&args.known_from, &args.known_to) {
        return diff_known(context, args, horizon, from, to);
    }
    let (Some(from), Some(to)) = (&args.from, &args.to) else {
        return Err(Failure::usage(
            "two dates are needed, in the world or of what was known",
            "write --from 2024-09-07 --to 2024-09-09, or --known-from 2024-11-01 --known-to 2025-03-01",
        ));
    };
    let (first, last) = (day("--from", from)?, day("--to", to)?);
    if last < first {
        return Err(Failure::usage("--to lies before --from", "exchange the two"));
    }
    let ask = |known: &Known<'_>, key: &Key| {
        let stretches = known.timeline_between(key, first, last);
        stretches.windows(2).any(is_change).then(|| Timeline::of(key, stretches))
    };
    let (ledger, changes) = ask_keys(context, args.subject.as_deref(), None, (None, horizon), &ask)?;
    if !context.is_json {
        let heading = format!("What changed between {first} and {last}");
        context.screen.heading(&heading, &told::horizon_text(horizon))?;
    }
    show_all(context, &ledger, &changes)?;
    if changes.is_empty() && !context.is_json {
        context.screen.line("  nothing")?;
    }
    Ok(!changes.is_empty() || !args.exit_code)
}

/// Whether a stretch answers otherwise than the one before it. What is stated of one day and carried to the next is no change.
fn is_change(pair: &[Stretch]) -> bool {
    let [before, after] = pair else { return false };
    let known = |status: Status| if status == Status::Presumed { Status::Stated } else { status };
    let (before, after) = (&before.answer, &after.answer);
    known(before.status) != known(after.status) || before.values != after.values
}

/// What was learned between two states of knowledge about a day.
fn diff_known(context: &mut Context, args: &DiffArgs, beside: Horizon, from: &str, to: &str) -> Result<bool, Failure> {
    let (earlier, later) = (known("--known-from", from, beside)?, known("--known-to", to, beside)?);
    let on = match (&args.on, later.reported) {
        (Some(on), _) => day("--on", on)?,
        (None, Some(reported)) => reported.day,
        (None, None) => day_or_today("--on", None)?,
    };
    let ledger = context.open()?;
    tell_beyond(&ledger, earlier);
    tell_beyond(&ledger, later);
    let of_subject = args.subject.as_deref().map(|key| subject(&ledger, key)).transpose()?;
    let (before, after) = (ledger.at(earlier), ledger.at(later));
    let mut all: Vec<Learned> = Vec::new();
    for key in ledger.keys_at(&after, of_subject) {
        let facts = ledger.facts(&[key])?;
        all.extend(learned((&before.of(&facts), earlier), (&after.of(&facts), later), key, on));
    }
    if !context.is_json {
        context.screen.heading(&format!("What was learned about {on}"), &format!(" between {from} and {to}"))?;
    }
    let mut last = None;
    for learned in &all {
        print_learned(context, &ledger, learned, &mut last)?;
    }
    if all.is_empty() && !context.is_json {
        context.screen.line("  nothing")?;
    }
    Ok(!all.is_empty() || !args.exit_code)
}

fn print_learned(
    context: &mut Context,
    ledger: &Ledger,
    learned: &Learned,
    last: &mut Option<Seq>,
) -> Result<(), Failure> {
    if context.is_json {
        let mut line = json::state(ledger, &learned.after);
        line.insert("type".into(), "learned".into());
        line.insert("before".into(), json::state(ledger, &learned.before).into());
        let new: Vec<_> = learned.new_claims.iter().map(|seq| json::claim(ledger, *seq)).collect();
        line.insert("new_claims".into(), new.into());
        context.screen.json(&line)?;
        return Ok(());
    }
    heading(context, ledger, learned.after.subject, last)?;
    let is_same = learned.before.status == learned.after.status && learned.before.values == learned.after.values;
    let both = [("before", &learned.before), ("after", &learned.after)];
    let same = [("the same before and after", &learned.after)];
    for (word, state) in if is_same { &same[..] } else { &both[..] } {
        context.screen.line(&format!("  {word}:"))?;
        told::row(&mut context.screen, ledger, state)?;
    }
    let new: Vec<String> = learned.new_claims.iter().map(Seq::to_string).collect();
    let new = if new.is_empty() { "none".to_owned() } else { new.join(", ") };
    context.screen.line(&format!("  newly known claims: {new}"))?;
    Ok(())
}

/// `contested`
pub(crate) fn contested(context: &mut Context, args: &ContestedArgs) -> Result<bool, Failure> {
    let horizon = horizon(&args.horizon)?;
    let on: Option<Day> = args.on.as_deref().map(|text| day("--on", text)).transpose()?;
    let of = (args.subject.as_deref(), None);
    let question = format!("contested {on:?} {horizon:?}");
    let is_any = if let Some(on) = on {
        let ask = |known: &Known<'_>, key: &Key| {
            Some(known.state(key, on, horizon)).filter(|state| state.status == Status::Contested)
        };
        let (ledger, states) = ask_few_keys(context, Some(&question), of, (Some(on), horizon), &ask)?;
        show_all(context, &ledger, &states)?;
        !states.is_empty()
    } else {
        let ask = |known: &Known<'_>, key: &Key| Contests::of(known, key, horizon);
        let (ledger, timelines) = ask_few_keys(context, Some(&question), of, (None, horizon), &ask)?;
        show_all(context, &ledger, &timelines)?;
        !timelines.is_empty()
    };
    if !is_any && !context.is_json {
        context.screen.line("nothing is contested")?;
    }
    Ok(is_any || !args.exit_code)
}

/// `stale`
pub(crate) fn stale(context: &mut Context, args: &StaleArgs) -> Result<bool, Failure> {
    let horizon = horizon(&args.horizon)?;
    let on = day_or_today("--on", args.on.as_deref())?;
    let older_than = args.older_than.map(i64::from);
    let ask = |known: &Known<'_>, key: &Key| {
        Some(known.state(key, on, horizon)).filter(|state| known.is_stale(state, on, older_than))
    };
    let (ledger, states) = ask_keys(context, args.subject.as_deref(), None, (Some(on), horizon), &ask)?;
    show_all(context, &ledger, &states)?;
    if states.is_empty() && !context.is_json {
        context.screen.line("nothing is stale")?;
    }
    Ok(!states.is_empty() || !args.exit_code)
}
