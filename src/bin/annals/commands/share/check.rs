//! `check`.

use std::cmp::Ordering;
use std::io::{self, Read};
use std::path::Path;

use annals::event::Event;
use annals::exchange::{event_json, instant_text};
use annals::ledger::{Error, ErrorKind, read_given};
use annals::note::{Judged, Policy, ProvenHead, PublicKey};
use annals::seq::Seq;
use annals::share::{PROOF_LEN_MAX, Proven, ProvenEvent, check_proof};
use serde_json::{Map, Value, json};

use crate::args::CheckArgs;
use crate::commands::policy::{self, public_key};
use crate::context::Context;
use crate::failure::Failure;
use crate::render::json::object;

/// `check`
pub(crate) fn check(context: &mut Context, args: &CheckArgs) -> Result<bool, Failure> {
    if context.is_key_typed {
        let hint = "give it as `annals key list` shows it for heads: --signed-by ORIGIN+ID+KEY, or a file with it";
        return Err(Failure::usage("check takes the public key with --signed-by, not with --key", hint));
    }
    let trusted = Trusted {
        kept: args.head.as_deref().map(kept_head).transpose()?,
        key: args.signed_by.as_deref().map(signer).transpose()?,
        policy: args.policy.as_deref().map(policy::read).transpose()?,
    };
    if trusted.key.is_none() && trusted.policy.as_ref().is_some_and(|policy| !policy.names_logs()) {
        let hint = "add --signed-by KEY, or a line `log KEY` to the policy";
        return Err(Failure::usage("the policy does not say whose heads are trusted", hint));
    }
    let proven = match String::from_utf8(read(&args.file)?) {
        Ok(text) => check_proof(&text).and_then(|proven| trusted.leads_to(proven)),
        Err(_) => Err("it is not a text".to_owned()),
    };
    match proven {
        Ok(proven) => tell(context, &proven, &trusted)?,
        Err(why) if context.is_json => {
            context.screen.json(&object(json!({"type": "proof", "holds": false, "why": why})))?;
            return Ok(false);
        }
        Err(why) => {
            context.screen.heading("It proves nothing", &format!(": {why}"))?;
            return Ok(false);
        }
    }
    Ok(true)
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    if path != Path::new("-") {
        return read_given(path, PROOF_LEN_MAX);
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(PROOF_LEN_MAX as u64 + 1).read_to_end(&mut bytes);
    if read.map_err(|error| Error::io("read", path, &error))? > PROOF_LEN_MAX {
        return Err(Error::new(ErrorKind::Invalid, format!("{} is longer than any proof", path.display())));
    }
    Ok(bytes)
}

fn kept_head(path: &Path) -> Result<ProvenHead, Failure> {
    let text = String::from_utf8_lossy(&read(path)?).into_owned();
    ProvenHead::parse_kept(&text).ok_or_else(|| {
        Failure::usage(format!("--head {} holds no head", path.display()), "give what `annals head` printed")
    })
}

fn signer(text: &str) -> Result<PublicKey, Failure> {
    public_key(text).ok_or_else(|| {
        let hint = "give the public key as `annals key list` shows it for heads: ORIGIN+ID+KEY, or a file with it";
        Failure::usage("--signed-by is no public key, and no file that holds one", hint)
    })
}

/// What is known of heads without the proof.
struct Trusted {
    kept: Option<ProvenHead>,
    key: Option<PublicKey>,
    policy: Option<Policy>,
}

impl Trusted {
    fn leads_to(&self, proven: Proven) -> Result<Proven, String> {
        let (head, old) = match &proven {
            Proven::Held { head, .. } => (head, None),
            Proven::Grew { old, head } => (head, Some(old)),
        };
        let is_kept = |kept| head.is_same_head(kept) || old.is_some_and(|old| old.is_same_head(kept));
        if !self.kept.as_ref().is_none_or(is_kept) {
            return Err(another(self.kept.as_ref(), head));
        }
        if let Some(key) = self.key.as_ref().filter(|key| !head.is_signed_by(key)) {
            let renamed = head.signed_under_its_name(key).map_or_else(String::new, |renamed| format!("; {renamed}"));
            return Err(format!("{} did not sign its head{renamed}", policy::key_text(key)));
        }
        self.judge(head)?;
        Ok(proven)
    }

    /// What the policy says of a head, if there is one.
    fn judge(&self, head: &ProvenHead) -> Result<Option<Judged<'_>>, String> {
        let Some(policy) = &self.policy else { return Ok(None) };
        let note = head.note.as_ref().ok_or("nobody signed its head")?;
        policy.judge(note)?.reached().map(Some)
    }
}

/// Why a proof does not count that leads to another head than the one that was kept, and what would join both.
fn another(kept: Option<&ProvenHead>, head: &ProvenHead) -> String {
    let why = "it is about another head than the one given".to_owned();
    let Some(kept) = kept.filter(|kept| kept.checkpoint.origin == head.checkpoint.origin) else { return why };
    let (own, led_to) = (kept.checkpoint.size, head.checkpoint.size);
    match own.cmp(&led_to) {
        Ordering::Less => format!("{why}; yours is older: ask for `annals prove --from {own} --to {led_to}`"),
        Ordering::Equal => {
            format!("{why}: both have {own} events and other roots; keep both, they contradict each other")
        }
        Ordering::Greater => format!("{why}; yours is newer: ask for `annals prove --from {led_to} --to {own}`"),
    }
}

