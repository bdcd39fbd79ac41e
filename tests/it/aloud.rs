//! What is read aloud: whatever shows a claim shows what became of it, and what of that was taken back.

use crate::support::{Desk, err};

/// A ledger with these lines.
fn with(lines: &str) -> Desk {
    let desk = Desk::with_ledger();
    desk.write("lines.jsonl", lines);
    desk.ok(&["import", "lines.jsonl"]);
    desk
}

const TAKEN_BACK: &str = r#"{"type":"claim","id":"p1","subject":"pow","attribute":"office","value":"whip","from":"2020-01-01","clock":"10:00..11:00","said_by":"gaz"}
{"type":"dispute","id":"d1","disputes":"p1","by":"min","grounds":"no"}
{"type":"assessment","id":"v1","claim":"p1","rating":"false","rationale":"x"}
{"type":"note","id":"n1","about":"p1","text":"call them"}
{"type":"retraction","retracts":"d1","reason":"mixed up"}
{"type":"retraction","retracts":"v1","reason":"wrong claim"}
{"type":"retraction","retracts":"n1","reason":"done"}"#;

#[test]
fn what_was_taken_back_is_shown_as_taken_back() {
    let desk = with(TAKEN_BACK);
    for args in
        [&["history", "pow", "office"][..], &["show", "p1"], &["state", "pow", "office", "--on", "2020-06-01", "--why"]]
    {
        let shown = desk.ok(args);
        for line in [
            "disputed by min (#8): no — taken back by the desk (#11): mixed up",
            "rated false by ana (#9): x — taken back by the desk (#12): wrong claim",
            "note by ana (#10): call them — taken back by the desk (#13): done",
            "10:00..11:00",
        ] {
            assert!(shown.contains(line), "{args:?} has no {line:?}:\n{shown}");
        }
    }
    let log = desk.ok(&["log"]);
    assert_eq!(log.lines().filter(|line| line.contains("— taken back (#1")).count(), 3, "{log}");
    assert!(log.lines().all(|line| !line.split_whitespace().any(|word| word.len() >= 40)), "{log}");
    let remarks = desk.json(&["show", "p1"])[0]["remarks"].clone();
    let taken: Vec<_> = remarks.as_array().unwrap().iter().map(|remark| remark["taken_back"].clone()).collect();
    assert_eq!(taken, [11, 12, 13], "{remarks}");
    assert_eq!(desk.json(&["history", "pow", "office"])[0]["remarks"], remarks);
    let why = desk.json(&["state", "pow", "office", "--on", "2020-06-01", "--why"]);
    assert_eq!(why[0]["claims"][0]["remarks"], remarks);
}

#[test]
fn a_corrected_claim_leads_both_ways_with_the_reason() {
    let desk = with(
        r#"{"type":"claim","id":"p1","subject":"pow","attribute":"office","value":"whip","from":"2020-01-01","said_by":"gaz"}"#,
    );
    desk.ok(&["correct", "p1", "--value", "chief", "--reason", "a slip", "--id", "p2"]);
    assert!(desk.ok(&["show", "p1"]).contains("corrected to #7 by the desk (#8): a slip"));
    assert!(desk.ok(&["show", "p2"]).contains("replaces #6 (#8): a slip"));
    let why = desk.ok(&["state", "pow", "office", "--on", "2020-06-01", "--why"]);
    assert!(why.contains("replaces #6 (#8): a slip") && why.contains("not used: corrected, see #7"), "{why}");
    desk.ok(&["retract", "8", "--reason", "it was right"]);
    assert!(desk.ok(&["show", "p2"]).contains("— taken back by the desk (#9): it was right"));
    assert_eq!(desk.json(&["show", "p2"])[0]["replaces"]["taken_back"], 9);
}

#[test]
fn references_and_notes_stand_with_their_claim() {
    let desk = with(
        r#"{"type":"claim","id":"p1","subject":"pow","attribute":"office","value":"whip","from":"2020-01-01","said_by":"gaz"}"#,
    );
    desk.ok(&["cite", "p1", "--url", "https://b.example/2", "--quote", "the whip"]);
    desk.ok(&["note", "call them", "--about", "p1"]);
    for args in [&["show", "p1"][..], &["history", "pow", "office"]] {
        let shown = desk.ok(args);
        assert!(shown.contains("also https://b.example/2  “the whip”") && shown.contains("call them"), "{shown}");
    }
    assert!(desk.ok(&["export"]).contains("https://b.example/2"));
    desk.ok(&["note", "who is this", "--about", "gaz"]);
    assert!(desk.ok(&["source", "gaz"]).contains("who is this"));
}

