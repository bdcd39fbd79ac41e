//! Random ledgers with every kind of event, exported, imported into an empty ledger, and exported again.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::random::{random_ledger, taken_elsewhere};
use crate::support::{Desk, number_of};

/// The lines of an export with what differs between ledgers put into one form: who entered an event first, when and as which
/// event there; numbers as the links of their events; and the commits by their places.
fn plain(export: &str) -> Vec<Value> {
    let mut lines = taken_elsewhere(export);
    let head = lines.remove(0);
    assert_eq!(head["type"], "export");
    let mut by_number = HashMap::new();
    let mut commits: Vec<Value> = Vec::new();
    for line in &mut lines {
        let commit = line["commit"].clone();
        if commits.last() != Some(&commit) {
            commits.push(commit);
        }
        line["commit"] = commits.len().into();
        let number = line["seq"].clone();
        let place = place_of(line, &head);
        if let Some(claim) = line.get_mut("claim").filter(|claim| claim.is_object()) {
            let number = claim["seq"].clone();
            let place = place_of(claim, &head);
            by_number.insert(format!("#{number}"), place["hash"].clone());
            claim["place"] = place;
        }
        by_number.insert(format!("#{number}"), place["hash"].clone());
        if line.get("by") == Some(&"desk".into()) {
            line["by"] = place["origin"].clone();
        }
        if line["type"] == "setting" {
            // Who changed a setting is each ledger's own.
            line.as_object_mut().unwrap().shift_remove("id");
        } else {
            line["place"] = place;
        }
        for field in ["corrects", "retracts", "disputes", "approves", "event", "about", "claim"] {
            if let Some(link) = line.get(field).and_then(Value::as_str).and_then(|target| by_number.get(target)) {
                line[field] = link.clone();
            }
        }
    }
    lines
}

/// Where an event was entered first; the fields that say so are taken out.
fn place_of(line: &mut Value, head: &Value) -> Value {
    let fields = line.as_object_mut().unwrap();
    let mut place = json!({ "ledger": head["ledger"] });
    for field in ["origin", "seq", "hash", "recorded_at", "actor"] {
        place[field] = fields.shift_remove(field).unwrap();
    }
    fields.shift_remove("first").unwrap_or(place)
}

/// What a ledger answers on some days, and at some horizons of reporting.
pub(super) fn answers(desk: &Desk) -> Vec<String> {
    let mut all = Vec::new();
    for day in ["2024-01-01", "2024-01-04", "2024-01-09", "2024-03-01"] {
        for horizon in [&[][..], &["--reported-by", "2024-02-04"], &["--reported-by", "2024-02-08"]] {
            for state in desk.json(&[&["state", "--on", day][..], horizon].concat()) {
                let mut flags = state["flags"].clone();
                flags.as_array_mut().unwrap().sort_by_key(Value::to_string);
                let (subject, attribute) = (&state["subject"], &state["attribute"]);
                let (status, values) = (&state["status"], &state["values"]);
                all.push(format!("{day} {horizon:?} {subject} {attribute} {status} {values} {flags}"));
            }
        }
    }
    all
}

#[test]
fn a_ledger_is_the_same_after_it_was_carried_over() {
    let first = number_of("ANNALS_SEED", 0);
    let mut kinds = BTreeSet::new();
    for seed in first..first + number_of("ANNALS_LEDGERS", 6) {
        let one = random_ledger(seed, Desk::with_ledger(), true);
        let export = one.ok(&["export", "--private"]);
        let two = Desk::with_ledger();
        two.write("all.jsonl", &export);
        let report = two.json(&["import", "all.jsonl"]);
        assert_eq!((&report[0]["skipped"], &report[0]["refused"]), (&0.into(), &0.into()), "seed {seed}");
        kinds.extend(plain(&export).iter().map(|line| line["type"].as_str().unwrap().to_owned()));
        let (before, after) = (plain(&export), plain(&two.ok(&["export", "--private"])));
        for (one, two) in before.iter().zip(&after) {
            assert_eq!(one, two, "seed {seed}");
        }
        assert_eq!(before.len(), after.len(), "seed {seed}");
        assert_eq!(answers(&one), answers(&two), "seed {seed}");
        for desk in [&one, &two] {
            desk.write("all.jsonl", &export);
            let again = desk.json(&["import", "all.jsonl"]);
            assert_eq!((&again[0]["events"], &again[0]["refused"]), (&0.into(), &0.into()), "seed {seed}");
        }
    }
    let all = "approval assessment attribute claim correction dispute entity evidence judgement link note periods rating \
               reference retraction return setting source";
    let missing: Vec<&str> = all.split_whitespace().filter(|kind| !kinds.contains(*kind)).collect();
    assert!(missing.is_empty(), "these ledgers have no {missing:?}");
}

