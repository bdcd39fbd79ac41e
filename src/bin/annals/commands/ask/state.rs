//! `state`.

use annals::date::Day;
use annals::exchange::Names;
use annals::ledger::{Ledger, Remarks};
use annals::projection::{Horizon, Key, Known, State, Status};
use annals::seq::Seq;

use crate::args::StateArgs;
use crate::commands::ask::keyed::{Told, ask_keys, heading as subject_heading, keys, show_all};
use crate::context::{Context, day_or_today, horizon, tell_beyond};
use crate::failure::Failure;
use crate::render::{json, remark, state as told};

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
    let (ledger, states) = ask_keys(context, args.subject.as_deref(), None, (Some(day), horizon), &ask)?;
    heading(context, day, horizon)?;
    let is_anything = states.iter().any(Told::is_known);
    let folds = !context.is_json && !args.all && is_anything;
    let (shown, folded): (Vec<_>, Vec<_>) = states.into_iter().partition(|told| !folds || told.is_known());
    show_all(context, &ledger, &shown)?;
    let folded: Vec<&State> = folded.iter().filter_map(Told::shown).collect();
    fold(context, &ledger, args.subject.is_some(), &folded)?;
    if shown.is_empty() && !context.is_json {
        context.screen.line(NOTHING)?;
    }
    Ok(is_anything || !args.exit_code)
}

/// What is unknown, in one line.
fn fold(context: &mut Context, ledger: &Ledger, is_of_one: bool, unknown: &[&State]) -> Result<(), Failure> {
    const NAMED: usize = 6;
    if unknown.is_empty() {
        return Ok(());
    }
    let keys = ledger.names();
    let told_name = |state: &&State| {
        let attribute = keys.attribute(state.attribute);
        if is_of_one { attribute.into_owned() } else { format!("{} {attribute}", keys.entity(state.subject)) }
    };
    let named: Vec<String> = unknown.iter().take(NAMED).map(told_name).collect();
    let more = unknown.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    context.screen.line(&format!("  {} {}{more} (--all says why)", told::badge(Status::Unknown), named.join(", ")))?;
    Ok(())
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
    let at = ledger.at(horizon);
    let asked = keys(ledger, &at, args.subject.as_deref(), args.attribute.as_deref())?;
    let keys: Vec<(Known<'_>, Key)> = asked
        .iter()
        .map(|asked| {
            let known = at.of(&asked.facts);
            let key = known.key(asked.about.0, asked.about.1);
            (known, key)
        })
        .collect();
    let remarks = if args.why { ledger.remarks()? } else { Remarks::default() };
    heading(context, day, horizon)?;
    let states: Vec<State> = keys.iter().map(|(known, key)| known.state(key, day, horizon)).collect();
    let is_anything = states.iter().any(|state| state.status != Status::Unknown);
    let folds = !context.is_json && !args.all && !args.why && is_anything;
    let mut last: Option<Seq> = None;
    for ((known, key), state) in keys.iter().zip(&states) {
        if context.is_json {
            let mut line = json::state(ledger, state);
            if args.why {
                let marks: Vec<_> = known.working(key, day).iter().map(|mark| json::mark(ledger, mark)).collect();
                line.insert("marks".into(), marks.into());
                line.insert("reason_parts".into(), json::reason_parts(ledger, &state.reason));
                let claims = told::claims_of(known, key, day);
                let claims = claims.into_iter().map(|claim| remark::claim_of_why(ledger, known, &remarks, claim));
                line.insert("claims".into(), claims.collect::<Vec<_>>().into());
            }
            context.screen.json(&line)?;
            continue;
        }
        if folds && state.status == Status::Unknown {
            continue;
        }
        subject_heading(context, ledger, state.subject, &mut last)?;
        told::row(&mut context.screen, ledger, state)?;
        if args.why {
            told::why(&mut context.screen, ledger, known, &remarks, key, state)?;
        }
    }
    let unknown: Vec<&State> = states.iter().filter(|state| folds && state.status == Status::Unknown).collect();
    fold(context, ledger, args.subject.is_some(), &unknown)?;
    if keys.is_empty() && !context.is_json {
        context.screen.line(NOTHING)?;
    }
    Ok(is_anything)
}
