//! `witness`: having heads cosigned, keeping cosignatures, and listing what is kept.

mod ask;

use std::path::Path;

use annals::event::Proposed;
use annals::exchange::instant_text;
use annals::ledger::Policy as Recording;
use annals::ledger::{CapturedCopy, Error, ErrorKind, read_given_text};
use annals::note::{NOTE_LEN_MAX, Policy, PublicKey, SignedNote};
use annals::share::{CosignedHead, Kept, Offer, check_head, cosigned_head, cosigned_sizes, keep_cosignatures};
use serde_json::{Value, json};

use self::ask::{Outcome, ask};
use crate::args::WitnessArgs;
use crate::clock::now_micros;
use crate::commands::policy::{self, by_whom, public_key, time_json};
use crate::commands::record::write;
use crate::context::Context;
use crate::failure::Failure;
use crate::http::Client;
use crate::render::json::object;
use crate::screen::say;
use crate::words::counted;

/// `witness`
pub(crate) fn witness(context: &mut Context, args: &WitnessArgs) -> Result<bool, Failure> {
    let policy = args.policy.as_deref().map(policy::read).transpose()?;
    let key = args.vkey.as_deref().map(witness_key).transpose()?;
    if args.record {
        // Whoever may not record is told so before anybody is asked.
        context.actor()?;
        context.private_key()?;
    }
    let keys = policy.as_ref().map_or_else(|| key.into_iter().collect(), known_keys);
    let (head, is_yes) = match (&args.url, &args.attach, &policy) {
        (Some(url), _, _) => ask_one(context, url, &keys)?,
        (None, Some(file), _) => (Some(attach(context, file, &keys)?), true),
        (None, None, Some(policy)) => ask_all(context, policy)?,
        (None, None, None) if args.record || !keys.is_empty() => {
            return Err(Failure::usage("nobody is named to ask", "give the witness's address, --policy, or --attach"));
        }
        (None, None, None) => return list(context),
    };
    let is_enough = match (&policy, &head) {
        (Some(policy), Some(head)) => tell_quorum(context, policy, head)?,
        (Some(_), None) => false,
        (None, _) => true,
    };
    if is_yes && !is_enough && args.attach.is_none() {
        return Err(too_few(args));
    }
    if !(is_yes && is_enough) {
        return Ok(false);
    }
    if let (true, Some(head)) = (args.record, &head) {
        record(context, head, &keys)?;
    }
    Ok(true)
}

/// Of a head with too few cosignatures, though no witness refused it: that says nothing against the ledger.
fn too_few(args: &WitnessArgs) -> Failure {
    let what = if args.record { "; nothing was recorded" } else { "" };
    let message = format!("too few witnesses of the policy cosigned the head, and none refused it{what}");
    let hint = "what was cosigned is kept; ask again when the others answer";
    Error::new(ErrorKind::Invalid, message).with_hint(hint).into()
}

/// The keys of a policy's witnesses, as far as they are known here.
fn known_keys(policy: &Policy) -> Vec<PublicKey> {
    policy.witnesses().iter().filter_map(|witness| witness.key().cloned()).collect()
}

/// The key of a witness, as typed or in a file.
fn witness_key(text: &str) -> Result<PublicKey, Failure> {
    let key = public_key(text).filter(PublicKey::cosigns);
    key.ok_or_else(|| {
        let hint =
            "give the witness's public key, NAME+ID+KEY, in which the KEY begins with B, or a file that holds it";
        Failure::usage("--vkey is no key of a witness, and no file that holds one", hint)
    })
}

type Asked = (Option<CosignedHead>, bool);

fn ask_one(context: &mut Context, url: &str, keys: &[PublicKey]) -> Result<Asked, Failure> {
    let offer = Offer::newest(&context.dir)?;
    let outcome = ask(&Client::new(), &context.dir, &offer, url, keys)?;
    tell(context, &keys.iter().map(PublicKey::name).collect::<Vec<_>>().join(", "), url, &offer, Ok(outcome))
}

