//! The real binary killed while it erases: after the next write an erasure is completed, or was not begun.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::{QUOTE, folder, holding};
use crate::support::{Desk, Random, number_of};

/// Records a claim with a quote and a captured copy of its own, and gives its number.
fn record(desk: &Desk, number: u64) -> String {
    let text = format!("{QUOTE} {number}.");
    desk.write("copy.txt", &text);
    let args =
        ["record", "embassy", "power", "off", "--undated", "--said-by", "daily", "--anyway", "--evidence", "copy.txt"];
    let note = format!("take {number}");
    let recorded = desk.json(&[&args[..], &["--quote", &text, "--note", &note]].concat());
    recorded.last().unwrap()["seq"].to_string()
}

#[test]
fn a_killed_erasure_is_completed_by_the_next_write_or_was_not_begun() {
    let (mut random, seed) = Random::new();
    println!("ANNALS_SEED={seed}");
    let desk = Desk::with_ledger();
    let first = record(&desk, 0);
    let start = Instant::now();
    desk.ok(&["erase", &first, "--basis", "order", "--yes"]);
    let mut usual = start.elapsed();
    let (mut begun, mut not_begun) = (0, 0);
    for number in 1..=number_of("ANNALS_KILLS", 40) {
        let text = format!("{QUOTE} {number}.");
        let claim = record(&desk, number);
        let mut command = desk.command(&["erase", &claim, "--basis", "order", "--yes"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(random.below(u64::try_from(usual.as_micros()).unwrap())));
        let is_done = child.try_wait().unwrap().is_some_and(|status| status.success());
        child.kill().unwrap();
        child.wait().unwrap();
        if is_done {
            usual -= usual / 20;
        } else {
            usual += usual / 40;
        }
        desk.ok(&["note", &format!("after {number}")]);
        desk.ok(&["verify"]);
        let left = holding(&folder(&desk), &[&text]);
        if left.is_empty() {
            begun += 1;
        } else {
            not_begun += 1;
            assert!(!is_done, "{number}: {left:?}");
            for place in ["/log/", "/evidence/"] {
                assert!(left.iter().any(|path| path.contains(place)), "{number}: half erased, {left:?} hold it");
            }
            desk.ok(&["erase", &claim, "--basis", "order", "--yes"]);
            assert_eq!(holding(&folder(&desk), &[&text]), [""; 0]);
        }
    }
    println!("{begun} were erased, {not_begun} not begun");
}
