//! Step 2 of an answer: what each voice says of the day.

use super::voice::{BoundKind, Root, Side, Time, ValueId, Voice, Voices};
use crate::date::Day;

/// What a voice says of the day about a value. `voice` is its place among the key's voices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) voice: usize,
    pub(super) value: ValueId,
    pub(super) says: Says,
}

/// What is said of a value on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Carry {
    pub(super) since: Day,
    /// From an uncertain bound.
    pub(super) is_tentative: bool,
    /// From the open transition start of a period.
    pub(super) is_open_start: bool,
}

/// All marks of a day.
pub(super) fn marks(key: &Voices<'_>, day: Day) -> Vec<Mark> {
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
    stretches(key, day, &mut marks);
    for list in &key.denials {
        if let Some(voice) = key.voice(list.voice).filter(|_| list.days.iter().any(|days| days.contains(day))) {
            marks.push(Mark { voice: list.voice, value: voice.value, says: Says::HoldsNot { is_denial: false } });
        }
    }
    marks
}

/// Y: what a voice says surely of the day.
fn holds(time: &Time<'_>, day: Day) -> bool {
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
fn carried(time: &Time<'_>, day: Day) -> Option<Carry> {
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
fn denied(voice: &Voice<'_>, day: Day) -> Option<Says> {
    if holds(&voice.time, day) {
        return Some(Says::HoldsNot { is_denial: true });
    }
    carried(&voice.time, day).map(|carry| Says::Ended(carry.since))
}

fn affirmed(key: &Voices<'_>, place: usize, voice: &Voice<'_>, day: Day, marks: &mut Vec<Mark>) {
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
fn may_hold(key: &Voices<'_>, day: Day, marks: &mut Vec<Mark>) {
    let mut says_more = vec![false; key.voices.len()];
    for mark in marks.iter() {
        if matches!(mark.says, Says::Holds | Says::Carried(_) | Says::CarriedBack(_))
            && let Some(more) = says_more.get_mut(mark.voice)
        {
            *more = true;
        }
    }
    for (place, (voice, says_more)) in key.voices.iter().zip(says_more).enumerate() {
        let may = match &voice.time {
            Time::Always | Time::Undated => false,
            Time::Day(only) | Time::Open(only) | Time::Until(only) => only.window.contains(day),
            Time::Closed(start, end) => start.window.earliest <= day && day <= end.window.latest,
        };
        if may && !says_more && !voice.is_denial {
            marks.push(Mark { voice: place, value: voice.value, says: Says::MayHold });
        }
    }
}

/// B: what is carried back to the day from the nearest end without a start, or from before the nearest start
/// of its complement.
fn carry_back(key: &Voices<'_>, day: Day, marks: &mut Vec<Mark>) {
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
    for (place, value, back) in candidates.into_iter().filter(|(_, _, back)| *back == nearest) {
        let is_cut_off = key.voices.iter().any(|other| {
            !other.is_gap && !other.is_denial && other.has_bound_between(day, back) && !key.agree(other.value, value)
        });
        if !is_cut_off {
            marks.push(Mark { voice: place, value, says: Says::CarriedBack(back) });
        }
    }
}

/// N, first kind: two origins tell one stretch of a value differently.
fn stretches(key: &Voices<'_>, day: Day, marks: &mut Vec<Mark>) {
    let stated: Vec<&Voice<'_>> = key
        .voices
        .iter()
        .filter(|voice| !voice.is_denial && !voice.is_gap && matches!(voice.time, Time::Closed(..)))
        .filter(|voice| holds(&voice.time, day))
        .collect();
    if stated.is_empty() {
        return;
    }
    let mut contradicting = Vec::new();
    for (place, voice) in key.voices.iter().enumerate().filter(|(_, voice)| !voice.is_denial) {
        let is_later_start = voice.transition_start().filter(|start| start.is_sure && day < start.window.earliest);
        let is_earlier_end = voice.transition_end().filter(|end| end.is_sure && end.window.latest < day);
        if is_later_start.is_none() && is_earlier_end.is_none() {
            continue;
        }
        let contradicts = |period: &&&Voice<'_>| {
            let Time::Closed(start, end) = &period.time else { return false };
            let starts_inside = is_later_start.is_some_and(|own| {
                own.window.earliest < end.window.earliest
                    && !knows_edge(key, period.root, voice.value, own, Voice::transition_start)
            });
            let ends_inside = is_earlier_end.is_some_and(|own| {
                start.window.latest < own.window.latest
                    && !knows_edge(key, period.root, voice.value, own, Voice::transition_end)
            });
            period.root != voice.root && key.agree(period.value, voice.value) && (starts_inside || ends_inside)
        };
        if stated.iter().any(|period| contradicts(&period)) && !has_stated(key, voice.root, voice.value, day) {
            contradicting.push(Mark { voice: place, value: voice.value, says: Says::HoldsNot { is_denial: false } });
        }
    }
    marks.extend(contradicting);
}

/// Whether an origin has a claim of a value with this very edge.
fn knows_edge<'a>(
    key: &Voices<'a>,
    root: Root,
    value: ValueId,
    edge: Side<'_>,
    edge_of: fn(&Voice<'a>) -> Option<Side<'a>>,
) -> bool {
    key.voices.iter().any(|other| {
        other.root == root
            && !other.is_denial
            && edge_of(other).is_some_and(|own| own.window == edge.window)
            && key.agree(other.value, value)
    })
}

/// Whether an origin says surely that a value holds on the day.
fn has_stated(key: &Voices<'_>, root: Root, value: ValueId, day: Day) -> bool {
    key.voices
        .iter()
        .any(|other| other.root == root && !other.is_denial && holds(&other.time, day) && key.agree(other.value, value))
}
