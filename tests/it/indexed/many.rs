//! Many lines in one commit, which threads look up in the index, are recorded as without it.

use std::fs;

use annals::ledger::{Policy, Writer, rebuild};
use serde_json::Value as Json;

use super::staying::{Lines, again, ledgers, record};
use super::writer::events;
use super::{AT, rounds};
use crate::support::Random;

#[test]
fn many_lines_of_one_commit_are_recorded_by_the_index_as_one_who_knows_everything_does() {
    let (mut recorded, mut repeated) = (0, 0);
    for seed in 0..rounds(6) {
        let temp = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let dirs = temp.each_ref().map(tempfile::TempDir::path);
        let mut lines = Lines { dice: Random::of_seed(seed + 4000), number: 0, claims: Vec::new() };
        ledgers(dirs, &mut lines);
        rebuild(dirs[0], 2, |_| {}).unwrap();
        let _ = fs::remove_dir_all(dirs[1].join("index"));
        let mut writers = dirs.map(|dir| Writer::open(dir, "ana", AT).unwrap());
        let policy = Policy { is_import: true, is_anyway: true, is_strict: false };
        for _ in 0..3 {
            let (dice, claims, number) = (&mut lines.dice, &lines.claims, &mut lines.number);
            let mut line = || {
                *number += 1;
                let earlier = &claims[usize::try_from(dice.below(claims.len() as u64)).unwrap()];
                let mut line = again(dice, earlier, *number);
                // So many names and keys, and ids, that threads look them up.
                match dice.below(4) {
                    0 => line["subject"] = format!("s{}", dice.below(300)).into(),
                    1 => line["said_by"] = format!("p{}", dice.below(300)).into(),
                    _ => {}
                }
                let fields = line.as_object_mut().unwrap();
                if fields.contains_key("chain") {
                    fields.remove("said_by");
                }
                fields.insert("id".to_owned(), format!("m{number}").into());
                if dice.is_one_in(10) { earlier.clone() } else { line }
            };
            let commit: Vec<Json> = (0..700).map(|_| line()).collect();
            let [(with, is_spent), (without, _)] = writers.each_mut().map(|writer| record(writer, &commit, policy, AT));
            assert_eq!(with, without, "seed {seed}");
            recorded += u64::from(!is_spent);
            repeated += u64::from(with.contains("recorded already"));
            if is_spent {
                break;
            }
        }
        drop(writers);
        let [with, without] = dirs.map(events);
        assert!(with == without, "seed {seed}");
    }
    assert!(recorded > rounds(6) && repeated > rounds(6), "{recorded} {repeated}");
}
