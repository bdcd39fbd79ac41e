//! Recording: one proposal or several, as one commit.

use annals::date::{Day, Said};
use annals::event::{Proposed, ProposedAct, Verdict};
use annals::ledger::{CapturedCopy, FirstUse, Policy, Receipt, Staged, Writer};
use annals::seq::Seq;
use serde_json::{Value, json};

use super::planned;
use super::told::{tell_new_actor, tell_staged};
use crate::clock::now_micros;
use crate::context::Context;
use crate::failure::Failure;
use crate::render::json::object;
use crate::screen::say;

/// What is said of a proposal once it is recorded.
pub(super) struct Told {
    /// Its type, as in JSONL.
    kind: &'static str,
    /// What it is, for people.
    what: String,
    id: Option<Box<str>>,
    /// The claim that a correction corrects.
    corrects: Option<Seq>,
    said_on: Option<Said>,
}

/// Opens the ledger to record something in it.
pub(crate) fn begin(context: &Context) -> Result<Writer, Failure> {
    let writer = context.writer()?;
    tell_unsigned(context, &writer);
    Ok(writer)
}

/// Records proposals as one commit and tells what was recorded.
pub(crate) fn record(context: &mut Context, proposed: Vec<Proposed>, policy: Policy) -> Result<(), Failure> {
    let writer = begin(context)?;
    record_with(context, writer, proposed, policy)
}

/// Records proposals as one commit with captured copies that are kept for them, and tells what was recorded.
pub(crate) fn record_keeping(
    context: &mut Context,
    copies: Vec<CapturedCopy>,
    proposed: Vec<Proposed>,
    policy: Policy,
) -> Result<(), Failure> {
    let mut writer = begin(context)?;
    writer.keep(copies);
    record_with(context, writer, proposed, policy)
}

/// Records proposals as one commit in a ledger that is open for it, and tells what was recorded.
pub(crate) fn record_with(
    context: &mut Context,
    mut writer: Writer,
    proposed: Vec<Proposed>,
    policy: Policy,
) -> Result<(), Failure> {
    if context.is_dry_run {
        return planned::show(context, writer, proposed, policy);
    }
    let said: Vec<Told> = proposed.iter().map(said_of).collect();
    let receipt = writer.record(proposed, policy, now_micros())?;
    notes(&receipt, &said);
    for (staged, said) in receipt.staged.iter().zip(&said) {
        let Some(seq) = staged.seq else { continue };
        if context.is_json {
            context.screen.json(&object(line(&receipt, staged, seq, said)))?;
        } else if staged.is_repeated {
            context.screen.line(&format!("Recorded already, as {seq}; nothing was added"))?;
        } else {
            let hash = receipt.head.tip.to_string();
            let is_last = receipt.head.size == seq.0;
            let head = hash.get(..8).filter(|_| is_last).map_or_else(String::new, |start| format!(" (head {start}…)"));
            context.screen.line(&format!("Recorded {seq}: {}{head}", told(said, seq)))?;
        }
    }
    Ok(())
}

/// Says that a key was given for nothing.
pub(crate) fn tell_unsigned(context: &Context, writer: &Writer) {
    if context.key.is_some() && !writer.keys().is_signed() {
        say("note: this ledger has no keys, so what is recorded is not signed; `annals key authorise` begins that");
    }
}

/// Everything that is not the answer: on standard error.
pub(super) fn notes(receipt: &Receipt, said: &[Told]) {
    for moved in &receipt.moved_aside {
        say(&format!("note: {moved}"));
    }
    tell_new_actor(receipt.new_actor.as_deref());
    if receipt.is_clock_clamped {
        say("note: the clock went back; the time of the last event was kept");
    }
    tell_staged(&receipt.staged);
    let today = Day::of_unix_micros(now_micros());
    for said_on in said.iter().filter_map(|said| said.said_on.as_ref()) {
        if said_on.window().is_some_and(|window| window.earliest > today) {
            say(&format!("warning: said on {said_on}, which is still to come"));
        }
    }
}

