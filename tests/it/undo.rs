//! What one recorded last is taken back; settings, approvals and returns.

use crate::support::Desk;

/// The arguments of a claim of `town` by `paper` on a day.
fn claim<'a>(attribute: &'a str, value: &'a str) -> Vec<&'a str> {
    vec!["record", "town", attribute, value, "--on", "2024-09-08", "--said-by", "paper"]
}

fn state(desk: &Desk, attribute: &str) -> serde_json::Value {
    desk.json(&["state", "town", attribute, "--on", "2024-09-08"])[0].clone()
}

#[test]
fn the_last_commit_is_taken_back_by_retractions() {
    let desk = Desk::with_ledger();
    desk.ok(&claim("power", "off"));
    desk.ok(&claim("water", "on"));
    let before = desk.json(&["head"])[0]["size"].clone();
    assert!(desk.ok(&["undo", "--dry-run"]).contains("town water on"));
    assert!(desk.fails(&["undo"], 2).contains("add --yes"));
    assert_eq!(desk.json(&["head"])[0]["size"], before);
    desk.ok(&["undo", "--yes"]);
    assert_eq!(desk.json(&["state", "town", "water", "--on", "2024-09-08"])[0]["status"], "unknown");
    assert_eq!(state(&desk, "power")["status"], "stated");
    // A retraction is not taken back.
    assert!(desk.fails(&["undo", "--yes"], 3).contains("takes something back"));
    desk.ok(&claim("gas", "on"));
    let newest = desk.json(&["log", "--reverse", "--limit", "1"])[0]["seq"].to_string();
    desk.ok(&["dispute", &newest, "--grounds", "x", "--actor", "ben"]);
    let message = desk.fails(&["undo", "--yes"], 3);
    assert!(message.contains("builds on"), "{message}");
    desk.ok(&["undo", "--yes", "--actor", "ben"]);
    desk.ok(&["setting", "title", "T"]);
    assert!(desk.fails(&["undo", "--yes"], 3).contains("changes a setting"));
    let many: Vec<String> = (0..120).map(|place| format!(r#"{{"type":"note","text":"n{place}"}}"#)).collect();
    desk.write("many.jsonl", &many.join("\n"));
    desk.ok(&["import", "many.jsonl"]);
    assert!(desk.fails(&["undo", "--yes"], 2).contains("--whole"));
    desk.ok(&["undo", "--yes", "--whole"]);
}

#[test]
fn settings_are_shown_and_changed() {
    let desk = Desk::with_ledger();
    desk.ok(&["setting", "four-eyes", "claims"]);
    assert!(desk.ok(&["setting"]).contains("four_eyes  claims"), "{}", desk.ok(&["setting"]));
    assert!(desk.fails(&["setting", "four_eyes", "maybe"], 2).contains("off, claims, verdicts, all"));
    assert!(desk.fails(&["setting", "colour", "red"], 2).contains("title"));
    desk.ok(&claim("power", "off"));
    let newest = desk.json(&["log", "--reverse", "--limit", "1"])[0]["seq"].to_string();
    desk.ok(&["return", &newest, "--reason", "another day", "--actor", "ben"]);
    desk.ok(&["approve", &newest, "--reason", "seen", "--actor", "ben"]);
}
