//! Questions over many days: they answer for each day as a question for that day does, and take few steps.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::memory::Memory;
use crate::date::Day;
use crate::projection::{Answer, Horizon, Key, Known, Status, Stretch, steps_of};

const AT: i64 = 1_795_000_000_000_000;

/// A date from one day of March 2024 to another, perhaps an uncertain one.
fn date() -> impl Strategy<Value = String> {
    (1_u8..25, 0_u8..12, any::<prop::sample::Index>()).prop_map(|(first, more, doubt)| {
        let doubt = if doubt.index(8) == 0 { "?" } else { "" };
        match more {
            0..8 => format!("2024-03-{first:02}{doubt}"),
            8 => "2024-03".to_owned(),
            9 => "XXXX-03-05".to_owned(),
            more => format!("[2024-03-{first:02}..2024-03-{:02}]", first + more - 7),
        }
    })
}

fn time() -> impl Strategy<Value = Json> {
    let kind = || prop_oneof![3 => Just(Json::Null), 1 => Just(json!("observed"))];
    prop_oneof![
        2 => date().prop_map(|on| json!({"as_of": on})),
        2 => date().prop_map(|on| json!({"on": on})),
        3 => (date(), kind()).prop_map(|(from, kind)| json!({"from": from, "from_kind": kind})),
        2 => (date(), kind()).prop_map(|(until, kind)| json!({"until": until, "until_kind": kind})),
        6 => (date(), kind(), date(), kind()).prop_map(|(from, from_kind, until, until_kind)| {
            json!({"from": from, "until": until, "from_kind": from_kind, "until_kind": until_kind})
        }),
        1 => (date(), 0_u16..24).prop_map(|(on, hour)| json!({"on": on, "clock": format!("{hour:02}:00")})),
        1 => (1_u8..25, 0_u16..24).prop_map(|(on, hour)| {
            json!({"as_of": format!("2024-03-{on:02}"), "said_on": format!("2024-03-{on:02}T{hour:02}:30")})
        }),
        1 => Just(json!({"undated": true})),
        1 => Just(json!({"timeless": true})),
        1 => (1_u8..8, 1_u8..8, 1_u8..8, date()).prop_map(|(first, until, from, said_on)| {
            let day = |number: u8| format!("2024-03-{number:02}");
            let (until, from) = (first + until, first + until + from);
            let periods = json!([{"from": day(first), "until": day(until)}, {"from": day(from), "until": day(from + 2)}]);
            json!({"type": "periods", "periods": periods, "said_on": said_on})
        }),
    ]
}

/// An attribute, and its values.
fn attribute() -> impl Strategy<Value = (Json, Vec<Json>)> {
    let amount = |low: u8, high: u8, approx: bool| json!({"lower": low.to_string(), "upper": high.to_string(), "approx": approx});
    let words = vec![json!("on"), json!("off"), json!("half"), json!({"some": true}), json!({"none": true})];
    let amounts = vec![
        amount(5, 8, false),
        amount(7, 10, true),
        amount(12, 12, false),
        amount(12, 14, true),
        json!({"some": true}),
    ];
    let days = ["1944", "1944-10", "1944-10-16", "1945"].map(|day| json!(day));
    let kinds = prop_oneof![
        3 => Just(("symbol", Json::Null, words.clone())),
        2 => Just(("symbol", json!(["on", "off"]), vec![words[0].clone(), words[1].clone(), words[3].clone()])),
        2 => Just(("bool", Json::Null, vec![json!(true), json!(false)])),
        2 => Just(("quantity", Json::Null, amounts)),
        1 => Just(("date", Json::Null, days.to_vec())),
    ];
    let stale = prop_oneof![3 => Just(Json::Null), 1 => Just(json!(0)), 1 => Just(json!(4))];
    (kinds, stale, 0_u8..8).prop_map(|((value_type, complement, values), stale_after_days, kind)| {
        let is_multi = kind == 0 && complement.is_null();
        let line = json!({
            "type": "attribute", "key": "a", "value_type": value_type, "complement": complement,
            "cardinality": if is_multi { "multi" } else { "single" }, "stale_after_days": stale_after_days, "fixed": kind == 1,
        });
        (line, values)
    })
}

/// What is claimed: which value, by whom, when, whether it is denied, and whether with a captured copy.
type Telling = (prop::sample::Index, u8, Json, bool, u8);

fn telling() -> impl Strategy<Value = Telling> {
    (any::<prop::sample::Index>(), 0_u8..6, time(), prop::bool::weighted(0.1), 0_u8..20)
}

fn claim(id: usize, values: &[Json], (value, who, time, is_denied, copy): &Telling) -> Json {
    let mut line = json!({
        "type": "claim", "id": format!("c{id}"), "subject": "s", "attribute": "a", "value": value.get(values),
        "chain": [{"who": format!("w{who}")}],
    });
    let fields = line.as_object_mut().unwrap();
    for (name, field) in time.as_object().unwrap().iter().filter(|(_, field)| !field.is_null()) {
        fields.insert(name.clone(), field.clone());
    }
    if *is_denied {
        fields.insert("polarity".into(), "deny".into());
    }
    if *copy < 2 {
        fields.insert("evidence".into(), copy.to_string().repeat(64).into());
    }
    line
}

