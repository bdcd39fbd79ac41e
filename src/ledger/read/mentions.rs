//! Which other events an event names.

use crate::event::Event;
use crate::seq::Seq;
use crate::value::Value;

/// Adds the things and events that an event names.
pub(in crate::ledger) fn mentions(event: &Event, into: &mut Vec<Seq>) {
    let value = |value: &Value<Seq>| if let Value::Entity(entity) = value { Some(*entity) } else { None };
    match event {
        Event::ClaimAsserted(claim) => {
            let statement = &claim.statement;
            into.extend([statement.subject, statement.attribute]);
            into.extend(value(&statement.value));
            into.extend(claim.chain.iter().map(|link| link.who));
        }
        Event::AttributeDefined(defined) => {
            let sides = defined.complement.pair().into_iter().flat_map(|(a, b)| [value(a), value(b)]);
            into.extend(sides.flatten());
        }
        Event::Disputed(act)
        | Event::Retracted(act)
        | Event::Approved(act)
        | Event::Returned(act)
        | Event::Corrected { act, .. } => {
            into.extend(act.by.into_iter().chain([act.target]));
        }
        Event::Assessed(assessment) => into.extend(assessment.act.by.into_iter().chain([assessment.act.target])),
        Event::EntitiesJudged(judged) => into.extend(&judged.entities),
        Event::SourceLinked { source, to, .. } => into.extend([*source, *to]),
        Event::SourceRated(rated) => into.push(rated.source),
        Event::EntityAliased { entity, .. } => into.push(*entity),
        Event::Noted(noted) => into.extend(noted.about),
        Event::ReferenceAdded(added) => into.push(added.claim),
        Event::ActorRegistered { of, .. } => into.extend(of),
        Event::PayloadErased { target, .. } => into.push(*target),
        _ => {}
    }
}
