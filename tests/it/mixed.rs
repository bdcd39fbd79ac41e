//! The lines made up for measuring: annals takes every one, and answers of them as the model's second reading does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::generator::Generator;
use crate::mixed_lines::Mixed;
use crate::support::{Desk, err, out, python};

fn plain(count: u64) -> String {
    let mut generator = Generator::new(count);
    (1..=count).map(|number| generator.line(number).to_owned() + "\n").collect()
}

fn mixed(count: u64) -> String {
    let mut mixed = Mixed::new(count);
    (1..=count).map(|number| mixed.line(number).to_owned() + "\n").collect()
}

fn is_taken(lines: &str) {
    let desk = Desk::with_ledger();
    desk.write("lines.jsonl", lines);
    let report = &desk.json(&["import", "lines.jsonl"])[0];
    assert_eq!((&report["type"], &report["lines"]), (&"imported".into(), &lines.lines().count().into()));
    assert_eq!((&report["refused"], &report["skipped"]), (&0.into(), &0.into()), "{report}");
}

#[test]
fn lines_for_measuring_are_the_same_every_time_and_all_are_taken() {
    for make in [plain, mixed] {
        for count in [1, 30, 4000] {
            let lines = make(count);
            assert_eq!((lines.lines().count() as u64, &lines), (count, &make(count)));
            is_taken(&lines);
        }
    }
}

#[test]
fn mixed_lines_have_every_shape_and_a_third_of_the_claims_a_time_or_a_horizon() {
    let lines: Vec<Value> = mixed(8000).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let types: BTreeSet<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    let wanted = "assessment attribute claim correction dispute entity judgement link periods rating retraction source";
    assert_eq!(types, wanted.split(' ').collect());
    let claims: Vec<&Value> = lines.iter().filter(|line| line["subject"].is_string()).collect();
    let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for claim in &claims {
        let (_, place) = claim["subject"].as_str().unwrap().split_once('-').unwrap();
        keys.entry(claim["attribute"].as_str().unwrap()).or_default().insert(place);
    }
    // Of the keys that are used least a few may not be drawn.
    let shares =
        [("electricity", 140), ("access", 60), ("occupied", 20), ("inside", 40), ("water", 60), ("persons", 32)];
    for (attribute, of_400) in shares.into_iter().chain([("deadline", 16), ("custody", 16)]) {
        assert!((of_400 - 3..=of_400).contains(&keys[attribute].len()), "{attribute}: {}", keys[attribute].len());
    }
    let day_of = |claim: &Value| {
        let days = ["until", "from", "as_of", "on"].map(|field| claim[field].as_str().map(str::to_owned));
        days.into_iter().flatten().next()
    };
    let matters = |claim: &&&Value| {
        let said = claim["said_on"].as_str().unwrap();
        claim["clock"].is_string()
            || said.contains('T')
            || day_of(claim).is_some_and(|day| day.len() == 10 && *said > *day)
    };
    let percent = claims.iter().filter(matters).count() * 100 / claims.len();
    assert!((28..40).contains(&percent), "{percent}");
}

#[test]
fn answers_about_mixed_lines_are_those_of_the_models_second_reading() {
    let Some(python) = python() else { return };
    let desk = Desk::new();
    desk.write("lines.jsonl", &mixed(1200));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/sample.py");
    let mut command = Command::new(python);
    command.arg("-B").arg(script).arg(env!("CARGO_BIN_EXE_annals")).arg("lines.jsonl").args(["--answers", "180"]);
    let output = command.current_dir(fs::canonicalize(desk.path()).unwrap()).output().unwrap();
    assert!(output.status.success(), "{}{}", out(&output), err(&output));
}
