//! Many processes at one ledger: writers wait for each other, readers for nobody.
//!
//! `ANNALS_CROWD_SECONDS=N` keeps the crowd at it for N seconds instead of a few.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{Desk, err, number_of, out};

const WRITERS: usize = 8;
const READERS: usize = 8;
/// Notes in one commit.
const NOTES: usize = 3;

/// The texts of the notes of an export, in their order.
fn notes(export: &str) -> Vec<String> {
    let lines = export.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines.filter(|line| line["type"] == "note").map(|line| line["text"].as_str().unwrap().to_owned()).collect()
}

/// Writes commits of three notes until told to stop, and says how many were acknowledged.
fn write(desk: &Desk, writer: usize, is_over: &AtomicBool) -> usize {
    let mut written = 0;
    while !is_over.load(Ordering::Relaxed) {
        let note = |place| format!(r#"{{"type":"note","text":"{writer}/{written}/{place}"}}"#);
        let lines = (0..NOTES).map(note).collect::<Vec<_>>().join("\n");
        desk.write(&format!("{writer}.jsonl"), &lines);
        desk.ok(&["import", &format!("{writer}.jsonl")]);
        written += 1;
    }
    written
}

/// Reads until told to stop: each reading goes on from the one before, and holds whole commits.
fn read(desk: &Desk, reader: usize, is_over: &AtomicBool) -> usize {
    let (mut before, mut count) = (Vec::new(), 0);
    while !is_over.load(Ordering::Relaxed) {
        if reader.is_multiple_of(4) {
            desk.ok(&["verify"]);
        } else {
            let now = notes(&desk.ok(&["export"]));
            assert!(now.starts_with(&before), "what was read once is not there any more");
            assert_eq!(now.len() % NOTES, 0, "half a commit was read: {:?}", now.last());
            before = now;
        }
        count += 1;
    }
    count
}

#[test]
fn a_crowd_loses_nothing_and_nobody_waits_for_ever() {
    let desk = Desk::with_ledger();
    let is_over = AtomicBool::new(false);
    let (written, read) = thread::scope(|scope| {
        let (desk, is_over) = (&desk, &is_over);
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(desk, writer, is_over))).collect();
        let readers: Vec<_> = (0..READERS).map(|reader| scope.spawn(move || read(desk, reader, is_over))).collect();
        thread::sleep(Duration::from_secs(number_of("ANNALS_CROWD_SECONDS", 3)));
        is_over.store(true, Ordering::Relaxed);
        let written: Vec<usize> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        let read: Vec<usize> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
        (written, read)
    });
    println!("commits by writer {written:?}, readings by reader {read:?}");
    assert!(written.iter().chain(&read).all(|count| *count > 0), "somebody starved: {written:?} {read:?}");
    let mut wanted = BTreeMap::new();
    for (writer, count) in written.iter().enumerate() {
        wanted.extend((0..*count).flat_map(|n| (0..NOTES).map(move |place| (format!("{writer}/{n}/{place}"), 1))));
    }
    let mut there = BTreeMap::new();
    for note in notes(&desk.ok(&["export"])) {
        *there.entry(note).or_insert(0) += 1;
    }
    assert!(there == wanted, "notes are missing or doubled: {} of {}", there.len(), wanted.len());
    assert_eq!(desk.json(&["verify"])[0]["findings"], 0);
}

/// A commit of a few megabytes is not written at one stroke: who reads meanwhile sees it whole or not at all.
#[test]
fn a_long_append_is_read_whole_or_not_at_all() {
    let desk = Desk::with_ledger();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let (desk, is_over) = (&desk, &is_over);
        for command in ["verify", "head", "verify", "head"] {
            scope.spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    let answer = desk.json(&[command]);
                    let size = answer[0]["size"].as_u64().unwrap();
                    assert!(size == 1 || size % 60 == 2, "half a commit was read: {size} events");
                }
            });
        }
        for round in 0..3 {
            let text = "x".repeat(60_000);
            let note = |place| format!("{{\"type\":\"note\",\"text\":\"{round}/{place} {text}\"}}\n");
            desk.write("long.jsonl", &(0..60).map(note).collect::<String>());
            desk.ok(&["import", "long.jsonl"]);
        }
        is_over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn the_lock_of_a_killed_writer_is_free_again() {
    let desk = Desk::with_ledger();
    let mut holder = desk.command(&["import", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    holder.stdin.as_mut().unwrap().write_all(b"{\"type\":\"note\",\"text\":\"never finished\"}\n").unwrap();
    thread::sleep(Duration::from_millis(300));
    let mut waiting = desk.command(&["note", "waited"]).stdout(Stdio::piped()).spawn().unwrap();
    thread::sleep(Duration::from_millis(300));
    assert!(waiting.try_wait().unwrap().is_none(), "two writers at once");
    assert_eq!(desk.ok(&["export"]).lines().count(), 1, "readers do not wait");
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert!(waiting.wait().unwrap().success());
    assert_eq!(notes(&desk.ok(&["export"])), ["waited"]);
    desk.ok(&["verify"]);
}

#[test]
fn readers_go_on_while_a_torn_tail_is_moved_aside() {
    let desk = Desk::with_ledger();
    desk.ok(&["note", "before"]);
    let segment = desk.path().join("ledger/log/000000000001.seg");
    let is_over = AtomicBool::new(false);
    let readings = thread::scope(|scope| {
        let (desk, is_over) = (&desk, &is_over);
        let readers: Vec<_> = (0..3).map(|_| scope.spawn(move || read_notes(desk, is_over))).collect();
        let end = Instant::now() + Duration::from_millis(1500);
        while Instant::now() < end {
            let mut file = OpenOptions::new().append(true).open(&segment).unwrap();
            file.write_all(&[200, 0, 0, 0, 55, 255, 255, 255, 1, 2, 3]).unwrap();
            assert!(desk.ok(&["repair"]).contains("11 bytes"));
        }
        is_over.store(true, Ordering::Relaxed);
        readers.into_iter().map(|reader| reader.join().unwrap()).sum::<usize>()
    });
    assert!(readings > 0);
    desk.ok(&["verify"]);
}

fn read_notes(desk: &Desk, is_over: &AtomicBool) -> usize {
    let mut count = 0;
    while !is_over.load(Ordering::Relaxed) {
        assert_eq!(notes(&desk.ok(&["export"])), ["before"]);
        desk.ok(&["verify"]);
        count += 1;
    }
    count
}

/// Annals as a user who owns nothing; `None` where that cannot be had.
fn as_nobody(desk: &Desk, args: &[&str]) -> Option<Command> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if !is_root {
        return Some(desk.command(args));
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]);
    let can_run = command.arg(env!("CARGO_BIN_EXE_annals")).arg("--version").output();
    if !can_run.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--", env!("CARGO_BIN_EXE_annals")]);
    command.current_dir(desk.path()).env_remove("ANNALS_LEDGER").env("ANNALS_ACTOR", "nobody").args(args);
    command.env("ANNALS_CACHE", desk.cache());
    Some(command)
}

