//! Readers beside one who erases: each is answered, with what was erased or without it.

use crate::support::{Desk, err, out};

const COUNT: usize = 12;

#[test]
fn readers_are_answered_while_events_are_erased() {
    let desk = Desk::with_ledger();
    let claims: Vec<String> = (0..COUNT)
        .map(|number| {
            let (day, quote) = (format!("2024-03-{:02}", number + 1), format!("said in take {number}"));
            let claim = ["record", "embassy", "power", "off", "--on", &day, "--said-by", "daily", "--quote", &quote];
            desk.json(&claim).last().unwrap()["seq"].to_string()
        })
        .collect();
    let mut told_whole = 0;
    std::thread::scope(|scope| {
        let erasing = scope.spawn(|| {
            for claim in &claims {
                desk.ok(&["erase", claim, "--basis", "order", "--yes"]);
            }
        });
        while !erasing.is_finished() {
            let output = desk.run(&["history", "embassy", "power"]);
            assert!(output.status.success(), "{}", err(&output));
            let told = out(&output);
            // What is told of a claim is told whole.
            let quotes = told.matches("said in take").count();
            let days = told.matches("on 2024-03-").count();
            assert_eq!(quotes, days, "{told}");
            assert!(desk.run(&["verify"]).status.code().is_some_and(|code| code < 2), "verify answers");
            told_whole += quotes;
        }
        erasing.join().unwrap();
    });
    assert!(told_whole > 0);
    desk.ok(&["verify"]);
    assert!(!desk.ok(&["history", "embassy", "power"]).contains("said in take"));
}

/// Somebody restores a file from a backup: the payload is there again, and is erased all the same.
#[test]
fn a_payload_that_was_put_back_is_not_shown() {
    let desk = Desk::with_ledger();
    let claim = ["record", "embassy", "power", "off", "--on", "2024-03-01", "--said-by", "daily", "--quote", "he hid"];
    desk.ok(&[&claim[..], &["--id", "c"]].concat());
    desk.ok(&["record", "embassy", "power", "off", "--on", "2024-03-02", "--said-by", "daily"]);
    let log = desk.path().join("ledger/log/000000000001.seg");
    let before = std::fs::read(&log).unwrap();
    let target = format!("#{}", desk.json(&["show", "c"])[0]["seq"]);
    desk.ok(&["erase", "c", "--basis", "order", "--yes"]);
    let asked = [
        &["log"][..],
        &["history", "embassy", "power"],
        &["state", "embassy", "--on", "2024-03-01"],
        &["show", &target],
        &["export"],
        &["prove", &target],
        &["--despite-damage", "log"],
    ];
    // A receipt says when it was made by nothing, and the log is what was shown before.
    let answers = |desk: &Desk| {
        asked.map(|args| {
            let output = desk.run(args);
            (output.status.code(), out(&output))
        })
    };
    let erased = answers(&desk);
    let mut bytes = std::fs::read(&log).unwrap();
    bytes[..before.len()].copy_from_slice(&before);
    std::fs::write(&log, &bytes).unwrap();
    let verified = desk.run(&["--json", "verify"]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(out(&verified).contains("erasure-unfinished"), "{}", out(&verified));
    for (args, (now, then)) in asked.iter().zip(answers(&desk).into_iter().zip(erased)) {
        assert_eq!(now, then, "{args:?}");
        assert!(!now.1.contains("he hid"), "{args:?}");
    }
    desk.ok(&["note", "later"]);
    desk.ok(&["verify"]);
}

#[test]
fn a_captured_copy_that_is_away_is_told_and_is_no_damage() {
    let desk = Desk::with_ledger();
    desk.write("page.txt", "the lamps went out");
    desk.write("other.txt", "the lamps came on");
    let claim = ["record", "embassy", "power", "off", "--on", "2024-03-01", "--said-by", "daily", "--evidence"];
    desk.ok(&[&claim[..], &["page.txt", "--id", "c"]].concat());
    assert!(!desk.ok(&["verify"]).contains("captured cop"));
    let away = |desk: &Desk| desk.json(&["verify"]).pop().unwrap()["missing_copies"].clone();
    assert_eq!(away(&desk), 0);
    std::fs::remove_dir_all(desk.path().join("ledger/evidence")).unwrap();
    let told = desk.ok(&["verify"]);
    assert!(told.contains("1 captured copy that events refer to is not kept here: taken away, erased"), "{told}");
    assert_eq!(away(&desk), 1);
    // What refers to a copy is gone with the copy.
    desk.ok(&["erase", "c", "--basis", "order", "--yes"]);
    let log = desk.json(&["log"]);
    let evidence = log.iter().find(|event| event["type"] == "evidence").unwrap();
    desk.ok(&["erase", &format!("#{}", evidence["seq"]), "--basis", "order", "--yes"]);
    assert_eq!(away(&desk), 0);
}
