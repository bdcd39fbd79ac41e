//! `state`.

use annals::date::Day;
use annals::exchange::Names;
use annals::ledger::{Ledger, Remarks};
use annals::projection::{At, Dropped, Facts, Horizon, Key, Known, State, Status};
use annals::seq::Seq;

use crate::args::StateArgs;
use crate::commands::ask::keyed::{Told, ask_keys, heading as subject_heading, show_all};
use crate::context::{Context, attribute, day_or_today, horizon, subject, tell_beyond};
use crate::failure::Failure;
use crate::render::{json, state as told};

/// A key that a question is about, and all that has to be known of it.
pub(crate) struct Asked {
    pub(crate) facts: Facts,
    pub(crate) about: (Seq, Seq),
}

/// The keys a question is about, sorted by subject then attribute, bytewise.
pub(crate) fn keys(
    ledger: &Ledger,
    at: &At<'_>,
    of_subject: Option<&str>,
    of_attribute: Option<&str>,
) -> Result<Vec<Asked>, Failure> {
    let of_subject = of_subject.map(|key| subject(ledger, key)).transpose()?;
    let of_attribute = of_attribute.map(|key| attribute(ledger, key)).transpose()?;
    let asked = |about: (Seq, Seq)| Ok::<_, Failure>(Asked { facts: ledger.facts(&[about])?, about });
    if let (Some(subject), Some(attribute)) = (of_subject, of_attribute) {
        return Ok(vec![asked((at.canonical(subject), attribute))?]);
    }
    let names = ledger.names();
    let mut keys = ledger.keys_at(at, of_subject).into_iter().map(asked).collect::<Result<Vec<_>, _>>()?;
    // Of one subject also what was claimed and is no longer used: that is what is asked about it then.
    keys.retain(|asked| {
        let key = at.of(&asked.facts).key(asked.about.0, asked.about.1);
        key.has_live_claim() || of_subject.is_some() && key.dropped.iter().any(|(_, why)| was_known(*why))
    });
    keys.sort_by_cached_key(|asked| {
        (names.entity(asked.about.0).into_owned(), names.attribute(asked.about.1).into_owned())
    });
    Ok(keys)
}

/// Whether a claim that is not used was known, and something became of it.
fn was_known(why: Dropped) -> bool {
    !matches!(why, Dropped::NotYetSaid | Dropped::PossiblyKnown)
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
    let (ledger, states) = ask_keys(context, args.subject.as_deref(), None, (Some(day), horizon), &ask)?;
    heading(context, day, horizon)?;
    let is_known = |told: &Told<State>| told.value.status != Status::Unknown;
    let is_anything = states.iter().any(is_known);
    let folds = !context.is_json && !args.all && is_anything;
    let (shown, folded): (Vec<_>, Vec<_>) = states.into_iter().partition(|told| !folds || is_known(told));
    show_all(context, &ledger, &shown)?;
    fold(context, &ledger, args.subject.is_some(), &folded.iter().map(|told| &told.value).collect::<Vec<_>>())?;
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
                let claims = told::claims_of(known, key, day);
                let claims = claims.into_iter().map(|claim| json::claim_of_why(ledger, known, &remarks, claim));
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
