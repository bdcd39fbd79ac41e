//! Witnesses: those that do what they should, and those that do not.

mod asking;
mod attacks;
mod fake;
mod keeping;
pub(crate) mod peers;

use annals::note::{COSIGNATURE, NoteSignature, PrivateKey, PublicKey, SignedNote, base64};

use crate::keys::{head_key, signed_desk};
use crate::support::{Desk, out};

/// The private key of a witness of this name.
fn private(name: &str) -> PrivateKey {
    PrivateKey::of_seed(name, &annals::chain::digest(name.as_bytes()).0).unwrap()
}

/// The key that its cosignatures are checked with.
fn vkey(name: &str) -> PublicKey {
    PublicKey::of_algorithm(name, COSIGNATURE, private(name).public().bytes()).unwrap()
}

/// The line with which the witness `by` cosigns a checkpoint's text, in the name of a key.
fn line(by: &str, named: &PublicKey, time: u64, text: &str) -> String {
    let signature = private(by).sign(format!("cosignature/v1\ntime {time}\n{text}").as_bytes());
    let bytes = [&named.id(), time.to_be_bytes().as_slice(), &signature].concat();
    let line = format!("\u{2014} {} {}", named.name(), base64(&bytes));
    assert!(NoteSignature::parse(&line).is_some());
    line + "\n"
}

/// The same of a whole note, by the witness itself.
fn cosigned(name: &str, note: &str) -> String {
    line(name, &vkey(name), 1_700_000_000, SignedNote::parse(note).unwrap().text())
}

/// Writes `policy.txt`: the log as `chief` publishes it, and these witnesses with their addresses; so many of them are
/// needed.
fn write_policy(desk: &Desk, least: usize, witnesses: &[(&str, &str)]) {
    let lines: Vec<String> =
        witnesses.iter().map(|(name, url)| format!("witness {name} {} {url}", vkey(name))).collect();
    let names = witnesses.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ");
    let log = head_key(desk, "chief");
    desk.write(
        "policy.txt",
        &format!("log {log}\n{}\ngroup enough {least} {names}\nquorum enough\n", lines.join("\n")),
    );
}

/// A ledger whose head `chief` signed, and `head.txt` with it.
fn desk() -> (Desk, String) {
    let desk = signed_desk();
    desk.ok(&["note", "x", "--key", "chief.key"]);
    let head = desk.ok(&["head"]);
    desk.write("head.txt", &head);
    (desk, head)
}

/// What `check` says of a receipt under the policy, and its exit code.
fn checked(desk: &Desk, receipt: &str) -> (Option<i32>, String) {
    let output = desk.run(&["check", receipt, "--policy", "policy.txt"]);
    (output.status.code(), out(&output))
}
