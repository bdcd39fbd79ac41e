//! The one beside you on the machine, with an account of their own or a moment at yours: files in the way, links that are
//! exchanged, locks that are never given back, keys that lie open.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::sent_file::{bounded, refused};
use crate::hostile::within;
use crate::keys::signed_desk;
use crate::support::{Desk, err};

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Every file below a folder, with its bytes; links by where they lead.
fn all(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        let metadata = fs::symlink_metadata(&entry).unwrap();
        if metadata.is_dir() {
            found.extend(all(&entry));
        } else if metadata.is_symlink() {
            found.insert(entry.clone(), fs::read_link(&entry).unwrap().into_os_string().into_encoded_bytes());
        } else if metadata.is_file() {
            found.insert(entry.clone(), fs::read(&entry).unwrap());
        } else {
            found.insert(entry, b"no file".to_vec());
        }
    }
    found
}

/// Every option that names a file to write, with that file.
fn writing(file: &str) -> Vec<Vec<&str>> {
    let mut all =
        vec![vec!["export", "-o", file], vec!["import", "bad.jsonl", "--key", "chief.key", "--rejects", file]];
    if cfg!(feature = "share") {
        all.push(vec!["prove", "#3", "-o", file]);
    }
    if cfg!(feature = "anchor") {
        all.push(vec!["anchor", "--request", file]);
    }
    all
}

/// A desk with another ledger beside its own, and a line that is refused.
fn desk() -> Desk {
    let desk = signed_desk();
    desk.ok(&["init", "--ledger", "other"]);
    desk.write("bad.jsonl", "{\"type\":\"note\",\"text\":\"x\"}\n{\"type\":\"claim\"}\n");
    if cfg!(feature = "share") {
        desk.ok(&["publish", "site"]);
    }
    desk
}

#[test]
fn no_output_goes_into_a_ledger_however_its_path_is_written() {
    let desk = desk();
    symlink("ledger/log", desk.path().join("in")).unwrap();
    symlink("other", desk.path().join("away")).unwrap();
    let before = all(desk.path());
    let mut paths: Vec<String> = ["log/000000000001.seg", "LOCK", "log/new.seg", "README", "evidence", "anchors/x"]
        .iter()
        .flat_map(|name| {
            ["ledger", "other", "away", "site/../ledger", "./other/../ledger"].map(|dir| format!("{dir}/{name}"))
        })
        .collect();
    paths.extend(["in/x", "in/000000000001.seg", "in/../x", "ledger"].map(str::to_owned));
    paths.push(desk.path().join("ledger/x").to_str().unwrap().to_owned());
    for path in &paths {
        for mut args in writing(path).into_iter().chain([vec!["key", "new", path, "--name", "x"]]) {
            for force in [false, true] {
                if force && args[0] != "key" {
                    args.push("--force");
                }
                let said = desk.fails(&args, 3);
                assert!(said.contains("is inside the ledger"), "{args:?}: {said}");
            }
        }
    }
    // What names a folder.
    for (args, told) in [
        (&["export", "--evidence", "ledger/copies"][..], "is inside the ledger"),
        (&["export", "--evidence", "in/copies"], "is inside the ledger"),
        (&["init", "--ledger", "ledger/inner"], "is inside the ledger"),
        (&["demo", "--into", "in/demo"], "is inside the ledger"),
        #[cfg(feature = "share")]
        (&["publish", "other/site"], "is inside the ledger"),
        #[cfg(feature = "share")]
        (&["publish", "in/site"], "is inside the ledger"),
    ] {
        let said = desk.fails(args, 3);
        assert!(said.contains(told), "{args:?}: {said}");
    }
    #[cfg(feature = "share")]
    {
        let key = crate::keys::head_key(&desk, "chief").to_string();
        for keep in ["ledger/kept", "other/new/kept", "in/kept"] {
            let said = desk.fails(&["verify", "--url", "site", "--key", &key, "--keep", keep], 3);
            assert!(said.contains("is inside the ledger"), "{keep}: {said}");
        }
    }
    let said = err(&desk.run(&["state", "--cache", "other/cache"]));
    assert!(said.contains("the cache is not used"), "{said}");
    assert_eq!(all(desk.path()), before);
}

