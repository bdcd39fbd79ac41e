//! An index that is missing, or of no use, comes back by itself; those who make it take turns.

use std::fs;
use std::path::PathBuf;

use super::killed::{ledger, ledger_of};
use super::told::damage;
use crate::support::{Desk, err};

const ASKED: [&str; 5] = ["state", "s0", "said", "--on", "2024-03-15"];
const SAID: [&str; 10] = ["record", "s0", "said", "x", "--on", "2024-03-15", "--said-by", "p0", "--id", "said"];

fn index(desk: &Desk) -> PathBuf {
    desk.path().join("ledger/index")
}

/// From so many events on, that there is no index is told and mended.
const MISSED: u64 = 20_000;

#[test]
fn whoever_writes_without_an_index_leaves_one() {
    let desk = ledger_of(MISSED);
    desk.write("one.jsonl", r#"{"type":"claim","subject":"s1","attribute":"said","value":"y","on":"2024-03-15"}"#);
    let gone = || fs::remove_dir_all(index(&desk)).unwrap();
    // The second says the same again: it records nothing.
    let writes: [(&[&str], &dyn Fn()); 5] = [
        (&SAID, &gone),
        (&SAID, &gone),
        (&["note", "n"], &gone),
        (&["import", "one.jsonl"], &gone),
        (&["note", "m"], &|| damage(&desk)),
    ];
    for (write, away) in writes {
        away();
        assert!(err(&desk.run(&ASKED)).contains("the whole log was read instead"), "{write:?}");
        let wrote = desk.run(write);
        assert!(wrote.status.success() && !err(&wrote).contains("index"), "{write:?}: {}", err(&wrote));
        assert!(index(&desk).is_dir(), "{write:?}");
        assert_eq!(err(&desk.run(&ASKED)), "", "{write:?}");
    }
    let small = Desk::with_ledger();
    small.ok(&["note", "n"]);
    assert!(!index(&small).exists(), "a small ledger needs none");
}

#[test]
fn a_writer_who_cannot_leave_an_index_says_that_everything_was_read() {
    let desk = ledger_of(MISSED);
    fs::remove_dir_all(index(&desk)).unwrap();
    let lock = desk.path().join("ledger/index.lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    let wrote = desk.run(&SAID);
    assert!(wrote.status.success());
    let told: Vec<String> = err(&wrote).lines().map(str::to_owned).collect();
    let expected = [
        "note: there is no index; the whole log was read instead",
        "note: the index is not up to date: the index could not be read or written: it is no plain file",
        "hint: check the space on the disk; answers come from the log meanwhile",
    ];
    assert_eq!(told[told.len() - 3..], expected);
}

#[test]
fn rebuilds_and_writers_take_turns() {
    let desk = ledger();
    let lines = |first: u64| {
        let line = |n: u64| {
            format!(r#"{{"type":"claim","subject":"s1","attribute":"said","value":"w{n}","on":"2024-03-15"}}"#)
        };
        (first..first + 1100).map(line).collect::<Vec<_>>().join("\n")
    };
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| (0..6).for_each(|_| drop(desk.ok(&["rebuild"]))));
        }
        for number in 0..4 {
            let name = format!("{number}.jsonl");
            desk.write(&name, &lines(number * 1100));
            let wrote = desk.run(&["import", &name]);
            assert!(wrote.status.success() && !err(&wrote).contains("the index"), "{}", err(&wrote));
        }
    });
    assert_eq!(err(&desk.run(&ASKED)), "");
    desk.ok(&["verify"]);
}

#[cfg(unix)]
#[test]
fn where_there_is_no_room_for_an_index_the_hint_is_about_that() {
    // So many are a file.
    let desk = ledger_of(5000);
    let limited = format!("trap '' XFSZ; ulimit -f 256; exec {} rebuild", env!("CARGO_BIN_EXE_annals"));
    let made = std::process::Command::new("sh").args(["-c", &limited]).current_dir(desk.path()).output().unwrap();
    assert_eq!(made.status.code(), Some(3), "{}", err(&made));
    let told = err(&made);
    assert!(told.starts_with("error: the index could not be read or written\ncaused by: File too large"), "{told}");
    assert!(told.ends_with("\nhint: check the space on the disk; answers come from the log meanwhile\n"), "{told}");
    assert!(desk.run(&ASKED).status.success());
    desk.ok(&["rebuild"]);
    assert_eq!(err(&desk.run(&ASKED)), "");
}
