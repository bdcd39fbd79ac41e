//! Step 2 of an answer: what each voice says of the day.

use super::agreeing::Agreeing;
use super::stretch::stretches;
use super::voice::{BoundKind, Time, ValueId, Voice, Voices};
use crate::date::Day;

/// What a voice says of the day about a value. `voice` is its place among the key's voices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mark {
    pub(super) voice: usize,
    pub(super) value: ValueId,
    pub(super) says: Says,
}

/// What is said of a value on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Says {
    /// Y: it holds.
    Holds,
    /// y: it may hold.
    MayHold,
    /// K: it is carried since a day.
    Carried(Carry),
    /// B: it is carried back from a day.
    CarriedBack(Day),
    /// X: it ended on a day before.
    Ended(Day),
    /// N: it does not hold.
    HoldsNot {
        /// By a denial, not by a conflict of periods.
        is_denial: bool,
    },
    /// U: it has no usable date.
    Undated,
}

/// Since when a value is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Carry {
    pub(super) since: Day,
    /// From an uncertain bound.
    pub(super) is_tentative: bool,
    /// From the open transition start of a period.
    pub(super) is_open_start: bool,
}

/// All marks of a day.
pub(super) fn marks(key: &Voices, day: Day) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(key.voices.len());
    for (place, voice) in key.voices.iter().enumerate() {
        if voice.is_denial {
            marks.extend(denied(voice, day).map(|says| Mark { voice: place, value: voice.value, says }));
        } else {
            affirmed(key, place, voice, day, &mut marks);
        }
    }
    carry_back(key, day, &mut marks);
    may_hold(key, day, &mut marks);
    marks.extend(stretches(key, day));
    for list in &key.denials {
        if let Some(voice) = key.voice(list.voice).filter(|_| list.days.iter().any(|days| days.contains(day))) {
            marks.push(Mark { voice: list.voice, value: voice.value, says: Says::HoldsNot { is_denial: false } });
        }
    }
    marks
}

/// Y: what a voice says surely of the day.
pub(super) fn holds(time: &Time, day: Day) -> bool {
    match time {
        Time::Always => true,
        Time::Undated => false,
        Time::Day(only) | Time::Open(only) | Time::Until(only) => only.is_exactly(day),
        Time::Closed(start, end) => {
            start.is_sure && end.is_sure && start.window.latest <= day && day <= end.window.earliest
        }
    }
}

/// K: since when what a voice says is carried to the day.
fn carried(time: &Time, day: Day) -> Option<Carry> {
    let bound = match time {
        Time::Day(only) | Time::Open(only) => only,
        Time::Until(end) | Time::Closed(_, end) if end.kind == BoundKind::Observed => end,
        _ => return None,
    };
    let since = bound.window.latest;
    let has_begun = since < day || since == day && !bound.window.is_exact();
    let is_open_start = matches!(time, Time::Open(start) if start.kind == BoundKind::Transition);
    has_begun.then_some(Carry { since, is_tentative: !bound.is_sure, is_open_start })
}

/// A denial says that a value does not hold where a claim would say that it does, and that it ended where
/// a claim would carry it; nothing more.
fn denied(voice: &Voice, day: Day) -> Option<Says> {
    if holds(&voice.time, day) {
        return Some(Says::HoldsNot { is_denial: true });
    }
    carried(&voice.time, day).map(|carry| Says::Ended(carry.since))
}

fn affirmed(key: &Voices, place: usize, voice: &Voice, day: Day, marks: &mut Vec<Mark>) {
    let mut push = |value, says| marks.push(Mark { voice: place, value, says });
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

/// y: what a voice may say, where it says nothing surer of the day.
fn may_hold(key: &Voices, day: Day, marks: &mut Vec<Mark>) {
    let may_hold = |voice: &Voice| {
        let is_in_reach = match &voice.time {
            Time::Always | Time::Undated => false,
            Time::Day(only) | Time::Open(only) | Time::Until(only) => only.window.contains(day),
            Time::Closed(start, end) => start.window.earliest <= day && day <= end.window.latest,
        };
        is_in_reach && !voice.is_denial
    };
    if !key.voices.iter().any(may_hold) {
        return;
    }
    let mut says_more = vec![false; key.voices.len()];
    for mark in marks.iter() {
        if matches!(mark.says, Says::Holds | Says::Carried(_) | Says::CarriedBack(_))
            && let Some(more) = says_more.get_mut(mark.voice)
        {
            *more = true;
        }
    }
    for (place, (voice, says_more)) in key.voices.iter().zip(says_more).enumerate() {
        if !says_more && may_hold(voice) {
            marks.push(Mark { voice: place, value: voice.value, says: Says::MayHold });
        }
    }
}

/// B: what is carried back to the day from the nearest end without a start, or from before the nearest start
/// of its complement.
fn carry_back(key: &Voices, day: Day, marks: &mut Vec<Mark>) {
    let mut candidates: Vec<(usize, ValueId, Day)> = Vec::new();
    for (place, voice) in key.voices.iter().enumerate().filter(|(_, voice)| !voice.is_denial) {
        if let (Time::Until(end), Some(_)) = (&voice.time, voice.transition_end()) {
            let back = end.window.earliest;
            if end.is_sure && (back > day || back == day && !end.window.is_exact()) {
                candidates.push((place, voice.value, back));
            }
        }
        if let Some(start) = voice.transition_start().filter(|start| start.is_sure && start.window.earliest > day)
            && let Some(other) = key.complement(voice.value)
        {
            candidates.push((place, other, start.window.earliest));
        }
    }
    candidates.retain(|(_, _, back)| key.stale_after_days.is_none_or(|stale| back.days_since(day) <= stale));
    let Some(nearest) = candidates.iter().map(|(_, _, back)| *back).min() else {
        return;
    };
    let between = key
        .voices
        .iter()
        .filter(|other| !other.is_gap && !other.is_denial && other.has_bound_between(day, nearest))
        .map(|other| (other.value, ()));
    let between = Agreeing::new(key, between);
    for (place, value, back) in candidates.into_iter().filter(|(_, _, back)| *back == nearest) {
        if !between.has_other(value) {
            marks.push(Mark { voice: place, value, says: Says::CarriedBack(back) });
        }
    }
}
