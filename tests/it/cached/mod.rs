//! The cache: with one, with one that lags or was tampered with, and without one, every answer is the same.

mod answers;
mod attacks;
mod command;
mod damaged;
mod exchanged;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Desk, err, out};

const SIEGE: &str = include_str!("../../../fixtures/siege.jsonl");

/// Questions of every kind.
const ASKED: &[&[&str]] = &[
    &["state", "--on", "2024-11-24"],
    &["state", "argentine-compound-caracas", "under-siege", "--on", "2024-07-30", "--why"],
    &["--json", "state", "--on", "2024-03-20"],
    &["timeline", "s1"],
    &["contested"],
    &["first", "s1", "a"],
    &["history", "s1", "a"],
    &["log"],
    &["show", "g700"],
    &["show", "#900"],
    &["entity", "s1"],
];

/// Some of them, which read every part of a run.
const FEW: &[&[&str]] = &[&["state", "--on", "2024-03-20"], &["show", "g700"], &["show", "#900"]];

/// Lines of many kinds, about some numbers.
pub(super) fn lines(from: u64, to: u64) -> String {
    let mut all = String::new();
    for number in from..to {
        let (subject, day) = (number % 37, 1 + number % 28);
        let value = ["on", "off", "half"][usize::try_from(number % 3).unwrap()];
        let claim = |id: u64, subject: u64| {
            format!(
                r#""id":"g{id}","subject":"s{subject}","attribute":"a","value":"{value}","said_by":"source-{}","quote":"quote {id}""#,
                id % 5
            )
        };
        let line = match number % 11 {
            0 => format!(r#"{{"type":"retraction","id":"r{number}","retracts":"g{}","reason":"misread"}}"#, number - 3),
            1 if number % 110 == 1 => {
                format!(r#"{{"type":"judgement","entities":["s{subject}","s1"],"verdict":"same","reason":"{number}"}}"#)
            }
            2 => {
                let claim = claim(number, subject + 1);
                let target = number - 7;
                format!(
                    r#"{{"type":"correction","id":"k{number}","corrects":"g{target}","reason":"x","claim":{{{claim},"on":"2024-03-{day:02}"}}}}"#
                )
            }
            _ => format!(r#"{{"type":"claim",{},"from":"2024-03-{day:02}"}}"#, claim(number, subject)),
        };
        writeln!(all, "{line}").unwrap();
    }
    all
}

/// A ledger that is large enough for a cache.
pub(crate) fn large() -> Desk {
    let desk = Desk::with_ledger();
    import(&desk, &format!("{SIEGE}{}", lines(3, 900)));
    desk
}

pub(super) fn import(desk: &Desk, lines: &str) {
    desk.write("lines.jsonl", lines);
    desk.ok(&["import", "lines.jsonl"]);
}

/// One that was asked a question, so that it has a cache of one run.
pub(super) fn cached() -> Desk {
    let desk = large();
    desk.ok(FEW[0]);
    assert_eq!(runs(&desk).len(), 1);
    desk
}

/// Code and text of answers.
pub(super) fn answers(desk: &Desk, asked: &[&[&str]], cache: &Path) -> Vec<(Option<i32>, String)> {
    let ask = |args: &&[&str]| {
        let output = desk.command(args).env("ANNALS_CACHE", cache).output().unwrap();
        assert_ne!(output.status.code(), Some(101), "{args:?} {}", err(&output));
        (output.status.code(), out(&output))
    };
    asked.iter().map(ask).collect()
}

/// Requires that questions are answered as without a cache.
pub(super) fn require_same(desk: &Desk, why: &str) {
    let wanted = answers(desk, ASKED, Path::new("none"));
    assert!(wanted.iter().all(|(code, text)| *code == Some(0) && !text.is_empty()), "{wanted:?}");
    // The second time the cache is what the first one left.
    for _ in 0..2 {
        for ((asked, found), wanted) in ASKED.iter().zip(answers(desk, ASKED, desk.cache())).zip(&wanted) {
            assert!(found == *wanted, "{why}: {asked:?}\n{}\n{}", found.1, wanted.1);
        }
    }
}

/// What annals says beside an answer.
pub(super) fn told(desk: &Desk) -> String {
    let output = desk.run(FEW[0]);
    assert!(output.status.success(), "{}", err(&output));
    err(&output)
}

/// The folders of ledgers in the cache.
pub(super) fn folders(desk: &Desk) -> Vec<PathBuf> {
    fs::read_dir(desk.cache()).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// The one folder in the cache.
pub(super) fn folder(desk: &Desk) -> PathBuf {
    let folders = folders(desk);
    assert_eq!(folders.len(), 1, "{folders:?}");
    folders[0].clone()
}

/// The files of runs, in order.
pub(super) fn runs(desk: &Desk) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = folders(desk)
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "run"))
        .collect();
    all.sort_unstable();
    all
}

/// Whether some bytes are anywhere in the cache.
pub(super) fn holds(desk: &Desk, word: &str) -> bool {
    let files = folders(desk).into_iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut all = files.map(|file| fs::read(file.unwrap().path()).unwrap());
    all.any(|bytes| bytes.windows(word.len()).any(|window| window == word.as_bytes()))
}

#[test]
fn a_small_ledger_leaves_no_run() {
    let desk = Desk::with_ledger();
    import(&desk, &lines(3, 40));
    desk.ok(&["state", "--on", "2024-03-20"]);
    assert!(runs(&desk).is_empty());
}

#[test]
fn a_cache_that_is_missing_that_lags_or_follows_answers_as_none_does() {
    let desk = large();
    require_same(&desk, "missing");
    assert_eq!(runs(&desk).len(), 1);
    let first = fs::read(&runs(&desk)[0]).unwrap();
    import(&desk, &lines(903, 960));
    require_same(&desk, "short of the last lines");
    assert_eq!(fs::read(&runs(&desk)[0]).unwrap(), first, "a few lines are read from the log");
    import(&desk, &lines(960, 2100));
    require_same(&desk, "short of many lines");
    assert_ne!(fs::read(&runs(&desk)[0]).unwrap(), first);
    for file in runs(&desk) {
        fs::remove_file(file).unwrap();
    }
    require_same(&desk, "without its files");
    fs::remove_dir_all(folder(&desk)).unwrap();
    require_same(&desk, "without its folder");
}
