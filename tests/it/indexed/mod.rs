//! An answer from the index and one from a replay are the same: random ledgers, indexed at random moments.

mod commands;
mod killed;
mod many;
mod reader;
mod staying;
mod told;
mod writer;

use std::fmt::Write as _;
use std::path::Path;

use annals::date::Day;
use annals::exchange::{Names, value_json};
use annals::ledger::{ImportOptions, Ledger, Scope, Writer, of_every_key, rebuild};
use annals::projection::{Horizon, Key, Known, RecordedBy};
use annals::seq::Seq;
use serde_json::{Value as Json, json};

use crate::support::{Random, number_of};

const AT: i64 = 1_730_000_000_000_000;
const SUBJECTS: [&str; 5] = ["s0", "s1", "s2", "s3", "s4"];
const ATTRIBUTES: [&str; 4] = ["lit", "head", "named", "free"];

impl Random {
    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    fn is_one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}

/// How many random ledgers, by a variable or as given.
fn rounds(otherwise: u64) -> u64 {
    number_of("ANNALS_INDEXED", otherwise)
}

fn declared() -> Vec<Json> {
    vec![
        json!({"type":"attribute","key":"lit","value_type":"bool"}),
        json!({"type":"attribute","key":"head","value_type":"entity","complement":[{"entity":"p0"},{"entity":"p1"}]}),
        json!({"type":"attribute","key":"named","value_type":"text","cardinality":"multi"}),
    ]
}

/// A claim's fields about some key.
fn claim(dice: &mut Random, id: &str) -> Json {
    let attribute = dice.of(&ATTRIBUTES);
    let value = match attribute {
        "lit" => json!(dice.is_one_in(2)),
        "head" => json!({"entity": dice.of(&["p0", "p1", "p2"])}),
        _ => json!(dice.of(&["x", "y", "z"])),
    };
    let mut line = json!({"id": id, "subject": dice.of(&SUBJECTS), "attribute": attribute, "value": value,
        "quote": "in these very words", "note": "a note"});
    if !dice.is_one_in(6) {
        line["said_by"] = dice.of(&["ana", "ben", "eva", "wire"]).into();
    }
    let day = 1 + dice.below(20);
    match dice.below(4) {
        0 => line["on"] = format!("2024-03-{day:02}").into(),
        1 => line["from"] = format!("[2024-03-{day:02}..2024-03-{:02}]", day + 2).into(),
        2 => line["until"] = format!("2024-03-{day:02}").into(),
        _ => {
            line["from"] = format!("2024-03-{day:02}").into();
            line["until"] = format!("2024-03-{:02}", day + 3).into();
        }
    }
    if dice.is_one_in(2) {
        line["said_on"] = format!("2024-03-{:02}", 1 + dice.below(28)).into();
    }
    line
}

/// A line that may be recorded; if what it acts upon is not there it is refused, and that is fine too.
fn line(dice: &mut Random, number: u64) -> Json {
    let id = format!("e{number}");
    let earlier = format!("e{}", dice.below(number.max(1)));
    let by = if dice.is_one_in(2) { json!("desk") } else { json!(dice.of(&["ana", "ben"])) };
    match dice.below(20) {
        0..10 => {
            let mut line = claim(dice, &id);
            line["type"] = "claim".into();
            line
        }
        10 => {
            let claim = claim(dice, &format!("{id}-new"));
            json!({"type":"correction","id":id,"corrects":earlier,"by":by,"reason":"r","claim":claim})
        }
        11 | 12 => json!({"type":"retraction","id":id,"retracts":earlier,"by":by,"reason":"r","said_on":"2024-03-20"}),
        13 => json!({"type":"dispute","id":id,"disputes":earlier,"by":"eva","grounds":"g","said_on":"2024-03-15"}),
        14 => {
            json!({"type":"assessment","id":id,"claim":earlier,"rating":dice.of(&["true","false","unproven"]),"rationale":"r"})
        }
        15 => {
            let verdict = dice.of(&["same", "same", "different"]);
            json!({"type":"judgement","id":id,"entities":[dice.of(&SUBJECTS), dice.of(&["p0","p1","s1"])],"verdict":verdict})
        }
        16 => {
            json!({"type":"link","id":id,"source":dice.of(&["ana","ben"]),"to":dice.of(&["wire","eva"]),"how":"same-wire"})
        }
        17 => {
            json!({"type":"source","key":dice.of(&["ana","ben","eva"]),"kind":"person","label":format!("L{number}"),"reliability":dice.of(&["A","D","E"])})
        }
        18 => {
            json!({"type":"entity","key":dice.of(&SUBJECTS),"label":format!("Label {number}"),"aliases":[format!("al{number}")]})
        }
        _ => json!({"type":"note","id":id,"about":earlier,"text":"t"}),
    }
}

