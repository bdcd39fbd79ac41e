//! The state of a key on a day, from what is said of it.

use super::answer::{Flag, Side, State, Status};
use super::choose::Key;
use super::day::{Group, Reading, Voice, Voices, marks, read, reduce};
use super::known::horizon::{AsOf, Horizon, Known};
use super::support::{Backing, rank};
use super::words::explain;
use super::words::reason::Reason;
use crate::date::Day;
use crate::value::Value;

/// The state of one part of a key: the whole of a single-valued one, one value of a multi-valued one.
pub(super) struct Part {
    row: u8,
    status: Status,
    values: Vec<Value<crate::seq::Seq>>,
    flags: Vec<Flag>,
    sides: Vec<Side>,
    more: usize,
    rest: u64,
    reason: Reason,
}

impl Known<'_> {
    /// The state of a key on a day. Cannot fail: what is not known is an answer.
    #[must_use]
    pub fn state(&self, key: &Key, day: Day, horizon: Horizon) -> State {
        self.state_of_sides(key, day, horizon, usize::MAX)
    }

    /// The same with no more sides than these; the others are counted.
    pub(super) fn state_of_sides(&self, key: &Key, day: Day, horizon: Horizon, sides_max: usize) -> State {
        let parts = key.parts.iter().map(|part| self.part(part, day, sides_max));
        let as_of = AsOf { valid: day, horizon };
        let mut state = if key.is_multi {
            several(parts.collect(), key, as_of, sides_max)
        } else {
            state(parts.into_iter().next().unwrap_or_else(nothing), key, as_of)
        };
        let dropped = explain::dropped(self, key, &state);
        let is_all_dropped = key.parts.iter().all(|part| part.voices.is_empty()) && !dropped.is_empty();
        if is_all_dropped {
            state.reason = dropped;
        } else if !dropped.is_empty() {
            state.reason.words("; ");
            state.reason.append(dropped);
        }
        state
    }

    fn part(&self, key: &Voices, day: Day, sides_max: usize) -> Part {
        let left = reduce(key, marks(key, day), day);
        let mut reading = read(key, &left, day);
        let (status, mut flags) = settle(key, &reading);
        let is_waiting = deciding(key, &reading).any(|voice| voice.is_waiting);
        let (more, rest) = self.keep_sides(key, &mut reading, sides_max);
        let is_only = reading.sides.len() == 1;
        let backings: Vec<Backing<'_>> =
            reading.sides.iter().map(|group| Backing::new(key, &left, &reading, group)).collect();
        let is_weak = !backings.is_empty() && backings.iter().all(Backing::is_weak);
        if is_weak && status != Status::Unknown {
            flags.push(Flag::WeakSourcesOnly);
        }
        if key.is_fixed {
            flags.retain(|flag| matches!(flag, Flag::Denied | Flag::Disputed | Flag::VerdictsDiffer));
        }
        if is_waiting {
            flags.push(Flag::NotReviewed);
        }
        let sides: Vec<Side> = backings
            .iter()
            .map(|backing| backing.side(self, if is_only { status } else { backing.own_status() }))
            .collect();
        flags.sort_unstable();
        flags.dedup();
        let told = explain::Told { left: &left, reading: &reading, backings: &backings, flags: &flags, day, more };
        let reason = explain::reason(self, key, &told);
        let is_shown = !matches!(status, Status::Unknown | Status::None);
        let values = if is_shown { sides.iter().map(|side| side.value.clone()).collect() } else { Vec::new() };
        Part { row: reading.row, status, values, flags, sides, more, rest, reason }
    }

    /// Puts the sides of a contest in order and keeps the first; answers how many more there are, and what tells them from
    /// others.
    fn keep_sides(&self, key: &Voices, reading: &mut Reading, sides_max: usize) -> (usize, u64) {
        if reading.status == Status::Contested && reading.sides.len() > 1 {
            let sides = std::mem::take(&mut reading.sides).into_iter();
            let mut ranked: Vec<_> = sides.map(|group| (rank(self, key, &group), group)).collect();
            if ranked.len() > sides_max {
                ranked.select_nth_unstable_by(sides_max, |a, b| a.0.cmp(&b.0));
                if let Some(first) = ranked.get_mut(..sides_max) {
                    first.sort_by(|a, b| a.0.cmp(&b.0));
                }
            } else {
                ranked.sort_by(|a, b| a.0.cmp(&b.0));
            }
            reading.sides = ranked.into_iter().map(|(_, group)| group).collect();
        }
        let left_out = reading.sides.get(sides_max..).unwrap_or_default();
        let number = |value: usize| (value as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31);
        let all = left_out.iter().flat_map(Group::own_values);
        let rest = all.fold(0_u64, |sum, value| sum.wrapping_add(number(*value)));
        let more = left_out.len();
        reading.sides.truncate(sides_max);
        (more, rest)
    }
}

