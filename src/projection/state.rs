//! The state of a key on a day, from what is said of it.

use super::answer::{Answer, Flag, Side, State, Status};
use super::choose::Key;
use super::day::{Group, Reading, Reduced, Voice, Voices, marks, read, reduce};
use super::known::horizon::{AsOf, Horizon, Known};
use super::support::{Backing, rank};
use super::words::explain;
use super::words::reason::Reason;
use crate::date::Day;

/// The answer of one part of a key with what is behind it: the whole of a single-valued one, one value of a multi-valued one.
struct Part {
    answer: Answer,
    sides: Vec<Side>,
    reason: Reason,
}

impl Known<'_> {
    /// The state of a key on a day. Cannot fail: what is not known is an answer.
    #[must_use]
    pub fn state(&self, key: &Key, day: Day, horizon: Horizon) -> State {
        self.state_of_sides(key, day, horizon, usize::MAX)
    }

    /// The state with no more sides than these; the others are counted.
    pub(super) fn state_of_sides(&self, key: &Key, day: Day, horizon: Horizon, sides_max: usize) -> State {
        let parts: Vec<Part> = key.parts.iter().map(|part| self.part(part, day, sides_max)).collect();
        let Part { answer, sides, mut reason } = if key.is_multi { several(parts, sides_max) } else { only(parts) };
        let is_empty = answer.status == Status::Unknown && sides.is_empty();
        let dropped = explain::dropped(self, key, is_empty);
        let is_all_dropped = key.parts.iter().all(|part| part.voices.is_empty()) && !dropped.is_empty();
        if is_all_dropped {
            reason = dropped;
        } else if !dropped.is_empty() {
            reason.words("; ");
            reason.append(dropped);
        }
        let Answer { row, status, values, flags, more, rest, .. } = answer;
        let as_of = AsOf { valid: day, horizon };
        let (subject, attribute) = (key.subject, key.attribute);
        State { subject, attribute, as_of, status, values, flags, sides, more, rest, row, reason }
    }

    /// What is answered for a part of a key, given the voices on which the answer can hang, and all.
    pub(super) fn answer_of(&self, near: &Voices, all: &Voices, day: Day, sides_max: usize) -> Answer {
        self.fold((near, all), day, sides_max, |answer, _| answer)
    }

    fn part(&self, key: &Voices, day: Day, sides_max: usize) -> Part {
        self.fold((key, key), day, sides_max, |answer, told| {
            let with_status = told.backings.iter().zip(&answer.statuses);
            let sides = with_status.map(|(backing, status)| backing.side(self, *status)).collect();
            Part { sides, reason: explain::reason(self, key, told), answer }
        })
    }

    /// Steps 2 to 4 for one part; `then` makes of the answer what is wanted. Where few voices are at hand and who is behind a
    /// side cannot be counted, all are asked.
    fn fold<T>(
        &self,
        (key, all): (&Voices, &Voices),
        day: Day,
        sides_max: usize,
        then: impl FnOnce(Answer, &explain::Told<'_, '_>) -> T,
    ) -> T {
        let left = reduce(key, marks(key, day), day);
        let mut reading = read(key, &left, day);
        if key.beside.is_asked && !is_counted(key, &left, &reading) {
            return self.fold((all, all), day, sides_max, then);
        }
        let (status, mut flags) = settle(key, &reading);
        let is_waiting = deciding(key, &reading).any(|voice| voice.is_waiting);
        let (more, rest) = self.keep_sides(key, &mut reading, sides_max);
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
        flags.sort_unstable();
        flags.dedup();
        let is_shown = !matches!(status, Status::Unknown | Status::None);
        let shown = reading.sides.iter().filter(|_| is_shown).map(|group| group.shown(key));
        let is_only = reading.sides.len() == 1;
        let statuses = backings.iter().map(|backing| if is_only { status } else { backing.own_status() });
        let (values, statuses) = (shown.collect(), statuses.collect());
        let answer = Answer { row: reading.row, status, values, statuses, flags: flags.clone(), more, rest };
        then(answer, &explain::Told { left: &left, reading: &reading, backings: &backings, flags: &flags, day, more })
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

/// Whether the counts of what holds tell what of its claims an answer hangs on: the order of contested sides by their support,
/// and what was said of claims that leave a value over.
fn is_counted(key: &Voices, left: &Reduced, reading: &Reading) -> bool {
    let is_in_order = reading.status == Status::Contested && reading.sides.len() > 1;
    let are_alone = || reading.sides.iter().all(|side| side.only_resting_value().is_some());
    let is_order_counted = match reading.row {
        2 => key.beside.is_support_counted && are_alone(),
        // Every claim of the newest day is at hand.
        row => row == 6,
    };
    let is_left_over = matches!(reading.row, 11 | 12) && !left.holds_not.is_empty();
    (!is_in_order || is_order_counted) && !is_left_over
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

const NOTHING: &str = "nothing is claimed";

pub(super) fn nothing() -> Answer {
    let (values, statuses, flags) = (Vec::new(), Vec::new(), Vec::new());
    Answer { row: 16, status: Status::Unknown, values, statuses, flags, more: 0, rest: 0 }
}

/// The only part of a single-valued attribute.
fn only(mut parts: Vec<Part>) -> Part {
    let is_nothing = || Part { answer: nothing(), sides: Vec::new(), reason: Reason::from(NOTHING) };
    parts.pop().unwrap_or_else(is_nothing)
}

/// The line of a multi-valued attribute, with the sides of its values and their reasons.
fn several(parts: Vec<Part>, sides_max: usize) -> Part {
    let (answers, rest): (Vec<Answer>, Vec<_>) =
        parts.into_iter().map(|part| (part.answer, (part.sides, part.reason))).unzip();
    let answer = line(&answers, sides_max);
    let is_known = answers.iter().any(|answer| answer.status != Status::Unknown);
    let of_told = || answers.iter().zip(&rest).filter(move |(answer, _)| !is_known || answer.status != Status::Unknown);
    let reasons = of_told().map(|(_, (_, reason))| reason.clone()).filter(|reason| !reason.is_empty());
    let mut reason = Reason::first_of(reasons.collect(), "; ");
    if reason.is_empty() {
        reason = Reason::from(NOTHING);
    }
    let known = of_told().filter(|(answer, _)| answer.status != Status::Unknown);
    let sides = known.take(sides_max).flat_map(|(_, (sides, _))| sides.iter().cloned()).collect();
    Part { answer, sides, reason }
}

/// The line of a multi-valued attribute: its strongest status, and all values that are not unknown, each with its own.
pub(super) fn line(answers: &[Answer], sides_max: usize) -> Answer {
    let strength = |status: Status| match status {
        Status::Contested => 0,
        Status::Stated => 1,
        Status::Presumed => 2,
        Status::Possible => 3,
        Status::None => 4,
        Status::Unknown => 5,
    };
    let strongest = answers.iter().min_by_key(|answer| strength(answer.status));
    let mut line = nothing();
    if let Some(strongest) = strongest {
        (line.row, line.status) = (strongest.row, strongest.status);
    }
    let is_known = line.status != Status::Unknown;
    let told = answers.iter().enumerate().filter(|(_, answer)| !is_known || answer.status != Status::Unknown);
    for (place, (number, answer)) in told.enumerate() {
        for flag in &answer.flags {
            if !line.flags.contains(flag) {
                line.flags.push(*flag);
            }
        }
        if !is_known {
            continue;
        }
        if place < sides_max {
            line.values.extend_from_slice(&answer.values);
            line.statuses.extend_from_slice(&answer.statuses);
        } else {
            let own = (number as u64 + 1).wrapping_mul(8).wrapping_add(strength(answer.status));
            line.rest = line.rest.wrapping_add(own.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31));
            line.more += 1;
        }
    }
    line.flags.sort_unstable();
    line
}
