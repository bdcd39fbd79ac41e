//! What `--json` answers: a schema of every answer is kept in `docs/schemas`, and is what the answers are.
//!
//! The schemas are derived from answers to many questions; `ANNALS_WRITE_DOCS=1 cargo test` writes them anew. A field that is
//! gone, new or of another type shows as a difference.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::support::{Desk, out};

/// What a value was seen to be.
#[derive(Default)]
struct Seen {
    types: BTreeSet<&'static str>,
    count: usize,
    fields: BTreeMap<String, Seen>,
    items: Option<Box<Seen>>,
}

impl Seen {
    fn see(&mut self, value: &Value) {
        self.count += 1;
        self.types.insert(match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        });
        match value {
            Value::Array(all) => {
                let items = self.items.get_or_insert_default();
                for one in all {
                    items.see(one);
                }
            }
            Value::Object(object) => {
                for (name, value) in object {
                    self.fields.entry(name.clone()).or_default().see(value);
                }
            }
            _ => {}
        }
    }

    fn schema(&self) -> Value {
        let mut schema = Map::new();
        let types: Vec<&str> = self.types.iter().copied().collect();
        schema.insert("type".into(), if let [only] = types.as_slice() { json!(only) } else { json!(types) });
        if !self.fields.is_empty() {
            let fields: Map<String, Value> =
                self.fields.iter().map(|(name, seen)| (name.clone(), seen.schema())).collect();
            let is_only_object = types == ["object"];
            let always = self.fields.iter().filter(|(_, seen)| is_only_object && seen.count == self.count);
            schema.insert("properties".into(), fields.into());
            schema.insert("required".into(), always.map(|(name, _)| name.as_str()).collect::<Vec<_>>().into());
        }
        if let Some(items) = self.items.as_ref().filter(|items| items.count > 0) {
            schema.insert("items".into(), items.schema());
        }
        schema.into()
    }
}

const LINES: &str = r#"{"type":"attribute","key":"power","value_type":"symbol","cardinality":"single","complement":["on","off"],"stale_after_days":400,"label":"Power"}
{"type":"attribute","key":"inside","value_type":"entity","cardinality":"multi"}
{"type":"entity","key":"embassy","label":"The embassy","aliases":["house"]}
{"type":"source","key":"aide","kind":"person","label":"An aide","reliability":"B"}
{"type":"claim","id":"c1","subject":"embassy","attribute":"power","value":"off","from":"2024-11-23","clock":"19:00..24:00","chain":[{"who":"aide","how":"witnessed","on":"2024-11-23"},{"who":"paper","how":"relayed"}],"said_on":"2024-11-24","quote":"q","url":"https://a.example/","lang":"es","dating_note":"d","note":"n"}
{"type":"claim","id":"c2","subject":"embassy","attribute":"power","value":"on","on":"2024-11-23","said_by":"ministry","said_on":"2024-11-23T19:00-04:00"}
{"type":"claim","id":"c3","subject":"embassy","attribute":"staff","value":{"lower":"5"},"as_of":"2024-11-23","said_by":"aide"}
{"type":"claim","id":"c4","subject":"embassy","attribute":"staff","value":{"lower":"6","upper":"6"},"as_of":"2024-11-23","said_by":"paper"}
{"type":"claim","id":"c5","subject":"embassy","attribute":"inside","value":{"entity":"ann"},"as_of":"2024-11-23","said_by":"paper"}
{"type":"claim","id":"c6","subject":"embassy","attribute":"built","value":{"date":"1950"},"timeless":true,"said_by":"paper"}
{"type":"claim","id":"c9","subject":"embassy","attribute":"winner","value":"X","timeless":true,"said_by":"aide"}
{"type":"claim","id":"c10","subject":"embassy","attribute":"winner","value":"Y","timeless":true,"said_by":"paper"}
{"type":"periods","id":"c7","subject":"embassy","attribute":"siege","value":true,"periods":[{"from":"2024-07-31","until":"2024-09-01"}],"said_by":"paper"}
{"type":"correction","id":"k1","corrects":"c3","reason":"slip","claim":{"id":"c8","subject":"embassy","attribute":"staff","value":{"lower":"7"},"as_of":"2024-11-23","said_by":"aide"}}
{"type":"dispute","id":"d1","disputes":"c2","by":"aide","grounds":"no","said_on":"2024-11-25"}
{"type":"assessment","id":"a1","claim":"c4","rating":"false","label":"Wrong","credibility":5,"rationale":"r"}
{"type":"retraction","id":"r1","retracts":"d1","reason":"mixed up"}
{"type":"judgement","id":"j1","entities":["ann","anne"],"verdict":"same","reason":"spelling"}
{"type":"rating","id":"g1","source":"aide","reliability":"A","on":"2024","reason":"r"}
{"type":"link","id":"l1","source":"paper","to":"agency","how":"same-wire"}
{"type":"reference","id":"e1","claim":"c1","url":"https://b.example/","quote":"q2"}
{"type":"setting","name":"title","value":"T"}
{"type":"note","id":"n1","about":"c1","text":"t"}
{"type":"approval","approves":"c1","reason":"seen"}
{"type":"return","id":"t1","event":"c2","reason":"day"}"#;

