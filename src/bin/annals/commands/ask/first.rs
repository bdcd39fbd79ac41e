//! `first`: who said it first.

use annals::claim::Found;
use annals::date::Window;
use annals::ledger::Ledger;
use annals::projection::{Known, Saying};
use annals::seq::Seq;
use annals::value::Value;

use crate::args::FirstArgs;
use crate::commands::record::claim::Reading;
use crate::context::{Context, attribute, horizon, subject, tell_beyond};
use crate::failure::Failure;
use crate::render::{json, state as told};

/// `first`
pub(crate) fn first(context: &mut Context, args: &FirstArgs) -> Result<bool, Failure> {
    let horizon = horizon(&args.horizon)?;
    let ledger = context.open()?;
    tell_beyond(&ledger, horizon);
    let (subject, attribute) = (subject(&ledger, &args.subject)?, attribute(&ledger, &args.attribute)?);
    let value = args.value.as_ref().map(|value| value_of(&ledger, attribute, value)).transpose()?;
    let facts = ledger.facts(&[(subject, attribute)])?;
    let known = ledger.at(horizon).of(&facts);
    let all = known.first(subject, attribute, value.as_ref());
    let means = |saying: &Saying| value.as_ref().is_none_or(|value| known.means(saying.claim, value));
    let (slips, said): (Vec<Saying>, Vec<Saying>) = all.into_iter().partition(|saying| saying.is_slip);
    let (sayings, fitting): (Vec<Saying>, Vec<Saying>) = said.into_iter().partition(means);
    let count = perhaps_first(&known, &sayings);
    let headings = [if count > 1 { FIRST_OF_SEVERAL } else { "First" }, "Then"];
    let (firsts, later) = sayings.split_at_checked(count).unwrap_or_default();
    show(context, &ledger, headings[0], firsts, (true, false))?;
    show(context, &ledger, headings[1], later, (false, false))?;
    show(context, &ledger, "Fits it, but does not say as much", &fitting, (false, true))?;
    if sayings.is_empty() && !context.is_json {
        context.screen.line("nobody said it")?;
    }
    let only_fits = |slip: &Saying| !means(slip);
    let (fitting, slips): (Vec<Saying>, Vec<Saying>) = slips.into_iter().partition(only_fits);
    show(context, &ledger, SLIPS, &slips, (false, false))?;
    let heading = if slips.is_empty() { SLIPS } else { "" };
    show(context, &ledger, heading, &fitting, (false, true))?;
    Ok(!sayings.is_empty() || !args.exit_code)
}

const SLIPS: &str = "Recorded by mistake, and taken back or corrected here";
const FIRST_OF_SEVERAL: &str = "First, one of these: their dates do not say which";

/// How many of the first sayings can be the first, as far as their dates go.
fn perhaps_first(known: &Known<'_>, sayings: &[Saying]) -> usize {
    let Some(first) = sayings.first().filter(|first| first.is_dated && first.dropped.is_none()) else {
        return usize::from(!sayings.is_empty());
    };
    let is_tied = |saying: &&Saying| {
        let is_timed = first.at.is_timed && saying.at.is_timed;
        let is_used = saying.is_dated && saying.dropped.is_none();
        let is_same_day = saying.at.day == first.at.day && (!is_timed || saying.at.minute == first.at.minute);
        let earliest = said(known, saying).map(|window| window.earliest);
        is_used
            && (is_same_day || earliest.is_some_and(|earliest| earliest <= first.at.day && earliest < saying.at.day))
    };
    sayings.iter().take_while(is_tied).count().max(1)
}

fn said(known: &Known<'_>, saying: &Saying) -> Option<Window> {
    known.said_on(saying.claim)?.window()
}

fn show(
    context: &mut Context,
    ledger: &Ledger,
    heading: &str,
    sayings: &[Saying],
    (is_first, only_fits): (bool, bool),
) -> Result<(), Failure> {
    if !sayings.is_empty() && !heading.is_empty() && !context.is_json {
        context.screen.heading(heading, "")?;
    }
    for saying in sayings {
        if context.is_json {
            let mut line = json::saying(ledger, saying)?;
            line.insert("first".into(), is_first.into());
            line.insert("only_fits".into(), only_fits.into());
            line.insert("is_slip".into(), saying.is_slip.into());
            context.screen.json(&line)?;
        } else {
            told::saying(&mut context.screen, ledger, saying)?;
        }
    }
    Ok(())
}

/// A typed value of an attribute, read as `record` reads it, its entity looked up.
fn value_of(ledger: &Ledger, attribute: Seq, text: &str) -> Result<Value<Seq>, Failure> {
    let catalogue = ledger.catalogue();
    let defined = catalogue.attribute(attribute);
    let (value_type, unit) = (defined.map(|d| d.value_type), defined.and_then(|d| d.unit.as_deref()));
    let mut wrong = Found::default();
    let typed = Reading { catalogue, defined }.read(text.to_owned(), None, &mut wrong)?;
    wrong.done(Some(())).map_err(|problems| Failure::usage_of(problems.first()))?;
    let value = typed.resolve(value_type, unit);
    let value = value.map_err(|error| Failure::usage(format!("value: {error}"), "write it as `record` takes it"))?;
    value.try_rename(|key| subject(ledger, &key))
}
