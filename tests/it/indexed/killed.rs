//! An index whose maker is killed, and one that is made while others ask.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::{Desk, Random, err, number_of, out};

const SUBJECTS: u64 = 40;

/// A ledger with so many claims that an index is kept for it.
pub(super) fn ledger() -> Desk {
    let desk = Desk::with_ledger();
    let claim = |number: u64| {
        let (subject, day, source) = (number % SUBJECTS, 1 + number % 28, number % 7);
        format!(
            r#"{{"type":"claim","id":"c{number}","subject":"s{subject}","attribute":"said","value":"v{}","from":"2024-03-{day:02}","said_by":"p{source}"}}"#,
            number % 977
        )
    };
    desk.write("lines.jsonl", &(0..3000).map(claim).collect::<Vec<_>>().join("\n"));
    desk.ok(&["import", "lines.jsonl"]);
    assert!(desk.path().join("ledger/index").is_dir(), "an import of thousands of lines leaves an index");
    desk
}

fn ask(desk: &Desk) -> String {
    ["s0", "s7", "s39"].map(|subject| desk.ok(&["state", subject, "said", "--on", "2024-03-15", "--why"])).concat()
}

/// `ANNALS_KILLS=N` kills N of each kind instead of some.
#[test]
fn an_index_whose_maker_was_killed_answers_rightly_or_not_at_all() {
    let (mut random, seed) = Random::new();
    let desk = ledger();
    let mut number = 3000;
    let mut usual = Duration::from_millis(60);
    let mut killed = 0;
    for round in 0..number_of("ANNALS_KILLS", 24) {
        // Either the index is made anew, or a commit brings it up to date.
        let is_rebuilt = round % 2 == 0;
        let mut command = if is_rebuilt {
            desk.command(&["rebuild"])
        } else {
            let first = number;
            number += 1100;
            let claim = |number: u64| {
                format!(
                    r#"{{"type":"claim","subject":"s{}","attribute":"said","value":"w{number}","on":"2024-03-15","said_by":"q"}}"#,
                    number % SUBJECTS
                )
            };
            desk.write("more.jsonl", &(first..number).map(claim).collect::<Vec<_>>().join("\n"));
            desk.command(&["import", "more.jsonl"])
        };
        let start = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let wait = Duration::from_micros(random.below(u64::try_from(usual.as_micros()).unwrap() * 3 / 2));
        std::thread::sleep(wait);
        if child.try_wait().unwrap().is_none() {
            killed += 1;
            child.kill().unwrap();
        } else {
            usual = (usual * 3 + start.elapsed()) / 4;
        }
        child.wait().unwrap();
        let with = ask(&desk);
        let index = desk.path().join("ledger/index");
        let aside = desk.path().join("aside");
        if index.is_dir() {
            fs::rename(&index, &aside).unwrap();
        }
        assert_eq!(with, ask(&desk), "round {round}, seed {seed}");
        if aside.is_dir() {
            fs::rename(&aside, &index).unwrap();
        }
    }
    assert!(killed > 0, "nobody was killed: seed {seed}");
    desk.ok(&["verify"]);
    desk.ok(&["rebuild"]);
    assert_eq!(err(&desk.run(&["state", "s0", "said", "--on", "2024-03-15"])), "", "seed {seed}");
}

#[test]
fn readers_are_answered_while_the_index_is_made() {
    let desk = ledger();
    let expected = ask(&desk);
    std::thread::scope(|scope| {
        let making = scope.spawn(|| {
            for _ in 0..6 {
                // Whoever asks just now may have it.
                let (output, in_use) = (desk.run(&["rebuild"]), "another process uses the index");
                assert!(output.status.success() || err(&output).contains(in_use), "{}", err(&output));
            }
        });
        let mut asked = 0;
        while !making.is_finished() {
            let output = desk.run(&["state", "s7", "said", "--on", "2024-03-15", "--why"]);
            assert!(output.status.success(), "{}", err(&output));
            assert!(expected.contains(&out(&output)));
            asked += 1;
        }
        making.join().unwrap();
        assert!(asked > 0);
    });
}
