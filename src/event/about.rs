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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Act, EntitiesJudged, EntityRegistered, Noted, SourceRegistered, Verdict};
    use crate::source::{LinkKind, SourceKind};

    /// Event 7 is about (3, 4); entities, sources and attributes of the key `known` were registered by 3, 5 and 4.
    struct Ledger;

    impl Before for Ledger {
        fn about(&self, target: Seq) -> (Seq, Seq) {
            if target == Seq(7) { (Seq(3), Seq(4)) } else { (Seq(0), Seq(0)) }
        }

        fn first_of_key(&self, kind: EventKind, key: &str) -> Option<Seq> {
            let first = match kind {
                EventKind::EntityRegistered => 3,
                EventKind::SourceRegistered => 5,
                _ => 4,
            };
            (key == "known").then_some(Seq(first))
        }
    }

    #[test]
    fn an_event_is_about_what_its_kind_and_its_payload_say() {
        let act = |target| Act { target: Seq(target), by: None, said_on: None, reason: "r".into(), id: None };
        let noted = |about: Option<u64>| {
            Event::Noted(Noted { about: about.map(Seq), text: "x".into(), id: None, is_private: false })
        };
        let entity = |key: &str| {
            Event::EntityRegistered(EntityRegistered { key: key.into(), label: None, aliases: vec![], id: None })
        };
        let source = |key: &str| {
            let kind = SourceKind::Person;
            let (label, reliability, id) = (None, None, None);
            Event::SourceRegistered(SourceRegistered {
                key: key.into(),
                kind,
                label,
                reliability,
                id,
                is_private: false,
            })
        };
        let judged = EntitiesJudged { entities: [Seq(9), Seq(3)], verdict: Verdict::Same, reason: None, id: None };
        for (event, about) in [
            (Event::Retracted(act(7)), (3, 4)),
            (Event::Returned(act(7)), (3, 4)),
            (Event::Corrected { act: act(7), successor: Seq(8) }, (3, 4)),
            (Event::PayloadErased { target: Seq(7), basis: "b".into(), first: None }, (3, 4)),
            (Event::Disputed(act(2)), (0, 0)),
            (noted(Some(7)), (3, 4)),
            (noted(None), (0, 0)),
            (Event::EntitiesJudged(judged), (9, 3)),
            (entity("known"), (3, 0)),
            (entity("new"), (20, 0)),
            (source("known"), (5, 0)),
            (source("new"), (20, 0)),
            (Event::EntityAliased { entity: Seq(3), aliases: vec![], id: None }, (3, 0)),
            (Event::SourceLinked { source: Seq(5), to: Seq(6), how: LinkKind::Copies, id: None }, (5, 6)),
            (Event::ActorRegistered { name: "ben".into(), of: Some(Seq(7)) }, (0, 0)),
            (Event::KeyRevoked { key: Seq(7), reason: "r".into() }, (0, 0)),
        ] {
            assert_eq!(event.about(Seq(20), &Ledger), (Seq(about.0), Seq(about.1)), "{event:?}");
        }
    }
}
