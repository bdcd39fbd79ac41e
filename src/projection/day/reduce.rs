//! Step 3 of an answer: which marks give way to others.

use super::order::{DayOrder, clock_of_carry};
use super::said::{Carry, Mark, Says};
use super::sides::{Group, Table};
use super::voices::agreeing::Agreeing;
use super::voices::all::Voices;
use super::voices::voice::Voice;
use super::voices::within::{Growing, Holding, Within};
use crate::date::{Day, Minutes};

/// What is left of the marks of a day.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reduced {
    /// Y and F.
    pub(crate) holds: Vec<Mark>,
    /// y.
    pub(crate) may_hold: Vec<Mark>,
    /// The newest K, which stand together.
    pub(crate) newest: Vec<Mark>,
    /// Every K that is left, the newest day first; with those that gave way to others of their day.
    pub(crate) carried: Vec<Mark>,
    /// B.
    pub(crate) carried_back: Vec<Mark>,
    /// X.
    pub(crate) ended: Vec<Mark>,
    /// N.
    pub(crate) holds_not: Vec<Mark>,
    /// U.
    pub(crate) undated: Vec<Mark>,
    /// K that has gone stale.
    pub(crate) stale: Vec<Mark>,
}

/// Takes the marks of a day through the rules.
pub(crate) fn reduce(key: &Voices, marks: Vec<Mark>, day: Day) -> Reduced {
    let mut left = Reduced::default();
    for mark in marks {
        let place = match mark.says {
            Says::Holds | Says::HoldsAlways => &mut left.holds,
            Says::MayHold => &mut left.may_hold,
            Says::Carried(_) => &mut left.carried,
            Says::CarriedBack { .. } => &mut left.carried_back,
            Says::Ended(_) => &mut left.ended,
            Says::HoldsNot { .. } => &mut left.holds_not,
            Says::Undated => &mut left.undated,
        };
        place.push(mark);
    }
    left.carried.sort_by_key(|mark| std::cmp::Reverse(carry(mark).since));
    drop_ended(key, &mut left);
    drop_stale(key, &mut left, day);
    trust(key, &mut left);
    keep_newest(key, &mut left);
    left
}

/// When a carried value began to be; K marks only are asked.
pub(crate) fn carry(mark: &Mark) -> Carry {
    match mark.says {
        Says::Carried(carry) => carry,
        _ => Carry { since: Day::UNBOUNDED_PAST, is_tentative: false, is_open_start: false },
    }
}

