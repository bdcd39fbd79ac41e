//! What recording something would change is told before, and is what changes afterwards.

use serde_json::Value;

use crate::support::Desk;

const LINES: &str = r#"{"type":"attribute","key":"power","value_type":"symbol","complement":["on","off"]}
{"type":"source","key":"aide","kind":"person","reliability":"B"}
{"type":"claim","id":"c1","subject":"embassy","attribute":"power","value":"off","from":"2024-11-23","said_by":"aide"}
{"type":"claim","id":"c2","subject":"embassy","attribute":"power","value":"on","as_of":"2024-11-26","said_by":"paper"}
{"type":"claim","id":"c3","subject":"embassy","attribute":"staff","value":{"lower":"5"},"as_of":"2024-11-23","said_by":"aide"}
{"type":"claim","id":"c4","subject":"residence","attribute":"power","value":"on","as_of":"2024-11-23","said_by":"aide"}"#;

fn desk() -> Desk {
    let desk = Desk::with_ledger();
    desk.write("lines.jsonl", LINES);
    desk.ok(&["import", "lines.jsonl"]);
    desk
}

/// Days around what is claimed.
fn days() -> impl Iterator<Item = String> {
    (17..=28).map(|day| format!("2024-11-{day}"))
}

/// The status and the values of every key on every day.
fn answers(desk: &Desk) -> Vec<(String, String, String, Value, Value)> {
    let mut all = Vec::new();
    for day in days() {
        for line in desk.json(&["state", "--on", &day, "--all"]) {
            let text = |field: &str| line[field].as_str().unwrap().to_owned();
            all.push((day.clone(), text("subject"), text("attribute"), line["status"].clone(), line["values"].clone()));
        }
    }
    all
}

/// The answers with the changes of a dry run made in them.
fn changed(mut answers: Vec<(String, String, String, Value, Value)>, told: &[Value]) -> Vec<Value> {
    for change in told.iter().filter(|line| line["type"] == "change") {
        let is_within = |day: &str| {
            change["from"].as_str().is_none_or(|from| from <= day)
                && change["until"].as_str().is_none_or(|until| day <= until)
        };
        let of_key = |subject: &str, attribute: &str| change["subject"] == subject && change["attribute"] == attribute;
        let mut found = 0;
        for (day, subject, attribute, status, values) in &mut answers {
            if of_key(subject, attribute) && is_within(day) {
                assert_eq!(
                    (&*status, &*values),
                    (&change["before"]["status"], &change["before"]["values"]),
                    "{day} {change}"
                );
                (*status, *values) = (change["after"]["status"].clone(), change["after"]["values"].clone());
                found += 1;
            }
        }
        let is_of_these_days = change["from"].as_str().is_none_or(|from| from <= "2024-11-28")
            && change["until"].as_str().is_none_or(|until| until >= "2024-11-17");
        assert!(found > 0 || !is_of_these_days, "{change}");
    }
    answers
        .into_iter()
        .filter(|(.., status, _)| !status.is_null())
        .map(|(day, subject, attribute, status, values)| serde_json::json!([day, subject, attribute, status, values]))
        .collect()
}

#[test]
fn what_a_dry_run_tells_is_what_changes() {
    let desk = desk();
    let acts: [&[&str]; 6] = [
        &["record", "embassy", "power", "on", "--from", "2024-11-25", "--said-by", "aide"],
        &["correct", "c1", "--from", "2024-11-20", "--reason", "a slip"],
        &["correct", "c2", "--subject", "residence", "--reason", "another house"],
        &["assess", "c3", "--rating", "false", "--rationale", "seen"],
        &["dispute", "c4", "--by", "paper", "--grounds", "not so"],
        &["retract", "c1", "--reason", "not said"],
    ];
    for act in acts {
        let (before, head) = (answers(&desk), desk.json(&["head"]));
        let dry: Vec<&str> = act.iter().copied().chain(["--dry-run"]).collect();
        let told = desk.json(&dry);
        assert_eq!(desk.json(&["head"]), head, "{act:?}");
        assert!(told.iter().any(|line| line["type"] == "planned" && line["repeated"] == false), "{act:?}");
        assert!(desk.ok(&dry).contains("ould"), "{act:?}");
        desk.ok(act);
        let after = answers(&desk).into_iter().map(|(day, subject, attribute, status, values)| {
            serde_json::json!([day, subject, attribute, status, values])
        });
        let (after, changed) = (after.collect::<Vec<_>>(), changed(before, &told));
        let differing = after.iter().zip(&changed).find(|(after, changed)| after != changed);
        assert_eq!((differing, after.len()), (None, changed.len()), "{act:?}");
    }
}

#[test]
fn a_key_that_is_new_and_a_repetition_are_told() {
    let desk = desk();
    let new = ["record", "garden", "gate", "shut", "--on", "2024-11-25", "--said-by", "aide", "--id", "g"];
    let dry: Vec<&str> = new.iter().copied().chain(["--dry-run"]).collect();
    let told = desk.json(&dry);
    let change = told.iter().find(|line| line["type"] == "change").unwrap();
    assert_eq!((&change["subject"], &change["before"]), (&"garden".into(), &Value::Null));
    desk.ok(&new);
    let told = desk.json(&dry);
    assert_eq!((told.len(), &told[0]["repeated"]), (1, &true.into()));
    assert!(desk.ok(&dry).contains("No answer would change"));
}

#[test]
fn an_approval_changes_what_waited() {
    let desk = desk();
    desk.ok(&["setting", "four_eyes", "claims"]);
    desk.ok(&["record", "embassy", "power", "on", "--from", "2024-12-05", "--said-by", "aide", "--id", "w"]);
    let told = desk.json(&["approve", "w", "--reason", "seen", "--actor", "ben", "--dry-run"]);
    let flags = |state: &Value| state["flags"].to_string().contains("reviewed");
    assert!(told.iter().any(|line| flags(&line["before"]) && !flags(&line["after"])), "{told:?}");
}

#[test]
fn a_dry_run_keeps_no_copy() {
    let desk = desk();
    desk.write("page.txt", "the power is out");
    let record =
        ["record", "embassy", "gas", "off", "--on", "2024-11-25", "--said-by", "aide", "--evidence", "page.txt"];
    desk.ok(&record.iter().copied().chain(["--dry-run"]).collect::<Vec<_>>());
    assert!(!desk.path().join("ledger/evidence").exists());
    desk.ok(&record);
    assert!(desk.path().join("ledger/evidence").exists());
}
