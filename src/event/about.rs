//! What an event is about: the subject and the attribute in its envelope, which follow from its kind and its payload. So which
//! events bear on a key is known from envelopes alone.

use super::{Event, EventKind};
use crate::seq::Seq;

/// What has to be known of the events before to say what the next one is about.
pub trait Before {
    /// The subject and the attribute in the envelope of an earlier event; 0 where it has none.
    fn about(&self, target: Seq) -> (Seq, Seq);

    /// The first event of a kind (`EntityRegistered`, `SourceRegistered` or `AttributeDefined`) that registered a key; `None`
    /// if there is none before. What was erased has no key any more: who looks at an event that was recorded before that
    /// erasure takes what its envelope names, if an erased event of this kind is there.
    fn first_of_key(&self, kind: EventKind, key: &str) -> Option<Seq>;
}

impl Event {
    /// The subject and the attribute that the event with this number is about; 0 where it is about none.
    #[must_use]
    pub fn about(&self, seq: Seq, before: &impl Before) -> (Seq, Seq) {
        const NOTHING: (Seq, Seq) = (Seq(0), Seq(0));
        let first = |key: &str| before.first_of_key(self.kind(), key).unwrap_or(seq);
        match self {
            Event::ClaimAsserted(claim) => (claim.statement.subject, claim.statement.attribute),
            Event::Disputed(act)
            | Event::Retracted(act)
            | Event::Approved(act)
            | Event::Returned(act)
            | Event::Corrected { act, .. } => before.about(act.target),
            Event::Assessed(assessment) => before.about(assessment.act.target),
            Event::ReferenceAdded(added) => before.about(added.claim),
            Event::PayloadErased { target, .. } => before.about(*target),
            Event::Noted(noted) => noted.about.map_or(NOTHING, |about| before.about(about)),
            Event::EntitiesJudged(judged) => judged.entities.into(),
            Event::EntityRegistered(entity) => (first(&entity.key), Seq(0)),
            Event::SourceRegistered(source) => (first(&source.key), Seq(0)),
            Event::AttributeDefined(attribute) => (Seq(0), first(&attribute.key)),
            Event::EntityAliased { entity, .. } => (*entity, Seq(0)),
            Event::SourceRated(rated) => (rated.source, Seq(0)),
            Event::SourceLinked { source, to, .. } => (*source, *to),
            Event::Genesis(_)
            | Event::ActorRegistered { .. }
            | Event::KeyAuthorised { .. }
            | Event::KeyRevoked { .. }
            | Event::SettingChanged(_)
            | Event::EvidenceAdded(_)
            | Event::LedgerRegistered { .. } => NOTHING,
        }
    }
}
