//! From payloads to events. What is decoded has been checked as what is typed is.

use serde::Deserialize;

use super::{DecodeError, PAYLOAD_LEN_MAX, config, encode, wire};
use crate::claim::{
    Claim, Edge, EdgeKind, Moment, Polarity, Reference, Span, Statement, Valid, checked_time, is_digest,
};
use crate::date::{Bound, ClockWindow};
use crate::event::{
    Act, Assessment, AttributeDefined, Cardinality, EntitiesJudged, EntityRegistered, Event, EventKind, EvidenceAdded,
    Genesis, SourceRated, SourceRegistered, Verdict,
};
use crate::seq::Seq;
use crate::source::{Attribution, How, LinkKind, Reliability, SourceKind};
use crate::value::{Quantity, Value, ValueType, key_problem, text_problem};

/// The event of a payload.
///
/// # Errors
/// If the bytes are not exactly what [`encode`](super::encode()) gives for an event of this kind.
pub fn decode(kind: EventKind, bytes: &[u8]) -> Result<Event, DecodeError> {
    let event = decode_any(kind, bytes)?;
    let is_canonical = event.kind() == kind && encode(&event).is_ok_and(|again| again == bytes);
    if is_canonical { Ok(event) } else { Err(DecodeError::NotCanonical) }
}

/// The same without asking whether it is the one spelling.
pub(super) fn decode_any(kind: EventKind, bytes: &[u8]) -> Result<Event, DecodeError> {
    if bytes.len() > PAYLOAD_LEN_MAX {
        return Err(DecodeError::Malformed("it is too long".to_owned()));
    }
    Ok(match kind {
        EventKind::ClaimAsserted | EventKind::PeriodsAsserted => Event::ClaimAsserted(claim(get(bytes)?)?),
        EventKind::EntityRegistered => {
            let wire: wire::EntityRegistered<'_> = get(bytes)?;
            let (key, label) = (key("key", wire.key)?, maybe_text("label", wire.label)?);
            Event::EntityRegistered(EntityRegistered { key, label, aliases: texts("aliases", &wire.aliases)? })
        }
        EventKind::AttributeDefined => Event::AttributeDefined(attribute(get(bytes)?)?),
        EventKind::SourceRegistered => {
            let wire: wire::SourceRegistered<'_> = get(bytes)?;
            Event::SourceRegistered(SourceRegistered {
                key: key("key", wire.key)?,
                kind: word("kind", SourceKind::ALL, wire.kind)?,
                label: maybe_text("label", wire.label)?,
                reliability: wire.reliability.map(|grade| word("reliability", Reliability::ALL, grade)).transpose()?,
            })
        }
        EventKind::Disputed => Event::Disputed(act(get(bytes)?)?),
        EventKind::Retracted => Event::Retracted(act(get(bytes)?)?),
        EventKind::Approved => Event::Approved(act(get(bytes)?)?),
        EventKind::Corrected => {
            let wire: wire::Corrected<'_> = get(bytes)?;
            Event::Corrected { act: act(wire.act)?, successor: Seq(wire.successor) }
        }
        EventKind::Assessed => {
            let wire: wire::Assessed<'_> = get(bytes)?;
            Event::Assessed(Assessment {
                act: act(wire.act)?,
                rating: key("rating", wire.rating)?,
                label: maybe_text("label", wire.label)?,
                credibility: wire.credibility.map(credibility).transpose()?,
            })
        }
        other => decode_other(other, bytes)?,
    })
}

