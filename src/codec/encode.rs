//! From events to payloads.

use std::borrow::Cow;

use serde::Serialize;

use super::{PAYLOAD_LEN_MAX, TooLong, wire};
use crate::claim::{Claim, Edge, EdgeKind, Moment, Polarity, Valid};
use crate::date::{Bound, ClockWindow, Said};
use crate::event::{Act, AttributeDefined, Cardinality, Complement, Event, First, SettingName, Verdict};
use crate::seq::Seq;
use crate::source::{How, LinkKind, Reliability, SourceKind};
use crate::value::{Value, ValueType};

/// The payload of an event, and of who entered it first if that was in another ledger (which only kinds with
/// [`has_first`](crate::event::EventKind::has_first) can say).
///
/// # Errors
/// If it would be longer than [`PAYLOAD_LEN_MAX`].
pub fn encode(event: &Event, first: Option<&First>) -> Result<Vec<u8>, TooLong> {
    let mut bytes = Vec::with_capacity(256);
    encode_behind(event, first, &mut bytes).map(|()| bytes)
}

/// Puts the payload of an event, as [`encode`] makes it, behind some bytes.
///
/// # Errors
/// If it would be longer than [`PAYLOAD_LEN_MAX`]; the bytes are as they were.
pub fn encode_behind(event: &Event, first: Option<&First>, bytes: &mut Vec<u8>) -> Result<(), TooLong> {
    debug_assert!(first.is_none() || event.kind().has_first(), "{:?} is never another ledger's", event.kind());
    let start = bytes.len();
    put_event(bytes, event);
    if event.kind().has_first() {
        put(bytes, &first.map(self::first));
    }
    let len = bytes.len() - start;
    if len > PAYLOAD_LEN_MAX {
        bytes.truncate(start);
        return Err(TooLong { len });
    }
    Ok(())
}

/// Puts behind some bytes what the fold needs of a claim: its statement, its origin, when it was said, and its copies. That is
/// the payload of a claim that has nothing else.
pub fn encode_statement(claim: &Claim, bytes: &mut Vec<u8>) {
    let (quote, url, lang, dating_note, note, id) = (None, None, None, None, None, None);
    let mut statement = self::claim(claim);
    statement.chain.truncate(1);
    put(bytes, &wire::Claim { quote, url, lang, dating_note, note, id, private: false, ..statement });
    put(bytes, &None::<wire::First>);
}

fn first(first: &First) -> wire::First {
    wire::First {
        actor: first.actor.0,
        seq: first.seq.0,
        link: first.link,
        recorded_at: first.at_micros.try_into().unwrap_or_default(),
        under: first.under.map(|under| under.0),
    }
}

/// Claims and acts.
fn put_event(bytes: &mut Vec<u8>, event: &Event) {
    match event {
        Event::ClaimAsserted(claim) => put(bytes, &self::claim(claim)),
        Event::Disputed(act) | Event::Retracted(act) | Event::Approved(act) | Event::Returned(act) => {
            put(bytes, &self::act(act));
        }
        Event::Corrected { act, successor } => {
            put(bytes, &wire::Corrected { act: self::act(act), successor: successor.0 });
        }
        Event::Assessed(assessment) => put(
            bytes,
            &wire::Assessed {
                act: act(&assessment.act),
                rating: &assessment.rating,
                label: assessment.label.as_deref(),
                credibility: assessment.credibility,
            },
        ),
        Event::ReferenceAdded(added) => put(
            bytes,
            &wire::ReferenceAdded {
                claim: added.claim.0,
                url: added.url.as_deref(),
                quote: added.quote.as_deref(),
                evidence: texts(&added.evidence),
                lang: added.lang.as_deref(),
                note: added.note.as_deref(),
                id: added.id.as_deref(),
            },
        ),
        Event::Noted(noted) => put(
            bytes,
            &wire::Noted {
                about: noted.about.map(|about| about.0),
                text: &noted.text,
                id: noted.id.as_deref(),
                private: noted.is_private,
            },
        ),
        other => put_registered(bytes, other),
    }
}

