//! A writer who stays: many commits, of which later ones repeat, contradict and act upon earlier ones, by the index and
//! without it.

use std::fs;
use std::path::Path;

use annals::exchange::read_line;
use annals::ledger::{ImportOptions, Ledger, Policy, Staged, Writer, rebuild};
use annals::seq::Seq;
use serde_json::{Value as Json, json};

use super::writer::events;
use super::{AT, claim, declared, line, rounds};
use crate::support::Random;

/// An index is brought up to date when a ledger grows beyond this.
const DUE: u64 = 1024;

/// Lines to be recorded, and the claims among them, to be told again.
pub(super) struct Lines {
    pub(super) dice: Random,
    pub(super) number: u64,
    pub(super) claims: Vec<Json>,
}

impl Lines {
    fn next(&mut self) -> Json {
        self.number += 1;
        let (dice, number) = (&mut self.dice, self.number);
        if dice.is_one_in(2) && !self.claims.is_empty() {
            let earlier = usize::try_from(dice.below(self.claims.len() as u64)).unwrap();
            return again(dice, &self.claims[earlier], number);
        }
        if dice.is_one_in(4) {
            return act(dice, number);
        }
        let mut line = if dice.is_one_in(3) { plain_claim(dice, number) } else { line(dice, number) };
        match dice.below(12) {
            0 => drop(line.as_object_mut().unwrap().remove("id")),
            1 => line = json!({"type":"approval","approves":format!("e{}", dice.below(number)),"reason":"r"}),
            2 => {
                line["said_by"] = dice.of(&["new-one", "another", "ana"]).into();
            }
            3..7 => lookalike(dice, &mut line),
            _ => {}
        }
        if line["type"] == "claim" || line["type"] == "periods" {
            self.claims.push(line.clone());
        }
        line
    }
}

/// Something in a line is named by letters that look like those of what is known, and are others.
fn lookalike(dice: &mut Random, line: &mut Json) {
    match dice.below(7) {
        0 => line["subject"] = dice.of(&["\u{455}0", "\u{455}1", "\u{455}2"]).into(),
        1 => line["said_by"] = dice.of(&["\u{430}na", "b\u{435}n", "ev\u{430}"]).into(),
        2 => line["attribute"] = dice.of(&["l\u{456}t", "h\u{435}ad", "fr\u{435}e"]).into(),
        3 => (line["attribute"], line["value"]) = ("head".into(), dice.of(&["\u{440}1", "@\u{440}2", "q8"]).into()),
        4 => *line = json!({"type":"attribute","key":dice.of(&["n\u{430}med", "fre\u{435}"]),"value_type":"text"}),
        5 => *line = json!({"type":"entity","key":dice.of(&["\u{455}3", "\u{455}4"]),"label":"L"}),
        _ => *line = json!({"type":"source","key":dice.of(&["w\u{456}re", "\u{435}va"]),"kind":"person"}),
    }
}

/// An act upon one of the first claims, which others acted upon before.
fn act(dice: &mut Random, number: u64) -> Json {
    let (id, target) = (format!("e{number}"), format!("e{}", 1 + dice.below(12)));
    match dice.below(5) {
        0 => {
            json!({"type":"correction","id":id,"corrects":target,"reason":"r","claim":plain_claim(dice, number + 5000)})
        }
        1 => json!({"type":"dispute","disputes":target,"by":"eva","grounds":"g"}),
        2 => json!({"type":"assessment","id":id,"claim":target,"rating":dice.of(&["true","false"]),"rationale":"r"}),
        _ => json!({"type":"retraction","id":id,"retracts":target,"reason":"r"}),
    }
}

/// A claim about few keys, by few, of few days.
fn plain_claim(dice: &mut Random, number: u64) -> Json {
    let mut line = claim(dice, &format!("e{number}"));
    for field in ["on", "from", "until", "note"] {
        line.as_object_mut().unwrap().remove(field);
    }
    line["type"] = "claim".into();
    line["subject"] = dice.of(&["s0", "s1"]).into();
    line["said_by"] = dice.of(&["ana", "ben"]).into();
    let day = 1 + dice.below(3);
    match dice.below(6) {
        0 => line["undated"] = true.into(),
        1 => line["timeless"] = true.into(),
        2 => line["as_of"] = format!("2024-03-{day:02}").into(),
        3 => {
            line["type"] = "periods".into();
            let until = format!("2024-03-{:02}", day + 1);
            line["periods"] = json!([{"from": format!("2024-03-{day:02}"), "until": until},
                {"from": "2024-03-10", "until": "2024-03-11"}]);
        }
        _ => line["from"] = format!("2024-03-{day:02}").into(),
    }
    line
}