/// A ledger of some commits, indexed after some of them and not after others.
fn ledger(dir: &Path, dice: &mut Random) -> u64 {
    Ledger::create(dir, Some("example.org/index"), AT).unwrap();
    let mut number = 0;
    for commit in 0..8_i64 {
        let mut lines: Vec<Json> = if commit == 0 { declared() } else { Vec::new() };
        for _ in 0..=dice.below(12) {
            lines.push(line(dice, number));
            number += 1;
        }
        let text = lines.iter().map(Json::to_string).collect::<Vec<_>>().join("\n");
        let at = AT + commit * 86_400_000_000;
        let options = ImportOptions { keeps_good: true, threads: 1, ..ImportOptions::default() };
        Writer::open(dir, "desk", at).unwrap().import(text.as_bytes(), options, at, |_| {}).unwrap();
        if dice.is_one_in(3) || commit == 4 {
            rebuild(dir, 2, |_| {}).unwrap();
        }
    }
    number
}

fn tell_key(told: &mut String, ledger: &Ledger, known: &Known<'_>, key: &Key, horizon: Horizon) {
    let names = ledger.names();
    for day in [4, 9, 14, 21] {
        let day = Day::parse(&format!("2024-03-{day:02}")).unwrap();
        let state = known.state(key, day, horizon);
        let values: Vec<Json> = state.values.iter().map(|value| value_json(value, &names)).collect();
        let claims = state.sides.iter().flat_map(|side| &side.claims);
        let ids: Vec<_> = claims.map(|claim| ledger.id_of(*claim)).collect();
        let name = (names.entity(key.subject), names.attribute(key.attribute));
        writeln!(told, "{name:?} {state:?} {values:?} {ids:?}").unwrap();
    }
    writeln!(told, "{:?}", known.first(key.subject, key.attribute, None)).unwrap();
    writeln!(told, "{:?}", known.timeline(key, horizon)).unwrap();
}

/// All that a ledger answers about one key, or about all.
fn tell(ledger: &Ledger, key: Option<(&str, &str)>) -> String {
    let mut told = format!("{:?}\n", ledger.head());
    let commits = [3, 9, 20, 40].map(|seq| Some(RecordedBy::Seq(Seq(seq))));
    let days = [Some(RecordedBy::Micros(AT + 3 * 86_400_000_000)), None];
    for recorded in commits.into_iter().chain(days) {
        for reported in [None, Day::parse("2024-03-12")] {
            let horizon = Horizon { reported, recorded };
            let known = ledger.facts().at(horizon);
            let catalogue = ledger.facts().catalogue();
            match key {
                None => known.keys().iter().for_each(|key| tell_key(&mut told, ledger, &known, key, horizon)),
                Some((subject, attribute)) => {
                    let found = catalogue.entity_of_key(subject).zip(catalogue.attribute_of_key(attribute));
                    let Some((subject, attribute)) = found else { continue };
                    tell_key(&mut told, ledger, &known, &known.key(subject, attribute), horizon);
                }
            }
        }
    }
    told
}

fn assert_same(part: &Ledger, replayed: &Ledger, key: Option<(&str, &str)>, what: &str) {
    let (part, replayed) = (tell(part, key), tell(replayed, key));
    for (own, expected) in part.lines().zip(replayed.lines()) {
        assert_eq!(own, expected, "{what}: {key:?}");
    }
    assert_eq!(part.lines().count(), replayed.lines().count(), "{what}: {key:?}");
}