/// What is registered or written less often.
fn decode_other(kind: EventKind, bytes: &[u8]) -> Result<Event, DecodeError> {
    Ok(match kind {
        EventKind::Genesis => {
            let wire: wire::Genesis<'_> = get(bytes)?;
            let algorithms = texts("algorithms", &wire.algorithms)?;
            let origin = named("origin", wire.origin, Genesis::is_origin)?;
            Event::Genesis(Genesis { origin, algorithms, format: wire.format })
        }
        EventKind::ActorRegistered => {
            let wire: wire::ActorRegistered<'_> = get(bytes)?;
            Event::ActorRegistered { name: key("name", wire.name)? }
        }
        EventKind::EntityAliased => {
            let wire: wire::EntityAliased<'_> = get(bytes)?;
            Event::EntityAliased { entity: Seq(wire.entity), aliases: texts("aliases", &wire.aliases)? }
        }
        EventKind::EntitiesJudged => {
            let wire: wire::EntitiesJudged<'_> = get(bytes)?;
            Event::EntitiesJudged(EntitiesJudged {
                entities: wire.entities.into_iter().map(Seq).collect(),
                verdict: word("verdict", Verdict::ALL, wire.verdict)?,
                reason: maybe_text("reason", wire.reason)?,
                id: maybe_key("id", wire.id)?,
            })
        }
        EventKind::SourceRated => {
            let wire: wire::SourceRated<'_> = get(bytes)?;
            Event::SourceRated(SourceRated {
                source: Seq(wire.source),
                reliability: word("reliability", Reliability::ALL, wire.reliability)?,
                on: maybe_bound("on", wire.on)?,
                reason: maybe_text("reason", wire.reason)?,
                id: maybe_key("id", wire.id)?,
            })
        }
        EventKind::SourceLinked => {
            let wire: wire::SourceLinked<'_> = get(bytes)?;
            let how = word("how", LinkKind::ALL, wire.how)?;
            Event::SourceLinked { source: Seq(wire.source), to: Seq(wire.to), how, id: maybe_key("id", wire.id)? }
        }
        EventKind::EvidenceAdded => {
            let wire: wire::EvidenceAdded<'_> = get(bytes)?;
            Event::EvidenceAdded(EvidenceAdded {
                digest: named("digest", wire.digest, EvidenceAdded::is_digest)?,
                media_type: maybe_text("media_type", wire.media_type)?,
                url: maybe_text("url", wire.url)?,
                archive_url: maybe_text("archive_url", wire.archive_url)?,
                captured_at: maybe_text("captured_at", wire.captured_at)?,
                len_bytes: wire.len_bytes,
            })
        }
        EventKind::Noted => {
            let wire: wire::Noted<'_> = get(bytes)?;
            Event::Noted { about: wire.about.map(Seq), text: text("text", wire.text)?, id: maybe_key("id", wire.id)? }
        }
        EventKind::KeyAuthorised => {
            let wire: wire::KeyAuthorised<'_> = get(bytes)?;
            Event::KeyAuthorised {
                name: text("name", wire.name)?,
                algorithm: wire.algorithm,
                public_key: wire.public_key.into(),
                roles: texts("roles", &wire.roles)?,
            }
        }
        EventKind::KeyRevoked => key_revoked(&get(bytes)?)?,
        _ => {
            let wire: wire::PayloadErased<'_> = get(bytes)?;
            Event::PayloadErased { target: Seq(wire.target), basis: text("basis", wire.basis)? }
        }
    })
}

fn key_revoked(wire: &wire::KeyRevoked<'_>) -> Result<Event, DecodeError> {
    Ok(Event::KeyRevoked { key: Seq(wire.key), reason: text("reason", wire.reason)? })
}

pub(super) fn get<'b, W: Deserialize<'b>>(bytes: &'b [u8]) -> Result<W, DecodeError> {
    let decoded = bincode::serde::borrow_decode_from_slice::<W, _>(bytes, config());
    let (wire, len) = decoded.map_err(|error| DecodeError::Malformed(error.to_string()))?;
    if len == bytes.len() { Ok(wire) } else { Err(DecodeError::NotCanonical) }
}

fn word<T: Copy>(field: &'static str, all: &[T], place: u8) -> Result<T, DecodeError> {
    all.get(usize::from(place)).copied().ok_or(DecodeError::Field(field))
}

/// A text within the limits; a reason that nobody had to give may be empty.
fn text(field: &'static str, text: &str) -> Result<Box<str>, DecodeError> {
    let is_usable = text.is_empty() && field == "reason" || text_problem(text).is_none();
    is_usable.then(|| text.into()).ok_or(DecodeError::Field(field))
}

fn maybe_text(field: &'static str, text: Option<&str>) -> Result<Option<Box<str>>, DecodeError> {
    text.map(|text| self::text(field, text)).transpose()
}

fn texts(field: &'static str, all: &[&str]) -> Result<Vec<Box<str>>, DecodeError> {
    all.iter().map(|text| self::text(field, text)).collect()
}

fn key(field: &'static str, key: &str) -> Result<Box<str>, DecodeError> {
    if key_problem(key).is_none() { Ok(key.into()) } else { Err(DecodeError::Field(field)) }
}

fn maybe_key(field: &'static str, key: Option<&str>) -> Result<Option<Box<str>>, DecodeError> {
    key.map(|key| self::key(field, key)).transpose()
}

fn named(field: &'static str, name: &str, is_one: fn(&str) -> bool) -> Result<Box<str>, DecodeError> {
    is_one(name).then(|| name.into()).ok_or(DecodeError::Field(field))
}

fn credibility(grade: u8) -> Result<u8, DecodeError> {
    Some(grade).filter(|grade| Assessment::CREDIBILITY.contains(grade)).ok_or(DecodeError::Field("credibility"))
}

fn bound(field: &'static str, text: &str) -> Result<Bound, DecodeError> {
    Bound::parse(text).map_err(|_| DecodeError::Field(field))
}

fn maybe_bound(field: &'static str, text: Option<&str>) -> Result<Option<Bound>, DecodeError> {
    text.map(|text| bound(field, text)).transpose()
}

fn clock(text: Option<&str>) -> Result<Option<ClockWindow>, DecodeError> {
    text.map(|text| ClockWindow::parse(text).map_err(|_| DecodeError::Field("clock"))).transpose()
}

