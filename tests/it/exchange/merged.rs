//! Ledgers that were begun apart, carried into each other.

use std::collections::BTreeMap;

use serde_json::Value;

use super::carried::answers;
use super::random::{random_ledger, taken_elsewhere};
use crate::support::{Desk, err, number_of};

fn begun_as(origin: &str) -> Desk {
    let desk = Desk::new();
    desk.ok(&["init", "--origin", origin]);
    desk
}

/// Carries everything of one ledger into another.
fn carry(from: &Desk, to: &Desk) -> Value {
    to.write("theirs.jsonl", &from.ok(&["export"]));
    to.json(&["import", "theirs.jsonl"]).remove(0)
}

/// Who entered what first, by the link that it has there.
fn authors(desk: &Desk) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for line in taken_elsewhere(&desk.ok(&["export"])).into_iter().skip(1) {
        if line["type"] == "setting" {
            // Settings are each ledger's own.
            continue;
        }
        let claim = line.get("claim").filter(|claim| claim.is_object());
        for event in [Some(&line), claim].into_iter().flatten() {
            let place = event.get("first").unwrap_or(event);
            let (origin, seq, at) = (&place["origin"], &place["seq"], &place["recorded_at"]);
            let author = format!("{} {origin} {seq} {at}", place["actor"]);
            let before = all.insert(place["hash"].as_str().unwrap().to_owned(), author);
            assert_eq!(before, None, "an event is there twice");
        }
    }
    all
}

fn claim(desk: &Desk, actor: &str, id: &str, value: &str, on: &str) {
    let claim = ["record", "embassy", "power", value, "--on", on, "--said-by", "daily", "--id", id, "--actor", actor];
    desk.ok(&claim);
}

#[test]
fn two_desks_keep_what_is_theirs() {
    let (north, south) = (begun_as("example.org/north"), begun_as("example.org/south"));
    claim(&north, "ana", "c1", "off", "2024-01-01");
    claim(&north, "ben", "c2", "on", "2024-01-02");
    claim(&south, "eva", "c1", "off", "2024-01-03");
    north.ok(&["assess", "c1", "--rating", "true", "--rationale", "seen", "--actor", "ana"]);
    assert_eq!(carry(&north, &south)["refused"], 0);
    let (of_north, of_south) = (authors(&north), authors(&south));
    assert!(of_north.iter().all(|(link, author)| of_south.get(link) == Some(author)), "{of_north:?}\n{of_south:?}");
    assert_eq!(carry(&south, &north)["refused"], 0);
    assert_eq!(authors(&north), authors(&south));
    for (from, to) in [(&north, &south), (&south, &north), (&north, &north)] {
        let again = carry(from, to);
        assert_eq!((&again["events"], &again["refused"]), (&0.into(), &0.into()));
    }
    let third = begun_as("example.org/third");
    assert_eq!(carry(&north, &third)["skipped"], 0);
    assert_eq!(authors(&third), authors(&north));
    // Overlapping exports: the older one adds nothing to the newer.
    assert_eq!(carry(&south, &third)["events"], 0);
}

#[test]
fn an_own_id_names_the_own_event() {
    let (north, south) = (begun_as("example.org/north"), begun_as("example.org/south"));
    claim(&north, "ana", "p1", "off", "2024-01-01");
    claim(&south, "eva", "p1", "on", "2024-01-02");
    claim(&south, "eva", "p2", "on", "2024-01-03");
    carry(&south, &north);
    let own = north.json(&["show", "p1"])[0].clone();
    assert_eq!(own["value"], "off", "{own}");
    north.ok(&["dispute", "p1", "--grounds", "no"]);
    north.ok(&["dispute", "p2", "--grounds", "no"]);
    let disputed = |desk: &Desk| {
        let export = desk.ok(&["export"]);
        let lines: Vec<Value> = export.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let disputes = lines.iter().filter(|line| line["type"] == "dispute");
        let named = |line: &Value| (line["id"].clone(), format!("#{}", line["seq"]));
        let target = |dispute: &&Value| {
            let own = lines.iter().filter(|line| line.get("first").is_none());
            let all = own.chain(lines.iter().filter(|line| line.get("first").is_some()));
            let mut named = all.filter(|line| {
                let (id, seq) = named(line);
                id == dispute["disputes"] || dispute["disputes"] == seq
            });
            named.next().unwrap()["on"].as_str().unwrap().to_owned()
        };
        disputes.map(|dispute| target(&dispute)).collect::<Vec<_>>()
    };
    assert_eq!(disputed(&north), ["2024-01-01", "2024-01-03"]);
    // In a third ledger both are another's: the id names two, the acts keep what they are upon.
    let third = begun_as("example.org/third");
    carry(&north, &third);
    let told = third.fails(&["show", "p1"], 3);
    assert!(told.contains("several"), "{told}");
    carry(&north, &south);
    for desk in [&south, &third] {
        assert_eq!(disputed(desk), ["2024-01-01", "2024-01-03"]);
    }
    assert_eq!(south.json(&["show", "p1"])[0]["value"], "on");
}

