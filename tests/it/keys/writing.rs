//! Who may write what.

use super::*;

/// It is refused, says so, and records nothing.
fn refused(desk: &Desk, args: &[&str], says: &str) {
    let before = size(desk);
    let said = desk.fails(args, 3);
    assert!(said.contains(says) && said.contains("nothing was recorded"), "{args:?}: {said}");
    assert_eq!(size(desk), before, "{args:?}");
}

const CLAIM: &str = r#"{"type":"claim","id":"c","subject":"embassy","attribute":"power","value":"off","on":"2024-11-24"}
{"type":"assessment","claim":"c","rating":"true","rationale":"seen"}
"#;

#[test]
fn a_signed_ledger_is_written_to_by_keys_that_may() {
    let desk = signed_desk();
    new_key(&desk, "mallory");
    desk.write("claim.jsonl", CLAIM);
    let text = "a note";
    refused(&desk, &["note", text], "no key was given");
    refused(&desk, &["import", "claim.jsonl"], "no key was given");
    refused(&desk, &["note", text, "--key", "mallory.key"], "\"mallory\" is not authorised");
    refused(&desk, &["import", "claim.jsonl", "--key", "ana.key"], "has not the role assess");
    refused(&desk, &["key", "revoke", "chief", "--reason", "coup", "--key", "ana.key"], "has not the role keys");
    desk.ok(&["note", text, "--key", "ana.key"]);
    let erasure = desk.fails(&["erase", "#2", "--basis", "order 1", "--yes", "--key", "ana.key"], 3);
    assert!(erasure.contains("has not the role erase"), "{erasure}");
    desk.ok(&["import", "claim.jsonl", "--dry-run"]);
    desk.ok(&["import", "claim.jsonl", "--key", "chief.key"]);
    refused(
        &desk,
        &["assess", "c", "--rating", "false", "--rationale", "x", "--key", "ana.key"],
        "has not the role assess",
    );
    assert_eq!(findings(&desk), []);
    let verified = desk.json(&["verify"]).pop().unwrap();
    let sealed: Vec<_> =
        verified["sealed_by"].as_array().unwrap().iter().map(|by| (by["name"].clone(), by["seals"].clone())).collect();
    assert_eq!(sealed, [("chief".into(), 3.into()), ("ana".into(), 1.into())]);
    assert_eq!((&verified["signed"], &verified["unsigned_seals"]), (&true.into(), &0.into()));
}

#[test]
fn a_revoked_key_writes_no_more_and_the_last_that_manages_stays() {
    let desk = signed_desk();
    desk.ok(&["note", "before", "--key", "ana.key"]);
    desk.ok(&["key", "revoke", "ana", "--reason", "left", "--key", "chief.key"]);
    refused(&desk, &["note", "after", "--key", "ana.key"], "was revoked by #6");
    refused(
        &desk,
        &["key", "revoke", "chief", "--reason", "x", "--key", "chief.key"],
        "nobody could authorise another",
    );
    refused(&desk, &["key", "revoke", "ana", "--reason", "x", "--key", "chief.key"], "is no valid key");
    let ana = private(&desk, "ana").public().to_string();
    desk.ok(&["key", "authorise", &ana, "--role", "append", "--role", "keys", "--key", "chief.key"]);
    refused(&desk, &["key", "authorise", &ana, "--role", "append", "--key", "chief.key"], "authorised already, by #7");
    desk.ok(&["note", "back again", "--key", "ana.key"]);
    desk.ok(&["key", "revoke", "#3", "--reason", "retired", "--key", "ana.key"]);
    assert_eq!(findings(&desk), []);
    let keys: Vec<_> =
        desk.json(&["key", "list"]).iter().map(|key| (key["seq"].clone(), key["revoked_by"].clone())).collect();
    assert_eq!(keys, [(3.into(), 9.into()), (4.into(), 6.into()), (7.into(), serde_json::Value::Null)]);
}

#[test]
fn an_unsigned_ledger_works_says_so_and_may_become_signed() {
    let desk = Desk::with_ledger();
    let (chief, other) = (new_key(&desk, "chief"), new_key(&desk, "other"));
    desk.ok(&["note", "unsigned"]);
    assert!(desk.ok(&["verify"]).contains("not signed: no key was ever authorised"));
    let given = desk.run(&["note", "a key for nothing", "--key", "chief.key"]);
    assert!(given.status.success() && crate::support::err(&given).contains("this ledger has no keys"));
    refused(&desk, &["key", "authorise", &other, "--role", "keys", "--key", "chief.key"], "must be the writer's own");
    refused(&desk, &["key", "authorise", &chief, "--role", "append", "--key", "chief.key"], "must have the role keys");
    desk.ok(&["key", "authorise", &chief, "--role", "keys", "--key", "chief.key"]);
    refused(&desk, &["note", "signed", "--key", "chief.key"], "has not the role append");
    let verified = desk.json(&["verify"]).pop().unwrap();
    assert_eq!((&verified["signed"], &verified["unsigned_seals"]), (&true.into(), &3.into()));
}

