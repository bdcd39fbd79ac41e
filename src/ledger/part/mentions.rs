//! What events are about, and which other events they name.

use crate::event::{Event, EventKind};
use crate::index::WORLD;
use crate::seq::Seq;
use crate::value::Value;

/// Whether an event describes a thing.
pub(super) fn describes_a_thing(kind: EventKind) -> bool {
    use EventKind as Kind;
    let describes = [
        Kind::ActorRegistered,
        Kind::AttributeDefined,
        Kind::EntityRegistered,
        Kind::EntityAliased,
        Kind::SourceRegistered,
        Kind::SourceRated,
    ];
    describes.contains(&kind)
}

/// The subject and attribute in the envelope of an event that describes a thing.
pub(super) fn about_of_thing(kind: EventKind, thing: Seq) -> (Seq, Seq) {
    match kind {
        EventKind::EntityRegistered
        | EventKind::EntityAliased
        | EventKind::SourceRegistered
        | EventKind::SourceRated => (thing, Seq(0)),
        EventKind::AttributeDefined => (Seq(0), thing),
        _ => WORLD,
    }
}

/// The things and events that an event names.
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