#[test]
fn a_dropped_claim_is_named_where_nothing_else_is_left() {
    let desk = with(
        r#"{"type":"claim","id":"p1","subject":"mayor","attribute":"arrested","value":true,"from":"2026-09-10","said_by":"blog","said_on":"2026-09-10"}
{"type":"assessment","claim":"p1","rating":"false","rationale":"the court has no such case"}"#,
    );
    for args in [
        &["state", "mayor", "--on", "2026-09-12"][..],
        &["state", "mayor", "arrested", "--on", "2026-09-12", "--why"],
        &["timeline", "mayor"],
    ] {
        let shown = desk.ok(args);
        assert!(
            shown.contains("unknown") && shown.contains("#6") && shown.contains("rated false by ana (#7)"),
            "{shown}"
        );
        assert!(!shown.contains("nothing is claimed that was known then"), "{shown}");
    }
    assert!(desk.ok(&["state", "mayor", "--why", "--on", "2026-09-12"]).contains("the court has no such case"));
    let states = desk.json(&["state", "mayor", "--on", "2026-09-12"]);
    assert_eq!((states.len(), &states[0]["status"]), (1, &"unknown".into()));
    assert_eq!(desk.json(&["state", "--on", "2026-09-12"]).len(), 0, "only keys with a claim that is used");
}

#[test]
fn contests_are_seen_on_every_day_there_is_and_told_in_a_line() {
    let desk = Desk::with_ledger();
    for (value, by) in [("X-town", "registry"), ("Y-town", "blog")] {
        desk.ok(&["record", "ana", "birthplace", value, "--timeless", "--said-by", by]);
        desk.ok(&["record", "ana", "party", value, "--undated", "--said-by", by]);
    }
    desk.ok(&["record", "ana", "office", "whip", "--from", "2020-01-01", "--said-by", "gaz", "--id", "whip"]);
    desk.ok(&["dispute", "whip", "--grounds", "x"]);
    let shown = desk.ok(&["contested"]);
    let line = shown.lines().find(|line| line.contains("birthplace")).unwrap();
    for told in ["always", "X-town by #", "(registry)", "Y-town by #", "(blog)"] {
        assert!(line.contains(told), "no {told} in {line}");
    }
    let line = shown.lines().find(|line| line.contains("office")).unwrap();
    assert!(line.contains("the desk disputes #14 (#15): x"), "{line}");
    assert_eq!(desk.run(&["contested", "--exit-code"]).status.code(), Some(0));
    let timeline = desk.ok(&["timeline", "ana"]);
    assert!(timeline.contains("… – …") && timeline.contains("always"), "{timeline}");
    assert!(timeline.contains("undated") && timeline.contains("X-town, by registry"), "{timeline}");
}

#[test]
fn first_means_the_value_that_is_asked_for() {
    let desk = with(
        r#"{"type":"claim","subject":"fire","attribute":"deaths","value":{"lower":"6"},"as_of":"2023-08-09","said_by":"mayor","said_on":"2023-08-09"}
{"type":"claim","subject":"fire","attribute":"deaths","value":{"lower":"115","upper":"115"},"as_of":"2023-08-21","said_by":"county","said_on":"2023-08-21T10:00"}
{"type":"claim","subject":"fire","attribute":"deaths","value":{"lower":"115","upper":"115"},"as_of":"2023-08-21","said_by":"state","said_on":"2023-08-21T12:30"}
{"type":"claim","subject":"siege","attribute":"started","value":true,"on":"2024-07-01","said_by":"north","said_on":"2024-07"}
{"type":"claim","subject":"siege","attribute":"started","value":true,"on":"2024-07-01","said_by":"south","said_on":"2024-07-31"}
{"type":"claim","subject":"siege","attribute":"started","value":true,"on":"2024-07-01","said_by":"east","said_on":"2024-08-02"}"#,
    );
    let shown = desk.ok(&["first", "fire", "deaths", "115"]);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "First");
    assert!(lines[1].contains("county") && lines[1].contains("2023-08-21T10:00"), "{shown}");
    assert_eq!((lines[2], lines[4]), ("Then", "Fits it, but does not say as much"), "{shown}");
    assert!(lines[5].contains("mayor"), "{shown}");
    let json = desk.json(&["first", "fire", "deaths", "115"]);
    let told: Vec<_> = json.iter().map(|line| (line["first"].as_bool(), line["only_fits"].as_bool())).collect();
    assert_eq!(told, [(Some(true), Some(false)), (Some(false), Some(false)), (Some(false), Some(true))]);
    let shown = desk.ok(&["first", "siege", "started"]);
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[0].starts_with("First, one of these"), "{shown}");
    assert!(lines[1].contains("  2024-07  ") && lines[2].contains("2024-07-31") && lines[3] == "Then", "{shown}");
}

#[test]
fn every_value_of_several_has_its_own_status() {
    let desk = with(
        r#"{"type":"attribute","key":"inside","value_type":"text","cardinality":"multi"}
{"type":"claim","subject":"house","attribute":"inside","value":"ann","on":"2024-01-01","said_by":"gaz"}
{"type":"claim","subject":"house","attribute":"inside","value":"bob","as_of":"2024-01","said_by":"gaz"}"#,
    );
    let shown = desk.ok(&["state", "house", "--on", "2024-01-01"]);
    assert!(shown.contains("ann (stated) | bob (possible)"), "{shown}");
    let state = desk.json(&["state", "house", "--on", "2024-01-01"])[0].clone();
    let statuses: Vec<_> = state["sides"].as_array().unwrap().iter().map(|side| side["status"].clone()).collect();
    assert_eq!(statuses, ["stated", "possible"]);
    desk.write(
        "denied.jsonl",
        r#"{"type":"claim","subject":"house","attribute":"inside","value":"ann","on":"2024-01-01","polarity":"deny","said_by":"min"}"#,
    );
    desk.ok(&["import", "denied.jsonl"]);
    let shown = desk.ok(&["state", "house", "--on", "2024-01-01"]);
    assert!(shown.contains("ann (contested) | bob (possible)"), "{shown}");
}

