//! Attributes, entities, sources and captured copies.

use super::{Build, boxed, maybe, maybe_bound, value};
use crate::codec::rules::word;
use crate::codec::{DecodeError, wire};
use crate::event::{
    AttributeDefined, Cardinality, Complement, EntitiesJudged, EntityRegistered, Event, EventKind, EvidenceAdded,
    SourceRated, SourceRegistered, Verdict,
};
use crate::seq::Seq;
use crate::source::{LinkKind, Reliability, SourceKind};
use crate::value::ValueType;

impl Build for wire::AttributeDefined<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::AttributeDefined(AttributeDefined {
            key: self.key.into(),
            label: maybe(self.label),
            value_type: word("value_type", &ValueType::ALL, self.value_type)?,
            cardinality: word("cardinality", Cardinality::ALL, self.cardinality)?,
            complement: match self.complement {
                wire::Complement::NotDeclared => Complement::NotDeclared,
                wire::Complement::Pair((one, other)) => Complement::Pair(value(one)?, value(other)?),
                wire::Complement::None => Complement::None,
            },
            is_fixed: self.fixed,
            stale_after_days: self.stale_after_days,
            unit: maybe(self.unit),
            id: maybe(self.id),
        }))
    }
}

impl Build for wire::EntityRegistered<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        let (key, label, aliases) = (self.key.into(), maybe(self.label), boxed(&self.aliases));
        Ok(Event::EntityRegistered(EntityRegistered { key, label, aliases, id: maybe(self.id) }))
    }
}

impl Build for wire::EntityAliased<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::EntityAliased { entity: Seq(self.entity), aliases: boxed(&self.aliases), id: maybe(self.id) })
    }
}

impl Build for wire::EntitiesJudged<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::EntitiesJudged(EntitiesJudged {
            entities: <[u64; 2]>::from(self.entities).map(Seq),
            verdict: word("verdict", Verdict::ALL, self.verdict)?,
            reason: maybe(self.reason),
            id: maybe(self.id),
        }))
    }
}

impl Build for wire::SourceRegistered<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::SourceRegistered(SourceRegistered {
            key: self.key.into(),
            kind: word("kind", SourceKind::ALL, self.kind)?,
            label: maybe(self.label),
            reliability: self.reliability.map(|grade| word("reliability", Reliability::ALL, grade)).transpose()?,
            id: maybe(self.id),
            is_private: self.private,
        }))
    }
}

impl Build for wire::SourceRated<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::SourceRated(SourceRated {
            source: Seq(self.source),
            reliability: word("reliability", Reliability::ALL, self.reliability)?,
            on: maybe_bound("on", self.on)?,
            reason: maybe(self.reason),
            id: maybe(self.id),
        }))
    }
}

impl Build for wire::SourceLinked<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        let how = word("how", LinkKind::ALL, self.how)?;
        Ok(Event::SourceLinked { source: Seq(self.source), to: Seq(self.to), how, id: maybe(self.id) })
    }
}

impl Build for wire::EvidenceAdded<'_> {
    fn event(self, _: EventKind) -> Result<Event, DecodeError> {
        Ok(Event::EvidenceAdded(EvidenceAdded {
            digest: self.digest.into(),
            media_type: maybe(self.media_type),
            url: maybe(self.url),
            archive_url: maybe(self.archive_url),
            captured_at: maybe(self.captured_at),
            len_bytes: self.len_bytes,
            id: maybe(self.id),
            is_private: self.private,
        }))
    }
}
