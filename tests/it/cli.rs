//! The binary as people use it, with the mistakes they make.

use serde_json::{Value, json};

use crate::support::{Desk, err, out};

/// A ledger with two claims of the power at the embassy.
fn power() -> Desk {
    let desk = Desk::with_ledger();
    desk.ok(&["attribute", "power", "--type", "symbol", "--complement", "on,off"]);
    desk.ok(&[
        "record",
        "embassy",
        "power",
        "on",
        "--from",
        "2024-09-08",
        "--said-by",
        "daily",
        "--said-on",
        "2024-09-08",
    ]);
    desk.ok(&[
        "record",
        "embassy",
        "power",
        "off",
        "--from",
        "[2024-11-23,2024-11-24]",
        "--said-by",
        "aide",
        "--said-on",
        "2024-11-24",
        "--id",
        "cut",
    ]);
    desk
}

#[test]
fn a_recorded_claim_is_answered_with_its_reason() {
    let desk = power();
    let state = desk.json(&["state", "embassy", "power", "--on", "2024-11-23"]);
    assert_eq!(state.len(), 1);
    assert_eq!(state[0]["status"], "possible");
    assert_eq!(state[0]["values"], json!(["on", "off"]));
    assert_eq!(state[0]["row"], 8);
    assert_eq!(state[0]["sides"][1]["claims"][0]["id"], "cut");
    let text = desk.ok(&["state", "embassy", "power", "--on", "2024-11-23", "--why"]);
    for part in ["? possible", "on | off", "row 8", "[2024-11-23,2024-11-24]", "K(2024-09-08) on", "y off", "by aide"] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

#[test]
fn a_write_needs_an_actor_and_a_ledger() {
    let desk = Desk::new();
    let message = desk.fails(&["record", "a", "b", "c", "--on", "2024"], 3);
    assert!(message.contains("annals init"), "{message}");
    desk.ok(&["init"]);
    let message = desk.fails(&["--actor", "", "record", "a", "b", "c", "--on", "2024"], 2);
    assert!(message.contains("--actor"), "{message}");
    let message = desk.fails(&["init"], 3);
    assert!(message.contains("already"), "{message}");
}

#[test]
fn wrong_dates_name_the_field_and_the_accepted_form() {
    let desk = Desk::with_ledger();
    for (args, part) in [
        (vec!["--on", "2024-13"], "on:"),
        (vec!["--on", "{2024-01,2024-02}"], "closed list"),
        (vec!["--from", "2024-05", "--until", "2024-03"], "end before it starts"),
        (vec!["--on", "2024", "--from", "2024"], "one form of time"),
        (vec![], "says no time"),
        (vec!["--period", "2024-01-01/2024-02-01", "--period", "2024-01-20/2024-03-01"], "overlap"),
        (vec!["--on", "2024?-10-31"], "dating_note"),
    ] {
        let all = [vec!["record", "a", "b", "c"], args].concat();
        let message = desk.fails(&all, 2 + i32::from(part == "dating_note"));
        assert!(message.contains(part), "{part:?} is not in\n{message}");
        assert!(message.contains("nothing was recorded"), "{message}");
    }
    assert!(!desk.ok(&["log"]).contains("claim-asserted"));
}

#[test]
fn slips_in_names_are_met_with_the_nearest() {
    let desk = power();
    assert!(desk.fails(&["state", "embasy"], 3).contains("did you mean \"embassy\"?"));
    assert!(desk.fails(&["history", "embassy", "pover"], 3).contains("did you mean \"power\"?"));
    assert!(desk.fails(&["show", "cut2"], 3).contains("did you mean \"cut\"?"));
    assert!(desk.fails(&["sate"], 2).contains("state"));
    let output = desk.run(&["record", "embasy", "power", "on", "--on", "2024-12-01"]);
    assert!(err(&output).contains("did you mean \"embassy\"?"), "{}", err(&output));
    assert!(desk.fails(&["record", "embasy2", "power", "on", "--on", "2024", "--strict"], 3).contains("embasy"));
}

#[test]
fn the_same_claim_is_refused_and_a_contradiction_asks_whether_it_is_a_correction() {
    let desk = power();
    let again =
        ["record", "embassy", "power", "on", "--from", "2024-09-08", "--said-by", "daily", "--said-on", "2024-09-08"];
    assert!(desk.fails(&again, 3).contains("recorded already"));
    let other = ["record", "embassy", "power", "off", "--as-of", "2024-09-08", "--said-by", "daily"];
    desk.ok(&other);
    let third = ["record", "embassy", "power", "on", "--as-of", "2024-10-01", "--said-by", "daily"];
    desk.ok(&third);
    let against = ["record", "embassy", "power", "off", "--as-of", "2024-10-01", "--said-by", "daily"];
    assert!(desk.fails(&against, 3).contains("annals correct"));
    desk.ok(&[&against[..], &["--anyway"]].concat());
}

#[test]
fn corrections_retractions_disputes_and_verdicts_change_the_answer() {
    let desk = power();
    let status = |desk: &Desk| desk.json(&["state", "embassy", "power", "--on", "2024-12-24"])[0]["status"].clone();
    assert_eq!(status(&desk), "presumed");
    desk.ok(&["dispute", "cut", "--by", "ministry", "--grounds", "a fault in the grid", "--id", "d"]);
    assert_eq!(status(&desk), "contested");
    desk.ok(&["assess", "cut", "--rating", "true", "--rationale", "two neighbours"]);
    assert_eq!(status(&desk), "presumed");
    desk.ok(&[
        "correct",
        "cut",
        "--from",
        "2024-11-24",
        "--reason",
        "dated by its recording",
        "--id",
        "cut-2",
        "--correction-id",
        "k",
    ]);
    let day = desk.json(&["state", "embassy", "power", "--on", "2024-11-23"]);
    assert_eq!((&day[0]["status"], &day[0]["values"]), (&json!("presumed"), &json!(["on"])));
    assert!(
        desk.fails(&["correct", "cut", "--from", "2024-11-25", "--reason", "x"], 3).contains("correct its successor")
    );
    desk.ok(&["retract", "k", "--reason", "the recording was another day's"]);
    let day = desk.json(&["state", "embassy", "power", "--on", "2024-11-23"]);
    assert_eq!(day[0]["status"], "possible");
    assert!(desk.fails(&["retract", "k2", "--reason", "x"], 3).contains("no event"));
}

#[test]
fn registered_things_are_listed_described_and_judged() {
    let desk = power();
    desk.ok(&["entity", "embassy", "--label", "The embassy", "--alias", "embajada"]);
    desk.ok(&["entity", "embassy-2", "--label", "Embassy", "--same-as", "embassy", "--reason", "spelling"]);
    assert!(desk.fails(&["entity", "embassy", "--different-from", "embassy-2"], 3).contains("contradicts"));
    desk.ok(&["source", "aide", "--kind", "person", "--reliability", "B"]);
    desk.ok(&["source", "daily", "--link-to", "agency", "--link", "owned-by"]);
    assert!(desk.ok(&["entity"]).contains("embajada"));
    assert!(desk.ok(&["attribute", "power"]).contains("symbol"));
    assert!(desk.ok(&["source"]).contains("person"));
    assert_eq!(desk.json(&["entity", "embassy"])[0]["label"], "The embassy");
    desk.ok(&["note", "ask again", "--about", "cut", "--id", "n"]);
    assert!(desk.ok(&["show", "n"]).contains("ask again"));
    assert!(desk.fails(&["attribute", "power", "--type", "quantity"], 3).contains("claims of type symbol"));
}

#[test]
fn questions_over_time() {
    let desk = power();
    assert!(desk.ok(&["first", "embassy", "power", "off"]).contains("aide"));
    let stretches = desk.json(&["timeline", "embassy", "power"]);
    let statuses: Vec<&str> = stretches.iter().map(|stretch| stretch["status"].as_str().unwrap()).collect();
    // More than a year before the first word of it is only possible.
    assert_eq!(statuses, ["possible", "presumed", "stated", "presumed", "possible", "presumed"]);
    assert_eq!(stretches[0]["from"], json!(null));
    assert_eq!(stretches[5]["until"], json!(null));
    assert_eq!(desk.json(&["diff", "--from", "2024-11-22", "--to", "2024-11-24"]).len(), 3);
    assert_eq!(desk.json(&["diff", "--from", "2024-10-01", "--to", "2024-10-24"]).len(), 0);
    assert_eq!(desk.run(&["diff", "--from", "2024-10-01", "--to", "2024-10-24", "--exit-code"]).status.code(), Some(1));
    let learned = desk.json(&["diff", "--known-from", "2024-11-01", "--known-to", "2024-12-01", "--on", "2024-11-24"]);
    assert_eq!(learned[0]["new_claims"][0]["id"], "cut");
    assert_eq!((&learned[0]["before"]["values"], &learned[0]["values"]), (&json!(["on"]), &json!(["off"])));
    let known = desk.json(&["state", "embassy", "power", "--on", "2024-11-24", "--reported-by", "2024-11-23"]);
    assert_eq!(known[0]["values"], json!(["on"]));
    let recorded = desk.json(&["state", "embassy", "power", "--on", "2024-11-24", "--recorded-by", "#3"]);
    assert_eq!(recorded[0]["status"], "unknown");
    assert!(desk.ok(&["contested"]).contains("nothing"));
    assert_eq!(desk.run(&["stale", "--on", "2025-06-01", "--exit-code"]).status.code(), Some(1));
    assert_eq!(desk.json(&["stale", "--on", "2025-06-01", "--older-than", "90"]).len(), 1);
    assert!(desk.ok(&["history", "embassy", "power"]).contains("aide"));
}

#[test]
fn a_quote_must_occur_in_the_attached_copy() {
    let desk = Desk::with_ledger();
    desk.write("copy.txt", "He said:  the power\nwas cut at seven.");
    let record = |id: &'static str, quote: &'static str| {
        vec![
            "record",
            "embassy",
            "power",
            "off",
            "--on",
            "2024-11-23",
            "--said-by",
            id,
            "--quote",
            quote,
            "--evidence",
            "copy.txt",
        ]
    };
    desk.ok(&record("a", "the power was cut"));
    assert!(desk.fails(&record("b", "the power was restored"), 3).contains("--unverified-quote"));
    desk.ok(&[record("b", "the power was restored"), vec!["--unverified-quote"]].concat());
}

#[test]
fn strangers_text_cannot_steer_the_terminal() {
    let desk = Desk::with_ledger();
    desk.ok(&["record", "embassy", "power", "o\u{1b}[31mff\u{202e}", "--on", "2024-11-23", "--note", "a\nb"]);
    let text = desk.ok(&["state", "--on", "2024-11-23", "--why"]);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}') && text.contains("\\u{1b}"), "{text}");
    assert!(text.contains("a\\nb"), "{text}");
    assert!(desk.fails(&["record", "em\u{202e}bassy", "power", "off", "--on", "2024"], 2).contains("U+202E"));
}

