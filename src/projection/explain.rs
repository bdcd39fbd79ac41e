//! The reason of an answer in one line, with the numbers of its claims.

use super::answer::{Flag, Status};
use super::choose::Key;
use super::group::Group;
use super::horizon::Known;
use super::mark::{Mark, Says};
use super::names::{source_text, value_text};
use super::reduce::{Reduced, carry};
use super::standing::Dropped;
use super::table::Reading;
use super::voice::Voices;
use crate::claim::{Span, Valid};
use crate::date::Day;
use crate::seq::Seq;
use crate::value::Value;

/// Why the answer is what it is.
pub(super) fn reason(
    known: &Known<'_>,
    key: &Voices,
    left: &Reduced,
    reading: &Reading,
    day: Day,
    flags: &[Flag],
) -> String {
    let tell = Tell { known, key };
    let mut line = match (reading.row, reading.sides.as_slice()) {
        (1, [first, second]) => format!(
            "{} until and {} from {day}: {}; {}",
            tell.value(&first.shown),
            tell.value(&second.shown),
            tell.claims(&first.marks),
            tell.claims(&second.marks)
        ),
        (8, [carried, others @ ..]) => {
            let possible: Vec<String> = others.iter().map(|other| tell.dated(other)).collect();
            format!("{}; {}", possible.join("; "), tell.since(carried))
        }
        (10, [value]) => format!("{}; no later change claimed up to {day}", tell.since(value)),
        (12, [value]) => tell.inferred(value),
        (13 | 14 | 16, _) => tell.nothing(left, reading.row, day),
        (15, sides) => {
            let all: Vec<String> = sides.iter().map(|side| tell.by(side)).collect();
            format!("{}, without a usable date", all.join("; "))
        }
        (9 | 11, sides) => sides.iter().map(|side| tell.dated(side)).collect::<Vec<_>>().join("; "),
        (_, sides) => sides.iter().map(|side| tell.side(side)).collect::<Vec<_>>().join("; "),
    };
    for flag in flags {
        if let Some(remark) = remark(*flag, reading) {
            line.push_str("; ");
            line.push_str(remark);
        }
    }
    line
}

/// A remark for flags that the line does not tell by itself.
fn remark(flag: Flag, reading: &Reading) -> Option<&'static str> {
    Some(match flag {
        Flag::Timing if reading.status == Status::Contested => "only the dates are in conflict",
        Flag::Denied => "a source denies it",
        Flag::Disputed => "a claim behind it is disputed",
        Flag::VerdictsDiffer => "checkers give different verdicts",
        Flag::LaterStart => "another claim dates the start later",
        Flag::EarlierEnd => "another claim dates the end earlier",
        Flag::BetweenStatedPeriods => "the day lies between two periods of a closed list",
        Flag::ChangedSomeTimeBefore => "another value was seen later, the change between is not dated",
        Flag::PerhapsAlready => "another value may hold already",
        Flag::SomeValue => "there is a value, and it is not known",
        Flag::WeakSourcesOnly => "weak sources only",
        _ => return None,
    })
}

/// Claims that would speak of the key and were dropped because erased, or cannot be dated: answers that
/// rested on them say so.
pub(super) fn dropped(known: &Known<'_>, key: &Key) -> String {
    let all = |wanted: Dropped| {
        let claims = key.dropped.iter().filter(|(_, why)| *why == wanted);
        claims.map(|(seq, _)| seq.to_string()).collect::<Vec<_>>().join(", ")
    };
    let mut line = String::new();
    let erased = all(Dropped::Erased);
    if !erased.is_empty() {
        line.push_str("; erased and no longer used: ");
        line.push_str(&erased);
    }
    let undated = all(Dropped::PossiblyKnown);
    if known.reported.is_some() && !undated.is_empty() {
        line.push_str("; possibly known by then, not dated: ");
        line.push_str(&undated);
    }
    line
}

struct Tell<'k, 'a> {
    known: &'k Known<'a>,
    key: &'k Voices,
}

impl Tell<'_, '_> {
    fn value(&self, value: &Value<Seq>) -> String {
        value_text(self.known.catalogue(), value)
    }

    /// `#84 (Pedro Urruchurtu)`
    fn claim(&self, mark: &Mark) -> Option<String> {
        let voice = self.key.voice(mark.voice)?;
        Some(match voice.origin {
            Some(origin) => format!("{} ({})", voice.claim, source_text(self.known.catalogue(), origin)),
            None => voice.claim.to_string(),
        })
    }

    /// The first claims of some marks; more than three are counted.
    fn claims(&self, marks: &[Mark]) -> String {
        const TOLD: usize = 3;
        let claim = |mark: &Mark| self.key.voice(mark.voice).map(|voice| voice.claim);
        let mut marks: Vec<&Mark> = marks.iter().collect();
        marks.sort_by_key(|mark| claim(mark));
        marks.dedup_by_key(|mark| claim(mark));
        let more = marks.len().saturating_sub(TOLD);
        let told: Vec<String> = marks.into_iter().take(TOLD).filter_map(|mark| self.claim(mark)).collect();
        if more > 0 { format!("{} and {more} more", told.join(", ")) } else { told.join(", ") }
    }

