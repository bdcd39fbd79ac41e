//! A writer who reads by the index what proposals touch, beside one who has read everything.

use std::ops::ControlFlow;
use std::path::Path;

use annals::exchange::read_line;
use annals::ledger::{Ledger, Policy, Writer, rebuild};
use serde_json::Value as Json;

use super::{AT, declared, line, rounds};
use crate::support::Random;

/// What recording a line comes to: what was staged, or why it was refused.
fn record(dir: &Path, line: &Json, actor: &str, at: i64, is_anyway: bool) -> String {
    let proposed = match read_line(&line.to_string()) {
        Ok(line) => line.proposed,
        Err(problem) => return problem.to_string(),
    };
    let policy = Policy { is_anyway, ..Policy::default() };
    let recorded = Writer::open(dir, actor, at).unwrap().record(vec![proposed], policy, at);
    match recorded {
        Ok(receipt) => format!("{:?} {:?} {}", receipt.staged, receipt.new_actor, receipt.head.size),
        Err(error) => format!("{error} {:?}", error.hint()),
    }
}

/// Every envelope but its hashes, and every event.
pub(super) fn events(dir: &Path) -> Vec<String> {
    let mut all = Vec::new();
    let told = Ledger::open(dir).unwrap().events(|stored| {
        all.push(format!("{:?} {:?}", stored.recorded, stored.about));
        ControlFlow::Continue(())
    });
    told.unwrap();
    all
}

#[test]
fn a_writer_who_knows_a_part_records_what_one_who_knows_everything_does() {
    for seed in 0..rounds(4) {
        let mut dice = Random::of_seed(seed + 1000);
        let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        for dir in &dirs {
            Ledger::create(dir.path(), Some("example.org/index"), AT).unwrap();
        }
        let lines: Vec<Json> = declared().into_iter().chain((0..60).map(|number| line(&mut dice, number))).collect();
        let mut refused = 0;
        for (number, line) in (0_i64..).zip(&lines) {
            let (at, actor) = (AT + number, dice.of(&["ana", "ben"]));
            let is_anyway = dice.is_one_in(2);
            let [with, without] = dirs.each_ref().map(|dir| record(dir.path(), line, actor, at, is_anyway));
            assert_eq!(with, without, "seed {seed}: {line}");
            refused += u32::from(with.contains("nothing was recorded"));
            if dice.is_one_in(5) || number == 3 {
                rebuild(dirs[0].path(), 2, |_| {}).unwrap();
            }
            // A repetition is met by one who looks at the whole event.
            if dice.is_one_in(6) {
                let earlier = &lines[usize::try_from(dice.below(u64::try_from(number).unwrap() + 1)).unwrap()];
                let [with, without] = dirs.each_ref().map(|dir| record(dir.path(), earlier, actor, at, true));
                assert_eq!(with, without, "seed {seed}: {earlier} again");
            }
        }
        assert!(refused > 0, "seed {seed}");
        let [with, without] = dirs.each_ref().map(|dir| events(dir.path()));
        for (with, without) in with.iter().zip(&without) {
            assert_eq!(with, without, "seed {seed}");
        }
        assert_eq!(with.len(), without.len(), "seed {seed}");
    }
}
