//! From events to payloads.

use std::borrow::Cow;

use serde::Serialize;

use super::{PAYLOAD_LEN_MAX, TooLong, wire};
use crate::claim::{Claim, Edge, EdgeKind, Moment, Polarity, Valid};
use crate::date::{Bound, ClockWindow};
use crate::event::{Act, Cardinality, Event, Verdict};
use crate::seq::Seq;
use crate::source::{How, LinkKind, Reliability, SourceKind};
use crate::value::{Value, ValueType};

/// The payload of an event.
///
/// # Errors
/// If it would be longer than [`PAYLOAD_LEN_MAX`].
pub fn encode(event: &Event) -> Result<Vec<u8>, TooLong> {
    let mut bytes = Vec::with_capacity(256);
    match event {
        Event::Genesis(genesis) => put(
            &mut bytes,
            &wire::Genesis { origin: &genesis.origin, format: genesis.format, algorithms: texts(&genesis.algorithms) },
        ),
        Event::ActorRegistered { name } => put(&mut bytes, &wire::ActorRegistered { name }),
        Event::AttributeDefined(defined) => put(
            &mut bytes,
            &wire::AttributeDefined {
                key: &defined.key,
                label: defined.label.as_deref(),
                value_type: place(&ValueType::ALL, defined.value_type),
                cardinality: place(Cardinality::ALL, defined.cardinality),
                complement: defined.complement.as_ref().map(|(a, b)| (value(a), value(b))),
                stale_after_days: defined.stale_after_days,
                unit: defined.unit.as_deref(),
            },
        ),
        Event::EntityRegistered(entity) => put(
            &mut bytes,
            &wire::EntityRegistered {
                key: &entity.key,
                label: entity.label.as_deref(),
                aliases: texts(&entity.aliases),
            },
        ),
        Event::EntityAliased { entity, aliases } => {
            put(&mut bytes, &wire::EntityAliased { entity: entity.0, aliases: texts(aliases) });
        }
        Event::EntitiesJudged(judged) => put(
            &mut bytes,
            &wire::EntitiesJudged {
                entities: judged.entities.iter().map(|entity| entity.0).collect(),
                verdict: place(Verdict::ALL, judged.verdict),
                reason: judged.reason.as_deref(),
                id: judged.id.as_deref(),
            },
        ),
        Event::ClaimAsserted(claim) => put(&mut bytes, &self::claim(claim)),
        Event::Disputed(act) | Event::Retracted(act) | Event::Approved(act) => put(&mut bytes, &self::act(act)),
        Event::Corrected { act, successor } => {
            put(&mut bytes, &wire::Corrected { act: self::act(act), successor: successor.0 });
        }
        Event::Assessed(assessment) => put(
            &mut bytes,
            &wire::Assessed {
                act: act(&assessment.act),
                rating: &assessment.rating,
                label: assessment.label.as_deref(),
                credibility: assessment.credibility,
            },
        ),
        other => encode_other(&mut bytes, other),
    }
    if bytes.len() > PAYLOAD_LEN_MAX { Err(TooLong { len: bytes.len() }) } else { Ok(bytes) }
}

/// Sources, evidence, notes, keys and erasures.
fn encode_other(bytes: &mut Vec<u8>, event: &Event) {
    match event {
        Event::SourceRegistered(source) => put(
            bytes,
            &wire::SourceRegistered {
                key: &source.key,
                kind: place(SourceKind::ALL, source.kind),
                label: source.label.as_deref(),
                reliability: source.reliability.map(|grade| place(Reliability::ALL, grade)),
            },
        ),
        Event::SourceRated(rated) => put(
            bytes,
            &wire::SourceRated {
                source: rated.source.0,
                reliability: place(Reliability::ALL, rated.reliability),
                on: rated.on.as_ref().map(Bound::text),
                reason: rated.reason.as_deref(),
                id: rated.id.as_deref(),
            },
        ),
        Event::SourceLinked { source, to, how, id } => put(
            bytes,
            &wire::SourceLinked { source: source.0, to: to.0, how: place(LinkKind::ALL, *how), id: id.as_deref() },
        ),
        Event::EvidenceAdded(evidence) => put(
            bytes,
            &wire::EvidenceAdded {
                digest: &evidence.digest,
                len_bytes: evidence.len_bytes,
                media_type: evidence.media_type.as_deref(),
                url: evidence.url.as_deref(),
                archive_url: evidence.archive_url.as_deref(),
                captured_at: evidence.captured_at.as_deref(),
            },
        ),
        Event::Noted { about, text, id } => {
            put(bytes, &wire::Noted { about: about.map(|about| about.0), text, id: id.as_deref() });
        }
        Event::KeyAuthorised { name, algorithm, public_key, roles } => put(
            bytes,
            &wire::KeyAuthorised { name, algorithm: *algorithm, public_key: public_key.to_vec(), roles: texts(roles) },
        ),
        Event::KeyRevoked { key, reason } => put(bytes, &wire::KeyRevoked { key: key.0, reason }),
        Event::PayloadErased { target, basis } => put(bytes, &wire::PayloadErased { target: target.0, basis }),
        _ => {}
    }
}

