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
    command.current_dir(desk.path()).env("ANNALS_ACTOR", "ana").env("ANNALS_CACHE", desk.cache()).args(args);
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
    desk.fails(&["import", "lines.jsonl", "--rejects", "rejects.jsonl", "--force", "--actor", "ben"], 3);
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
    let message = desk.fails(&["import", "bad.jsonl", "--rejects", "rejects.jsonl"], 3);
    assert!(message.contains("is there already") && message.contains("nothing was recorded"), "{message}");
    assert_eq!(fs::read_to_string(desk.path().join("rejects.jsonl")).unwrap(), "from before\n");
    desk.ok(&["import", "bad.jsonl", "--rejects", "rejects.jsonl", "--force"]);
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
    for args in [&["completions", "bash"][..], &["export"], &["export", "--output", "-"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_annals"));
        command.env("ANNALS_CACHE", desk.cache());
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        command.env("ANNALS_CACHE", desk.cache());
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
    assert!(
        err(&output).contains("warning: claims of \"level\" recorded before keep what they have"),
        "{}",
        err(&output)
    );
    assert_eq!(desk.json(&["entity", "lake", "--label", "The lake"])[0]["seq"], 8);
}

#[test]
fn keys_are_told_as_registered_only_where_they_are() {
    let desk = Desk::with_ledger();
    let claim = r#"{"type":"claim","subject":"embassy","attribute":"power","value":"on","on":"2024-11-23"}"#;
    desk.write("good.jsonl", claim);
    desk.write("bad.jsonl", &format!("{claim}\n{MIXED}"));
    let would = "note: line 1: entity \"embassy\" would be registered";
    assert!(desk.fails(&["import", "bad.jsonl"], 3).contains(would));
    assert!(err(&desk.run(&["import", "good.jsonl", "--dry-run"])).contains(would));
    assert!(err(&desk.run(&["import", "good.jsonl"])).contains("note: line 1: entity \"embassy\" registered"));
}

#[test]
fn an_import_tells_what_it_read_and_what_was_there() {
    let desk = Desk::with_ledger();
    desk.write("notes.jsonl", "{\"type\":\"note\",\"id\":\"n\",\"text\":\"kept\"}\n");
    assert!(desk.ok(&["import", "notes.jsonl", "--dry-run"]).contains("1 line checked: 1 event would be recorded"));
    assert!(desk.ok(&["import", "notes.jsonl"]).contains("1 line read: 1 event recorded, 0 lines were there already"));
    assert!(desk.ok(&["import", "notes.jsonl"]).contains("1 line read: 0 events recorded, 1 line was there already"));
}

#[test]
fn where_every_line_is_refused_nothing_was_recorded() {
    let desk = Desk::with_ledger();
    desk.write("bad.jsonl", "{\"type\":\"note\"}\n");
    let told = desk.fails(&["import", "bad.jsonl", "--rejects", "rejects.jsonl"], 3);
    assert!(told.contains("1 of 1 line is refused; nothing was recorded"), "{told}");
    assert!(told.contains("hint: mend the lines in rejects.jsonl"), "{told}");
    assert_eq!(fs::read_to_string(desk.path().join("rejects.jsonl")).unwrap().lines().count(), 1);
    assert_eq!(desk.json(&["head"])[0]["size"], 1);
}

#[test]
fn a_file_is_no_folder_of_a_ledger() {
    let desk = Desk::new();
    desk.write("more.jsonl", "{}\n");
    for command in [&["log"][..], &["verify"], &["note", "x"]] {
        let told = desk.fails(&[&["--ledger", "more.jsonl"], command].concat(), 3);
        assert!(told.contains("more.jsonl is a file, not a ledger's folder"), "{told}");
    }
}

#[test]
fn events_that_are_not_there_yet_are_told() {
    let desk = cut();
    let note = "note: there is no #900: this ledger has 6 events";
    for question in [
        &["log", "--since", "#900"][..],
        &["state", "--recorded-by", "#900"],
        &["state", "embassy", "power", "--recorded-by", "#900"],
        &["history", "embassy", "power", "--recorded-by", "#900"],
        &["first", "embassy", "power", "--recorded-by", "#900"],
        &["timeline", "embassy", "--recorded-by", "#900"],
        &["diff", "--known-from", "#5", "--known-to", "#900"],
    ] {
        let output = desk.run(question);
        assert!(output.status.success() && err(&output).contains(note), "{question:?} {}", err(&output));
    }
    assert!(!err(&desk.run(&["log", "--since", "#6"])).contains("there is no"));
}

#[test]
fn the_demo_is_left_where_it_was_asked_for() {
    let desk = Desk::new();
    assert!(desk.ok(&["demo", "--ledger", "mine"]).contains("left for you in mine"));
    desk.ok(&["verify", "--ledger", "mine"]);
}

#[test]
fn a_slip_is_told_with_what_mends_it_and_a_number_is_none() {
    let desk = Desk::with_ledger();
    let record = |subject| desk.run(&["record", subject, "power", "off", "--on", "2024", "--said-by", "aide"]);
    record("open");
    let told = err(&record("opend"));
    assert!(told.contains("\"opend\" is new; did you mean \"open\"? `annals correct` mends a claim"), "{told}");
    record("town1");
    for town in ["town2", "town10"] {
        assert!(!err(&record(town)).contains("did you mean"), "{town}");
    }
    assert!(err(&record("towm2")).contains("did you mean \"town2\"?"));
}

#[test]
fn hints_say_all_that_can_be_written() {
    let desk = cut();
    assert!(desk.fails(&["verify", "--since", "1:00"], 2).contains("TIP is 64 hexadecimal digits"));
    let told = desk.fails(&["diff"], 2);
    assert!(told.contains("--from 2024") && told.contains("--known-from 2024"), "{told}");
    assert!(desk.ok(&["repair", "--help"]).contains("log/torn-… belongs to no log and may be deleted"));
}

#[cfg(target_os = "linux")]
#[test]
fn an_import_without_room_names_what_may_be_deleted() {
    let desk = cut();
    let notes = "{\"type\":\"note\",\"text\":\"one more\"}\n".replace("one more", &"x".repeat(20_000));
    desk.write("notes.jsonl", &notes);
    let import = |desk: &Desk| {
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" import notes.jsonl", env!("CARGO_BIN_EXE_annals")]);
        command.current_dir(desk.path()).env("ANNALS_ACTOR", "ana").env("ANNALS_CACHE", desk.cache());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{}", err(&output));
        err(&output)
    };
    let may_go = "log/torn-… belongs to no log and may be deleted";
    assert!(!import(&desk).contains(may_go));
    desk.write("ledger/log/torn-0-1", "left");
    assert!(import(&desk).contains(may_go));
    desk.ok(&["verify"]);
}
