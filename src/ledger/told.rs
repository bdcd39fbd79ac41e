//! How answers are told: since when, and for what reason.

use std::ops::Deref;

use super::memory::Memory;
use crate::date::Day;
use crate::projection::{Horizon, State};

const AT: i64 = 1_795_000_000_000_000;

/// A state, and its reason in one line.
struct Told {
    state: State,
    line: String,
}

impl Deref for Told {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

/// The state of `s a` on a day, after an attribute of this type and these fields of claims.
fn state(value_type: &str, claims: &[&str], on: &str) -> Told {
    let attribute = format!(r#"{{"type":"attribute","key":"a","value_type":"{value_type}"}}"#);
    let claims = claims.iter().map(|fields| match fields.strip_prefix('!') {
        Some(line) => line.to_owned(),
        None => format!(r#"{{"type":"claim","subject":"s","attribute":"a",{fields}}}"#),
    });
    let lines: Vec<String> = std::iter::once(attribute).chain(claims).collect();
    let mut memory = Memory::default();
    memory.commit(lines.iter().map(String::as_str), AT).unwrap();
    let state = memory.state("s", "a", Day::parse(on).unwrap(), Horizon::default()).unwrap();
    Told { line: memory.reason(&state), state }
}

/// Since when the first value holds.
fn since(state: &State) -> String {
    state.sides.first().and_then(|side| side.since).map_or_else(|| "never".to_owned(), |day| day.to_string())
}

/// The reason without the numbers of events.
fn reason(state: &Told) -> String {
    let words: Vec<&str> = state.line.split(' ').filter(|word| !word.starts_with('#')).collect();
    words.join(" ")
}

#[test]
fn since_goes_back_only_as_far_as_nothing_else_is_said() {
    let seen = r#""value":false,"as_of":"2023-06-01","said_by":"a""#;
    let period = r#""value":true,"from":"2024-01-01","until":"2024-02-01","said_by":"b""#;
    let told = state("bool", &[seen, period], "2024-03-01");
    assert_eq!((told.status.word(), since(&told).as_str()), ("presumed", "2024-02-01"));
    let line = "false since 2024-02-01, (b); 1 more claim agrees; no later change claimed up to 2024-03-01";
    assert_eq!((reason(&told).as_str(), told.sides[0].support), (line, 2));
    // What ended on a day held before it, though nobody says since when.
    let ended = r#""value":true,"until":"2024-02-01","said_by":"b""#;
    assert_eq!(since(&state("bool", &[seen, ended], "2024-03-01")), "2024-02-01");
    // Of values without an opposite too; and where nothing is said in between, the first day counts.
    let on = |day: &str| format!(r#""value":"on","as_of":"{day}","said_by":"a""#);
    let other = r#""value":"off","from":"2024-01-01","until":"2024-01-09","said_by":"b""#;
    let (first, last) = (on("2023-06-01"), on("2024-02-01"));
    assert_eq!(since(&state("symbol", &[&first, other, &last], "2024-03-01")), "2024-02-01");
    assert_eq!(since(&state("symbol", &[&first, &last], "2024-03-01")), "2023-06-01");
    // A denial of the days between speaks against it as well.
    let denied = r#""value":"on","from":"2024-01-01","until":"2024-01-09","polarity":"deny","said_by":"b""#;
    assert_eq!(since(&state("symbol", &[&first, denied, &last], "2024-03-01")), "2024-02-01");
}

#[test]
fn since_is_the_day_of_a_claim_on_which_the_value_rests() {
    let claims = [
        r#""value":{"lower":"6","upper":null},"as_of":"2023-08-09","said_by":"a""#,
        r#""value":{"lower":"97","upper":null},"as_of":"2023-08-15","said_by":"b""#,
        r#""value":{"lower":"115","upper":"115"},"as_of":"2023-08-21","said_by":"c""#,
        r#""value":{"lower":"100","upper":null},"as_of":"2023-08-25","said_by":"d""#,
    ];
    let told = state("quantity", &claims[..2], "2023-08-16");
    assert_eq!(since(&told), "2023-08-15");
    assert_eq!(reason(&told), ">=97 since 2023-08-15, (b); no later change claimed up to 2023-08-16");
    let told = state("quantity", &claims[..3], "2023-08-22");
    assert_eq!(since(&told), "2023-08-21");
    assert_eq!(reason(&told), "115 since 2023-08-21, (c); no later change claimed up to 2023-08-22");
    // 115 is at least 100; at least 97 need not be.
    let told = state("quantity", &claims, "2023-08-26");
    assert_eq!(since(&told), "2023-08-21");
    let line = ">=100 since 2023-08-21, (c), and still by (d); no later change claimed up to 2023-08-26";
    assert_eq!((reason(&told).as_str(), told.sides[0].fits.len()), (line, 2));
}

#[test]
fn a_side_names_only_the_claims_that_support_it() {
    let claims = [
        r#""value":{"date":"1944-10-16"},"as_of":"2001-01-01","said_by":"x""#,
        r#""value":{"date":"1944-11-02"},"as_of":"2001-01-01","said_by":"y""#,
        r#""value":{"date":"1944"},"as_of":"2001-01-01","said_by":"z""#,
    ];
    let told = state("date", &claims, "2001-01-01");
    assert_eq!(
        (told.status.word(), reason(&told).as_str()),
        ("contested", "1944-10-16 by (x) as of 2001-01-01; 1944-11-02 by (y) as of 2001-01-01",)
    );
}

#[test]
fn where_every_claim_was_dropped_only_that_is_told() {
    let claims = [
        r#""id":"c1","value":"open","from":"2023-01-01","said_by":"a""#,
        r#"!{"type":"retraction","retracts":"c1","by":"desk","reason":"a slip"}"#,
    ];
    let told = state("symbol", &claims, "2024-01-01");
    assert_eq!((told.status.word(), told.row), ("unknown", 16));
    assert!(told.line.starts_with('#') && told.line.contains("said open; taken back by"), "{}", told.line);
    let told = state("symbol", &[claims[0]], "2022-01-01");
    assert!(told.line.starts_with("nothing is claimed that reaches 2022-01-01; the next is open"), "{}", told.line);
}