#[test]
fn no_output_goes_through_a_link_or_over_what_would_be_missed() {
    within(120, "an output that goes nowhere", || {
        let desk = desk();
        desk.write("precious", "of years");
        pipe(&desk.path().join("pipe"));
        fs::create_dir(desk.path().join("folder")).unwrap();
        symlink("precious", desk.path().join("link")).unwrap();
        symlink("made", desk.path().join("dangling")).unwrap();
        let before = all(desk.path());
        for (path, told) in [
            ("pipe", "is no plain file"),
            ("folder", "is a folder"),
            ("link", "is a link"),
            ("dangling", "is a link"),
            ("/dev/null", "is no plain file"),
            ("/dev/stdout", "is a link"),
            ("chief.key", "is a private key"),
        ] {
            for mut args in writing(path) {
                for force in [false, true] {
                    args.extend(force.then_some("--force"));
                    let said = desk.fails(&args, 3);
                    assert!(said.contains(told) && said.contains("- stands for"), "{args:?}: {said}");
                }
            }
            desk.fails(&["key", "new", path, "--name", "x"], 3);
        }
        for args in writing("precious").into_iter().chain([vec!["key", "new", "precious", "--name", "x"]]) {
            let said = desk.fails(&args, 3);
            assert!(
                said.contains("is there already; it was not touched") && said.contains("--force"),
                "{args:?}: {said}"
            );
        }
        assert_eq!(all(desk.path()), before, "nothing was written, and nothing recorded");
        for mut args in writing("precious") {
            args.push("--force");
            desk.write("precious", "of years");
            desk.ok(&args);
            assert_ne!(fs::read(desk.path().join("precious")).unwrap(), b"of years", "{args:?}");
        }
        let left = fs::read_dir(desk.path())
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".annals"));
        assert_eq!(left.count(), 0, "no temporary file is left");
    });
}

#[cfg(feature = "share")]
#[test]
fn what_is_kept_of_a_followed_ledger_replaces_nothing_else() {
    let desk = desk();
    let key = crate::keys::head_key(&desk, "chief").to_string();
    desk.write("kept.keys", "of years");
    symlink("kept.keys", desk.path().join("link")).unwrap();
    for keep in ["kept", "kept.keys", "chief.key", "link"] {
        let output = desk.run(&["verify", "--url", "site", "--key", &key, "--keep", keep]);
        assert!(!output.status.success(), "{keep}: {}", crate::support::out(&output));
    }
    assert_eq!(fs::read_to_string(desk.path().join("kept.keys")).unwrap(), "of years");
    assert!(!desk.path().join("kept").exists());
    fs::remove_file(desk.path().join("kept.keys")).unwrap();
    for _ in 0..2 {
        desk.ok(&["verify", "--url", "site", "--key", &key, "--keep", "kept"]);
        desk.ok(&["note", "x", "--key", "chief.key"]);
        desk.ok(&["publish", "site"]);
    }
}

/// A link comes and goes where a file is being written, as fast as it can.
#[test]
fn a_link_that_comes_and_goes_is_never_followed() {
    let desk = Desk::with_ledger();
    desk.write("precious", "of years");
    let (target, ended) = (desk.path().join("out"), AtomicBool::new(false));
    let segment = fs::read(desk.path().join("ledger/log/000000000001.seg")).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                for leads_to in ["precious", "ledger/log/000000000001.seg", "ledger/log/new"] {
                    let _ = symlink(leads_to, &target);
                    let _ = fs::remove_file(&target);
                }
            }
        });
        for force in [&[][..], &["--force"]].repeat(40) {
            let _ = desk.run(&[&["export", "-o", "out"][..], force].concat());
        }
        ended.store(true, Ordering::Relaxed);
    });
    assert_eq!(fs::read(desk.path().join("precious")).unwrap(), b"of years");
    assert_eq!(fs::read(desk.path().join("ledger/log/000000000001.seg")).unwrap(), segment);
    assert!(!desk.path().join("ledger/log/new").exists());
}