/// Attributes, entities, sources and captured copies, and what is said of them.
fn put_registered(bytes: &mut Vec<u8>, event: &Event) {
    match event {
        Event::AttributeDefined(defined) => put(bytes, &attribute(defined)),
        Event::EntityRegistered(entity) => put(
            bytes,
            &wire::EntityRegistered {
                key: &entity.key,
                label: entity.label.as_deref(),
                aliases: texts(&entity.aliases),
                id: entity.id.as_deref(),
            },
        ),
        Event::EntityAliased { entity, aliases, id } => {
            put(bytes, &wire::EntityAliased { entity: entity.0, aliases: texts(aliases), id: id.as_deref() });
        }
        Event::EntitiesJudged(judged) => put(
            bytes,
            &wire::EntitiesJudged {
                entities: judged.entities.map(|entity| entity.0).into(),
                verdict: place(Verdict::ALL, judged.verdict),
                reason: judged.reason.as_deref(),
                id: judged.id.as_deref(),
            },
        ),
        Event::SourceRegistered(source) => put(
            bytes,
            &wire::SourceRegistered {
                key: &source.key,
                kind: place(SourceKind::ALL, source.kind),
                label: source.label.as_deref(),
                reliability: source.reliability.map(|grade| place(Reliability::ALL, grade)),
                id: source.id.as_deref(),
                private: source.is_private,
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
                id: evidence.id.as_deref(),
                private: evidence.is_private,
            },
        ),
        other => put_of_the_ledger(bytes, other),
    }
}

/// The beginning, actors, other ledgers, settings, keys and erasures.
fn put_of_the_ledger(bytes: &mut Vec<u8>, event: &Event) {
    match event {
        Event::Genesis(genesis) => put(
            bytes,
            &wire::Genesis { origin: &genesis.origin, format: genesis.format, algorithms: texts(&genesis.algorithms) },
        ),
        Event::ActorRegistered { name, of } => put(bytes, &wire::ActorRegistered { name, of: of.map(|of| of.0) }),
        Event::LedgerRegistered { origin, ledger } => {
            put(bytes, &wire::LedgerRegistered { origin, ledger: *ledger });
        }
        Event::SettingChanged(changed) => {
            put(bytes, &wire::SettingChanged { name: place(SettingName::ALL, changed.name), value: &changed.value });
        }
        Event::KeyAuthorised { name, algorithm, public_key, roles } => put(
            bytes,
            &wire::KeyAuthorised { name, algorithm: *algorithm, public_key: public_key.to_vec(), roles: texts(roles) },
        ),
        Event::KeyRevoked { key, reason } => put(bytes, &wire::KeyRevoked { key: key.0, reason }),
        Event::PayloadErased { target, basis, first } => {
            put(bytes, &wire::PayloadErased { target: target.0, basis, first: *first });
        }
        _ => {}
    }
}

fn attribute(defined: &AttributeDefined) -> wire::AttributeDefined<'_> {
    wire::AttributeDefined {
        key: &defined.key,
        label: defined.label.as_deref(),
        value_type: place(&ValueType::ALL, defined.value_type),
        cardinality: place(Cardinality::ALL, defined.cardinality),
        complement: match &defined.complement {
            Complement::NotDeclared => wire::Complement::NotDeclared,
            Complement::Pair(one, other) => wire::Complement::Pair((value(one), value(other))),
            Complement::None => wire::Complement::None,
        },
        stale_after_days: defined.stale_after_days,
        unit: defined.unit.as_deref(),
        fixed: defined.is_fixed,
        id: defined.id.as_deref(),
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
                wire::Attribution { who, how, on: own.on.as_ref().map(Said::text) }
            })
            .collect(),
        said_on: reference.said_on.as_ref().map(Said::text),
        id: claim.id.as_deref(),
        quote: reference.quote.as_deref(),
        evidence: texts(&reference.evidence),
        url: reference.url.as_deref(),
        lang: reference.lang.as_deref(),
        dating_note: reference.dating_note.as_deref(),
        note: reference.note.as_deref(),
        private: claim.is_private,
    }
}

fn act(act: &Act) -> wire::Act<'_> {
    wire::Act {
        target: act.target.0,
        by: act.by.map(|by| by.0),
        said_on: act.said_on.as_ref().map(Said::text),
        reason: &act.reason,
        id: act.id.as_deref(),
    }
}
