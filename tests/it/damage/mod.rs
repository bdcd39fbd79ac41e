//! Damaged ledgers: each kind of damage is found and named, nothing is written to them, and what is intact answers.

mod asked;
mod kinds;
mod named;
mod newer;
mod peers;
mod resumed;
mod told;

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Desk;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// Puts a copy of a fixture's log where a desk has its ledger.
fn lay(desk: &Desk, name: &str) {
    let log = desk.path().join("ledger/log");
    let _ = fs::remove_dir_all(&log);
    fs::create_dir_all(&log).unwrap();
    for file in fs::read_dir(fixture(name).join("log")).unwrap().map(|file| file.unwrap().path()) {
        fs::copy(&file, log.join(file.file_name().unwrap())).unwrap();
    }
}

/// A desk with a copy of a fixture.
fn desk_of(name: &str) -> Desk {
    let desk = Desk::new();
    lay(&desk, name);
    desk
}

/// Changes a segment's bytes.
fn edit(desk: &Desk, segment: u64, change: impl FnOnce(&mut Vec<u8>)) {
    let path = desk.path().join(format!("ledger/log/{segment:012}.seg"));
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// Where the record of each event begins in a segment, by number, and how long it is.
fn frames(desk: &Desk, segment: u64) -> Vec<(u64, usize, usize)> {
    use annals::frame::{Cut, Envelope, HEADER_LEN, Record, cut};
    let bytes = fs::read(desk.path().join(format!("ledger/log/{segment:012}.seg"))).unwrap();
    let (mut all, mut at) = (Vec::new(), HEADER_LEN);
    while let Cut::Record(record, len) = cut(&bytes[at..]) {
        if let Record::Frame(raw) = record {
            all.push((Envelope::fields_of(raw.envelope).seq, at, len));
        }
        at += len;
    }
    all
}

/// A small ledger of another origin than the fixtures'.
fn tiny() -> kinds::Files {
    let desk = Desk::with_ledger();
    desk.ok(&["note", "a"]);
    kinds::read(&desk.path().join("ledger"))
}
