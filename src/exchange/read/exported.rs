//! What an export adds to its lines, and the line with which it begins.

use super::super::json::{Json, Object};
use super::fields::{Fields, object, repeated};
use crate::claim::{Problem, Problems};
use crate::event::EventKind;
use crate::exchange::hex::{derived_id, hash_of};
use crate::exchange::write::micros_of;
use crate::seq::Seq;

/// What a line of an export says of the event in the ledger that it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The event's position there; the lines of that export may mean it by `#SEQ`.
    pub seq: Seq,
    /// When it was recorded there, in microseconds since 1970-01-01T00:00:00Z.
    pub at_micros: i64,
    /// Who recorded it there.
    pub actor: Box<str>,
    /// Its link there.
    pub hash: [u8; 32],
    /// The name under which the heads of that ledger are published.
    pub origin: Box<str>,
    /// The first event of the commit there; lines with the same one were recorded together.
    pub commit: Option<Seq>,
    /// Where it had come from before, if it was imported there.
    pub first: Option<ExportedFirst>,
    /// What kind of event it is about, if that is no line of an export.
    pub target_kind: Option<EventKind>,
}

/// Where an event was entered first, as a line of an export says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFirst {
    /// The name under which the heads of that ledger are published.
    pub origin: Box<str>,
    /// The id of that ledger: the link of its first event.
    pub ledger: [u8; 32],
    /// The event's position there.
    pub seq: Seq,
    /// Its link there.
    pub hash: [u8; 32],
    /// When it was recorded there, in microseconds since 1970-01-01T00:00:00Z; not negative.
    pub at_micros: i64,
    /// Who recorded it there.
    pub actor: Box<str>,
}

/// The line with which an export begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportHead {
    /// The name under which the ledger's heads are published.
    pub origin: Box<str>,
    /// The id of the ledger: the link of its first event.
    pub ledger: [u8; 32],
    /// How many events it had.
    pub size: u64,
    /// The hash of its head.
    pub head: [u8; 32],
}

/// The fields that an export adds to a line: the first five of them or none.
const ADDED: [&str; 8] = ["seq", "recorded_at", "actor", "hash", "origin", "commit", "first", "target_kind"];
const FIRST: &[&str] = &["origin", "ledger", "seq", "hash", "recorded_at", "actor"];

