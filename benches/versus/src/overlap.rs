//! One key of which very many claims hold at a time.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use crate::args::Args;
use crate::figures::{Figures, median};
use crate::generator::civil;
use crate::peers::Annals;
use crate::rows::Row;
use crate::run::Notes;
use crate::watched::{Watched, watch};
use crate::work::{At, Shape};

pub const OVERLAPPING: u64 = 4000;
/// Where the figures of this ledger belong.
pub const AT: At = At { shape: Shape::Plain, size: OVERLAPPING };
const ROUNDS: usize = 3;
const LIMIT: Duration = Duration::from_secs(120);

pub fn measure(args: &Args, figures: &mut Figures, notes: &mut Notes) {
    if !Row::OF_OVERLAP.iter().any(|row| args.rows.contains(row)) {
        return;
    }
    println!("\none key with {OVERLAPPING} overlapping claims");
    let dir = tempfile::tempdir_in(&args.dir).unwrap();
    let lines = dir.path().join("overlap.jsonl");
    fs::write(&lines, made()).unwrap();
    let annals = Annals::new(dir.path(), &args.annals, 1);
    annals.take(&lines);
    let asked: [(Row, &[&str]); 3] = [
        (Row::OverlapTimeline, &["timeline", "square", "gate"]),
        (Row::OverlapState, &["state", "square", "gate", "--on", "2000-01-01"]),
        (Row::OverlapContested, &["contested", "square"]),
    ];
    let mut beside_bytes = 0;
    for (row, words) in asked {
        let ask = || watch(&mut annals.command(words), &dir.path().join("answer"), LIMIT);
        let Some(watched) = (0..ROUNDS).map(|_| ask()).collect::<Option<Vec<Watched>>>() else {
            notes.missing.push(format!("The {} had not ended after {} s.", row.title(), LIMIT.as_secs()));
            continue;
        };
        let took: Vec<Duration> = watched.iter().map(|watched| watched.took).collect();
        figures.put(AT, row, "annals", median(&took));
        let beside = |watched: &Watched| watched.peak_bytes.saturating_sub(watched.printed_bytes);
        beside_bytes = watched.iter().map(beside).fold(beside_bytes, u64::max);
    }
    figures.put(AT, Row::OverlapMemory, "annals", beside_bytes as f64);
}

fn day(number: u64) -> String {
    let (year, month, day) = civil(number);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Closed periods of three values that all hold on the day in the middle, each with a start and an end of its own.
fn made() -> String {
    let mut lines = String::new();
    for number in 0..OVERLAPPING {
        let (start, end) = (day(20_000 + number), day(48_000 + number * 3));
        let (value, agency) = (["open", "closed", "burnt"][number as usize % 3], number % 400);
        let _ = writeln!(
            lines,
            r#"{{"type":"claim","id":"c{number}","subject":"square","attribute":"gate","value":"{value}","from":"{start}","until":"{end}","chain":[{{"who":"agency-{agency}","how":"stated"}}],"said_on":"{end}"}}"#
        );
    }
    lines
}