#[test]
fn whoever_holds_the_lock_for_ever_is_named_and_waited_for_no_longer_than_said() {
    within(240, "a writer that waits for a lock", || {
        let desk = Desk::with_ledger();
        let lock = fs::File::open(desk.path().join("ledger/LOCK")).unwrap();
        lock.lock_shared().unwrap();
        for (wait, at_least) in [("0", 0), ("1", 1)] {
            for args in [&["note", "x"][..], &["import", "lines.jsonl"], &["repair"]] {
                desk.write("lines.jsonl", "{\"type\":\"note\",\"text\":\"x\"}\n");
                let begun = Instant::now();
                let said = desk.fails(&[args, &["--wait", wait]].concat(), 3);
                let took = begun.elapsed();
                assert!(took >= Duration::from_secs(at_least) && took < Duration::from_secs(at_least + 30), "{took:?}");
                assert!(said.contains("or holds its lock; nothing was written") && said.contains("--wait"), "{said}");
                let holder = format!("process {}", std::process::id());
                assert!(!cfg!(target_os = "linux") || said.contains(&holder), "{said}");
            }
        }
        drop(lock);
        desk.ok(&["note", "x", "--wait", "0"]);
    });
}

/// Makes of a path what never ends, never begins, or is no file.
const IN_THE_WAY: &[fn(&Path)] = &[
    |path| fs::File::create(path).unwrap().set_len(8 << 40).unwrap(),
    pipe,
    |path| symlink("/dev/zero", path).unwrap(),
    |path| fs::create_dir(path).unwrap(),
];

fn put(path: &Path, what: fn(&Path)) {
    if fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir()) {
        fs::remove_dir_all(path).unwrap();
    } else {
        let _ = fs::remove_file(path);
    }
    what(path);
}

#[test]
fn a_segment_that_never_ends_holds_nobody_up() {
    within(300, "a segment that never ends", || {
        let commands: &[&[&str]] =
            &[&["head"], &["verify"], &["repair"], &["log"], &["export"], &["note", "y", "--key", "chief.key"]];
        for grown in [false, true] {
            let desk = signed_desk();
            let log = desk.path().join("ledger/log");
            let segment = if grown { "000000000001.seg" } else { "000000000009.seg" };
            let options = fs::OpenOptions::new().create(true).truncate(false).write(true).open(log.join(segment));
            options.unwrap().set_len(8 << 40).unwrap();
            let before = fs::read_dir(&log).unwrap().count();
            for args in commands {
                refused(&desk, args);
            }
            assert_eq!(fs::read_dir(&log).unwrap().count(), before, "nothing was moved");
        }
        // A segment that is still being written is moved aside, however long it is.
        let desk = signed_desk();
        fs::File::create(desk.path().join("ledger/log/000000000009.seg.tmp")).unwrap().set_len(8 << 40).unwrap();
        desk.ok(&["note", "y", "--key", "chief.key"]);
        desk.ok(&["verify"]);
    });
}

#[test]
fn what_lies_in_the_place_of_a_copy_holds_nobody_up() {
    within(300, "a copy that is none", || {
        for what in IN_THE_WAY {
            let desk = Desk::with_ledger();
            desk.write("page.txt", "the lamps went out");
            let record = ["record", "s", "a", "v", "--said-by", "w", "--quote", "went out", "--evidence"];
            desk.ok(&[&record[..], &["page.txt", "--on", "2024-01-01", "--id", "c1"]].concat());
            let folder = fs::read_dir(desk.path().join("ledger/evidence")).unwrap().next().unwrap().unwrap().path();
            let copy = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
            put(&copy, *what);
            let digest = copy.file_name().unwrap().to_str().unwrap();
            assert_eq!(bounded(&desk, &["verify"]).status.code(), Some(1));
            for args in
                [&[&record[..], &[digest, "--on", "2024-01-02"]].concat()[..], &["export", "--evidence", "copies"]]
            {
                let output = bounded(&desk, args);
                assert!(matches!(output.status.code(), Some(0..=3)), "{args:?} {:?}", output.status);
                assert!(!err(&output).contains("memory"), "{}", err(&output));
            }
            assert!(!desk.path().join("copies").join(&digest[..2]).join(digest).exists());
        }
    });
}

