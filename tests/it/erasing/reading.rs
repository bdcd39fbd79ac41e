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
