//! What is told of an index that is of no use, and what mends it.

use std::fs;
use std::path::PathBuf;

use super::killed::ledger;
use crate::support::{Desk, err};

fn index(desk: &Desk) -> PathBuf {
    desk.path().join("ledger/index")
}

/// Puts a run that is none in the place of all others.
pub(super) fn damage(desk: &Desk) {
    let index = index(desk);
    fs::remove_dir_all(&index).unwrap();
    fs::create_dir_all(index.join("runs")).unwrap();
    fs::write(index.join("runs/000000000001-000000004096"), "no run").unwrap();
}

#[test]
fn an_index_of_no_use_is_told_once_and_its_hint_on_a_line_of_its_own() {
    let desk = ledger();
    damage(&desk);
    for asked in [
        &["state", "s0", "said", "--on", "2024-03-15"][..],
        &["contested"],
        &["log", "--limit", "3"],
        &["log", "--limit", "3", "--reverse"],
    ] {
        let told = err(&desk.run(asked));
        let [note, hint] = told.lines().collect::<Vec<_>>()[..] else { panic!("{asked:?}: {told}") };
        assert!(note.starts_with("note: the index cannot be used: "), "{asked:?}: {told}");
        assert!(note.ends_with("; the whole log was read instead"), "{asked:?}: {told}");
        assert_eq!(hint, "hint: `annals rebuild` makes the index anew", "{asked:?}");
    }
}

#[cfg(unix)]
#[test]
fn whatever_has_the_place_of_the_index_or_was_left_of_it_goes() {
    let (desk, asked) = (ledger(), ["state", "s0", "said", "--on", "2024-03-15"]);
    let elsewhere = desk.path().join("elsewhere");
    fs::create_dir_all(elsewhere.join("deep")).unwrap();
    fs::write(elsewhere.join("deep/kept"), "kept").unwrap();
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, desk.path().join("ledger").join(name)).unwrap();
    let places: [(&str, &dyn Fn()); 4] = [
        ("a file", &|| fs::write(index(&desk), "no folder").unwrap()),
        ("a link to a folder", &|| link("../elsewhere", "index")),
        ("a link to a file", &|| link("../elsewhere/deep/kept", "index")),
        ("a link to nothing", &|| link("nowhere", "index")),
    ];
    for (what, put) in places {
        fs::remove_dir_all(index(&desk)).unwrap();
        put();
        fs::write(desk.path().join("ledger/index-old-1"), "a file").unwrap();
        link("../elsewhere", "index-old-2");
        fs::create_dir_all(desk.path().join("ledger/index-old-3/runs")).unwrap();
        assert!(desk.ok(&["rebuild"]).starts_with("The index is made anew: "), "{what}");
        assert!(index(&desk).symlink_metadata().unwrap().is_dir(), "{what}");
        assert_eq!(err(&desk.run(&asked)), "", "{what}");
        let names = fs::read_dir(desk.path().join("ledger")).unwrap().map(|entry| entry.unwrap().file_name());
        let left: Vec<_> = names.filter(|name| name.to_str().unwrap().starts_with("index-old-")).collect();
        assert!(left.is_empty(), "{what}: {left:?}");
        let there = fs::read_dir(&elsewhere).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(there.collect::<Vec<_>>(), ["deep"], "{what}");
        assert_eq!(fs::read_to_string(elsewhere.join("deep/kept")).unwrap(), "kept", "{what}");
    }
}

#[test]
fn what_is_damaged_of_an_index_is_said_in_words_for_people() {
    let (desk, asked) = (ledger(), ["state", "s0", "said", "--on", "2024-03-15"]);
    let noise = |name: &str| {
        let path = index(&desk).join(name);
        let mut bytes = fs::read(&path).unwrap();
        for byte in &mut bytes {
            *byte ^= 255;
        }
        fs::write(path, bytes).unwrap();
    };
    let places: [(&str, &dyn Fn(), &str); 2] = [
        ("newest/conf", &|| noise("newest/conf"), "its newest part is damaged"),
        (
            "a file instead of runs",
            &|| {
                fs::remove_dir_all(index(&desk).join("runs")).unwrap();
                fs::write(index(&desk).join("runs"), "no folder").unwrap();
            },
            "a file has the place of one of its folders",
        ),
    ];
    for (what, put, words) in places {
        desk.ok(&["rebuild"]);
        put();
        let told = err(&desk.run(&asked));
        let note = format!("note: the index cannot be used: {words}; the whole log was read instead");
        assert_eq!(told.lines().next(), Some(note.as_str()), "{what}: {told}");
    }
}