/// Writing to a vector cannot fail, and every wire struct can be written.
pub(super) fn put(bytes: &mut Vec<u8>, wire: &impl Serialize) {
    let written = bincode::serde::encode_into_std_write(wire, bytes, bincode::config::standard());
    debug_assert!(written.is_ok(), "{written:?}");
}

/// The number of a word: its place in its vocabulary, from 0.
fn place<T: PartialEq + Copy>(all: &[T], word: T) -> u8 {
    all.iter().position(|other| *other == word).and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX)
}

fn texts(all: &[Box<str>]) -> Vec<&str> {
    all.iter().map(|text| &**text).collect()
}

pub(super) fn value(value: &Value<Seq>) -> wire::Value<'_> {
    match value {
        Value::Text(text) => wire::Value::Text(text),
        Value::Symbol(word) => wire::Value::Symbol(word),
        Value::Bool(holds) => wire::Value::Bool(*holds),
        Value::Entity(entity) => wire::Value::Entity(entity.0),
        Value::Quantity(quantity) => wire::Value::Quantity {
            lower: quantity.lower().map(|bound| Cow::Owned(bound.to_string())),
            upper: quantity.upper().map(|bound| Cow::Owned(bound.to_string())),
            unit: quantity.unit(),
            approx: quantity.is_approx(),
        },
        Value::Date(date) => wire::Value::Date(date.text()),
        Value::Url(url) => wire::Value::Url(url),
        Value::Some => wire::Value::Some,
        Value::None => wire::Value::None,
    }
}

fn moment(moment: &Moment) -> wire::Moment<'_> {
    wire::Moment { at: moment.at.text(), clock: moment.clock.as_ref().map(ClockWindow::text) }
}

fn edge(edge: &Edge) -> wire::Edge<'_> {
    wire::Edge {
        at: edge.at.text(),
        kind: place(EdgeKind::ALL, edge.kind),
        clock: edge.clock.as_ref().map(ClockWindow::text),
    }
}

pub(super) fn claim(claim: &Claim) -> wire::Claim<'_> {
    let (statement, reference) = (&claim.statement, &claim.reference);
    let valid = match &statement.valid {
        Valid::On(at) => wire::Valid::On(moment(at)),
        Valid::AsOf(at) => wire::Valid::AsOf(moment(at)),
        Valid::Period { from, until } => {
            wire::Valid::Period { from: from.as_ref().map(edge), until: until.as_ref().map(edge) }
        }
        Valid::Listed(spans) => {
            wire::Valid::Listed(spans.iter().map(|span| (span.from.text(), span.until.text())).collect())
        }
        Valid::Undated => wire::Valid::Undated,
        Valid::Timeless => wire::Valid::Timeless,
    };
    let link = |link: &'_ crate::source::Attribution<Seq>| (link.who.0, place(How::ALL, link.how));
    wire::Claim {
        subject: statement.subject.0,
        attribute: statement.attribute.0,
        value: value(&statement.value),
        polarity: place(Polarity::ALL, statement.polarity),
        valid,
        chain: claim
            .chain
            .iter()
            .map(|own| {
                let (who, how) = link(own);
                wire::Attribution { who, how, on: own.on.as_ref().map(Bound::text) }
            })
            .collect(),
        said_on: reference.said_on.as_ref().map(Bound::text),
        id: claim.id.as_deref(),
        quote: reference.quote.as_deref(),
        evidence: texts(&reference.evidence),
        url: reference.url.as_deref(),
        lang: reference.lang.as_deref(),
        dating_note: reference.dating_note.as_deref(),
        note: reference.note.as_deref(),
    }
}

fn act(act: &Act) -> wire::Act<'_> {
    wire::Act {
        target: act.target.0,
        by: act.by.map(|by| by.0),
        said_on: act.said_on.as_ref().map(Bound::text),
        reason: &act.reason,
        id: act.id.as_deref(),
    }
}
