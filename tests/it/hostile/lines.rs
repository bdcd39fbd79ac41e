//! Lines that somebody made up to do harm: each is refused with its number and field, or taken for what it is, and of
//! a refused import nothing is recorded.

use super::within;
use crate::support::{Desk, err, number_of, out};

const GOOD: &str =
    r#"{"type":"claim","subject":"embassy","attribute":"power","value":"on","as_of":"2024-11-24","said_by":"ana"}"#;

/// What the import of a good line and these bytes says; it must be refused, and the ledger stay as it was.
fn refused(bytes: &[u8]) -> String {
    let desk = Desk::with_ledger();
    let head = desk.ok(&["head"]);
    let lines = [GOOD.as_bytes(), b"\n", bytes, b"\n"].concat();
    std::fs::write(desk.path().join("lines.jsonl"), lines).unwrap();
    let message = desk.fails(&["import", "lines.jsonl"], 3);
    assert_eq!(desk.ok(&["head"]), head, "something was recorded: {message}");
    message
}

/// A claim with some fields put in the place of others.
fn claim(fields: &str) -> String {
    format!(r#"{{"type":"claim","subject":"s","attribute":"a","said_by":"w",{fields}}}"#)
}

#[test]
fn what_is_no_line_is_refused_with_its_number() {
    let deep = format!(r#"{{"type":"note","text":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    for (bytes, told) in [
        (&b"{\"type\":\"note\",\"text\":\"\xff\xfe\"}"[..], "line 2: line: is not UTF-8 from byte 24 on"),
        (b"{\"type\":\"note\",\"text\":\"a\0b\"}", "is no text"),
        (b"{\"type\":\"note\",\"text\":\"a\\u0000b\"}", "line 2: text"),
        (b"{\"type\":\"note\",\"text\":\"\\ud800\"}", "line 2: line: is not JSON"),
        (deep.as_bytes(), "line 2: line: is not JSON: recursion limit exceeded"),
        (b"[1]", "line 2: line: is a list"),
        (b"{\"type\":\"note\"", "line 2: line: is not JSON"),
        (b"\xef\xbb\xbf{\"type\":\"note\",\"text\":\"t\"}", "line 2: line: is not JSON"),
    ] {
        let message = refused(bytes);
        assert!(message.contains(told), "{told}: {message}");
    }
}

#[test]
fn a_field_that_cannot_be_is_named() {
    let digits = "9".repeat(900_000);
    let many = |item: &str| [item; 3].join(",");
    for (line, told) in [
        (claim(r#""value":"on","value":"off","on":"2024""#), "line 2: value: stands twice"),
        (claim(r#""value":"on","on":"2024","\u006fn":"2025""#), "line 2: on: stands twice"),
        (claim(r#""value":["on"],"on":"2024""#), "line 2: value"),
        (claim(r#""value":{"value":{"value":1}},"on":"2024""#), "line 2: value"),
        (claim(r#""value":"on","on":{"on":"2024"}"#), "line 2: on: is an object"),
        (claim(r#""value":"on","on":2024"#), "line 2: on: is a number"),
        (claim(&format!(r#""value":{digits},"on":"2024""#)), "line 2: "),
        (claim(&format!(r#""value":{{"lower":"{digits}","upper":null}},"on":"2024""#)), "line 2: value"),
        (claim(&format!(r#""value":"on","on":"{digits}""#)), "line 2: on"),
        (claim(r#""value":"on","on":"0000-01-01""#), "line 2: on"),
        (claim(r#""value":"on","on":"10000-01-01""#), "line 2: on"),
        (claim(r#""value":"on","from":"9999-12-31","until":"0001-01-01""#), "line 2: until"),
        (claim(r#""value":"on","on":"2024","id":"a\u202eb""#), "line 2: id"),
        (claim(r#""value":"on","on":"2024","said_by":"x""#), "line 2: said_by: stands twice"),
        (r#"{"type":"entity","key":"a\u200bb"}"#.into(), "line 2: key"),
        (r#"{"type":"entity","key":"a\u2028b"}"#.into(), "line 2: key"),
        (r#"{"type":"entity","key":"a\u0007"}"#.into(), "line 2: key"),
        (format!(r#"{{"type":"entity","key":"{}"}}"#, "k".repeat(257)), "line 2: key"),
        (format!(r#"{{"type":"note","text":"{}"}}"#, "t".repeat(65_537)), "line 2: text"),
        (
            format!(r#"{{"type":"judgement","verdict":"same","entities":[{}]}}"#, many(r#""e""#)),
            "line 2: entities: names",
        ),
        (r#"{"type":"judgement","verdict":"same","entities":["e","e"]}"#.into(), "line 2: entities[1]"),
        (format!(r#"{{"type":"entity","key":"e","aliases":[{}]}}"#, many("7")), "line 2: aliases[0]"),
    ] {
        let message = refused(line.as_bytes());
        assert!(message.contains(told), "{told}: {}", message.chars().take(500).collect::<String>());
        assert!(message.len() < 2000, "a message repeats a stranger's text: {} bytes", message.len());
    }
}

#[test]
fn marks_and_ends_of_other_systems_are_taken() {
    let desk = Desk::with_ledger();
    desk.write("lines.jsonl", &format!("\u{feff}{GOOD}\r\n\r\n{{\"type\":\"note\",\"text\":\"t\"}}\r\n"));
    assert_eq!(desk.json(&["import", "lines.jsonl"])[0]["lines"], 2);
    assert!(desk.ok(&["state", "embassy", "power", "--on", "2024-11-24"]).contains("on"));
}

#[test]
fn the_first_and_the_last_day_can_be_asked_for() {
    let desk = Desk::with_ledger();
    desk.ok(&["record", "s", "a", "old", "--on", "0001-01-01", "--said-by", "w"]);
    desk.ok(&["record", "s", "a", "new", "--on", "9999-12-31", "--said-by", "w"]);
    for (day, value) in [("0001-01-01", "old"), ("9999-12-31", "new"), ("9999-12-30", "old")] {
        assert!(desk.ok(&["state", "s", "a", "--on", day]).contains(value), "{day}");
    }
    assert!(desk.ok(&["timeline", "s", "a"]).contains("new"));
    assert!(desk.fails(&["state", "s", "a", "--on", "0000-12-31"], 2).contains("is not a date"));
}

#[test]
fn strangers_texts_do_not_steer_the_screen() {
    let desk = Desk::with_ledger();
    desk.write(
        "lines.jsonl",
        &claim(r#""value":"on\u001b[2J\u202egnp.exe\u0008","on":"2024-11-24","quote":"a\u001b]0;x\u0007""#),
    );
    desk.ok(&["import", "lines.jsonl"]);
    for args in [&["state", "s", "a", "--on", "2024-11-24"][..], &["log"], &["show", "#6"], &["history", "s", "a"]] {
        let output = desk.run(args);
        let shown = out(&output) + &err(&output);
        let steering = shown.chars().find(|c| *c != '\n' && annals::value::is_hidden(*c));
        assert_eq!(steering, None, "{args:?}: {shown:?}");
    }
}

#[test]
fn ids_that_collide_are_refused() {
    let with_id = |value: &str| claim(&format!(r#""id":"c1","value":"{value}","on":"2024-11-24""#));
    let message = refused(format!("{}\n{}", with_id("on"), with_id("off")).as_bytes());
    assert!(message.contains("line 3: id: \"c1\" is taken by"), "{message}");
    let desk = Desk::with_ledger();
    desk.write("twice.jsonl", &format!("{}\n{}\n", with_id("on"), with_id("on")));
    assert_eq!(desk.json(&["import", "twice.jsonl"])[0]["skipped"], 1, "the same line again is a repetition");
}

/// `ANNALS_LINE_MIB` makes the line longer; memory is bounded all the same.
#[test]
fn a_huge_line_is_passed_by_in_bounded_memory() {
    let desk = Desk::with_ledger();
    let len = usize::try_from(number_of("ANNALS_LINE_MIB", 24) << 20).unwrap();
    desk.write(
        "huge.jsonl",
        &format!("{GOOD}\n{{\"type\":\"note\",\"text\":\"{}\"}}\n{{\"type\":1}}\n", "x".repeat(len)),
    );
    let started = desk.command(&["import", "huge.jsonl"]).output();
    let message = err(&started.unwrap());
    assert!(message.contains("line 2: line: is longer than 1048576 bytes"), "{message}");
    assert!(message.contains("line 3: type"), "{message}");
    assert!(!message.contains("xxxx"));
}

#[test]
fn a_long_chain_of_attribution_is_recorded() {
    within(120, "an attribution through thousands", || {
        let desk = Desk::with_ledger();
        let links = number_of("ANNALS_MANY", 2000);
        let chain: Vec<String> = (0..links).map(|link| format!(r#"{{"who":"w{link}","how":"relayed"}}"#)).collect();
        let line = format!(
            r#"{{"type":"claim","subject":"s","attribute":"a","value":"v","on":"2024-11-24","chain":[{}]}}"#,
            chain.join(",")
        );
        desk.write("chain.jsonl", &line);
        desk.ok(&["import", "chain.jsonl"]);
        let state = &desk.json(&["state", "s", "a", "--on", "2024-11-24"])[0];
        assert_eq!(state["status"], "stated", "{state}");
        desk.ok(&["verify"]);
    });
}