/// Every key asked on two threads, each of its own part, answers as the whole ledger does.
fn every_key(dir: &Path, replayed: &Ledger, seed: u64) {
    for recorded in [None, Some(RecordedBy::Seq(Seq(14))), Some(RecordedBy::Micros(AT + 4 * 86_400_000_000))] {
        for reported in [None, Day::parse("2024-03-12")] {
            let horizon = Horizon { reported, recorded };
            let tell = |ledger: &Ledger, known: &Known<'_>, key: &Key| {
                let mut told = String::new();
                tell_key(&mut told, ledger, known, key, horizon);
                Some(told)
            };
            let asked = of_every_key(dir, horizon, 2, &tell).unwrap();
            assert_eq!(asked.ledger.without_index(), None, "seed {seed}");
            let known = replayed.facts().at(horizon);
            let names = replayed.names();
            let name =
                |key: &Key| (names.entity(key.subject).into_owned(), names.attribute(key.attribute).into_owned());
            let mut keys = known.keys();
            keys.retain(Key::has_live_claim);
            keys.sort_by_cached_key(name);
            let expected: Vec<String> = keys.iter().filter_map(|key| tell(replayed, &known, key)).collect();
            assert_eq!(asked.answers.len(), expected.len(), "seed {seed}: {horizon:?}");
            for (own, expected) in asked.answers.iter().zip(&expected) {
                assert_eq!(own, expected, "seed {seed}: {horizon:?}");
            }
        }
    }
}

#[test]
fn the_index_answers_as_a_replay_does() {
    for seed in 0..rounds(12) {
        let dir = tempfile::tempdir().unwrap();
        ledger(dir.path(), &mut Random::of_seed(seed));
        let replayed = Ledger::open(dir.path()).unwrap();
        let part = |scope| {
            let part = Ledger::open_for(dir.path(), scope, false).unwrap();
            assert_eq!(part.without_index(), None, "seed {seed}");
            part
        };
        assert_same(&part(Scope::Everything), &replayed, None, &format!("seed {seed}"));
        every_key(dir.path(), &replayed, seed);
        for subject in SUBJECTS {
            let of_subject = part(Scope::Subject(subject));
            for attribute in ATTRIBUTES {
                let key = Some((subject, attribute));
                assert_same(&part(Scope::Key(subject, attribute)), &replayed, key, &format!("seed {seed}"));
                // An attribute of which nothing is claimed is not read with the subject.
                if of_subject.facts().catalogue().attribute_of_key(attribute).is_some() {
                    assert_same(&of_subject, &replayed, key, &format!("seed {seed} by subject"));
                }
            }
        }
    }
}

#[test]
fn with_texts_claims_are_what_the_log_has() {
    let dir = tempfile::tempdir().unwrap();
    ledger(dir.path(), &mut Random::of_seed(99));
    let replayed = Ledger::open(dir.path()).unwrap();
    let mut without_quotes = 0;
    for subject in SUBJECTS {
        let part = Ledger::open_for(dir.path(), Scope::Subject(subject), true).unwrap();
        for (seq, claim) in part.facts().claims() {
            assert_eq!(claim, replayed.facts().claim(seq).unwrap(), "{seq}");
        }
        let brief = Ledger::open_for(dir.path(), Scope::Subject(subject), false).unwrap();
        without_quotes += brief.facts().claims().filter(|(_, claim)| claim.reference.quote.is_none()).count();
    }
    assert!(without_quotes > 0, "the index leaves quotes out");
}

#[test]
fn every_event_is_found_by_id_and_number() {
    let dir = tempfile::tempdir().unwrap();
    let count = ledger(dir.path(), &mut Random::of_seed(7));
    let replayed = Ledger::open(dir.path()).unwrap();
    let ids = (0..count).flat_map(|number| [format!("e{number}"), format!("e{number}-new"), format!("#{number}")]);
    let mut found = 0;
    for target in ids {
        let part = Ledger::open_for(dir.path(), Scope::Event(&target), true).unwrap();
        assert_eq!(part.find(&target).ok(), replayed.find(&target).ok(), "{target}");
        let Ok(seq) = replayed.find(&target) else { continue };
        found += 1;
        assert_eq!(
            format!("{:?}", part.facts().acts_on(seq)),
            format!("{:?}", replayed.facts().acts_on(seq)),
            "{target}"
        );
        assert_eq!(part.id_of(seq), replayed.id_of(seq), "{target}");
    }
    assert!(found > 40, "{found}");
}