/// The claims whose marks give the answer's values.
fn deciding<'r>(key: &'r Voices, reading: &'r Reading) -> impl Iterator<Item = &'r Voice> {
    reading.sides.iter().flat_map(Group::marks_once).filter_map(|mark| key.voice(mark.voice))
}

/// Disputes, differing verdicts, and values that are no values.
fn settle(key: &Voices, reading: &Reading) -> (Status, Vec<Flag>) {
    let mut status = reading.status;
    let mut flags = reading.flags.clone();
    let deciding = || deciding(key, reading);
    let is_disputed = |voice: &Voice| voice.is_disputed && !voice.is_rated_true && !voice.is_rated_false;
    for (is_so, flag) in [
        (deciding().any(is_disputed), Flag::Disputed),
        (deciding().any(|voice| voice.is_rated_true && voice.is_rated_false), Flag::VerdictsDiffer),
    ] {
        if is_so {
            flags.push(flag);
            if matches!(status, Status::Stated | Status::Presumed) {
                status = Status::Contested;
            }
        }
    }
    if let ([only], Status::Stated | Status::Presumed) = (reading.sides.as_slice(), status) {
        if only.is_some(key) {
            status = Status::Unknown;
            flags.push(Flag::SomeValue);
        } else if only.is_none(key) {
            status = Status::None;
        }
    }
    (status, flags)
}

fn state(part: Part, key: &Key, as_of: AsOf) -> State {
    let Part { row, status, values, flags, sides, more, rest, reason } = part;
    State {
        subject: key.subject,
        attribute: key.attribute,
        as_of,
        status,
        values,
        flags,
        sides,
        more,
        rest,
        row,
        reason,
    }
}

fn nothing() -> Part {
    Part {
        row: 16,
        status: Status::Unknown,
        values: Vec::new(),
        flags: Vec::new(),
        sides: Vec::new(),
        more: 0,
        rest: 0,
        reason: Reason::from("nothing is claimed"),
    }
}

/// The line of a multi-valued attribute: its strongest status, and all values that are not unknown, each with its own.
fn several(parts: Vec<Part>, key: &Key, as_of: AsOf, sides_max: usize) -> State {
    let strength = |status: Status| match status {
        Status::Contested => 0,
        Status::Stated => 1,
        Status::Presumed => 2,
        Status::Possible => 3,
        Status::None => 4,
        Status::Unknown => 5,
    };
    let strongest = parts.iter().min_by_key(|part| strength(part.status));
    let (row, status) = strongest.map_or((16, Status::Unknown), |part| (part.row, part.status));
    let is_known = |part: &Part| part.status != Status::Unknown;
    let numbered = parts.into_iter().enumerate();
    let (known, unknown): (Vec<_>, Vec<_>) = numbered.partition(|(_, part)| is_known(part));
    let told: &[(usize, Part)] = if known.is_empty() { &unknown } else { &known };
    let reasons = told.iter().map(|(_, part)| part.reason.clone()).filter(|reason| !reason.is_empty());
    let mut reason = Reason::first_of(reasons.collect(), "; ");
    if reason.is_empty() {
        reason = nothing().reason;
    }
    let mut flags: Vec<Flag> = told.iter().flat_map(|(_, part)| part.flags.iter().copied()).collect();
    flags.sort_unstable();
    flags.dedup();
    let more = known.len().saturating_sub(sides_max);
    let mut rest: u64 = 0;
    let (mut values, mut sides) = (Vec::new(), Vec::new());
    for (place, (number, part)) in known.into_iter().enumerate() {
        if place < sides_max {
            values.extend(part.values);
            sides.extend(part.sides);
        } else {
            let own = (number as u64 + 1).wrapping_mul(8).wrapping_add(strength(part.status));
            rest = rest.wrapping_add(own.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31));
        }
    }
    state(Part { row, status, values, flags, sides, more, rest, reason }, key, as_of)
}
