//! Time-stamps of heads: a ledger with a request, and answers that OpenSSL gave to it (`fixtures/stamps`); attackers; and
//! an authority of time that is run here.

mod attached;
mod attacks;
mod authority;

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Desk;

/// When the answers in the fixtures were made, and how large the ledger was when it asked.
const STAMPED_AT: &str = "2026-11-30T18:57:10.000000Z";
const STAMPED_SIZE: u64 = 5;

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stamps").join(name).to_str().unwrap().to_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// A desk with the ledger that asked, and grew since.
fn asking_desk() -> Desk {
    let desk = Desk::new();
    copy(Path::new(&fixture("ledger")), &desk.path().join("ledger"));
    desk
}

/// One whose request was answered.
fn stamped_desk() -> Desk {
    let desk = asking_desk();
    desk.ok(&["anchor", "--attach", &fixture("good/rsa-sha256.tsr"), "--ca", &fixture("ca.pem")]);
    desk
}

/// The kept files of an ending, in the order of their names.
fn kept(desk: &Desk, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(desk.path().join("ledger/anchors")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|own| own == ending)).collect();
    files.sort();
    files
}
