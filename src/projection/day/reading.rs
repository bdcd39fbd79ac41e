//! What the table says of a day, and the rows that are read again where a vaguer word would hide something.

use super::super::answer::{Flag, Status};
use super::flags;
use super::reduce::{Reduced, carry, stand_together};
use super::said::{Mark, Says};
use super::sides::{Group, Table};
use super::voices::all::Voices;
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

/// Rows 4 and 7: a value that another claim says does not hold.
pub(super) fn held_against(key: &Voices, left: &Reduced, value: &Group, row: u8) -> Option<Reading> {
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

/// The newest K that are not tentative.
pub(super) fn newest_sure(key: &Voices, left: &Reduced) -> Vec<Mark> {
    let sure: Vec<Mark> = left.carried.iter().filter(|mark| !carry(mark).is_tentative).copied().collect();
    stand_together(key, &sure)
}
