//! Which marks are of one value: equal values, or ranges and dates with a part common to all.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::mark::Mark;
use super::voice::{ValueId, Voice, Voices};
use crate::date::Day;
use crate::seq::Seq;
use crate::value::{Point, Reach, Value, common_part};

/// Marks that agree on one value.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The value shown: the part common to all, in the first claim's spelling.
    pub(super) shown: Value<Seq>,
    /// The values that agree, the first claim's first.
    pub(super) values: Vec<ValueId>,
    /// Their marks.
    pub(super) marks: Vec<Mark>,
    /// Of ranges or dates that were joined: from where to where all of them reach.
    common: Option<(Point, Point)>,
}

/// "Some value" joins no more other values than this: each gets its marks, and there may be many of both.
const SOME_JOINS_MAX: usize = 16;

impl Group {
    /// A value of which nothing is marked: the complement of one that is denied.
    pub(super) fn of_value(key: &Voices, value: ValueId, marks: Vec<Mark>) -> Option<Group> {
        Some(Group { shown: key.value(value)?.value.clone(), values: vec![value], marks, common: None })
    }

    /// Whether a value agrees with this one: equals one of its values, or has a part in common with all of them.
    pub(super) fn agrees(&self, key: &Voices, value: ValueId) -> bool {
        let Some(own) = self.values.first() else { return false };
        let Some((low, high)) = self.common else { return key.agree(*own, value) };
        let reach = |id: ValueId| key.value(id).and_then(|entry| Reach::of(&entry.value));
        match reach(*own).zip(reach(value)) {
            Some((own, other)) => Reach { low, high, ..own }.overlaps(&other),
            None => key.agree(*own, value),
        }
    }

    /// The lowest event behind it.
    pub(super) fn first_claim(&self, key: &Voices) -> Option<Seq> {
        self.voices(key).map(|voice| voice.claim).min()
    }

    /// The voices of its marks.
    pub(super) fn voices<'k>(&self, key: &'k Voices) -> impl Iterator<Item = &'k Voice> {
        self.marks.iter().filter_map(|mark| key.voice(mark.voice))
    }

    /// Whether it has a period that goes on past the day.
    pub(super) fn goes_on(&self, key: &Voices, day: Day) -> bool {
        self.voices(key).any(|voice| match voice.end() {
            Some(end) => end.window.latest > day,
            None => true,
        })
    }
}

/// Puts marks of one value together, in the order of the values' first claims.
pub(super) fn groups(key: &Voices, marks: &[Mark]) -> Vec<Group> {
    let Some(first) = marks.first() else { return Vec::new() };
    if marks.iter().all(|mark| mark.value == first.value) {
        return Group::of_value(key, first.value, marks.to_vec()).into_iter().collect();
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut places: BTreeMap<ValueId, usize> = BTreeMap::new();
    for mark in marks {
        if let Some(group) = places.get(&mark.value).and_then(|place| groups.get_mut(*place)) {
            group.marks.push(*mark);
        } else {
            places.insert(mark.value, groups.len());
            groups.extend(Group::of_value(key, mark.value, vec![*mark]));
        }
    }
    groups.sort_by_cached_key(|group| group.first_claim(key));
    let mut groups = join_ranges(key, groups);
    join_some_value(&mut groups);
    groups
}

/// Joins all quantities of one unit, and all dates, if all of them have a part in common.
fn join_ranges(key: &Voices, groups: Vec<Group>) -> Vec<Group> {
    let mut joined: Vec<Group> = Vec::with_capacity(groups.len());
    let mut classes: Vec<Vec<Group>> = Vec::new();
    let mut places: HashMap<Option<Box<str>>, usize> = HashMap::default();
    for group in groups {
        let class = match &group.shown {
            Value::Quantity(quantity) => Some(quantity.unit().map(Box::from)),
            Value::Date(_) => Some(Some("\0date".into())),
            _ => None,
        };
        let place = class.map(|class| *places.entry(class).or_insert(classes.len()));
        match place.and_then(|place| classes.get_mut(place)) {
            Some(members) => members.push(group),
            None => classes.push(vec![group]),
        }
    }
    for members in classes {
        let values: Vec<&Value<Seq>> = members.iter().map(|group| &group.shown).collect();
        match common_part(&values).filter(|_| members.len() > 1) {
            None => joined.extend(members),
            Some(shown) => {
                let values: Vec<ValueId> = members.iter().flat_map(|group| group.values.iter().copied()).collect();
                let reaches = values.iter().filter_map(|id| Reach::of(&key.value(*id)?.value));
                let common = reaches.map(|reach| (reach.low, reach.high)).reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)));
                let marks = members.iter().flat_map(|group| group.marks.iter().copied()).collect();
                joined.push(Group { shown, values, marks, common });
            }
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
    if (1..=SOME_JOINS_MAX).contains(&groups.iter().filter(|group| is_other(group)).count()) {
        let some = groups.remove(some);
        for group in groups.iter_mut().filter(|group| is_other(group)) {
            group.marks.extend(some.marks.iter().copied());
        }
    }
}
