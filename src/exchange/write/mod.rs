//! Events to lines.
//!
//! The fields of a line stand in one order: `type`, then the caller's `id` if there is one, then what the
//! event says in the order of its type below, then what an export adds. What is not given is left out, but
//! for an attribute's `complement` and `stale_after_days` and a quantity's bounds, which are then null.
//!
//! | type | fields |
//! |---|---|
//! | attribute | key, `value_type`, cardinality, complement, `stale_after_days`, fixed, unit, label |
//! | entity | key, label, aliases |
//! | source | key, kind, label, reliability, private |
//! | evidence | digest, `media_type`, url, `archive_url`, `captured_at`, `len_bytes`, private |
//! | rating | source, reliability, on, reason |
//! | link | source, to, how |
//! | claim, periods | subject, attribute, value, polarity; on, or `as_of`, or from, `from_kind`, until, `until_kind`, or periods, or undated, or timeless; clock, chain, `said_on`, quote, evidence, url, lang, `dating_note`, note, private |
//! | correction | corrects, by, reason, `said_on`, claim |
//! | retraction | retracts, by, reason, `said_on` |
//! | dispute | disputes, by, grounds, `said_on` |
//! | assessment | claim, rating, label, credibility, rationale, by, `said_on` |
//! | approval | approves, by, reason, `said_on` |
//! | return | event, by, reason, `said_on` |
//! | reference | claim, url, quote, evidence, lang, note |
//! | judgement | entities, verdict, reason |
//! | note | about, text, private |
//! | setting | name, value |
//! | added by an export | id, if there is no own one; seq, `recorded_at`, actor, hash, origin, and first, if it was entered elsewhere first; to the claim of a correction too; `target_kind` to a line about what is no line |
//!
//! An export begins with a line of the type `export`: origin, ledger, size, head.

mod claim;
mod event;
mod fields;
mod spelling;

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::{Map, Value as Json};

pub use claim::{claim_json, value_json};
pub use event::event_json;
pub use spelling::json_text;

use super::hex::{derived_id, hex};
use super::read::{ExportHead, ExportedFirst};
use crate::date::Day;
use crate::seq::Seq;
use fields::Fields;
use spelling::write_json;

/// What the numbers in events stand for. The ledger answers for every number that its events hold.
pub trait Names {
    /// The key of an entity.
    fn entity(&self, entity: Seq) -> Cow<'_, str>;
    /// The key of an attribute.
    fn attribute(&self, attribute: Seq) -> Cow<'_, str>;
    /// The key of a source.
    fn source(&self, source: Seq) -> Cow<'_, str>;
    /// What an act is upon, or a note about: the caller's id of that event, or else `#SEQ`.
    fn target(&self, target: Seq) -> String;
    /// The name of who wrote an event.
    fn actor(&self, actor: Seq) -> Cow<'_, str>;
}

/// What an export adds to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provenance<'a> {
    /// The event's position.
    pub seq: Seq,
    /// When it was recorded, in microseconds since 1970-01-01T00:00:00Z.
    pub at_micros: i64,
    /// Who wrote it.
    pub actor: &'a str,
    /// Its link.
    pub hash: [u8; 32],
    /// The name under which the ledger's heads are published.
    pub origin: &'a str,
    /// The first event of its commit, where a line shall say so.
    pub commit: Option<Seq>,
    /// Where it was entered first, if that was in another ledger.
    pub first: Option<&'a ExportedFirst>,
}

/// A line with what an export adds: an id made from the link where it has no own one, and at its end where it stands.
#[must_use]
pub fn with_provenance(mut line: Map<String, Json>, provenance: Provenance<'_>) -> Map<String, Json> {
    let Provenance { seq, at_micros, actor, hash, origin, commit, first } = provenance;
    if !line.contains_key("id") {
        let id = derived_id(first.map_or(&hash, |first| &first.hash));
        // Behind the type, which a claim within a correction does not have.
        line.shift_insert(usize::from(line.contains_key("type")), "id".into(), id.into());
    }
    line.insert("seq".into(), seq.0.into());
    line.insert("recorded_at".into(), instant_text(at_micros).into());
    line.insert("actor".into(), actor.into());
    line.insert("hash".into(), hex(&hash).into());
    line.insert("origin".into(), origin.into());
    if let Some(commit) = commit {
        line.insert("commit".into(), commit.0.into());
    }
    if let Some(first) = first {
        let fields = Fields::new()
            .with("origin", &*first.origin)
            .with("ledger", hex(&first.ledger))
            .with("seq", first.seq.0)
            .with("hash", hex(&first.hash))
            .with("recorded_at", instant_text(first.at_micros))
            .with("actor", &*first.actor);
        line.insert("first".into(), Json::Object(fields.done()));
    }
    line
}

