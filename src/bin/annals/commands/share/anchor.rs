//! `anchor`.

use std::io::Write;
use std::path::Path;

use annals::date::Day;
use annals::event::{EvidenceAdded, Proposed};
use annals::exchange::instant_text;
use annals::ledger::{CapturedCopy, Existing, Policy, Whole};
use annals::share::stamp::{Response, Stamp};
use annals::share::{
    Anchor, AnchorState, Anchored, CLOCKS_APART_MICROS, HeldBy, anchor_recorded_as, anchors, attach_stamp, authorities,
    check_anchors, is_to_come, request_stamp,
};
use serde_json::{Map, Value, json};

use crate::args::AnchorArgs;
use crate::clock::now_micros;
use crate::commands::record::write;
use crate::context::Context;
use crate::failure::Failure;
use crate::render::json::object;
use crate::screen::say;
use crate::words::counted;

/// `anchor`
pub(crate) fn anchor(context: &mut Context, args: &AnchorArgs) -> Result<bool, Failure> {
    if let Some(out) = &args.request {
        return request(context, out, args.force);
    }
    match (&args.ca, &args.attach) {
        (Some(ca), Some(response)) => attach(context, response, ca, args.record),
        (Some(ca), None) if args.check => check(context, ca),
        (Some(_), None) => Err(Failure::usage("--ca alone does nothing", "add --check, or --attach FILE")),
        (None, _) => list(context),
    }
}

fn request(context: &mut Context, out: &Path, is_forced: bool) -> Result<bool, Failure> {
    let whole = (out != Path::new("-")).then(|| Whole::create(out, Existing::by_force(is_forced))).transpose()?;
    let (anchor, request) = request_stamp(&context.dir)?;
    let Some(whole) = whole else {
        context.screen.raw().write_all(&request)?;
        say(&format!("note: this asks for a time-stamp of the head of {}", counted(anchor.size, "event")));
        return Ok(true);
    };
    whole.fill(&request)?;
    if context.is_json {
        let line = json!({ "type": "anchor-request", "size": anchor.size, "head_file": shown(&anchor.head), "file": shown(out) });
        context.screen.json(&object(line))?;
        return Ok(true);
    }
    let events = counted(anchor.size, "event");
    context.screen.line(&format!("{} asks for a time-stamp of the head of {events}", shown(out)))?;
    context.screen.line("Next: send it to an authority of time, as application/timestamp-query, and then")?;
    context.screen.line("      annals anchor --attach ANSWER --ca CA.pem")?;
    Ok(true)
}

fn attach(context: &mut Context, response: &Path, ca: &Path, records: bool) -> Result<bool, Failure> {
    if records {
        // Nothing is kept if it cannot be recorded.
        context.actor()?;
    }
    let anchored = attach_stamp(&context.dir, response, &authorities(ca)?)?;
    let Anchored { anchor, stamp, is_repeated } = &anchored;
    if context.is_json {
        let mut line = line(anchor, "attached", Some(stamp));
        line.insert("repeated".to_owned(), (*is_repeated).into());
        context.screen.json(&line)?;
    } else {
        context.screen.line(&sentence(anchor.size, stamp))?;
        let kept = if *is_repeated { "Kept already" } else { "Kept" };
        context.screen.line(&format!("{kept} as {}", shown(&anchor.response)))?;
    }
    tell_future(stamp);
    if !records {
        return Ok(true);
    }
    let recorded_as = if *is_repeated { anchor_recorded_as(&context.dir, anchor)? } else { None };
    match recorded_as {
        Some(seq) if !context.is_json => context.screen.line(&format!("Recorded already, as {seq}"))?,
        Some(_) => {}
        None => record(context, anchor, stamp)?,
    }
    Ok(true)
}

/// Records what was stamped and the answer, as evidence captured on the day of the stamp.
fn record(context: &mut Context, anchor: &Anchor, stamp: &Stamp) -> Result<(), Failure> {
    let day: Box<str> = Day::of_unix_micros(stamp.at_micros).to_string().into();
    let copies = vec![CapturedCopy::read(&anchor.head)?, CapturedCopy::read(&anchor.response)?];
    let evidence = |copy: &CapturedCopy| EvidenceAdded { captured_at: Some(day.clone()), ..copy.evidence.clone() };
    let proposed = copies.iter().map(|copy| Proposed::Evidence(evidence(copy))).collect();
    write::record_keeping(context, copies, proposed, Policy::default())
}