#[test]
fn what_is_said_of_a_registration_finds_it_again() {
    let one = Desk::with_ledger();
    let record = |desk: &Desk, entity: &str, source: &str, more: &[&str]| {
        let all = ["record", entity, "power", "off", "--on", "2024-01-01", "--said-by", source];
        desk.ok(&[&all[..], more].concat());
    };
    record(&one, "x", "s", &[]);
    one.ok(&["undo", "--yes"]);
    record(&one, "y", "t", &[]);
    // A key that is an entity's, an attribute's and a source's, and the own id of a claim.
    record(&one, "power", "power", &["--id", "t"]);
    record(&one, "z", "power", &["--id", "power"]);
    let export = one.ok(&["export"]);
    let seqs = export.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
    let registered = seqs.filter(|line| ["entity", "attribute", "source"].contains(&line["type"].as_str().unwrap()));
    let mut acts = Vec::new();
    for line in registered {
        let target = format!("#{}", line["seq"]);
        acts.push(json!({ "type": "approval", "approves": target }).to_string());
        acts.push(json!({ "type": "return", "event": target, "reason": "r" }).to_string());
        acts.push(json!({ "type": "note", "about": target, "text": target }).to_string());
    }
    one.write("acts.jsonl", &acts.join("\n"));
    one.ok(&["import", "acts.jsonl", "--actor", "ben"]);
    let export = one.ok(&["export"]);
    let two = Desk::with_ledger();
    two.write("all.jsonl", &export);
    let report = two.json(&["import", "all.jsonl"]);
    assert_eq!((&report[0]["skipped"], &report[0]["refused"]), (&0.into(), &0.into()));
    assert_eq!(plain(&export), plain(&two.ok(&["export"])));
    assert_eq!(answers(&one), answers(&two));
    for desk in [&one, &two] {
        desk.write("all.jsonl", &export);
        assert_eq!(desk.json(&["import", "all.jsonl"])[0]["events"], 0);
    }
}

#[test]
fn copies_are_carried_along_and_missing_ones_are_named() {
    let one = Desk::with_ledger();
    one.write("copy.txt", "the lamps went out");
    let record =
        ["record", "embassy", "power", "off", "--on", "2024-11-23", "--said-by", "aide", "--evidence", "copy.txt"];
    one.ok(&record);
    one.ok(&["export", "-o", "all.jsonl", "--evidence", "copies"]);
    let lines = std::fs::read_to_string(one.path().join("all.jsonl")).unwrap();
    let two = Desk::with_ledger();
    two.write("all.jsonl", &lines);
    let report = two.json(&["import", "all.jsonl"]);
    assert_eq!(report[0]["missing_copies"], 1);
    let three = Desk::with_ledger();
    three.write("all.jsonl", &lines);
    let copies = one.path().join("copies");
    let output = three.run(&["import", "all.jsonl", "--evidence", copies.to_str().unwrap()]);
    assert!(crate::support::err(&output).contains("1 captured copy taken in"), "{}", crate::support::err(&output));
    // Lines that are there already bring the copies that are missing.
    let late = two.run(&["import", "all.jsonl", "--evidence", copies.to_str().unwrap()]);
    assert!(crate::support::err(&late).contains("1 captured copy taken in"), "{}", crate::support::err(&late));
    assert_eq!(two.json(&["import", "all.jsonl"])[0]["missing_copies"], 0);
    let quoted =
        ["record", "embassy", "power", "off", "--on", "2024-11-24", "--said-by", "aide", "--quote", "went out"];
    let digest =
        std::fs::read_dir(copies).unwrap().flatten().flat_map(|folder| std::fs::read_dir(folder.path()).unwrap());
    let digest = digest.flatten().next().unwrap().file_name().into_string().unwrap();
    three.ok(&[&quoted[..], &["--evidence", &digest]].concat());
    let wrong = ["record", "embassy", "power", "off", "--on", "2024-11-25", "--said-by", "aide", "--quote", "came on"];
    three.fails(&[&wrong[..], &["--evidence", &digest]].concat(), 3);
}

