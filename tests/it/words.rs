//! Words as newcomers write them: taken, or answered with the one that is meant here.

use crate::support::{Desk, err, out};

/// The arguments of a claim of `town` by `paper` on a day.
fn claim<'a>(attribute: &'a str, value: &'a str) -> Vec<&'a str> {
    vec!["record", "town", attribute, value, "--on", "2024-09-08", "--said-by", "paper"]
}

#[test]
fn a_rating_that_looks_like_a_slip_is_asked_about() {
    let desk = Desk::with_ledger();
    desk.ok(&claim("power", "off"));
    let rated = |rating: &'static str| vec!["assess", "6", "--rating", rating, "--rationale", "seen"];
    for (rating, meant) in [("flase", "false"), ("ture", "true"), ("Incorrect", "false"), ("verified", "true")] {
        let told = desk.fails(&rated(rating), 3);
        assert!(told.contains(&format!("did you mean {meant:?}?")) && told.contains("--anyway"), "{told}");
    }
    let line = r#"{"type":"assessment","claim":"6","rating":"flase","rationale":"seen"}"#;
    desk.write("lines.jsonl", line);
    assert!(desk.fails(&["import", "lines.jsonl"], 3).contains("line 1: rating: \"flase\" is neither true nor false"));
    assert_eq!(desk.json(&["head"])[0]["size"], 6);
    let output = desk.run(&rated("misleading"));
    assert!(output.status.success() && err(&output).contains("is a word of your own"), "{}", err(&output));
    // A word of the desk's own is known from then on, and a slip for it is one.
    assert!(!err(&desk.run(&[&rated("misleading")[..], &["--actor", "ben"]].concat())).contains("of your own"));
    assert!(desk.fails(&rated("misleadng"), 3).contains("did you mean \"misleading\"?"));
    desk.ok(&[&rated("flase")[..], &["--anyway"]].concat());
}

