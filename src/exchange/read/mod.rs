//! Lines to proposed events.

mod act;
mod claim;
mod fields;
mod registered;
mod value;

use super::json::{self, Json, Object};
use crate::claim::Problem;
use crate::event::Proposed;
use crate::seq::Seq;
use fields::{needed, repeated, unknown, wrong_type};

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The event it proposes.
    pub proposed: Proposed,
    /// Where the line was exported from, if it was.
    pub exported: Option<Exported>,
}

/// What a line of an export says of the ledger it comes from. Its time, actor and hash are not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The event's position there; the lines of that export may mean it by `#SEQ`.
    pub seq: Seq,
}

type Reader = for<'a> fn(Object<'a>) -> Result<Proposed, Problem>;

/// Every type of line, the most frequent first.
const READERS: &[(&str, Reader)] = &[
    ("claim", claim::claim_line),
    ("entity", registered::entity),
    ("source", registered::source),
    ("attribute", registered::attribute),
    ("periods", claim::claim_line),
    ("correction", act::correction),
    ("retraction", act::retraction),
    ("dispute", act::dispute),
    ("assessment", act::assessment),
    ("approval", act::approval),
    ("judgement", registered::judgement),
    ("link", registered::link),
    ("rating", registered::rating),
    ("evidence", registered::evidence),
    ("note", registered::note),
];

/// Reads one line: a JSON object whose `type` says what it is. Everything is checked that can be checked
/// without knowing the ledger.
///
/// # Errors
/// The first field that is wrong, and why.
pub fn read_line(line: &str) -> Result<Line, Problem> {
    let mut object = json::read_object(line)?;
    // Why an earlier import refused the line; whoever mended it need not take that out.
    if let Some(place) = object.iter().position(|(name, _)| name == "rejected") {
        object.remove(place);
    }
    let reader = reader(&object)?;
    let exported = exported(&mut object)?;
    Ok(Line { proposed: reader(object)?, exported })
}

fn reader(object: &Object<'_>) -> Result<Reader, Problem> {
    let given = object.iter().find(|(name, _)| name == "type").map(|(_, json)| json);
    let word = match needed("type", given)? {
        Json::String(word) => word,
        other => return Err(wrong_type("type", other, "a word as a string")),
    };
    if let Some((_, reader)) = READERS.iter().find(|(known, _)| known == word) {
        return Ok(*reader);
    }
    let known: Vec<&str> = READERS.iter().map(|(known, _)| *known).collect();
    let problem = unknown(word, &format!("{:?} is not one of {}", fields::cut(word), known.join(", ")), &known);
    Err(Problem { field: "type".into(), ..problem })
}

/// The fields that an export adds to a line: all of them or none.
const PROVENANCE: [&str; 4] = ["seq", "recorded_at", "actor", "hash"];