/// Asks every witness that has an address. One that cannot be reached keeps none of the others from being asked.
fn ask_all(context: &mut Context, policy: &Policy) -> Result<Asked, Failure> {
    let (offer, client) = (Offer::newest(&context.dir)?, Client::new());
    let (mut head, mut is_yes, mut is_asked) = (None, true, false);
    for witness in policy.witnesses() {
        let Some((key, url)) = witness.key().zip(witness.url()) else { continue };
        is_asked = true;
        let outcome = ask(&client, &context.dir, &offer, url, std::slice::from_ref(key));
        let (kept, is_good) = tell(context, &witness.name(), url, &offer, outcome)?;
        (head, is_yes) = (kept.or(head), is_yes && is_good);
    }
    if !is_asked {
        let hint = "write the address behind the key: witness NAME VKEY URL";
        return Err(Failure::usage("no witness of the policy has an address and a key that is known here", hint));
    }
    // What was kept before counts too.
    Ok((head.or_else(|| cosigned_head(&context.dir, offer.head.checkpoint.size)), is_yes))
}

/// Says what came of asking a witness, and whether it has nothing against the ledger. That it could not be asked ends
/// nothing, but is told.
fn tell(
    context: &mut Context,
    name: &str,
    url: &str,
    offer: &Offer,
    outcome: Result<Outcome, Failure>,
) -> Result<Asked, Failure> {
    let size = offer.head.checkpoint.size;
    let (word, why, at) = match &outcome {
        Ok(Outcome::Cosigned(kept)) => ("cosigned", None, kept.cosigned.first().and_then(|(_, at)| *at)),
        Ok(Outcome::Refused(why)) => ("refused", Some(why.clone()), None),
        Err(failure) => ("failed", Some(failure.to_string()), None),
    };
    if context.is_json {
        context.screen.json(&object(json!({
            "type": "witness", "name": name, "url": url, "size": size, "outcome": word, "why": why,
            "at": time_json(at),
        })))?;
    }
    match outcome {
        Ok(Outcome::Cosigned(kept)) => {
            tell_kept(context, &kept)?;
            Ok((Some(kept.head), true))
        }
        Ok(Outcome::Refused(why)) => {
            if !context.is_json {
                context.screen.heading("REFUSED", &format!("  {name}: {why}"))?;
            }
            Ok((None, false))
        }
        Err(failure) if matches!(failure, Failure::Ledger(_)) => {
            failure.tell(false);
            Ok((None, true))
        }
        Err(failure) => Err(failure),
    }
}

fn tell_kept(context: &mut Context, kept: &Kept) -> Result<(), Failure> {
    if context.is_json {
        return Ok(());
    }
    let events = counted(kept.head.checkpoint.size, "event");
    for (key, at) in &kept.cosigned {
        context.screen.line(&format!("The head of {events} is cosigned by {}", by_whom(key.name(), *at)))?;
    }
    Ok(())
}

/// Keeps cosignatures that came in a file.
fn attach(context: &mut Context, file: &Path, keys: &[PublicKey]) -> Result<CosignedHead, Failure> {
    if keys.is_empty() {
        let hint = "add --vkey with the witness's public key, or --policy";
        return Err(Failure::usage("whose cosignatures these are is not said", hint));
    }
    let text = read_given_text(file, NOTE_LEN_MAX)?;
    let (head, lines) = match (SignedNote::parse(&text), ask::lines_of(&text)) {
        (Some(note), _) => (check_head(&context.dir, &note)?, note.signatures().to_vec()),
        (None, Some(lines)) => (Offer::newest(&context.dir)?.head, lines),
        (None, None) => {
            let message = format!("{} holds neither a signed head nor lines of signatures", file.display());
            let hint = "put the witness's lines below what `annals head` printed";
            return Err(Error::new(ErrorKind::Invalid, message).with_hint(hint).into());
        }
    };
    let kept = keep_cosignatures(&context.dir, &head, &lines, keys)?;
    if context.is_json {
        for (key, at) in &kept.cosigned {
            let at = *at;
            context.screen.json(&object(json!({
                "type": "witness", "name": key.name(), "url": Value::Null, "size": head.checkpoint.size,
                "outcome": "cosigned", "why": Value::Null, "at": time_json(at),
            })))?;
        }
    }
    tell_kept(context, &kept)?;
    Ok(kept.head)
}

