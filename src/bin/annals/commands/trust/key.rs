//! `key`: making, listing, authorising and revoking keys.

use annals::keys::{Authorised, Ring, Role};
use annals::ledger::{Managed, keep_key, keep_second_key, new_key, new_second_key};
use annals::note::PublicKey;
use serde_json::{Map, Value, json};

use crate::args::{AuthoriseArgs, KeyAlgorithm, KeyArgs, KeyCommand, NewKeyArgs, RevokeArgs};
use crate::clock::now_micros;
use crate::context::Context;
use crate::failure::Failure;
use crate::passphrase;
use crate::render::json::object;
use crate::screen::say;

/// `key`
pub(crate) fn key(context: &mut Context, args: &KeyArgs) -> Result<bool, Failure> {
    match &args.act {
        KeyCommand::New(args) => new(context, args),
        KeyCommand::List => list(context),
        KeyCommand::Authorise(args) => authorise(context, args),
        KeyCommand::Revoke(args) => revoke(context, args),
    }
}

fn new(context: &mut Context, args: &NewKeyArgs) -> Result<bool, Failure> {
    let passphrase = || args.passphrase.then(passphrase::chosen).transpose();
    let public = match args.algorithm {
        KeyAlgorithm::Ed25519 => {
            let key = new_key(&args.name)?;
            keep_key(&key, &args.file, passphrase()?.as_ref().map(|passphrase| passphrase.as_slice()))?;
            Some(key.public())
        }
        KeyAlgorithm::MlDsa44 => {
            let key = new_second_key(&args.name)?;
            keep_second_key(&key, &args.file, passphrase()?.as_ref().map(|passphrase| passphrase.as_slice()))?;
            key.public()
        }
    };
    let public = public.map_or_else(String::new, |public| public.to_string());
    if context.is_json {
        let file = args.file.display().to_string();
        context.screen.json(&object(json!({ "type": "key-made", "file": file, "public_key": public })))?;
    } else {
        context.screen.line(&public)?;
        say(&format!(
            "note: the private key is in {}; keep a copy of it where only you have access",
            args.file.display()
        ));
    }
    Ok(true)
}

/// A key under the ledger's name: what signed heads are checked with.
fn head_key(ring: &Ring, key: &Authorised) -> String {
    key.key.named(ring.origin()).unwrap_or_else(|| key.key.clone()).to_string()
}

fn line(ring: &Ring, key: &Authorised) -> Map<String, Value> {
    object(json!({
        "type": "key",
        "seq": key.by.0,
        "name": key.key.name(),
        "public_key": key.key.to_string(),
        "head_key": head_key(ring, key),
        "roles": key.roles.iter().map(|role| role.word()).collect::<Vec<_>>(),
        "revoked_by": key.revoked_by().map(|seq| seq.0),
    }))
}

fn list(context: &mut Context) -> Result<bool, Failure> {
    let ledger = context.open_all()?;
    let ring = ledger.keys();
    if context.is_json {
        ring.all().try_for_each(|key| context.screen.json(&line(ring, key)))?;
        return Ok(true);
    }
    if !ring.is_signed() {
        context.screen.line("No key was ever authorised: what is recorded here is not signed")?;
    }
    for key in ring.all() {
        let roles: Vec<&str> = key.roles.iter().map(|role| role.word()).collect();
        let roles = if key.key.is_second() { "signs a second time".to_owned() } else { roles.join(", ") };
        let state = key.revoked_by().map_or(roles, |by| format!("revoked by {by}"));
        context.screen.line(&format!("{:>6} {}  {state}", key.by, key.key))?;
        context.screen.line(&format!("       heads: {}", head_key(ring, key)))?;
    }
    Ok(true)
}

fn authorise(context: &mut Context, args: &AuthoriseArgs) -> Result<bool, Failure> {
    let key = PublicKey::parse(&args.public_key).ok_or_else(|| {
        let message = format!("{:?} is no public key that is known here; nothing was recorded", args.public_key);
        let hint = "give the whole line that `annals key new` showed, NAME+ID+KEY; keys of ML-DSA-44 are known with the \
                    cargo feature ml-dsa";
        Failure::usage(message, hint)
    })?;
    let roles = args.role.iter().map(|word| {
        Role::ALL.iter().copied().find(|role| role.word() == word).ok_or_else(|| {
            let message = format!("{word:?} is no role; nothing was recorded");
            let hint = "write append, assess, approve, erase or keys; of several, each behind its own --role";
            Failure::usage(message, hint)
        })
    });
    let mut roles = roles.collect::<Result<Vec<_>, _>>()?;
    let mut writer = context.writer_by_log()?;
    if roles.is_empty() && !key.is_second() && !writer.keys().is_signed() {
        roles = Role::ALL.to_vec();
    }
    let managed = writer.authorise(&key, &roles, now_micros())?;
    let words: Vec<&str> = roles.iter().map(|role| role.word()).collect();
    if key.is_second() {
        return tell(context, &managed, &format!("{} may sign a second time (--second-key)", key.name()));
    }
    tell(context, &managed, &format!("{} may {}", key.name(), words.join(", ")))
}

fn revoke(context: &mut Context, args: &RevokeArgs) -> Result<bool, Failure> {
    let managed = context.writer_by_log()?.revoke(&args.named, &args.reason, now_micros())?;
    tell(context, &managed, &format!("{} is revoked", args.named))
}

fn tell(context: &mut Context, managed: &Managed, what: &str) -> Result<bool, Failure> {
    if let Some(actor) = &managed.receipt.new_actor {
        say(&format!("note: actor {actor:?} is new here"));
    }
    managed.warnings.iter().for_each(|warning| say(&format!("warning: {warning}")));
    if managed.is_first {
        say("note: from now on everything that is recorded here must be signed");
    }
    if context.is_json {
        let head = &managed.receipt.head;
        let line = json!({ "type": "recorded", "seq": managed.seq.0, "size": head.size, "head": head.tip.to_string() });
        context.screen.json(&object(line))?;
    } else {
        context.screen.line(&format!("Recorded {}: {what}", managed.seq))?;
    }
    Ok(true)
}
