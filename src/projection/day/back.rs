//! B: what is carried back to the day from the nearest end without a start, or from before the nearest start of its
//! complement.

use super::said::{Mark, Says};
use super::voices::agreeing::Agreeing;
use super::voices::all::Voices;
use super::voices::voice::{Time, ValueId};
use super::voices::within::Within;
use crate::date::{Day, Minutes};

/// Where no attribute says for how long, a value is surely carried back so many days.
pub(crate) const SURELY_BACK_DAYS: i64 = 366;

struct Candidate {
    voice: usize,
    value: ValueId,
    from: Day,
    clock: Option<Minutes>,
}

/// What is carried back, given the other marks of the day.
pub(super) fn carry_back(key: &Voices, day: Day, marks: &[Mark]) -> Vec<Mark> {
    let mut nearest = candidates(key, day);
    let Some(from) = nearest.iter().map(|candidate| candidate.from).min() else {
        return Vec::new();
    };
    nearest.retain(|candidate| candidate.from == from);
    let clocks: Vec<Minutes> = nearest.iter().filter_map(|candidate| candidate.clock).collect();
    let first = Minutes::earliest(&clocks);
    let is_later = |own: Minutes| first.iter().any(|other| other.is_before(own));
    if nearest.iter().any(|candidate| !candidate.clock.is_some_and(is_later)) {
        nearest.retain(|candidate| !candidate.clock.is_some_and(is_later));
    }
    let between = || {
        let others = key.voices.iter().filter(|other| !other.is_gap && other.has_bound_between(day, from));
        others.map(|other| (other.value, other.is_denial))
    };
    let claimed = Agreeing::new(key, between().filter(|(_, is_denial)| !is_denial).map(|(value, _)| value));
    let held_against = marks.iter().filter(|mark| matches!(mark.says, Says::HoldsNot { .. })).map(|mark| mark.value);
    let denied = between().filter(|(_, is_denial)| *is_denial).map(|(value, _)| value);
    let against = Within::new(key, denied.chain(held_against));
    nearest.retain(|candidate| !claimed.has_other(candidate.value) && !against.covers(candidate.value));
    let is_tentative = key.stale_after_days.is_none() && from.days_since(day) > SURELY_BACK_DAYS;
    let told = |candidate: Candidate| Mark {
        voice: candidate.voice,
        value: candidate.value,
        says: Says::CarriedBack { from, is_tentative },
    };
    nearest.into_iter().map(told).collect()
}

fn candidates(key: &Voices, day: Day) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (place, voice) in key.voices.iter().enumerate().filter(|(_, voice)| !voice.is_denial) {
        let mut push = |value, from: Day, clock| {
            if key.stale_after_days.is_none_or(|stale| from.days_since(day) <= stale) {
                candidates.push(Candidate { voice: place, value, from, clock });
            }
        };
        if let Time::Until(end) = &voice.time
            && voice.transition_end().is_some()
            && end.is_sure
            && (end.window.earliest > day || end.window.earliest == day && !end.window.is_exact())
        {
            push(voice.value, end.window.earliest, end.clock.filter(|_| end.window.is_exact()));
        }
        if let Some(start) = voice.transition_start().filter(|start| start.is_sure && start.window.earliest > day)
            && let Some(other) = key.complement(voice.value)
        {
            push(other, start.window.earliest, start.clock.filter(|_| start.window.is_exact()));
        }
    }
    candidates
}
