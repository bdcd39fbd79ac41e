//! A private key stands in its own file and nowhere else.

use std::fs;
use std::path::Path;

use annals::note::base64;

use super::*;

/// Every byte of every file below a folder.
pub(super) fn contents(dir: &Path) -> Vec<Vec<u8>> {
    let paths = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { contents(&path) } else { vec![fs::read(path).unwrap()] }).collect()
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// A key of a witness that is nowhere.
const WITNESS: &str = "witness.example.org/w1+d3785d81+BOIawGAYMWvkdkBHltR1qGk8IkSzK7jiXcWmPP0M/sUz";

/// Every command that takes a key, or that is given one by mistake.
const COMMANDS: &[&[&str]] = &[
    &["note", "x", "--key", "chief.key"],
    &["import", "claims.jsonl", "--key", "chief.key"],
    &["record", "embassy", "power", "off", "--undated", "--id", "c1", "--key", "chief.key"],
    &["record", "embassy", "power", "on", "--undated", "--evidence", "chief.key", "--key", "chief.key"],
    &["record", "embassy", "power", "on", "--undated", "--evidence", "sealed.key", "--key", "chief.key"],
    &["correct", "c1", "--value", "on", "--reason", "misread", "--key", "chief.key"],
    &["dispute", "c1", "--grounds", "other", "--key", "chief.key"],
    &["assess", "c1", "--rating", "true", "--rationale", "seen", "--key", "chief.key"],
    &["retract", "c1", "--reason", "misread", "--key", "chief.key"],
    &["attribute", "water", "--type", "symbol", "--key", "chief.key"],
    &["entity", "embassy", "--label", "Embassy", "--key", "chief.key"],
    &["source", "daily", "--label", "Daily", "--key", "chief.key"],
    &["erase", "c1", "--basis", "order", "--yes", "--key", "chief.key"],
    &["key", "revoke", "chief", "--reason", "lost", "--key", "chief.key"],
    &["publish", "site", "--key", "chief.key"],
    &["verify", "--url", "site", "--key", "chief.key"],
    &["prove", "#3", "--key", "chief.key"],
    &["demo", "--into", "demo", "--key", "chief.key"],
    &["repair", "--key", "chief.key"],
    &["note", "x", "--key", "broken.key"],
    &["verify", "--against", "chief.key", "--key", "chief.key"],
    &["import", "chief.key", "--key", "chief.key"],
    &["key", "authorise", "chief.key", "--role", "keys", "--key", "chief.key"],
    &["key", "new", "chief.key", "--name", "again"],
    &["key", "new", "chief.key", "--name", "again", "--algorithm", "ml-dsa-44"],
    &["note", "x", "--key", "chief.key", "--second-key", "chief.key"],
    &["key", "list"],
    &["init", "--ledger", "other", "--key", "chief.key"],
    &["anchor", "--request", "ask.tsq", "--key", "chief.key"],
    &["anchor", "--attach", "chief.key", "--ca", "chief.key", "--record", "--key", "chief.key"],
    &["anchor", "--check", "--ca", "chief.key"],
    &["witness", "http://127.0.0.1:1", "--vkey", "chief.key", "--record", "--key", "chief.key"],
    &["witness", "http://127.0.0.1:1", "--vkey", WITNESS, "--record", "--key", "chief.key"],
    &["witness", "--attach", "chief.key", "--vkey", WITNESS],
    &["witness", "--policy", "chief.key"],
    &["check", "chief.key", "--signed-by", "chief.key"],
    &["check", "chief.key", "--policy", "chief.key"],
    &["verify", "--against", "chief.key", "--policy", "chief.key"],
    &["log"],
    &["head"],
    &["verify"],
    &["export"],
    &["show", "#3"],
    &["--help"],
];

#[test]
fn private_keys_reach_neither_the_ledger_nor_any_output() {
    let desk = signed_desk();
    let seed = *private(&desk, "chief").seed();
    let hex = annals::chain::Hash(seed).to_string();
    let spellings =
        [seed.to_vec(), base64(&seed).trim_end_matches('=').into(), hex.clone().into(), hex.to_uppercase().into()];
    let mut said = Vec::new();
    fs::write(desk.path().join("broken.key"), fs::read_to_string(desk.path().join("chief.key")).unwrap() + "more\n")
        .unwrap();
    let sealed = desk.command(&["key", "new", "sealed.key", "--name", "sealed", "--passphrase"]);
    assert!({ sealed }.env("ANNALS_PASSPHRASE", "a phrase").status().unwrap().success());
    desk.write("claims.jsonl", "{\"type\":\"note\",\"text\":\"from a file\"}\n");
    for args in COMMANDS {
        for json in [&["--json"][..], &[]] {
            let mut command = desk.command(&[json, *args].concat());
            let output = command.env("ANNALS_KEY", "chief.key").env("RUST_BACKTRACE", "full").output().unwrap();
            said.push([output.stdout, output.stderr].concat());
        }
    }
    assert!(holds(&fs::read(desk.path().join("chief.key")).unwrap(), &spellings[1]), "the test knows its spelling");
    let written = ["ledger", "other", "site", "demo"].map(|name| contents(&desk.path().join(name)));
    assert!(written.iter().all(|files| !files.is_empty()), "{:?}", written.each_ref().map(Vec::len));
    let ledgers = written.concat();
    assert!(!ledgers.iter().any(|bytes| holds(bytes, b"annals private key")), "nor one under a passphrase");
    for spelling in &spellings {
        assert!(!ledgers.iter().any(|bytes| holds(bytes, spelling)));
        assert!(!said.iter().any(|bytes| holds(bytes, spelling)));
    }
}

#[test]
fn a_private_key_is_not_made_in_a_ledger() {
    let desk = signed_desk();
    let said = desk.fails(&["key", "new", "ledger/new.key", "--name", "new"], 3);
    assert!(said.contains("inside the ledger") && !ledger(&desk).join("new.key").exists(), "{said}");
}
