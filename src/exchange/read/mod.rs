//! Lines to proposed events.

mod act;
mod claim;
mod exported;
mod fields;
pub(super) mod one_pass;
mod registered;
mod value;

use super::json::{self, Json, Object};
use crate::claim::{Problem, Problems};
use crate::event::Proposed;
pub use exported::{ExportHead, Exported, ExportedFirst};
use fields::{unknown, wrong_type};

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "nearly every line is an event")]
pub enum Line {
    /// An event is proposed.
    Event(EventLine),
    /// An export begins here.
    Export(ExportHead),
}

/// A line that proposes an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine {
    /// The event.
    pub proposed: Proposed,
    /// Where the line was exported from, if it was.
    pub exported: Option<Box<Exported>>,
    /// Where the new claim in a correction was exported from, which is an event of its own.
    pub successor: Option<Box<Exported>>,
}

impl Line {
    /// The event that it proposes, if it does.
    #[must_use]
    pub fn proposed(self) -> Option<Proposed> {
        match self {
            Line::Event(line) => Some(line.proposed),
            Line::Export(_) => None,
        }
    }
}

type Reader = for<'a> fn(Object<'a>) -> Result<Proposed, Problems>;

/// Every type of line that proposes an event, the most frequent first.
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
    ("return", act::returned),
    ("reference", act::reference),
    ("judgement", registered::judgement),
    ("link", registered::link),
    ("rating", registered::rating),
    ("evidence", registered::evidence),
    ("note", registered::note),
    ("setting", registered::setting),
];

/// The type of the line with which an export begins.
const EXPORT: &str = "export";

/// Reads one line: a JSON object whose `type` says what it is. Everything is checked that can be checked
/// without knowing the ledger.
///
/// # Errors
/// All fields that are wrong, and why.
pub fn read_line(line: &str) -> Result<Line, Problems> {
    let Some(proposed) = one_pass::read(line) else { return read_line_by_tree(line) };
    let line_read = Line::Event(EventLine { proposed, exported: None, successor: None });
    debug_assert_eq!(Ok(&line_read), read_line_by_tree(line).as_ref(), "{line}");
    Ok(line_read)
}

/// Reads one line as [`read_line`] does, but always by way of a tree of its JSON, as is done with whatever is written unusually
/// or wrong: what reading in one pass is compared with.
///
/// # Errors
/// All fields that are wrong, and why.
pub fn read_line_by_tree(line: &str) -> Result<Line, Problems> {
    let mut object = json::read_object(line)?;
    // Why an earlier import refused the line; whoever mended it need not take that out.
    if let Some(place) = object.iter().position(|(name, _)| name == "rejected") {
        object.remove(place);
    }
    let word = type_of(&object)?;
    if word == EXPORT {
        return exported::head(object).map(Line::Export);
    }
    let reader = reader(&word)?;
    let exported = exported::take(&mut object);
    let successor = match object.iter_mut().find(|(name, _)| name == "claim") {
        Some((_, Json::Object(claim))) => exported::take(claim).map_err(|problems| problems.within("claim")),
        _ => Ok(None),
    };
    let mut found = crate::claim::Found::default();
    let (exported, successor, proposed) = (found.note(exported), found.note(successor), found.note(reader(object)));
    let line = proposed.zip(exported).zip(successor);
    found.done(line.map(|((proposed, exported), successor)| {
        Line::Event(EventLine { proposed, exported: exported.map(Box::new), successor: successor.map(Box::new) })
    }))
}

/// The word that says what a line is.
fn type_of(object: &Object<'_>) -> Result<String, Problem> {
    match object.iter().find(|(name, _)| name == "type").map(|(_, json)| json) {
        Some(Json::String(word)) if !word.is_empty() => Ok(word.clone().into_owned()),
        None | Some(Json::Null | Json::String(_)) => Err(Problem::new("type", "is missing")),
        Some(other) => Err(wrong_type("type", other, "a word as a string")),
    }
}

fn reader(word: &str) -> Result<Reader, Problem> {
    if let Some((_, reader)) = READERS.iter().find(|(known, _)| *known == word) {
        return Ok(*reader);
    }
    let known: Vec<&str> = READERS.iter().map(|(known, _)| *known).collect();
    let problem = unknown(word, &format!("{:?} is not one of {}", fields::cut(word), known.join(", ")), &known);
    Err(Problem { field: "type".into(), ..problem })
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
            (r#""on":"2024","chain":[]"#, r#""on":"2024","chain":null,"note":"","url":"","timeless":false,"how":null"#),
            (r#""on":"2024""#, r#""on":"2024","from":"","periods":[],"evidence":[],"id":"","said_by":"","quote":"""#),
            (r#""on":"2024","private":true"#, r#""private":true,"on":"2024""#),
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
                r#"{"by":"desk","reason":"r","said_on":"","retracts":"c","id":null,"type":"retraction"}"#,
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
        let Some(Proposed::Dispute(act)) = read_line(line).unwrap().proposed() else { panic!("{line}") };
        assert_eq!(act.by.as_deref(), Some("ministry"));
    }
}