/// The line of a correction, with what an export adds to its new claim.
#[must_use]
pub fn with_successor(mut line: Map<String, Json>, successor: Provenance<'_>) -> Map<String, Json> {
    if let Some(Json::Object(claim)) = line.get_mut("claim") {
        *claim = with_provenance(std::mem::take(claim), successor);
    }
    line
}

/// The line with which an export begins.
#[must_use]
pub fn head_json(head: &ExportHead) -> Map<String, Json> {
    Fields::of_type("export")
        .with("origin", &*head.origin)
        .with("ledger", hex(&head.ledger))
        .with("size", head.size)
        .with("head", hex(&head.head))
        .done()
}

/// An instant given in microseconds since 1970-01-01T00:00:00Z, as `2026-11-24T09:30:00.000000Z` (RFC 3339),
/// its day held within the years 0001 to 9999.
#[must_use]
pub fn instant_text(at_micros: i64) -> String {
    let in_day = at_micros.rem_euclid(MICROS_PER_DAY);
    let (seconds, micros) = (in_day / 1_000_000, in_day % 1_000_000);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{}T{hours:02}:{minutes:02}:{:02}.{micros:06}Z", Day::of_unix_micros(at_micros), seconds % 60)
}

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The microseconds of an instant as [`instant_text`] writes it.
pub(super) fn micros_of(text: &str) -> Option<i64> {
    let (day, time) = text.split_once('T')?;
    let (seconds, micros) = time.strip_suffix('Z')?.split_once('.')?;
    let day = Day::parse(day)?.days_since(Day::of_unix_micros(0)) * MICROS_PER_DAY;
    let mut parts = seconds.split(':').map(|part| part.parse::<i64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    let micros = day + ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + micros.parse::<i64>().ok()?;
    // So that only what was written so is taken.
    (instant_text(micros) == text).then_some(micros)
}

/// Writes one line: the object without white space, characters that could steer a terminal escaped, and LF.
///
/// # Errors
/// If it cannot be written; a part of it may have been.
pub fn write_line(out: &mut impl Write, line: &Map<String, Json>) -> io::Result<()> {
    write_json(out, line)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_adds_its_fields_at_the_end() {
        let line = Map::from_iter([("type".to_owned(), Json::from("note"))]);
        let (actor, origin, hash) = ("mika", "example.org/x", [0xab; 32]);
        let provenance = Provenance {
            seq: Seq(88),
            at_micros: 1_732_406_400_000_007,
            actor,
            hash,
            origin,
            commit: Some(Seq(85)),
            first: None,
        };
        let mut out = Vec::new();
        write_line(&mut out, &with_provenance(line, provenance)).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            format!(
                "{{\"type\":\"note\",\"id\":\"abababababababab\",\"seq\":88,\"recorded_at\":\"2024-11-24T00:00:00.000007Z\",\"actor\":\"mika\",\"hash\":\"{}\",\"origin\":\"example.org/x\",\"commit\":85}}\n",
                "ab".repeat(32)
            )
        );
    }

    #[test]
    fn instants_are_utc_to_the_microsecond() {
        assert_eq!(instant_text(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(instant_text(-1), "1969-12-31T23:59:59.999999Z");
        assert_eq!(instant_text(1_709_210_096_123_456), "2024-02-29T12:34:56.123456Z");
        for micros in [0, -1, 1_709_210_096_123_456, 253_402_300_799_999_999] {
            assert_eq!(micros_of(&instant_text(micros)), Some(micros));
        }
        for text in [
            "",
            "2024-02-29",
            "2024-02-29T12:34:56Z",
            "2024-02-29T12:34:56.123Z",
            "2024-02-29T24:00:00.000000Z",
            "2024-02-30T12:34:56.123456Z",
            "2024-02-29T12:34:56.123456+01:00",
            "2024-02-29T12:34:-1.123456Z",
            "2024-02-29T12:34:56.123456",
        ] {
            assert_eq!(micros_of(text), None, "{text}");
        }
    }
}
