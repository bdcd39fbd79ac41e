//! What is registered, linked, graded, judged and noted.

use std::collections::BTreeSet;

use super::super::json::{Json, Object};
use super::act::target;
use super::fields::{Fields, needed, within};
use super::value::value;
use crate::claim::{Problem, key, text};
use crate::event::{
    Cardinality, Complement, EntityRegistered, EvidenceAdded, Proposed, ProposedAttribute, SourceRegistered, Verdict,
};
use crate::source::{LinkKind, Reliability, SourceKind};
use crate::value::{Typed, Value, ValueType};

pub(super) fn attribute(line: Object<'_>) -> Result<Proposed, Problem> {
    const KNOWN: &[&str] =
        &["type", "key", "value_type", "cardinality", "complement", "stale_after_days", "unit", "label", "fixed", "id"];
    let mut fields = Fields::open(line, "an attribute", KNOWN)?;
    let key = needed("key", fields.key("key")?)?;
    let value_type = needed("value_type", fields.one_of("value_type", &ValueType::ALL, ValueType::word)?)?;
    let cardinality = fields.one_of("cardinality", Cardinality::ALL, Cardinality::word)?;
    let complement = fields.list("complement", "null or a list of two values")?;
    let stale_after_days = fields.natural("stale_after_days", 0, u64::from(u32::MAX))?;
    let unit = fields.text("unit")?;
    Ok(Proposed::Attribute(ProposedAttribute {
        key,
        value_type,
        cardinality: cardinality.unwrap_or(Cardinality::Single),
        complement: match complement {
            None => Complement::NotDeclared,
            Some(pair) => {
                let (one, other) = of_pair(pair, value_type, unit.as_deref())?;
                Complement::Pair(one, other)
            }
        },
        is_fixed: fields.flag("fixed")?,
        id: fields.id()?,
        stale_after_days: stale_after_days.and_then(|days| u32::try_from(days).ok()),
        unit,
        label: fields.label("label")?,
    }))
}

/// A complement: two values that the attribute takes, each a value by itself.
fn of_pair(pair: Vec<Json<'_>>, value_type: ValueType, unit: Option<&str>) -> Result<(Typed, Typed), Problem> {
    let mut read = Vec::with_capacity(2);
    for (place, json) in pair.into_iter().enumerate() {
        let here = |problem| within(format_args!("complement[{place}]"), problem);
        let typed = value(json).map_err(here)?;
        if let Typed::Plain(Value::Entity(_) | Value::Some | Value::None) = typed {
            return Err(here(Problem::new("", "has no complement; give booleans, words, texts, amounts or dates")));
        }
        let resolved = typed.clone().resolve(Some(value_type), unit);
        resolved.map_err(|error| here(Problem::new("", error)))?;
        read.push(typed);
    }
    match <[Typed; 2]>::try_from(read) {
        Ok([first, second]) if first != second => Ok((first, second)),
        Ok(_) => Err(Problem::new("complement", "names one value twice")),
        Err(_) => Err(Problem::new("complement", "is not a pair; give two values, or null")),
    }
}

pub(super) fn entity(line: Object<'_>) -> Result<Proposed, Problem> {
    let mut fields = Fields::open(line, "an entity", &["type", "key", "label", "aliases"])?;
    Ok(Proposed::Entity(EntityRegistered {
        key: needed("key", fields.key("key")?)?,
        label: fields.label("label")?,
        aliases: fields.strings("aliases", |alias| text("", Some(alias)))?,
        id: None,
    }))
}

pub(super) fn source(line: Object<'_>) -> Result<Proposed, Problem> {
    let mut fields = Fields::open(line, "a source", &["type", "key", "kind", "label", "reliability", "private"])?;
    Ok(Proposed::Source(SourceRegistered {
        key: needed("key", fields.key("key")?)?,
        kind: needed("kind", fields.one_of("kind", SourceKind::ALL, SourceKind::word)?)?,
        label: fields.label("label")?,
        reliability: fields.one_of("reliability", Reliability::ALL, Reliability::word)?,
        id: None,
        is_private: fields.flag("private")?,
    }))
}

pub(super) fn rating(line: Object<'_>) -> Result<Proposed, Problem> {
    let mut fields = Fields::open(line, "a rating", &["type", "id", "source", "reliability", "on", "reason"])?;
    Ok(Proposed::Rating {
        id: fields.id()?,
        source: needed("source", fields.key("source")?)?,
        reliability: needed("reliability", fields.one_of("reliability", Reliability::ALL, Reliability::word)?)?,
        on: fields.bound("on")?,
        reason: fields.text("reason")?,
    })
}

pub(super) fn link(line: Object<'_>) -> Result<Proposed, Problem> {
    let mut fields = Fields::open(line, "a link", &["type", "id", "source", "to", "how"])?;
    let id = fields.id()?;
    let source = needed("source", fields.key("source")?)?;
    let to = needed("to", fields.key("to")?)?;
    if source == to {
        return Err(Problem::new("to", "is the source itself"));
    }
    let how = needed("how", fields.one_of("how", LinkKind::ALL, LinkKind::word)?)?;
    Ok(Proposed::Link { source, to, how, id })
}

pub(super) fn evidence(line: Object<'_>) -> Result<Proposed, Problem> {
    const KNOWN: &[&str] = &["type", "digest", "media_type", "url", "archive_url", "captured_at", "len_bytes"];
    let mut fields = Fields::open(line, "evidence", KNOWN)?;
    let digest = needed("digest", fields.string("digest", "64 hexadecimal digits as a string")?)?;
    if !EvidenceAdded::is_digest(&digest) {
        return Err(Problem::new("digest", "is not 64 hexadecimal digits in lower case (BLAKE3)"));
    }
    Ok(Proposed::Evidence(EvidenceAdded {
        digest: digest.into_owned().into(),
        media_type: fields.text("media_type")?,
        url: fields.url("url")?,
        archive_url: fields.url("archive_url")?,
        captured_at: fields.text("captured_at")?,
        len_bytes: needed("len_bytes", fields.natural("len_bytes", 0, u64::MAX)?)?,
        id: None,
        is_private: false,
    }))
}

pub(super) fn judgement(line: Object<'_>) -> Result<Proposed, Problem> {
    let mut fields = Fields::open(line, "a judgement", &["type", "id", "entities", "verdict", "reason"])?;
    let id = fields.id()?;
    let entities = fields.strings("entities", |entity| key("", Some(entity)))?;
    let mut seen = BTreeSet::new();
    if let Some((place, twice)) = entities.iter().enumerate().find(|(_, entity)| !seen.insert(*entity)) {
        return Err(Problem::new(format!("entities[{place}]"), format!("{twice:?} stands twice")));
    }
    if entities.len() < 2 {
        return Err(Problem::new("entities", "names fewer than two entities"));
    }
    let verdict = needed("verdict", fields.one_of("verdict", Verdict::ALL, Verdict::word)?)?;
    let Ok(entities) = <[Box<str>; 2]>::try_from(entities) else {
        return Err(Problem::new("entities", "names more than two entities").with_hint("write one line for each pair"));
    };
    Ok(Proposed::Judgement { entities, verdict, reason: fields.text("reason")?, id })
}

pub(super) fn note(line: Object<'_>) -> Result<Proposed, Problem> {
    let mut fields = Fields::open(line, "a note", &["type", "id", "about", "text", "private"])?;
    Ok(Proposed::Note {
        id: fields.id()?,
        about: target(&mut fields, "about")?,
        text: needed("text", fields.text("text")?)?,
        is_private: fields.flag("private")?,
    })
}
