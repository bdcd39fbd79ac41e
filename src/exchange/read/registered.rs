//! What is registered, linked, graded, judged, set and noted.

use super::super::json::{Json, Object};
use super::act::target_field;
use super::fields::{Fields, wrong_type};
use super::value::value;
use crate::claim::{Problem, Problems, key, text};
use crate::event::{
    Cardinality, Complement, EntityRegistered, EvidenceAdded, FourEyes, Proposed, ProposedAttribute, SettingChanged,
    SettingName, SourceRegistered, Verdict,
};
use crate::source::{LinkKind, Reliability, SourceKind};
use crate::value::{Typed, Value, ValueType};

pub(super) fn attribute(line: Object<'_>) -> Result<Proposed, Problems> {
    const KNOWN: &[&str] =
        &["type", "id", "key", "value_type", "cardinality", "complement", "stale_after_days", "fixed", "unit", "label"];
    let mut fields = Fields::open(line, "an attribute", KNOWN);
    let id = fields.id();
    let key = fields.key("key");
    let key = fields.needed("key", key);
    let value_type = fields.one_of("value_type", &ValueType::ALL, ValueType::word);
    let value_type = fields.needed("value_type", value_type);
    let cardinality = fields.one_of("cardinality", Cardinality::ALL, Cardinality::word);
    let complement = fields.take("complement");
    let stale_after_days = fields.natural("stale_after_days", 0, u64::from(u32::MAX));
    let is_fixed = fields.flag("fixed");
    let unit = fields.text("unit");
    let label = fields.text("label");
    let read = complement.map(|json| complement_of(json, value_type, unit.as_deref()));
    let complement = read.and_then(|read| fields.found.note(read)).unwrap_or_default();
    fields.done(key.zip(value_type).map(|(key, value_type)| {
        Proposed::Attribute(ProposedAttribute {
            key,
            label,
            value_type,
            cardinality: cardinality.unwrap_or(Cardinality::Single),
            complement,
            is_fixed,
            stale_after_days: stale_after_days.and_then(|days| u32::try_from(days).ok()),
            unit,
            id,
        })
    }))
}

/// A complement: two values that the attribute takes, or the word that it has none.
fn complement_of(
    json: Json<'_>,
    value_type: Option<ValueType>,
    unit: Option<&str>,
) -> Result<Complement<Typed>, Problems> {
    const WANTED: &str = "a list of two values, or \"none\",";
    let pair = match json {
        Json::List(pair) => pair,
        Json::String(word) if word == "none" => return Ok(Complement::None),
        other => return Err(wrong_type("complement", &other, WANTED).into()),
    };
    let mut read = Vec::with_capacity(2);
    for (place, json) in pair.into_iter().enumerate() {
        let here = |problems: Problems| problems.within(&format!("complement[{place}]"));
        let typed = value(json).map_err(here)?;
        if let Typed::Plain(Value::Entity(_) | Value::Some | Value::None) = typed {
            let why = "has no complement; give booleans, words, texts, amounts or dates";
            return Err(here(Problem::new("", why).into()));
        }
        if value_type.is_some() {
            let resolved = typed.clone().resolve(value_type, unit);
            resolved.map_err(|error| here(Problem::new("", error).into()))?;
        }
        read.push(typed);
    }
    match <[Typed; 2]>::try_from(read) {
        Ok([one, other]) if one != other => Ok(Complement::Pair(one, other)),
        Ok(_) => Err(Problem::new("complement", "names one value twice").into()),
        Err(_) => Err(Problem::new("complement", "is not a pair; give two values, or null").into()),
    }
}

pub(super) fn entity(line: Object<'_>) -> Result<Proposed, Problems> {
    let mut fields = Fields::open(line, "an entity", &["type", "id", "key", "label", "aliases"]);
    let id = fields.id();
    let key = fields.key("key");
    let key = fields.needed("key", key);
    let label = fields.text("label");
    let aliases = fields.strings("aliases", |alias| text("", Some(alias)));
    fields.done(key.map(|key| Proposed::Entity(EntityRegistered { key, label, aliases, id })))
}

pub(super) fn source(line: Object<'_>) -> Result<Proposed, Problems> {
    const KNOWN: &[&str] = &["type", "id", "key", "kind", "label", "reliability", "private"];
    let mut fields = Fields::open(line, "a source", KNOWN);
    let id = fields.id();
    let key = fields.key("key");
    let key = fields.needed("key", key);
    let kind = fields.one_of("kind", SourceKind::ALL, SourceKind::word);
    let kind = fields.needed("kind", kind);
    let label = fields.text("label");
    let reliability = fields.one_of("reliability", Reliability::ALL, Reliability::word);
    let is_private = fields.flag("private");
    fields.done(
        key.zip(kind)
            .map(|(key, kind)| Proposed::Source(SourceRegistered { key, kind, label, reliability, id, is_private })),
    )
}