#[test]
fn verify_finds_a_changed_byte_and_a_cut() {
    let desk = power();
    let head = desk.json(&["head"])[0].clone();
    desk.write("kept.txt", &desk.ok(&["head"]));
    let kept = format!("{}:{}", head["size"], head["head"].as_str().unwrap());
    desk.ok(&["note", "one more"]);
    desk.ok(&["verify", "--expect", "kept.txt"]);
    desk.ok(&["verify", "--expect", &kept]);
    assert_eq!(desk.run(&["verify", "--expect", &format!("9999:{}", "0".repeat(64))]).status.code(), Some(1));
    assert!(desk.fails(&["verify", "--expect", "nonsense"], 2).contains("SIZE:TIP"));
    let segment = desk.path().join("ledger/log/000000000001.seg");
    let mut bytes = std::fs::read(&segment).unwrap();
    let place = bytes.windows(5).position(|window| window == b"daily").unwrap();
    bytes[place] ^= 1;
    std::fs::write(&segment, &bytes).unwrap();
    let output = desk.run(&["--json", "verify"]);
    assert_eq!(output.status.code(), Some(1));
    let finding: serde_json::Value = serde_json::from_str(out(&output).lines().next().unwrap()).unwrap();
    assert!(finding["seq"].is_u64() && finding["offset"].is_u64(), "{finding}");
    assert!(desk.fails(&["state"], 3).contains("annals verify"));
    assert!(desk.fails(&["note", "x"], 3).contains("annals verify"));
}

