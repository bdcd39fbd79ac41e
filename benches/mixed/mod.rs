//! Claims made up for measuring, of every shape that real ledgers have: the same for the same count. Of a hundred keys 35
//! are plain (open starts on exact days), the others have closed periods, closed lists, several values, vague dates,
//! amounts, dates, what cannot change, denials and disputes. A third of the claims have a time of day, or were said later
//! than the day they speak of; entities are merged, sources reprint other sources and are graded.

mod claims;
mod days;
mod shapes;

use std::collections::{HashSet, VecDeque};
use std::fmt::{self, Display, Formatter, Write as _};

use crate::generator::{Chance, DAY_COUNT, DAY_STRIDE};
use days::{day, time};
use shapes::Shape;

const AGENCIES: u64 = 400;
/// Sources without a name, and sources that only repeat agencies.
const UNNAMED: u64 = 5;
const REPRINTS_MAX: u64 = 400;
/// Persons who can be the value of a claim; of these every so many have a second entry, once it was judged to be the same.
const PERSONS: u64 = 2000;
const TWICE_ENTERED: u64 = 20;
/// Every so many lines something is said of sources and entities.
const DESCRIBED_EVERY: u64 = 40;

/// The first of who said it.
#[derive(Clone, Copy)]
enum Origin {
    Agency(u64),
    Reprint(u64),
    Unnamed(u64),
}

impl Display for Origin {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Agency(number) => write!(out, "agency-{number}"),
            Origin::Reprint(number) => write!(out, "reprint-{number}"),
            Origin::Unnamed(number) => write!(out, "unnamed-{number}"),
        }
    }
}

/// A claim that was neither corrected nor retracted: the number of its line, its key, who said it, and a day.
#[derive(Clone, Copy)]
struct Standing {
    number: u64,
    key: u64,
    origin: Origin,
    day: u64,
}

#[derive(Clone, Copy, Default)]
struct OfKey {
    claims: u32,
    /// The newest day that no earlier claim of the key starts on.
    own_day: u64,
}

/// Makes lines one by one.
pub(crate) struct Mixed {
    chance: Chance,
    keys: Vec<OfKey>,
    standing: Vec<Standing>,
    /// Standing claims of keys that are disputed; not in the list above.
    disputed: Vec<Standing>,
    reprints: u64,
    /// Keys whose place has a second entry, and how many persons have one.
    merged: HashSet<u64>,
    merged_persons: u64,
    rated: u64,
    /// Lines to come first.
    pending: VecDeque<String>,
    line: String,
}

