//! Import and export through the binary.

mod again;
mod carried;
mod merged;
mod random;

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
