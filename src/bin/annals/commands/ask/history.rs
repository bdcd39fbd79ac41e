//! `history`.

use annals::claim::ClaimFact;
use annals::ledger::Ledger;
use annals::projection::Dropped;
use annals::seq::Seq;
use serde_json::json;

use crate::args::HistoryArgs;
use crate::context::{Context, attribute, horizon, subject, tell_beyond};
use crate::failure::Failure;
use crate::render::{event, json, remark, state as told, text};

/// `history`
pub(crate) fn history(context: &mut Context, args: &HistoryArgs) -> Result<bool, Failure> {
    let horizon = horizon(&args.horizon)?;
    let ledger = context.open()?;
    tell_beyond(&ledger, horizon);
    let (subject, attribute) = (subject(&ledger, &args.subject)?, attribute(&ledger, &args.attribute)?);
    let at = ledger.at(horizon);
    let subject = at.canonical(subject);
    let facts = ledger.facts(&[(subject, attribute)])?;
    let known = at.of(&facts);
    let of_key = |claim: &&ClaimFact| claim.attribute == attribute && at.canonical(claim.subject) == subject;
    let claims = facts.claims().iter().filter(of_key);
    // What an erased event was about stands in its envelope.
    let key = known.key(subject, attribute);
    let erased = key.dropped.iter().filter(|(_, why)| *why == Dropped::Erased).map(|(seq, _)| *seq);
    let mut claims: Vec<Seq> = claims.map(|claim| claim.seq).chain(erased).collect();
    claims.sort_unstable();
    let remarks = ledger.remarks()?;
    if !context.is_json {
        told::subject_heading(&mut context.screen, &ledger, subject)?;
    }
    for claim in claims {
        if ledger.erased().contains(&claim) {
            tell_erased(context, &ledger, claim)?;
            continue;
        }
        let Some(saying) = known.saying(claim) else { continue };
        if context.is_json {
            let mut line = json::saying(&ledger, &saying)?;
            line.insert("type".into(), "history".into());
            if let Some(claim) = ledger.claim(claim)? {
                line.insert("statement".into(), annals::exchange::claim_json(&claim, &ledger.names()).into());
            }
            let dropped = saying.dropped.map(text::dropped_text);
            line.insert("dropped".into(), dropped.into());
            line.insert("replaces".into(), remark::replaces_json(&ledger, &remarks, claim));
            line.insert("remarks".into(), remark::remarks_json(&ledger, &remarks, claim).into());
            context.screen.json(&line)?;
            continue;
        }
        event::claim_lines(&mut context.screen, &ledger, &remarks, claim, "  ")?;
        if let Some(why) = saying.dropped {
            context.screen.line(&format!("      not used: {}", text::dropped_text(why)))?;
        }
    }
    Ok(true)
}

fn tell_erased(context: &mut Context, ledger: &Ledger, claim: Seq) -> Result<(), Failure> {
    if context.is_json {
        let claim = json::claim(ledger, claim);
        let line =
            json!({"type": "history", "claim": claim, "used": false, "dropped": text::dropped_text(Dropped::Erased)});
        context.screen.json(&json::object(line))?;
    } else {
        context.screen.line(&format!("  {claim} erased"))?;
    }
    Ok(())
}