/// Says whether a head has enough cosignatures.
fn tell_quorum(context: &mut Context, policy: &Policy, head: &CosignedHead) -> Result<bool, Failure> {
    let judged = policy.judge(&head.note);
    if context.is_json {
        let mut line = object(judged.as_ref().map_or_else(|why| json!({ "reached": false, "why": why }), policy::json));
        line.insert("size".to_owned(), head.checkpoint.size.into());
        line.shift_insert(0, "type".to_owned(), "quorum".into());
        context.screen.json(&line)?;
        return Ok(judged.is_ok_and(|judged| judged.is_reached));
    }
    match judged.and_then(annals::note::Judged::reached) {
        Ok(judged) => {
            let events = counted(head.checkpoint.size, "event");
            context.screen.line(&format!("The head of {events} has the quorum of the policy: {}", judged.quorum))?;
            Ok(true)
        }
        Err(why) => {
            context.screen.heading("NOT ENOUGH", &format!("  {why}"))?;
            Ok(false)
        }
    }
}

/// Records a cosigned head as a captured copy, and says what it is.
fn record(context: &mut Context, head: &CosignedHead, keys: &[PublicKey]) -> Result<(), Failure> {
    let copy = CapturedCopy::of(head.note.to_string().into_bytes());
    let mut evidence = copy.evidence.clone();
    evidence.media_type = Some("text/plain".into());
    evidence.captured_at = Some(instant_text(now_micros()).into());
    let by: Vec<String> = keys.iter().filter(|key| head.note.is_signed_by(key)).map(PublicKey::to_string).collect();
    let text = format!(
        "The head of this ledger with {}, cosigned by {}, is kept as the captured copy {}",
        counted(head.checkpoint.size, "event"),
        by.join(" and by "),
        evidence.digest
    );
    let note = Proposed::Note { about: None, text: text.into(), id: None, is_private: false };
    write::record_keeping(context, vec![copy], vec![Proposed::Evidence(evidence), note], Recording::default())?;
    let now = counted(context.open_all()?.head().size, "event");
    say(&format!(
        "note: recording that moved the head on to {now}, which nobody has cosigned; before `annals publish`, ask again \
         without --record"
    ));
    Ok(())
}

/// Lists what is kept. A head beyond the ledger's own says that the ledger is not what it was.
fn list(context: &mut Context) -> Result<bool, Failure> {
    let size = context.open_all()?.head().size;
    let dir = context.dir.clone();
    let mut kept = cosigned_sizes(&dir).into_iter().filter_map(|size| cosigned_head(&dir, size)).peekable();
    if kept.peek().is_none() {
        say("No head with cosignatures is kept here; `annals witness URL --vkey KEY` asks for one");
        return Ok(true);
    }
    let mut is_whole = true;
    for CosignedHead { checkpoint, note } in kept {
        let names: Vec<&str> = note.names().filter(|name| **name != *checkpoint.origin).collect();
        let is_beyond = checkpoint.size > size;
        is_whole &= !is_beyond;
        if context.is_json {
            let root = annals::note::base64(&checkpoint.root.0);
            context.screen.json(&object(json!({
                "type": "cosigned", "origin": checkpoint.origin, "size": checkpoint.size, "root": root,
                "names": names, "note": note.to_string(), "beyond": is_beyond,
            })))?;
            continue;
        }
        let line = format!("{}: cosignatures of {}", counted(checkpoint.size, "event"), names.join(", "));
        if is_beyond {
            let why = format!("  {line}; the ledger has {size} now: it was cut, or this is an older copy");
            context.screen.heading("BEYOND", &why)?;
        } else {
            context.screen.line(&line)?;
        }
    }
    say("note: whose cosignatures these are was not checked; `annals head --cosigned --policy FILE` does");
    Ok(is_whole)
}
