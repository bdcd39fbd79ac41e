//! Import and export through the binary.

use crate::support::{Desk, err, out};

const GOOD: &str = concat!(
    r#"{"type":"attribute","key":"power","value_type":"symbol","complement":["on","off"]}"#,
    "\n",
    r#"{"type":"claim","id":"a","subject":"embassy","attribute":"power","value":"on","from":"2024-09-08","chain":[{"who":"daily"}]}"#,
    "\n",
    r#"{"type":"claim","subject":"embassy","attribute":"power","value":"off","from":"2024-11-23","chain":[{"who":"aide","how":"witnessed"}],"said_on":"2024-11-24"}"#,
    "\n",
    r#"{"type":"periods","id":"p","subject":"embassy","attribute":"siege","value":true,"periods":[{"from":"2024-07-31","until":"2024-09-01"}],"chain":[{"who":"wiki"}]}"#,
    "\n",
    r#"{"type":"correction","id":"k","corrects":"a","by":"desk","reason":"slip","claim":{"id":"b","subject":"embassy","attribute":"power","value":"on","from":"2024-09-09","chain":[{"who":"daily"}]}}"#,
    "\n",
    r#"{"type":"dispute","id":"d","disputes":"b","by":"ministry","grounds":"no","said_on":"2024-09-10"}"#,
    "\n",
    r#"{"type":"assessment","id":"v","claim":"b","rating":"true","rationale":"seen","by":"desk"}"#,
    "\n",
    r#"{"type":"retraction","id":"r","retracts":"d","by":"desk","reason":"misread"}"#,
    "\n",
    r#"{"type":"judgement","id":"j","entities":["embassy","compound"],"verdict":"different","reason":"two houses"}"#,
    "\n",
    r#"{"type":"link","source":"daily","to":"agency","how":"owned-by"}"#,
    "\n",
    r#"{"type":"note","about":"b","text":"ask again"}"#,
    "\n",
);

/// The lines of an export, behind its first, without what is the ledger's own.
fn plain(export: &str) -> Vec<serde_json::Value> {
    fn strip(line: &mut serde_json::Value) {
        let fields = line.as_object_mut().unwrap();
        // An id that is made from the link is the ledger's own too.
        let (id, hash) = (fields["id"].clone(), fields["hash"].clone());
        if hash.as_str().unwrap().get(..16) == id.as_str() {
            fields.shift_remove("id");
        }
        for own in ["seq", "recorded_at", "actor", "hash", "origin"] {
            assert!(fields.shift_remove(own).is_some(), "{own} is missing");
        }
        if let Some(claim) = fields.get_mut("claim").filter(|claim| claim.is_object()) {
            strip(claim);
        }
    }
    let (head, lines) = export.split_once('\n').unwrap();
    assert!(head.starts_with(r#"{"type":"export","origin":""#), "{head}");
    let line = |line: &str| {
        let mut line = serde_json::from_str(line).unwrap();
        strip(&mut line);
        line
    };
    lines.lines().map(line).collect()
}

#[test]
fn an_import_can_be_repeated_and_adds_nothing() {
    let desk = Desk::with_ledger();
    desk.write("good.jsonl", GOOD);
    let first = desk.json(&["import", "good.jsonl"]);
    assert_eq!(first[0]["lines"], 11);
    let head = desk.json(&["head"]);
    let second = desk.json(&["import", "good.jsonl"]);
    assert_eq!((&second[0]["events"], &second[0]["skipped"]), (&0.into(), &11.into()));
    assert_eq!(desk.json(&["head"]), head);
}

#[test]
fn an_export_imports_to_the_same_lines_and_states() {
    let one = Desk::with_ledger();
    one.write("good.jsonl", GOOD);
    one.ok(&["import", "good.jsonl"]);
    let unnamed = format!("#{}", one.json(&["first", "embassy", "power", "off"])[0]["claim"]["seq"]);
    one.ok(&["retract", &unnamed, "--reason", "to see a claim without an id retracted"]);
    let lines = one.ok(&["export"]);
    let two = Desk::with_ledger();
    two.ok(&["note", "so that the numbers differ"]);
    two.write("export.jsonl", &lines);
    two.ok(&["import", "export.jsonl"]);
    let again = two.ok(&["export"]);
    assert_eq!(plain(&again)[1..].len(), plain(&lines).len());
    for (mine, theirs) in plain(&again)[1..].iter().zip(plain(&lines)) {
        let is_numbered = theirs.to_string().contains("\"#");
        assert!(is_numbered || *mine == theirs, "{mine}\n{theirs}");
    }
    for day in ["2024-08-01", "2024-09-09", "2024-12-01"] {
        let states = |desk: &Desk| {
            let states = desk.json(&["state", "--on", day]);
            states
                .iter()
                .map(|state| format!("{} {} {}", state["attribute"], state["status"], state["values"]))
                .collect::<Vec<_>>()
        };
        assert_eq!(states(&one), states(&two));
    }
}

#[test]
fn one_bad_line_keeps_all_others_out_and_every_bad_line_is_named() {
    let desk = Desk::with_ledger();
    let bad = format!(
        "{GOOD}{}\n{}\nnot json\n",
        r#"{"type":"claim","subject":"a","attribute":"power","value":"on","on":"2024-02-30"}"#,
        r#"{"type":"claim","subject":"a","attribute":"power","value":"on","on":"2024","colour":"red"}"#,
    );
    desk.write("bad.jsonl", &bad);
    let message = desk.fails(&["import", "bad.jsonl"], 3);
    for part in ["line 12: on:", "line 13: colour", "line 14:", "3 of 14 lines", "nothing was recorded"] {
        assert!(message.contains(part), "{part:?} is not in\n{message}");
    }
    assert_eq!(desk.json(&["head"])[0]["size"], 1);
    let output = desk.run(&["import", "bad.jsonl", "--dry-run"]);
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    desk.ok(&["import", "bad.jsonl", "--rejects", "rejects.jsonl"]);
    let rejects = std::fs::read_to_string(desk.path().join("rejects.jsonl")).unwrap();
    assert_eq!(rejects.lines().count(), 3);
    assert!(rejects.contains(r#""line":12,"problems":[{"field":"on""#), "{rejects}");
}

#[test]
fn what_depends_on_a_rejected_line_is_rejected_with_it() {
    let desk = Desk::with_ledger();
    let lines = [
        r#"{"type":"attribute","key":"power","value_type":"colour"}"#,
        r#"{"type":"claim","id":"a","subject":"embassy","attribute":"power","value":"on","on":"2024"}"#,
        r#"{"type":"dispute","id":"d","disputes":"a","grounds":"no"}"#,
        r#"{"type":"note","text":"kept"}"#,
    ];
    desk.write("lines.jsonl", &lines.join("\n"));
    let report = desk.json(&["import", "lines.jsonl", "--rejects", "rejects.jsonl"]);
    assert_eq!(report[0]["refused"], 3);
    assert!(!desk.ok(&["log"]).contains("claim-asserted"));
}

#[test]
fn the_clock_of_a_line_is_not_taken() {
    let desk = Desk::with_ledger();
    desk.write("clock.jsonl", r#"{"type":"note","text":"x","recorded_at":"2020-01-01T00:00:00Z"}"#);
    assert!(desk.fails(&["import", "clock.jsonl"], 3).contains("recorded_at"));
    assert!(desk.fails(&["import", "missing.jsonl"], 3).contains("missing.jsonl"));
    let output = desk.run(&["import", "clock.jsonl", "--dry-run", "--actor", ""]);
    assert_eq!(output.status.code(), Some(3), "{}", out(&output));
}
