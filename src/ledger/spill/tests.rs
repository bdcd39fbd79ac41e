//! A register that sets everything aside says what one does that holds everything.

use std::path::Path;

use super::Room;
use crate::exchange::read_line;
use crate::ledger::register::Register;
use crate::ledger::stage::{Policy, Staged};
use crate::ledger::stager::Stager;
use crate::seq::Seq;

const VALUES: [(&str, &[&str]); 5] = [
    ("named", &[r#""Anna""#, r#""anna""#, r#""Anna  ""#, r#"{"none":true}"#, r#"{"some":true}"#]),
    ("state", &[r#""on""#, r#""ON""#, r#""off""#]),
    ("lit", &["true", "false"]),
    (
        "count",
        &[
            r#"{"lower":"5","upper":"5","unit":"km"}"#,
            r#"{"lower":"5.0","upper":"5","unit":"km"}"#,
            r#"{"lower":"4","upper":"6","unit":"km"}"#,
            r#"{"lower":"8","unit":"km","approx":true}"#,
            r#"{"lower":"5","upper":"5"}"#,
        ],
    ),
    ("founded", &[r#"{"date":"2024"}"#, r#"{"date":"2024-03"}"#, r#"{"date":"2025-01-01"}"#, r#"{"date":"2024-03~"}"#]),
];
/// No limit to what is told.
const ALL: usize = usize::MAX;
const TYPES: [&str; 5] = ["text", "symbol", "bool", "quantity", "date"];

/// Lines as an import meets them, many of which repeat or contradict others, or act upon them.
fn lines(count: usize) -> Vec<String> {
    let define = |(place, word): (usize, &&str)| {
        format!(r#"{{"type":"attribute","key":"{}","value_type":"{word}"}}"#, VALUES[place].0)
    };
    let mut lines: Vec<String> = TYPES.iter().enumerate().map(define).collect();
    let mut state = 7_usize;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    for number in 0..count {
        let (attribute, values) = VALUES[below(VALUES.len())];
        let value = values[below(values.len())];
        let (day, until) = (1 + below(9), 10 + below(9));
        let days = match below(6) {
            0 => format!(r#""on":"2024-03-0{day}""#),
            1 => format!(r#""from":"2024-03-0{day}","clock":"08:00""#),
            2 => format!(r#""from":"2024-03-0{day}","until":"2024-03-{until}""#),
            3 => format!(r#""until":"2024-03-{until}","until_kind":"observed""#),
            4 => format!(r#""as_of":"2024-03-0{day}""#),
            _ => format!(r#""from":"2024-03-0{day}~""#),
        };
        let fields = format!(
            r#""subject":"s{}","attribute":"{attribute}","value":{value},{days},"said_by":"p{}""#,
            below(9),
            below(3)
        );
        let far = if below(2) == 0 { 40 } else { number + 1 };
        let (earlier, seq) = (below(far), 1 + below(far));
        let id = if below(3) == 0 { String::new() } else { format!(r#""id":"c{}","#, number - below(2).min(number)) };
        lines.push(match below(14) {
            0 => format!(r#"{{"type":"retraction","retracts":"c{earlier}","reason":"r{number}"}}"#),
            1 => format!(r##"{{"type":"retraction","retracts":"#{seq}","reason":"r"}}"##),
            2 => format!(r#"{{"type":"correction","corrects":"c{earlier}","reason":"r{far}","claim":{{{fields}}}}}"#),
            3 => format!(r##"{{"type":"dispute","disputes":"#{seq}","grounds":"g","by":"p1"}}"##),
            _ => format!(r#"{{"type":"claim",{id}{fields}}}"#),
        });
    }
    lines
}

fn stager(room: Option<Room>) -> Stager {
    Stager::new(Register::new(room), "desk")
}

fn tight(dir: &Path) -> Room {
    Room { entries_max: 11, bucket_max: 30, ..Room::of_ledger(dir) }
}

/// What becomes of each line, in words.
fn staged(stager: &mut Stager, lines: &[String]) -> Vec<String> {
    let policy = Policy { is_import: true, ..Policy::default() };
    let one = |line: &String| match stager.stage(read_line(line).unwrap().proposed, policy, &mut Vec::new()) {
        Ok(Staged { seq, is_repeated, warnings, .. }) => format!("{seq:?} {is_repeated} {warnings:?}"),
        Err(problem) => problem.to_string(),
    };
    lines.iter().map(one).collect()
}

#[test]
fn where_things_lie_makes_no_difference() {
    let dir = tempfile::tempdir().unwrap();
    let (mut aside, mut held, lines) = (stager(Some(tight(dir.path()))), stager(None), lines(6000));
    let (in_files, in_memory) = (staged(&mut aside, &lines), staged(&mut held, &lines));
    assert_eq!(in_files, in_memory);
    for part in [" true ", "is taken by", "was corrected already", "is no event", "recorded already"] {
        let count = in_memory.iter().filter(|told| told.contains(part)).count();
        assert!(count > 5, "{part:?}: {count}");
    }
    let size = held.register.size();
    for (first_new, max) in [(1, 100), (1, ALL), (1, 1), (size / 2, 100), (size - 99, ALL), (size + 1, 100)] {
        let found = aside.contradictions(Seq(first_new), max);
        assert_eq!(found, held.contradictions(Seq(first_new), max), "{first_new} {max}");
        assert_eq!(found.is_empty(), first_new > size);
        assert!(found.len() <= max && found.is_sorted());
    }
    let told = |stager: &Stager| stager.contradictions(Seq(1), ALL);
    let at_the_end = told(&held);
    for stager in [&mut aside, &mut held] {
        stager.register.gather_certain();
        assert_eq!(told(stager), [], "all are from before");
        stager.register.intact().unwrap();
    }
    // Those of whoever has them by key from the start.
    let mut by_key = stager(None);
    by_key.register.gather_certain();
    staged(&mut by_key, &lines);
    assert_eq!(told(&by_key), at_the_end);
    let newest: Vec<_> = at_the_end.into_iter().filter(|(_, later)| later.0 > size / 2).collect();
    assert!(!newest.is_empty());
    assert_eq!(by_key.contradictions(Seq(size / 2 + 1), ALL), newest);
}

#[test]
fn a_register_that_cannot_set_aside_tells() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("index"), "no folder").unwrap();
    let mut stager = stager(Some(tight(dir.path())));
    stager.register.intact().unwrap();
    staged(&mut stager, &lines(50));
    let error = stager.register.intact().unwrap_err();
    assert!(error.to_string().ends_with("nothing was recorded") && error.cause().is_some(), "{error}");
}
