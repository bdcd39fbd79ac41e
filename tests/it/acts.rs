//! How acts upon claims are told.

use crate::support::Desk;

/// A ledger with one claim of the power at the embassy, `cut`.
fn power() -> Desk {
    let desk = Desk::with_ledger();
    desk.ok(&["record", "embassy", "power", "off", "--on", "2024-11-24", "--said-by", "aide", "--id", "cut"]);
    desk
}

#[test]
fn a_verdict_is_told_in_its_own_words() {
    let desk = power();
    let verdict = r#"{"type":"assessment","claim":"cut","rating":"mostly false","rationale":"checked","by":"checker"}"#;
    desk.write("verdict.jsonl", verdict);
    desk.ok(&["import", "verdict.jsonl"]);
    for question in [
        &["history", "embassy", "power"][..],
        &["show", "cut"],
        &["state", "embassy", "power", "--on", "2024-11-24", "--why"],
    ] {
        let told = desk.ok(question);
        assert!(told.contains("rated \"mostly false\" by checker (#"), "{told}");
    }
}

#[test]
fn what_was_done_with_any_event_is_shown() {
    let desk = power();
    desk.ok(&["dispute", "cut", "--grounds", "the lamps were on", "--id", "lamps"]);
    desk.ok(&["retract", "lamps", "--reason", "another house"]);
    let told = desk.ok(&["show", "lamps"]);
    assert!(told.contains("taken back by the desk (#"), "{told}");
    assert!(desk.ok(&["show", "cut"]).contains("disputed by the desk (#"));
}
