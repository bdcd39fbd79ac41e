//! Keys that are not what they seem.

use crate::support::Desk;

#[test]
fn a_new_key_that_looks_like_another_is_told() {
    let desk = Desk::with_ledger();
    desk.ok(&["record", "embassy", "power", "on", "--on", "2024-11-24", "--said-by", "ana"]);
    // A Cyrillic е.
    let output = desk.run(&["record", "\u{435}mbassy", "power", "off", "--on", "2024-11-25", "--said-by", "ana"]);
    let message = crate::support::err(&output);
    assert!(output.status.success());
    assert!(message.contains("looks like \"embassy\"") && message.contains("U+0435"), "{message}");
    for (what, line) in [
        ("source", "{\"type\":\"source\",\"key\":\"an\u{430}\",\"kind\":\"person\"}"),
        (
            "attribute",
            "{\"type\":\"attribute\",\"key\":\"p\u{43e}wer\",\"value_type\":\"text\",\"cardinality\":\"single\"}",
        ),
        ("entity", "{\"type\":\"entity\",\"key\":\"ernbassy\"}"),
    ] {
        desk.write("line.jsonl", line);
        let message = crate::support::err(&desk.run(&["import", "line.jsonl"]));
        assert!(message.contains(&format!("warning: line 1: {what} ")) && message.contains("looks like"), "{message}");
    }
    // The same again is no news, and neither is what looks like nothing else.
    for line in ["{\"type\":\"entity\",\"key\":\"\u{435}mbassy\"}", "{\"type\":\"entity\",\"key\":\"посольство\"}"]
    {
        desk.write("line.jsonl", line);
        let message = crate::support::err(&desk.run(&["import", "line.jsonl"]));
        assert!(!message.contains("looks like"), "{message}");
    }
}

#[test]
fn a_retracted_judgement_is_no_way_round_one_that_stands() {
    let desk = Desk::with_ledger();
    desk.ok(&["entity", "a", "--label", "A"]);
    desk.ok(&["entity", "b", "--label", "B", "--same-as", "a", "--reason", "r"]);
    let log = desk.json(&["log"]);
    let judgement = format!("#{}", log.iter().map(|event| event["seq"].as_u64().unwrap()).max().unwrap());
    desk.ok(&["retract", &judgement, "--reason", "a slip"]);
    desk.ok(&["entity", "b", "--different-from", "a", "--reason", "two"]);
    let message = desk.fails(&["entity", "b", "--same-as", "a", "--reason", "r"], 3);
    assert!(message.contains("contradicts the judgement"), "{message}");
    desk.write("again.jsonl", r#"{"type":"judgement","entities":["b","a"],"verdict":"same","reason":"r"}"#);
    let message = desk.fails(&["import", "again.jsonl", "--again"], 3);
    assert!(message.contains("contradicts the judgement"), "{message}");
}
