//! States, stretches and sayings for people.

use std::fmt::Write as _;
use std::io;

use annals::event::{ActKind, Cardinality, Event};
use annals::exchange::Names;
use annals::ledger::{Ledger, Remarks};
use annals::projection::{
    Answer, Dropped, Flag, Horizon, Key, Known, MarkTold, Saying, State, Status, Stretch, entity_text, row_text,
    source_text, valid_text, value_text,
};
use annals::seq::Seq;
use annals::value::Value;

use super::text;
use crate::failure::Failure;
use crate::screen::Screen;

/// The sign beside the word; neither colour nor sign stands alone.
pub(crate) fn sign(status: Status) -> &'static str {
    match status {
        Status::Stated => "●",
        Status::Presumed => "○",
        Status::Possible => "?",
        Status::Contested => "≠",
        Status::Unknown => "·",
        Status::None => "∅",
    }
}

/// `● stated`, padded.
pub(crate) fn badge(status: Status) -> String {
    format!("{} {:<9}", sign(status), status.word())
}

/// So many sides of an answer are shown.
const SIDES_SHOWN: usize = 5;

/// The values of an attribute, or a dash if there is none; of many the first, and how many more there are.
pub(crate) fn values(ledger: &Ledger, attribute: Seq, answer: &Answer) -> String {
    let is_mixed = answer.statuses.len() == answer.values.len() && has_own_statuses(ledger, attribute, answer);
    let told = |(place, value): (usize, &Value<Seq>)| {
        let own = answer.statuses.get(place).filter(|_| is_mixed).map(|status| format!(" ({})", status.word()));
        format!("{}{}", value_text(ledger.catalogue(), value), own.unwrap_or_default())
    };
    let all: Vec<_> = answer.values.iter().enumerate().take(SIDES_SHOWN).map(told).collect();
    let between = if answer.flags.contains(&Flag::ChangedThatDay) { ", then " } else { " | " };
    let more = answer.values.len().saturating_sub(SIDES_SHOWN) + answer.more;
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    if all.is_empty() { "—".to_owned() } else { format!("{}{more}", all.join(between)) }
}

/// Whether the values have each a status of its own, as in a multi-valued attribute, and not all the same.
fn has_own_statuses(ledger: &Ledger, attribute: Seq, answer: &Answer) -> bool {
    let attribute = ledger.catalogue().attribute(attribute);
    let is_multi = attribute.is_some_and(|attribute| attribute.cardinality == Cardinality::Multi);
    let is_own = is_multi || answer.status != Status::Contested && !matches!(answer.row, 8 | 9 | 11);
    is_own && answer.statuses.iter().any(|status| *status != answer.status)
}

/// The subject as a heading.
pub(crate) fn subject_heading(screen: &mut Screen, ledger: &Ledger, subject: Seq) -> io::Result<()> {
    let (label, key) = (entity_text(ledger.catalogue(), subject), ledger.names());
    let key = key.entity(subject);
    screen.heading(&label, &if label == key { String::new() } else { format!("  ({key})") })
}

/// One row: status, attribute, values, support, since; and the reason below.
pub(crate) fn row(screen: &mut Screen, ledger: &Ledger, state: &State) -> Result<(), Failure> {
    let support = state.sides.iter().take(SIDES_SHOWN).map(|side| side.support.to_string());
    let support = support.collect::<Vec<_>>().join(" | ");
    let since = match state.sides.as_slice() {
        [only] => only.since.map(|day| format!(" since {day}")),
        _ => None,
    };
    let support = if support.is_empty() { String::new() } else { format!("  support {support}") };
    let attribute = ledger.names();
    screen.line(&format!(
        "  {} {}: {}{}{support}",
        badge(state.status),
        attribute.attribute(state.attribute),
        values(ledger, state.attribute, &state.answer()),
        since.unwrap_or_default(),
    ))?;
    let fits = fits(ledger, state);
    screen.line(&format!(
        "              {}{}{fits}",
        state.reason.text(ledger.catalogue()),
        disputes(ledger, state)?
    ))?;
    Ok(())
}

