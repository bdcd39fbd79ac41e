//! What people type: taken for what it means where it has one meaning, and asked about where it has two.

use crate::support::{Desk, err};

/// The arguments of a claim of `town` by `paper` on a day.
fn claim<'a>(attribute: &'a str, value: &'a str) -> Vec<&'a str> {
    vec!["record", "town", attribute, value, "--on", "2024-09-08", "--said-by", "paper"]
}

fn state(desk: &Desk, attribute: &str) -> serde_json::Value {
    desk.json(&["state", "town", attribute, "--on", "2024-09-08"])[0].clone()
}

#[test]
fn amounts_are_taken_for_what_they_mean_or_asked_about() {
    let desk = Desk::with_ledger();
    for (attribute, typed, lower, upper) in [
        ("a", "5+", Some("5"), None),
        ("b", "5 to 6", Some("5"), Some("6")),
        ("c", "≥5", Some("5"), None),
        ("d", "5-6", Some("5"), Some("6")),
        ("e", "at most 7 persons", None, Some("7")),
        ("f", "1 000", Some("1000"), Some("1000")),
    ] {
        let output = desk.run(&claim(attribute, typed));
        assert!(output.status.success(), "{typed}: {}", err(&output));
        assert!(err(&output).contains(&format!("{typed:?} is taken as ")), "{typed}: {}", err(&output));
        let value = &state(&desk, attribute)["values"][0];
        assert_eq!((value["lower"].as_str(), value["upper"].as_str()), (lower, upper), "{typed}: {value}");
    }
    let size = desk.json(&["head"])[0]["size"].clone();
    for (typed, readings) in [
        ("1,000", ["1000", "1"]),
        ("1.000", ["1000", "1"]),
        ("1,5", ["15", "1.5"]),
        (">5", [">=6", ">=5"]),
        ("12 Angry Men", ["--type quantity", "--type text"]),
        ("8 September 2024", ["--type", "date"]),
    ] {
        let message = desk.fails(&claim("new", typed), 2);
        assert!(readings.iter().all(|reading| message.contains(reading)), "{typed}: {message}");
        assert!(message.contains("nothing was recorded"), "{message}");
    }
    assert_eq!(desk.json(&["head"])[0]["size"], size);
    desk.ok(&[&claim("film", "12 Angry Men")[..], &["--type", "text"]].concat());
}

#[test]
fn the_unit_is_fixed_at_its_first_use() {
    let desk = Desk::with_ledger();
    desk.ok(&["attribute", "declared", "--type", "quantity"]);
    for attribute in ["deaths", "declared"] {
        desk.ok(&claim(attribute, "5 persons"));
        let other = |value| vec!["record", "town", attribute, value, "--on", "2024-09-08", "--said-by", "radio"];
        desk.ok(&other("5 person"));
        let answer = state(&desk, attribute);
        assert_eq!((&answer["status"], &answer["sides"][0]["support"]), (&"stated".into(), &2.into()), "{answer}");
        assert_eq!(answer["values"][0]["unit"], "persons");
        let message = desk.fails(&other("5 km"), 3);
        assert!(message.contains("\"km\"") && message.contains("\"persons\""), "{message}");
        let line = format!(
            r#"{{"type":"claim","subject":"town","attribute":"{attribute}","value":{{"lower":"5","unit":"km"}},"on":"2024"}}"#
        );
        desk.write("other.jsonl", &line);
        let message = desk.fails(&["import", "other.jsonl"], 3);
        assert!(message.contains("\"km\"") && message.contains("\"persons\""), "{message}");
    }
}

#[test]
fn a_slip_in_a_declared_pair_is_met_with_what_was_meant() {
    let desk = Desk::with_ledger();
    desk.ok(&["attribute", "power", "--type", "symbol", "--complement", "on,off"]);
    let message = desk.fails(&claim("power", "offf"), 3);
    assert!(message.contains("did you mean \"off\"?") && message.contains("nothing was recorded"), "{message}");
    desk.ok(&claim("power", " OFF "));
}

