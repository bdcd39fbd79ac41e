//! Many of everything: a right answer, in a time that does not grow with the square of their number. `ANNALS_MANY` says
//! how many; `docs/reliability.md` has what a million takes.

use std::fmt::Write;

use super::within;
use crate::support::{Desk, number_of};

/// The key that all lines are about; and what `state` must answer on 2024-11-24: status, row, and support of the first side.
type Wanted = (&'static str, u64, Option<u64>);

/// Imports one line a number, and asks for the state.
fn ask(name: &str, first: &str, line: impl Fn(u64) -> String + Send + 'static, wanted: fn(u64) -> Wanted) {
    let first = first.to_owned();
    within(number_of("ANNALS_SECONDS", 120), name, move || {
        let many = number_of("ANNALS_MANY", 2000);
        let desk = Desk::with_ledger();
        let mut lines = first;
        for number in 0..many {
            writeln!(lines, "{}", line(number)).unwrap();
        }
        desk.write("lines.jsonl", &lines);
        let report = desk.json(&["import", "lines.jsonl"]);
        assert_eq!(report[0]["refused"], 0, "{report:?}");
        let state = &desk.json(&["state", "s", "a", "--on", "2024-11-24"])[0];
        let support = state["sides"][0]["support"].as_u64();
        let (status, row, wanted_support) = wanted(many);
        assert_eq!((state["status"].as_str(), state["row"].as_u64()), (Some(status), Some(row)));
        assert!(wanted_support.is_none() || support == wanted_support, "{support:?}, not {wanted_support:?}");
    });
}

/// A claim of `s` and `a` by a source of its own.
fn claim(number: u64, value: &str, time: &str) -> String {
    format!(
        r#"{{"type":"claim","id":"c{number}","subject":"s","attribute":"a","value":{value},{time},"said_by":"w{number}"}}"#
    )
}

const ON: &str = r#""as_of":"2024-11-24""#;

#[test]
fn claims_of_one_value_on_one_day() {
    ask("claims of one value", "", |number| claim(number, r#""v""#, ON), |many| ("stated", 5, Some(many)));
}

#[test]
fn claims_of_many_values_on_one_day() {
    ask(
        "claims of many values",
        "",
        |number| claim(number, &format!("\"v{number}\""), ON),
        |_| ("contested", 2, Some(1)),
    );
}

#[test]
fn values_that_may_hold() {
    let time = r#""as_of":"[2024-11-01..2024-11-30]""#;
    ask(
        "values that may hold",
        "",
        move |number| claim(number, &format!("\"v{}\"", number / 2), time),
        |_| ("possible", 11, None),
    );
}

#[test]
fn some_value_beside_many_others() {
    let value =
        |number: u64| if number.is_multiple_of(2) { r#"{"some":true}"#.to_owned() } else { format!("\"v{number}\"") };
    ask("some value", "", move |number| claim(number, &value(number), ON), |_| ("contested", 2, None));
}

#[test]
fn ranges_that_end_and_ranges_that_are_carried() {
    let line = |number: u64| {
        // Each that ended reaches around the one before it, which is carried.
        let (low, time) = if number.is_multiple_of(2) {
            (number, r#""as_of":"2024-10-01""#)
        } else {
            (number - 1, r#""until":"2024-11-01""#)
        };
        claim(number, &format!(r#"{{"lower":"{low}","upper":"{}"}}"#, number + 1), time)
    };
    ask("ranges", "", line, |_| ("unknown", 15, None));
}

#[test]
fn periods_that_start_differently() {
    let line = |number: u64| {
        let month = 1 + number % 9;
        claim(number, r#""v""#, &format!(r#""from":"2024-{month:02}-{:02}","until":"2024-12-01""#, 1 + number % 28))
    };
    ask("periods", "", line, |many| ("stated", 5, Some(many)));
}

#[test]
fn periods_of_which_some_start_later() {
    let line = |number: u64| {
        let from = if number.is_multiple_of(2) { "2024-01-01" } else { "2024-11-25" };
        claim(number, &format!("\"v{}\"", number / 10), &format!(r#""from":"{from}","until":"2024-12-01""#))
    };
    ask("later starts", "", line, |_| ("contested", 2, None));
}

#[test]
fn a_correction_of_a_correction_of_a_correction() {
    let line = |number: u64| {
        let claim = claim(number + 1, &format!("\"v{number}\""), ON);
        format!(
            r#"{{"type":"correction","corrects":"c{number}","reason":"r","claim":{}}}"#,
            claim.replace(r#""type":"claim","#, "")
        )
    };
    let first = claim(0, r#""v""#, ON) + "\n";
    ask("corrections in a line", &first, line, |_| ("stated", 5, Some(1)));
}

#[test]
fn corrections_that_are_taken_back() {
    let line = |number: u64| {
        if number % 2 == 1 {
            return format!(r#"{{"type":"retraction","retracts":"k{}","reason":"r{number}"}}"#, number - 1);
        }
        let claim = claim(number + 1, &format!("\"v{number}\""), ON).replace(r#""type":"claim","#, "");
        format!(r#"{{"type":"correction","id":"k{number}","corrects":"c0","reason":"r","claim":{claim}}}"#)
    };
    let first = claim(0, r#""v""#, ON) + "\n";
    ask("corrections taken back", &first, line, |_| ("stated", 5, Some(1)));
}

#[test]
fn verdicts_and_disputes_of_one_claim() {
    let line = |number: u64| match number % 3 {
        0 => format!(r#"{{"type":"dispute","disputes":"c0","by":"d{number}","grounds":"g"}}"#),
        1 => format!(r#"{{"type":"assessment","claim":"c0","by":"k{number}","rating":"half-true","rationale":"r"}}"#),
        _ => claim(0, r#""v""#, ON).replace(r#""id":"c0","#, ""),
    };
    let first = claim(0, r#""v""#, ON) + "\n";
    ask("verdicts", &first, line, |_| ("contested", 5, Some(1)));
}

#[test]
fn aliases_links_and_judgements_one_by_one() {
    let line = |number: u64| {
        let next = number + 1;
        match number % 4 {
            0 => format!(r#"{{"type":"entity","key":"s","label":"l{number}","aliases":["x{number}"]}}"#),
            1 => format!(r#"{{"type":"entity","key":"s","aliases":["x{number}"]}}"#),
            2 => format!(
                r#"{{"type":"judgement","entities":["e{number}","e{}"],"verdict":"same","reason":"r"}}"#,
                number + 4
            ),
            _ => format!(
                r#"{{"type":"judgement","entities":["e{}","d{next}"],"verdict":"different","reason":"r"}}"#,
                number - 1
            ),
        }
    };
    let first = claim(0, r#""v""#, ON) + "\n";
    ask("aliases and judgements", &first, line, |_| ("stated", 5, Some(1)));
    let line =
        |number: u64| format!(r#"{{"type":"link","source":"w{number}","to":"w{}","how":"same-as"}}"#, number + 1);
    let first = claim(0, r#""v""#, ON) + "\n" + &claim(1, r#""v""#, ON) + "\n";
    ask("links", &first, line, |_| ("stated", 5, Some(1)));
}