/// Every day of a timeline and what a question for that day answers.
fn compare(known: &Known<'_>, key: &Key) {
    let answer = |day| known.state(key, day, Horizon::default()).answer();
    let day = |number: i64| Day::parse("2024-03-01").unwrap().plus(number);
    let (first, last) = (day(-400), day(40));
    let days = (-370..-360).chain(-6..40).map(|number| (day(number), answer(day(number))));
    let days: Vec<(Day, Answer)> = days.collect();
    for stretches in [known.timeline(key), known.timeline_between(key, first, last)] {
        for (day, alone) in &days {
            let is_of = |stretch: &&Stretch| {
                stretch.from.is_none_or(|from| from <= *day) && stretch.until.is_none_or(|until| *day <= until)
            };
            let stretch = stretches.iter().find(is_of).unwrap();
            assert!(stretch.answer.is_alike(alone), "{day}: {stretch:?}, alone {alone:?}");
        }
        for pair in stretches.windows(2) {
            assert_eq!(pair[0].until.map(|day| day.plus(1)), pair[1].from);
            let (before, after) = (answer(pair[0].until.unwrap()), answer(pair[1].from.unwrap()));
            assert!(!before.is_alike(&after), "{pair:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_timeline_answers_for_every_day_as_a_question_for_that_day(
        (attribute, values) in attribute(),
        tellings in prop::collection::vec(telling(), 0..40),
        acts in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..24), 0..5),
    ) {
        let mut memory = Memory::default();
        memory.commit([attribute.to_string().as_str(), r#"{"type":"entity","key":"s"}"#], AT).unwrap();
        let mut taken = Vec::new();
        for (id, telling) in tellings.iter().enumerate() {
            let line = claim(id, &values, telling).to_string();
            // Not every pair of dates is a period.
            if memory.commit([line.as_str()], AT).is_ok() {
                taken.push(id);
            }
        }
        for (which, kind) in acts.iter().filter(|_| !taken.is_empty()) {
            let target = format!("c{}", which.get(&taken));
            let act = match kind {
                0..8 => json!({"type": "dispute", "disputes": target, "by": "w1", "grounds": "not so"}),
                8..16 => json!({"type": "assessment", "claim": target, "by": "w2", "rating": "true", "rationale": "looked"}),
                16..20 => json!({"type": "assessment", "claim": target, "by": "w3", "rating": "false", "rationale": "looked"}),
                _ => json!({"type": "retraction", "retracts": target, "reason": "misread"}),
            };
            let _ = memory.commit([act.to_string().as_str()], AT);
        }
        memory.ask(("s", "a"), Horizon::default(), compare);
    }
}

/// How claims of one key overlap.
const SHAPES: [fn(u64) -> String; 5] = [
    // All hold on the days in the middle.
    |number| period(number, 30_000 + number * 2),
    // Each holds on some days.
    |number| period(number * 7919 % 40_000, 1 + number * 104_729 % 20_000),
    |number| format!(r#""from":"{}""#, day(number * 7919 % 40_000)),
    |number| format!(r#""as_of":"{}""#, day(number * 7919 % 40_000)),
    |number| {
        let first = number * 7919 % 40_000;
        format!(r#""from":"[{}..{}]""#, day(first), day(first + number % 400))
    },
];

fn day(number: u64) -> String {
    Day::parse("1850-01-01").unwrap().plus(i64::try_from(number).unwrap()).to_string()
}

fn period(first: u64, len: u64) -> String {
    format!(r#""from":"{}","until":"{}""#, day(first), day(first + len))
}

fn overlapping(shape: fn(u64) -> String, count: u64) -> Memory {
    let mut lines = String::new();
    for number in 0..count {
        let (value, agency) = (["open", "closed", "burnt"][usize::try_from(number % 3).unwrap()], number % 400);
        let time = shape(number);
        let _ = writeln!(
            lines,
            r#"{{"type":"claim","subject":"s","attribute":"a","value":"{value}",{time},"said_by":"agency-{agency}"}}"#
        );
    }
    let mut memory = Memory::default();
    memory.commit(lines.lines(), AT).unwrap();
    memory
}

/// Four times the claims take four times the steps, and a little more for the halving.
#[test]
fn a_timeline_of_overlapping_claims_takes_n_log_n_steps() {
    for (number, shape) in SHAPES.into_iter().enumerate() {
        let steps = |count: u64| {
            let ask = |known: &Known<'_>, key: &Key| {
                let mut stretches = Vec::new();
                let steps = steps_of(|| stretches = known.timeline(key));
                assert!(stretches.iter().any(|stretch| stretch.answer.status != Status::Unknown));
                steps
            };
            overlapping(shape, count).ask(("s", "a"), Horizon::default(), ask).unwrap()
        };
        let count = if number == 0 { 1000 } else { 250 };
        let (few, many) = (steps(count), steps(count * 4));
        assert!(many < few * 11 / 2, "shape {number}: {few} steps, then {many}");
    }
}