fn check(context: &mut Context, ca: &Path) -> Result<bool, Failure> {
    let checked = check_anchors(&context.dir, &authorities(ca)?)?;
    let mut latest: Option<(&Anchor, &HeldBy)> = None;
    let (mut wrong, mut waiting) = (0_u64, 0_u64);
    for (anchor, state) in &checked {
        match state {
            AnchorState::Waiting => waiting += 1,
            AnchorState::Held(held) => {
                tell_held(context, anchor, held)?;
                wrong += u64::from(!held.agrees());
                latest = Some((anchor, held));
            }
            AnchorState::Unheld(unheld) => {
                wrong += 1;
                if context.is_json {
                    let mut line = line(anchor, "refused", None);
                    line.insert("why".to_owned(), unheld.to_string().into());
                    context.screen.json(&line)?;
                } else {
                    context.screen.heading("DOES NOT HOLD", &format!("  {}: {unheld}", shown(&anchor.response)))?;
                }
            }
        }
    }
    if waiting > 0 {
        say(&format!("note: {} not answered yet", counted(waiting, "request")));
    }
    if context.is_json {
        let held = latest.map(|(anchor, held)| {
            json!({ "size": anchor.size, "at": instant_text(held.stamp.at_micros), "authority": held.stamp.authority })
        });
        let line = json!({ "type": "anchors-checked", "newest": held, "wrong": wrong, "waiting": waiting });
        context.screen.json(&object(line))?;
    } else if latest.is_none() && wrong == 0 {
        context.screen.line("no time-stamp is kept: nothing proves by when the ledger held anything")?;
    } else {
        context.screen.line("that proves by when, and not that what the events say is unchanged: `annals verify`")?;
    }
    Ok(wrong == 0 && latest.is_some())
}

fn tell_held(context: &mut Context, anchor: &Anchor, held: &HeldBy) -> Result<(), Failure> {
    if context.is_json {
        let mut line = line(anchor, "held", Some(&held.stamp));
        line.insert("recorded_at".to_owned(), instant_text(held.recorded_at_micros).into());
        line.insert("recorded_as".to_owned(), held.recorded_as.map(|(seq, _)| seq.0).into());
        line.insert("times_agree".to_owned(), held.agrees().into());
        context.screen.json(&line)?;
    } else {
        context.screen.line(&sentence(anchor.size, &held.stamp))?;
        if let Some((seq, _)) = held.recorded_as.filter(|_| held.agrees()) {
            context.screen.line(&format!("  {seq} records that: what was recorded behind it is younger"))?;
        }
        let apart = CLOCKS_APART_MICROS / 60_000_000;
        if held.is_ahead() {
            let said = instant_text(held.recorded_at_micros);
            let told = format!("  the ledger says that #{} was recorded later, at {said}", anchor.size);
            context.screen.heading("TIMES CONTRADICT", &format!("{told} (by more than {apart} minutes)"))?;
        }
        if let Some((seq, at_micros)) = held.recorded_as.filter(|_| held.back_dated().is_some()) {
            let told = format!(
                "  the ledger says that {seq} recorded that before it was made, at {}",
                instant_text(at_micros)
            );
            context.screen.heading("TIMES CONTRADICT", &format!("{told} (by more than {apart} minutes)"))?;
        }
    }
    tell_future(&held.stamp);
    Ok(())
}

/// Says that a time is still to come, by this computer's clock.
fn tell_future(stamp: &Stamp) {
    if is_to_come(stamp, now_micros()) {
        say(&format!("warning: {} is still to come, by the clock of this computer", instant_text(stamp.at_micros)));
    }
}

fn list(context: &mut Context) -> Result<bool, Failure> {
    let all = anchors(&context.dir)?;
    for anchor in &all {
        // What is listed is not checked, so it is not told as true.
        let bytes = if anchor.is_stamped { anchor.response_bytes().ok() } else { None };
        let says = bytes.and_then(|bytes| Response::parse(&bytes).ok().map(|response| response.says_at_micros()));
        if context.is_json {
            let mut line = line(anchor, if anchor.is_stamped { "kept" } else { "waiting" }, None);
            line.insert("says_at".to_owned(), says.map(instant_text).into());
            context.screen.json(&line)?;
            continue;
        }
        let told = match (anchor.is_stamped, says) {
            (false, _) => "waiting for an answer".to_owned(),
            (true, Some(says)) => format!("answered: {} (not checked here)", instant_text(says)),
            (true, None) => "the answer cannot be read".to_owned(),
        };
        context.screen.line(&format!("{}  {}  {told}", counted(anchor.size, "event"), shown(&anchor.head)))?;
    }
    if all.is_empty() && !context.is_json {
        context.screen.line("no time-stamp was asked for; `annals anchor --request FILE` does")?;
    }
    Ok(true)
}

/// `The ledger held 412 events at the latest on 2024-11-24T10:30:00Z (± 1 s), says NAME`
fn sentence(size: u64, stamp: &Stamp) -> String {
    let accuracy = match stamp.accuracy_micros {
        0 => String::new(),
        micros if micros % 1_000_000 == 0 => format!(" (± {} s)", micros / 1_000_000),
        micros => format!(" (± {micros} µs)"),
    };
    let (events, at) = (counted(size, "event"), instant_text(stamp.at_micros));
    format!("The ledger held {events} at the latest on {at}{accuracy}, says {}", stamp.authority)
}

fn line(anchor: &Anchor, state: &str, stamp: Option<&Stamp>) -> Map<String, Value> {
    object(json!({
        "type": "anchor",
        "state": state,
        "size": anchor.size,
        "head_file": shown(&anchor.head),
        "response_file": (state != "waiting").then(|| shown(&anchor.response)),
        "at": stamp.map(|stamp| instant_text(stamp.at_micros)),
        "accuracy_micros": stamp.map(|stamp| stamp.accuracy_micros),
        "authority": stamp.map(|stamp| stamp.authority.as_str()),
        "serial": stamp.map(|stamp| stamp.serial.as_str()),
        "policy": stamp.map(|stamp| stamp.policy.as_str()),
    }))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