fn set_mode(desk: &Desk, files: u32, folders: u32) {
    for (path, mode) in [
        ("", folders),
        ("ledger", folders),
        ("ledger/log", folders),
        ("ledger/log/000000000001.seg", files),
        ("ledger/LOCK", files),
    ] {
        fs::set_permissions(desk.path().join(path), Permissions::from_mode(mode)).unwrap();
    }
}

#[test]
fn a_ledger_that_cannot_be_written_is_read_and_verified() {
    let desk = Desk::with_ledger();
    desk.ok(&["record", "embassy", "power", "off", "--on", "2024-11-23", "--said-by", "daily"]);
    let before = fs::read(desk.path().join("ledger/log/000000000001.seg")).unwrap();
    set_mode(&desk, 0o444, 0o555);
    for args in [
        &["state", "embassy", "power", "--on", "2024-11-23"][..],
        &["history", "embassy", "power"],
        &["timeline", "embassy", "power"],
        &["first", "embassy", "power"],
        &["contested"],
        &["log"],
        &["export"],
        &["head"],
        &["verify"],
    ] {
        let Some(mut command) = as_nobody(&desk, args) else {
            println!("skipped: annals cannot be run as a user without rights here");
            set_mode(&desk, 0o644, 0o755);
            return;
        };
        let output = command.output().unwrap();
        assert!(output.status.success(), "{args:?}\n{}", err(&output));
        assert!(!out(&output).is_empty(), "{args:?}");
    }
    for args in [&["note", "x"][..], &["repair"]] {
        let output = as_nobody(&desk, args).unwrap().output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{args:?}\n{}", err(&output));
        for part in ["nothing was written", "caused by: Permission denied", "hint:"] {
            assert!(err(&output).contains(part), "{part:?} is not in\n{}", err(&output));
        }
    }
    set_mode(&desk, 0o644, 0o755);
    assert!(fs::read(desk.path().join("ledger/log/000000000001.seg")).unwrap() == before);
}

/// A program where the desk lies on a file system that is mounted for reading only.
fn on_a_read_only_file_system(desk: &Desk, program: &str, args: &[&str]) -> Output {
    let script = r#"mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && cd "$1" && shift && exec "$@""#;
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", script, "sh"]).arg(desk.path()).arg(program).args(args);
    command.env("ANNALS_CACHE", desk.cache());
    command.env_remove("ANNALS_LEDGER").env("ANNALS_ACTOR", "ana").output().unwrap()
}

#[test]
fn a_ledger_on_a_read_only_file_system_is_read_and_verified() {
    let desk = Desk::with_ledger();
    desk.ok(&["record", "embassy", "power", "off", "--on", "2024-11-23", "--said-by", "daily"]);
    let has_unshare = Command::new("unshare").arg("--version").output().is_ok();
    if !has_unshare || !on_a_read_only_file_system(&desk, "true", &[]).status.success() {
        println!("skipped: nothing can be mounted here");
        return;
    }
    let annals = |args: &[&str]| on_a_read_only_file_system(&desk, env!("CARGO_BIN_EXE_annals"), args);
    for args in [&["state", "embassy", "power", "--on", "2024-11-23"][..], &["export"], &["head"], &["verify"]] {
        let output = annals(args);
        assert!(output.status.success() && !out(&output).is_empty(), "{args:?}\n{}", err(&output));
    }
    let refused = annals(&["note", "x"]);
    assert_eq!(refused.status.code(), Some(3), "{}", err(&refused));
    assert!(err(&refused).contains("nothing was written"), "{}", err(&refused));
}

#[test]
fn a_writer_that_waits_for_another_says_so() {
    let desk = Desk::with_ledger();
    let lock = std::fs::File::open(desk.path().join("ledger/LOCK")).unwrap();
    lock.lock().unwrap();
    let mut child = desk.command(&["note", "waited"]).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    // One that said nothing would wait for ever.
    let release = thread::spawn(move || {
        thread::sleep(Duration::from_secs(20));
        drop(lock);
    });
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "note: waiting for another writer of this ledger\n");
    assert!(!release.is_finished());
    child.kill().unwrap();
    child.wait().unwrap();
}
