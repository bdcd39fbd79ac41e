//! Attributes, entities, sources and captured copies.

use super::{Checked, Rules, key, maybe_date, maybe_id, maybe_text, maybe_url, rule, texts, value, word};
use crate::codec::wire;
use crate::event::{Cardinality, EvidenceAdded, Verdict};
use crate::source::{LinkKind, Reliability, SourceKind};
use crate::value::ValueType;

impl Rules for wire::AttributeDefined<'_> {
    fn check(&self) -> Checked {
        key("key", self.key)?;
        maybe_text("label", self.label)?;
        word("value_type", &ValueType::ALL, self.value_type)?;
        word("cardinality", Cardinality::ALL, self.cardinality)?;
        if let wire::Complement::Pair((one, other)) = &self.complement {
            value(one)?;
            value(other)?;
        }
        maybe_text("unit", self.unit)?;
        maybe_id(self.id)
    }
}

impl Rules for wire::EntityRegistered<'_> {
    fn check(&self) -> Checked {
        key("key", self.key)?;
        maybe_text("label", self.label)?;
        texts("aliases", &self.aliases)?;
        maybe_id(self.id)
    }
}

impl Rules for wire::EntityAliased<'_> {
    fn check(&self) -> Checked {
        texts("aliases", &self.aliases)?;
        maybe_id(self.id)
    }
}

impl Rules for wire::EntitiesJudged<'_> {
    fn check(&self) -> Checked {
        rule("entities", self.entities.0 != self.entities.1)?;
        word("verdict", Verdict::ALL, self.verdict)?;
        maybe_text("reason", self.reason)?;
        maybe_id(self.id)
    }
}

impl Rules for wire::SourceRegistered<'_> {
    fn check(&self) -> Checked {
        key("key", self.key)?;
        word("kind", SourceKind::ALL, self.kind)?;
        maybe_text("label", self.label)?;
        self.reliability.map_or(Ok(()), |grade| word("reliability", Reliability::ALL, grade).map(drop))?;
        maybe_id(self.id)
    }
}

impl Rules for wire::SourceRated<'_> {
    fn check(&self) -> Checked {
        word("reliability", Reliability::ALL, self.reliability)?;
        maybe_date("on", self.on)?;
        maybe_text("reason", self.reason)?;
        maybe_id(self.id)
    }
}

impl Rules for wire::SourceLinked<'_> {
    fn check(&self) -> Checked {
        word("how", LinkKind::ALL, self.how)?;
        maybe_id(self.id)
    }
}

impl Rules for wire::EvidenceAdded<'_> {
    fn check(&self) -> Checked {
        rule("digest", EvidenceAdded::is_digest(self.digest))?;
        maybe_text("media_type", self.media_type)?;
        maybe_url("url", self.url)?;
        maybe_url("archive_url", self.archive_url)?;
        maybe_text("captured_at", self.captured_at)?;
        maybe_id(self.id)
    }
}
