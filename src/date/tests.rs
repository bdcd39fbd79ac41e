//! Dates against what two other programs make of them: `fixtures/edtf.README.md`.

use serde_json::Value;

use super::{Bound, Day, End, Interval, Window, is_interval};

/// The window a vector gives, an open side as far as days go.
fn window(vector: &Value) -> Window {
    let day = |side: &str, open: Day| match &vector[side] {
        Value::String(day) => Day::parse(day).unwrap_or_else(|| panic!("{vector}")),
        Value::Null => open,
        other => panic!("{other}"),
    };
    Window { earliest: day("earliest", Day::UNBOUNDED_PAST), latest: day("latest", Day::UNBOUNDED_FUTURE) }
}

fn check(bound: &Bound, vector: &Value, text: &str) {
    assert_eq!(bound.window(), Some(window(vector)), "{text}");
    assert_eq!(bound.is_uncertain(), vector["uncertain"].as_bool().unwrap(), "{text}");
}

#[test]
fn dates_mean_what_two_other_programs_say() {
    let (mut dates, mut intervals, mut refused) = (0, 0, 0);
    for line in include_str!("../../fixtures/edtf.jsonl").lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let text = vector["text"].as_str().unwrap();
        if vector["refused"] == true {
            assert!(Bound::parse(text).is_err(), "{text}");
            assert!(Interval::parse(text).is_none_or(|interval| interval.is_err()), "{text}");
            refused += 1;
            continue;
        }
        let Some(interval) = Interval::parse(text) else {
            let bound = Bound::parse(text).unwrap();
            check(&bound, &vector, text);
            assert_eq!(bound.text(), text);
            dates += 1;
            continue;
        };
        assert!(is_interval(text), "{text}");
        let interval = interval.unwrap();
        match &interval.from {
            Some(from) => check(from, &vector["from"], text),
            None => assert!(vector["from"].is_string(), "{text}"),
        }
        match &interval.until {
            End::At(until) => check(until, &vector["until"], text),
            End::GoesOn => assert_eq!(vector["until"], "open", "{text}"),
            End::NotStated => assert_eq!(vector["until"], "unknown", "{text}"),
        }
        intervals += 1;
    }
    assert!(dates > 300 && intervals > 40 && refused > 150, "{dates} dates, {intervals} intervals, {refused} refused");
}

#[test]
fn a_window_is_told_as_a_date_of_its_own() {
    for text in ["2024-07-28", "2024-02", "[..2025-02-18]", "[2026-01-11..]", "[..2025,2025..]", "[..2023,2025..]"] {
        let window = Bound::parse(text).unwrap().window().unwrap();
        let told = Bound::parse(&window.to_string()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(told.window(), Some(window), "{text}");
    }
}
