//! Step 4 of an answer: the first row of the table that fits.

use super::answer::{Flag, Status};
use super::flags;
use super::group::{Group, groups};
use super::mark::{Mark, Says};
use super::reduce::{Reduced, carry};
use super::voice::{Time, ValueId, Voice, Voices};
use crate::date::Day;

/// What the table says, before disputes, verdicts and the kinds of value are looked at.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) row: u8,
    pub(super) status: Status,
    /// The values with the marks that give them.
    pub(super) sides: Vec<Group>,
    pub(super) flags: Vec<Flag>,
}

impl Reading {
    fn new(row: u8, status: Status, sides: Vec<Group>, flags: impl IntoIterator<Item = Flag>) -> Reading {
        Reading { row, status, sides, flags: flags.into_iter().collect() }
    }
}

/// Reads the table.
pub(super) fn read(key: &Voices, left: &Reduced, day: Day) -> Reading {
    let mut holds = groups(key, &left.holds);
    match holds.pop() {
        None => {}
        Some(value) if holds.is_empty() => return one_holds(key, left, value, day),
        Some(last) => {
            holds.push(last);
            return several_hold(key, holds, day);
        }
    }
    let mut newest = groups(key, &left.newest);
    match newest.pop() {
        None => nothing_carried(key, left),
        Some(value) if newest.is_empty() => one_carried(key, left, value, day),
        Some(last) => {
            newest.push(last);
            Reading::new(6, Status::Contested, newest, [])
        }
    }
}

/// Rows 1 and 2.
fn several_hold(key: &Voices, holds: Vec<Group>, day: Day) -> Reading {
    if let [a, b] = holds.as_slice()
        && let Some(sides) = meeting(key, a, b, day)
    {
        return Reading::new(1, Status::Stated, sides, [Flag::ChangedThatDay]);
    }
    let is_gaps = |group: &&Group| group.voices(key).all(|voice| voice.is_gap);
    let stated = holds.len() - holds.iter().filter(is_gaps).count();
    Reading::new(2, Status::Contested, holds, (stated <= 1).then_some(Flag::Timing))
}

/// Row 1: the two values in the order in which they held, if they meet on the day.
pub(super) fn meeting(key: &Voices, a: &Group, b: &Group, day: Day) -> Option<Vec<Group>> {
    let a_is_lower = a.first_claim(key) <= b.first_claim(key);
    let (lower, higher) = if a_is_lower { (a, b) } else { (b, a) };
    if hand_over(key, lower, higher, day) {
        Some(vec![lower.clone(), higher.clone()])
    } else if hand_over(key, higher, lower, day) {
        Some(vec![higher.clone(), lower.clone()])
    } else {
        None
    }
}

/// Whether one value can have ended on the day where the other began.
fn hand_over(key: &Voices, first: &Group, second: &Group, day: Day) -> bool {
    let is_day = |voice: &Voice| matches!(voice.time, Time::Day(_));
    let ends = |voice: &Voice| voice.end().is_some_and(|end| end.is_exactly(day));
    let starts = |voice: &Voice| voice.start().is_some_and(|start| start.is_exactly(day));
    let is_at_edges = first.voices(key).all(|voice| is_day(voice) || ends(voice))
        && second.voices(key).all(|voice| is_day(voice) || starts(voice));
    let has_transition = || {
        first.voices(key).filter_map(Voice::transition_end).any(|end| end.is_exactly(day))
            || second.voices(key).filter_map(Voice::transition_start).any(|start| start.is_exactly(day))
    };
    is_at_edges && has_transition() || clocks_order(key, first, second, day)
}

/// Whether every clock of the first is over before any of the second begins; every claim needs one.
fn clocks_order(key: &Voices, first: &Group, second: &Group, day: Day) -> bool {
    let clock = |voice: &Voice| {
        let mut on_day = [voice.start(), voice.end()].into_iter().flatten().filter(|side| side.is_exactly(day));
        on_day.find_map(|side| side.clock)
    };
    let clocks = |group: &Group| group.voices(key).map(clock).collect::<Option<Vec<_>>>();
    clocks(first).zip(clocks(second)).is_some_and(|(first, second)| {
        let last = first.iter().max_by_key(|clock| clock.end);
        let next = second.iter().min_by_key(|clock| clock.start);
        last.zip(next).is_none_or(|(last, next)| last.is_over_before(*next))
    })
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
    Reading::new(5, Status::Stated, vec![value], flags)
}