/// `; #5 agrees and says less`: the claims that fit, each once, with the values they agree with where there are several.
fn fits(ledger: &Ledger, state: &State) -> String {
    let sides = state.sides.get(..SIDES_SHOWN).unwrap_or(&state.sides);
    let mut claims: Vec<Seq> = sides.iter().flat_map(|side| &side.fits).copied().collect();
    claims.sort_unstable();
    claims.dedup();
    let with = |claim: Seq| {
        let values: Vec<_> = sides.iter().filter(|side| side.fits.contains(&claim)).map(|side| &side.value).collect();
        match (values.as_slice(), sides.len()) {
            (_, 1) => String::new(),
            (all, 2) if all.len() == 2 => " with both".to_owned(),
            (all, shown) if all.len() == shown => " with all".to_owned(),
            (some, _) => {
                let named = some.iter().map(|value| value_text(ledger.catalogue(), value));
                format!(" with {}", named.collect::<Vec<_>>().join(" and "))
            }
        }
    };
    let told: Vec<(String, Seq)> = claims.into_iter().take(SIDES_SHOWN).map(|claim| (with(claim), claim)).collect();
    let alike = told.chunk_by(|a, b| a.0 == b.0).map(|alike| {
        let named: Vec<String> = alike.iter().map(|(_, claim)| claim.to_string()).collect();
        let with = alike.first().map_or("", |(with, _)| with);
        let (agree, say) = if named.len() == 1 { ("agrees", "says") } else { ("agree", "say") };
        format!("; {} {agree}{with} and {say} less", named.join(", "))
    });
    alike.collect()
}

/// Who disputes the claims behind an answer, if that makes it contested.
fn disputes(ledger: &Ledger, state: &State) -> Result<String, Failure> {
    if !state.flags.contains(&Flag::Disputed) {
        return Ok(String::new());
    }
    let facts = ledger.facts(&[(state.subject, state.attribute)])?;
    let last = ledger.at(state.as_of.horizon).last();
    let is_taken_back =
        |seq: Seq| facts.acts_on(seq).iter().any(|act| act.kind == ActKind::Retracted && act.seq <= last);
    let acts = state.sides.iter().flat_map(|side| &side.claims).flat_map(|claim| facts.acts_on(*claim));
    let disputes = acts.filter(|act| act.kind == ActKind::Disputed && act.seq <= last && !is_taken_back(act.seq));
    let mut told = String::new();
    for act in disputes.take(SIDES_SHOWN) {
        let by = act.by.map_or("the desk".into(), |by| source_text(ledger.catalogue(), by));
        let event = ledger.event(act.seq)?.and_then(|stored| stored.recorded.event);
        let reason = if let Some(Event::Disputed(dispute)) = event { dispute.reason } else { Box::default() };
        let _ = write!(told, "; {by} disputes {} ({}): {reason}", act.target, act.seq);
    }
    Ok(told)
}

/// The dates of a question in words.
pub(crate) fn horizon_text(horizon: Horizon) -> String {
    let mut text = String::new();
    if let Some(day) = horizon.reported {
        text = format!(", as reported by {day}");
    }
    if let Some(recorded) = horizon.recorded {
        return format!("{text}, as recorded by {}", text::recorded_text(recorded));
    }
    text
}

/// The claims of which `why` tells: those that say something of the day, and those that are not used.
pub(crate) fn claims_of(known: &Known<'_>, key: &Key, day: annals::date::Day) -> Vec<Seq> {
    let said = known.working(key, day).into_iter().map(|mark| mark.claim);
    let dropped = key.dropped.iter().filter(|(_, why)| *why != Dropped::Erased).map(|(claim, _)| *claim);
    let mut claims: Vec<Seq> = said.chain(dropped).collect();
    claims.sort_unstable();
    claims.dedup();
    claims
}