/// A claim once more: the very same, or one thing of it otherwise.
pub(super) fn again(dice: &mut Random, earlier: &Json, number: u64) -> Json {
    let mut line = earlier.clone();
    let fields = line.as_object_mut().unwrap();
    match dice.below(3) {
        0 => drop(fields.remove("id")),
        1 => drop(fields.insert("id".to_owned(), format!("e{number}").into())),
        _ => {}
    }
    match dice.below(9) {
        0 => {
            let spelt = fields["value"].as_str().map(|value| format!(" {} ", value.to_uppercase()));
            fields.extend(spelt.map(|spelt| ("value".to_owned(), spelt.into())));
        }
        1 | 8 if fields["attribute"] == "lit" => drop(fields.insert("value".to_owned(), dice.is_one_in(2).into())),
        1 | 8 if fields["attribute"] != "head" => drop(fields.insert("value".to_owned(), dice.of(&["x", "y"]).into())),
        2 => drop(fields.insert("said_by".to_owned(), dice.of(&["ana", "ben", "eva"]).into())),
        3 => drop(fields.insert("said_on".to_owned(), "2024-03-27".into())),
        4 => drop(fields.insert("quote".to_owned(), "in other words".into())),
        5 => drop(fields.insert("polarity".to_owned(), "deny".into())),
        6 => drop(fields.insert("subject".to_owned(), dice.of(&["s0", "s1", "s5"]).into())),
        7 if fields.remove("said_by").is_some() => {
            fields.insert("chain".to_owned(), json!([{"who":"ana","how":"stated"},{"who":"wire","how":"relayed"}]));
        }
        _ => {}
    }
    line
}

/// All that is said of a line.
fn told(staged: &Staged) -> String {
    let Staged { seq, is_repeated, events, registered, warnings, .. } = staged;
    format!("{seq:?} {is_repeated} {events} {registered:?} {warnings:?}")
}

/// What recording lines in one commit comes to, and whether the writer is spent.
pub(super) fn record(writer: &mut Writer, lines: &[Json], policy: Policy, at: i64) -> (String, bool) {
    let proposed: Result<Vec<_>, _> =
        lines.iter().map(|line| read_line(&line.to_string()).map(|line| line.proposed)).collect();
    let proposed = match proposed {
        Ok(proposed) => proposed,
        Err(problem) => return (problem.to_string(), false),
    };
    match writer.record(proposed, policy, at) {
        Ok(receipt) => {
            assert!(receipt.index.is_none(), "{:?}", receipt.index);
            let staged: Vec<_> = receipt.staged.iter().map(told).collect();
            (format!("{staged:?} {:?} {}", receipt.new_actor, receipt.head.size), false)
        }
        Err(error) => (format!("{error} {:?}", error.hint()), true),
    }
}

/// Two ledgers of the same lines, so many that an index becomes due while more are recorded.
pub(super) fn ledgers(dirs: [&Path; 2], lines: &mut Lines) {
    let mut begun = declared();
    begun.extend((0..20 + lines.dice.below(30)).map(|_| lines.next()));
    let notes = DUE - 120 - 2 * lines.dice.below(100);
    begun.extend((0..notes).map(|number| json!({"type":"note","text":format!("note {number}")})));
    let text = begun.iter().map(Json::to_string).collect::<Vec<_>>().join("\n");
    let options = ImportOptions { keeps_good: true, threads: 1, ..ImportOptions::default() };
    for dir in dirs {
        Ledger::create(dir, Some("example.org/index"), AT).unwrap();
        Writer::open(dir, "desk", AT).unwrap().import(text.as_bytes(), options, AT, |_| {}).unwrap();
    }
}

/// A claim or act is erased in both, and the index made anew or not.
fn erase_one(dirs: [&Path; 2], dice: &mut Random, at: i64) {
    let target = Seq(1100 + dice.below(60));
    let erased = dirs.map(|dir| match Writer::open(dir, "desk", at).unwrap().erase(&[target], "by law", at) {
        Ok(erased) => format!("{:?}", erased.erasures),
        Err(error) => error.to_string(),
    });
    assert_eq!(erased[0], erased[1]);
}

