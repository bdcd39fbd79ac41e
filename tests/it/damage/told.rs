//! What `verify` tells of heads that are not there, and of what is unfinished.

use super::{edit, frames};
use crate::keys::signed_desk;
use crate::support::{Desk, err, out};

#[test]
fn a_kept_head_of_another_ledger_is_a_wrong_command_line_and_no_damage() {
    let desk = signed_desk();
    desk.ok(&["init", "--ledger", "siege", "--origin", "example.org/other"]);
    desk.ok(&["note", "one", "--ledger", "siege"]);
    desk.write("plain.txt", &desk.ok(&["head", "--ledger", "siege"]));
    let own = desk.json(&["head"])[0]["origin"].as_str().unwrap().to_owned();
    for flag in ["--expect", "--since"] {
        let told = desk.fails(&["verify", flag, "plain.txt"], 2);
        let wanted =
            format!("plain.txt holds a head of ledger example.org/other; this is ledger {own}: nothing was checked");
        assert!(told.contains(&wanted) && told.contains("--ledger"), "{told}");
        desk.ok(&["verify", flag, "plain.txt", "--ledger", "siege"]);
    }
    desk.write("signed.txt", &desk.ok(&["head"]));
    let told = desk.fails(&["verify", "--expect", "signed.txt", "--ledger", "siege"], 2);
    assert!(told.contains(&format!("signed.txt holds a head of ledger {own}")), "{told}");
    // Whose name was changed in its own folder is damaged.
    let (_, at, len) = frames(&desk, 1)[0];
    edit(&desk, 1, |bytes| {
        let name = bytes[at..at + len].windows(own.len()).position(|part| part == own.as_bytes()).unwrap();
        bytes[at + name] ^= 1;
    });
    let output = desk.run(&["verify", "--expect", "signed.txt"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(out(&output).contains("#1, segment"), "{}", out(&output));
}

#[test]
fn where_only_the_expected_head_is_missing_all_holds() {
    let desk = Desk::with_ledger();
    for text in ["one", "two", "three"] {
        desk.ok(&["note", text]);
    }
    let head = desk.json(&["head"]).remove(0);
    let own = format!("{}:{}", head["size"], head["head"].as_str().unwrap());
    for (flag, size) in [("--expect", 3), ("--expect", 9), ("--since", 3), ("--since", 9)] {
        let output = desk.run(&["verify", flag, &format!("{size}:{}", "a".repeat(64))]);
        assert_eq!(output.status.code(), Some(1));
        let wanted = format!("everything up to {own} holds: only the expected head is not in it");
        assert!(out(&output).contains(&wanted), "{flag} {size}: {}", out(&output));
    }
}

#[test]
fn an_unfinished_segment_is_told_in_words_too() {
    let desk = Desk::with_ledger();
    desk.write("ledger/log/000000000002.seg.tmp", "begun");
    let told = desk.ok(&["verify"]);
    assert!(
        told.contains("1 unfinished new segment stands beside the log; the next write or `annals repair`"),
        "{told}"
    );
    assert_eq!(desk.json(&["verify"])[0]["unfinished_segments"], 1);
    desk.write("ledger/log/000000000003.seg.tmp", "begun");
    assert!(desk.ok(&["verify"]).contains("2 unfinished new segments stand beside the log"));
}