#[test]
fn days_may_be_typed_in_words_and_are_echoed() {
    let desk = Desk::with_ledger();
    for (attribute, typed) in [
        ("a", "8 September 2024"),
        ("b", "8 sept. 2024"),
        ("c", "Sept 8, 2024"),
        ("d", "8 de septiembre de 2024"),
        ("e", "8. September 2024"),
    ] {
        let output = desk.run(&["record", "town", attribute, "x", "--on", typed, "--said-by", "paper"]);
        assert!(err(&output).contains("is taken as 2024-09-08"), "{typed}: {}", err(&output));
        assert_eq!(state(&desk, attribute)["status"], "stated", "{typed}");
    }
    let exported = desk.ok(&["export"]);
    assert!(exported.contains(r#""on":"2024-09-08""#) && !exported.contains("sept"), "{exported}");
    assert_eq!(desk.json(&["state", "town", "a", "--on", "8 September 2024"])[0]["on"], "2024-09-08");
    let message = desk.fails(&["record", "town", "a", "y", "--on", "08/09/2024"], 2);
    assert!(message.contains("2024-09-08 or 2024-08-09"), "{message}");
    let message = desk.fails(&["record", "town", "a", "y", "--on", "Tues."], 2);
    assert!(message.contains("names a weekday") && message.contains("for the last Tuesday"), "{message}");
    desk.ok(&["record", "town", "f", "x", "--on", "yesterday", "--said-by", "paper", "--said-on", "today"]);
    desk.ok(&["state", "--on", "yesterday"]);
    // A file has EDTF alone.
    desk.write(
        "words.jsonl",
        r#"{"type":"claim","subject":"town","attribute":"a","value":"z","on":"8 September 2024"}"#,
    );
    assert!(desk.fails(&["import", "words.jsonl"], 3).contains("2024-09-08"));
}

#[test]
fn what_is_said_may_have_a_time_of_day() {
    let desk = Desk::with_ledger();
    desk.ok(&[
        "record",
        "town",
        "power",
        "off",
        "--on",
        "2024-11-23",
        "--said-by",
        "aide",
        "--said-on",
        "2024-11-23T19:00-04:00",
    ]);
    assert!(desk.ok(&["export"]).contains("2024-11-23T19:00-04:00"));
    assert!(desk.fails(&["record", "town", "power", "on", "--on", "2024-11-23T19:00"], 2).contains("clock"));
}

#[test]
fn events_are_named_by_number_id_or_the_start_of_an_id() {
    let desk = Desk::with_ledger();
    for id in ["cut-north", "cut-south", "mended"] {
        desk.ok(&["record", "town", id, "x", "--on", "2024-09-08", "--said-by", "paper", "--id", id]);
    }
    let seq = desk.json(&["show", "mended"])[0]["seq"].to_string();
    let hash = format!("#{seq}");
    for name in [seq.as_str(), &hash, "mended", "men"] {
        assert_eq!(desk.json(&["show", name])[0]["id"], "mended", "{name}");
        desk.ok(&["dispute", name, "--grounds", name]);
        desk.ok(&["assess", name, "--rating", "half-true", "--rationale", name]);
        desk.ok(&["note", name, "--about", name]);
        desk.ok(&["cite", name, "--url", &format!("https://example.org/{}", name.trim_start_matches('#'))]);
    }
    for args in [&["show", "cut"][..], &["dispute", "cut", "--grounds", "x"], &["retract", "cut", "--reason", "x"]] {
        let message = desk.fails(args, 3);
        assert!(message.contains("cut-north, cut-south"), "{message}");
    }
    assert!(desk.fails(&["show", "999"], 3).contains("#1 to #"));
    desk.ok(&["retract", "men", "--reason", "slip"]);
}

#[test]
fn entities_and_sources_are_found_by_label_or_alias() {
    let desk = Desk::with_ledger();
    desk.ok(&["entity", "embassy", "--label", "Argentine embassy", "--alias", "embajada argentina"]);
    desk.ok(&["source", "urr", "--label", "Pedro Urruchurtu", "--kind", "person"]);
    let record =
        ["record", "argentine  Embassy", "power", "off", "--on", "2024-09-08", "--said-by", "pedro urruchurtu"];
    let output = desk.run(&record);
    assert!(err(&output).contains("is taken as the entity embassy"), "{}", err(&output));
    assert!(err(&output).contains("is taken as the source urr"), "{}", err(&output));
    assert!(!err(&output).contains("entity \"argentine"), "{}", err(&output));
    for name in ["embassy", "@embassy", "Argentine embassy", "Embajada argentina"] {
        assert_eq!(desk.json(&["state", name, "--on", "2024-09-08"])[0]["subject"], "embassy", "{name}");
    }
    desk.ok(&["dispute", "6", "--by", "Pedro Urruchurtu", "--grounds", "x"]);
    desk.ok(&["record", "x", "seen-at", "@Argentine embassy", "--on", "2024-09-08", "--said-by", "urr"]);
    assert_eq!(desk.json(&["state", "x", "--on", "2024-09-08"])[0]["values"][0]["entity"], "embassy");
    desk.ok(&["entity", "other", "--label", "Argentine embassy"]);
    for args in
        [&["state", "Argentine embassy"][..], &["record", "Argentine embassy", "power", "on", "--on", "2024-09-09"]]
    {
        let message = desk.fails(args, 3);
        assert!(message.contains("embassy and of other"), "{message}");
    }
    desk.ok(&["entity", "embassy", "--same-as", "other", "--reason", "one house"]);
    desk.ok(&["state", "Argentine embassy", "--on", "2024-09-08"]);
}

#[test]
fn a_correction_keeps_every_part_that_is_not_given() {
    let desk = Desk::with_ledger();
    let line = r#"{"type":"claim","id":"p1","subject":"pow","attribute":"office","value":"whip","from":"2020-01-01","from_kind":"observed","clock":"10:00..11:00","until":"2021-01-01","chain":[{"who":"gaz","how":"witnessed","on":"2020"},{"who":"web","how":"relayed"}],"said_on":"2021-02-01","quote":"q","url":"https://a.example/1","lang":"es","note":"n","polarity":"deny"}"#;
    desk.write("one.jsonl", line);
    desk.ok(&["import", "one.jsonl"]);
    let mut before: serde_json::Value = serde_json::from_str(line).unwrap();
    let mut id = "p1".to_owned();
    let changes: &[(&[&str], &str, serde_json::Value)] = &[
        (&["--from", "2020-01-05"], "from", "2020-01-05".into()),
        (&["--until", "2021-02-02"], "until", "2021-02-02".into()),
        (&["--from-observed=false"], "from_kind", serde_json::Value::Null),
        (&["--until-observed"], "until_kind", "observed".into()),
        (&["--deny=false"], "polarity", serde_json::Value::Null),
        (&["--clock", "12:00..13:00"], "clock", "12:00..13:00".into()),
        (&["--quote", "other"], "quote", "other".into()),
        (&["--note", ""], "note", serde_json::Value::Null),
        (&["--until", ""], "until", serde_json::Value::Null),
        (&["--value", "chief"], "value", "chief".into()),
        (&["--said-by", "min"], "", serde_json::Value::Null),
    ];
    for (place, (args, field, value)) in changes.iter().enumerate() {
        let new = format!("p{}", place + 2);
        desk.ok(&[&["correct", &id, "--reason", "r", "--id", &new], *args].concat());
        let mut after = desk.json(&["show", &new])[0].clone();
        id = new;
        if field.is_empty() {
            assert_eq!(after["chain"][0]["who"], "min");
            assert_eq!((&after["chain"][0]["how"], &after["chain"][1]["who"]), (&"witnessed".into(), &"web".into()));
            continue;
        }
        let kept: Vec<&str> = [
            "value",
            "from",
            "from_kind",
            "until",
            "clock",
            "chain",
            "said_on",
            "quote",
            "url",
            "lang",
            "note",
            "polarity",
        ]
        .into_iter()
        .filter(|kept| kept != field && !(*field == "until" && value.is_null() && *kept == "until_kind"))
        .collect();
        for kept in kept {
            let plain = |value: &serde_json::Value| {
                if value == "transition" || value == "affirm" { serde_json::Value::Null } else { value.clone() }
            };
            assert_eq!(plain(&after[kept]), plain(&before[kept]), "{args:?} changed {kept}");
        }
        let found = after[*field].take();
        let found = if found == "transition" || found == "affirm" { serde_json::Value::Null } else { found };
        assert_eq!(&found, value, "{args:?}");
        after[*field] = value.clone();
        before = after;
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let desk = Desk::with_ledger();
    let message = desk.fails(
        &[
            "record",
            "town",
            "power",
            "1,000",
            "--on",
            "2024-13",
            "--url",
            "banana",
            "--lang",
            "Spanisch!",
            "--how",
            "said",
        ],
        2,
    );
    for field in ["on:", "url:", "lang:", "said_by:", "value:"] {
        assert!(message.contains(field), "no {field} in {message}");
    }
    assert_eq!(desk.json(&["head"])[0]["size"], 1);
}

#[test]
fn addresses_are_checked_alike_wherever_they_come_from() {
    let desk = Desk::with_ledger();
    desk.write(
        "lines.jsonl",
        r#"{"type":"claim","subject":"a","attribute":"b","value":"c","on":"2024","url":"banana"}"#,
    );
    for args in [&["record", "a", "b", "c", "--on", "2024", "--url", "banana"][..], &["import", "lines.jsonl"]] {
        let output = desk.run(args);
        assert!(
            !output.status.success() && err(&output).contains("\"banana\" is not a web address"),
            "{}",
            err(&output)
        );
    }
}
