//! States, stretches and sayings for people.

use std::io;

use annals::exchange::Names;
use annals::ledger::Ledger;
use annals::projection::{
    Dropped, Horizon, MarkTold, RecordedBy, Saying, State, Status, Stretch, entity_text, row_text, source_text,
    valid_text, value_text,
};
use annals::seq::Seq;

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

/// The values, or a dash if there is none.
pub(crate) fn values(ledger: &Ledger, state: &State) -> String {
    let all: Vec<_> = state.values.iter().map(|value| value_text(ledger.facts().catalogue(), value)).collect();
    let between = if state.flags.iter().any(|flag| flag.word() == "changed that day") { ", then " } else { " | " };
    if all.is_empty() { "—".to_owned() } else { all.join(between) }
}

/// The subject as a heading.
pub(crate) fn subject_heading(screen: &mut Screen, ledger: &Ledger, subject: Seq) -> io::Result<()> {
    let (label, key) = (entity_text(ledger.facts().catalogue(), subject), ledger.names());
    let key = key.entity(subject);
    screen.heading(&label, &if label == key { String::new() } else { format!("  ({key})") })
}

/// One row: status, attribute, values, support, since; and the reason below.
pub(crate) fn row(screen: &mut Screen, ledger: &Ledger, state: &State) -> io::Result<()> {
    let support = state.sides.iter().map(|side| side.support.to_string()).collect::<Vec<_>>().join(" | ");
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
        values(ledger, state),
        since.unwrap_or_default(),
    ))?;
    screen.line(&format!("              {}", state.reason))
}

/// The dates of a question in words.
pub(crate) fn horizon_text(horizon: Horizon) -> String {
    let mut text = String::new();
    if let Some(day) = horizon.reported {
        text = format!(", as reported by {day}");
    }
    if let Some(recorded) = horizon.recorded {
        return format!("{text}, as recorded by {}", recorded_text(recorded));
    }
    text
}

/// By when it had been recorded.
pub(super) fn recorded_text(recorded: RecordedBy) -> String {
    match recorded {
        RecordedBy::Day(day) => day.to_string(),
        RecordedBy::Micros(micros) => annals::exchange::instant_text(micros),
        RecordedBy::Seq(seq) => seq.to_string(),
    }
}

/// The working of an answer: marks, row, and every claim behind it.
pub(crate) fn why(screen: &mut Screen, ledger: &Ledger, state: &State, working: &[MarkTold]) -> io::Result<()> {
    screen.line("              marks of the day (struck out: removed when reduced):")?;
    for mark in working {
        let day = mark.day.map_or_else(String::new, |day| format!("({day})"));
        let tentative = if mark.is_tentative { ", tentative" } else { "" };
        let gap = if mark.is_gap { ", a gap between periods" } else { "" };
        let struck = if mark.is_left { " " } else { "-" };
        let value = value_text(ledger.facts().catalogue(), &mark.value);
        screen.line(&format!("              {struck} {}{day} {value}  {}{tentative}{gap}", mark.letter, mark.claim))?;
    }
    let (asks, answers) = row_text(state.row);
    screen.line(&format!("              row {}: {asks} → {}", state.row, answers.word()))?;
    let mut claims: Vec<Seq> = working.iter().map(|mark| mark.claim).collect();
    claims.sort_unstable();
    claims.dedup();
    for claim in claims {
        crate::render::event::claim_lines(screen, ledger, claim, "              ")?;
    }
    Ok(())
}

/// One stretch of a timeline.
pub(crate) fn stretch(screen: &mut Screen, ledger: &Ledger, stretch: &Stretch) -> io::Result<()> {
    let day = |day: Option<annals::date::Day>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
    let flags: Vec<&str> = stretch.state.flags.iter().map(|flag| flag.word()).collect();
    let flags = if flags.is_empty() { String::new() } else { format!("  [{}]", flags.join(", ")) };
    let (from, until) = (day(stretch.from), day(stretch.until));
    screen.line(&format!(
        "  {from:>10} – {until:<10}  {} {}{flags}",
        badge(stretch.state.status),
        values(ledger, &stretch.state)
    ))
}

/// One claim with who said it and when.
pub(crate) fn saying(screen: &mut Screen, ledger: &Ledger, saying: &Saying) -> io::Result<()> {
    let Some(claim) = ledger.facts().claim(saying.claim) else { return Ok(()) };
    let origin = claim
        .chain
        .first()
        .map(|origin| format!("{} ({})", source_text(ledger.facts().catalogue(), origin.who), origin.how.word()));
    let day = if saying.is_dated { saying.at.to_string() } else { format!("undated, here since {}", saying.at.day) };
    let dropped = saying.dropped.map_or_else(String::new, |why| format!("  — not used: {}", dropped_text(why)));
    let statement = &claim.statement;
    screen.line(&format!(
        "  {day}  {}  {} {}  {}{dropped}",
        origin.as_deref().unwrap_or("nobody named"),
        value_text(ledger.facts().catalogue(), &statement.value),
        valid_text(&statement.valid),
        saying.claim
    ))
}

/// Why a claim is not used.
pub(crate) fn dropped_text(why: Dropped) -> String {
    match why {
        Dropped::Retracted { .. } => "retracted".to_owned(),
        Dropped::Corrected { successor } => format!("corrected, see {successor}"),
        Dropped::CorrectionDoesNotApply => "its correction was taken back or not yet said".to_owned(),
        Dropped::RatedFalse { .. } => "rated false".to_owned(),
        Dropped::NotYetSaid => "said later".to_owned(),
        Dropped::PossiblyKnown => "possibly known, its saying is not dated".to_owned(),
        Dropped::Erased => "erased".to_owned(),
    }
}
