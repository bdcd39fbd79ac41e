//! `verify --since`, by command.

use std::fs;

use serde_json::json;

use super::{desk_of, edit, frames};
use crate::keys::signed_desk;
use crate::support::{err, out};

#[test]
fn verifying_goes_on_from_a_kept_head() {
    let desk = desk_of("v1/small");
    let head = desk.ok(&["head"]);
    desk.write("kept.txt", &head);
    desk.ok(&["note", "one more"]);
    let told = desk.ok(&["verify", "--since", "kept.txt"]);
    assert!(told.contains("11 events, every hash holds") && told.contains("was not read again"), "{told}");
    let line = head.lines().find_map(|line| line.strip_prefix("head ")).unwrap();
    let verified = desk.json(&["verify", "--since", line]).remove(0);
    assert_eq!((&verified["since"], &verified["roots_compared"]), (&json!(10), &json!(false)), "{verified}");
    assert!(verified["holds_up_to"].as_str().unwrap().starts_with("11:"), "{verified}");
    let whole = desk.json(&["verify"]).remove(0);
    assert_eq!((&whole["since"], &whole["roots_compared"]), (&json!(null), &json!(true)), "{whole}");
    assert_eq!(whole["holds_up_to"], verified["holds_up_to"]);
    fs::remove_file(desk.path().join("ledger/log/000000000001.seg")).unwrap();
    desk.ok(&["verify", "--since", "kept.txt"]);
    edit(&desk, 9, |bytes| bytes[300] ^= 1);
    assert_eq!(desk.run(&["verify", "--since", "kept.txt"]).status.code(), Some(1));
}

#[test]
fn a_kept_head_that_is_not_there_is_a_finding_and_what_is_no_head_a_wrong_command_line() {
    let desk = desk_of("v1/small");
    let head = format!("9:{}", "a".repeat(64));
    let output = desk.run(&["--json", "verify", "--since", &head]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("\"code\":\"expected-head\",\"seq\":9"), "{}", out(&output));
    let head_text = desk.ok(&["head"]);
    let checkpoint: Vec<&str> = head_text.lines().take(3).collect();
    desk.write("checkpoint.txt", &checkpoint.join("\n"));
    assert!(desk.fails(&["verify", "--since", "nowhere"], 2).contains("is neither SIZE:TIP nor a file"));
    desk.ok(&["verify", "--expect", "checkpoint.txt"]);
    assert_eq!(desk.run(&["verify", "--since", &head, "--expect", &head]).status.code(), Some(2));
}

#[test]
fn of_a_damaged_ledger_it_says_up_to_where_all_holds() {
    let desk = desk_of("bad/prev");
    let output = desk.run(&["verify"]);
    assert!(out(&output).contains("everything up to 1:") && out(&output).contains(" holds\n"), "{}", out(&output));
    let since =
        out(&output).lines().find_map(|line| line.strip_prefix("everything up to ").map(str::to_owned)).unwrap();
    let since = since.strip_suffix(" holds").unwrap();
    let again = desk.run(&["verify", "--since", since]);
    assert_eq!((again.status.code(), out(&again)), (Some(1), out(&output)), "{}", err(&again));
}

#[test]
fn from_a_checkpoint_alone_everything_is_read() {
    let desk = signed_desk();
    desk.write("kept.txt", &desk.ok(&["head"]));
    desk.ok(&["note", "one more", "--key", "ana.key"]);
    let told = desk.ok(&["verify", "--since", "kept.txt"]);
    assert!(told.contains("the head that was kept is in it, and all was read"), "{told}");
    let verified = desk.json(&["verify", "--since", "kept.txt"]).remove(0);
    assert_eq!((&verified["since"], &verified["roots_compared"]), (&json!(null), &json!(true)), "{verified}");
    let other = desk.ok(&["head"]).replacen("\n5\n", "\n4\n", 1);
    desk.write("other.txt", &other);
    let output = desk.run(&["--json", "verify", "--since", "other.txt"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("\"code\":\"expected-head\",\"seq\":4"), "{}", out(&output));
}

#[test]
fn of_a_damaged_signed_ledger_too() {
    let desk = signed_desk();
    for text in ["five", "six", "seven"] {
        desk.ok(&["note", text, "--key", "ana.key"]);
    }
    let (at, _) = frames(&desk, 1).into_iter().find_map(|(seq, at, len)| (seq == 6).then_some((at, len))).unwrap();
    edit(&desk, 1, |bytes| bytes[at + 137] ^= 1);
    let output = desk.run(&["verify"]);
    assert!(out(&output).contains("\n1 finding: this ledger"), "{}", out(&output));
    assert!(out(&output).contains("everything up to 5:"), "{}", out(&output));
    let last = desk.run(&["--json", "verify"]);
    let last: serde_json::Value = serde_json::from_str(out(&last).lines().last().unwrap()).unwrap();
    assert!(last["holds_up_to"].as_str().unwrap().starts_with("5:"), "{last}");
}

#[test]
fn a_changed_number_of_the_event_that_authorised_a_key_is_all_that_is_found() {
    let desk = signed_desk();
    desk.ok(&["note", "five", "--key", "ana.key"]);
    let findings = || -> serde_json::Value {
        let output = desk.run(&["--json", "verify"]);
        let lines: Vec<serde_json::Value> =
            out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines.iter().filter(|line| line["type"] == "finding").map(|line| json!([line["code"], line["seq"]])).collect()
    };
    let (_, at, _) = frames(&desk, 1).into_iter().find(|(seq, ..)| *seq == crate::keys::CHIEF).unwrap();
    edit(&desk, 1, |bytes| bytes[at + 9 + 8] ^= 16);
    assert_eq!(findings(), json!([["envelope", crate::keys::CHIEF]]));
}