#[test]
fn the_first_key_has_every_role_and_the_only_one_that_manages_is_told_how_to_get_more() {
    let desk = Desk::with_ledger();
    let (chief, other) = (new_key(&desk, "chief"), new_key(&desk, "other"));
    let said = desk.fails(&["key", "authorise", &chief, "--role", "append,keys", "--key", "chief.key"], 2);
    assert!(said.contains("of several, each behind its own --role"), "{said}");
    let told = desk.ok(&["key", "authorise", &chief, "--key", "chief.key"]);
    assert!(told.contains("chief may append, assess, approve, erase, keys"), "{told}");
    desk.ok(&["erase", "#2", "--basis", "order 1", "--yes", "--key", "chief.key"]);
    refused(&desk, &["key", "authorise", &other, "--key", "chief.key"], "a key without a role may do nothing");
    let again = ["key", "authorise", &chief, "--role", "keys", "--key", "chief.key"];
    let said = desk.fails(&again, 3);
    assert!(said.contains("it is the only key with the role keys: make another (`annals key new"), "{said}");
    desk.ok(&["key", "authorise", &other, "--role", "keys", "--key", "chief.key"]);
    assert!(desk.fails(&again, 3).contains("revoke it first to change its roles"));
    desk.ok(&["key", "revoke", "chief", "--reason", "other roles", "--key", "other.key"]);
    desk.ok(&["key", "authorise", &chief, "--role", "append", "--role", "keys", "--key", "other.key"]);
}

#[test]
fn a_key_under_a_passphrase_signs_only_with_it() {
    let desk = Desk::new();
    let with =
        |args: &[&str], passphrase: &str| desk.command(args).env("ANNALS_PASSPHRASE", passphrase).output().unwrap();
    assert!(with(&["key", "new", "ana.key", "--name", "ana", "--passphrase"], "correct horse").status.success());
    let empty = with(&["key", "new", "bare.key", "--name", "bare", "--passphrase"], "");
    assert_eq!(empty.status.code(), Some(2));
    let said = crate::support::err(&empty);
    assert!(
        said.contains("the passphrase is empty; no key was made") && !desk.path().join("bare.key").exists(),
        "{said}"
    );
    assert!(with(&["init", "--key", "ana.key"], "correct horse").status.success());
    let wrong = with(&["note", "x", "--key", "ana.key"], "battery staple");
    assert!(!wrong.status.success() && crate::support::err(&wrong).contains("another passphrase"));
    assert!(with(&["note", "x", "--key", "ana.key"], "correct horse").status.success());
    assert_eq!(findings(&desk), []);
}

#[test]
fn a_signed_ledger_is_begun_with_the_flag_that_its_next_command_needs() {
    let desk = Desk::new();
    assert!(desk.ok(&["init"]).trim_end().ends_with("--actor YOU"));
    new_key(&desk, "chief");
    let told = desk.ok(&["init", "--ledger", "signed", "--key", "chief.key"]);
    assert!(told.trim_end().ends_with("--actor YOU --key FILE"), "{told}");
}

/// Length of the record of a seal with one signature, and of the signature at its end.
const SEAL_LEN: usize = 8 + 1 + 73 + 11 + 64;
const SIGNATURE_LEN: usize = 64;

#[test]
fn a_commit_whose_signature_never_reached_the_disk_is_a_torn_tail() {
    let mut cut = 0;
    for len in (1..400).step_by(40) {
        let desk = signed_desk();
        let text = "x".repeat(len);
        let head = &desk.json(&["head"])[0];
        let kept = format!("{}:{}", head["size"], head["head"].as_str().unwrap());
        // Nobody saw that it was recorded.
        desk.ok(&["note", &text, "--key", "ana.key", "--cache", "none"]);
        let segment = ledger(&desk).join("log/000000000001.seg");
        let mut bytes = std::fs::read(&segment).unwrap();
        let boundary = (bytes.len() - SEAL_LEN + 1).next_multiple_of(512);
        if boundary + 2 > bytes.len() || boundary < bytes.len() - SIGNATURE_LEN {
            continue;
        }
        cut += 1;
        bytes[boundary..].fill(0);
        std::fs::write(&segment, &bytes).unwrap();
        assert_eq!(size(&desk), 4);
        let verified = desk.json(&["verify"]).pop().unwrap();
        assert_eq!((&verified["findings"], &verified["size"]), (&0.into(), &4.into()));
        let since = desk.json(&["verify", "--since", &kept]).pop().unwrap();
        assert_eq!((&since["findings"], &since["size"]), (&0.into(), &4.into()));
        assert!(verified["unfinished_bytes"].as_u64().unwrap() > 0);
        desk.ok(&["note", "again", "--key", "ana.key"]);
        assert_eq!((findings(&desk), size(&desk)), (vec![], 5));
    }
    assert!(cut > 0);
}