impl Mixed {
    /// For this many lines in all.
    pub(crate) fn new(count: u64) -> Mixed {
        let keys = vec![OfKey::default(); usize::try_from((count / 20).max(1)).expect("keys fit in memory")];
        let mut pending: VecDeque<String> = shapes::ATTRIBUTES.iter().map(|line| (*line).to_owned()).collect();
        pending.extend((0..UNNAMED).map(|n| format!(r#"{{"type":"source","key":"unnamed-{n}","kind":"unnamed"}}"#)));
        Mixed {
            chance: Chance::new(0x3a11),
            keys,
            standing: Vec::new(),
            disputed: Vec::new(),
            reprints: 0,
            merged: HashSet::new(),
            merged_persons: 0,
            rated: 0,
            pending,
            line: String::new(),
        }
    }

    /// The line of this number, from 1.
    pub(crate) fn line(&mut self, number: u64) -> &str {
        if number.is_multiple_of(DESCRIBED_EVERY) {
            self.describe(number);
        }
        self.line.clear();
        match self.pending.pop_front() {
            Some(line) => self.line = line,
            None => self.claim_or_act(number),
        }
        &self.line
    }

    fn claim_or_act(&mut self, number: u64) {
        let kind = self.chance.below(100);
        let victim = if kind < 8 { take(&mut self.chance, &mut self.standing) } else { None };
        match victim {
            Some(old) if kind < 5 => self.correct(number, old),
            Some(old) => self.retract(number, old),
            None => {
                let key = self.chance.key(self.keys.len() as u64);
                let judged = Shape::of(key) == Shape::Disputed && self.chance.below(100) < 35;
                if let Some(claim) = judged.then(|| take(&mut self.chance, &mut self.disputed)).flatten() {
                    return self.judge(number, claim);
                }
                let word = if Shape::of(key) == Shape::List { "periods" } else { "claim" };
                let _ = write!(self.line, r#"{{"type":"{word}","#);
                self.claim_fields(number, key);
                self.line.push('}');
            }
        }
    }

    fn correct(&mut self, number: u64, old: Standing) {
        let Standing { number: corrected, key, .. } = old;
        let _ = write!(self.line, r#"{{"type":"correction","id":"k{number}","corrects":"c{corrected}","#);
        self.said_by_desk_or_source(old);
        self.line.push_str(r#""reason":"misread","claim":{"#);
        if Shape::of(key) == Shape::List {
            self.line.push_str(r#""type":"periods","#);
        }
        self.claim_fields(number, key);
        self.line.push_str("}}");
    }

    fn retract(&mut self, number: u64, old: Standing) {
        let _ = write!(self.line, r#"{{"type":"retraction","id":"r{number}","retracts":"c{}","#, old.number);
        self.said_by_desk_or_source(old);
        self.line.push_str(r#""reason":"heard twice "#);
        self.chance.words(&mut self.line, 200);
        self.line.push_str("\"}");
    }

    /// Half of the acts are the desk's; those of a source are said later than what they act on.
    fn said_by_desk_or_source(&mut self, old: Standing) {
        if self.chance.below(2) == 0 {
            self.line.push_str(r#""by":"desk","#);
        } else {
            let said = day(old.day + 1 + self.chance.below(700));
            let _ = write!(self.line, r#""by":"{}","said_on":"{said}","#, old.origin);
        }
    }

    /// A dispute or a verdict.
    fn judge(&mut self, number: u64, claim: Standing) {
        let (said, agency) = (day(claim.day + 1 + self.chance.below(700)), self.chance.below(AGENCIES));
        let is_dispute = self.chance.below(2) == 0;
        let old = claim.number;
        let _ = if is_dispute {
            write!(self.line, r#"{{"type":"dispute","id":"d{number}","disputes":"c{old}","grounds":""#)
        } else {
            let rating = if self.chance.below(3) == 0 { "false" } else { "true" };
            write!(
                self.line,
                r#"{{"type":"assessment","id":"v{number}","claim":"c{old}","rating":"{rating}","rationale":""#
            )
        };
        self.chance.words(&mut self.line, 150);
        let _ = match self.chance.below(3) {
            0 => write!(self.line, r#"","by":"desk","said_on":"{said}"}}"#),
            1 => write!(self.line, r#"","by":"agency-{agency}","said_on":"{said}T{}"}}"#, time(&mut self.chance)),
            _ => write!(self.line, r#"","by":"agency-{agency}","said_on":"{said}"}}"#),
        };
        // Some claims are judged again, the others may be corrected from now on.
        let again = self.chance.below(2) == 0;
        if again { self.disputed.push(claim) } else { self.standing.push(claim) }
    }

    /// Says something of a source or an entity.
    fn describe(&mut self, number: u64) {
        let key = self.chance.key(self.keys.len() as u64);
        let is_used = self.keys.get(key as usize).is_some_and(|of| of.claims > 0);
        match number / DESCRIBED_EVERY % 4 {
            0 if self.reprints < REPRINTS_MAX => self.add_reprint(number),
            1 if is_used && self.merged.insert(key) => {
                let (place, second) = (format!("place-{key:06}"), format!("site-{key:06}"));
                self.merge(number, &place, &second);
            }
            2 if self.merged_persons < PERSONS / TWICE_ENTERED => {
                let person = self.merged_persons * TWICE_ENTERED;
                self.merged_persons += 1;
                let entry = format!(
                    r#"{{"type":"entity","id":"p{number}","key":"person-{person}","label":"Person {person}"}}"#
                );
                self.pending.push_back(entry);
                self.merge(number, &format!("person-{person}"), &format!("person-{person}-bis"));
            }
            _ => {
                self.rated += 1;
                let (source, grade) = (self.rated % AGENCIES, grade(self.rated / AGENCIES + self.rated));
                let line = format!(
                    r#"{{"type":"rating","id":"g{number}","source":"agency-{source}","reliability":"{grade}"}}"#
                );
                self.pending.push_back(line);
            }
        }
    }

    /// A source that repeats an agency, and the link between them.
    fn add_reprint(&mut self, number: u64) {
        let (reprint, grade) = (self.reprints, grade(self.reprints));
        let how = ["copies", "republishes", "same-wire", "owned-by"][reprint as usize % 4];
        let agency = reprint % AGENCIES;
        self.reprints += 1;
        self.pending.push_back(format!(
            r#"{{"type":"source","id":"s{number}","key":"reprint-{reprint}","kind":"organisation","reliability":"{grade}"}}"#
        ));
        self.pending.push_back(format!(
            r#"{{"type":"link","id":"l{number}","source":"reprint-{reprint}","to":"agency-{agency}","how":"{how}"}}"#
        ));
    }

    /// A second entry of an entity, with an alias, and the judgement that both are one.
    fn merge(&mut self, number: u64, first: &str, second: &str) {
        self.pending.push_back(format!(
            r#"{{"type":"entity","id":"e{number}","key":"{second}","label":"The {second}","aliases":["{first} of old"]}}"#
        ));
        self.pending.push_back(format!(
            r#"{{"type":"judgement","id":"j{number}","entities":["{first}","{second}"],"verdict":"same","reason":"one address"}}"#
        ));
    }

    /// A day on which the next claim of a key starts: mostly one of its own, else one shortly behind the newest such day.
    fn next_day(&mut self, key: u64) -> (u64, bool) {
        let near = self.chance.below(3) == 0;
        let Some(of) = self.keys.get_mut(key as usize) else { return (0, false) };
        if near && of.claims > 0 {
            return (of.own_day + self.chance.below(4), true);
        }
        of.claims += 1;
        of.own_day = (key * 7 + u64::from(of.claims) * DAY_STRIDE) % DAY_COUNT;
        (of.own_day, false)
    }
}

fn grade(number: u64) -> &'static str {
    ["A", "B", "C", "D", "E", "F"][number as usize % 6]
}

fn take(chance: &mut Chance, from: &mut Vec<Standing>) -> Option<Standing> {
    let count = from.len() as u64;
    (count > 0).then(|| chance.below(count)).map(|place| from.swap_remove(place as usize))
}
