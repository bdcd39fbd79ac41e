//! What is there already, and what has become of it since.

use crate::support::{Desk, err};

const TWO: &str = concat!(
    r#"{"type":"claim","subject":"deal","attribute":"price","value":{"lower":"5","upper":"5","unit":"USD"},"as_of":"2026-08-28","said_by":"page","said_on":"2026-08-28"}"#,
    "\n",
    r#"{"type":"claim","subject":"deal","attribute":"price","value":{"lower":"7","upper":"7","unit":"USD"},"as_of":"2026-09-10","said_by":"page","said_on":"2026-09-10"}"#,
    "\n",
);

fn size(desk: &Desk) -> u64 {
    desk.json(&["head"])[0]["size"].as_u64().unwrap()
}

fn values(desk: &Desk, subject: &str, on: &str) -> String {
    let states = desk.json(&["state", subject, "--on", on]);
    states.iter().map(|state| state["values"].to_string()).collect()
}

/// The number of the only event of a kind.
fn seq_of(desk: &Desk, kind: &str) -> String {
    let log = desk.json(&["log"]);
    let all: Vec<_> = log.iter().filter(|line| line["type"] == kind).collect();
    format!("#{}", all[all.len() - 1]["seq"])
}

#[test]
fn a_second_correction_of_one_claim_is_refused() {
    let claim = |value: &str, id: &str| {
        format!(
            r#"{{{id}"subject":"county","attribute":"cases","value":{{"lower":"{value}","upper":"{value}","unit":"case"}},"as_of":"2020-07-02","said_by":"agency","said_on":"2020-07-02"}}"#
        )
    };
    let correction = |value| {
        let claim = claim(value, "");
        format!(
            r#"{{"type":"correction","corrects":"p1","by":"agency","reason":"revised series","said_on":"2020-07-10","claim":{claim}}}"#
        )
    };
    let first = claim("100", r#""type":"claim","id":"p1","#);
    let desk = Desk::with_ledger();
    desk.write("all.jsonl", &[first.clone(), correction("90"), correction("80")].join("\n"));
    let told = desk.fails(&["import", "all.jsonl"], 3);
    assert!(told.contains("line 3: corrects: p1 was corrected already, by line 2"), "{told}");
    desk.write("two.jsonl", &[first, correction("90")].join("\n"));
    desk.ok(&["import", "two.jsonl"]);
    let before = size(&desk);
    let again = desk.json(&["import", "two.jsonl"]);
    assert_eq!((&again[0]["events"], &again[0]["skipped"]), (&0.into(), &2.into()));
    let correct = ["correct", "p1", "--value", "70 case", "--by", "agency", "--said-on", "2020-07-10", "--reason"];
    let told = desk.fails(&[&correct[..], &["revised series"]].concat(), 3);
    assert!(told.contains("was corrected already, by #"), "{told}");
    assert_eq!(size(&desk), before);
}

#[test]
fn what_was_dropped_since_does_not_come_back_from_a_file() {
    for (act, told_as) in [
        (&["retract", "SEQ", "--reason", "read from a banner"][..], "was retracted, by #"),
        (&["assess", "SEQ", "--rating", "false", "--rationale", "read from a banner"], "is rated false, by #"),
        (&["correct", "SEQ", "--value", "6 USD", "--reason", "read from a banner"], "was corrected to #"),
    ] {
        let desk = Desk::with_ledger();
        desk.write("two.jsonl", TWO);
        desk.ok(&["import", "two.jsonl"]);
        let seq = seq_of(&desk, "claim");
        let act: Vec<&str> = act.iter().map(|word| if *word == "SEQ" { seq.as_str() } else { word }).collect();
        desk.ok(&act);
        let (before, answer) = (size(&desk), values(&desk, "deal", "2026-09-12"));
        let told = desk.fails(&["import", "two.jsonl"], 3);
        assert!(told.contains("line 2: value: the same claim was recorded as #"), "{told}");
        assert!(told.contains(told_as) && told.contains("(ana: read from a banner)"), "{told}");
        let record = ["record", "deal", "price", "7 USD", "--as-of", "2026-09-10", "--said-by", "page"];
        let record = [&record[..], &["--said-on", "2026-09-10"]].concat();
        assert!(desk.fails(&record, 3).contains(told_as));
        assert_eq!((size(&desk), values(&desk, "deal", "2026-09-12")), (before, answer));
        let again = desk.json(&["import", "two.jsonl", "--again"]);
        assert_eq!((&again[0]["events"], &again[0]["skipped"]), (&1.into(), &1.into()));
    }
}

#[test]
fn a_line_with_an_id_is_there_already_whatever_became_of_it() {
    let desk = Desk::with_ledger();
    let named = TWO.replacen(r#""type":"claim""#, r#""type":"claim","id":"a""#, 1).replacen(
        r#""type":"claim","subject""#,
        r#""type":"claim","id":"b","subject""#,
        1,
    );
    desk.write("two.jsonl", &named);
    desk.ok(&["import", "two.jsonl"]);
    desk.ok(&["retract", "b", "--reason", "read from a banner"]);
    let output = desk.run(&["import", "two.jsonl"]);
    assert!(output.status.success());
    let told = err(&output);
    assert!(told.contains("line 2 was there already; #") && told.contains("was retracted, by #"), "{told}");
    let again = desk.json(&["import", "two.jsonl"]);
    assert_eq!((&again[0]["events"], &again[0]["skipped_retracted"]), (&0.into(), &1.into()));
    desk.write("other.jsonl", &named.replace("\"5\"", "\"4\""));
    let told = desk.fails(&["import", "other.jsonl"], 3);
    assert!(told.contains("\"a\" is taken by #"), "{told}");
}

#[test]
fn a_second_address_becomes_a_reference() {
    let line = |rest: &str| {
        format!(
            r#"{{"type":"claim","subject":"pow","attribute":"office","value":"whip","from":"2020-01-01","said_by":"gaz","said_on":"2021-02-01",{rest}}}"#
        )
    };
    let desk = Desk::with_ledger();
    let (one, two) =
        (line(r#""url":"https://a.example/1""#), line(r#""url":"https://b.example/2","quote":"the whip""#));
    desk.write("both.jsonl", &format!("{one}\n{two}\n"));
    desk.ok(&["import", "both.jsonl"]);
    let export = desk.ok(&["export"]);
    let reference: Vec<&str> = export.lines().filter(|line| line.contains("b.example")).collect();
    assert!(reference[0].contains(r#""type":"reference""#) && reference[0].contains("the whip"), "{export}");
    let before = size(&desk);
    let again = desk.json(&["import", "both.jsonl"]);
    assert_eq!((&again[0]["events"], &again[0]["skipped"]), (&0.into(), &2.into()));
    assert_eq!(size(&desk), before);
    let record = ["record", "pow", "office", "whip", "--from", "2020-01-01", "--said-by", "gaz", "--said-on"];
    let told = desk.fails(&[&record[..], &["2021-02-01", "--url", "https://c.example/3"]].concat(), 3);
    assert!(told.contains("annals cite '#") && told.contains("https://c.example/3"), "{told}");
}

#[test]
fn there_and_back_are_three_events_and_all_of_them_are_carried_over() {
    let one = Desk::with_ledger();
    one.ok(&["record", "pow", "office", "whip", "--from", "2020-01-01", "--said-by", "gaz", "--id", "p1"]);
    one.ok(&["record", "pow", "office", "chief", "--from", "2020-01-01", "--said-by", "web", "--id", "p2"]);
    let before = size(&one);
    for rating in ["true", "false", "true"] {
        one.ok(&["assess", "p1", "--rating", rating, "--rationale", "checked"]);
    }
    for grade in ["A", "E", "A"] {
        one.ok(&["source", "gaz", "--reliability", grade]);
    }
    for label in ["One", "Two", "One"] {
        one.ok(&["entity", "pow", "--label", label]);
    }
    for days in ["10", "20", "10"] {
        one.ok(&["attribute", "office", "--type", "text", "--stale-after-days", days]);
    }
    assert_eq!(size(&one), before + 12);
    for again in [
        &["assess", "p1", "--rating", "true", "--rationale", "checked"][..],
        &["source", "gaz", "--reliability", "A"],
        &["entity", "pow", "--label", "One"],
    ] {
        one.ok(again);
    }
    assert_eq!(size(&one), before + 12, "the last word said again is there already");
    let two = Desk::with_ledger();
    two.write("all.jsonl", &one.ok(&["export"]));
    let report = two.json(&["import", "all.jsonl"]);
    assert_eq!((&report[0]["skipped"], &report[0]["refused"]), (&0.into(), &0.into()));
    for day in ["2020-01-05", "2020-01-15", "2020-06-01"] {
        assert_eq!(values(&one, "pow", day), values(&two, "pow", day), "{day}");
        let told = |desk: &Desk| desk.ok(&["state", "--on", day]).lines().nth(1).unwrap_or_default().to_owned();
        assert_eq!(told(&one), told(&two), "the label of the last word");
    }
    assert_eq!(values(&two, "pow", "2020-01-05"), r#"["whip"]"#);
}

#[test]
fn only_its_sources_and_the_desk_take_a_claim_back() {
    let desk = Desk::with_ledger();
    let record =
        ["record", "town", "mayor", "Ada", "--on", "2024-01-01", "--said-by", "aide", "--via", "daily", "--id", "c"];
    desk.ok(&record);
    let told = desk.fails(&["retract", "c", "--by", "stranger", "--reason", "no"], 3);
    assert!(told.contains("\"stranger\" does not say #"), "{told}");
    desk.fails(&["correct", "c", "--value", "Ida", "--by", "stranger", "--reason", "no"], 3);
    desk.ok(&["dispute", "c", "--by", "stranger", "--grounds", "no", "--id", "d"]);
    desk.fails(&["retract", "d", "--by", "aide", "--reason", "no"], 3);
    desk.ok(&["retract", "d", "--by", "stranger", "--reason", "misread"]);
    desk.ok(&["retract", "c", "--by", "daily", "--reason", "misheard"]);
    assert!(!values(&desk, "town", "2024-01-01").contains("Ada"));
}

#[test]
fn a_third_value_and_another_unit_are_refused() {
    let desk = Desk::with_ledger();
    desk.ok(&["attribute", "power", "--type", "symbol", "--complement", "on,off"]);
    let third = ["record", "embassy", "power", "offf", "--on", "2024-01-01", "--said-by", "aide"];
    assert!(desk.fails(&third, 3).contains("is neither on nor off"));
    desk.write(
        "third.jsonl",
        r#"{"type":"claim","subject":"embassy","attribute":"power","value":"offf","on":"2024-01-01","said_by":"aide"}"#,
    );
    assert!(desk.fails(&["import", "third.jsonl"], 3).contains("is neither on nor off"));
    desk.ok(&[&third[..], &["--anyway"]].concat());
    desk.ok(&["record", "fire", "deaths", "5 person", "--as-of", "2024-01-01", "--said-by", "a"]);
    desk.ok(&["record", "fire", "deaths", "6 persons", "--as-of", "2024-01-02", "--said-by", "a"]);
    let other = ["record", "fire", "deaths", "6 km", "--as-of", "2024-01-03", "--said-by", "a"];
    assert!(desk.fails(&other, 3).contains("is measured in \"person\""));
    let states = desk.json(&["state", "fire", "deaths", "--on", "2024-01-02"]);
    assert_eq!(states[0]["values"][0]["unit"], "person");
}

#[test]
fn what_is_retracted_counts_no_longer_for_who_writes() {
    let desk = Desk::with_ledger();
    desk.ok(&["entity", "pow", "--label", "One"]);
    desk.ok(&["entity", "pow", "--label", "Two"]);
    let relabelled = seq_of(&desk, "entity");
    desk.ok(&["retract", &relabelled, "--reason", "slip"]);
    assert!(desk.ok(&["entity", "pow"]).contains("One"));
    let before = size(&desk);
    desk.ok(&["entity", "pow", "--label", "One"]);
    assert_eq!(size(&desk), before);
    desk.ok(&["entity", "pow", "--alias", "p"]);
    let alias = seq_of(&desk, "entity");
    desk.ok(&["retract", &alias, "--reason", "slip"]);
    let before = size(&desk);
    desk.ok(&["entity", "pow", "--alias", "p"]);
    assert_eq!(size(&desk), before + 1);
    desk.write(
        "judged.jsonl",
        concat!(
            r#"{"type":"judgement","id":"j","entities":["pow","wop"],"verdict":"different"}"#,
            "\n",
            r#"{"type":"retraction","retracts":"j","reason":"slip"}"#,
            "\n",
            r#"{"type":"judgement","entities":["pow","wop"],"verdict":"same"}"#,
            "\n",
        ),
    );
    desk.ok(&["import", "judged.jsonl"]);
    desk.write("other.jsonl", r#"{"type":"judgement","entities":["wop","pow"],"verdict":"different"}"#);
    assert!(desk.fails(&["import", "other.jsonl"], 3).contains("contradicts the judgement #"));
}

#[test]
fn what_was_assumed_of_an_attribute_is_said() {
    let desk = Desk::with_ledger();
    let output = desk.run(&["record", "mayor", "arrested", "true", "--on", "2024-01-01", "--said-by", "blog"]);
    let told = err(&output);
    let assumed = "assumed to have one value at a time, of type bool (what is not true is false); declare otherwise";
    assert!(told.contains(assumed), "{told}");
}

#[test]
fn warnings_name_lines_of_the_file() {
    let desk = Desk::with_ledger();
    let line = |value: &str| {
        format!(r#"{{"type":"claim","subject":"a","attribute":"b","value":"{value}","on":"2024-01-01","said_by":"x"}}"#)
    };
    desk.write("two.jsonl", &format!("{}\n\n{}\n", line("one"), line("two")));
    for flags in [&["--dry-run"][..], &[]] {
        let output = desk.run(&[&["import", "two.jsonl"], flags].concat());
        let told = err(&output);
        assert!(told.contains("warning: line 3: its source says otherwise of the same day in line 1"), "{told}");
    }
}
