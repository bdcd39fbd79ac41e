//! Step 4 of an answer: the first row of the table that fits.

use super::super::answer::{Flag, Status};
use super::flags;
use super::meet::meeting;
use super::reduce::{Reduced, carry, newest_and_run, stand_together};
use super::reread::reread;
use super::said::{Mark, Says};
use super::sides::{Group, Table};
use super::voices::voice::{Time, ValueId, Voices};
use super::voices::within::Within;
use crate::date::Day;

/// What the table says, before disputes, verdicts and the kinds of value are looked at.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) row: u8,
    pub(crate) status: Status,
    /// The values with the marks that give them.
    pub(crate) sides: Vec<Group>,
    pub(crate) flags: Vec<Flag>,
    /// Every K of which a run can be made, and the newest; only those of one value's parts where a vaguer word hid it.
    pub(crate) carried: Option<(Vec<Mark>, Vec<Mark>)>,
}

impl Reading {
    pub(super) fn new(row: u8, status: Status, sides: Vec<Group>, flags: impl IntoIterator<Item = Flag>) -> Reading {
        Reading { row, status, sides, flags: flags.into_iter().collect(), carried: None }
    }
}

/// Reads the table.
pub(crate) fn read(key: &Voices, left: &Reduced, day: Day) -> Reading {
    let mut holds = Table::groups(key, left.holds.iter().copied());
    match holds.pop() {
        None => {}
        Some(value) if holds.is_empty() => return one_holds(key, left, value, day),
        Some(last) => {
            holds.push(last);
            return several_hold(key, holds, day);
        }
    }
    match carried(key, left, day) {
        Some(reading) => reading,
        None => nothing_carried(key, left),
    }
}

/// Rows 1 and 2.
fn several_hold(key: &Voices, holds: Vec<Group>, day: Day) -> Reading {
    if let Some(sides) = meeting(key, &holds, day) {
        return Reading::new(1, Status::Stated, sides, [Flag::ChangedThatDay]);
    }
    let mut stated = holds.iter().filter(|group| !group.voices(key).all(|voice| voice.is_gap));
    let is_timing = stated.nth(1).is_none();
    Reading::new(2, Status::Contested, holds, is_timing.then_some(Flag::Timing))
}

/// Rows 3 to 5.
fn one_holds(key: &Voices, left: &Reduced, value: Group, day: Day) -> Reading {
    let others = since_within(key, left, &value);
    if !others.is_empty() {
        let sides = std::iter::once(value).chain(others).collect();
        return Reading::new(3, Status::Contested, sides, [Flag::Since]);
    }
    if let Some(reading) = held_against(key, left, &value, 4) {
        return reading;
    }
    let flags = flags::stated(key, left, &value, day);
    let is_presumed = value.marks().all(|mark| mark.says == Says::HoldsAlways);
    let status = if is_presumed { Status::Presumed } else { Status::Stated };
    let reading = Reading::new(5, status, vec![value.clone()], flags);
    reread(key, left, &value, reading, day)
}

/// Row 3: other values, usually one, that are said to hold since a day within every period of this one.
fn since_within(key: &Voices, left: &Reduced, value: &Group) -> Vec<Group> {
    let mut last_start = Day::UNBOUNDED_PAST;
    for voice in value.voices(key) {
        let Time::Closed(start, _) = &voice.time else { return Vec::new() };
        last_start = last_start.max(start.window.latest);
    }
    let is_since =
        |mark: &Mark| carry(mark).is_open_start && carry(mark).since >= last_start && !value.agrees(key, mark.value);
    if !left.carried.iter().any(is_since) {
        return Vec::new();
    }
    Table::groups(key, newest_and_run(key, left).into_iter().filter(is_since))
}

/// Rows 4 and 7: a value that another claim says does not hold.
fn held_against(key: &Voices, left: &Reduced, value: &Group, row: u8) -> Option<Reading> {
    if left.holds_not.is_empty() {
        return None;
    }
    let first = value.voices(key).next().map(|voice| voice.claim);
    let has_several = value.voices(key).any(|voice| Some(voice.claim) != first);
    let against = |mark: &&Mark| {
        let is_by_another = || first.is_some() && key.voice(mark.voice).map(|voice| voice.claim) != first;
        value.is_hit_by(key, mark.value) && (has_several || is_by_another())
    };
    let against: Vec<Mark> = left.holds_not.iter().filter(against).copied().collect();
    against.first()?;
    let is_denied = against.iter().any(|mark| mark.says == Says::HoldsNot { is_denial: true });
    let complement = value.own_values().iter().find_map(|value| key.complement(*value));
    let other = complement.and_then(|other| Table::of_value(key, other, &against));
    let sides = std::iter::once(value.clone()).chain(other).collect();
    Some(Reading::new(row, Status::Contested, sides, [if is_denied { Flag::Denied } else { Flag::Timing }]))
}

