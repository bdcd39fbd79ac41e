//! Which marks are of one value: equal values, or ranges and dates with a part common to all.

use super::mark::Mark;
use super::voice::{ValueId, Voice, Voices};
use crate::date::Day;
use crate::seq::Seq;
use crate::value::{Value, common_part};

/// Marks that agree on one value.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The value shown: the part common to all, in the first claim's spelling.
    pub(super) shown: Value<Seq>,
    /// The values that agree, the first claim's first.
    pub(super) values: Vec<ValueId>,
    /// Their marks.
    pub(super) marks: Vec<Mark>,
}

impl Group {
    /// A value of which nothing is marked: the complement of one that is denied.
    pub(super) fn of_value(key: &Voices<'_>, value: ValueId, marks: Vec<Mark>) -> Option<Group> {
        Some(Group { shown: key.value(value)?.value.clone(), values: vec![value], marks })
    }

    /// Whether a value agrees with this one: equals one of its values, or has a part in common with all of them.
    pub(super) fn agrees(&self, key: &Voices<'_>, value: ValueId) -> bool {
        self.values.contains(&value) || self.values.iter().all(|own| key.agree(*own, value)) && self.shares(key, value)
    }

    /// Whether a range or date has a part in common with the whole of this one, not only with each of its values.
    fn shares(&self, key: &Voices<'_>, value: ValueId) -> bool {
        let of = |id: ValueId| key.value(id).map(|entry| &entry.value).filter(|value| is_range(value));
        let own: Vec<&Value<Seq>> = self.values.iter().filter_map(|own| of(*own)).collect();
        let Some(value) = of(value).filter(|_| own.len() > 1) else { return true };
        let all: Vec<&Value<Seq>> = own.into_iter().chain([value]).collect();
        common_part(&all).is_some()
    }

    /// The lowest event behind it.
    pub(super) fn first_claim(&self, key: &Voices<'_>) -> Option<Seq> {
        self.voices(key).map(Voice::claim).min()
    }

    /// The voices of its marks.
    pub(super) fn voices<'k, 'a>(&self, key: &'k Voices<'a>) -> impl Iterator<Item = &'k Voice<'a>> {
        self.marks.iter().filter_map(|mark| key.voice(mark.voice))
    }

    /// Whether it has a period that goes on past the day.
    pub(super) fn goes_on(&self, key: &Voices<'_>, day: Day) -> bool {
        self.voices(key).any(|voice| match voice.end() {
            Some(end) => end.window.latest > day,
            None => true,
        })
    }
}

/// Puts marks of one value together, in the order of the values' first claims.
pub(super) fn groups(key: &Voices<'_>, marks: &[Mark]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for mark in marks {
        match groups.iter_mut().find(|group| group.values.contains(&mark.value)) {
            Some(group) => group.marks.push(*mark),
            None => groups.extend(Group::of_value(key, mark.value, vec![*mark])),
        }
    }
    groups.sort_by_key(|group| group.first_claim(key));
    if groups.len() > 1 {
        groups = join_ranges(groups);
        join_some_value(&mut groups);
    }
    groups
}

fn is_range(value: &Value<Seq>) -> bool {
    matches!(value, Value::Quantity(_) | Value::Date(_))
}

/// Joins all quantities of one unit, and all dates, if all of them have a part in common.
fn join_ranges(groups: Vec<Group>) -> Vec<Group> {
    let mut joined: Vec<Group> = Vec::with_capacity(groups.len());
    let mut classes: Vec<(Option<String>, Vec<Group>)> = Vec::new();
    for group in groups {
        let class = match &group.shown {
            Value::Quantity(quantity) => Some(format!("quantity {:?}", quantity.unit())),
            Value::Date(_) => Some("date".to_owned()),
            _ => None,
        };
        match classes.iter_mut().find(|(other, _)| class.is_some() && *other == class) {
            Some((_, members)) => members.push(group),
            None => classes.push((class, vec![group])),
        }
    }
    for (_, members) in classes {
        let values: Vec<&Value<Seq>> = members.iter().map(|group| &group.shown).collect();
        match common_part(&values).filter(|_| members.len() > 1) {
            None => joined.extend(members),
            Some(shown) => joined.push(Group {
                shown,
                values: members.iter().flat_map(|group| group.values.iter().copied()).collect(),
                marks: members.iter().flat_map(|group| group.marks.iter().copied()).collect(),
            }),
        }
    }
    joined
}

/// "Some value" joins the other values, but not "no value".
fn join_some_value(groups: &mut Vec<Group>) {
    let is_other = |group: &Group| !matches!(group.shown, Value::Some | Value::None);
    let Some(some) = groups.iter().position(|group| group.shown == Value::Some) else {
        return;
    };
    if groups.iter().any(is_other) {
        let some = groups.remove(some);
        for group in groups.iter_mut().filter(|group| is_other(group)) {
            group.marks.extend(some.marks.iter().copied());
        }
    }
}
