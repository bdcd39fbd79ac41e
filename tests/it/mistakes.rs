//! Slips at the keyboard: what was meant is told, and nothing is lost by them.

use std::fs;
use std::process::{Command, Stdio};

use crate::support::{Desk, err, out};

const MIXED: &str = concat!(
    r#"{"type":"claim","id":"a","subject":"embassy","attribute":"power","value":"on","on":"2024-13"}"#,
    "\n",
    r#"{"type":"note","text":"kept"}"#,
    "\n",
    "no object\n",
);

/// A ledger with one claim of the power at the embassy, `cut`.
fn cut() -> Desk {
    let desk = Desk::with_ledger();
    desk.ok(&["record", "embassy", "power", "off", "--on", "2024-11-23", "--said-by", "aide", "--id", "cut"]);
    desk
}

/// Runs annals with nobody reading what it answers.
fn with_a_closed_pipe(desk: &Desk, args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_annals"));
    command.current_dir(desk.path()).env("ANNALS_ACTOR", "ana").args(args);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    (output.status.code(), err(&output))
}

#[test]
fn who_is_new_and_begins_with_a_refused_line_is_registered_all_the_same() {
    let desk = Desk::with_ledger();
    let refused = r#"{"type":"retraction","retracts":"nope","reason":"r"}"#;
    desk.write("lines.jsonl", &format!("{refused}\n{}", r#"{"type":"note","id":"n","text":"kept"}"#));
    desk.ok(&["import", "lines.jsonl", "--rejects", "rejects.jsonl", "--actor", "zoe"]);
    let log = desk.ok(&["log"]);
    assert!(log.contains("actor-registered") && log.lines().last().unwrap().contains("zoe"), "{log}");
    // Alone it would be a commit of nothing but a name.
    desk.write("lines.jsonl", refused);
    desk.ok(&["import", "lines.jsonl", "--rejects", "rejects.jsonl", "--actor", "ben"]);
    assert!(!desk.ok(&["log"]).contains("ben"));
}

#[test]
fn rejects_never_cost_the_input() {
    let desk = Desk::with_ledger();
    desk.write("bad.jsonl", MIXED);
    let message = desk.fails(&["import", "bad.jsonl", "--rejects", "./bad.jsonl"], 2);
    assert!(message.contains("the file that is imported") && message.contains("nothing was recorded"), "{message}");
    assert_eq!(fs::read_to_string(desk.path().join("bad.jsonl")).unwrap(), MIXED);
    let message = desk.fails(&["import", "bad.jsonl", "--rejects", "nowhere/rejects.jsonl"], 3);
    assert!(message.contains("nothing was recorded"), "{message}");
    assert_eq!(desk.json(&["head"])[0]["size"], 1);
    desk.write("rejects.jsonl", "from before\n");
    desk.ok(&["import", "bad.jsonl", "--rejects", "rejects.jsonl"]);
    assert_eq!(fs::read_to_string(desk.path().join("rejects.jsonl")).unwrap().lines().count(), 2);
    let names = fs::read_dir(desk.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    assert_eq!(names, ["bad.jsonl", "ledger", "rejects.jsonl"]);
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let desk = cut();
    for args in [&["completions", "bash"][..], &["export"], &["log"], &["man"]] {
        assert_eq!(with_a_closed_pipe(&desk, args), (Some(0), String::new()), "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_before_anything_is_called_done() {
    let desk = cut();
    for args in [&["completions", "bash"][..], &["export"], &["export", "--output", "/dev/full"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_annals"));
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command.current_dir(desk.path()).args(args).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{args:?} {}", err(&output));
        assert!(err(&output).contains("No space left") && !err(&output).contains("exported"), "{}", err(&output));
    }
}

#[test]
fn evidence_is_a_file_that_is_there_or_a_digest() {
    let desk = Desk::with_ledger();
    let with = |evidence: &'static str| ["record", "bridge", "crew", "6", "--timeless", "--evidence", evidence];
    let message = desk.fails(&with("nofile.png"), 2);
    assert!(message.contains("\"nofile.png\" is no file") && message.contains("nothing was recorded"), "{message}");
    assert_eq!(desk.json(&["head"])[0]["size"], 1);
    desk.ok(&with("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"));
}

#[test]
fn nothing_is_judged_the_same_as_itself() {
    let desk = cut();
    let message = desk.fails(&["entity", "embassy", "--same-as", "embassy", "--reason", "self"], 3);
    assert!(message.contains("stands twice"), "{message}");
}

#[test]
fn odd_acts_are_recorded_with_a_warning() {
    let desk = cut();
    let warns = |args: &[&str], part: &str| {
        let output = desk.run(args);
        assert!(output.status.success() && err(&output).contains(part), "{part:?} is not in\n{}", err(&output));
    };
    desk.ok(&["retract", "cut", "--reason", "another day"]);
    warns(&["retract", "cut", "--reason", "again"], "warning: #6 is retracted already, by #7");
    warns(&["dispute", "cut", "--grounds", "no"], "warning: #6 is retracted already, by #7");
    warns(&["assess", "cut", "--rating", "true", "--rationale", "seen"], "warning: #6 is retracted already");
    warns(&["correct", "cut", "--on", "2024-11-24", "--reason", "slip", "--id", "new"], "warning: #6 is retracted");
    desk.ok(&["correct", "new", "--on", "2024-11-25", "--reason", "slip"]);
    warns(&["dispute", "new", "--grounds", "never"], "warning: #11 is corrected already, by #14");
}

#[test]
fn a_correction_changes_something() {
    let desk = cut();
    let message = desk.fails(&["correct", "cut", "--value", "off", "--on", "2024-11-23", "--reason", "none"], 2);
    assert!(message.contains("changes nothing") && message.contains("nothing was recorded"), "{message}");
    desk.ok(&["correct", "cut", "--quote", "it is dark", "--reason", "the quote was left out"]);
}

#[test]
fn a_new_description_is_told_by_its_own_number() {
    let desk = Desk::with_ledger();
    desk.ok(&["record", "lake", "level", "5", "--on", "2024-11-23", "--said-by", "aide"]);
    let output = desk.run(&["attribute", "level", "--type", "quantity", "--unit", "m"]);
    assert!(out(&output).starts_with("Recorded #7"), "{}", out(&output));
    assert!(err(&output).contains("warning: claims of \"level\" recorded before keep"), "{}", err(&output));
    assert_eq!(desk.json(&["entity", "lake", "--label", "The lake"])[0]["seq"], 8);
}
