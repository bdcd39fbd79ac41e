//! What is remarkable about a stated or presumed value.

use super::super::answer::Flag;
use super::reduce::Reduced;
use super::sides::Group;
use super::voices::all::Voices;
use super::voices::voice::{BoundKind, Side, Time, Voice};
use crate::date::Day;

/// Flags of row 5.
pub(super) fn stated(key: &Voices, left: &Reduced, value: &Group, day: Day) -> Vec<Flag> {
    let mut flags = Vec::new();
    if key.is_fixed {
        return flags;
    }
    let periods = || value.voices(key).filter(|voice| !voice.is_day_claim());
    let starts = value.voices(key).filter_map(Voice::transition_start).any(|start| start.is_surely(day));
    let started_earlier = || periods().filter_map(Voice::start).any(|start| start.window.latest < day);
    let was_carried = || left.newest.iter().any(|mark| value.agrees(key, mark.value));
    if starts && !started_earlier() && !was_carried() {
        flags.push(Flag::Began);
    }
    let ends = value.voices(key).filter_map(Voice::transition_end).any(|end| end.is_exactly(day));
    if ends && !goes_on(key, value, day) {
        flags.push(Flag::Ended);
    }
    if left.may_hold.iter().any(|mark| !value.agrees(key, mark.value)) {
        flags.push(Flag::PerhapsAlready);
    }
    if value.voices(key).all(|voice| voice.is_gap) {
        flags.push(Flag::BetweenStatedPeriods);
    }
    if !goes_on(key, value, day) && has_later_start(key, value, day) {
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

/// Whether a period of the value, or what holds always, goes on past the day.
fn goes_on(key: &Voices, value: &Group, day: Day) -> bool {
    value.voices(key).any(|voice| match voice.time {
        Time::Always | Time::Open(_) => true,
        Time::Until(end) | Time::Closed(_, end) => end.window.latest > day,
        Time::Day(_) | Time::Undated => false,
    })
}

/// Whether the nearest later claim sees another value, without saying when that began.
fn is_seen_changed_later(key: &Voices, value: &Group, day: Day) -> bool {
    let first_later = |voice: &Voice| {
        let bound = voice.start().or(voice.end())?;
        (bound.window.earliest > day && !voice.is_denial && !voice.is_gap).then_some(bound.window.earliest)
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

/// Whether another claim of the value says that it started only later, and nothing between explains it.
fn has_later_start(key: &Voices, value: &Group, day: Day) -> bool {
    // What lies before the nearest lies before the others too.
    let is_later = |start: &Side| start.window.earliest > day;
    let told = told_edges(key, value, |voice| voice.transition_start().filter(is_later));
    let nearest = told.map(|(_, start)| start.window.earliest).min();
    let ends = |until: Day| {
        let mut ends = told_by_all(key, value).filter_map(Voice::transition_end);
        ends.any(|end| end.window.latest >= day && end.window.earliest < until)
    };
    nearest.is_some_and(|start| !is_other_between(key, value, day, start) && !ends(start))
}

/// Whether another claim of the value by another root says that it ended already, and nothing between explains it.
fn has_earlier_end(key: &Voices, value: &Group, day: Day) -> bool {
    let deciding = sorted(value.voices(key).map(|voice| voice.root));
    let is_earlier = |end: &Side| end.window.latest < day;
    let decides = |root| {
        deciding.binary_search(&root).is_ok()
            || key.beside.is_asked && value.values().any(|own| key.beside.holds_by(own, root))
    };
    let told = told_edges(key, value, |voice| voice.transition_end().filter(is_earlier))
        .filter(|(voice, _)| !decides(voice.root));
    let nearest = told.map(|(_, end)| end.window.latest).max();
    let starts = |since: Day| {
        let mut starts = told_by_all(key, value).filter_map(Voice::transition_start);
        starts.any(|start| start.window.earliest <= day && start.window.latest > since)
    };
    nearest.is_some_and(|end| !is_other_between(key, value, end, day) && !starts(end))
}

fn told_by_all<'k>(key: &'k Voices, value: &'k Group) -> impl Iterator<Item = &'k Voice> {
    key.voices.iter().filter(|voice| !voice.is_denial && value.agrees(key, voice.value))
}

/// Edges that claims other than those that decide give to the value.
fn told_edges<'k>(
    key: &'k Voices,
    value: &'k Group,
    edge: impl Fn(&Voice) -> Option<Side>,
) -> impl Iterator<Item = (&'k Voice, Side)> {
    let deciding = sorted(value.voices(key).map(|voice| voice.claim));
    let edges = told_by_all(key, value).filter_map(move |voice| Some((voice, edge(voice)?)));
    edges.filter(move |(voice, _)| deciding.binary_search(&voice.claim).is_err())
}

/// To look things up in.
fn sorted<T: Ord>(things: impl Iterator<Item = T>) -> Vec<T> {
    let mut things: Vec<T> = things.collect();
    things.sort_unstable();
    things
}

/// Whether a live claim of another value has a bound between two days.
fn is_other_between(key: &Voices, value: &Group, from: Day, to: Day) -> bool {
    let mut claims = key.voices.iter().filter(|voice| !voice.is_denial && voice.has_bound_between(from, to));
    claims.any(|voice| !value.agrees(key, voice.value))
}
