//! A ledger in memory, for tests of the model: lines in, states out, no log between.

use super::knowledge::register::Register;
use super::plan::policy::Policy;
use super::plan::resolve::Route;
use super::read::names::LedgerNames;
use crate::chain::Hash;
use crate::claim::Problem;
use crate::date::Day;
use crate::event::{Event, EventKind, Recorded};
use crate::exchange::{read_line, value_json};
use crate::projection::{Facts, Horizon, Key, Known, State, World};
use crate::seq::Seq;
use crate::view::{Ids, Taken, ToldIds, View, ViewBuilder};

/// The events of some lines, and what they come to.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    register: Register,
    events: Vec<(Recorded, (Seq, Seq))>,
    world: World,
    told_ids: ToldIds,
    ids: Ids,
    /// The last event of each commit.
    pub(crate) commits: Vec<Seq>,
    at_micros: Vec<i64>,
}

impl Memory {
    /// Records lines as one commit, at a time in microseconds since 1970.
    pub(crate) fn commit<'l>(
        &mut self,
        lines: impl IntoIterator<Item = &'l str>,
        at_micros: i64,
    ) -> Result<(), Problem> {
        for line in lines {
            let line = read_line(line).map_err(|problems| problems.first().clone())?;
            let Some(proposed) = line.proposed() else { continue };
            let mut events = Vec::new();
            let policy = Policy { is_import: true, is_anyway: true, ..Policy::default() };
            self.register.plan(proposed, Route::Hand, Seq(1), policy, &mut events)?;
            for numbered in events {
                self.register.apply(&numbered, Seq(1));
                if let Some(id) = numbered.event.own_id() {
                    self.told_ids.insert(id, numbered.seq, false);
                }
                let recorded =
                    Recorded { seq: numbered.seq, at_micros, actor: Seq(1), event: Some(numbered.event), first: None };
                self.world.apply(&recorded);
                self.events.push((recorded, numbered.about));
            }
        }
        let last = Seq(self.register.size());
        self.ids = self.told_ids.clone().into();
        self.commits.push(last);
        self.at_micros.push(at_micros);
        Ok(())
    }

    /// Its View, with a run for each commit.
    fn view(&self) -> View {
        let mut view = ViewBuilder::default();
        let about = |seq: Seq, _| self.events.get(usize::try_from(seq.0).ok()? - 1).map(|(_, about)| *about);
        let mut events = self.events.iter().peekable();
        for (last, at_micros) in self.commits.iter().zip(&self.at_micros) {
            while let Some((recorded, about)) = events.next_if(|(recorded, _)| recorded.seq <= *last) {
                let kind = recorded.event.as_ref().map_or(EventKind::Noted, Event::kind);
                view.take(Taken { recorded, kind, about: *about, link: Hash::ZERO, offset: 0 });
            }
            view.close_commit(*last, *at_micros, &[]);
            view.close_run(about);
        }
        view.finish(about)
    }

    /// Why an answer is what it is, in one line.
    pub(crate) fn reason(&self, state: &State) -> String {
        state.reason.text(&self.world.catalogue)
    }

    /// The state of a key by its names.
    pub(crate) fn state(&self, subject: &str, attribute: &str, day: Day, horizon: Horizon) -> Option<State> {
        let catalogue = &self.world.catalogue;
        let key = (catalogue.entity_of_key(subject)?, catalogue.attribute_of_key(attribute)?);
        let view = self.view();
        let at = view.world().at(horizon);
        let state_of = |facts: &Facts| {
            let known = at.of(facts);
            known.state(&known.key(key.0, key.1), day, horizon)
        };
        let state = state_of(&view.facts(&[key]).expect("runs in memory are whole"));
        let near = state_of(&view.facts_on(key, day, &at).expect("runs in memory are whole"));
        assert_eq!(near, state, "by what is near the day, and by all");
        Some(state)
    }

    /// Asks something of a key by its names.
    pub(crate) fn ask<T>(
        &self,
        (subject, attribute): (&str, &str),
        horizon: Horizon,
        ask: impl FnOnce(&Known<'_>, &Key) -> T,
    ) -> Option<T> {
        let catalogue = &self.world.catalogue;
        let key = (catalogue.entity_of_key(subject)?, catalogue.attribute_of_key(attribute)?);
        let view = self.view();
        let facts = view.facts(&[key]).expect("runs in memory are whole");
        let known = view.world().at(horizon).of(&facts);
        Some(ask(&known, &known.key(key.0, key.1)))
    }

    pub(crate) fn names(&self) -> LedgerNames<'_> {
        LedgerNames { catalogue: &self.world.catalogue, ids: &self.ids }
    }

    /// Pairs of claims by which a source contradicts itself.
    pub(crate) fn contradictions(&self) -> Vec<(Seq, Seq)> {
        self.register.contradictions(Seq(1), 10)
    }

    /// The values of a state as JSON.
    pub(crate) fn values(&self, state: &State) -> Vec<serde_json::Value> {
        state.values.iter().map(|value| value_json(value, &self.names())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Instant;
    use crate::projection::RecordedBy;

    const AT: i64 = 1_795_000_000_000_000;

    fn text<'j>(json: &'j serde_json::Value, field: &str) -> Option<&'j str> {
        json.get(field).and_then(serde_json::Value::as_str)
    }

    /// Checks one expectation of a worked case.
    fn check(memory: &Memory, name: &str, expect: &serde_json::Value) -> Vec<String> {
        let recorded = expect.get("recorded_by_line").and_then(serde_json::Value::as_u64);
        let recorded = recorded.map(|line| RecordedBy::Seq(memory.commits[usize::try_from(line).unwrap() - 1]));
        let horizon = Horizon { reported: text(expect, "reported_by").map(|by| Instant::parse(by).unwrap()), recorded };
        let day = Day::parse(text(expect, "on").unwrap()).unwrap();
        let state =
            memory.state(text(expect, "subject").unwrap(), text(expect, "attribute").unwrap(), day, horizon).unwrap();
        let values = memory.values(&state);
        let wanted = expect["values"].as_array().unwrap();
        let is_in_order = state.flags.iter().any(|flag| flag.word() == "changed that day");
        let same = if is_in_order {
            *wanted == values
        } else {
            wanted.len() == values.len() && wanted.iter().all(|value| values.contains(value))
        };
        let flags: Vec<&str> = state.flags.iter().map(|flag| flag.word()).collect();
        let wanted_flags = expect.get("flags").and_then(|flags| flags.as_array().cloned()).unwrap_or_default();
        let mut wrong = Vec::new();
        if text(expect, "status") != Some(state.status.word()) || !same {
            wrong.push(format!("{name} on {day}: {} {values:?}, wanted {expect}", state.status.word()));
        }
        if !wanted_flags.iter().all(|flag| flags.contains(&flag.as_str().unwrap())) {
            wrong.push(format!("{name} on {day}: flags {flags:?}, wanted {expect}"));
        }
        let all_flags = expect.get("all_flags").and_then(serde_json::Value::as_array);
        if all_flags.is_some_and(|all| {
            all.len() != flags.len() || !all.iter().all(|flag| flags.contains(&flag.as_str().unwrap()))
        }) {
            wrong.push(format!("{name} on {day}: flags {flags:?}, wanted {expect}"));
        }
        if let Some(support) = expect.get("support").and_then(serde_json::Value::as_u64)
            && state.sides.first().map(|side| side.support as u64) != Some(support)
        {
            wrong.push(format!("{name} on {day}: support {:?}, wanted {support}", state.sides));
        }
        for side in memory.reason(&state).split("; ") {
            let claims: Vec<&str> = side.split_whitespace().filter(|word| word.starts_with('#')).collect();
            if claims.iter().any(|claim| claims.iter().filter(|other| other == &claim).count() > 1) {
                wrong.push(format!("{name} on {day}: a claim is named twice: {side}"));
            }
        }
        wrong
    }

    #[test]
    fn worked_cases_answer_as_a_careful_journalist_would() {
        let mut wrong = Vec::new();
        let mut checked = 0;
        let cases = [
            include_str!("../../fixtures/scenarios.jsonl"),
            include_str!("../../fixtures/readings.jsonl"),
            include_str!("../../fixtures/peers.jsonl"),
        ];
        for line in cases.iter().flat_map(|cases| cases.lines()) {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            let name = text(&case, "name").unwrap();
            let mut memory = Memory::default();
            for event in case["events"].as_array().unwrap() {
                memory.commit([event.to_string().as_str()], AT).unwrap_or_else(|problem| panic!("{name}: {problem}"));
            }
            for expect in case["expect"].as_array().unwrap() {
                wrong.extend(check(&memory, name, expect));
                checked += 1;
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(checked > 900, "{checked}");
    }

    /// Status and values of `s a` on a day, after these events in one commit.
    fn answer(lines: &[&str], day: &str) -> (&'static str, Vec<serde_json::Value>) {
        let mut memory = Memory::default();
        memory.commit(lines.iter().copied(), AT).unwrap();
        let state = memory.state("s", "a", Day::parse(day).unwrap(), Horizon::default()).unwrap();
        (state.status.word(), memory.values(&state))
    }

    #[test]
    fn a_clock_orders_only_the_bound_it_stands_beside() {
        let lines = [
            r#"{"type":"attribute","key":"a","value_type":"bool","complement":[true,false]}"#,
            r#"{"type":"claim","subject":"s","attribute":"a","value":false,"from":"2024-02-20","until":"2024-02-26","clock":"13:00..14:00","said_by":"x"}"#,
            r#"{"type":"claim","subject":"s","attribute":"a","value":{"none":true},"from":"2024-02-26","clock":"08:00..09:00","said_by":"y"}"#,
        ];
        // The period's clock is that of its start; when on the 26th it ended, nobody says.
        assert_eq!(answer(&lines, "2024-02-28").0, "contested");
        let same_day = lines.map(|line| line.replace("2024-02-20", "2024-02-26"));
        assert_eq!(answer(&same_day.each_ref().map(String::as_str), "2024-02-28").0, "contested");
    }

    #[test]
    fn a_list_does_not_start_later_than_itself() {
        let lines = [
            r#"{"type":"attribute","key":"a","value_type":"bool"}"#,
            r#"{"type":"periods","subject":"s","attribute":"a","value":true,"periods":[{"from":"2024-02-20","until":"2024-02-21"},{"from":"2024-02-26","until":"2024-02-28"}],"said_by":"x"}"#,
            r#"{"type":"claim","subject":"s","attribute":"a","value":true,"from":"2024-02-20","until":"2024-02-20","said_by":"y"}"#,
        ];
        let flags = |lines: &[&str]| {
            let mut memory = Memory::default();
            memory.commit(lines.iter().copied(), AT).unwrap();
            let state = memory.state("s", "a", Day::parse("2024-02-21").unwrap(), Horizon::default()).unwrap();
            state.flags.iter().map(|flag| flag.word()).collect::<Vec<_>>()
        };
        assert_eq!(flags(&lines[..2]), ["ended"]);
        // On its last day it ended: that it started again is no other story.
        let later = r#"{"type":"claim","subject":"s","attribute":"a","value":true,"from":"2024-02-24","said_by":"y"}"#;
        assert_eq!(flags(&[lines[0], lines[1], later]), ["ended"]);
        let seen = r#"{"type":"claim","subject":"s","attribute":"a","value":true,"as_of":"2024-02-21","said_by":"z"}"#;
        assert_eq!(flags(&[lines[0], seen, later]), ["later start"]);
    }

    #[test]
    fn a_claim_that_was_corrected_into_another_key_stands_and_falls_with_the_correction() {
        let lines = [
            r#"{"type":"attribute","key":"a","value_type":"symbol"}"#,
            r#"{"type":"entity","key":"s"}"#,
            r#"{"type":"claim","id":"c1","subject":"other","attribute":"a","value":"on","as_of":"2024-03-01","said_by":"x"}"#,
            r#"{"type":"correction","id":"k1","corrects":"c1","reason":"misread","claim":{"id":"c2","subject":"s","attribute":"a","value":"on","as_of":"2024-03-01","said_by":"x"}}"#,
        ];
        assert_eq!(answer(&lines, "2024-03-01").0, "stated");
        let back = r#"{"type":"retraction","retracts":"k1","reason":"it was right"}"#;
        let all: Vec<&str> = lines.into_iter().chain([back]).collect();
        assert_eq!(answer(&all, "2024-03-01").0, "unknown");
    }
}