    fn by(&self, side: &Group) -> String {
        format!("{} by {}", self.value(&side.shown), self.claims(&side.marks))
    }

    fn since(&self, side: &Group) -> String {
        let since = side.marks.iter().map(|mark| carry(mark).since).max();
        let since = since.map_or_else(String::new, |day| format!(" since {day}"));
        format!("{}{since}, {}", self.value(&side.shown), self.claims(&side.marks))
    }

    /// One side of several, by what its marks say.
    fn side(&self, side: &Group) -> String {
        match side.marks.first().map(|mark| mark.says) {
            Some(Says::Carried(_)) => self.since(side),
            Some(Says::HoldsNot { is_denial: true }) => format!("denied by {}", self.claims(&side.marks)),
            Some(Says::HoldsNot { .. }) => {
                format!("{} by the dates of {}", self.value(&side.shown), self.dates(&side.marks))
            }
            _ => self.by(side),
        }
    }

    /// A value that is only possible, with the dates that leave it open.
    fn dated(&self, side: &Group) -> String {
        format!("{} is possible: {}", self.value(&side.shown), self.dates(&side.marks))
    }

    /// `#88 (Pedro Urruchurtu) [2024-11-23,2024-11-24]`
    fn dates(&self, marks: &[Mark]) -> String {
        let mut told: Vec<String> = Vec::new();
        for mark in marks.iter().take(3) {
            let fact = self.key.voice(mark.voice).and_then(|voice| self.known.facts.fact(voice.claim));
            if let (Some(fact), Some(claim)) = (fact, self.claim(mark)) {
                told.push(format!("{claim} {}", valid_text(&fact.valid)));
            }
        }
        if marks.len() > 3 {
            told.push(format!("{} more", marks.len() - 3));
        }
        told.join(", ")
    }

    /// Row 12.
    fn inferred(&self, side: &Group) -> String {
        let value = self.value(&side.shown);
        match side.marks.first().map(|mark| mark.says) {
            Some(Says::CarriedBack(from)) => {
                format!("{value} carried back from {from}, {}", self.claims(&side.marks))
            }
            _ => format!("{value} because the closed list of {} leaves the day out", self.claims(&side.marks)),
        }
    }

    /// Rows 13, 14 and 16.
    fn nothing(&self, left: &Reduced, row: u8, day: Day) -> String {
        let last = |marks: &[Mark]| marks.iter().max_by_key(|mark| carry(mark).since).copied();
        let value_of =
            |mark: &Mark| self.key.value(mark.value).map(|entry| self.value(&entry.value)).unwrap_or_default();
        if let Some(mark) = last(&left.stale).filter(|_| row == 13) {
            let since = carry(&mark).since;
            let value = value_of(&mark);
            return format!("{value} was last stated for {since}, {}: too old to be carried", self.claims(&[mark]));
        }
        if let Some(mark) = left.ended.last().filter(|_| row == 14) {
            let Says::Ended(on) = mark.says else { return String::new() };
            return format!("{} ended {on}, {}", value_of(mark), self.claims(std::slice::from_ref(mark)));
        }
        if let Some(mark) = left.holds_not.first().filter(|_| row == 14) {
            return format!("not {}, {}", value_of(mark), self.claims(std::slice::from_ref(mark)));
        }
        self.nearest(day)
    }

    fn nearest(&self, day: Day) -> String {
        let bounds =
            self.key.voices.iter().filter_map(|voice| voice.start().or(voice.end()).map(|side| (side.window, voice)));
        let later = bounds.filter(|(window, _)| window.earliest > day).min_by_key(|(window, _)| window.earliest);
        match later {
            Some((window, voice)) => {
                let value = self.key.value(voice.value).map(|entry| self.value(&entry.value)).unwrap_or_default();
                format!("nothing is claimed up to {day}; the next is {value} at {window} ({})", voice.claim)
            }
            None => format!("nothing is claimed that reaches {day}"),
        }
    }
}

/// A valid time in words.
#[must_use]
pub fn valid_text(valid: &Valid) -> String {
    let observed = |edge: &crate::claim::Edge| {
        if edge.kind == crate::claim::EdgeKind::Observed { " (observed)" } else { "" }
    };
    match valid {
        Valid::On(moment) => format!("on {}", moment.at),
        Valid::AsOf(moment) => format!("as of {}", moment.at),
        Valid::Period { from, until } => {
            let from = from.as_ref().map(|edge| format!("from {}{}", edge.at, observed(edge)));
            let until = until.as_ref().map(|edge| format!("until {}{}", edge.at, observed(edge)));
            [from, until].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Valid::Listed(spans) => {
            let spans: Vec<String> = spans.iter().map(|Span { from, until }| format!("{from}/{until}")).collect();
            format!("in all: {}", spans.join(", "))
        }
        Valid::Undated => "undated".to_owned(),
        Valid::Timeless => "always".to_owned(),
    }
}
