//! Somebody else on the machine: what others could have put there is not used.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use tempfile::TempDir;

use super::{FEW, answers, cached, folder, folders, holds, import, large, lines, require_same, runs, told};
use crate::support::{Desk, err};

/// Somebody else.
const OTHER: u32 = 12345;

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Whether files can be given to somebody else here; says so if not.
fn can_give_away(desk: &Desk) -> bool {
    let file = desk.path().join("given");
    fs::write(&file, "").unwrap();
    let can = chown(&file, Some(OTHER), None).is_ok();
    if !can {
        let _ = writeln!(std::io::stderr(), "skipped: this user cannot give files to another");
    }
    can
}

/// Requires that a cache is told of and not used: answers are right, and its files stay as they are.
fn require_unused(desk: &Desk, why: &str) {
    let files = || runs(desk).iter().map(|run| fs::symlink_metadata(run).unwrap().mtime_nsec()).collect::<Vec<_>>();
    let before = files();
    let told = told(desk);
    assert!(told.contains("note: the cache is not used") && told.contains(why), "{why}: {told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(answers(desk, FEW, desk.cache()) == answers(desk, FEW, Path::new("none")), "{why}");
    assert_eq!(files(), before, "{why}");
}

#[test]
fn a_cache_that_others_may_write_to_is_not_used() {
    let desk = cached();
    assert_eq!(told(&desk), "");
    for mode in [0o770, 0o707, 0o1777] {
        set_mode(&folder(&desk), mode);
        require_unused(&desk, "may be written by others");
    }
    set_mode(&folder(&desk), 0o700);
    for mode in [0o770, 0o777] {
        set_mode(desk.cache(), mode);
        require_unused(&desk, "may be written by others");
    }
    // There nobody else can exchange what is another's.
    set_mode(desk.cache(), 0o1777);
    assert_eq!(told(&desk), "");
    set_mode(&runs(&desk)[0], 0o666);
    require_unused(&desk, "may be written by others");
}

#[test]
fn a_folder_above_that_others_may_write_to_is_found_also_where_the_cache_is_still_to_be_made() {
    let desk = large();
    let above = desk.path().join("above");
    fs::create_dir(&above).unwrap();
    set_mode(&above, 0o777);
    let output = desk.command(FEW[0]).env("ANNALS_CACHE", above.join("new/cache")).output().unwrap();
    assert!(output.status.success() && err(&output).contains("may be written by others"), "{}", err(&output));
    assert_eq!(fs::read_dir(&above).unwrap().count(), 0);
    set_mode(&above, 0o755);
    let output = desk.command(FEW[0]).env("ANNALS_CACHE", above.join("new/cache")).output().unwrap();
    assert_eq!(err(&output), "");
    for made in ["new", "new/cache"] {
        assert_eq!(fs::metadata(above.join(made)).unwrap().mode() & 0o777, 0o700, "{made}");
    }
}

#[test]
fn a_cache_that_is_another_users_is_not_used() {
    let desk = cached();
    if !can_give_away(&desk) {
        return;
    }
    chown(&runs(&desk)[0], Some(OTHER), None).unwrap();
    require_unused(&desk, "is another user's");
    chown(&runs(&desk)[0], Some(0), None).unwrap();
    chown(folder(&desk), Some(OTHER), None).unwrap();
    require_unused(&desk, "belongs to another user");
    chown(folder(&desk), Some(0), None).unwrap();
    chown(desk.cache(), Some(OTHER), None).unwrap();
    require_unused(&desk, "belongs to another user");
}

#[test]
fn nothing_is_read_or_written_through_a_link() {
    let desk = cached();
    let (run, real) = (runs(&desk)[0].clone(), folder(&desk));
    let elsewhere = TempDir::new().unwrap();
    let moved = elsewhere.path().join("moved");
    fs::rename(&run, &moved).unwrap();
    symlink(&moved, &run).unwrap();
    require_unused(&desk, "is no plain file");
    fs::remove_file(&run).unwrap();
    fs::hard_link(&moved, &run).unwrap();
    require_unused(&desk, "has another name too");
    fs::remove_file(&moved).unwrap();
    assert_eq!(told(&desk), "");
    fs::rename(&real, &moved).unwrap();
    symlink(&moved, &real).unwrap();
    require_unused(&desk, "is a link");
    // A link above is followed once, to a folder of this user.
    fs::remove_file(&real).unwrap();
    fs::rename(&moved, &real).unwrap();
    let link = elsewhere.path().join("link");
    symlink(desk.cache(), &link).unwrap();
    let output = desk.command(&["cache"]).env("ANNALS_CACHE", &link).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 run"), "{}", err(&output));
}

#[test]
fn a_pipe_or_a_folder_among_the_runs_keeps_nobody_waiting() {
    let desk = cached();
    let run = runs(&desk)[0].clone();
    fs::remove_file(&run).unwrap();
    if Command::new("mkfifo").arg(&run).status().is_ok_and(|status| status.success()) {
        require_unused(&desk, "is no plain file");
        fs::remove_file(&run).unwrap();
    }
    fs::create_dir(&run).unwrap();
    require_unused(&desk, "is no plain file");
    // What annals did not make is not removed.
    let refused = desk.fails(&["cache", "clear"], 3);
    assert!(refused.contains("nothing was done") && run.is_dir(), "{refused}");
}

#[test]
fn what_annals_did_not_make_stays_when_the_cache_is_cleared() {
    let desk = cached();
    let own = folder(&desk).join("letter.txt");
    fs::write(&own, "mine").unwrap();
    desk.ok(&["cache", "clear"]);
    assert!(runs(&desk).is_empty());
    assert_eq!(fs::read_to_string(&own).unwrap(), "mine");
}

#[test]
fn a_cache_within_a_ledgers_folder_is_refused() {
    let desk = cached();
    let other = Desk::with_ledger();
    for ledger in [desk.path().join("ledger"), other.path().join("ledger")] {
        for inside in [ledger.clone(), ledger.join("log"), ledger.join("cache/deep")] {
            let output = desk.command(FEW[0]).env("ANNALS_CACHE", &inside).output().unwrap();
            assert!(output.status.success() && err(&output).contains("is inside the ledger"), "{}", err(&output));
        }
        assert!(!ledger.join("cache").exists());
    }
}

#[test]
fn answers_come_where_nothing_can_be_kept() {
    let desk = large();
    let wanted = answers(&desk, FEW, Path::new("none"));
    let has_full = fs::metadata("/dev/full").is_ok();
    let mut places: Vec<PathBuf> = vec!["/proc/annals".into(), desk.path().join("lines.jsonl")];
    places.extend(has_full.then(|| "/dev/full".into()));
    for place in &places {
        assert_eq!(answers(&desk, FEW, place), wanted, "{}", place.display());
    }
    // Files of more than a few bytes cannot be written.
    let full = |cache: &Path| {
        let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" state --on 2024-03-20";
        let mut command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_annals")]).current_dir(desk.path());
        command.env("ANNALS_CACHE", cache).output().unwrap()
    };
    let output = full(desk.cache());
    assert!(output.status.success(), "{}", err(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout), wanted[0].1);
    let left: Vec<_> = folders(&desk).iter().flat_map(|folder| fs::read_dir(folder).unwrap()).collect();
    // That this head was seen is short enough.
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn what_is_erased_is_gone_from_the_cache() {
    let desk = large();
    let secret = |id: &str| {
        format!(
            r#"{{"type":"claim","id":"{id}","subject":"s1","attribute":"a","value":"whispered-{id}","on":"2024-03-02","said_by":"paper","quote":"murmured {id}"}}"#
        )
    };
    import(&desk, &format!("{}\n{}\n", secret("secret-1"), secret("secret-2")));
    desk.ok(&["cache", "rebuild"]);
    let words = |id: &str| holds(&desk, id);
    assert!(holds(&desk, "whispered-secret-1"));
    // The eraser's cache goes at once.
    desk.ok(&["erase", "secret-1", "--basis", "law", "--yes"]);
    assert!(!words("secret-1"));
    require_same(&desk, "erased");
    // That of somebody else goes when it is used.
    let theirs = TempDir::new().unwrap();
    let erase =
        desk.command(&["erase", "secret-2", "--basis", "law", "--yes"]).env("ANNALS_CACHE", theirs.path()).output();
    assert!(erase.unwrap().status.success());
    assert!(holds(&desk, "whispered-secret-2"));
    desk.ok(FEW[0]);
    assert!(!words("secret-2"));
    require_same(&desk, "erased by somebody else");
}

#[test]
fn many_at_once_answer_alike_and_leave_one_cache() {
    let desk = large();
    let wanted = answers(&desk, FEW, Path::new("none"));
    thread::scope(|scope| {
        let ask = || assert_eq!(answers(&desk, FEW, desk.cache()), wanted);
        let all: Vec<_> = (0..6).map(|_| scope.spawn(ask)).collect();
        for _ in 0..5 {
            desk.ok(&["cache", "clear"]);
        }
        for one in all {
            one.join().unwrap();
        }
    });
    desk.ok(FEW[0]);
    assert_eq!(runs(&desk).len(), 1);
    let temporary = fs::read_dir(folder(&desk)).unwrap().map(|file| file.unwrap().path());
    let temporary: Vec<_> = temporary.filter(|path| path.extension() == Some(OsStr::new("tmp"))).collect();
    assert!(temporary.is_empty(), "{temporary:?}");
    import(&desk, &lines(903, 905));
    require_same(&desk, "after a crowd");
}