/// The working of an answer: marks, row, and every claim behind it, with what became of it.
pub(crate) fn why(
    screen: &mut Screen,
    ledger: &Ledger,
    known: &Known<'_>,
    remarks: &Remarks,
    key: &Key,
    state: &State,
) -> Result<(), Failure> {
    let working: Vec<MarkTold> = known.working(key, state.as_of.valid);
    screen.line("              marks of the day (struck out: removed when reduced):")?;
    for mark in &working {
        let day = mark.day.map_or_else(String::new, |day| format!("({day})"));
        let tentative = if mark.is_tentative { ", tentative" } else { "" };
        let gap = if mark.is_gap { ", a gap between periods" } else { "" };
        let struck = if mark.is_left { " " } else { "-" };
        let value = value_text(ledger.catalogue(), &mark.value);
        screen.line(&format!("              {struck} {}{day} {value}  {}{tentative}{gap}", mark.letter, mark.claim))?;
    }
    let (asks, answers) = row_text(state.row);
    screen.line(&format!("              row {}: {asks} → {}", state.row, answers.word()))?;
    for claim in claims_of(known, key, state.as_of.valid) {
        super::event::claim_lines(screen, ledger, remarks, claim, "              ")?;
        if let Some(why) = known.saying(claim).and_then(|saying| saying.dropped) {
            screen.line(&format!("                  not used: {}", text::dropped_text(why)))?;
        }
    }
    Ok(())
}

/// What is contested over some days, in one line: who stands against whom, and why.
pub(crate) fn contest(screen: &mut Screen, ledger: &Ledger, stretch: &Stretch, state: &State) -> Result<(), Failure> {
    let names = ledger.names();
    let attribute = names.attribute(state.attribute);
    let when = match (stretch.from, stretch.until) {
        (Some(from), Some(until)) if from == until => from.to_string(),
        (None, None) => "always".to_owned(),
        (from, until) => {
            let day = |day: Option<annals::date::Day>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
            format!("{} – {}", day(from), day(until))
        }
    };
    let sign = sign(state.status);
    screen.line(&format!(
        "  {sign} {when}  {attribute}: {}{}",
        state.reason.text(ledger.catalogue()),
        disputes(ledger, state)?
    ))?;
    Ok(())
}

/// One stretch of a timeline.
pub(crate) fn stretch(screen: &mut Screen, ledger: &Ledger, attribute: Seq, stretch: &Stretch) -> io::Result<()> {
    let answer = &stretch.answer;
    let day = |day: Option<annals::date::Day>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
    let flags: Vec<&str> = answer.flags.iter().map(|flag| flag.word()).collect();
    let flags = if flags.is_empty() { String::new() } else { format!("  [{}]", flags.join(", ")) };
    let (from, until) = (day(stretch.from), day(stretch.until));
    screen.line(&format!(
        "  {from:>10} – {until:<10}  {} {}{flags}",
        badge(answer.status),
        values(ledger, attribute, answer)
    ))
}

/// One claim with who said it and when.
pub(crate) fn saying(screen: &mut Screen, ledger: &Ledger, saying: &Saying) -> Result<(), Failure> {
    let Some(claim) = ledger.claim(saying.claim)? else { return Ok(()) };
    let origin = claim
        .chain
        .first()
        .map(|origin| format!("{} ({})", source_text(ledger.catalogue(), origin.who), origin.how.word()));
    let day = super::json::said_text(Some(&claim), saying).unwrap_or_else(|| "undated".to_owned());
    let dropped = saying.dropped.map_or_else(String::new, |why| format!("  — not used: {}", text::dropped_text(why)));
    let statement = &claim.statement;
    screen.line(&format!(
        "  {day}  {}  {} {}  {}{dropped}",
        origin.as_deref().unwrap_or("nobody named"),
        value_text(ledger.catalogue(), &statement.value),
        valid_text(&statement.valid),
        saying.claim
    ))?;
    Ok(())
}

/// A claim that gives no day.
pub(crate) fn undated(screen: &mut Screen, ledger: &Ledger, seq: Seq) -> Result<(), Failure> {
    let Some(claim) = ledger.claim(seq)? else { return Ok(()) };
    let catalogue = ledger.catalogue();
    let origin = claim.chain.first().map_or("nobody named".into(), |origin| source_text(catalogue, origin.who));
    let (value, valid) = (value_text(catalogue, &claim.statement.value), valid_text(&claim.statement.valid));
    screen.line(&format!("  {valid:<23}  {seq} {value}, by {origin}"))?;
    Ok(())
}