fn attribute(wire: wire::AttributeDefined<'_>) -> Result<AttributeDefined, DecodeError> {
    Ok(AttributeDefined {
        key: key("key", wire.key)?,
        label: maybe_text("label", wire.label)?,
        value_type: word("value_type", &ValueType::ALL, wire.value_type)?,
        cardinality: word("cardinality", Cardinality::ALL, wire.cardinality)?,
        complement: wire.complement.map(|(a, b)| Ok((value(a)?, value(b)?))).transpose()?,
        stale_after_days: wire.stale_after_days,
        unit: maybe_text("unit", wire.unit)?,
    })
}

fn value(wire: wire::Value<'_>) -> Result<Value<Seq>, DecodeError> {
    let decimal = |text: Option<std::borrow::Cow<'_, str>>| {
        text.map(|text| Quantity::parse_decimal(&text)).transpose().map_err(|_| DecodeError::Field("value"))
    };
    Ok(match wire {
        wire::Value::Text(text) => Value::Text(self::text("value", text)?),
        wire::Value::Symbol(text) => Value::Symbol(self::text("value", text)?),
        wire::Value::Bool(holds) => Value::Bool(holds),
        wire::Value::Entity(entity) => Value::Entity(Seq(entity)),
        wire::Value::Quantity { lower, upper, unit, approx } => {
            let (lower, upper, unit) = (decimal(lower)?, decimal(upper)?, maybe_text("unit", unit)?);
            Value::Quantity(Quantity::new(lower, upper, unit, approx).map_err(|_| DecodeError::Field("value"))?)
        }
        wire::Value::Date(text) => Value::Date(bound("value", text)?),
        wire::Value::Url(text) => Value::Url(self::text("value", text)?),
        wire::Value::Some => Value::Some,
        wire::Value::None => Value::None,
    })
}

fn moment(wire: &wire::Moment<'_>) -> Result<Moment, DecodeError> {
    Ok(Moment { at: bound("at", wire.at)?, clock: clock(wire.clock)? })
}

fn edge(wire: &wire::Edge<'_>) -> Result<Edge, DecodeError> {
    Ok(Edge { at: bound("at", wire.at)?, kind: word("kind", EdgeKind::ALL, wire.kind)?, clock: clock(wire.clock)? })
}

fn valid(wire: &wire::Valid<'_>) -> Result<Valid, DecodeError> {
    let valid = match wire {
        wire::Valid::On(at) => Valid::On(moment(at)?),
        wire::Valid::AsOf(at) => Valid::AsOf(moment(at)?),
        wire::Valid::Period { from, until } => {
            Valid::Period { from: from.as_ref().map(edge).transpose()?, until: until.as_ref().map(edge).transpose()? }
        }
        wire::Valid::Listed(spans) => {
            let span =
                |(from, until): &(&str, &str)| Ok(Span { from: bound("from", from)?, until: bound("until", until)? });
            Valid::Listed(spans.iter().map(span).collect::<Result<_, DecodeError>>()?)
        }
        wire::Valid::Undated => Valid::Undated,
        wire::Valid::Timeless => Valid::Timeless,
    };
    checked_time(valid).map_err(|_| DecodeError::Field("valid"))
}

fn claim(wire: wire::Claim<'_>) -> Result<Claim, DecodeError> {
    let link = |link: &wire::Attribution<'_>| {
        let how = word("how", How::ALL, link.how)?;
        Ok(Attribution { who: Seq(link.who), how, on: maybe_bound("on", link.on)? })
    };
    Ok(Claim {
        statement: Statement {
            subject: Seq(wire.subject),
            attribute: Seq(wire.attribute),
            value: value(wire.value)?,
            polarity: word("polarity", Polarity::ALL, wire.polarity)?,
            valid: valid(&wire.valid)?,
        },
        chain: wire.chain.iter().map(link).collect::<Result<_, DecodeError>>()?,
        reference: Reference {
            said_on: maybe_bound("said_on", wire.said_on)?,
            quote: maybe_text("quote", wire.quote)?,
            evidence: wire.evidence.iter().map(|name| named("evidence", name, is_digest)).collect::<Result<_, _>>()?,
            url: maybe_text("url", wire.url)?,
            lang: maybe_text("lang", wire.lang)?,
            dating_note: maybe_text("dating_note", wire.dating_note)?,
            note: maybe_text("note", wire.note)?,
        },
        id: maybe_key("id", wire.id)?,
    })
}

#[expect(clippy::needless_pass_by_value, reason = "what was decoded is used up")]
fn act(wire: wire::Act<'_>) -> Result<Act, DecodeError> {
    Ok(Act {
        target: Seq(wire.target),
        by: wire.by.map(Seq),
        said_on: maybe_bound("said_on", wire.said_on)?,
        reason: text("reason", wire.reason)?,
        id: maybe_key("id", wire.id)?,
    })
}
