//! An answer's working: the marks of the day, which of them were left, and the row that was read, so that
//! anybody can follow it by hand.

use foldhash::HashSet;

use crate::date::Day;
use crate::projection::answer::Status;
use crate::projection::choose::Key;
use crate::projection::day::{Mark, Says, marks, reduce};
use crate::projection::known::horizon::Known;
use crate::seq::Seq;
use crate::value::Value;

/// One mark of one claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkTold {
    /// `Y`, `F`, `y`, `K`, `B`, `X`, `N` or `U`.
    pub letter: &'static str,
    /// The value it is about.
    pub value: Value<Seq>,
    /// The day in brackets: since when (K, X), or from when (B).
    pub day: Option<Day>,
    /// Carried from an uncertain date, or further back than is sure.
    pub is_tentative: bool,
    /// Of a gap between two periods of a closed list.
    pub is_gap: bool,
    /// The claim.
    pub claim: Seq,
    /// Whether it was left after the marks were reduced.
    pub is_left: bool,
}

impl Known<'_> {
    /// The marks of a key on a day.
    #[must_use]
    pub fn working(&self, key: &Key, day: Day) -> Vec<MarkTold> {
        let mut told = Vec::new();
        for part in &key.parts {
            let all = marks(part, day);
            let left = reduce(part, all.clone(), day);
            let kinds = [
                &left.holds,
                &left.may_hold,
                &left.newest,
                &left.carried_back,
                &left.ended,
                &left.holds_not,
                &left.undated,
            ];
            let left: HashSet<&Mark> = kinds.into_iter().flatten().collect();
            for mark in &all {
                let (letter, day, is_tentative) = match mark.says {
                    Says::Holds => ("Y", None, false),
                    Says::HoldsAlways => ("F", None, false),
                    Says::MayHold => ("y", None, false),
                    Says::Carried(carry) => ("K", Some(carry.since), carry.is_tentative),
                    Says::CarriedBack { from, is_tentative } => ("B", Some(from), is_tentative),
                    Says::Ended(on) => ("X", Some(on), false),
                    Says::HoldsNot { .. } => ("N", None, false),
                    Says::Undated => ("U", None, false),
                };
                if let (Some(entry), Some(voice)) = (part.value(mark.value), part.voice(mark.voice)) {
                    told.push(MarkTold {
                        letter,
                        value: entry.value.clone(),
                        day,
                        is_tentative,
                        is_gap: voice.is_gap,
                        claim: voice.claim,
                        is_left: left.contains(mark),
                    });
                }
            }
        }
        told
    }
}

/// What a row of the table asks for, and what it answers. Rows are 1 to 16.
#[must_use]
pub fn row_text(row: u8) -> (&'static str, Status) {
    match row {
        1 => ("several values hold, and they meet on the day", Status::Stated),
        2 => ("two or more values hold", Status::Contested),
        3 => ("one value holds by closed periods, and another is said to hold since within them", Status::Contested),
        4 => ("one value holds, and another claim says it does not", Status::Contested),
        5 => ("one value holds", Status::Stated),
        6 => ("several values are carried from the newest day", Status::Contested),
        7 => ("one value is carried, and another claim says it does not hold", Status::Contested),
        8 => ("one value is carried, and others may hold", Status::Possible),
        9 => ("one value is carried from uncertain dates only", Status::Possible),
        10 => ("one value is carried", Status::Presumed),
        11 => ("values may hold, or several are carried back", Status::Possible),
        12 => ("one value is carried back, or left over by a closed list", Status::Presumed),
        13 => ("claims without a usable date", Status::Possible),
        14 => ("the last value is too old to be carried", Status::Unknown),
        15 => ("a value is said not to hold, or to have ended", Status::Unknown),
        _ => ("nothing is claimed that reaches the day", Status::Unknown),
    }
}