/// Takes the fields of an export out of a line, and an id that is made from the link and so not the caller's own.
///
/// # Errors
/// All that is wrong with them.
pub(super) fn take(line: &mut Object<'_>) -> Result<Option<Exported>, Problems> {
    let is_added = |(name, _): &(_, _)| ADDED.contains(&&**(name as &std::borrow::Cow<'_, str>));
    if !line.iter().any(is_added) {
        return Ok(None);
    }
    let (added, rest): (Object<'_>, Object<'_>) = std::mem::take(line).into_iter().partition(is_added);
    *line = rest;
    let mut seen = Vec::with_capacity(added.len());
    for (name, json) in &added {
        if seen.contains(&&**name) {
            return Err(repeated(name).into());
        }
        if !json.is_empty() {
            seen.push(&**name);
        }
    }
    if seen.is_empty() {
        return Ok(None);
    }
    if let Some(problem) = not_all(&seen) {
        return Err(problem.into());
    }
    let mut fields = Fields::open(added, "an export", &ADDED);
    let (seq, at_micros, actor) = (position(&mut fields), instant(&mut fields), fields.text("actor"));
    let (hash, origin) = (hash(&mut fields, "hash"), fields.text("origin"));
    let commit = fields.natural("commit", 1, u64::MAX).map(Seq);
    let given = fields.take("first");
    let first = given.map(|json| first(json).map_err(|problems| problems.within("first")));
    let first = first.and_then(|read| fields.found.note(read));
    let target_kind = target_kind(&mut fields);
    let exported = (|| {
        let (seq, at_micros, actor, hash, origin) = (seq?, at_micros?, actor?, hash?, origin?);
        Some(Exported { seq, at_micros, actor, hash, origin, commit, first, target_kind })
    })();
    let exported = fields.done(exported)?;
    let made = derived_id(exported.first.as_ref().map_or(&exported.hash, |first| &first.hash));
    line.retain(|(name, json)| !(name == "id" && matches!(json, Json::String(id) if **id == *made)));
    Ok(Some(exported))
}

/// What is wrong if not all the fields of an export are given.
fn not_all(given: &[&str]) -> Option<Problem> {
    let [needed @ .., _, _, _] = ADDED;
    if needed.iter().all(|name| given.contains(name)) {
        return None;
    }
    let name = needed.iter().chain(["commit", "first", "target_kind"].iter()).find(|name| given.contains(*name))?;
    if given.contains(&"recorded_at") {
        let problem = Problem::new("recorded_at", "cannot be given: the ledger's clock sets it");
        return Some(problem.with_hint("say with said_on when the source said it, or leave it out"));
    }
    let hint = format!("leave it out, or give all fields of an export: {}", needed.join(", "));
    Some(Problem::new(*name, "cannot be given: the ledger sets it").with_hint(hint))
}

fn first(json: Json<'_>) -> Result<ExportedFirst, Problems> {
    let mut fields = Fields::open(object(json, "an object")?, "who entered it first", FIRST);
    let (origin, ledger) = (fields.text("origin"), hash(&mut fields, "ledger"));
    let (seq, hash) = (position(&mut fields), hash(&mut fields, "hash"));
    let (at_micros, actor) = (instant(&mut fields), fields.text("actor"));
    let (origin, ledger) = (fields.needed("origin", origin), fields.needed("ledger", ledger));
    let (seq, hash) = (fields.needed("seq", seq), fields.needed("hash", hash));
    let (at_micros, actor) = (fields.needed("recorded_at", at_micros), fields.needed("actor", actor));
    if at_micros.is_some_and(|micros| micros < 0) {
        fields.found.tell(Problem::new("recorded_at", "lies before 1970"));
    }
    let first = (|| {
        Some(ExportedFirst {
            origin: origin?,
            ledger: ledger?,
            seq: seq?,
            hash: hash?,
            at_micros: at_micros?,
            actor: actor?,
        })
    })();
    fields.done(first)
}

/// Reads the line with which an export begins.
///
/// # Errors
/// All that is wrong with it.
pub(super) fn head(line: Object<'_>) -> Result<ExportHead, Problems> {
    let mut fields = Fields::open(line, "the beginning of an export", &["type", "origin", "ledger", "size", "head"]);
    let (origin, ledger) = (fields.text("origin"), hash(&mut fields, "ledger"));
    let (size, head) = (fields.natural("size", 1, u64::MAX), hash(&mut fields, "head"));
    let (origin, ledger) = (fields.needed("origin", origin), fields.needed("ledger", ledger));
    let (size, head) = (fields.needed("size", size), fields.needed("head", head));
    let head = (|| Some(ExportHead { origin: origin?, ledger: ledger?, size: size?, head: head? }))();
    fields.done(head)
}

/// The kind of an event that is no line of an export.
fn target_kind(fields: &mut Fields<'_>) -> Option<EventKind> {
    let word = fields.text("target_kind")?;
    let kind = EventKind::ALL.iter().copied().find(|kind| kind.word() == &*word && !kind.is_line());
    fields.found.note(kind.ok_or_else(|| Problem::new("target_kind", "is no kind of event that has no line")))
}

fn position(fields: &mut Fields<'_>) -> Option<Seq> {
    fields.natural("seq", 1, u64::MAX).map(Seq)
}

fn instant(fields: &mut Fields<'_>) -> Option<i64> {
    let text = fields.string("recorded_at", "a time as a string")?;
    let why = "is no time as an export writes it, such as 2026-11-24T09:30:00.000000Z";
    fields.found.note(micros_of(&text).ok_or_else(|| Problem::new("recorded_at", why)))
}

fn hash(fields: &mut Fields<'_>, name: &'static str) -> Option<[u8; 32]> {
    let text = fields.string(name, "64 hexadecimal digits as a string")?;
    fields.found.note(hash_of(&text).ok_or_else(|| Problem::new(name, "is not 64 hexadecimal digits in lower case")))
}

#[cfg(test)]
mod tests {
    use super::super::{EventLine, Line, read_line};
    use super::*;

    const HASH: &str = "ab0123456789abcdefab0123456789abcdefab0123456789abcdefab01234567";

    fn event(line: &str) -> EventLine {
        let Line::Event(line) = read_line(line).unwrap() else { panic!("{line}") };
        line
    }

    #[test]
    fn an_exported_line_says_where_it_was_and_an_id_made_from_its_link_is_no_own_one() {
        let added = format!(
            r#""seq":88,"hash":"{HASH}","recorded_at":"1970-01-01T00:00:00.000007Z","actor":"mika","origin":"example.org/x","commit":85"#
        );
        let line = event(&format!(r#"{{{added},"type":"note","id":"{}","text":"x"}}"#, &HASH[..16]));
        let exported = line.exported.unwrap();
        assert_eq!((exported.seq, exported.at_micros, &*exported.actor), (Seq(88), 7, "mika"));
        assert_eq!((exported.hash[0], &*exported.origin, exported.first), (0xab, "example.org/x", None));
        assert_eq!(exported.commit, Some(Seq(85)));
        assert!(matches!(line.proposed, crate::event::Proposed::Note { id: None, .. }));
        let first = format!(
            r#""first":{{"origin":"example.org/y","ledger":"{HASH}","seq":3,"hash":"{}","recorded_at":"1970-01-01T00:00:00.000001Z","actor":"ben"}}"#,
            "cd".repeat(32)
        );
        let line = event(&format!(r#"{{{added},{first},"type":"note","id":"cdcdcdcdcdcdcdcd","text":"x"}}"#));
        let first = line.exported.unwrap().first.unwrap();
        assert_eq!((first.seq, first.at_micros, &*first.actor, first.hash), (Seq(3), 1, "ben", [0xcd; 32]));
        assert!(matches!(line.proposed, crate::event::Proposed::Note { id: None, .. }));
        let nested = format!(
            r#"{{"type":"correction","corrects":"c","reason":"r",{added},"claim":{{"subject":"s","attribute":"a","value":true,"on":"2024",{added}}}}}"#
        );
        assert_eq!(event(&nested).successor.unwrap().seq, Seq(88));
        assert_eq!(event(r#"{"type":"note","text":"x","seq":null,"recorded_at":""}"#).exported, None);
    }

    #[test]
    fn an_export_begins_with_the_name_id_and_head_of_its_ledger() {
        let line =
            format!(r#"{{"type":"export","origin":"example.org/x","ledger":"{HASH}","size":412,"head":"{HASH}"}}"#);
        let Line::Export(head) = read_line(&line).unwrap() else { panic!("{line}") };
        assert_eq!((&*head.origin, head.size, head.head[31]), ("example.org/x", 412, 0x67));
        let written = crate::exchange::head_json(&head);
        assert_eq!(serde_json::to_string(&written).unwrap(), line);
        let problems = read_line(r#"{"type":"export","size":0,"head":"7"}"#).unwrap_err();
        let fields: Vec<&str> = problems.iter().map(|problem| &*problem.field).collect();
        assert_eq!(fields, ["size", "head", "origin", "ledger"]);
    }
}