/// Takes the fields of an export out of a line.
fn exported(object: &mut Object<'_>) -> Result<Option<Exported>, Problem> {
    if !object.iter().any(|(name, _)| PROVENANCE.contains(&&**name)) {
        return Ok(None);
    }
    let mut given = PROVENANCE.map(|_| None);
    let mut problem = None;
    object.retain_mut(|(name, json)| {
        let slot = PROVENANCE.iter().zip(&mut given).find(|(known, _)| **known == *name);
        let Some((_, slot)) = slot else {
            return true;
        };
        if slot.replace(std::mem::replace(json, Json::Null)).is_some() {
            problem.get_or_insert_with(|| repeated(name));
        }
        false
    });
    if let Some(problem) = problem {
        return Err(problem);
    }
    match given.map(|json| json.filter(|json| !matches!(json, Json::Null))) {
        [None, None, None, None] => Ok(None),
        [Some(Json::Natural(seq)), Some(Json::String(_)), Some(Json::String(_)), Some(Json::String(_))] if seq > 0 => {
            Ok(Some(Exported { seq: Seq(seq) }))
        }
        [Some(seq), Some(time), Some(actor), Some(hash)] => {
            let strings = [("recorded_at", time), ("actor", actor), ("hash", hash)];
            let wrong = strings.iter().find(|(_, json)| !matches!(json, Json::String(_)));
            Err(wrong.map_or_else(
                || wrong_type("seq", &seq, "a position from 1 on, as a number,"),
                |(name, json)| wrong_type(name, json, "a string"),
            ))
        }
        [_, Some(_), _, _] => Err(Problem::new("recorded_at", "cannot be given: the ledger's clock sets it")
            .with_hint("say with said_on when the source said it, or leave it out")),
        [seq, _, actor, _] => {
            let name = if seq.is_some() {
                "seq"
            } else if actor.is_some() {
                "actor"
            } else {
                "hash"
            };
            Err(Problem::new(name, "cannot be given: the ledger sets it")
                .with_hint("leave it out, or give all four fields of an export: seq, recorded_at, actor, hash"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asserts that the lines mean the same.
    fn assert_same(line: &str, other: &str) {
        assert_eq!(read_line(line).unwrap(), read_line(other).unwrap(), "{line}");
    }

    #[test]
    fn what_may_be_left_out_or_said_shortly() {
        let claim = |fields: &str| format!(r#"{{"type":"claim","subject":"s","attribute":"a","value":true,{fields}}}"#);
        for (short, long) in [
            (r#""on":"2024","said_by":"x""#, r#""on":"2024","chain":[{"who":"x","how":"stated"}]"#),
            (r#""on":"2024","said_by":"x","how":"relayed""#, r#""on":"2024","chain":[{"who":"x","how":"relayed"}]"#),
            (r#""on":"2024","chain":[]"#, r#""on":"2024","chain":null,"note":null,"timeless":false,"how":null"#),
            (r#""on":"2024","evidence":"ab""#, r#""on":"2024","evidence":["ab"]"#),
            (r#""from":"2024""#, r#""from":"2024","from_kind":"transition","polarity":"affirm","evidence":[]"#),
            (r#""from":"2024-01","until":"2024-03""#, r#""on":"2024-01/2024-03""#),
            (r#""on":"2024","quote":"\u00e9\n""#, "\"on\":\"2024\",\"quote\":\"é\\n\""),
        ] {
            assert_same(&claim(short), &claim(long));
        }
        for (short, long) in [
            (
                r#"{"type":"retraction","retracts":"c","reason":"r"}"#,
                r#"{"by":"desk","reason":"r","said_on":null,"retracts":"c","id":null,"type":"retraction"}"#,
            ),
            (
                r#"{"type":"assessment","claim":"c","rating":"false","rationale":"r"}"#,
                r#"{"type":"assessment","claim":"c","rating":" False ","rationale":"r","label":""}"#,
            ),
            (
                r#"{"type":"attribute","key":"k","value_type":"bool"}"#,
                r#"{"type":"attribute","key":"k","value_type":"bool","cardinality":"single","complement":null,"label":""}"#,
            ),
            (
                r#"{"type":"correction","corrects":"c","reason":"r","claim":{"subject":"s","attribute":"a","value":true,"periods":[{"from":"2024","until":"2024"}]}}"#,
                r#"{"type":"correction","corrects":"c","reason":"r","claim":{"type":"periods","periods":[{"from":"2024","until":"2024"}],"subject":"s","attribute":"a","value":true}}"#,
            ),
            (
                r#"{"type":"claim","subject":"s","attribute":"a","value":{"lower":"5"},"on":"2024"}"#,
                r#"{"type":"claim","subject":"s","attribute":"a","value":{"lower":"5.0","upper":null,"unit":null,"approx":false},"on":"2024"}"#,
            ),
        ] {
            assert_same(short, long);
        }
    }

    #[test]
    fn a_source_that_acts_is_not_the_desk() {
        let line = r#"{"type":"dispute","disputes":"c","grounds":"g","by":"ministry"}"#;
        let Proposed::Dispute(act) = read_line(line).unwrap().proposed else { panic!("{line}") };
        assert_eq!(act.by.as_deref(), Some("ministry"));
    }

    #[test]
    fn an_exported_line_says_where_it_was() {
        let line =
            r#"{"seq":88,"type":"note","text":"x","hash":"ab","recorded_at":"2024-01-01T00:00:00Z","actor":"mika"}"#;
        assert_eq!(read_line(line).unwrap().exported, Some(Exported { seq: Seq(88) }));
        let line = r#"{"type":"note","text":"x","seq":null,"recorded_at":null}"#;
        assert_eq!(read_line(line).unwrap().exported, None);
    }
}
