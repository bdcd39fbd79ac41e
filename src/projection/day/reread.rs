//! A vaguer word hides nothing: where the answer is `SomeValue` or a date, and something less vague within it is carried, that
//! is read instead.

use super::reading::{Reading, one_carried};
use super::reduce::{Reduced, stand_together};
use super::said::Mark;
use super::sides::{Group, Table};

use super::voices::all::Voices;
use super::voices::voice::ValueId;
use crate::date::Day;
use crate::value::Value;

/// The reading of rows 5, 9 and 10 for a value, or the one of what that value would hide.
pub(super) fn reread(key: &Voices, left: &Reduced, vague: &Group, reading: Reading, day: Day) -> Reading {
    if !matches!(reading.row, 5 | 9 | 10) || key.is_fixed || key.is_multi {
        return reading;
    }
    let is_date = || matches!(vague.shown(key), Value::Date(_));
    if !vague.is_some(key) && !is_date() {
        return reading;
    }
    let within = |mark: &Mark| is_less_vague(key, vague, mark.value);
    let narrow: Vec<Mark> = left.carried.iter().filter(|mark| within(mark)).copied().collect();
    let newest = stand_together(key, &narrow);
    let mut values = Table::groups(key, newest.iter().copied());
    let Some(narrower) = values.pop().filter(|_| values.is_empty()) else { return reading };
    let may_hold = left.may_hold.iter().filter(|mark| within(mark)).copied().collect();
    let of_those = Reduced {
        carried: narrow.clone(),
        newest: newest.clone(),
        may_hold,
        holds_not: left.holds_not.clone(),
        ..Reduced::default()
    };
    let of_narrower = Reading { carried: Some((narrow, newest)), ..one_carried(key, &of_those, &narrower, day) };
    // What is less vague may itself be a date that would hide something.
    reread(key, &of_those, &narrower, of_narrower, day)
}

/// Whether a value lies within the answer and says more.
fn is_less_vague(key: &Voices, group: &Group, value: ValueId) -> bool {
    if group.is_some(key) {
        return !key.is_some(value) && !key.is_none(value);
    }
    group.is_wider_than(key, value)
}
