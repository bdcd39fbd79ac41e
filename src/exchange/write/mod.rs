//! Events to lines.
//!
//! The fields of a line stand in one order: `type`, then the caller's `id` if there is one, then what the
//! event says in the order of its type below, then what an export adds. What is not given is left out, but
//! for an attribute's `complement` and `stale_after_days` and a quantity's bounds, which are then null.
//!
//! | type | fields |
//! |---|---|
//! | attribute | key, `value_type`, cardinality, complement, `stale_after_days`, unit, label |
//! | entity | key, label, aliases |
//! | source | key, kind, label, reliability |
//! | evidence | digest, `media_type`, url, `archive_url`, `captured_at`, `len_bytes` |
//! | rating | id, source, reliability, on, reason |
//! | link | id, source, to, how |
//! | claim, periods | id, subject, attribute, value, polarity; on, or `as_of`, or from, `from_kind`, until, `until_kind`, or periods, or undated, or timeless; clock, chain, `said_on`, quote, evidence, url, lang, `dating_note`, note |
//! | correction | id, corrects, by, reason, `said_on`, claim |
//! | retraction | id, retracts, by, reason, `said_on` |
//! | dispute | id, disputes, by, grounds, `said_on` |
//! | assessment | id, claim, rating, label, credibility, rationale, by, `said_on` |
//! | approval | id, approves, by, reason, `said_on` |
//! | judgement | id, entities, verdict, reason |
//! | note | id, about, text |
//! | added by an export | seq, `recorded_at`, actor, hash |

mod claim;
mod event;
mod fields;

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::{Map, Value as Json};

pub use claim::{claim_json, value_json};
pub use event::event_json;

use crate::date::Day;
use crate::seq::Seq;

/// What the numbers in events stand for. The ledger answers for every number that its events hold.
pub trait Names {
    /// The key of an entity.
    fn entity(&self, entity: Seq) -> Cow<'_, str>;
    /// The key of an attribute.
    fn attribute(&self, attribute: Seq) -> Cow<'_, str>;
    /// The key of a source.
    fn source(&self, source: Seq) -> Cow<'_, str>;
    /// What an act is upon, or a note about: the caller's id of that event, or else `#SEQ`; of an entity that
    /// a note is about, its key.
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
    /// Its hash, in hexadecimal digits.
    pub hash: &'a str,
}

/// A line with what an export adds, at its end.
#[must_use]
pub fn with_provenance(mut line: Map<String, Json>, provenance: Provenance<'_>) -> Map<String, Json> {
    line.insert("seq".into(), provenance.seq.0.into());
    line.insert("recorded_at".into(), instant_text(provenance.at_micros).into());
    line.insert("actor".into(), provenance.actor.into());
    line.insert("hash".into(), provenance.hash.into());
    line
}

/// An instant given in microseconds since 1970-01-01T00:00:00Z, as `2026-11-24T09:30:00.000000Z` (RFC 3339),
/// its day held within the years 0001 to 9999.
#[must_use]
pub fn instant_text(at_micros: i64) -> String {
    const MICROS_PER_DAY: i64 = 86_400_000_000;
    let in_day = at_micros.rem_euclid(MICROS_PER_DAY);
    let (seconds, micros) = (in_day / 1_000_000, in_day % 1_000_000);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{}T{hours:02}:{minutes:02}:{:02}.{micros:06}Z", Day::of_unix_micros(at_micros), seconds % 60)
}

/// Writes one line: the object without white space, and LF.
///
/// # Errors
/// If it cannot be written; a part of it may have been.
pub fn write_line(out: &mut impl Write, line: &Map<String, Json>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_adds_its_fields_at_the_end() {
        let line = Map::from_iter([("type".to_owned(), Json::from("note"))]);
        let provenance = Provenance { seq: Seq(88), at_micros: 1_732_406_400_000_007, actor: "mika", hash: "ab" };
        let mut out = Vec::new();
        write_line(&mut out, &with_provenance(line, provenance)).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{\"type\":\"note\",\"seq\":88,\"recorded_at\":\"2024-11-24T00:00:00.000007Z\",\"actor\":\"mika\",\"hash\":\"ab\"}\n"
        );
    }

    #[test]
    fn instants_are_utc_to_the_microsecond() {
        assert_eq!(instant_text(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(instant_text(-1), "1969-12-31T23:59:59.999999Z");
        assert_eq!(instant_text(1_709_210_096_123_456), "2024-02-29T12:34:56.123456Z");
    }
}
