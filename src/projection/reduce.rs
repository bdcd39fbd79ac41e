//! Step 3 of an answer: which marks give way to others.

use super::agreeing::Agreeing;
use super::mark::{Carry, Mark, Says};
use super::voice::{Time, ValueId, Voice, Voices};
use crate::date::{Day, Minutes};

/// What is left of the marks of a day.
#[derive(Clone, Debug, Default)]
pub(super) struct Reduced {
    /// Y.
    pub(super) holds: Vec<Mark>,
    /// y.
    pub(super) may_hold: Vec<Mark>,
    /// The newest K, which stand together.
    pub(super) newest: Vec<Mark>,
    /// Every K that is left, the newest day first.
    pub(super) carried: Vec<Mark>,
    /// B.
    pub(super) carried_back: Vec<Mark>,
    /// X.
    pub(super) ended: Vec<Mark>,
    /// N.
    pub(super) holds_not: Vec<Mark>,
    /// U.
    pub(super) undated: Vec<Mark>,
    /// K that has gone stale.
    pub(super) stale: Vec<Mark>,
}

/// Takes the marks of a day through the rules.
pub(super) fn reduce(key: &Voices, marks: Vec<Mark>, day: Day) -> Reduced {
    let mut left = Reduced { carried: Vec::with_capacity(marks.len()), ..Reduced::default() };
    for mark in marks {
        let place = match mark.says {
            Says::Holds => &mut left.holds,
            Says::MayHold => &mut left.may_hold,
            Says::Carried(_) => &mut left.carried,
            Says::CarriedBack(_) => &mut left.carried_back,
            Says::Ended(_) => &mut left.ended,
            Says::HoldsNot { .. } => &mut left.holds_not,
            Says::Undated => &mut left.undated,
        };
        place.push(mark);
    }
    drop_ended(key, &mut left);
    drop_stale(key, &mut left, day);
    trust(key, &mut left);
    keep_newest(key, &mut left);
    left
}

/// When a carried value began to be; K marks only are asked.
pub(super) fn carry(mark: &Mark) -> Carry {
    match mark.says {
        Says::Carried(carry) => carry,
        _ => Carry { since: Day::UNBOUNDED_PAST, is_tentative: false, is_open_start: false },
    }
}

/// X(a) removes every K(b) of its value with b ≤ a; but a transition start on the very day a stays.
fn drop_ended(key: &Voices, left: &mut Reduced) {
    let Reduced { carried, ended, .. } = left;
    if ended.is_empty() {
        return;
    }
    let last_end = Agreeing::new(
        key,
        ended
            .iter()
            .filter_map(|mark| if let Says::Ended(ended) = mark.says { Some((mark.value, ended)) } else { None }),
    );
    carried.retain(|mark| {
        let carry = carry(mark);
        let ended = last_end.greatest(mark.value);
        ended.is_none_or(|ended| carry.since > ended || carry.since == ended && carry.is_open_start)
    });
}

/// A K older than the attribute allows is removed and remembered.
fn drop_stale(key: &Voices, left: &mut Reduced, day: Day) {
    if let Some(stale_after_days) = key.stale_after_days {
        let is_fresh = |mark: &Mark| day.days_since(carry(mark).since) <= stale_after_days;
        let (fresh, stale) = left.carried.drain(..).partition(is_fresh);
        (left.carried, left.stale) = (fresh, stale);
    }
}

/// A claim rated True removes what others say against it.
fn trust(key: &Voices, left: &mut Reduced) {
    if !key.voices.iter().any(Voice::is_trusted) {
        return;
    }
    let is_trusted = |mark: &Mark| key.voice(mark.voice).is_some_and(Voice::is_trusted);
    let values =
        |marks: &[Mark]| Agreeing::new(key, marks.iter().filter(|mark| is_trusted(mark)).map(|mark| (mark.value, ())));
    let (holding, not_holding) = (values(&left.holds), values(&left.holds_not));
    let is_contradicted = |value: ValueId| holding.has_other(value) || not_holding.greatest(value).is_some();
    for marks in [&mut left.holds, &mut left.may_hold, &mut left.carried] {
        marks.retain(|mark| is_trusted(mark) || !is_contradicted(mark.value));
    }
    left.holds_not.retain(|mark| is_trusted(mark) || holding.greatest(mark.value).is_none());
}

/// Sorts the K, the newest day first, and keeps the newest as those that count.
fn keep_newest(key: &Voices, left: &mut Reduced) {
    left.carried.sort_by_key(|mark| std::cmp::Reverse(carry(mark).since));
    let Some(newest_day) = left.carried.first().map(|mark| carry(mark).since) else {
        return;
    };
    let mut newest: Vec<Mark> =
        left.carried.iter().take_while(|mark| carry(mark).since == newest_day).copied().collect();
    if let Some(last) = newest.iter().filter_map(|mark| clock_of(key, mark)).max_by_key(|clock| clock.start) {
        newest.retain(|mark| clock_of(key, mark).is_none_or(|own| !own.is_over_before(last)));
    }
    let is_trusted = |mark: &Mark| key.voice(mark.voice).is_some_and(Voice::is_trusted);
    if newest.iter().any(is_trusted) {
        let trusted = newest.iter().filter(|mark| is_trusted(mark)).map(|mark| (mark.value, ()));
        let trusted = Agreeing::new(key, trusted);
        let agrees = |value: ValueId| trusted.greatest(value).is_some();
        newest.retain(|mark| agrees(mark.value));
        left.holds_not.retain(|mark| is_trusted(mark) || !agrees(mark.value));
        left.carried.retain(|mark| carry(mark).since != newest_day || agrees(mark.value));
    }
    left.newest = newest;
}

/// The time of day of the bound from which a K is carried.
fn clock_of(key: &Voices, mark: &Mark) -> Option<Minutes> {
    match &key.voice(mark.voice)?.time {
        Time::Day(bound) | Time::Open(bound) | Time::Until(bound) | Time::Closed(_, bound) => bound.clock,
        Time::Always | Time::Undated => None,
    }
}
