//! Questions to a damaged ledger, by command.

use std::fs;

use serde_json::{Value, json};

use super::{desk_of, edit, fixture, frames, lay};
use crate::support::{Desk, err, out};

/// Every question, as it is asked of the small ledger.
const QUESTIONS: &[&[&str]] = &[
    &["state", "--on", "2024-11-24", "--why"],
    &["history", "embassy", "power"],
    &["timeline", "embassy", "power"],
    &["diff", "--from", "2024-09-01", "--to", "2024-12-01"],
    &["first", "embassy", "power"],
    &["contested"],
    &["stale", "--on", "2025-06-01"],
    &["log"],
    &["export"],
];

/// Flips a bit of the first payload byte of an event.
fn spoil(desk: &Desk, segment: u64, seq: u64) -> (usize, usize) {
    let (_, at, len) = frames(desk, segment).into_iter().find(|(own, ..)| *own == seq).unwrap();
    edit(desk, segment, |bytes| bytes[at + 137] ^= 1);
    (at, len)
}

#[test]
fn every_question_is_refused_with_the_way_out_and_answered_with_the_flag() {
    let desk = desk_of("v1/small");
    let [whole, lacking]: [Vec<String>; 2] = [false, true].map(|spoilt| {
        let (at, len) = if spoilt { spoil(&desk, 1, 7) } else { (0, 0) };
        let answer = |question: &&[&str]| {
            let output = desk.run(question);
            assert_eq!(output.status.code(), Some(if spoilt { 3 } else { 0 }), "{question:?}");
            assert_eq!(spoilt, err(&output).contains("--despite-damage"), "{question:?}: {}", err(&output));
            let output = desk.run(&[*question, &["--despite-damage"]].concat());
            assert_eq!(output.status.code(), Some(0), "{question:?}: {}", err(&output));
            let told = err(&output);
            let bytes = format!("segment 000000000001 at byte {at}, up to byte {} ({len} bytes)", at + len);
            for part in ["warning: missing of its 10 events, so answers may lack them: #7\n", &bytes, "#7, segment"] {
                assert_eq!(told.contains(part), spoilt, "{question:?}: {part}\n{told}");
            }
            out(&output)
        };
        QUESTIONS.iter().map(answer).collect()
    });
    assert_ne!(whole, lacking);
    for other in [&["prove", "#7"][..], &["note", "more"]] {
        let said = desk.fails(other, 3);
        assert!(said.contains("hint: `annals verify` names every damaged place"), "{other:?}: {said}");
        assert!(!said.contains("--despite-damage"), "{other:?} does not take it: {said}");
    }
    assert!(whole[7].contains("#7 2024") && !lacking[7].contains("#7 2024"), "{}", lacking[7]);
}

#[test]
fn programs_are_told_first_what_is_missing() {
    let desk = desk_of("v1/every-kind");
    let state = ["state", "--on", "2024-11-24", "--despite-damage"];
    let whole = desk.json(&state);
    assert_ne!(whole[0]["type"], "damage");
    let (at, len) = spoil(&desk, 1, 10);
    let lines = desk.json(&state);
    let damage =
        json!({"missing_events": [[10, 10]], "size": 47, "unread": [{"segment": 1, "from": at, "until": at + len}]});
    for (field, value) in damage.as_object().unwrap() {
        assert_eq!(lines[0][field], *value, "{field}: {}", lines[0]);
    }
    assert_eq!((&lines[0]["type"], &lines[0]["findings"][0]["code"]), (&json!("damage"), &json!("payload")));
    let values = |lines: &[Value]| lines.iter().map(|line| line["values"].clone()).collect::<Vec<_>>();
    assert_eq!(values(&lines[1..]), values(&whole), "a source that is missing supports nothing, but its claims stand");
    let export = desk.ok(&["--json", "export", "--despite-damage"]);
    assert!(!export.contains("\"damage\""), "an export is lines to import");
    assert!(export.contains("\"#10 (missing)\""), "{export}");
}

#[test]
fn what_refers_to_a_missing_event_says_so() {
    let desk = desk_of("v1/small");
    for seq in [2, 3, 4, 5] {
        lay(&desk, "v1/small");
        spoil(&desk, 1, seq);
        let missing = format!("#{seq} (missing)");
        let log = desk.ok(&["log", "--despite-damage"]);
        let state = desk.ok(&["state", "--on", "2024-11-24", "--why", "--despite-damage"]);
        assert!(log.contains(&missing) || state.contains(&missing), "{seq}\n{log}\n{state}");
        assert!(!log.contains("erased)\u{20}by") && !state.contains(&format!("#{seq} (erased)")), "{log}\n{state}");
        let show = desk.fails(&["show", &format!("#{seq}"), "--despite-damage"], 3);
        assert!(show.contains(&format!("#{seq} cannot be read: it is missing")), "{show}");
    }
}

#[test]
fn a_missing_segment_is_a_run_of_events() {
    let desk = desk_of("v1/small");
    fs::remove_file(desk.path().join("ledger/log/000000000008.seg")).unwrap();
    let told = err(&desk.run(&["log", "--despite-damage"]));
    assert!(told.contains("so answers may lack them: #8\n"), "{told}");
    lay(&desk, "v1/small");
    fs::remove_file(desk.path().join("ledger/log/000000000001.seg")).unwrap();
    let told = err(&desk.run(&["log", "--despite-damage"]));
    assert!(told.contains("so answers may lack them: #1 to #7\n"), "{told}");
}

#[test]
fn another_ledgers_segment_answers_nothing() {
    let desk = desk_of("bad/segment-ledger");
    let output = desk.run(&["log", "--despite-damage"]);
    assert!(!out(&output).contains("#8 2024") && out(&output).contains("#9 2024"), "{}", out(&output));
    for part in ["lack them: #8\n", "the segment is of another ledger", "segment 000000000008 at byte 120, up to byte"]
    {
        assert!(err(&output).contains(part), "{part}: {}", err(&output));
    }
}

#[test]
fn whatever_is_damaged_the_rest_answers() {
    let all = fs::read_dir(fixture("bad")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut answered = 0;
    for name in all {
        let desk = desk_of(&format!("bad/{name}"));
        for question in QUESTIONS {
            let output = desk.run(&[*question, &["--despite-damage"]].concat());
            // What is not there cannot be asked about, but it is said.
            let is_unknown = output.status.code() == Some(3) && err(&output).contains("of this ledger");
            assert!(output.status.success() || is_unknown, "{name} {question:?}: {}", err(&output));
            answered += usize::from(output.status.success());
        }
        let found: Value =
            serde_json::from_str(&fs::read_to_string(fixture(&format!("bad/{name}/expected.json"))).unwrap()).unwrap();
        let told = err(&desk.run(&["state", "--despite-damage"]));
        let only_verify = ["expected-head", "erasure-unfinished", "kind", "genesis", "about", "actor", "key-twice"];
        assert!(
            told.contains("warning: this ledger is damaged") || only_verify.contains(&name.as_str()),
            "{name} {found}: {told}"
        );
    }
    assert!(answered > 200, "{answered}");
}