#[cfg(feature = "share")]
#[test]
fn what_lies_in_the_place_of_kept_heads_and_published_files_holds_nobody_up() {
    within(300, "a kept head that is none", || {
        let desk = signed_desk();
        desk.ok(&["publish", "site"]);
        let size = crate::support::out(&desk.run(&["--json", "head"]));
        let size = serde_json::from_str::<serde_json::Value>(&size).unwrap()["size"].as_u64().unwrap();
        let key = crate::keys::head_key(&desk, "chief").to_string();
        let witnessed = desk.path().join("ledger/witnessed");
        fs::create_dir(&witnessed).unwrap();
        for what in IN_THE_WAY {
            put(&witnessed.join(size.to_string()), *what);
            put(&witnessed.join("LOCK"), *what);
            for args in [&["head"][..], &["witness"], &["prove", "#3"], &["verify"]] {
                let output = bounded(&desk, args);
                assert!(output.status.success(), "{args:?} {}", err(&output));
            }
            for name in [".lock", "checkpoint", "ledger.txt", ".new"] {
                let copied = Command::new("cp").args(["-r", "site", "copy"]).current_dir(desk.path()).status();
                assert!(copied.unwrap().success());
                put(&desk.path().join("copy").join(name), *what);
                for args in [&["publish", "copy"][..], &["verify", "--url", "copy", "--key", &key, "--keep", "kept"]] {
                    let output = bounded(&desk, args);
                    assert!(matches!(output.status.code(), Some(0..=3)), "{args:?} {:?}", output.status);
                    assert!(!err(&output).contains("memory"), "{}", err(&output));
                }
                fs::remove_dir_all(desk.path().join("copy")).unwrap();
                let _ = fs::remove_file(desk.path().join("kept"));
                let _ = fs::remove_file(desk.path().join("kept.keys"));
            }
        }
    });
}

#[cfg(feature = "anchor")]
#[test]
fn what_lies_in_the_place_of_a_stamp_holds_nobody_up() {
    within(300, "a stamp that is none", || {
        let desk = signed_desk();
        desk.ok(&["anchor", "--request", "ask.tsq"]);
        let ca = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/stamps/ca.pem");
        let head = fs::read_dir(desk.path().join("ledger/anchors")).unwrap().next().unwrap().unwrap().path();
        for what in IN_THE_WAY {
            put(&head, *what);
            put(&head.with_extension("tsr"), *what);
            for args in [&["anchor"][..], &["anchor", "--check", "--ca", ca], &["verify"]] {
                let output = bounded(&desk, args);
                assert!(matches!(output.status.code(), Some(0..=3)), "{args:?} {:?}", output.status);
                assert!(!err(&output).contains("memory"), "{}", err(&output));
            }
        }
    });
}

#[test]
fn what_lies_in_the_place_of_a_run_holds_nobody_up() {
    within(300, "a run that is none", || {
        for what in IN_THE_WAY {
            let desk = Desk::with_ledger();
            desk.write("lines.jsonl", "{\"type\":\"note\",\"text\":\"x\"}\n");
            desk.ok(&["import", "lines.jsonl"]);
            desk.ok(&["cache", "rebuild"]);
            let runs: Vec<PathBuf> = all(desk.cache()).into_keys().collect();
            assert!(!runs.is_empty(), "there is a run");
            for run in &runs {
                put(run, *what);
            }
            for args in [&["log"][..], &["state", "--on", "2024-01-01"], &["note", "y"], &["cache"], &["verify"]] {
                let output = bounded(&desk, args);
                assert!(output.status.success(), "{args:?} {}", err(&output));
            }
        }
    });
}

#[test]
fn a_private_key_that_others_can_read_is_refused_when_it_is_used() {
    let desk = signed_desk();
    let key = desk.path().join("chief.key");
    for mode in [0o640, 0o604, 0o620, 0o602, 0o666] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        for args in [&["note", "x", "--key", "chief.key"][..], &["init", "--ledger", "new", "--key", "chief.key"]] {
            let said = desk.fails(args, 3);
            assert!(said.contains("can be read by others") && said.contains("chmod 600 chief.key"), "{mode:o}: {said}");
        }
        desk.ok(&["note", "x", "--key", "chief.key", "--force-insecure-key"]);
    }
    assert!(!desk.path().join("new").exists());
    for mode in [0o600, 0o400] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        desk.ok(&["note", "x", "--key", "chief.key"]);
    }
    desk.ok(&["key", "new", "fresh.key", "--name", "fresh"]);
    assert_eq!(fs::metadata(desk.path().join("fresh.key")).unwrap().permissions().mode() & 0o777, 0o600);
}

