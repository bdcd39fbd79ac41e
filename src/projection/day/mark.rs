//! Step 2 of an answer: what each voice says of the day.

use super::back::carry_back;
use super::said::{Carry, Mark, Says, holds};
use super::stretch::stretches;
use super::voices::all::Voices;
use super::voices::voice::{BoundKind, Side, Time, ValueId, Voice};
use crate::date::Day;
use crate::projection::steps;

/// Whether a voice says of the day that its value holds (Y or F).
pub(crate) fn has_y(key: &Voices, voice: &Voice, day: Day) -> bool {
    let is_y = || {
        if key.is_fixed {
            matches!(fixed(voice, day), Some(Says::Holds | Says::HoldsAlways))
        } else {
            holds(&voice.time, day)
        }
    };
    !voice.is_denial && is_y()
}

/// All marks of a day.
pub(crate) fn marks(key: &Voices, day: Day) -> Vec<Mark> {
    steps::count(key.voices.len());
    let mut marks = Vec::with_capacity(key.voices.len());
    let mut says_surely = vec![false; key.voices.len()];
    for ((place, voice), says_surely) in key.voices.iter().enumerate().zip(&mut says_surely) {
        let mut push = |value, says| {
            *says_surely |= !matches!(says, Says::Ended(_) | Says::HoldsNot { .. } | Says::Undated);
            marks.push(Mark { voice: place, value, says });
        };
        match (key.is_fixed, voice.is_denial) {
            (true, false) => fixed(voice, day).into_iter().for_each(|says| push(voice.value, says)),
            (true, true) => {
                if matches!(fixed(voice, day), Some(Says::Holds | Says::HoldsAlways)) {
                    push(voice.value, Says::HoldsNot { is_denial: true });
                }
            }
            (false, true) => denied(voice, day).into_iter().for_each(|says| push(voice.value, says)),
            (false, false) => affirmed(key, voice, day, push),
        }
    }
    if !key.is_fixed {
        stretches(key, day, &mut marks);
        listed(key, day, &mut marks);
        for mark in carry_back(key, day, &marks) {
            if let Some(says_surely) = says_surely.get_mut(mark.voice) {
                *says_surely = true;
            }
            marks.push(mark);
        }
    }
    for ((place, voice), says_surely) in key.voices.iter().enumerate().zip(says_surely) {
        if !says_surely && !voice.is_denial && is_in_reach(&voice.time, day) {
            marks.push(Mark { voice: place, value: voice.value, says: Says::MayHold });
        }
    }
    marks
}

/// y: whether a voice may speak of the day, if it says nothing surer.
fn is_in_reach(time: &Time, day: Day) -> bool {
    match time {
        Time::Always | Time::Undated => false,
        Time::Day(only) | Time::Open(only) | Time::Until(only) => only.window.contains(day),
        Time::Closed(start, end) => start.window.earliest <= day && day <= end.window.latest,
    }
}

/// K: since when what a voice says is carried to the day.
fn carried(time: &Time, day: Day) -> Option<Carry> {
    let of = |side: &Side, since| Carry {
        since,
        is_tentative: !side.is_sure,
        is_open_start: matches!(time, Time::Open(start) if start.kind == BoundKind::Transition),
    };
    match time {
        Time::Day(only) | Time::Open(only) => only.is_past(day).then(|| of(only, only.window.latest)),
        Time::Until(end) | Time::Closed(_, end) if end.kind == BoundKind::Observed => {
            // Inside the window it was seen on its first day or later, and held on the first.
            let since = if end.is_past(day) { end.window.latest } else { end.window.earliest };
            (since < day || end.is_past(day)).then(|| of(end, since))
        }
        _ => None,
    }
}

/// A denial says that a value does not hold where a claim would say that it does, and that it ended where
/// a claim would carry it; nothing more.
fn denied(voice: &Voice, day: Day) -> Option<Says> {
    if holds(&voice.time, day) {
        return Some(Says::HoldsNot { is_denial: true });
    }
    carried(&voice.time, day).map(|carry| Says::Ended(carry.since))
}

fn affirmed(key: &Voices, voice: &Voice, day: Day, mut push: impl FnMut(ValueId, Says)) {
    if matches!(voice.time, Time::Undated) {
        push(voice.value, Says::Undated);
    }
    if holds(&voice.time, day) {
        push(voice.value, Says::Holds);
    }
    if let Some(carry) = carried(&voice.time, day) {
        push(voice.value, Says::Carried(carry));
    }
    if let Some(end) = voice.transition_end().filter(|end| end.window.latest < day) {
        let since = end.window.latest;
        push(voice.value, Says::Ended(since));
        if let Some(other) = key.complement(voice.value) {
            push(other, Says::Carried(Carry { since, is_tentative: !end.is_sure, is_open_start: false }));
        }
    }
}

/// What is said of a value that cannot change: an observation and an undated claim speak of every day, what happened of
/// the days since, whether or not the claim names an end.
fn fixed(voice: &Voice, day: Day) -> Option<Says> {
    if holds(&voice.time, day) {
        return Some(Says::Holds);
    }
    match voice.time {
        Time::Day(side) | Time::Open(side) | Time::Closed(side, _)
            if matches!(side.kind, BoundKind::On | BoundKind::Transition) =>
        {
            side.is_past(day).then_some(if side.is_sure { Says::HoldsAlways } else { Says::MayHold })
        }
        Time::Always => None,
        Time::Undated | Time::Day(_) | Time::Open(_) | Time::Closed(..) | Time::Until(_) => Some(Says::HoldsAlways),
    }
}

/// N of closed lists: the days that they leave out.
fn listed(key: &Voices, day: Day, marks: &mut Vec<Mark>) {
    for list in &key.denials {
        if let Some(voice) = key.voice(list.voice).filter(|_| list.days.iter().any(|days| days.contains(day))) {
            marks.push(Mark { voice: list.voice, value: voice.value, says: Says::HoldsNot { is_denial: false } });
        }
    }
}
