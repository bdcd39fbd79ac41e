//! Step 4 of an answer: the first row of the table that fits.

use super::super::answer::{Flag, Status};
use super::flags;
use super::meet::meeting;
use super::reading::{Reading, held_against, newest_sure, one_carried};
use super::reduce::{Reduced, carry, newest_and_run};
use super::reread::reread;
use super::said::{Mark, Says};
use super::sides::{Group, Table};
use super::voices::all::Voices;
use super::voices::voice::{Time, ValueId};
use super::voices::within::Within;
use crate::date::Day;

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
