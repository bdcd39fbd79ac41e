//! Files that are no files: each is refused at once, and nothing is written through them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::within;
use crate::support::Desk;

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn what_is_imported_must_have_lines() {
    within(60, "an import of what is no file", || {
        let desk = Desk::with_ledger();
        fs::create_dir(desk.path().join("folder")).unwrap();
        assert!(desk.fails(&["import", "folder"], 3).contains("folder is a folder, not a file"));
        assert!(desk.fails(&["import", "/dev/zero"], 3).contains("is no text"));
        desk.ok(&["import", "/dev/null"]);
        // A pipe is what a shell gives for <(…): it is read like a file.
        let path = desk.path().join("pipe");
        pipe(&path);
        let import = desk.command(&["import", "pipe"]).spawn().unwrap();
        fs::write(&path, "{\"type\":\"note\",\"text\":\"through a pipe\"}\n").unwrap();
        assert!(import.wait_with_output().unwrap().status.success());
        assert!(desk.ok(&["log"]).contains("through a pipe"));
    });
}

#[test]
fn a_captured_copy_must_be_a_plain_file() {
    within(60, "evidence that is no file", || {
        let desk = Desk::with_ledger();
        fs::create_dir(desk.path().join("folder")).unwrap();
        pipe(&desk.path().join("pipe"));
        let huge = fs::File::create(desk.path().join("huge")).unwrap();
        huge.set_len((256 << 20) + 1).unwrap();
        let head = desk.ok(&["head"]);
        for (file, told) in [
            ("folder", "is no file"),
            ("pipe", "is no file"),
            ("/dev/zero", "is no file"),
            ("huge", "is longer than 268435456 bytes"),
            ("missing", "missing"),
        ] {
            let args = ["record", "s", "a", "v", "--on", "2024", "--said-by", "w", "--evidence", file];
            let output = desk.run(&args);
            let message = crate::support::err(&output);
            assert!(!output.status.success() && message.contains(told), "{file}: {message}");
        }
        for file in ["folder", "pipe"] {
            let read = annals::ledger::CapturedCopy::read(&desk.path().join(file));
            assert!(read.unwrap_err().to_string().contains("is no plain file"), "{file}");
        }
        assert_eq!(desk.ok(&["head"]), head);
        assert!(!desk.path().join("ledger/evidence").exists());
    });
}

#[test]
fn a_ledger_made_of_odd_files_keeps_nobody_waiting() {
    within(60, "a ledger of odd files", || {
        let desk = Desk::new();
        desk.write("file", "no ledger");
        for args in [&["--ledger", "file", "head"][..], &["--ledger", "file", "verify"], &["--ledger", "file", "init"]]
        {
            assert!(!desk.run(args).status.success(), "{args:?}");
        }
        assert_eq!(fs::read_to_string(desk.path().join("file")).unwrap(), "no ledger");
        desk.ok(&["init"]);
        let log = desk.path().join("ledger/log");
        let record = ["record", "s", "a", "v", "--on", "2024-11-24", "--said-by", "w"];
        pipe(&log.join("000000000002.seg"));
        for args in [&["head"][..], &["verify"], &record] {
            assert!(!desk.run(args).status.success(), "{args:?}");
        }
        fs::remove_file(log.join("000000000002.seg")).unwrap();
        let lock = desk.path().join("ledger/LOCK");
        let _ = fs::remove_file(&lock);
        pipe(&lock);
        assert!(desk.fails(&record, 3).contains("no plain file"));
    });
}

#[test]
fn a_link_in_the_log_is_not_followed_and_nothing_else_is_touched() {
    let desk = Desk::with_ledger();
    let log = desk.path().join("ledger/log");
    desk.write("outside", "a letter");
    symlink(desk.path().join("outside"), log.join("000000000002.seg")).unwrap();
    symlink(desk.path().join("outside"), log.join("notes.txt")).unwrap();
    symlink(log.join("nowhere"), log.join("000000000009.seg")).unwrap();
    for args in [&["verify"][..], &["head"], &["repair"], &["record", "s", "a", "v", "--on", "2024", "--said-by", "w"]]
    {
        assert!(!desk.run(args).status.success(), "{args:?}");
    }
    assert_eq!(fs::read_to_string(desk.path().join("outside")).unwrap(), "a letter");
}