#[test]
fn a_unit_is_told_where_a_first_value_fixes_it() {
    let desk = Desk::with_ledger();
    desk.ok(&["attribute", "deaths", "--type", "quantity"]);
    let first = claim("deaths", "5 persons");
    let output = desk.run(&[&["--json"], &first[..]].concat());
    assert!(err(&output).contains("unit \"persons\" fixed: attribute \"deaths\" is counted in it"), "{}", err(&output));
    assert!(out(&output).contains(r#"{"what":"unit","key":"persons"}"#), "{}", out(&output));
    assert_eq!(desk.json(&["attribute", "deaths"])[0]["unit"], "persons");
    assert!(desk.ok(&["attribute"]).contains("unit persons"));
    assert!(!err(&desk.run(&["record", "city", "deaths", "6 persons", "--on", "2024"])).contains("unit"));
    desk.ok(&["attribute", "injured", "--type", "quantity"]);
    let line =
        r#"{"type":"claim","subject":"t","attribute":"injured","value":{"lower":"5","unit":"person"},"on":"2024"}"#;
    desk.write("lines.jsonl", line);
    let told = err(&desk.run(&["import", "lines.jsonl"]));
    assert!(told.contains("note: line 1: unit \"person\" fixed: attribute \"injured\""), "{told}");
}

#[test]
fn keys_that_differ_in_capitals_only_are_told_once() {
    let desk = Desk::with_ledger();
    let line = |by: &str| {
        format!(r#"{{"type":"claim","subject":"t","attribute":"p","value":"on","on":"2024","said_by":"{by}"}}"#)
    };
    desk.write("lines.jsonl", &[line("gazette"), line("GAZETTE"), line("GAZETTE")].join("\n"));
    let told = err(&desk.run(&["import", "lines.jsonl"]));
    let warning = "warning: line 2: source \"GAZETTE\" is new and differs from \"gazette\" in capitals only";
    assert!(told.contains(warning) && told.contains("--link same-as"), "{told}");
    assert_eq!(told.matches("in capitals only").count(), 1, "{told}");
    let told = err(&desk.run(&["record", "T", "P", "on", "--on", "2024", "--said-by", "GAZETTE"]));
    assert_eq!(told.matches("in capitals only").count(), 2, "{told}");
    assert!(told.contains("`annals entity T --same-as t`") && !told.contains("did you mean"), "{told}");
    assert!(!err(&desk.run(&["record", "T", "P", "off", "--on", "2025", "--said-by", "GAZETTE"])).contains("capitals"));
}

#[test]
fn a_sign_of_another_type_is_asked_about() {
    let desk = Desk::with_ledger();
    desk.ok(&claim("ruler", "bob"));
    for (value, meant) in [("@ann", "entity"), ("date:2024-09", "date")] {
        let told = desk.fails(&claim("ruler", value), 2);
        assert!(told.contains(&format!("is written as a value of type {meant}, and \"ruler\" takes text")), "{told}");
        assert!(told.contains("--type text"), "{told}");
        assert!(desk.fails(&["correct", "6", "--value", value, "--reason", "x"], 2).contains("takes text"));
        assert!(desk.fails(&["first", "town", "ruler", value], 2).contains("takes text"));
    }
    desk.ok(&["record", "town", "ruler", "@ann", "--on", "2025", "--said-by", "paper", "--type", "text"]);
    assert_eq!(desk.json(&["first", "town", "ruler"])[1]["value"], "@ann");
}

#[test]
fn a_value_is_asked_for_by_what_record_takes() {
    let desk = Desk::with_ledger();
    desk.ok(&["entity", "brazil", "--label", "Brazil (country)", "--alias", "Brasil"]);
    desk.ok(&["attribute", "condemned-by", "--type", "entity", "--multi"]);
    desk.ok(&claim("condemned-by", "@brazil"));
    for value in ["brazil", "@brazil", "Brazil (country)", "@Brasil"] {
        assert_eq!(desk.json(&["first", "town", "condemned-by", value]).len(), 1, "{value}");
    }
    assert!(desk.fails(&["first", "town", "condemned-by", "brazl"], 3).contains("did you mean \"brazil\"?"));
}

#[test]
fn an_option_that_is_called_otherwise_here_is_answered_with_its_name() {
    let desk = Desk::with_ledger();
    for asked in ["--as-of", "--date", "--at", "--when"] {
        let told = desk.fails(&["state", asked, "2024-09-08"], 2);
        assert!(told.contains(&format!("`annals state` has no option {asked}")), "{told}");
        assert!(told.contains("hint: there is --on DATE"), "{told}");
    }
    assert!(
        desk.fails(&["record", "t", "p", "on", "--date", "2024"], 2).contains("--on DATE, --as-of DATE, --from DATE")
    );
    assert!(desk.fails(&["dispute", "6", "--reason", "x"], 2).contains("--grounds TEXT"));
    assert!(desk.fails(&["first", "t", "p", "--on", "2024"], 2).contains("`annals first --help` lists its options"));
    assert!(desk.fails(&["log", "--last", "3"], 2).contains("--limit N"));
}

#[test]
fn the_newest_events_are_shown_and_events_have_numbers() {
    let desk = Desk::with_ledger();
    desk.ok(&claim("power", "off"));
    let seqs = |args: &[&str]| desk.json(args).iter().map(|line| line["seq"].as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!(seqs(&["log", "--limit", "2"]), [5, 6]);
    assert_eq!(seqs(&["log", "--since", "2", "--limit", "2"]), [2, 3]);
    assert_eq!(seqs(&["log", "--reverse", "--limit", "2"]), [6, 5]);
    let by =
        |number: &'static str| desk.json(&["state", "town", "power", "--on", "2024-09-08", "--recorded-by", number]);
    assert_eq!((&by("5"), &by("6")), (&by("#5"), &by("#6")));
    assert!(desk.fails(&["state", "--recorded-by", "2024"], 2).contains("or #88"));
    desk.ok(&["diff", "--known-from", "2", "--known-to", "6"]);
}

#[test]
fn a_retraction_of_what_is_never_taken_back_is_answered_in_short() {
    let desk = Desk::with_ledger();
    desk.ok(&claim("power", "off"));
    desk.ok(&["retract", "6", "--reason", "slip"]);
    let told = desk.fails(&["retract", "7", "--reason", "slip"], 3);
    assert!(told.contains("#7 is a retraction, which cannot be taken back") && told.contains("--again"), "{told}");
    let told = desk.fails(&["retract", "2", "--reason", "slip"], 3);
    assert!(told.contains("#2 is an actor, which cannot be taken back; nothing was recorded"), "{told}");
}

#[test]
fn a_subject_is_a_heading_once_and_what_stays_is_no_change() {
    let desk = Desk::with_ledger();
    for (attribute, value, day) in
        [("power", "on", "2024-01-02"), ("power", "off", "2024-01-04"), ("water", "on", "2024-01-02")]
    {
        desk.ok(&["record", "town", attribute, value, "--on", day, "--said-by", "paper", "--said-on", day]);
    }
    desk.ok(&["record", "town", "water", "on", "--on", "2024-01-03", "--said-by", "paper", "--said-on", "2024-01-04"]);
    let headings = |told: &str| told.lines().filter(|line| *line == "town").count();
    assert_eq!(headings(&desk.ok(&["timeline", "town"])), 1);
    let told = desk.ok(&["diff", "--from", "2024-01-02", "--to", "2024-01-05"]);
    assert!(headings(&told) == 1 && told.contains("power") && !told.contains("water"), "{told}");
    let told = desk.ok(&["diff", "--known-from", "2024-01-03", "--known-to", "2024-01-05"]);
    assert!(headings(&told) == 1 && told.contains("the same before and after:"), "{told}");
}

#[test]
fn a_reason_counts_every_claim_that_the_answer_rests_on() {
    let desk = Desk::with_ledger();
    for (source, day) in [("ann", "01"), ("ben", "02"), ("cem", "03"), ("dan", "04")] {
        desk.ok(&["record", "town", "power", "on", "--on", &format!("2024-01-{day}"), "--said-by", source]);
    }
    let asked = |day: &str| desk.json(&["state", "town", "power", "--on", day])[0].clone();
    let carried = asked("2024-02-01");
    assert_eq!(carried["sides"][0]["support"], 4);
    assert_eq!(
        carried["reason"],
        "on since 2024-01-01, #6 (ann), and still by #12 (dan); 2 more claims agree; no later change claimed up to 2024-02-01"
    );
    assert_eq!(asked("2024-01-02")["reason"], "on by #8 (ben); 1 more claim agrees");
    assert_eq!(asked("2024-01-01")["reason"], "on by #6 (ann)");
}