pub(super) fn rating(line: Object<'_>) -> Result<Proposed, Problems> {
    let mut fields = Fields::open(line, "a rating", &["type", "id", "source", "reliability", "on", "reason"]);
    let id = fields.id();
    let source = fields.key("source");
    let source = fields.needed("source", source);
    let reliability = fields.one_of("reliability", Reliability::ALL, Reliability::word);
    let reliability = fields.needed("reliability", reliability);
    let on = fields.bound("on");
    let reason = fields.text("reason");
    fields.done(source.zip(reliability).map(|(source, reliability)| Proposed::Rating {
        source,
        reliability,
        on,
        reason,
        id,
    }))
}

pub(super) fn link(line: Object<'_>) -> Result<Proposed, Problems> {
    let mut fields = Fields::open(line, "a link", &["type", "id", "source", "to", "how"]);
    let id = fields.id();
    let source = fields.key("source");
    let source = fields.needed("source", source);
    let to = fields.key("to");
    let to = fields.needed("to", to);
    if source.is_some() && source == to {
        fields.found.tell(Problem::new("to", "is the source itself"));
    }
    let how = fields.one_of("how", LinkKind::ALL, LinkKind::word);
    let how = fields.needed("how", how);
    fields.done(source.zip(to).zip(how).map(|((source, to), how)| Proposed::Link { source, to, how, id }))
}

pub(super) fn evidence(line: Object<'_>) -> Result<Proposed, Problems> {
    const KNOWN: &[&str] =
        &["type", "id", "digest", "media_type", "url", "archive_url", "captured_at", "len_bytes", "private"];
    let mut fields = Fields::open(line, "evidence", KNOWN);
    let id = fields.id();
    let digest = fields.string("digest", "64 hexadecimal digits as a string");
    let digest: Option<Box<str>> = fields.needed("digest", digest).map(|digest| digest.into_owned().into());
    if digest.as_deref().is_some_and(|digest| !EvidenceAdded::is_digest(digest)) {
        fields.found.tell(Problem::new("digest", "is not 64 hexadecimal digits in lower case (BLAKE3)"));
    }
    let (media_type, url) = (fields.text("media_type"), fields.url("url"));
    let (archive_url, captured_at) = (fields.url("archive_url"), fields.text("captured_at"));
    let len_bytes = fields.natural("len_bytes", 0, u64::MAX);
    let len_bytes = fields.needed("len_bytes", len_bytes);
    let is_private = fields.flag("private");
    fields.done(digest.zip(len_bytes).map(|(digest, len_bytes)| {
        Proposed::Evidence(EvidenceAdded {
            digest,
            media_type,
            url,
            archive_url,
            captured_at,
            len_bytes,
            id,
            is_private,
        })
    }))
}

pub(super) fn judgement(line: Object<'_>) -> Result<Proposed, Problems> {
    let mut fields = Fields::open(line, "a judgement", &["type", "id", "entities", "verdict", "reason"]);
    let id = fields.id();
    let entities = fields.strings("entities", |entity| key("", Some(entity)));
    let pair = match <[Box<str>; 2]>::try_from(entities) {
        Ok([one, other]) if one == other => Err(Problem::new("entities[1]", format!("{other:?} stands twice"))),
        Ok(pair) => Ok(pair),
        Err(entities) if entities.len() < 2 => Err(Problem::new("entities", "names fewer than two entities")),
        Err(_) => {
            Err(Problem::new("entities", "names more than two entities").with_hint("write one line for each pair"))
        }
    };
    let entities = if fields.found.is_told(&["entities"]) { None } else { fields.found.note(pair) };
    let verdict = fields.one_of("verdict", Verdict::ALL, Verdict::word);
    let verdict = fields.needed("verdict", verdict);
    let reason = fields.text("reason");
    fields.done(entities.zip(verdict).map(|(entities, verdict)| Proposed::Judgement { entities, verdict, reason, id }))
}

pub(super) fn setting(line: Object<'_>) -> Result<Proposed, Problems> {
    let mut fields = Fields::open(line, "a setting", &["type", "name", "value"]);
    let name = fields.one_of("name", SettingName::ALL, SettingName::word);
    let name = fields.needed("name", name);
    let value = if name == Some(SettingName::FourEyes) {
        fields.one_of("value", FourEyes::ALL, FourEyes::word).map(|word| word.word().into())
    } else {
        fields.text("value")
    };
    let value = fields.needed("value", value);
    fields.done(name.zip(value).map(|(name, value)| Proposed::Setting(SettingChanged { name, value })))
}

pub(super) fn note(line: Object<'_>) -> Result<Proposed, Problems> {
    let mut fields = Fields::open(line, "a note", &["type", "id", "about", "text", "private"]);
    let id = fields.id();
    let about = target_field(&mut fields, "about");
    let text = fields.text("text");
    let text = fields.needed("text", text);
    let is_private = fields.flag("private");
    fields.done(text.map(|text| Proposed::Note { about, text, id, is_private }))
}