/// Looks at the memory of a writer that waits: what was read of the key's file is gone from it.
#[cfg(target_os = "linux")]
#[test]
fn what_was_read_of_a_private_keys_file_does_not_stay_in_memory() {
    use std::io::{Read, Seek, SeekFrom};

    let desk = signed_desk();
    let secret = fs::read_to_string(desk.path().join("chief.key")).unwrap();
    let secret = secret.lines().nth(2).unwrap().as_bytes();
    let lock = fs::File::open(desk.path().join("ledger/LOCK")).unwrap();
    lock.lock().unwrap();
    let mut command = desk.command(&["note", "a note by which the memory is known", "--key", "chief.key"]);
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    // Two seconds after the key was read it says that it waits.
    let mut said = [0; 64];
    let len = child.stderr.as_mut().unwrap().read(&mut said).unwrap();
    assert!(said[..len].starts_with(b"note: waiting for another writer"));
    let maps = fs::read_to_string(format!("/proc/{}/maps", child.id())).unwrap();
    let mut memory = fs::File::open(format!("/proc/{}/mem", child.id())).unwrap();
    let (mut is_known, mut found) = (false, 0);
    let holds = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        // Pages that nobody touched are many, and of zeros.
        for page in (from..to).step_by(1 << 16) {
            let mut bytes = vec![0; usize::try_from((to - page).min((1 << 16) + 64)).unwrap()];
            if memory.seek(SeekFrom::Start(page)).is_err()
                || memory.read_exact(&mut bytes).is_err()
                || bytes.iter().all(|b| *b == 0)
            {
                continue;
            }
            is_known |= holds(&bytes, b"a note by which the memory is known");
            found += usize::from(holds(&bytes, secret));
        }
    }
    drop(lock);
    assert!(child.wait().unwrap().success());
    assert!(is_known, "its memory was read");
    assert_eq!(found, 0, "places hold what was read of the file");
}

#[test]
fn a_folder_that_a_service_copies_is_told_when_a_ledger_is_begun_and_verified() {
    for (mark, who) in [(".stfolder", "Syncthing"), (".dropbox", "Dropbox"), (".nextcloudsync.log", "Nextcloud")] {
        let desk = Desk::new();
        fs::create_dir_all(desk.path().join("shared/desk")).unwrap();
        desk.write(&format!("shared/{mark}"), "");
        let begun = desk.run(&["init", "--ledger", "shared/desk/ledger"]);
        assert!(begun.status.success(), "the ledger is made");
        let verified = desk.run(&["verify", "--ledger", "shared/desk/ledger"]);
        assert!(verified.status.success());
        for said in [err(&begun), err(&verified)] {
            assert!(said.contains("warning: ") && said.contains(who) && said.contains("several devices"), "{said}");
        }
        assert!(!err(&desk.run(&["init"])).contains("warning"));
        assert!(!err(&desk.run(&["verify"])).contains("warning"));
    }
    let desk = Desk::new();
    fs::create_dir(desk.path().join("OneDrive - Desk")).unwrap();
    let begun = desk.run(&["init", "--ledger", "OneDrive - Desk/ledger"]);
    assert!(err(&begun).contains("OneDrive"), "{}", err(&begun));
}

#[test]
fn a_second_version_of_a_segment_is_named_by_verify() {
    for name in [
        "000000000001 (conflicted copy 2024-11-24).seg",
        "000000000001 (1).seg",
        "000000000001.sync-conflict-20241124-190000-ABCDEFG.seg",
    ] {
        let desk = Desk::with_ledger();
        let log = desk.path().join("ledger/log");
        fs::copy(log.join("000000000001.seg"), log.join(name)).unwrap();
        let verified = desk.run(&["verify"]);
        let said = err(&verified);
        assert_eq!(verified.status.code(), Some(1), "it may be a segment that was renamed: {said}");
        assert!(
            said.contains("1 strange file") && said.contains(name) && said.contains("when two of them wrote"),
            "{said}"
        );
    }
    let desk = Desk::with_ledger();
    fs::write(desk.path().join("ledger/log/notes.txt"), "").unwrap();
    fs::write(desk.path().join("ledger/LOCK (conflicted copy)"), "").unwrap();
    let verified = desk.run(&["verify"]);
    assert!(verified.status.success() && err(&verified).contains("2 strange files"), "{}", err(&verified));
}
