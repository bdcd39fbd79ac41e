//! What became of an event: everything that later ones say of it, and what of that was taken back.

use std::borrow::Cow;
use std::io;

use annals::date::Day;
use annals::event::{Act, Event, Recorded, Verdict};
use annals::exchange::{Names, event_json};
use annals::ledger::{Ledger, Remarks};
use annals::projection::{Known, source_text};
use annals::seq::Seq;
use serde_json::{Map, Value as Json, json};

use super::json::{claim, object};
use super::text::dropped_text;
use crate::screen::Screen;

/// One line for each thing that was said of an event, and who entered it first if that was elsewhere.
pub(crate) fn remark_lines(
    screen: &mut Screen,
    ledger: &Ledger,
    remarks: &Remarks,
    seq: Seq,
    indent: &str,
) -> io::Result<()> {
    if let Some((correction, old)) = remarks.correction_behind(seq) {
        let reason = remarks.on(old).iter().find(|recorded| recorded.seq == correction).and_then(reason_of);
        let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
        let taken_back = taken_back_text(ledger, remarks, correction);
        screen.line(&format!("{indent}replaces {old} ({correction}){reason}{taken_back}"))?;
    }
    for recorded in remarks.on(seq) {
        let Some(told) = remark_text(ledger, seq, recorded) else { continue };
        screen.line(&format!("{indent}{told}{}", taken_back_text(ledger, remarks, recorded.seq)))?;
    }
    if let Some(origin) = origin_text(ledger, remarks, seq) {
        screen.line(&format!("{indent}{origin}"))?;
    }
    Ok(())
}

/// What was said of an event, for programs: each remark as its line, with the retraction that took it back.
pub(crate) fn remarks_json(ledger: &Ledger, remarks: &Remarks, seq: Seq) -> Vec<Json> {
    let names = ledger.names();
    let told = remarks.on(seq).iter().filter_map(|recorded| {
        let event = recorded.event.as_ref()?;
        let successor = if let Event::Corrected { successor, .. } = event { Some(*successor) } else { None };
        let mut line = event_json(event, &names, None).unwrap_or_else(|| {
            let mut line = Map::new();
            line.insert("type".into(), event.kind().word().into());
            line
        });
        line.insert("seq".into(), recorded.seq.0.into());
        line.insert("actor".into(), names.actor(recorded.actor).into());
        if let Some(successor) = successor {
            line.insert("successor".into(), successor.0.into());
        }
        let retraction = remarks.retraction_of(recorded.seq).map(|retraction| retraction.seq.0);
        line.insert("taken_back".into(), retraction.into());
        Some(Json::Object(line))
    });
    told.collect()
}

/// The claim that an event replaces, by which correction and why.
pub(crate) fn replaces_json(ledger: &Ledger, remarks: &Remarks, seq: Seq) -> Json {
    let Some((correction, old)) = remarks.correction_behind(seq) else { return Json::Null };
    let reason = remarks.on(old).iter().find(|recorded| recorded.seq == correction).and_then(reason_of);
    let retraction = remarks.retraction_of(correction).map(|retraction| retraction.seq.0);
    json!({"claim": claim(ledger, old), "correction": correction.0, "reason": reason, "taken_back": retraction})
}

/// A claim behind an answer: whether it is used, what it replaces and what was said of it.
pub(crate) fn claim_of_why(ledger: &Ledger, known: &Known<'_>, remarks: &Remarks, seq: Seq) -> Json {
    let mut line = object(claim(ledger, seq));
    let dropped = known.saying(seq).and_then(|saying| saying.dropped);
    line.insert("used".into(), dropped.is_none().into());
    line.insert("dropped".into(), dropped.map(dropped_text).into());
    line.insert("replaces".into(), replaces_json(ledger, remarks, seq));
    line.insert("remarks".into(), remarks_json(ledger, remarks, seq).into());
    line.into()
}

fn reason_of(recorded: &Recorded) -> Option<&str> {
    match recorded.event.as_ref()? {
        Event::Corrected { act, .. } => Some(&act.reason),
        _ => None,
    }
}