/// The questions, in an order in which each can be answered.
const ASKED: &[&[&str]] = &[
    &["import", "lines.jsonl", "--dry-run"],
    &["import", "lines.jsonl"],
    &["record", "embassy", "gas", "off", "--on", "2024-11-23", "--said-by", "aide", "--id", "g"],
    &["correct", "g", "--value", "on", "--reason", "slip", "--dry-run"],
    &["record", "embassy", "heating", "off", "--on", "2024-11-23", "--said-by", "aide", "--dry-run"],
    &["correct", "g", "--value", "on", "--reason", "slip"],
    &["note", "x"],
    &["state", "--on", "2024-11-23"],
    &["state", "--on", "2024-11-23", "--reported-by", "2024-11-30", "--recorded-by", "#900"],
    &["state", "--on", "2024-11-24", "--why"],
    &["state", "embassy", "--on", "2027-11-24", "--why"],
    &["history", "embassy", "power"],
    &["history", "embassy", "staff"],
    &["timeline", "embassy"],
    &["diff", "--from", "2024-11-22", "--to", "2024-11-24"],
    &["diff", "--known-from", "2024-11-23", "--known-to", "2024-12-01", "--on", "2024-11-24"],
    &["first", "embassy", "power"],
    &["first", "embassy", "staff", "6"],
    &["contested"],
    &["contested", "--on", "2024-11-23"],
    &["stale", "--on", "2027-06-01"],
    &["log"],
    &["show", "c1"],
    &["show", "c8"],
    &["show", "a1"],
    &["attribute"],
    &["entity"],
    &["source"],
    &["setting"],
    &["evidence", "add", "copy.txt", "--url", "https://a.example/1", "--captured-at", "2024-11-24"],
    &["cite", "c1", "--quote", "power was cut", "--evidence", "copy.txt"],
    &["cite", "c2", "--quote", "Power", "--evidence", "copy.txt", "--unverified-quote"],
    &["evidence"],
    &["evidence", "show", "c9b77534"],
    &["head"],
    &["verify"],
    &["repair"],
    &["cache"],
    &["cache", "clear"],
    &["undo", "--dry-run"],
    &["erase", "c7", "--basis", "order 1", "--yes"],
];

#[test]
fn every_answer_is_as_its_schema_says() {
    let desk = Desk::new();
    desk.write("lines.jsonl", LINES);
    desk.write("copy.txt", "the power was cut");
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    for asked in [&["init"][..]].iter().chain(ASKED) {
        let args: Vec<&str> = ["--json"].iter().chain(*asked).copied().collect();
        let output = desk.run(&args);
        assert!(output.status.success(), "{asked:?} {}", String::from_utf8_lossy(&output.stderr));
        let lines = out(&output);
        assert!(!lines.is_empty(), "{asked:?} answers nothing");
        for line in lines.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let kind = line["type"].as_str().unwrap_or_else(|| panic!("{asked:?}: no type in {line}"));
            // What events say has its own page; where they are shown they are all of one schema.
            let name = if matches!(asked[0], "log" | "show") { asked[0].to_owned() } else { kind.to_owned() };
            seen.entry(name).or_default().see(&line);
        }
    }
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas");
    let mut wrong = Vec::new();
    for (name, seen) in &seen {
        let mut schema = Map::new();
        schema.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
        schema.insert("title".into(), name.as_str().into());
        schema.extend(seen.schema().as_object().unwrap().clone());
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        let path = dir.join(format!("{name}.json"));
        if std::env::var_os("ANNALS_WRITE_DOCS").is_some() {
            fs::create_dir_all(&dir).unwrap();
            fs::write(&path, &text).unwrap();
        }
        if fs::read_to_string(&path).unwrap_or_default() != text {
            wrong.push(format!("{name}.json"));
        }
    }
    let kept = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    wrong.extend(kept.filter(|file| !seen.contains_key(file.trim_end_matches(".json"))));
    assert!(wrong.is_empty(), "not what --json answers: {wrong:?}; run ANNALS_WRITE_DOCS=1 cargo test");
}
