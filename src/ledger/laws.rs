//! Laws of the model, on random ledgers.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::memory::Memory;
use crate::date::Day;
use crate::projection::{Horizon, RecordedBy, State};

const AT: i64 = 1_795_000_000_000_000;

/// A date from one day of March 2024 to another.
#[derive(Clone, Copy, Debug)]
struct Dates(u8, u8);

impl Dates {
    fn text(self) -> String {
        let Dates(first, last) = self;
        if first == last { format!("2024-03-{first:02}") } else { format!("[2024-03-{first:02}..2024-03-{last:02}]") }
    }
}

#[derive(Clone, Debug)]
struct Telling {
    value: &'static str,
    who: &'static str,
    time: Time,
    deny: bool,
    /// The minute of the day of its date at which it was said.
    said: Option<u16>,
}

#[derive(Clone, Debug)]
enum Time {
    On(Dates),
    From(Dates, bool),
    Until(Dates, bool),
    Period(Dates, Dates),
    Undated,
}

impl Telling {
    fn line(&self, id: usize) -> String {
        let value = if self.value == "some" { json!({"some": true}) } else { json!(self.value) };
        let mut line = json!({
            "type": "claim", "id": format!("c{id}"), "subject": "s", "attribute": "a", "value": value,
            "chain": [{"who": self.who}],
        });
        let fields = line.as_object_mut().unwrap();
        let mut put = |field: &str, value: Json| fields.insert(field.to_owned(), value);
        let observed = |is_observed: bool| if is_observed { json!("observed") } else { Json::Null };
        match &self.time {
            Time::On(on) => {
                put("as_of", on.text().into());
                if let Some(minute) = self.said {
                    put("said_on", format!("2024-03-{:02}T{:02}:{:02}", on.1, minute / 60, minute % 60).into());
                }
            }
            Time::From(from, is_observed) => {
                put("from", from.text().into());
                put("from_kind", observed(*is_observed));
            }
            Time::Until(until, is_observed) => {
                put("until", until.text().into());
                put("until_kind", observed(*is_observed));
            }
            Time::Period(from, until) => {
                put("from", from.text().into());
                put("until", until.text().into());
            }
            Time::Undated => {
                put("undated", true.into());
            }
        }
        if self.deny {
            put("polarity", "deny".into());
        }
        line.to_string()
    }
}

fn dates() -> impl Strategy<Value = Dates> {
    (1_u8..20, 0_u8..4).prop_map(|(first, more)| Dates(first, if more == 3 { first } else { first + more }))
}

fn time() -> impl Strategy<Value = Time> {
    prop_oneof![
        3 => dates().prop_map(Time::On),
        3 => (dates(), any::<bool>()).prop_map(|(date, kind)| Time::From(date, kind)),
        2 => (dates(), any::<bool>()).prop_map(|(date, kind)| Time::Until(date, kind)),
        3 => (dates(), dates()).prop_filter_map("reversed", |(a, b)| (a.1 < b.0).then_some(Time::Period(a, b))),
        1 => Just(Time::Undated),
    ]
}

fn telling() -> impl Strategy<Value = Telling> {
    telling_of(prop_oneof![4 => Just("on"), 4 => Just("off"), 3 => Just("half"), 1 => Just("some")])
}

fn telling_of(value: impl Strategy<Value = &'static str>) -> impl Strategy<Value = Telling> {
    let who = prop_oneof![Just("ana"), Just("ben"), Just("eva")];
    let said = prop_oneof![2 => Just(None), 1 => (0..1440_u16).prop_map(Some)];
    (value, who, time(), prop::bool::weighted(0.15), said).prop_map(|(value, who, time, deny, said)| Telling {
        value,
        who,
        time,
        deny,
        said,
    })
}

fn attribute() -> impl Strategy<Value = String> {
    let stale = prop_oneof![Just(Json::Null), Just(json!(0)), Just(json!(4))];
    let complement = prop_oneof![Just(Json::Null), Just(json!(["on", "off"]))];
    (stale, complement, prop::bool::weighted(0.2)).prop_map(|(stale, complement, fixed)| {
        json!({
            "type": "attribute", "key": "a", "value_type": "symbol", "complement": complement, "stale_after_days": stale,
            "fixed": fixed,
        })
        .to_string()
    })
}

