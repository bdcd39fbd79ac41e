//! Exports of ledgers with erasures, imported again.

use super::with_secret;
use crate::support::Desk;

/// What is exported after an erasure, and a new ledger that was made of it.
fn carried_over(desk: &Desk, erased: &[&str]) -> (Vec<serde_json::Value>, Desk) {
    desk.ok(&[&["erase", "--yes", "--basis", "order"], erased].concat());
    let lines = desk.ok(&["export"]);
    let other = Desk::with_ledger();
    // So that a number that was not translated names another event.
    for text in ["one", "two", "three"] {
        other.ok(&["note", text]);
    }
    other.write("lines.jsonl", &lines);
    other.ok(&["import", "lines.jsonl"]);
    (lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), other)
}

fn of_type<'l>(lines: &'l [serde_json::Value], kind: &str) -> Vec<&'l serde_json::Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

fn value(desk: &Desk) -> String {
    desk.json(&["state", "embassy", "power", "--on", "2024-11-23"])[0]["values"].to_string()
}

#[test]
fn what_acts_upon_an_erased_claim_is_left_out() {
    let (desk, claim, _) = with_secret();
    desk.ok(&["dispute", "c1", "--by", "daily", "--grounds", "no", "--id", "d1"]);
    desk.ok(&["retract", "d1", "--reason", "misread"]);
    desk.ok(&["assess", "c1", "--rating", "true", "--rationale", "seen"]);
    desk.ok(&["note", "a note about it", "--about", "c1"]);
    let (lines, other) = carried_over(&desk, &[&claim]);
    for kind in ["dispute", "retraction", "assessment"] {
        assert!(of_type(&lines, kind).is_empty(), "{kind}");
    }
    let note = of_type(&lines, "note")[0];
    assert_eq!((&note["text"], note.get("about")), (&"a note about it".into(), None));
    assert_eq!(of_type(&lines, "claim").len(), 1);
    assert_eq!(of_type(&other.json(&["log"]), "claim").len(), 1);
}

#[test]
fn a_correction_of_an_erased_claim_leaves_its_new_claim() {
    let (desk, claim, _) = with_secret();
    desk.ok(&["correct", "c1", "--value", "flickering", "--reason", "slip", "--correction-id", "k1", "--id", "c2"]);
    let (lines, other) = carried_over(&desk, &[&claim]);
    assert!(of_type(&lines, "correction").is_empty());
    assert!(of_type(&lines, "claim").iter().any(|line| line["id"] == "c2"), "{lines:?}");
    assert_eq!(value(&other), value(&desk));
}

#[test]
fn taking_back_a_correction_of_an_erased_claim_takes_its_new_claim_away() {
    let (desk, claim, _) = with_secret();
    desk.ok(&["correct", "c1", "--value", "flickering", "--reason", "slip", "--correction-id", "k1", "--id", "c2"]);
    desk.ok(&["retract", "k1", "--reason", "no slip"]);
    let (lines, other) = carried_over(&desk, &[&claim]);
    assert_eq!(of_type(&lines, "retraction")[0]["retracts"], "c2");
    assert_eq!(value(&other), value(&desk));
}

#[test]
fn a_correction_whose_new_claim_is_erased_is_a_retraction() {
    let (desk, _, _) = with_secret();
    desk.ok(&["correct", "c1", "--value", "flickering", "--reason", "slip", "--correction-id", "k1", "--id", "c2"]);
    let (lines, other) = carried_over(&desk, &["c2"]);
    let retraction = of_type(&lines, "retraction")[0];
    assert_eq!((&retraction["retracts"], &retraction["id"]), (&"c1".into(), &"k1".into()));
    assert_eq!(value(&other), value(&desk));
}

#[test]
fn erased_names_are_told_apart() {
    let desk = Desk::with_ledger();
    for subject in ["anna", "berta"] {
        desk.ok(&["record", subject, "place", subject, "--on", "2024-11-23", "--said-by", "daily"]);
    }
    desk.ok(&["entity", "anna", "--different-from", "berta"]);
    let log = desk.json(&["log"]);
    let seqs: Vec<String> = of_type(&log, "entity").iter().map(|line| line["seq"].to_string()).collect();
    let (lines, other) = carried_over(&desk, &[&seqs[0], &seqs[1]]);
    let subjects: Vec<_> = of_type(&lines, "claim").iter().map(|line| line["subject"].clone()).collect();
    assert_eq!(subjects, seqs.iter().map(|seq| serde_json::json!(format!("erased-{seq}"))).collect::<Vec<_>>());
    assert_eq!(other.json(&["state", "--on", "2024-11-23"]).len(), 2);
}