/// A correction's new claim stands right before it.
fn successor(seq: Seq) -> Seq {
    Seq(seq.0.saturating_sub(1))
}

fn told(said: &Told, seq: Seq) -> String {
    match said.corrects {
        Some(corrects) => format!("{corrects} is corrected to {}", successor(seq)),
        None => said.what.clone(),
    }
}

fn line(receipt: &Receipt, staged: &Staged, seq: Seq, said: &Told) -> Value {
    let mut line = json!({
        "type": "recorded",
        "seq": seq.0,
        "kind": said.kind,
        "id": said.id,
        "repeated": staged.is_repeated,
        "registered": staged.registered.iter().map(|FirstUse { what, key, .. }| json!({"what": what, "key": key})).collect::<Vec<_>>(),
        "size": receipt.head.size,
        "head": receipt.head.tip.to_string(),
    });
    if let (Some(corrects), Some(fields)) = (said.corrects, line.as_object_mut()) {
        fields.insert("corrects".to_owned(), corrects.0.into());
        fields.insert("claim".to_owned(), successor(seq).0.into());
    }
    line
}

fn said_of(proposed: &Proposed) -> Told {
    let plain = |kind: &'static str, what: String, id: Option<&Box<str>>| Told {
        kind,
        what,
        id: id.cloned(),
        corrects: None,
        said_on: None,
    };
    let acted = |kind: &'static str, act: &ProposedAct| {
        let what = format!("{kind} of {}", act.target);
        Told { kind, what, id: act.id.clone(), corrects: None, said_on: act.said_on.clone() }
    };
    match proposed {
        Proposed::Attribute(attribute) => plain("attribute", format!("attribute {}", attribute.key), None),
        Proposed::Entity(entity) => plain("entity", format!("entity {}", entity.key), None),
        Proposed::Source(source) => plain("source", format!("source {}", source.key), None),
        Proposed::Rating { source, reliability, id, .. } => {
            plain("rating", format!("grade {} of {source}", reliability.word()), id.as_ref())
        }
        Proposed::Link { source, to, how, id } => {
            plain("link", format!("link from {source} to {to}, {}", how.word()), id.as_ref())
        }
        Proposed::Evidence(evidence) => {
            let start = evidence.digest.get(..8).unwrap_or_default();
            plain("evidence", format!("captured copy {start}…"), None)
        }
        Proposed::Claim(claim) => Told {
            said_on: claim.reference.said_on.clone(),
            ..plain("claim", format!("{} {}", claim.subject, claim.attribute), claim.id.as_ref())
        },
        Proposed::Correction { act, claim } => {
            let said_on = act.said_on.clone().or_else(|| claim.reference.said_on.clone());
            Told { corrects: Seq::parse(&act.target), said_on, ..acted("correction", act) }
        }
        Proposed::Retraction(act) => acted("retraction", act),
        Proposed::Dispute(act) => acted("dispute", act),
        Proposed::Assessment { act, rating, .. } => {
            let what = format!("{} is rated {rating}", act.target);
            Told { what, ..acted("assessment", act) }
        }
        Proposed::Approval(act) => acted("approval", act),
        Proposed::Return(act) => acted("return", act),
        Proposed::Reference(reference) => {
            plain("reference", format!("reference for {}", reference.claim), reference.id.as_ref())
        }
        Proposed::Setting(changed) => {
            plain("setting", format!("{} set to {}", changed.name.word(), changed.value), None)
        }
        Proposed::Judgement { entities, verdict, id, .. } => {
            let verdict = match verdict {
                Verdict::Same => "are the same",
                Verdict::Different => "are different",
                Verdict::Unsure => "may be the same",
            };
            plain("judgement", format!("{} {verdict}", entities.join(" and ")), id.as_ref())
        }
        Proposed::Note { id, .. } => plain("note", "note".to_owned(), id.as_ref()),
    }
}
