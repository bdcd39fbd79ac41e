//! Ledgers with keys: who may write, what attackers cannot, and heads that others open.

pub(crate) mod attacks;
pub(crate) mod heads;
#[cfg(feature = "ml-dsa")]
mod second;
mod secrets;
mod writing;

use std::path::PathBuf;

use annals::ledger::{Exposed, open_key};
use annals::note::{NoteSignature, PrivateKey, PublicKey, SignedNote};

use crate::support::Desk;

/// The event that authorises the founder's key: behind the genesis and the actor.
pub(crate) const CHIEF: u64 = 3;

/// A folder with a ledger that `chief.key` began, and `ana.key`, which may append.
pub(crate) fn signed_desk() -> Desk {
    let desk = Desk::new();
    let (_, ana) = (new_key(&desk, "chief"), new_key(&desk, "ana"));
    desk.ok(&["init", "--origin", "example.org/siege", "--key", "chief.key"]);
    desk.ok(&["key", "authorise", &ana, "--role", "append", "--key", "chief.key"]);
    desk
}

/// Makes `NAME.key` and gives the public key.
pub(crate) fn new_key(desk: &Desk, name: &str) -> String {
    desk.ok(&["key", "new", &format!("{name}.key"), "--name", name]).trim_end().to_owned()
}

pub(crate) fn private(desk: &Desk, name: &str) -> PrivateKey {
    open_key::<annals::ledger::Error>(&desk.path().join(format!("{name}.key")), Exposed::Refused, || unreachable!())
        .unwrap()
}

/// The key under the ledger's name, with which its heads are checked.
pub(crate) fn head_key(desk: &Desk, name: &str) -> PublicKey {
    private(desk, name).public().named("example.org/siege").unwrap()
}

/// A text under the signature of a key, in the ledger's name; the key is made if it is not there.
pub(crate) fn signed_text(desk: &Desk, name: &str, text: &str) -> String {
    if !desk.path().join(format!("{name}.key")).exists() {
        new_key(desk, name);
    }
    let signature = NoteSignature::of(&head_key(desk, name), &private(desk, name).sign(text.as_bytes()));
    SignedNote::new(text.to_owned(), vec![signature]).to_string()
}

pub(crate) fn ledger(desk: &Desk) -> PathBuf {
    desk.path().join("ledger")
}

/// Code and event of each finding.
pub(crate) fn findings(desk: &Desk) -> Vec<(String, u64)> {
    let output = desk.run(&["--json", "verify"]);
    let lines = crate::support::out(&output);
    let lines = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let found = lines.filter(|line| line["type"] == "finding");
    found.map(|line| (line["code"].as_str().unwrap().to_owned(), line["seq"].as_u64().unwrap())).collect()
}

fn size(desk: &Desk) -> u64 {
    desk.json(&["head"])[0]["size"].as_u64().unwrap()
}
