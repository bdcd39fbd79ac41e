//! A log or a cache that was put in the place of another.

use std::fs;
use std::path::Path;

use super::{FEW, answers, cached, folder, folders, import, lines, require_same, runs, told};
use crate::support::Desk;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), &to).unwrap();
        }
    }
}

/// Puts one ledger in the place of another.
fn replace(desk: &Desk, by: &Path) {
    let ledger = desk.path().join("ledger");
    fs::remove_dir_all(&ledger).unwrap();
    copy(by, &ledger);
}

#[test]
fn runs_of_another_ledger_are_not_used() {
    let (desk, other) = (cached(), Desk::with_ledger());
    import(&other, &lines(3, 1300));
    other.ok(FEW[0]);
    let (own, theirs) = (runs(&desk)[0].clone(), runs(&other)[0].clone());
    // Under their name, and under the name of the run that was there.
    fs::copy(&theirs, folder(&desk).join(theirs.file_name().unwrap())).unwrap();
    require_same(&desk, "beside");
    fs::copy(&theirs, &own).unwrap();
    require_same(&desk, "in its place");
}

#[test]
fn a_log_that_is_shorter_longer_or_another_branch_is_answered_from_itself() {
    let desk = Desk::with_ledger();
    let ledger = desk.path().join("ledger");
    let saved = |name: &str| {
        let to = desk.path().join(name);
        copy(&ledger, &to);
        to
    };
    import(&desk, &lines(3, 30));
    let old = saved("old");
    import(&desk, &lines(36, 1500));
    let one = saved("one");
    import(&desk, &lines(1500, 2900));
    let longer = saved("longer");
    replace(&desk, &old);
    desk.ok(&["cache", "clear"]);
    // Of the same lengths, with other words.
    import(&desk, &lines(36, 1500).replace("\"quote ", "\"words "));
    let other = saved("other");
    let newest = [&old, &one, &longer, &other];
    for cached in newest {
        for now in newest {
            replace(&desk, cached);
            desk.ok(&["cache", "rebuild"]);
            replace(&desk, now);
            let asked: &[&[&str]] = &[FEW[0], &["show", "#20"], &["log"], &["history", "s1", "a"]];
            let wanted = answers(&desk, asked, Path::new("none"));
            for _ in 0..2 {
                assert!(answers(&desk, asked, desk.cache()) == wanted, "{} {}", cached.display(), now.display());
            }
        }
    }
}

#[test]
fn the_same_ledger_at_another_place_has_a_cache_of_its_own() {
    let desk = cached();
    copy(&desk.path().join("ledger"), &desk.path().join("copy"));
    desk.ok(&["--ledger", "copy", "state", "--on", "2024-03-20"]);
    assert_eq!(folders(&desk).len(), 2);
    // By whatever path it is named, a place is one place.
    fs::create_dir(desk.path().join("sub")).unwrap();
    desk.ok(&["--ledger", "sub/../copy", "state", "--on", "2024-03-20"]);
    std::os::unix::fs::symlink("copy", desk.path().join("link")).unwrap();
    desk.ok(&["--ledger", "link", "state", "--on", "2024-03-20"]);
    assert_eq!(folders(&desk).len(), 2);
}

#[test]
fn a_log_that_no_longer_holds_the_head_that_was_seen_is_told_until_that_is_accepted() {
    for first in [lines(3, 30), lines(3, 1300)] {
        let desk = Desk::with_ledger();
        let ledger = desk.path().join("ledger");
        import(&desk, &first);
        let old = desk.path().join("old");
        copy(&ledger, &old);
        desk.ok(FEW[0]);
        desk.ok(&["note", "more"]);
        assert_eq!(told(&desk), "", "a ledger that grew");
        let head = desk.ok(&["head"]);
        let head = head.lines().find_map(|line| line.strip_prefix("head ")).unwrap();
        replace(&desk, &old);
        for _ in 0..2 {
            let told = told(&desk);
            assert!(told.contains("no longer holds the head") && told.contains(head), "{told}");
        }
        // Another history that is longer holds that head no more.
        desk.ok(&["--cache", "none", "note", "other"]);
        desk.ok(&["--cache", "none", "note", "words"]);
        assert!(told(&desk).contains(head));
        desk.ok(&["cache", "rebuild"]);
        assert!(told(&desk).contains(head), "only clearing accepts");
        desk.ok(&["cache", "clear"]);
        assert_eq!(told(&desk), "");
        assert_eq!(told(&desk), "");
    }
}

#[test]
fn a_file_of_what_was_seen_that_says_anything_changes_no_answer() {
    let desk = cached();
    let seen = folder(&desk).join("seen");
    let wanted = answers(&desk, FEW, Path::new("none"));
    let whole = fs::read_to_string(&seen).unwrap();
    let tip = "0".repeat(64);
    let head = whole.split_once(' ').unwrap().0;
    for text in [
        "",
        "x",
        "0",
        "\0\0\n",
        &whole.repeat(1000),
        &format!("{head} 9 9\n"),
        &format!("{head} 1 18446744073709551615\n"),
        &format!("18446744073709551615:{tip} 18446744073709551615 0\n"),
        &format!("7:{tip} 1 64\n"),
    ] {
        fs::write(&seen, text).unwrap();
        assert!(answers(&desk, FEW, desk.cache()) == wanted, "{text:?}");
    }
    fs::remove_file(&seen).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &seen).unwrap();
    assert!(told(&desk).contains("is no plain file"));
    assert!(answers(&desk, FEW, desk.cache()) == wanted);
}