fn tell(context: &mut Context, proven: &Proven, trusted: &Trusted) -> Result<(), Failure> {
    if context.is_json {
        let mut line = line(proven);
        let head = head_of(proven);
        if let Ok(Some(judged)) = trusted.judge(head) {
            line.insert("policy".to_owned(), policy::json(&judged));
        }
        context.screen.json(&line)?;
        return Ok(());
    }
    match proven {
        Proven::Held { head, events } => {
            context.screen.heading("It holds", &format!(": the ledger {} held", head.checkpoint.origin))?;
            for event in events {
                let at = instant_text(event.at_micros);
                context.screen.line(&format!(
                    "{:>6} {}, recorded {at} by {}",
                    event.seq,
                    event.kind.word(),
                    event.actor
                ))?;
                if event.event.is_none() {
                    tell_why_not_shown(context, event)?;
                    continue;
                }
                for (name, value) in shown(event).iter().filter(|(name, value)| *name != "type" && !value.is_null()) {
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    context.screen.line(&format!("         {name:<14} {text}"))?;
                }
            }
            let root = head.root_text();
            context.screen.line(&format!("when it had {} events and the root {root}", head.checkpoint.size))?;
            tell_who(context, head, trusted)
        }
        Proven::Grew { old, head } => {
            context.screen.heading("It holds", &format!(": the ledger {} only grew", head.checkpoint.origin))?;
            for (from, head) in [("from", old), ("to", head)] {
                context.screen.line(&format!(
                    "  {from:<4} {} events and the root {}",
                    head.checkpoint.size,
                    head.root_text()
                ))?;
            }
            tell_who(context, head, trusted)
        }
    }
}

/// Says of an event without its payload what is proven of that, and what is not.
fn tell_why_not_shown(context: &mut Context, event: &ProvenEvent) -> Result<(), Failure> {
    let Some(by) = event.erased_by else {
        return Ok(context.screen.line("         not shown: the receipt does not say why, and proves no erasure")?);
    };
    context.screen.line(&format!("         erased by {by}"))?;
    Ok(context.screen.line(&format!(
        "         not proven here: that the key which sealed {by} had the role erase (`annals verify --url` judges that)"
    ))?)
}

fn head_of(proven: &Proven) -> &ProvenHead {
    match proven {
        Proven::Held { head, .. } | Proven::Grew { head, .. } => head,
    }
}

/// Says what it is worth.
fn tell_who(context: &mut Context, head: &ProvenHead, trusted: &Trusted) -> Result<(), Failure> {
    if trusted.kept.is_some() {
        context.screen.line("This is the head that was given.")?;
    }
    if let Some(key) = &trusted.key {
        context.screen.line(&format!("This head is signed by {}.", policy::key_text(key)))?;
    }
    if let Ok(Some(judged)) = trusted.judge(head) {
        return policy::tell(context, &judged, true);
    }
    if trusted.key.is_some() {
        return Ok(());
    }
    let signers: Vec<&str> = head.signers().collect();
    let text = if signers.is_empty() {
        "Nobody signed this head: compare it with one kept elsewhere (--head).".to_owned()
    } else {
        format!(
            "Signatures of {} stand below it; they were not checked (--signed-by, --policy).",
            signers.join(" and ")
        )
    };
    Ok(context.screen.line(&text)?)
}

/// What an event says. Without the ledger, names are numbers.
fn shown(event: &ProvenEvent) -> Map<String, Value> {
    let said = event.event.as_ref();
    match said.map(|said| event_json(said, &Numbers, None)) {
        None => match event.erased_by {
            Some(by) => object(json!({"erased": true, "erased_by": by.0, "role_proven": false})),
            None => object(json!({"shown": false})),
        },
        Some(Some(line)) => line,
        Some(None) => match said {
            Some(Event::Genesis(genesis)) => object(json!({"origin": &*genesis.origin})),
            Some(Event::ActorRegistered { name, .. }) => object(json!({"name": &**name})),
            Some(Event::Corrected { act, successor }) => object(
                json!({"corrects": act.target.to_string(), "successor": successor.to_string(), "reason": &*act.reason}),
            ),
            Some(Event::PayloadErased { target, basis, .. }) => {
                object(json!({"target": target.to_string(), "basis": &**basis}))
            }
            _ => Map::new(),
        },
    }
}

fn line(proven: &Proven) -> Map<String, Value> {
    let (head, what, events) = match proven {
        Proven::Held { head, events } => (head, "held", events.as_slice()),
        Proven::Grew { head, .. } => (head, "grew", &[][..]),
    };
    let events: Vec<Value> = events
        .iter()
        .map(|event| {
            json!({
                "seq": event.seq.0,
                "kind": event.kind.word(),
                "recorded_at": instant_text(event.at_micros),
                "actor": event.actor.0,
                "hash": event.link.to_string(),
                "event": shown(event),
            })
        })
        .collect();
    let from = match proven {
        Proven::Grew { old, .. } => json!({"size": old.checkpoint.size, "root": old.root_text()}),
        Proven::Held { .. } => Value::Null,
    };
    object(json!({
        "type": "proof",
        "holds": true,
        "what": what,
        "origin": head.checkpoint.origin,
        "size": head.checkpoint.size,
        "root": head.root_text(),
        "from": from,
        "signers": head.signers().collect::<Vec<_>>(),
        "events": events,
    }))
}

/// Numbers as they are, for whoever has no ledger.
struct Numbers;

impl annals::exchange::Names for Numbers {
    fn entity(&self, entity: Seq) -> std::borrow::Cow<'_, str> {
        entity.to_string().into()
    }

    fn attribute(&self, attribute: Seq) -> std::borrow::Cow<'_, str> {
        attribute.to_string().into()
    }

    fn source(&self, source: Seq) -> std::borrow::Cow<'_, str> {
        source.to_string().into()
    }

    fn target(&self, target: Seq) -> String {
        target.to_string()
    }

    fn actor(&self, actor: Seq) -> std::borrow::Cow<'_, str> {
        actor.to_string().into()
    }
}
