//! Clocks that go wrong: the order of the ledger is that of its events, and a clock that went back is told.

use std::ops::ControlFlow;
use std::process::Command;

use annals::date::Day;
use annals::event::Proposed;
use annals::frame::CLAMPED;
use annals::ledger::{ImportOptions, Ledger, Policy, Writer};
use annals::log::{Log, Since};
use annals::projection::{Horizon, RecordedBy};

use crate::support::{Desk, err};

/// 2024-11-24T18:30:00Z.
const NOW: i64 = 1_732_473_000_000_000;
/// 2262-04-12, where a count of nanoseconds in 64 bits ends.
const YEAR_2262: i64 = 9_223_372_800_000_000;
/// 1969-12-31T23:59:59.999999Z.
const BEFORE_1970: i64 = -1;

fn note(dir: &std::path::Path, now: i64) -> bool {
    let note = Proposed::Note { about: None, text: format!("at {now}").into(), id: None, is_private: false };
    let mut writer = Writer::open(dir, "ana", now).unwrap();
    writer.record(vec![note], Policy::default(), now).unwrap().is_clock_clamped
}

/// Time and clamped flag of every event.
fn times(dir: &std::path::Path) -> Vec<(i64, bool)> {
    let mut times = Vec::new();
    let mut commits = Log::open(dir).unwrap().commits(Since::Start).unwrap();
    while let Some(mut commit) = commits.next_commit().unwrap() {
        while let Some(frame) = commit.next_frame().unwrap() {
            times.push((frame.envelope.recorded_at, frame.envelope.flags & CLAMPED != 0));
        }
    }
    times
}

/// Asks what people ask, at any time the ledger may have been written.
fn ask_all(dir: &std::path::Path) {
    let ledger = Ledger::open(dir).unwrap();
    for recorded in [i64::MIN, -1, 0, NOW, YEAR_2262, i64::MAX] {
        let day = Day::of_unix_micros(recorded);
        for recorded in [RecordedBy::Micros(recorded), RecordedBy::Day(day)] {
            let horizon = Horizon { reported: Some(annals::date::Instant::end_of(day)), recorded: Some(recorded) };
            assert!(ledger.keys_at(&ledger.at(horizon), None).is_empty());
        }
    }
    let mut count = 0;
    ledger
        .events(|stored| {
            assert!(!annals::exchange::instant_text(stored.recorded.at_micros).is_empty());
            count += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(count, ledger.head().size);
}

#[test]
fn recorded_times_never_decrease_whatever_the_clock_says() {
    for start in [NOW, BEFORE_1970, i64::MIN, 0, YEAR_2262] {
        let dir = tempfile::tempdir().unwrap();
        Ledger::create(dir.path(), Some("example.org/clock"), start).unwrap();
        let mut last = start;
        for now in [NOW, NOW - 1, NOW, BEFORE_1970, i64::MIN, NOW + 1, YEAR_2262, NOW, i64::MAX, 0, i64::MAX - 1] {
            let is_back = now < last;
            assert_eq!(note(dir.path(), now), is_back, "{now} after {last}");
            last = last.max(now);
            let (at, is_flagged) = *times(dir.path()).last().unwrap();
            assert_eq!((at, is_flagged), (last, is_back), "{now}");
        }
        assert!(times(dir.path()).is_sorted_by_key(|(at, _)| *at));
        ask_all(dir.path());
        let report = annals::ledger::verify(dir.path(), &annals::ledger::VerifyOptions::default(), &|_, _| ()).unwrap();
        assert_eq!(report.findings, []);
    }
}

#[test]
fn an_import_with_a_clock_that_went_back_says_so() {
    let dir = tempfile::tempdir().unwrap();
    Ledger::create(dir.path(), Some("example.org/clock"), NOW).unwrap();
    let writer = Writer::open(dir.path(), "ana", NOW - 1).unwrap();
    let line = r#"{"type":"note","text":"x"}"#.as_bytes();
    let report = writer.import(line, ImportOptions::default(), NOW - 1, |_| ()).unwrap();
    assert!(report.is_clock_clamped);
    assert_eq!(times(dir.path()), [(NOW, false), (NOW, true), (NOW, true)]);
}

#[test]
fn the_binary_tells_of_a_clock_that_went_back() {
    let desk = Desk::with_ledger();
    let at = |time: &str, text: &str| {
        let mut command = Command::new("faketime");
        command.args(["-f", time, env!("CARGO_BIN_EXE_annals"), "note", text]).env("ANNALS_ACTOR", "ana");
        command.current_dir(desk.path()).env("ANNALS_CACHE", desk.cache()).output()
    };
    let Ok(early) = at("@2001-01-01 00:00:00", "early") else {
        println!("skipped: faketime is not installed");
        return;
    };
    assert!(err(&early).contains("the clock went back; the time of the last event was kept"), "{}", err(&early));
    let late = at("@2262-04-12 00:00:00", "late").unwrap();
    assert!(late.status.success() && !err(&late).contains("the clock went back"), "{}", err(&late));
    let times: Vec<String> = desk.json(&["log"]).iter().map(|line| line["recorded_at"].to_string()).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert!(times.last().unwrap().starts_with("\"2262-04-1"), "{times:?}");
    let today = desk.run(&["note", "today"]);
    assert!(err(&today).contains("the clock went back"), "{}", err(&today));
    desk.ok(&["verify"]);
}
