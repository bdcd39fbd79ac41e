//! The caller's own id of an event.

use super::Event;

impl Event {
    /// The caller's own key for it.
    #[must_use]
    pub fn own_id(&self) -> Option<&str> {
        match self {
            Event::AttributeDefined(attribute) => attribute.id.as_deref(),
            Event::EntityRegistered(entity) => entity.id.as_deref(),
            Event::EntityAliased { id, .. } | Event::SourceLinked { id, .. } => id.as_deref(),
            Event::EntitiesJudged(judged) => judged.id.as_deref(),
            Event::SourceRegistered(source) => source.id.as_deref(),
            Event::SourceRated(rated) => rated.id.as_deref(),
            Event::EvidenceAdded(evidence) => evidence.id.as_deref(),
            Event::ClaimAsserted(claim) => claim.id.as_deref(),
            Event::Disputed(act)
            | Event::Retracted(act)
            | Event::Approved(act)
            | Event::Returned(act)
            | Event::Corrected { act, .. } => act.id.as_deref(),
            Event::Assessed(assessment) => assessment.act.id.as_deref(),
            Event::Noted(noted) => noted.id.as_deref(),
            Event::ReferenceAdded(added) => added.id.as_deref(),
            Event::Genesis(_)
            | Event::ActorRegistered { .. }
            | Event::KeyAuthorised { .. }
            | Event::KeyRevoked { .. }
            | Event::PayloadErased { .. }
            | Event::SettingChanged(_)
            | Event::LedgerRegistered { .. } => None,
        }
    }
}
