//! `head --cosigned`

use annals::ledger::{Error, ErrorKind};
use annals::note::base64;
use annals::share::{CosignedHead, newest_cosigned};
use serde_json::json;

use crate::args::HeadArgs;
use crate::commands::policy;
use crate::context::Context;
use crate::failure::Failure;
use crate::render::json;
use crate::screen::say;

/// `head --cosigned`
pub(crate) fn cosigned(context: &mut Context, args: &HeadArgs) -> Result<bool, Failure> {
    let policy = args.policy.as_deref().map(policy::read).transpose()?;
    let accept = |head: &CosignedHead| match &policy {
        Some(policy) => policy.judge(&head.note).is_ok_and(|judged| judged.is_reached),
        None => true,
    };
    let Some(head) = newest_cosigned(&context.dir, accept)? else {
        let enough = if policy.is_some() { "enough witnesses of the policy cosigned" } else { "a witness cosigned" };
        let error = Error::new(ErrorKind::NotFound, format!("no head is kept that {enough}"));
        return Err(error.with_hint("`annals witness` asks for cosignatures, and lists what is kept").into());
    };
    let judged = policy.as_ref().and_then(|policy| policy.judge(&head.note).ok());
    if context.is_json {
        context.screen.json(&json::object(json!({
            "type": "cosigned", "origin": head.checkpoint.origin, "size": head.checkpoint.size,
            "root": base64(&head.checkpoint.root.0), "names": head.note.names().collect::<Vec<_>>(),
            "note": head.note.to_string(), "policy": judged.as_ref().map(policy::json),
        })))?;
        return Ok(true);
    }
    head.note.to_string().lines().try_for_each(|line| context.screen.verbatim(line))?;
    match &judged {
        Some(judged) => judged
            .witnesses
            .iter()
            .for_each(|(witness, at)| say(&format!("note: cosigned by {}", policy::by_whom(&witness.name(), *at)))),
        None => say("note: whose cosignatures these are was not checked; --policy FILE does"),
    }
    Ok(true)
}