#[test]
fn a_writer_who_stays_records_by_the_index_what_one_who_knows_everything_does() {
    let (mut recorded, mut repeated, mut contradicted, mut alike, mut near) = (0, 0, 0, 0, 0);
    for seed in 0..rounds(10) {
        let temp = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let dirs = temp.each_ref().map(tempfile::TempDir::path);
        let mut lines = Lines { dice: Random::of_seed(seed + 3000), number: 0, claims: Vec::new() };
        ledgers(dirs, &mut lines);
        rebuild(dirs[0], 2, |_| {}).unwrap();
        for session in 0..16_i64 {
            let at = AT + session;
            // The other reads the whole log.
            let _ = fs::remove_dir_all(dirs[1].join("index"));
            let actor = lines.dice.of(&["ana", "ben"]);
            let mut writers = dirs.map(|dir| Writer::open(dir, actor, at).unwrap());
            for _ in 0..=lines.dice.below(12) {
                let commit: Vec<Json> = (0..=lines.dice.below(3)).map(|_| lines.next()).collect();
                let policy = Policy {
                    is_import: !lines.dice.is_one_in(4),
                    is_anyway: lines.dice.is_one_in(3),
                    is_strict: lines.dice.is_one_in(20),
                };
                let [(with, is_spent), (without, _)] =
                    writers.each_mut().map(|writer| record(writer, &commit, policy, at));
                assert_eq!(with, without, "seed {seed}, {policy:?}: {}", json!(commit));
                recorded += u64::from(!is_spent);
                repeated += u64::from(with.contains("recorded already"));
                contradicted += u64::from(with.contains("says otherwise of the same day"));
                alike += u64::from(policy.is_import && with.contains("is new and looks like"));
                near += u64::from(!policy.is_import && with.contains("did you mean"));
                if is_spent {
                    break;
                }
            }
            drop(writers);
            match lines.dice.below(8) {
                0 => erase_one(dirs, &mut lines.dice, at),
                1..4 => drop(rebuild(dirs[0], 2, |_| {}).unwrap()),
                _ => {}
            }
        }
        let [with, without] = dirs.map(events);
        for (with, without) in with.iter().zip(&without) {
            assert_eq!(with, without, "seed {seed}");
        }
        assert_eq!(with.len(), without.len(), "seed {seed}");
    }
    assert!(alike > rounds(10) && near > 0, "{alike} {near}");
    let told = format!("{recorded} {repeated} {contradicted}");
    assert!(recorded > 8 * rounds(10) && repeated > 2 * rounds(10) && contradicted > 0, "{told}");
}

#[test]
fn what_was_brought_by_a_correction_taken_back_is_gone_for_a_writer_by_the_index_too() {
    let claim = |value: &str, id: &str| json!({"type":"claim","id":id,"subject":"s","attribute":"a","value":value,"on":"2024-03-01","said_by":"ana"});
    let correction = |id: &str, corrects: &str, value: &str| {
        let mut claim = claim(value, &format!("{id}-new"));
        claim.as_object_mut().unwrap().remove("type");
        json!({"type":"correction","id":id,"corrects":corrects,"reason":"r","claim":claim})
    };
    let dir = tempfile::tempdir().unwrap();
    Ledger::create(dir.path(), Some("example.org/index"), AT).unwrap();
    let policy = Policy { is_anyway: true, ..Policy::default() };
    let begun = [
        claim("x", "c0"),
        correction("k1", "c0", "y"),
        json!({"type":"retraction","id":"r1","retracts":"k1","reason":"r"}),
        json!({"type":"note","text":"so that the correction of it is in another commit"}),
    ];
    let mut writer = Writer::open(dir.path(), "ana", AT).unwrap();
    for line in begun {
        assert!(!record(&mut writer, &[line], policy, AT).1);
    }
    drop(writer);
    rebuild(dir.path(), 2, |_| {}).unwrap();
    let mut writer = Writer::open(dir.path(), "ana", AT).unwrap();
    let mut correction = correction("k2", "k1-new", "z");
    correction["claim"]["on"] = "2024-03-09".into();
    assert!(!record(&mut writer, &[correction], policy, AT).1);
    // Its claim went with the one that it corrects.
    let mut again = claim("z", "c9");
    again["on"] = "2024-03-09".into();
    let (told, is_spent) = record(&mut writer, &[again], policy, AT);
    assert!(!is_spent, "{told}");
}
