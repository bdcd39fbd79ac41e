//! Which keys a question about all keys came to is kept, and changes no answer.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::support::Desk;

/// More keys than those of a ledger for which nothing is kept; of each hundred one is contested.
fn desk() -> Desk {
    let desk = Desk::with_ledger();
    let mut lines = String::new();
    for number in 0..4_200 {
        writeln!(
            lines,
            r#"{{"type":"claim","subject":"s{number}","attribute":"a","value":"x","on":"2024-03-01","said_by":"one"}}"#
        )
        .unwrap();
        if number % 100 == 0 {
            writeln!(lines, r#"{{"type":"claim","subject":"s{number}","attribute":"a","value":"y","on":"2024-03-01","said_by":"two"}}"#).unwrap();
        }
    }
    desk.write("lines.jsonl", &lines);
    desk.ok(&["import", "lines.jsonl"]);
    desk
}

fn kept(desk: &Desk) -> PathBuf {
    PathBuf::from(desk.json(&["cache"])[0]["folder"].as_str().unwrap()).join("answers")
}

/// What is contested, by the log alone and with the cache, which say the same.
fn contested(desk: &Desk, more: &[&str]) -> String {
    let with = |cache: &[&'static str]| desk.ok(&[&["contested"], more, cache].concat());
    let alone = with(&["--cache", "none"]);
    assert_eq!(with(&[]), alone, "{more:?}");
    assert_eq!(with(&[]), alone, "{more:?}, asked again");
    alone
}

#[test]
fn what_contested_found_is_kept_and_never_believed_of_another_head() {
    let desk = desk();
    assert_eq!(contested(&desk, &[]).matches("s4100").count(), 1);
    let kept = kept(&desk);
    assert!(kept.exists());
    assert_eq!(contested(&desk, &["--on", "2024-03-02"]).matches("s4100").count(), 1);
    assert!(contested(&desk, &["--recorded-by", "#100"]).matches("s4100").count() == 0);
    desk.ok(&["record", "s7", "a", "y", "--on", "2024-03-01", "--said-by", "two"]);
    let now = contested(&desk, &[]);
    assert!(now.lines().any(|line| line == "s7") || now.contains("s7\n"), "{now}");
    // Whatever becomes of the database, the answer is the same.
    let db = kept.join("db");
    let len = usize::try_from(fs::metadata(&db).unwrap().len()).unwrap();
    fs::write(&db, vec![0xff; len]).unwrap();
    assert_eq!(contested(&desk, &[]), now);
    fs::remove_dir_all(&kept).unwrap();
    fs::write(&kept, "no folder").unwrap();
    assert_eq!(contested(&desk, &[]), now);
    fs::remove_file(&kept).unwrap();
    contested(&desk, &[]);
    assert!(kept.exists());
    desk.ok(&["verify"]);
    assert!(!kept.exists(), "what is not compared is not kept");
    contested(&desk, &[]);
    desk.ok(&["cache", "clear"]);
    assert!(!kept.exists());
}
