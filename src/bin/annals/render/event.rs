//! Events for people.

use std::borrow::Cow;
use std::io;

use annals::event::{Event, Noted, Recorded};
use annals::exchange::{Names, event_json, instant_text};
use annals::ledger::{Ledger, Remarks, Stored};
use annals::projection::{source_text, valid_text, value_text};
use annals::seq::Seq;

use super::remark;
use crate::failure::Failure;
use crate::screen::Screen;

/// A claim: what it says, its chain, quote and notes, and what became of it.
pub(crate) fn claim_lines(
    screen: &mut Screen,
    ledger: &Ledger,
    remarks: &Remarks,
    seq: Seq,
    indent: &str,
) -> Result<(), Failure> {
    let Some(claim) = ledger.claim(seq)? else { return Ok(()) };
    let id = ledger.id_of(seq).map_or_else(String::new, |id| format!(" ({id})"));
    let denied = if claim.statement.polarity.word() == "deny" { "denied: " } else { "" };
    let private = if claim.is_private { "  [private]" } else { "" };
    screen.line(&format!(
        "{indent}{seq}{id} {denied}{} {}{private}",
        value_text(ledger.catalogue(), &claim.statement.value),
        valid_text(&claim.statement.valid)
    ))?;
    let chain: Vec<String> = claim
        .chain
        .iter()
        .map(|link| {
            let on = link.on.as_ref().map_or_else(String::new, |on| format!(" {on}"));
            format!("{} ({}{on})", source_text(ledger.catalogue(), link.who), link.how.word())
        })
        .collect();
    let said_on = claim.reference.said_on.as_ref().map_or_else(String::new, |said_on| format!(", said on {said_on}"));
    let chain = if chain.is_empty() { "nobody named".to_owned() } else { chain.join(" → ") };
    screen.line(&format!("{indent}    by {chain}{said_on}"))?;
    let reference = &claim.reference;
    for (name, text) in [
        ("quote", &reference.quote),
        ("url", &reference.url),
        ("dating", &reference.dating_note),
        ("note", &reference.note),
    ] {
        if let Some(text) = text {
            screen.line(&format!("{indent}    {name}: {text}"))?;
        }
    }
    for digest in &reference.evidence {
        screen.line(&format!("{indent}    copy: {}", remark::short(digest)))?;
    }
    Ok(remark::remark_lines(screen, ledger, remarks, seq, &format!("{indent}    "))?)
}

/// Who acts upon an event.
fn actor(ledger: &Ledger, by: annals::event::By) -> Cow<'_, str> {
    by.map_or(Cow::Borrowed("the desk"), |by| source_text(ledger.catalogue(), by))
}

/// One line of the log, with what became of the event.
pub(crate) fn log_line(screen: &mut Screen, ledger: &Ledger, remarks: &Remarks, stored: &Stored) -> io::Result<()> {
    let seq = stored.recorded.seq;
    let names = ledger.names();
    let about = match &stored.recorded.event {
        None => "(payload erased)".to_owned(),
        Some(event) => summary(ledger, event),
    };
    let id = ledger.id_of(seq).map_or_else(String::new, |id| format!(" {id}"));
    let instant = instant_text(stored.recorded.at_micros);
    let minute = instant.get(..16).unwrap_or(&instant).replace('T', " ");
    let origin = remark::origin_text(ledger, remarks, seq).map_or_else(String::new, |origin| format!("  [{origin}]"));
    screen.line(&format!(
        "{seq:>6} {minute} {:<8} {:<16}{id}  {about}{}{origin}",
        names.actor(stored.recorded.actor),
        stored.kind.word(),
        became_text(remarks, seq),
    ))
}

/// What became of an event, in few words.
fn became_text(remarks: &Remarks, seq: Seq) -> String {
    if let Some(retraction) = remarks.retraction_of(seq) {
        return format!(" — taken back ({})", retraction.seq);
    }
    let stands = |by: &&Recorded| remarks.retraction_of(by.seq).is_none();
    let told = remarks.on(seq).iter().filter(stands).filter_map(|by| match by.event.as_ref()? {
        Event::Corrected { successor, .. } => Some(format!("corrected to {successor}")),
        Event::Disputed(_) => Some(format!("disputed ({})", by.seq)),
        Event::Assessed(assessment) => Some(format!("rated {} ({})", assessment.rating, by.seq)),
        Event::Returned(_) => Some(format!("returned ({})", by.seq)),
        _ => None,
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { String::new() } else { format!(" — {}", told.join(", ")) }
}

/// What an event says, in a line.
fn summary(ledger: &Ledger, event: &Event) -> String {
    let names = ledger.names();
    match event {
        Event::ClaimAsserted(claim) => {
            let statement = &claim.statement;
            let by = claim.chain.first().map(|origin| format!(", by {}", source_text(ledger.catalogue(), origin.who)));
            let denied = if statement.polarity.word() == "deny" { "not " } else { "" };
            format!(
                "{} {} {denied}{} {}{}",
                names.entity(statement.subject),
                names.attribute(statement.attribute),
                value_text(ledger.catalogue(), &statement.value),
                valid_text(&statement.valid),
                by.unwrap_or_default()
            )
        }
        Event::Genesis(genesis) => genesis.origin.to_string(),
        Event::ActorRegistered { name, .. } => name.to_string(),
        Event::AttributeDefined(attribute) => attribute.key.to_string(),
        Event::EntityRegistered(entity) => entity.key.to_string(),
        Event::SourceRegistered(source) => source.key.to_string(),
        Event::Corrected { act, successor } => {
            format!("{} by {} to {successor}: {}", names.told(act.target), actor(ledger, act.by), act.reason)
        }
        Event::Disputed(act) | Event::Retracted(act) | Event::Approved(act) | Event::Returned(act) => {
            format!("{} by {}: {}", names.told(act.target), actor(ledger, act.by), act.reason)
        }
        Event::Assessed(assessment) => {
            let act = &assessment.act;
            let by = actor(ledger, act.by);
            format!("{} {} by {by}: {}", names.told(act.target), assessment.rating, act.reason)
        }
        Event::Noted(Noted { about: Some(about), text, .. }) => format!("about {}: {text}", names.told(*about)),
        Event::Noted(noted) => noted.text.to_string(),
        Event::LedgerRegistered { origin, .. } => origin.to_string(),
        Event::KeyAuthorised { name, roles, .. } => format!("{name} may {}", roles.join(", ")),
        Event::KeyRevoked { key, reason } => format!("{key}: {reason}"),
        Event::PayloadErased { target, basis, .. } => format!("{target}: {basis}"),
        other => {
            let line = event_json(other, &names, None).unwrap_or_default();
            let fields = line.iter().filter(|(name, _)| *name != "type");
            let told = |value: &serde_json::Value| match value.as_str() {
                Some(text) if text.len() >= 40 && text.bytes().all(|b| b.is_ascii_hexdigit()) => remark::short(text),
                Some(text) => text.to_owned(),
                None => value.to_string(),
            };
            let given = fields.filter(|(_, value)| !value.is_null());
            given.map(|(name, value)| format!("{name} {}", told(value))).collect::<Vec<_>>().join(", ")
        }
    }
}