/// X(a) removes every K(b) on whose value it acts with b ≤ a; but a transition start on the very day a stays.
fn drop_ended(key: &Voices, left: &mut Reduced) {
    let Reduced { carried, ended, .. } = left;
    if ended.is_empty() {
        return;
    }
    let mut ends: Vec<(Day, usize)> = ended
        .iter()
        .filter_map(|mark| if let Says::Ended(on) = mark.says { Some((on, mark.value)) } else { None })
        .collect();
    ends.sort_unstable_by_key(|(on, _)| std::cmp::Reverse(*on));
    let mut ends = ends.into_iter().peekable();
    // From the newest day back: those that ended since the day of a K, and those that ended on it.
    let (mut behind, mut up_to) = (Growing::new(key), Growing::new(key));
    let mut waiting: Vec<usize> = Vec::new();
    let mut at = Day::UNBOUNDED_FUTURE;
    carried.retain(|mark| {
        let Carry { since, is_open_start, .. } = carry(mark);
        if since < at {
            waiting.drain(..).for_each(|value| behind.add(value));
            at = since;
        }
        while let Some((on, value)) = ends.next_if(|(on, _)| *on >= since) {
            up_to.add(value);
            if on > since {
                behind.add(value);
            } else {
                waiting.push(value);
            }
        }
        !(if is_open_start { &behind } else { &up_to }).covers(mark.value)
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
    let is_trusted = |mark: &Mark| key.voice(mark.voice).is_some_and(Voice::is_trusted);
    if !left.holds.iter().chain(&left.holds_not).any(is_trusted) {
        return;
    }
    let values = |marks: &[Mark]| -> Vec<usize> {
        marks.iter().filter(|mark| is_trusted(mark)).map(|mark| mark.value).collect()
    };
    let (holding, not_holding) = (values(&left.holds), values(&left.holds_not));
    let others = Agreeing::new(key, holding.iter().copied());
    let against = Within::new(key, not_holding.into_iter());
    let confirmed = Holding::new(key, holding.into_iter());
    for marks in [&mut left.holds, &mut left.may_hold, &mut left.carried] {
        marks.retain(|mark| is_trusted(mark) || !others.has_other(mark.value) && !against.covers(mark.value));
    }
    left.carried_back.retain(|mark| is_trusted(mark) || !against.covers(mark.value));
    left.holds_not.retain(|mark| is_trusted(mark) || !confirmed.is_hit_by(mark.value));
}

/// Keeps the newest K as those that count; one rated True among them removes what is said otherwise of that day.
fn keep_newest(key: &Voices, left: &mut Reduced) {
    let mut newest = stand_together(key, &left.carried);
    let is_trusted = |mark: &Mark| key.voice(mark.voice).is_some_and(Voice::is_trusted);
    let trusted: Vec<usize> = newest.iter().filter(|mark| is_trusted(mark)).map(|mark| mark.value).collect();
    if let Some(newest_day) = newest.first().map(|mark| carry(mark).since).filter(|_| !trusted.is_empty()) {
        let others = Agreeing::new(key, trusted.iter().copied());
        let confirmed = Holding::new(key, trusted.into_iter());
        let stays = |mark: &Mark| is_trusted(mark) || !others.has_other(mark.value);
        newest.retain(stays);
        left.carried.retain(|mark| carry(mark).since != newest_day || stays(mark));
        left.holds_not.retain(|mark| is_trusted(mark) || !confirmed.is_hit_by(mark.value));
    }
    left.newest = newest;
}

/// The K of the newest day that none of the others came after, of K with the newest day first.
pub(super) fn stand_together(key: &Voices, carried: &[Mark]) -> Vec<Mark> {
    let Some(newest_day) = carried.first().map(|mark| carry(mark).since) else { return Vec::new() };
    let of_day: Vec<Mark> = carried.iter().take_while(|mark| carry(mark).since == newest_day).copied().collect();
    let with_clock = |mark: &Mark| -> Option<(&Voice, Option<Minutes>)> {
        let voice = key.voice(mark.voice)?;
        Some((voice, clock_of_carry(voice, newest_day)))
    };
    let all: Vec<(&Voice, Option<Minutes>)> = of_day.iter().filter_map(with_clock).collect();
    let order = DayOrder::new(key, newest_day, all.iter().map(|(voice, _)| *voice));
    let gone = order.gone_by(&all);
    let left: Vec<Mark> = of_day.iter().zip(&gone).filter(|(_, is_gone)| !**is_gone).map(|(mark, _)| *mark).collect();
    // Clocks with and without offsets can go round in a circle: then none is the last.
    if left.is_empty() { of_day } else { left }
}

/// Every K from the newest day back that agrees with the side; a day with one that disagrees ends the run, also with one that
/// gave way. The newest K belong to it all the same.
pub(crate) fn run(key: &Voices, carried: &[Mark], newest: &[Mark], group: &Group) -> Vec<Mark> {
    let agrees = |mark: &Mark| group.agrees(key, mark.value);
    let mut run: Vec<Mark> = Vec::new();
    for (place, of_day) in carried.chunk_by(|a, b| carry(a).since == carry(b).since).enumerate() {
        let is_whole = of_day.iter().all(agrees);
        if is_whole {
            run.extend(of_day);
        } else if place == 0 {
            run.extend(newest.iter().filter(|mark| agrees(mark)));
        }
        if !is_whole {
            break;
        }
    }
    run
}

/// The newest K and, if they are of one value, their run.
pub(super) fn newest_and_run(key: &Voices, left: &Reduced) -> Vec<Mark> {
    match Table::groups(key, left.newest.iter().copied()).as_slice() {
        [only] => {
            let mut run = run(key, &left.carried, &left.newest, only);
            if run.is_empty() {
                run.extend(&left.newest);
            }
            run
        }
        _ => left.newest.clone(),
    }
}