#[test]
fn private_things_stay_at_the_desk() {
    let desk = Desk::with_ledger();
    let lines = [
        r#"{"type":"source","key":"whistle","kind":"person","label":"Secret Name","private":true}"#,
        r#"{"type":"claim","id":"open","subject":"s","attribute":"a","value":"one","on":"2024-01-01","said_by":"daily"}"#,
        r#"{"type":"claim","id":"theirs","subject":"s","attribute":"a","value":"two","on":"2024-01-02","said_by":"whistle"}"#,
        r#"{"type":"claim","id":"ours","subject":"s","attribute":"a","value":"three","on":"2024-01-03","private":true}"#,
        r#"{"type":"assessment","claim":"ours","rating":"true","rationale":"seen"}"#,
        r#"{"type":"note","about":"theirs","text":"call again"}"#,
        r#"{"type":"note","text":"hush","private":true}"#,
    ];
    desk.write("lines.jsonl", &lines.join("\n"));
    desk.ok(&["import", "lines.jsonl"]);
    let output = desk.run(&["export"]);
    let export = crate::support::out(&output);
    for word in ["whistle", "Secret", "theirs", "ours", "three", "hush", "call again"] {
        assert!(!export.contains(word), "{word} in {export}");
    }
    assert!(export.contains("open"));
    let told = crate::support::err(&output);
    assert!(told.contains("3 private events left out, with 3 events that rest on them"), "{told}");
    let whole = desk.ok(&["export", "--private"]);
    let two = Desk::with_ledger();
    two.write("all.jsonl", &whole);
    two.ok(&["import", "all.jsonl"]);
    assert!(!two.ok(&["export"]).contains("Secret"), "what is private stays private");
}

#[test]
fn what_is_about_an_event_that_is_no_line_is_told_and_stays_at_home() {
    let one = Desk::new();
    one.ok(&["init", "--origin", "example.org/one"]);
    let lines = [
        r##"{"type":"note","id":"n","text":"begun in a hurry","about":"#1"}"##,
        r##"{"type":"approval","id":"a","approves":"#1"}"##,
        r##"{"type":"return","id":"t","event":"#2","reason":"which ana?"}"##,
        r#"{"type":"approval","id":"b","approves":"a"}"#,
        r#"{"type":"note","id":"m","text":"who asked?","about":"a"}"#,
        r#"{"type":"retraction","id":"r","retracts":"t","reason":"there is one"}"#,
    ];
    one.write("lines.jsonl", &lines.join("\n"));
    one.ok(&["import", "lines.jsonl"]);
    let output = one.run(&["export"]);
    let (export, told) = (crate::support::out(&output), crate::support::err(&output));
    assert!(told.contains("3 lines about the beginning of this ledger, an actor"), "{told}");
    assert!(export.contains(r#""target_kind":"genesis""#) && export.contains(r#""target_kind":"actor-registered""#));
    let two = Desk::new();
    two.ok(&["init", "--origin", "example.org/two"]);
    for _ in 0..2 {
        two.write("theirs.jsonl", &export);
        let output = two.run(&["--json", "import", "theirs.jsonl"]);
        let report: Value = serde_json::from_str(&crate::support::out(&output)).unwrap();
        assert_eq!((&report["left_out"], &report["refused"]), (&4.into(), &0.into()), "{report}");
        let told = crate::support::err(&output);
        let left_out = "left out: it is about #1 of example.org/one (genesis), which is no line of an export";
        assert!(told.contains(left_out) && told.contains("left out: it is about a of example.org/one"), "{told}");
    }
    assert!(
        two.ok(&["import", "theirs.jsonl"])
            .contains("6 lines read: 0 events recorded, 2 lines were there already, 4 left out")
    );
    let notes = two.ok(&["export"]);
    assert!(notes.contains("begun in a hurry") && notes.contains("who asked?") && !notes.contains("about"), "{notes}");
    // At home all of them are known, and so is what came back from elsewhere.
    for export in [export, notes] {
        one.write("back.jsonl", &export);
        let report = one.json(&["import", "back.jsonl"]);
        assert_eq!(
            (&report[0]["events"], &report[0]["left_out"], &report[0]["refused"]),
            (&0.into(), &0.into(), &0.into())
        );
    }
    two.write("other.jsonl", &two.ok(&["export"]).replace("in a hurry", "at leisure"));
    assert!(two.fails(&["import", "other.jsonl"], 3).contains("says something else here"));
    one.write("other.jsonl", &two.ok(&["export"]).replace("in a hurry", "at leisure"));
    assert!(one.fails(&["import", "other.jsonl"], 3).contains("says something else here"));
}
