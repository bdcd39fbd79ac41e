//! Programs that know nothing of annals read what it publishes, and check what it proves.

use std::process::{Command, Output};

use super::web::Web;
use super::*;
use crate::keys::heads::go_program;
use crate::support::err;
use crate::witnessed::peers::python;

/// Checks by Go's own library.
const GO: &str = include_str!("../../peers/tlog.go");
/// Audits by a Python package.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/tiles.py");

/// One whose head is signed by ana, with a partial tile that became full.
fn published() -> Newsroom {
    let room = Newsroom::new();
    room.notes(290);
    room.publish();
    room.notes(400);
    room.publish();
    room
}

#[test]
fn go_reads_every_tile_and_entry_and_proves_by_them() {
    let room = published();
    let Some(program) = go_program(&room.desk, "tlog", GO) else { return };
    let run = |args: &[&str]| Command::new(&program).args(args).current_dir(room.desk.path()).output().unwrap();
    let key = head_key(&room.desk, "ana").to_string();
    let read = || run(&["published", "site", &key]);
    assert_eq!(out(&read()).trim(), "697", "{}", out(&read()));
    for path in ["tile/0/001", "tile/1/000.p/2", "tile/0/002.p/185", "tile/entries/001", "checkpoint"] {
        let path = room.site().join(path);
        let whole = fs::read(&path).unwrap();
        let mut changed = whole.clone();
        changed[40] ^= 1;
        fs::write(&path, changed).unwrap();
        assert_eq!(read().status.code(), Some(1), "{}", path.display());
        fs::write(&path, whole).unwrap();
    }
    assert!(read().status.success());
}

#[test]
fn go_checks_receipts_and_proofs_of_growth() {
    let room = published();
    let Some(program) = go_program(&room.desk, "tlog", GO) else { return };
    let run = |args: &[&str]| Command::new(&program).args(args).current_dir(room.desk.path()).output().unwrap();
    let holds = |output: &Output| output.status.success();
    for seq in [1, 2, 255, 256, 257, 512, 513, 640, 696, 697] {
        room.desk.ok(&["prove", &format!("#{seq}"), "--output", "receipt.txt", "--force"]);
        let checked = run(&["receipt", "receipt.txt"]);
        assert!(holds(&checked), "#{seq}: {}", out(&checked));
    }
    for old in [1, 7, 256, 297, 300, 512, 696, 697] {
        room.desk.ok(&["prove", "--from", &old.to_string(), "--output", "growth.txt", "--force"]);
        let checked = run(&["growth", "growth.txt"]);
        assert!(holds(&checked), "{old}: {}", out(&checked));
    }
    let altered = |name: &str, from: &str, to: &str| {
        let text = fs::read_to_string(room.desk.path().join(name)).unwrap();
        assert!(text.contains(from), "{text}");
        room.desk.write("altered.txt", &text.replacen(from, to, 1));
    };
    altered("receipt.txt", "\nindex 696\n", "\nindex 695\n");
    assert!(!holds(&run(&["receipt", "altered.txt"])));
    altered("growth.txt", "\n697\n", "\n698\n");
    assert!(!holds(&run(&["growth", "altered.txt"])));
}

#[test]
fn an_independent_client_audits_the_tree_over_http() {
    let room = published();
    let Some(python) = python() else { return };
    let web = Web::of(&room.site());
    let key = head_key(&room.desk, "ana").to_string();
    let audit = || Command::new(&python).args(["-B", PYTHON, &web.url, &key]).output().unwrap();
    let audited = audit();
    assert_eq!(out(&audited).trim(), "697", "{}", err(&audited));
    for (path, at) in [("tile/0/001", 40), ("tile/entries/002.p/185", 40), ("checkpoint", 40)] {
        let mut bytes = fs::read(room.site().join(path)).unwrap();
        bytes[at] ^= 1;
        web.lies(move |asked| (asked == path).then(|| super::web::Reply::File(bytes.clone())));
        assert_eq!(audit().status.code(), Some(1), "{path}");
    }
}