#[test]
fn what_was_only_used_elsewhere_does_not_undo_what_is_declared_here() {
    let (north, south) = (begun_as("example.org/north"), begun_as("example.org/south"));
    north.ok(&["attribute", "power", "--type", "symbol", "--complement", "on,off", "--label", "Power"]);
    claim(&north, "ana", "n1", "on", "2024-01-01");
    claim(&south, "eva", "s1", "off", "2024-01-02");
    let declared = |desk: &Desk| {
        let all = desk.json(&["attribute"]);
        all.into_iter().find(|attribute| attribute["key"] == "power").unwrap()
    };
    let before = declared(&north);
    assert_eq!(before["complement"], serde_json::json!(["on", "off"]), "{before}");
    let join = |from: &Desk, to: &Desk| {
        to.write("theirs.jsonl", &from.ok(&["export"]));
        to.write("same.txt", "attribute power\n");
        to.json(&["import", "theirs.jsonl", "--join", "same.txt"]).remove(0)
    };
    assert_eq!(join(&south, &north)["refused"], 0);
    for field in ["value_type", "complement", "label"] {
        assert_eq!(declared(&north)[field], before[field]);
    }
    for (from, to) in [(&south, &north), (&north, &south), (&north, &south), (&south, &north)] {
        assert_eq!(join(from, to)["refused"], 0);
    }
    for field in ["value_type", "complement", "label"] {
        assert_eq!(declared(&south)[field], before[field]);
    }
    assert_eq!(authors(&north), authors(&south));
}

