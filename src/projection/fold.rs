//! The fold: from what is said of a key to its state on a day.

use super::answer::{Flag, Side, State, Status};
use super::choose::Key;
use super::explain;
use super::horizon::{AsOf, Horizon, Known};
use super::mark::marks;
use super::reduce::reduce;
use super::support::Backing;
use super::table::{Reading, read};
use super::voice::{Voice, Voices};
use crate::date::Day;
use crate::value::Value;

/// The state of one part of a key: the whole of a single-valued one, one value of a multi-valued one.
pub(super) struct Part {
    pub(super) row: u8,
    pub(super) status: Status,
    pub(super) values: Vec<Value<crate::seq::Seq>>,
    pub(super) flags: Vec<Flag>,
    pub(super) sides: Vec<Side>,
    pub(super) reason: String,
}

impl Known<'_> {
    /// The state of a key on a day. Cannot fail: what is not known is an answer.
    #[must_use]
    pub fn state(&self, key: &Key, day: Day, horizon: Horizon) -> State {
        let mut parts = key.parts.iter().map(|part| self.part(part, day));
        let as_of = AsOf { valid: day, horizon };
        let mut state = if key.is_multi {
            several(parts.collect(), key, as_of)
        } else {
            let part = parts.next().unwrap_or_else(nothing);
            State {
                subject: key.subject,
                attribute: key.attribute,
                as_of,
                status: part.status,
                values: part.values,
                flags: part.flags,
                sides: part.sides,
                row: part.row,
                reason: part.reason,
            }
        };
        state.reason.push_str(&explain::dropped(self, key));
        state
    }

    fn part(&self, key: &Voices, day: Day) -> Part {
        let left = reduce(key, marks(key, day), day);
        let mut reading = read(key, &left, day);
        let is_only = reading.sides.len() == 1;
        if reading.status == Status::Contested {
            reading.sides.sort_by_cached_key(|group| Backing::new(key, &left, group, is_only).order(self));
        }
        let (status, mut flags) = settle(key, &reading);
        let backings: Vec<Backing<'_>> =
            reading.sides.iter().map(|group| Backing::new(key, &left, group, is_only)).collect();
        let is_weak = !backings.is_empty() && backings.iter().all(|backing| backing.is_weak(self));
        if is_weak && !matches!(status, Status::Unknown) {
            flags.push(Flag::WeakSourcesOnly);
        }
        let sides: Vec<Side> = backings
            .iter()
            .map(|backing| backing.side(self, if is_only { status } else { backing.own_status() }))
            .collect();
        flags.sort_unstable();
        flags.dedup();
        let reason = explain::reason(self, key, &left, &reading, day, &flags);
        let is_shown = !matches!(status, Status::Unknown | Status::None);
        let values = if is_shown { sides.iter().map(|side| side.value.clone()).collect() } else { Vec::new() };
        Part { row: reading.row, status, values, flags, sides, reason }
    }
}

/// Disputes, differing verdicts, and values that are no values.
fn settle(key: &Voices, reading: &Reading) -> (Status, Vec<Flag>) {
    let mut status = reading.status;
    let mut flags = reading.flags.clone();
    let deciding = || reading.sides.iter().flat_map(|group| group.voices(key));
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
        match only.shown {
            Value::Some => {
                status = Status::Unknown;
                flags.push(Flag::SomeValue);
            }
            Value::None => status = Status::None,
            _ => {}
        }
    }
    (status, flags)
}

fn nothing() -> Part {
    Part {
        row: 16,
        status: Status::Unknown,
        values: Vec::new(),
        flags: Vec::new(),
        sides: Vec::new(),
        reason: "nothing is claimed".to_owned(),
    }
}

/// The line of a multi-valued attribute: its strongest status, and all values that are not unknown.
fn several(parts: Vec<Part>, key: &Key, as_of: AsOf) -> State {
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
    let (known, unknown): (Vec<Part>, Vec<Part>) = parts.into_iter().partition(|part| part.status != Status::Unknown);
    let told: &[Part] = if known.is_empty() { &unknown } else { &known };
    let reasons: Vec<&str> = told.iter().map(|part| part.reason.as_str()).filter(|reason| !reason.is_empty()).collect();
    let reason = if reasons.is_empty() { nothing().reason } else { reasons.join("; ") };
    let mut flags: Vec<Flag> = told.iter().flat_map(|part| part.flags.iter().copied()).collect();
    flags.sort_unstable();
    flags.dedup();
    State {
        subject: key.subject,
        attribute: key.attribute,
        as_of,
        status,
        values: known.iter().flat_map(|part| part.values.iter().cloned()).collect(),
        flags,
        sides: known.into_iter().flat_map(|part| part.sides).collect(),
        row,
        reason,
    }
}