/// What a later event says of one.
pub(crate) fn remark_text(ledger: &Ledger, of: Seq, recorded: &Recorded) -> Option<String> {
    let seq = recorded.seq;
    let by = |act: &Act| actor_text(ledger, act.by, recorded);
    let said = |act: &Act| act.said_on.as_ref().map_or_else(String::new, |said_on| format!(", {said_on}"));
    let done = |done: &str, act: &Act| format!("{done} by {} ({seq}{}): {}", by(act), said(act), act.reason);
    let who = || entered_by(ledger, recorded);
    let names = ledger.names();
    Some(match recorded.event.as_ref()? {
        Event::Retracted(act) => done("taken back", act),
        Event::Corrected { act, successor } => done(&format!("corrected to {successor}"), act),
        Event::Disputed(act) => done("disputed", act),
        Event::Assessed(assessment) => {
            let act = &assessment.act;
            let checker = act.by.map_or_else(who, |by| source_text(ledger.catalogue(), by));
            let label = assessment.label.as_ref().map_or_else(String::new, |label| format!(" ({label})"));
            let credibility = assessment.credibility.map_or_else(String::new, |grade| format!(", credibility {grade}"));
            let said = said(act);
            let rating = match assessment.verdict() {
                Some(is_true) => is_true.to_string(),
                None => format!("{:?}", assessment.rating),
            };
            format!("rated {rating}{label} by {checker} ({seq}{said}{credibility}): {}", act.reason)
        }
        Event::Approved(act) => format!("approved by {} ({seq}): {}", who(), act.reason),
        Event::Returned(act) => format!("returned by {} ({seq}): {}", who(), act.reason),
        Event::Noted(noted) => format!("note by {} ({seq}): {}", who(), noted.text),
        Event::ReferenceAdded(added) => {
            let quote = added.quote.as_ref().map(|quote| format!("“{quote}”"));
            let copies = added.evidence.iter().map(|digest| format!("copy {}", short(digest)));
            let parts = added.url.iter().map(ToString::to_string).chain(quote).chain(copies);
            let parts = parts.chain(added.note.iter().map(ToString::to_string)).collect::<Vec<_>>();
            format!("also {} ({seq})", parts.join("  "))
        }
        Event::SourceRated(rated) => {
            let on = rated.on.as_ref().map_or_else(String::new, |on| format!(", {on}"));
            let reason = rated.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
            format!("graded {} by {} ({seq}{on}){reason}", rated.reliability.word(), who())
        }
        Event::SourceLinked { source, to, how, .. } => {
            format!("link: {} {} {} ({seq})", names.source(*source), how.word(), names.source(*to))
        }
        Event::EntitiesJudged(judged) => {
            let [one, other] = judged.entities;
            let other = names.entity(if one == of { other } else { one });
            let verdict = match judged.verdict {
                Verdict::Same => "the same as",
                Verdict::Different => "different from",
                Verdict::Unsure => "perhaps the same as",
            };
            let reason = judged.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
            format!("{verdict} {other} ({seq}){reason}")
        }
        _ => return None,
    })
}

/// ` — taken back by the desk (#9): mixed up`, if it was.
pub(crate) fn taken_back_text(ledger: &Ledger, remarks: &Remarks, seq: Seq) -> String {
    let Some(retraction) = remarks.retraction_of(seq) else { return String::new() };
    let Some(Event::Retracted(act)) = &retraction.event else { return String::new() };
    format!(" — taken back by {} ({}): {}", actor_text(ledger, act.by, retraction), retraction.seq, act.reason)
}

/// `recorded by ben in example.org/north, 2024-11-24; imported by ana`, of an event that came from another ledger.
pub(crate) fn origin_text(ledger: &Ledger, remarks: &Remarks, seq: Seq) -> Option<String> {
    let (first, imported) = remarks.origin_of(seq)?;
    let (catalogue, names) = (ledger.catalogue(), ledger.names());
    let place = catalogue.ledger_of(first.actor).map_or("another ledger", |(_, origin, _)| origin);
    let day = Day::of_unix_micros(first.at_micros);
    let (author, by) = (names.actor(first.actor), names.actor(imported.actor));
    Some(format!("recorded by {author} in {place}, {day}; imported by {by}"))
}

/// Who acts: a source by its label, else the desk, that of another ledger by the ledger's name.
fn actor_text<'l>(ledger: &'l Ledger, by: Option<Seq>, recorded: &Recorded) -> Cow<'l, str> {
    let catalogue = ledger.catalogue();
    if let Some(by) = by {
        return source_text(catalogue, by);
    }
    let elsewhere = recorded.first.as_ref().and_then(|first| catalogue.ledger_of(first.actor));
    elsewhere.map_or(Cow::Borrowed("the desk"), |(_, origin, _)| Cow::Owned(format!("the desk of {origin}")))
}

/// Who entered an event: the actor, of another ledger where it was entered there first.
fn entered_by<'l>(ledger: &'l Ledger, recorded: &Recorded) -> Cow<'l, str> {
    let actor = recorded.first.as_ref().map_or(recorded.actor, |first| first.actor);
    let name = ledger.catalogue().actor(actor).unwrap_or("the desk");
    Cow::Borrowed(name)
}

/// The start of a digest, as much as tells it from others at a glance.
pub(crate) fn short(digest: &str) -> String {
    let digits = digest.rsplit_once(':').map_or(digest, |(_, digits)| digits);
    match digits.get(..8) {
        Some(start) if digits.len() > 8 => format!("{start}…"),
        _ => digits.to_owned(),
    }
}
