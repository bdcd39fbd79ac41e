//! The same commands with the index, without it, and with one that is of no use.

use std::fs;

use crate::support::{Desk, Random, err, number_of, out};

/// A ledger of the siege, with everything that is asked of it.
fn siege() -> (Desk, Vec<Vec<String>>) {
    let desk = Desk::with_ledger();
    let lines = include_str!("../../../fixtures/siege.jsonl");
    desk.write("siege.jsonl", lines);
    desk.ok(&["import", "siege.jsonl"]);
    desk.ok(&["record", "embassy", "flag", "Brazil", "--on", "2024-08-01", "--said-by", "desk", "--quote", "a flag"]);
    let mut asked: Vec<String> = [
        "state --on 2024-11-24",
        "state --on 2024-11-24 --reported-by 2024-11-23",
        "state --on 2024-11-24 --recorded-by #60",
        "contested",
        "contested --on 2024-12-01",
        "stale --on 2025-03-01",
        "diff --from 2024-09-06 --to 2024-09-09",
        "diff --known-from 2024-09-01 --known-to 2025-01-01 --on 2024-11-24",
        "log",
        "log --since #50 --limit 9",
        "log --reverse --limit 9",
        "log --since #9999",
        "head",
        "entity",
        "attribute",
        "source",
        "state nobody-of-that-name",
        "history embassy flagg",
        "show nothing-of-that-id",
        "show #9999",
    ]
    .map(str::to_owned)
    .to_vec();
    let mut keys: Vec<(String, String)> = Vec::new();
    for (number, line) in lines.lines().enumerate() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |field: &str| line[field].as_str().map(str::to_owned);
        asked.extend(text("id").filter(|_| number % 9 == 0).map(|id| format!("show {id}")));
        keys.extend(text("subject").zip(text("attribute")));
    }
    keys.sort();
    keys.dedup();
    for (subject, attribute) in keys.iter().step_by(5) {
        asked.push(format!("state {subject} {attribute} --on 2024-11-24 --why"));
        asked.push(format!("history {subject} {attribute}"));
        asked.push(format!("first {subject} {attribute}"));
        asked.push(format!("timeline {subject}"));
        asked.push(format!("contested {subject}"));
    }
    asked.sort();
    asked.dedup();
    let words = |line: String| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let json = asked.iter().map(|line| format!("--json {line}")).map(words).collect::<Vec<_>>();
    let told = asked.into_iter().map(words).collect::<Vec<_>>();
    (desk, json.into_iter().chain(told).collect())
}

/// What a command prints, how it ends, and what it says beside.
fn answer(desk: &Desk, words: &[String]) -> (String, Option<i32>, String) {
    let output = desk.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
    (out(&output), output.status.code(), err(&output))
}

#[test]
fn every_question_is_answered_alike_with_and_without_the_index() {
    let (desk, asked) = siege();
    assert!(asked.len() > 100, "{}", asked.len());
    let replayed: Vec<_> = asked.iter().map(|words| answer(&desk, words)).collect();
    assert!(!desk.path().join("ledger/index").exists(), "a small ledger needs none");
    assert!(desk.ok(&["rebuild"]).starts_with("The index is made anew: "));
    for (words, expected) in asked.iter().zip(&replayed) {
        assert_eq!(answer(&desk, words), *expected, "{words:?}");
    }
}

#[test]
fn an_index_that_is_of_no_use_is_named_and_does_no_harm() {
    let (desk, asked) = siege();
    let asked: Vec<_> = asked.into_iter().filter(|words| words.contains(&"state".to_owned())).take(12).collect();
    let replayed: Vec<_> = asked.iter().map(|words| answer(&desk, words)).collect();
    let index = desk.path().join("ledger/index");
    let other = Desk::with_ledger();
    other.ok(&["note", "another ledger"]);
    let compare = |what: &str| {
        for (words, expected) in asked.iter().zip(&replayed) {
            let (out, code, err) = answer(&desk, words);
            assert_eq!((&out, code), (&expected.0, expected.1), "{what}: {words:?}");
            assert!(err.contains("the whole log was read instead"), "{what}: {err}");
            assert!(!err.contains("panicked"), "{what}: {err}");
        }
    };
    // Every file of it overwritten with noise.
    desk.ok(&["rebuild"]);
    for path in files(&index) {
        let len = fs::metadata(&path).unwrap().len();
        let noise: Vec<u8> = (0..len).map(|place| u8::try_from(place * 7 % 251).unwrap()).collect();
        fs::write(path, noise).unwrap();
    }
    compare("noise");
    // That of another ledger.
    other.ok(&["rebuild"]);
    fs::remove_dir_all(&index).unwrap();
    fs::rename(other.path().join("ledger/index"), &index).unwrap();
    compare("another ledger's");
    // Whoever writes mends it.
    desk.ok(&["note", "still written"]);
    assert!(!err(&desk.run(&["state", "--on", "2024-11-24"])).contains("whole log"));
}

/// Files in a folder and the folders in it.
fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}

#[test]
fn an_index_changed_anywhere_never_gives_another_answer() {
    let (mut random, seed) = Random::new();
    let (desk, asked) = siege();
    let asked: Vec<_> = asked.into_iter().filter(|words| words.contains(&"--why".to_owned())).take(2).collect();
    let replayed: Vec<_> = asked.iter().map(|words| answer(&desk, words)).collect();
    let index = desk.path().join("ledger/index");
    let mut noticed = 0;
    for round in 0..number_of("ANNALS_INDEXED", 30) {
        desk.ok(&["rebuild"]);
        let full: Vec<_> = files(&index).into_iter().filter(|path| fs::metadata(path).unwrap().len() > 0).collect();
        let path = &full[usize::try_from(random.below(full.len() as u64)).unwrap()];
        let mut bytes = fs::read(path).unwrap();
        let at = usize::try_from(random.below(bytes.len() as u64)).unwrap();
        match random.below(3) {
            0 => bytes.truncate(at),
            1 => bytes[at] ^= 1 << random.below(8),
            _ => bytes[at..].iter_mut().take(64).for_each(|byte| *byte = 0),
        }
        fs::write(path, bytes).unwrap();
        for (words, expected) in asked.iter().zip(&replayed) {
            let (out, code, err) = answer(&desk, words);
            let what = format!("round {round}, seed {seed}: {} at {at}: {words:?}\n{err}", path.display());
            assert_eq!((&out, code), (&expected.0, expected.1), "{what}");
            assert!(!err.contains("panicked"), "{what}");
            noticed += u32::from(err.contains("the whole log was read instead"));
        }
    }
    assert!(noticed > 0, "seed {seed}");
}
