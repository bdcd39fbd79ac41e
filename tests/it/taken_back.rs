//! What was taken back: it is in no list, is suggested to nobody, and comes back only where somebody means it.

use crate::support::{Desk, err, out};

/// The arguments of a claim by a paper on a day.
fn claim<'a>(subject: &'a str, value: &'a str) -> Vec<&'a str> {
    vec!["record", subject, "power", value, "--on", "2024-09-08", "--said-by", "gazete"]
}

fn keys(desk: &Desk, what: &str) -> Vec<String> {
    desk.json(&[what]).iter().map(|line| line["key"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_key_that_was_taken_back_leaves_the_lists_and_is_suggested_to_nobody() {
    let desk = Desk::with_ledger();
    desk.ok(&claim("embasy", "off"));
    desk.ok(&["entity", "embasy", "--label", "The embassy"]);
    desk.ok(&["undo", "--yes"]);
    assert!(desk.ok(&["entity"]).contains("embasy"), "its label alone was taken back");
    desk.ok(&["undo", "--yes", "--further"]);
    for what in ["entity", "source", "attribute"] {
        assert!(desk.ok(&[what]).contains("1 was taken back (--all shows that too)"), "{}", desk.ok(&[what]));
        assert!(desk.json(&[what]).is_empty());
        assert!(desk.ok(&[what, "--all"]).contains(" — taken back"));
        assert_eq!(desk.json(&[what, "--all"])[0]["registered"], false);
    }
    assert!(desk.ok(&["entity", "embasy"]).contains("taken back by the desk"));
    // A new key is met with no key that was taken back, and neither is a question.
    let told = err(&desk.run(&["record", "embassy", "power", "on", "--on", "2024-09-08", "--said-by", "gazette"]));
    assert!(!told.contains("did you mean"), "{told}");
    assert!(told.contains("attribute \"power\" registered: again, for it was taken back"), "{told}");
    assert!(!desk.fails(&["state", "embasi"], 3).contains("embasy"));
    assert_eq!((keys(&desk, "entity"), keys(&desk, "attribute")), (vec!["embassy".into()], vec!["power".into()]));
}

#[test]
fn a_key_that_was_taken_back_is_registered_again_by_use_and_by_hand() {
    let desk = Desk::with_ledger();
    desk.ok(&claim("embasy", "off"));
    desk.ok(&["undo", "--yes"]);
    let size = desk.json(&["head"])[0]["size"].clone();
    // The claim is known, so nothing is registered for it either.
    assert!(desk.fails(&claim("embasy", "off"), 3).contains("add --again"));
    let line =
        r#"{"type":"claim","subject":"embasy","attribute":"power","value":"off","on":"2024-09-08","said_by":"gazete"}"#;
    desk.write("lines.jsonl", line);
    assert!(desk.fails(&["import", "lines.jsonl"], 3).contains("line 1: value: the same claim was recorded as #6"));
    assert!(desk.fails(&[&claim("embasy", "on")[..], &["--strict"]].concat(), 3).contains("is no entity"));
    assert_eq!(desk.json(&["head"])[0]["size"], size);
    desk.ok(&[&claim("embasy", "off")[..], &["--again"]].concat());
    assert_eq!(keys(&desk, "entity"), ["embasy"]);
    assert_eq!(desk.json(&["state", "embasy", "power", "--on", "2024-09-08"])[0]["status"], "stated");
    // By hand, with the very words that were taken back.
    desk.ok(&["source", "radio", "--kind", "work"]);
    desk.ok(&["undo", "--yes"]);
    desk.ok(&["source", "radio", "--kind", "work"]);
    assert_eq!(keys(&desk, "source"), ["gazete", "radio"]);
    desk.ok(&["verify"]);
    // Elsewhere all of it is what it is here.
    desk.ok(&["export", "--output", "all.jsonl"]);
    desk.ok(&["import", "all.jsonl"]);
    let other = Desk::with_ledger();
    other.write("all.jsonl", &std::fs::read_to_string(desk.path().join("all.jsonl")).unwrap());
    other.ok(&["import", "all.jsonl", "--actor", "ben"]);
    assert_eq!((keys(&other, "entity"), keys(&other, "source")), (keys(&desk, "entity"), keys(&desk, "source")));
}

#[test]
fn an_import_of_an_export_is_undone_as_a_whole() {
    let there = Desk::with_ledger();
    for value in ["on", "off"] {
        there.ok(&["record", "town", "power", value, "--said-by", value, "--on", "2024-09-08"]);
    }
    there.ok(&["retract", "6", "--reason", "misread"]);
    there.ok(&["export", "--output", "all.jsonl"]);
    let desk = Desk::with_ledger();
    desk.ok(&["note", "begun"]);
    desk.write("all.jsonl", &std::fs::read_to_string(there.path().join("all.jsonl")).unwrap());
    desk.ok(&["import", "all.jsonl"]);
    let size = desk.json(&["head"])[0]["size"].clone();
    let output = desk.run(&["undo", "--yes"]);
    assert!(output.status.success() && out(&output).contains("add nothing"), "{}{}", out(&output), err(&output));
    assert!(desk.json(&["state"]).is_empty() && keys(&desk, "source").is_empty());
    // A second undo says what it would take back, and how.
    let told = desk.fails(&["undo", "--yes"], 3);
    assert!(told.contains("cannot be taken back in turn") && told.contains("before that you recorded #3"), "{told}");
    assert!(told.contains("annals undo --further"), "{told}");
    assert_eq!(desk.json(&["undo", "--further", "--dry-run"])[0]["events"], serde_json::json!([3]));
    desk.ok(&["undo", "--further", "--yes"]);
    assert!(desk.fails(&["undo", "--further", "--yes"], 3).contains("taken back already"));
    assert!(desk.json(&["head"])[0]["size"].as_u64() > size.as_u64());
    desk.ok(&["verify"]);
}

#[test]
fn undo_goes_further_back_but_not_past_what_is_built_upon() {
    let desk = Desk::with_ledger();
    desk.ok(&claim("town", "on"));
    desk.ok(&["record", "town", "water", "off", "--on", "2024-09-08", "--said-by", "gazete"]);
    desk.ok(&["undo", "--yes"]);
    desk.ok(&["undo", "--further", "--yes"]);
    assert!(keys(&desk, "entity").is_empty());
    desk.ok(&claim("city", "on"));
    desk.ok(
        &["dispute", "city", "--grounds", "no", "--actor", "ben"].map(|word| if word == "city" { "18" } else { word })
    );
    assert!(desk.fails(&["undo", "--further", "--yes"], 3).contains("builds on"));
    desk.ok(&["setting", "title", "T"]);
    assert!(desk.fails(&["undo", "--further", "--yes"], 3).contains("changes a setting"));
}

#[test]
fn who_said_it_first_is_no_slip_of_the_desk() {
    let desk = Desk::with_ledger();
    for (source, day) in [("a", "2024-01-01"), ("b", "2024-01-02"), ("c", "2024-01-03"), ("d", "2024-01-04")] {
        desk.ok(&["record", "t", "p", "5", "--on", "2023", "--said-by", source, "--said-on", day, "--id", source]);
    }
    desk.ok(&["retract", "a", "--reason", "another source"]);
    desk.ok(&["retract", "b", "--reason", "a rumour", "--by", "b", "--said-on", "2024-02-01"]);
    desk.ok(&["correct", "c", "--value", "6", "--reason", "slip"]);
    let told = desk.ok(&["first", "t", "p", "5"]);
    let lines: Vec<&str> = told.lines().map(str::trim_start).collect();
    let begins =
        ["First", "2024-01-02  b", "Then", "2024-01-04  d", "Recorded by mistake", "2024-01-01  a", "2024-01-03  c"];
    assert!(
        lines.len() == begins.len() && lines.iter().zip(begins).all(|(line, begin)| line.starts_with(begin)),
        "{told}"
    );
    assert!(lines[1].ends_with("not used: retracted"), "{told}");
    let slips: Vec<_> = desk.json(&["first", "t", "p", "5"]).iter().map(|line| line["is_slip"].clone()).collect();
    assert_eq!(slips, [false, false, true, true]);
    desk.ok(&["retract", "d", "--reason", "slip"]);
    desk.ok(&["record", "t", "q", "5", "--on", "2023", "--said-by", "d", "--id", "q"]);
    desk.ok(&["retract", "q", "--reason", "slip"]);
    assert!(desk.ok(&["first", "t", "q"]).starts_with("nobody said it\nRecorded by mistake"));
    assert_eq!(desk.run(&["first", "t", "q", "--exit-code"]).status.code(), Some(1));
}

#[test]
fn a_file_that_says_again_what_was_taken_back_is_told_which_line_and_what_to_do() {
    let desk = Desk::with_ledger();
    let line = |day: &str| {
        format!(r#"{{"type":"claim","subject":"t","attribute":"p","value":"on","on":"{day}","said_by":"x"}}"#) + "\n"
    };
    desk.write("lines.jsonl", &(line("2024-01-01") + &line("2024-01-02")));
    desk.ok(&["import", "lines.jsonl"]);
    desk.ok(&["retract", "7", "--reason", "misread"]);
    desk.write("lines.jsonl", &(line("2024-01-01") + &line("2024-01-02") + &line("2024-01-03")));
    let told = desk.fails(&["import", "lines.jsonl"], 3);
    for part in
        ["line 2: value: the same claim was recorded as #7", "#8 (ana: misread)", "add --again", "--rejects FILE"]
    {
        assert!(told.contains(part), "{part:?} is not in {told}");
    }
    desk.ok(&["import", "lines.jsonl", "--rejects", "rejects.jsonl"]);
    assert_eq!(desk.json(&["state", "t", "p", "--on", "2024-01-03"])[0]["status"], "stated");
    assert!(desk.ok(&["import", "rejects.jsonl", "--again"]).contains("1 event recorded"));
}