/// Rows 6 to 10; `None` if nothing is carried.
fn carried(key: &Voices, left: &Reduced, day: Day) -> Option<Reading> {
    let mut newest = Table::groups(key, left.newest.iter().copied());
    let value = newest.pop()?;
    if newest.is_empty() {
        return Some(reread(key, left, &value, one_carried(key, left, &value, day), day));
    }
    newest.push(value);
    let all_tentative = left.newest.iter().all(|mark| carry(mark).is_tentative);
    let (status, sides) = if all_tentative {
        let with_sure = left.newest.iter().copied().chain(newest_sure(key, left));
        (Status::Possible, Table::groups(key, with_sure))
    } else {
        (Status::Contested, newest)
    };
    Some(Reading::new(6, status, sides, []))
}

/// The newest K that are not tentative.
fn newest_sure(key: &Voices, left: &Reduced) -> Vec<Mark> {
    let sure: Vec<Mark> = left.carried.iter().filter(|mark| !carry(mark).is_tentative).copied().collect();
    stand_together(key, &sure)
}

/// Rows 7 to 10.
pub(super) fn one_carried(key: &Voices, left: &Reduced, value: &Group, day: Day) -> Reading {
    if let Some(reading) = held_against(key, left, value, 7) {
        return reading;
    }
    let others: Vec<Mark> = left.may_hold.iter().filter(|mark| !value.agrees(key, mark.value)).copied().collect();
    if !others.is_empty() {
        let sides = std::iter::once(value.clone()).chain(Table::groups(key, others.into_iter())).collect();
        return Reading::new(8, Status::Possible, sides, [Flag::ChangeWindow]);
    }
    if value.marks().all(|mark| carry(mark).is_tentative) {
        let sure = newest_sure(key, left);
        let has_sure = !sure.is_empty();
        let sides = Table::groups(key, left.newest.iter().copied().chain(sure));
        let status = if has_sure && sides.len() == 1 { Status::Presumed } else { Status::Possible };
        return Reading::new(9, status, sides, []);
    }
    let flags = flags::presumed(key, value, day);
    Reading::new(10, Status::Presumed, vec![value.clone()], flags)
}

/// Rows 11 to 16.
fn nothing_carried(key: &Voices, left: &Reduced) -> Reading {
    let left_over = left.holds_not.iter().filter_map(|mark| Some(Mark { value: key.complement(mark.value)?, ..*mark }));
    let back: Vec<Mark> = left.carried_back.iter().copied().chain(left_over).collect();
    let inferred = Table::groups(key, back.iter().copied());
    let is_apart = |mark: &Mark| !inferred.iter().any(|group| may_be_of(key, group, mark.value));
    if inferred.len() > 1 || left.may_hold.iter().any(is_apart) {
        let all = Table::groups(key, left.may_hold.iter().copied().chain(back));
        return Reading::new(11, Status::Possible, all, []);
    }
    if let Some(value) = inferred.into_iter().next() {
        let is_tentative = |mark: &Mark| matches!(mark.says, Says::CarriedBack { is_tentative: true, .. });
        let status = if value.marks().all(is_tentative) { Status::Possible } else { Status::Presumed };
        return Reading::new(12, status, vec![value], [Flag::CarriedBack]);
    }
    if let Some(undated) = undated(key, left) {
        return Reading::new(13, Status::Possible, undated, [Flag::Undated]);
    }
    if !left.stale.is_empty() {
        return Reading::new(14, Status::Unknown, Vec::new(), [Flag::Stale]);
    }
    let row = if left.holds_not.is_empty() && left.ended.is_empty() { 16 } else { 15 };
    Reading::new(row, Status::Unknown, Vec::new(), [])
}

/// Whether what may hold agrees with a value that is carried back or left over; `SomeValue` of these agrees with itself only.
fn may_be_of(key: &Voices, group: &Group, value: ValueId) -> bool {
    group.values().any(|own| own == value || !key.is_some(own) && key.agree(own, value))
}

/// Row 13: the undated values that are not ended or denied.
fn undated(key: &Voices, left: &Reduced) -> Option<Vec<Group>> {
    left.undated.first()?;
    let against = Within::new(key, left.ended.iter().chain(&left.holds_not).map(|mark| mark.value));
    let undated = left.undated.iter().filter(|mark| !against.covers(mark.value)).copied();
    Some(Table::groups(key, undated)).filter(|groups| !groups.is_empty())
}