fn ledger(attribute: &str, tellings: &[Telling]) -> Memory {
    let mut memory = Memory::default();
    let lines: Vec<String> = tellings.iter().enumerate().map(|(id, telling)| telling.line(id)).collect();
    let all = [attribute, r#"{"type":"entity","key":"s"}"#].into_iter().chain(lines.iter().map(String::as_str));
    memory.commit(all, AT).unwrap();
    memory
}

fn day(number: u8) -> Day {
    Day::new(2024, 3, number).unwrap()
}

fn states(memory: &Memory, horizon: Horizon) -> Vec<State> {
    (1..=28).filter_map(|number| memory.state("s", "a", day(number), horizon)).collect()
}

/// What must not depend on the order of the events: status and the set of values.
fn answer(memory: &Memory, state: &State) -> (&'static str, Vec<String>) {
    let mut values: Vec<String> = memory.values(state).iter().map(Json::to_string).collect();
    values.sort();
    (state.status.word(), values)
}

fn answers(memory: &Memory) -> Vec<(&'static str, Vec<String>)> {
    states(memory, Horizon::default()).iter().map(|state| answer(memory, state)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_claims_decides_nothing(attribute in attribute(), tellings in prop::collection::vec(telling(), 1..7)) {
        let forward = ledger(&attribute, &tellings);
        let mut turned = tellings;
        turned.reverse();
        prop_assert_eq!(answers(&forward), answers(&ledger(&attribute, &turned)));
    }

    /// Of all that a source says: a claim taken out of its context may tell a stretch otherwise than the rest does.
    #[test]
    fn a_repetition_by_another_source_changes_support_only(
        attribute in attribute(),
        mut tellings in prop::collection::vec(telling(), 1..6),
        which in any::<prop::sample::Index>(),
    ) {
        let before = answers(&ledger(&attribute, &tellings));
        let who = which.get(&tellings).who;
        let again = tellings.iter().filter(|telling| telling.who == who).map(|telling| Telling { who: "zoe", ..telling.clone() });
        tellings.extend(again.collect::<Vec<_>>());
        let statuses = |answers: &[(&'static str, Vec<String>)]| answers.iter().map(|(status, _)| *status).collect::<Vec<_>>();
        prop_assert_eq!(statuses(&before), statuses(&answers(&ledger(&attribute, &tellings))));
    }

    #[test]
    fn answers_of_a_prefix_never_change(attribute in attribute(), tellings in prop::collection::vec(telling(), 2..7)) {
        let mut whole = Memory::default();
        whole.commit([attribute.as_str(), r#"{"type":"entity","key":"s"}"#], AT).unwrap();
        let mut before: Vec<Vec<State>> = Vec::new();
        for (id, telling) in tellings.iter().enumerate() {
            whole.commit([telling.line(id).as_str()], AT + i64::try_from(id).unwrap()).unwrap();
            let last = *whole.commits.last().unwrap();
            let horizon = Horizon { recorded: Some(RecordedBy::Seq(last)), ..Horizon::default() };
            before.push(states(&whole, horizon));
        }
        for (commit, then) in before.iter().enumerate() {
            let horizon = Horizon { recorded: Some(RecordedBy::Seq(whole.commits[commit + 1])), ..Horizon::default() };
            prop_assert_eq!(then, &states(&whole, horizon));
        }
    }

    /// Alike and for the same reason: by the same row of the table.
    #[test]
    fn what_all_readings_of_a_vague_date_answer_alike_the_vague_date_answers(
        attribute in attribute(),
        tellings in prop::collection::vec(telling_of(prop_oneof![Just("on"), Just("off"), Just("half")]), 0..4),
        value in prop_oneof![Just("on"), Just("off")],
        first in 5_u8..12,
        more in 1_u8..3,
        is_on in any::<bool>(),
    ) {
        let time = |dates| if is_on { Time::On(dates) } else { Time::From(dates, false) };
        let with = |dates| {
            let vague = Telling { value, who: "zoe", time: time(dates), deny: false, said: None };
            let all: Vec<Telling> = tellings.iter().cloned().chain([vague]).collect();
            let memory = ledger(&attribute, &all);
            let states = states(&memory, Horizon::default());
            states.iter().map(|state| (answer(&memory, state), state.row)).collect::<Vec<_>>()
        };
        let readings: Vec<_> = (first..=first + more).map(|day| with(Dates(day, day))).collect();
        let vague = with(Dates(first, first + more));
        for number in 0..28 {
            let first = &readings[0][number].0;
            let alike = readings.iter().all(|reading| reading[number] == readings[0][number]);
            let found = &vague[number].0;
            prop_assert!(!alike || found == first, "day {}: {found:?}, all readings {first:?}", number + 1);
        }
    }

    /// The asking itself holds one against the other. All claims are on exact days, so that only some of them are read.
    #[test]
    fn what_is_near_a_day_answers_as_all_claims_do(
        tellings in prop::collection::vec((0_usize..3, 0_usize..3, 1_u8..28, 0_u8..3), 1..14),
        acts in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4), 0..4),
        stale in prop_oneof![3 => Just(Json::Null), 1 => Just(json!(4))],
    ) {
        let attribute = json!({"type": "attribute", "key": "a", "value_type": "symbol", "stale_after_days": stale}).to_string();
        let claim = |id: String, (value, who, day, time): (usize, usize, u8, u8)| {
            let (value, who) = (["on", "off", "half"][value], ["ana", "ben", "eva"][who]);
            let field = ["as_of", "from", "on"][usize::from(time)];
            json!({"type": "claim", "id": id, "subject": "s", "attribute": "a", "value": value, "said_by": who, field: format!("2024-03-{day:02}")})
        };
        let mut memory = Memory::default();
        memory.commit([attribute.as_str(), r#"{"type":"entity","key":"s"}"#], AT).unwrap();
        for (number, telling) in tellings.iter().enumerate() {
            memory.commit([claim(format!("c{number}"), *telling).to_string().as_str()], AT).unwrap();
        }
        for (number, (which, kind)) in acts.iter().enumerate() {
            let target = format!("c{}", which.index(tellings.len()));
            let mut new = claim(format!("d{number}"), (number % 3, 0, 5 + 4 * u8::try_from(number).unwrap(), 1));
            new.as_object_mut().unwrap().remove("type");
            let act = match kind {
                0 => json!({"type": "retraction", "retracts": target, "reason": "misread"}),
                1 => json!({"type": "dispute", "disputes": target, "by": "eva", "grounds": "not so"}),
                2 => json!({"type": "assessment", "claim": target, "by": "ben", "rating": "false", "rationale": "looked"}),
                _ => json!({"type": "correction", "corrects": target, "reason": "misread", "claim": new}),
            };
            // What was taken back or replaced before is not once more, and a claim that repeats another is none.
            prop_assert!(crate::exchange::read_line(&act.to_string()).is_ok(), "{act}");
            let _ = memory.commit([act.to_string().as_str()], AT);
        }
        prop_assert_eq!(states(&memory, Horizon::default()).len(), 28);
    }
}