/// Row 3: other values, usually one, that are said to hold since a day within every period of this one.
fn since_within(key: &Voices, left: &Reduced, value: &Group) -> Vec<Group> {
    let mut last_start = Day::UNBOUNDED_PAST;
    for voice in value.voices(key) {
        let Time::Closed(start, _) = &voice.time else { return Vec::new() };
        last_start = last_start.max(start.window.latest);
    }
    let since: Vec<Mark> = left
        .newest
        .iter()
        .filter(|mark| carry(mark).is_open_start && carry(mark).since >= last_start && !value.agrees(key, mark.value))
        .copied()
        .collect();
    groups(key, &since)
}

/// Rows 4 and 7: a value that another claim says does not hold.
fn held_against(key: &Voices, left: &Reduced, value: &Group, row: u8) -> Option<Reading> {
    let first = value.voices(key).next().map(|voice| voice.claim);
    let has_several = value.voices(key).any(|voice| Some(voice.claim) != first);
    let against: Vec<Mark> = left
        .holds_not
        .iter()
        .filter(|mark| {
            let is_by_another = || first.is_some() && key.voice(mark.voice).map(|voice| voice.claim) != first;
            value.agrees(key, mark.value) && (has_several || is_by_another())
        })
        .copied()
        .collect();
    against.first()?;
    let is_denied = against.iter().any(|mark| mark.says == Says::HoldsNot { is_denial: true });
    let complement = value.values.iter().find_map(|value| key.complement(*value));
    let other = complement.and_then(|other| Group::of_value(key, other, against));
    let sides = std::iter::once(value.clone()).chain(other).collect();
    Some(Reading::new(row, Status::Contested, sides, [if is_denied { Flag::Denied } else { Flag::Timing }]))
}

/// Rows 7 to 10.
fn one_carried(key: &Voices, left: &Reduced, value: Group, day: Day) -> Reading {
    if let Some(reading) = held_against(key, left, &value, 7) {
        return reading;
    }
    let others: Vec<Mark> = left.may_hold.iter().filter(|mark| !value.agrees(key, mark.value)).copied().collect();
    if !others.is_empty() {
        let sides = std::iter::once(value).chain(groups(key, &others)).collect();
        return Reading::new(8, Status::Possible, sides, [Flag::ChangeWindow]);
    }
    if value.marks.iter().all(|mark| carry(mark).is_tentative) {
        return Reading::new(9, Status::Possible, vec![value], []);
    }
    let flags = flags::presumed(key, &value, day);
    Reading::new(10, Status::Presumed, vec![value], flags)
}

/// Rows 11 to 16.
fn nothing_carried(key: &Voices, left: &Reduced) -> Reading {
    let back = groups(key, &left.carried_back);
    if !left.may_hold.is_empty() || back.len() > 1 {
        let all: Vec<Mark> = left.may_hold.iter().chain(&left.carried_back).copied().collect();
        return Reading::new(11, Status::Possible, groups(key, &all), []);
    }
    if let Some(value) = back.into_iter().next().or_else(|| by_elimination(key, left)) {
        return Reading::new(12, Status::Presumed, vec![value], [Flag::CarriedBack]);
    }
    if !left.stale.is_empty() {
        return Reading::new(13, Status::Unknown, Vec::new(), [Flag::Stale]);
    }
    if !left.holds_not.is_empty() || !left.ended.is_empty() {
        return Reading::new(14, Status::Unknown, Vec::new(), []);
    }
    if !left.undated.is_empty() {
        return Reading::new(15, Status::Possible, groups(key, &left.undated), [Flag::Undated]);
    }
    Reading::new(16, Status::Unknown, Vec::new(), [])
}

/// The complement of the value that does not hold, if there is just one such.
fn by_elimination(key: &Voices, left: &Reduced) -> Option<Group> {
    let mut others: Vec<ValueId> = left.holds_not.iter().filter_map(|mark| key.complement(mark.value)).collect();
    others.sort_unstable();
    others.dedup();
    match others.as_slice() {
        [only] => {
            let behind = left.holds_not.iter().filter(|mark| key.complement(mark.value) == Some(*only)).copied();
            Group::of_value(key, *only, behind.collect())
        }
        _ => None,
    }
}