/// Whoever may write to a ledger's folder leads nobody out of it: what lies behind a link is neither read nor written.
#[test]
fn no_link_below_the_ledgers_folder_is_followed() {
    let desk = Desk::with_ledger();
    let ledger = desk.path().join("ledger");
    let outside = desk.path().join("outside");
    fs::create_dir(&outside).unwrap();
    desk.write("page.txt", "the lamps went out");
    let record = |day: &str, more: &[&str]| {
        desk.run(&[&["record", "s", "a", "v", "--on", day, "--said-by", "w"][..], more].concat())
    };
    let refused = |output: std::process::Output| {
        let told = crate::support::err(&output);
        assert!(
            !output.status.success() && (told.contains("links are not followed") || told.contains("no plain file")),
            "{told}"
        );
    };
    let untouched = || fs::read_dir(&outside).unwrap().next().is_none();

    // LOCK: to nothing, which would be made, and to a file.
    let lock = ledger.join("LOCK");
    let _ = fs::remove_file(&lock);
    symlink(outside.join("made"), &lock).unwrap();
    refused(record("2024-01-01", &[]));
    assert!(untouched());
    fs::remove_file(&lock).unwrap();

    // evidence/, evidence/AB and a copy.
    let evidence = ledger.join("evidence");
    symlink(&outside, &evidence).unwrap();
    refused(record("2024-01-02", &["--evidence", "page.txt"]));
    assert!(untouched());
    fs::remove_file(&evidence).unwrap();
    assert!(record("2024-01-02", &["--evidence", "page.txt", "--id", "c"]).status.success());
    let inner = fs::read_dir(&evidence).unwrap().next().unwrap().unwrap().path();
    let away = desk.path().join("away");
    fs::rename(&inner, &away).unwrap();
    symlink(&away, &inner).unwrap();
    assert_eq!(desk.run(&["verify"]).status.code(), Some(1), "what should be a folder of copies is a link");
    refused(record("2024-01-03", &["--evidence", "page.txt"]));
    desk.ok(&["erase", "c", "--basis", "order", "--yes"]);
    assert_eq!(fs::read_dir(&away).unwrap().count(), 1, "nothing outside is removed");
    fs::remove_file(&inner).unwrap();

    // witnessed/ and anchors/.
    let (anchors, witnessed) = (ledger.join("anchors"), ledger.join("witnessed"));
    symlink(&outside, &anchors).unwrap();
    symlink(&outside, &witnessed).unwrap();
    refused(desk.run(&["anchor", "--request", "ask.tsq"]));
    refused(desk.run(&["anchor"]));
    desk.ok(&["head"]);
    assert!(untouched());

    // log/ itself.
    let log = ledger.join("log");
    let moved = desk.path().join("moved");
    fs::rename(&log, &moved).unwrap();
    symlink(&moved, &log).unwrap();
    for args in [&["head"][..], &["verify"], &["repair"], &["log"]] {
        refused(desk.run(args));
    }
    refused(record("2024-01-04", &[]));
}

#[test]
fn a_pipe_in_the_place_of_a_captured_copy_keeps_no_quote_waiting() {
    within(60, "a quote from a pipe", || {
        let desk = Desk::with_ledger();
        desk.write("page.txt", "the lamps went out");
        let record = ["record", "s", "a", "v", "--said-by", "w", "--quote", "went out", "--evidence"];
        desk.ok(&[&record[..], &["page.txt", "--on", "2024-01-01"]].concat());
        let folder = fs::read_dir(desk.path().join("ledger/evidence")).unwrap().next().unwrap().unwrap().path();
        let copy = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
        fs::remove_file(&copy).unwrap();
        pipe(&copy);
        let digest = copy.file_name().unwrap().to_str().unwrap();
        let _ = desk.run(&[&record[..], &[digest, "--on", "2024-01-02"]].concat());
        let _ = desk.run(&["export", "--evidence", "copies"]);
    });
}
