//! `timeline`, `diff`, `contested`, `stale`: questions over many days.

use annals::date::Day;
use annals::ledger::Ledger;
use annals::projection::{Horizon, Learned, Stretch, learned};
use annals::seq::Seq;

use crate::args::{ContestedArgs, DiffArgs, StaleArgs, TimelineArgs};
use crate::commands::ask::{keys, print_states};
use crate::context::{Context, day, day_or_today, horizon, known, scope, subject};
use crate::failure::Failure;
use crate::render::{json, state as told};

/// Prints stretches under a heading for each key.
fn print_stretches(context: &mut Context, ledger: &Ledger, stretches: &[Stretch]) -> Result<(), Failure> {
    if context.is_json {
        for stretch in stretches {
            context.screen.json(&json::stretch(ledger, stretch))?;
        }
        return Ok(());
    }
    if let Some(first) = stretches.first() {
        use annals::exchange::Names;
        told::subject_heading(&mut context.screen, ledger, first.state.subject)?;
        let names = ledger.names();
        context.screen.line(&format!(" {}", names.attribute(first.state.attribute)))?;
    }
    for stretch in stretches {
        told::stretch(&mut context.screen, ledger, stretch)?;
    }
    Ok(())
}

/// `timeline`
pub(crate) fn timeline(context: &mut Context, args: &TimelineArgs) -> Result<bool, Failure> {
    let horizon = horizon(&args.horizon)?;
    let ledger = context.open_for(scope(Some(&args.subject), args.attribute.as_deref()), false)?;
    let known = ledger.facts().at(horizon);
    for key in keys(&ledger, &known, Some(&args.subject), args.attribute.as_deref())? {
        print_stretches(context, &ledger, &known.timeline(&key, horizon))?;
    }
    Ok(true)
}

/// `diff`
pub(crate) fn diff(context: &mut Context, args: &DiffArgs) -> Result<bool, Failure> {
    let horizon = horizon(&args.horizon)?;
    if let (Some(from), Some(to)) = (&args.known_from, &args.known_to) {
        return diff_known(context, args, horizon, from, to);
    }
    let (Some(from), Some(to)) = (&args.from, &args.to) else {
        return Err(Failure::usage("two dates are needed", "write --from 2024-09-07 --to 2024-09-09"));
    };
    let (first, last) = (day("--from", from)?, day("--to", to)?);
    if last < first {
        return Err(Failure::usage("--to lies before --from", "exchange the two"));
    }
    let ledger = context.open_for(scope(args.subject.as_deref(), None), false)?;
    let known = ledger.facts().at(horizon);
    let keys = keys(&ledger, &known, args.subject.as_deref(), None)?;
    let changes = known.changes(&keys, horizon, first, last);
    if !context.is_json {
        let heading = format!("What changed between {first} and {last}");
        context.screen.heading(&heading, &told::horizon_text(horizon))?;
    }
    for change in &changes {
        print_stretches(context, &ledger, &change.stretches)?;
    }
    if changes.is_empty() && !context.is_json {
        context.screen.line("  nothing")?;
    }
    Ok(!changes.is_empty() || !args.exit_code)
}

/// What was learned between two states of knowledge about a day.
fn diff_known(context: &mut Context, args: &DiffArgs, beside: Horizon, from: &str, to: &str) -> Result<bool, Failure> {
    let (earlier, later) = (known("--known-from", from, beside)?, known("--known-to", to, beside)?);
    let on = match (&args.on, later.reported) {
        (Some(on), _) => day("--on", on)?,
        (None, Some(reported)) => reported,
        (None, None) => day_or_today("--on", None)?,
    };
    let ledger = context.open_for(scope(args.subject.as_deref(), None), false)?;
    let of_subject = args.subject.as_deref().map(|key| subject(&ledger, key)).transpose()?;
    let (before, after) = (ledger.facts().at(earlier), ledger.facts().at(later));
    let mut all: Vec<Learned> = learned((&before, earlier), (&after, later), on);
    all.retain(|learned| of_subject.is_none_or(|subject| after.canonical(subject) == learned.after.subject));
    if !context.is_json {
        context.screen.heading(&format!("What was learned about {on}"), &format!(" between {from} and {to}"))?;
    }
    for learned in &all {
        print_learned(context, &ledger, learned)?;
    }
    if all.is_empty() && !context.is_json {
        context.screen.line("  nothing")?;
    }
    Ok(!all.is_empty() || !args.exit_code)
}

fn print_learned(context: &mut Context, ledger: &Ledger, learned: &Learned) -> Result<(), Failure> {
    if context.is_json {
        let mut line = json::state(ledger, &learned.after);
        line.insert("type".into(), "learned".into());
        line.insert("before".into(), json::state(ledger, &learned.before).into());
        let new: Vec<_> = learned.new_claims.iter().map(|seq| json::claim(ledger, *seq)).collect();
        line.insert("new_claims".into(), new.into());
        context.screen.json(&line)?;
        return Ok(());
    }
    told::subject_heading(&mut context.screen, ledger, learned.after.subject)?;
    for (word, state) in [("before", &learned.before), ("after", &learned.after)] {
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
    let ledger = context.open_for(scope(args.subject.as_deref(), None), false)?;
    let known = ledger.facts().at(horizon);
    let keys = keys(&ledger, &known, args.subject.as_deref(), None)?;
    let is_any = if let Some(on) = on {
        let states = known.contested(&keys, horizon, on);
        print_states(context, &ledger, &states)?;
        !states.is_empty()
    } else {
        let mut is_any = false;
        for key in &keys {
            let mut stretches = known.timeline(key, horizon);
            stretches.retain(|stretch| stretch.state.status.word() == "contested");
            is_any |= !stretches.is_empty();
            print_stretches(context, &ledger, &stretches)?;
        }
        is_any
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
    let ledger = context.open_for(scope(args.subject.as_deref(), None), false)?;
    let known = ledger.facts().at(horizon);
    let keys = keys(&ledger, &known, args.subject.as_deref(), None)?;
    let states = known.stale(&keys, horizon, on, args.older_than.map(i64::from));
    print_states(context, &ledger, &states)?;
    if states.is_empty() && !context.is_json {
        context.screen.line("nothing is stale")?;
    }
    Ok(!states.is_empty() || !args.exit_code)
}
