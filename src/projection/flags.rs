//! What is remarkable about a stated or presumed value.

use super::answer::Flag;
use super::group::Group;
use super::reduce::Reduced;
use super::voice::{BoundKind, Side, Time, Voice, Voices};
use crate::date::Day;

/// Flags of row 5.
pub(super) fn stated(key: &Voices, left: &Reduced, value: &Group, day: Day) -> Vec<Flag> {
    let mut flags = Vec::new();
    let started_earlier = value.voices(key).filter_map(Voice::start).any(|start| start.window.earliest < day);
    let starts = value.voices(key).filter_map(Voice::transition_start).any(|start| start.is_exactly(day));
    let was_carried = left.newest.iter().any(|mark| value.agrees(key, mark.value));
    if starts && !started_earlier && !was_carried {
        flags.push(Flag::Began);
    }
    let ends = value.voices(key).filter_map(Voice::transition_end).any(|end| end.is_exactly(day));
    let goes_on = value.goes_on(key, day);
    if ends && !goes_on {
        flags.push(Flag::Ended);
    }
    if left.may_hold.iter().any(|mark| !value.agrees(key, mark.value)) {
        flags.push(Flag::PerhapsAlready);
    }
    if value.voices(key).all(|voice| voice.is_gap) {
        flags.push(Flag::BetweenStatedPeriods);
    }
    let has_period_going_on = value.voices(key).any(|voice| matches!(voice.time, Time::Always))
        || value.voices(key).filter_map(Voice::end).any(|end| end.window.latest > day);
    if !has_period_going_on && has_later_start(key, value, day) {
        flags.push(Flag::LaterStart);
    }
    if has_earlier_end(key, value, day) {
        flags.push(Flag::EarlierEnd);
    }
    flags
}

/// Flags of row 10.
pub(super) fn presumed(key: &Voices, value: &Group, day: Day) -> Vec<Flag> {
    let mut flags = Vec::new();
    if is_seen_changed_later(key, value, day) {
        flags.push(Flag::ChangedSomeTimeBefore);
    }
    if has_later_start(key, value, day) {
        flags.push(Flag::LaterStart);
    }
    flags
}

/// Whether the nearest later claim sees another value, without saying when that began.
fn is_seen_changed_later(key: &Voices, value: &Group, day: Day) -> bool {
    let first_later = |voice: &Voice| {
        let bound = voice.start().or(voice.end())?;
        (bound.window.earliest > day && !voice.is_denial).then_some(bound.window.earliest)
    };
    let Some(nearest) = key.voices.iter().filter_map(first_later).min() else {
        return false;
    };
    key.voices.iter().filter(|voice| first_later(voice) == Some(nearest)).any(|voice| {
        let is_sighting = match &voice.time {
            Time::Day(_) | Time::Until(_) => true,
            Time::Open(start) | Time::Closed(start, _) => start.kind == BoundKind::Observed,
            Time::Always | Time::Undated => false,
        };
        is_sighting && !value.agrees(key, voice.value)
    })
}

/// Whether a claim of the value says that it started only later, with nothing between.
fn has_later_start(key: &Voices, value: &Group, day: Day) -> bool {
    // What lies before the nearest lies before the others too.
    let is_later = |start: &Side| start.window.earliest > day;
    let told = told_edges(key, value, |voice| voice.transition_start().filter(is_later));
    let nearest = told.map(|(_, start)| start.window.earliest).min();
    nearest.is_some_and(|start| !lies_between(key, value, day, start))
}

/// Whether a claim of the value by another origin says that it ended already, with nothing between.
fn has_earlier_end(key: &Voices, value: &Group, day: Day) -> bool {
    let deciding = sorted(value.voices(key).map(|voice| voice.root));
    let is_earlier = |end: &Side| end.window.latest < day;
    let told = told_edges(key, value, |voice| voice.transition_end().filter(is_earlier))
        .filter(|(voice, _)| deciding.binary_search(&voice.root).is_err());
    let nearest = told.map(|(_, end)| end.window.latest).max();
    nearest.is_some_and(|end| !lies_between(key, value, end, day))
}

/// Edges that claims other than those that decide give to the value.
fn told_edges<'k>(
    key: &'k Voices,
    value: &'k Group,
    edge: impl Fn(&Voice) -> Option<Side>,
) -> impl Iterator<Item = (&'k Voice, Side)> {
    let deciding = sorted(value.voices(key).map(|voice| voice.claim));
    let edges = key.voices.iter().filter_map(move |voice| Some((voice, edge(voice)?)));
    edges.filter(move |(voice, _)| {
        !voice.is_denial && value.agrees(key, voice.value) && deciding.binary_search(&voice.claim).is_err()
    })
}

/// To look things up in.
fn sorted<T: Ord>(things: impl Iterator<Item = T>) -> Vec<T> {
    let mut things: Vec<T> = things.collect();
    things.sort_unstable();
    things
}

/// Whether a bound of another value, or an end of this one, lies between two days.
fn lies_between(key: &Voices, value: &Group, from: Day, to: Day) -> bool {
    key.voices.iter().filter(|voice| !voice.is_denial && voice.has_bound_between(from, to)).any(|voice| {
        voice.transition_end().is_some_and(|end| end.lies_between(from, to)) || !value.agrees(key, voice.value)
    })
}