#[test]
fn verdicts_of_two_desks_stand_beside_each_other() {
    let (north, south) = (begun_as("example.org/north"), begun_as("example.org/south"));
    claim(&north, "ana", "c1", "off", "2024-01-01");
    carry(&north, &south);
    south.ok(&["assess", "c1", "--rating", "false", "--rationale", "no", "--actor", "eva"]);
    north.ok(&["assess", "c1", "--rating", "true", "--rationale", "seen", "--actor", "ana"]);
    carry(&south, &north);
    carry(&north, &south);
    for desk in [&north, &south] {
        let state = &desk.json(&["state", "embassy", "power", "--on", "2024-01-01"])[0];
        assert_eq!((&state["status"], &state["flags"][0]), (&"contested".into(), &"verdicts differ".into()), "{state}");
    }
    let export = north.ok(&["export"]);
    let verdict = export.lines().find(|line| line.contains(r#""rating":"false""#)).unwrap();
    assert!(verdict.contains(r#""by":"example.org/south""#), "{verdict}");
}

#[test]
fn the_desk_of_another_ledger_takes_back_what_is_its_own_and_nothing_else() {
    let (north, south) = (begun_as("example.org/north"), begun_as("example.org/south"));
    claim(&north, "ana", "c1", "off", "2024-01-01");
    claim(&north, "ana", "c2", "on", "2024-01-02");
    carry(&north, &south);
    north.ok(&["retract", "c1", "--reason", "misread"]);
    south.ok(&["retract", "c2", "--reason", "we do not think so", "--actor", "eva"]);
    carry(&north, &south);
    north.write("theirs.jsonl", &south.ok(&["export"]));
    let output = north.run(&["import", "theirs.jsonl"]);
    assert!(err(&output).contains("recorded, and without effect here"), "{}", err(&output));
    let live = |desk: &Desk, on: &str| desk.json(&["state", "embassy", "power", "--on", on])[0]["status"].clone();
    assert_eq!(live(&north, "2024-01-02"), "stated");
    // In the south its own desk takes back whatever stands there, and the north what it had told.
    assert!(south.json(&["state", "--on", "2024-01-02"]).is_empty());
    assert_eq!(authors(&north), authors(&south));
}

#[test]
fn keys_that_may_mean_something_else_stop_an_import() {
    let (north, south) = (begun_as("example.org/north"), begun_as("example.org/south"));
    for (desk, label, kind) in [(&north, "Paris, France", "symbol"), (&south, "Paris, Texas", "bool")] {
        desk.ok(&["entity", "paris", "--label", label]);
        desk.ok(&["attribute", "power", "--type", kind]);
        let value = if kind == "bool" { "true" } else { "on" };
        desk.ok(&["record", "paris", "power", value, "--on", "2024-01-01", "--said-by", "daily"]);
    }
    south.write("theirs.jsonl", &north.ok(&["export"]));
    let told = south.fails(&["import", "theirs.jsonl"], 3);
    for part in ["entity \"paris\" may mean something else", "attribute \"power\" may mean something else", "--join"] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    south.write("none.txt", "# none of them\n");
    south.ok(&["import", "theirs.jsonl", "--join", "none.txt"]);
    let states = south.json(&["state", "--on", "2024-01-01"]);
    let keys: Vec<String> = states.iter().map(|state| format!("{} {}", state["subject"], state["attribute"])).collect();
    assert_eq!(keys, [r#""example.org/north/paris" "example.org/north/power""#, r#""paris" "power""#]);
    let again = south.json(&["import", "theirs.jsonl"]);
    assert_eq!((&again[0]["events"], &again[0]["refused"]), (&0.into(), &0.into()));
    let third = begun_as("example.org/third");
    third.ok(&["entity", "paris-tx", "--label", "Paris"]);
    third.write("theirs.jsonl", &south.ok(&["export"]));
    third.write("same.txt", "entity paris paris-tx\n");
    third.ok(&["import", "theirs.jsonl", "--join", "same.txt"]);
    assert!(third.ok(&["entity"]).contains("Paris, Texas"));
    assert!(third.json(&["state", "paris-tx", "--on", "2024-01-01"])[0]["values"][0].as_bool().unwrap());
}

/// The keys that random ledgers have.
const SAME: &str = "entity s1\nentity s2\nentity s3\nsource x\nsource y\nsource z\nsource hidden\nattribute count\n\
attribute alive\nattribute power\nattribute holds\nattribute born\n";

#[test]
fn ledgers_grown_apart_lose_double_and_revive_nothing_when_they_are_merged_both_ways() {
    let first = number_of("ANNALS_SEED", 0);
    for seed in first..first + number_of("ANNALS_LEDGERS", 3) {
        let north = random_ledger(seed, begun_as("example.org/north"), false);
        let south = random_ledger(seed + 1000, begun_as("example.org/south"), false);
        let (of_north, of_south) = (authors(&north), authors(&south));
        let join = |from: &Desk, to: &Desk| {
            to.write("theirs.jsonl", &from.ok(&["export"]));
            to.write("same.txt", SAME);
            to.json(&["import", "theirs.jsonl", "--join", "same.txt"]).remove(0)
        };
        join(&north, &south);
        join(&south, &north);
        let mut both = of_north;
        both.extend(of_south);
        assert_eq!(authors(&north), both, "seed {seed}");
        assert_eq!(authors(&south), both, "seed {seed}");
        for (from, to) in [(&north, &south), (&south, &north)] {
            assert_eq!(join(from, to)["events"], 0, "seed {seed}");
        }
        let third = Desk::with_ledger();
        let report = join(&north, &third);
        assert_eq!((&report["skipped"], &report["refused"]), (&0.into(), &0.into()), "seed {seed}");
        assert_eq!(answers(&third), answers(&north), "seed {seed}");
    }
}