#[test]
fn a_torn_tail_is_reported_and_moved_aside() {
    let desk = power();
    let segment = desk.path().join("ledger/log/000000000001.seg");
    let mut bytes = std::fs::read(&segment).unwrap();
    let before = bytes.len();
    bytes.extend([200, 0, 0, 0, 55, 255, 255, 255, 1, 2, 3]);
    std::fs::write(&segment, &bytes).unwrap();
    let output = desk.run(&["state"]);
    assert!(output.status.success() && err(&output).contains("11 bytes"), "{}", err(&output));
    assert!(desk.ok(&["verify"]).contains("11 bytes"));
    assert!(desk.ok(&["repair"]).contains("11 bytes"));
    assert_eq!(std::fs::metadata(&segment).unwrap().len(), before as u64);
    assert!(desk.ok(&["repair"]).contains("nothing"));
    desk.ok(&["verify"]);
}

#[test]
fn an_interval_may_be_open_or_without_an_end() {
    let desk = Desk::with_ledger();
    let mut record = vec!["record", "embassy", "power", "off", "--said-by", "aide", "--said-on", "2024-09-03"];
    let mut shown = |option: &'static str, interval: &'static str, note: &str| {
        record.truncate(8);
        record.extend([option, interval]);
        let output = desk.run(&record);
        assert!(output.status.success() && err(&output).contains(note), "{interval}\n{}", err(&output));
        let last = desk.json(&["head"])[0]["size"].to_string();
        let claim = &desk.json(&["show", &format!("#{last}")])[0];
        (claim["from"].clone(), claim["until"].clone(), claim["until_kind"].clone())
    };
    let goes_on = (json!("2024-08-01"), json!("2024-09-03"), json!("observed"));
    assert_eq!(shown("--from", "2024-08-01/..", ""), goes_on);
    assert_eq!(shown("--on", "2024-07-01/..", "as --from 2024-07-01, going on when it was said\n").1, goes_on.1);
    assert_eq!(shown("--on", "2024-08/", "as --from 2024-08\n"), (json!("2024-08"), Value::Null, Value::Null));
    assert_eq!(shown("--on", "../2024-08-09", "as --until 2024-08-09\n").1, json!("2024-08-09"));
}

#[test]
fn an_event_is_found_by_the_start_of_its_link() {
    let desk = Desk::with_ledger();
    desk.ok(&["note", "one"]);
    desk.ok(&["note", "two"]);
    let event = desk.json(&["log"]).into_iter().find(|event| event["text"] == "one").unwrap();
    let link = event["hash"].as_str().unwrap();
    for start in [link, &link[..16], &link[..8]] {
        assert!(desk.ok(&["show", start]).contains("one"), "{start}");
    }
    assert_eq!(event["id"], &link[..16]);
    let message = desk.fails(&["show", "ffffffffffffffff"], 3);
    assert!(message.contains("is no event of this ledger"), "{message}");
}