#[test]
fn a_claim_that_fits_is_told_once() {
    let desk = with(
        r#"{"type":"attribute","key":"born","value_type":"date"}
{"type":"claim","subject":"ann","attribute":"born","value":{"date":"1944-10-16"},"as_of":"2001","said_by":"x"}
{"type":"claim","subject":"ann","attribute":"born","value":{"date":"1944-11-02"},"as_of":"2001","said_by":"y"}
{"type":"claim","subject":"ann","attribute":"born","value":{"date":"1944"},"as_of":"2001","said_by":"z"}"#,
    );
    let shown = desk.ok(&["state", "ann", "--on", "2001-12-31"]);
    assert!(shown.contains("contested") && shown.contains(" agrees with both and says less\n"), "{shown}");
    assert_eq!(shown.matches("says less").count(), 1, "{shown}");
    desk.write(
        "third.jsonl",
        r#"{"type":"claim","subject":"ann","attribute":"born","value":{"date":"1944-10"},"as_of":"2001","said_by":"v"}"#,
    );
    desk.ok(&["import", "third.jsonl"]);
    let shown = desk.ok(&["state", "ann", "--on", "2001-12-31"]);
    assert!(shown.contains(" agrees with 1944-10-16 and says less\n"), "{shown}");
}

#[test]
fn what_is_unknown_is_folded_and_many_sides_are_counted() {
    let mut lines = String::new();
    for place in 0..40 {
        let line = format!(
            "{{\"type\":\"claim\",\"subject\":\"town\",\"attribute\":\"mood\",\"value\":\"v{place}\",\"on\":\"2024-01-01\",\"said_by\":\"s{place}\"}}\n\
             {{\"type\":\"claim\",\"subject\":\"town\",\"attribute\":\"later{place}\",\"value\":\"x\",\"from\":\"2025\",\"said_by\":\"s\"}}\n"
        );
        lines.push_str(&line);
    }
    let desk = with(&lines);
    let shown = desk.ok(&["state", "town", "--on", "2024-01-01"]);
    assert!(shown.lines().count() < 6, "{shown}");
    assert!(shown.contains("and 35 more") && shown.contains("and 34 more (--all says why)"), "{shown}");
    assert!(desk.ok(&["state", "town", "--on", "2024-01-01", "--all"]).lines().count() > 80);
    assert_eq!(desk.json(&["state", "town", "--on", "2024-01-01"]).len(), 41);
}

#[test]
fn a_source_shows_the_grade_and_links_that_answers_use() {
    let desk = with(
        r#"{"type":"source","key":"rated","kind":"person"}
{"type":"rating","source":"rated","reliability":"E"}
{"type":"source","key":"better","kind":"person","reliability":"E"}
{"type":"rating","source":"better","reliability":"A","reason":"seen twice"}
{"type":"link","source":"rated","to":"better","how":"same-wire"}"#,
    );
    let shown = desk.ok(&["source"]);
    assert!(
        shown.contains("rated  kind person, reliability E") && shown.contains("better  kind person, reliability A"),
        "{shown}"
    );
    assert!(shown.contains("rated same-wire better"), "{shown}");
    assert!(desk.ok(&["source", "better"]).contains("graded A by ana (#6): seen twice"));
    desk.ok(&["source", "better", "--reliability", "C"]);
    assert_eq!(desk.json(&["source", "better"])[0]["reliability"], "C");
}

#[test]
fn what_does_not_exist_says_where_to_look() {
    let desk = Desk::with_ledger();
    desk.ok(&["entity", "embassy", "--label", "Argentine embassy"]);
    let message = desk.fails(&["show", "embassy"], 3);
    assert!(message.contains("but an entity") && message.contains("`annals state 'embassy'`"), "{message}");
    for (typed, hint) in [
        ("rename", "annals entity KEY --label"),
        ("list", "annals source"),
        ("settings", "annals setting"),
        ("search", "annals show"),
    ] {
        let message = desk.fails(&[typed, "x"], 2);
        assert!(message.contains(hint), "{typed}: {message}");
    }
}

#[test]
fn no_word_is_cut_on_a_narrow_screen() {
    let desk = with(TAKEN_BACK);
    for args in
        [&["log"][..], &["show", "p1"], &["state", "--on", "2020-06-01"], &["contested"], &["history", "pow", "office"]]
    {
        let output = desk.command(args).env("COLUMNS", "60").output().unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.lines().all(|line| line.chars().count() <= 60), "{args:?}\n{shown}{}", err(&desk.run(args)));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&shown), words(&desk.ok(args)), "{args:?}");
    }
}
