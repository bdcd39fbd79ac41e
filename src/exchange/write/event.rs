//! Events to the lines that would propose them again.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

use super::Names;
use super::claim::{claim_json, claim_line, value_json};
use super::fields::Fields;
use crate::claim::Claim;
use crate::event::{
    Act, Assessment, AttributeDefined, Complement, EntitiesJudged, EntityRegistered, Event, EvidenceAdded, SourceRated,
    SourceRegistered,
};

/// The line of an event, without what an export adds; `None` for an event that no line proposes: the genesis,
/// actors, keys and erasures, and a correction whose `successor` is not given.
///
/// A correction carries its successor, whose own event then needs no line. Names given to an entity make an
/// `entity` line with the key and these names alone, which adds them.
#[must_use]
pub fn event_json(event: &Event, names: &dyn Names, successor: Option<&Claim>) -> Option<Map<String, Json>> {
    let fields = match event {
        Event::AttributeDefined(attribute) => attribute_line(attribute, names),
        Event::EntityRegistered(EntityRegistered { key, label, aliases, id }) => Fields::of_type("entity")
            .text("id", id.as_deref())
            .with("key", &**key)
            .text("label", label.as_deref())
            .strings("aliases", aliases),
        Event::EntityAliased { entity, aliases, id } => Fields::of_type("entity")
            .text("id", id.as_deref())
            .with("key", names.entity(*entity))
            .strings("aliases", aliases),
        Event::EntitiesJudged(judged) => judgement_line(judged, names),
        Event::SourceRegistered(source) => source_line(source),
        Event::SourceRated(rated) => rating_line(rated, names),
        Event::SourceLinked { source, to, how, id } => Fields::of_type("link")
            .text("id", id.as_deref())
            .with("source", names.source(*source))
            .with("to", names.source(*to))
            .with("how", how.word()),
        Event::EvidenceAdded(evidence) => evidence_line(evidence),
        Event::ClaimAsserted(claim) => claim_line(claim, names),
        Event::Disputed(act) => act_line("dispute", act, "disputes", "grounds", names),
        Event::Corrected { act, .. } => {
            let claim = Json::Object(claim_json(successor?, names));
            act_line("correction", act, "corrects", "reason", names).with("claim", claim)
        }
        Event::Retracted(act) => act_line("retraction", act, "retracts", "reason", names),
        Event::Assessed(assessment) => assessment_line(assessment, names),
        Event::Approved(act) => act_line("approval", act, "approves", "reason", names),
        Event::Returned(act) => act_line("return", act, "event", "reason", names),
        Event::ReferenceAdded(added) => Fields::of_type("reference")
            .text("id", added.id.as_deref())
            .with("claim", names.target(added.claim))
            .text("url", added.url.as_deref())
            .text("quote", added.quote.as_deref())
            .strings("evidence", &added.evidence)
            .text("lang", added.lang.as_deref())
            .text("note", added.note.as_deref()),
        Event::SettingChanged(changed) => {
            Fields::of_type("setting").with("name", changed.name.word()).with("value", &*changed.value)
        }
        Event::Noted(noted) => Fields::of_type("note")
            .text("id", noted.id.as_deref())
            .text("about", noted.about.map(|about| names.target(about)).as_deref())
            .with("text", &*noted.text)
            .flag("private", noted.is_private),
        Event::Genesis(_)
        | Event::ActorRegistered { .. }
        | Event::KeyAuthorised { .. }
        | Event::KeyRevoked { .. }
        | Event::PayloadErased { .. }
        | Event::LedgerRegistered { .. } => return None,
    };
    Some(fields.done())
}

fn attribute_line(attribute: &AttributeDefined, names: &dyn Names) -> Fields {
    let complement = match &attribute.complement {
        Complement::NotDeclared => Json::Null,
        Complement::Pair(one, other) => vec![value_json(one, names), value_json(other, names)].into(),
        Complement::None => "none".into(),
    };
    Fields::of_type("attribute")
        .text("id", attribute.id.as_deref())
        .with("key", &*attribute.key)
        .with("value_type", attribute.value_type.word())
        .with("cardinality", attribute.cardinality.word())
        .with("complement", complement)
        .with("stale_after_days", attribute.stale_after_days)
        .flag("fixed", attribute.is_fixed)
        .text("unit", attribute.unit.as_deref())
        .text("label", attribute.label.as_deref())
}

fn source_line(source: &SourceRegistered) -> Fields {
    Fields::of_type("source")
        .text("id", source.id.as_deref())
        .with("key", &*source.key)
        .with("kind", source.kind.word())
        .text("label", source.label.as_deref())
        .text("reliability", source.reliability.map(crate::source::Reliability::word))
        .flag("private", source.is_private)
}

fn rating_line(rated: &SourceRated, names: &dyn Names) -> Fields {
    Fields::of_type("rating")
        .text("id", rated.id.as_deref())
        .with("source", names.source(rated.source))
        .with("reliability", rated.reliability.word())
        .bound("on", rated.on.as_ref())
        .text("reason", rated.reason.as_deref())
}

fn evidence_line(evidence: &EvidenceAdded) -> Fields {
    Fields::of_type("evidence")
        .text("id", evidence.id.as_deref())
        .with("digest", &*evidence.digest)
        .text("media_type", evidence.media_type.as_deref())
        .text("url", evidence.url.as_deref())
        .text("archive_url", evidence.archive_url.as_deref())
        .text("captured_at", evidence.captured_at.as_deref())
        .with("len_bytes", evidence.len_bytes)
        .flag("private", evidence.is_private)
}

fn judgement_line(judged: &EntitiesJudged, names: &dyn Names) -> Fields {
    let entities: Vec<Json> = judged.entities.iter().map(|entity| names.entity(*entity).into()).collect();
    Fields::of_type("judgement")
        .text("id", judged.id.as_deref())
        .with("entities", entities)
        .with("verdict", judged.verdict.word())
        .text("reason", judged.reason.as_deref())
}

/// Who acts, as `by` has it: a source's key, or the desk.
fn by<'a>(act: &Act, names: &'a dyn Names) -> Cow<'a, str> {
    act.by.map_or(Cow::Borrowed("desk"), |source| names.source(source))
}

fn act_line(kind: &str, act: &Act, target_field: &str, reason_field: &str, names: &dyn Names) -> Fields {
    Fields::of_type(kind)
        .text("id", act.id.as_deref())
        .with(target_field, names.target(act.target))
        .with("by", by(act, names))
        .text(reason_field, Some(&*act.reason).filter(|reason| !reason.is_empty()))
        .said("said_on", act.said_on.as_ref())
}

fn assessment_line(assessment: &Assessment, names: &dyn Names) -> Fields {
    let Assessment { act, rating, label, credibility } = assessment;
    let fields = Fields::of_type("assessment")
        .text("id", act.id.as_deref())
        .with("claim", names.target(act.target))
        .with("rating", &**rating)
        .text("label", label.as_deref());
    let fields = if let Some(grade) = credibility { fields.with("credibility", *grade) } else { fields };
    fields.with("rationale", &*act.reason).with("by", by(act, names)).said("said_on", act.said_on.as_ref())
}
