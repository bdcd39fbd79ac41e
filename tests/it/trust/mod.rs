//! What is shown to people without the ledger: receipts, their checkers, and attackers.

mod attacks;
mod receipts;

use std::path::{Path, PathBuf};

use annals::seq::Seq;
use annals::share::{check_proof, prove};

use crate::support::Desk;

/// A ledger of some twenty events, one of them erased.
fn ledger() -> Desk {
    let desk = Desk::with_ledger();
    for (day, value) in [("2024-11-21", "on"), ("2024-11-22", "off"), ("2024-11-23", "on"), ("2024-11-24", "off")] {
        desk.ok(&["record", "embassy", "power", value, "--on", day, "--said-by", "daily", "--quote", "as seen: ‘off’"]);
        desk.ok(&["note", day]);
    }
    desk.ok(&["retract", "#6", "--reason", "misread"]);
    desk.ok(&["erase", "#7", "--basis", "order 12", "--yes"]);
    desk
}

fn dir(desk: &Desk) -> PathBuf {
    desk.path().join("ledger")
}

fn size(desk: &Desk) -> u64 {
    desk.json(&["head"])[0]["size"].as_u64().unwrap()
}

fn receipt(dir: &Path, seqs: &[u64]) -> String {
    prove(dir, &seqs.iter().copied().map(Seq).collect::<Vec<_>>()).unwrap()
}

fn holds(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| check_proof(text).is_ok())
}

/// A text with the checksum that fits it: what an attacker computes.
pub(crate) fn with_checksum(text: &str) -> String {
    let parts = text.split_once("\n\n").and_then(|(heading, body)| Some((heading.rsplit_once('\n')?.0, body)));
    let Some((start, body)) = parts else { return text.to_owned() };
    format!("{start}\nchecksum {}\n\n{body}", annals::chain::digest(body.as_bytes()))
}
