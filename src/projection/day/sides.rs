//! Which marks are of one value: the largest sets of values with a part common to all.
//!
//! A vague value may belong to many sides; it is kept once, with the sides to which it belongs, and never copied.

use std::ops::Range;
use std::rc::Rc;

use super::common::Common;
use super::joining::{Joining, built};
use super::said::Mark;
use super::voices::all::Voices;
use super::voices::ends::Reach;
use super::voices::voice::{ValueId, Voice};
use crate::seq::Seq;
use crate::value::Value;

/// Some marks by their values, and the sides that these come to.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// In the order of their values.
    marks: Vec<Mark>,
    /// The values of one side only, side by side.
    own: Vec<ValueId>,
    /// Values of several sides, and from which to before which.
    shared: Vec<(ValueId, Range<usize>)>,
}

/// Marks that agree on one value: one side of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    table: Rc<Table>,
    /// Where its own values stand.
    own: Range<usize>,
    /// Its place among the sides of its table.
    place: usize,
    /// Of quantities and dates: the part that all have in common.
    common: Option<Box<Common>>,
}

impl Table {
    /// Sides of some marks, in the order of their first claims.
    pub(crate) fn groups(key: &Voices, marks: impl Iterator<Item = Mark>) -> Vec<Group> {
        let mut marks: Vec<Mark> = marks.collect();
        if marks.is_empty() {
            return Vec::new();
        }
        marks.sort_by_key(|mark| mark.value);
        let mut present: Vec<ValueId> = marks.iter().map(|mark| mark.value).collect();
        present.dedup();
        let joined = Joining::of(key, &present);
        let table = Rc::new(Table { marks, own: joined.own, shared: joined.shared });
        let with_place = joined.sides.into_iter().enumerate();
        let mut groups: Vec<Group> = with_place
            .map(|(place, (own, common))| Group { table: Rc::clone(&table), own, place, common: common.map(Box::new) })
            .collect();
        for group in &mut groups {
            group.look_again(key);
        }
        if groups.len() > 1 {
            groups.sort_by_cached_key(|group| group.first_claim(key));
        }
        groups
    }

    /// One side of one value, with these marks, whatever value they are of.
    pub(crate) fn of_value(key: &Voices, value: ValueId, marks: &[Mark]) -> Option<Group> {
        let marks = marks.iter().map(|mark| Mark { value, ..*mark });
        Table::groups(key, marks).pop()
    }

    fn marks_of(&self, value: ValueId) -> &[Mark] {
        let from = self.marks.partition_point(|mark| mark.value < value);
        let (_, behind) = self.marks.split_at(from);
        behind.split_at(behind.partition_point(|mark| mark.value == value)).0
    }
}

impl Group {
    /// Its values: those of this side only, then those that belong to others too.
    pub(crate) fn values(&self) -> impl Iterator<Item = ValueId> {
        self.own_values().iter().copied().chain(self.shared_values())
    }

    /// The values of this side only.
    pub(crate) fn own_values(&self) -> &[ValueId] {
        self.table.own.get(self.own.clone()).unwrap_or_default()
    }

    fn shared_values(&self) -> impl Iterator<Item = ValueId> {
        self.table.shared.iter().filter(|(_, sides)| sides.contains(&self.place)).map(|(value, _)| *value)
    }

    /// All its marks.
    pub(crate) fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.values().flat_map(|value| self.table.marks_of(value))
    }

    /// The marks of values of this side only.
    pub(crate) fn own_marks(&self) -> impl Iterator<Item = &Mark> {
        self.own_values().iter().flat_map(|value| self.table.marks_of(*value))
    }

    /// Its own marks, and with the first side of a table those that several share: over all sides every mark once.
    pub(crate) fn marks_once(&self) -> impl Iterator<Item = &Mark> {
        let shared = self.table.shared.iter().filter(|_| self.place == 0);
        self.own_marks().chain(shared.flat_map(|(value, _)| self.table.marks_of(*value)))
    }

    /// The marks of one of its values.
    pub(crate) fn marks_of(&self, value: ValueId) -> &[Mark] {
        self.table.marks_of(value)
    }

    /// The voices of its marks.
    pub(crate) fn voices<'k>(&self, key: &'k Voices) -> impl Iterator<Item = &'k Voice> {
        self.marks().filter_map(|mark| key.voice(mark.voice))
    }

    /// The lowest event behind it, by its own claims if it has any.
    pub(crate) fn first_claim(&self, key: &Voices) -> Option<Seq> {
        let lowest =
            |marks: &mut dyn Iterator<Item = &Mark>| marks.filter_map(|mark| Some(key.voice(mark.voice)?.claim)).min();
        lowest(&mut self.own_marks()).or_else(|| lowest(&mut self.marks()))
    }

    /// The value it stands for, if that is one of the key's and not a part of several.
    fn lone_value(&self) -> Option<ValueId> {
        self.own_values().first().copied().filter(|_| self.common.is_none())
    }

    fn is_word(&self, key: &Voices, is: fn(&Voices, ValueId) -> bool) -> bool {
        self.lone_value().is_some_and(|value| is(key, value))
    }

    /// Whether it is `SomeValue` alone.
    pub(crate) fn is_some(&self, key: &Voices) -> bool {
        self.is_word(key, Voices::is_some)
    }

    /// Whether it is `NoValue`.
    pub(crate) fn is_none(&self, key: &Voices) -> bool {
        self.is_word(key, Voices::is_none)
    }

    /// Whether a value agrees with this one: equals it, or has a part in common with the part that all of it have.
    pub(crate) fn agrees(&self, key: &Voices, value: ValueId) -> bool {
        match (self.common.as_deref(), key.reach(value)) {
            (Some(common), Some(reach)) => {
                let own = Reach { class: common.class, stated: common.part, wide: common.wide };
                reach.overlaps(&own)
            }
            _ => self.own_values().first().is_some_and(|own| key.agree(*own, value)),
        }
    }

    /// Whether what is said against a value speaks against this side: its part lies within the value.
    pub(crate) fn is_hit_by(&self, key: &Voices, against: ValueId) -> bool {
        match (self.common.as_deref(), key.reach(against)) {
            (Some(common), Some(reach)) => {
                let own = Reach { class: common.class, stated: common.part, wide: common.wide };
                own.lies_within(&reach)
            }
            (Some(_), None) => key.is_some(against) && !key.is_multi,
            (None, _) => self.own_values().first().is_some_and(|own| key.lies_within(*own, against)),
        }
    }

    /// Whether a value lies within the part, and is not all of it.
    pub(crate) fn is_wider_than(&self, key: &Voices, value: ValueId) -> bool {
        self.common.as_deref().zip(key.reach(value)).is_some_and(|(common, reach)| {
            common.class == reach.class
                && common.part.0 <= reach.stated.0
                && reach.stated.1 <= common.part.1
                && reach.stated != common.part
        })
    }

    /// Whether the answer rests on a value: without it the answer would be another, or it lies within the answer.
    pub(crate) fn rests_on(&self, key: &Voices, value: ValueId) -> bool {
        match (self.common.as_deref(), key.reach(value)) {
            (Some(common), Some(reach)) => {
                common.class == reach.class
                    && (common.part.0 <= reach.stated.0 && reach.stated.1 <= common.part.1
                        || common.holding.contains(&Some(value))
                        || common.has_approx && self.is_moved_without(key, value))
            }
            (Some(_), None) => false,
            (None, _) => self.own_values().first() == Some(&value),
        }
    }

    /// The value on which the answer rests, where the side is of equal values.
    pub(crate) fn only_resting_value(&self) -> Option<ValueId> {
        self.lone_value()
    }

    /// The values it has on which the answer rests, each once.
    pub(crate) fn resting_values(&self, key: &Voices) -> Vec<ValueId> {
        match self.common.as_deref() {
            // Without approximate values these alone can rest: all reach around the part.
            Some(common) if !common.has_approx => {
                let own = self.own_values().iter().copied();
                let mut resting: Vec<ValueId> = own.filter(|value| self.rests_on(key, *value)).collect();
                resting.extend(common.holding.into_iter().flatten());
                resting.extend(self.shared_values().filter(|value| self.rests_on(key, *value)));
                resting.sort_unstable();
                resting.dedup();
                resting
            }
            Some(_) => self.values().filter(|value| self.rests_on(key, *value)).collect(),
            None => self.own_values().first().copied().into_iter().collect(),
        }
    }

    /// The marks on which the answer rests; all of them, where it rests on none more than on another.
    pub(crate) fn resting_marks(&self, key: &Voices) -> impl Iterator<Item = &Mark> + Clone {
        let mut values = self.resting_values(key);
        if values.is_empty() {
            values = self.values().collect();
        }
        values.into_iter().flat_map(|value| self.marks_of(value))
    }

    /// The part of its values of a class, but for one of them.
    fn part_without(&self, key: &Voices, class: usize, left_out: Option<ValueId>) -> Option<(usize, usize)> {
        let reaches = self.values().filter(|value| Some(*value) != left_out).filter_map(|value| key.reach(value));
        let (mut stated, mut wide) = ((0, usize::MAX), (0, usize::MAX));
        let mut is_any = false;
        for reach in reaches.filter(|reach| reach.class == class) {
            is_any = true;
            stated = (stated.0.max(reach.stated.0), stated.1.min(reach.stated.1));
            wide = (wide.0.max(reach.wide.0), wide.1.min(reach.wide.1));
        }
        is_any.then_some(if stated.0 <= stated.1 { stated } else { wide })
    }

    fn is_moved_without(&self, key: &Voices, value: ValueId) -> bool {
        let Some(common) = self.common.as_deref() else { return false };
        self.values().any(|own| own == value) && self.part_without(key, common.class, Some(value)) != Some(common.part)
    }

    /// Where a value is approximate, the part is made of what was stated, if that meets.
    fn look_again(&mut self, key: &Voices) {
        if let Some(common) = self.common.as_deref().copied().filter(|common| common.has_approx)
            && let Some(part) = self.part_without(key, common.class, None)
        {
            self.common = Some(Box::new(Common { part, holding: [None; 2], ..common }));
        }
    }

    /// The value that is shown: as the first live claim spells it; of several ranges or dates the part common to all, as a
    /// claim of just that part spells it, if there is one.
    pub(crate) fn shown(&self, key: &Voices) -> Value<Seq> {
        let spelt = |value: Option<ValueId>| value.and_then(|value| key.value(value)).map(|entry| entry.value.clone());
        let Some(common) = self.common.as_deref().copied() else {
            return spelt(self.lone_value()).unwrap_or(Value::Some);
        };
        let members = || self.values().filter(|value| key.reach(*value).is_some());
        let is_approx = |value: &Value<Seq>| matches!(value, Value::Quantity(quantity) if quantity.is_approx());
        let approximate = |value: ValueId| key.value(value).is_some_and(|entry| is_approx(&entry.value));
        let all_approx = common.has_approx
            && members().all(approximate)
            && members().all(|value| {
                key.reach(value).is_some_and(|reach| reach.stated.0 <= common.part.0 && common.part.1 <= reach.stated.1)
            });
        let first =
            |value: &ValueId| self.marks_of(*value).iter().filter_map(|mark| Some(key.voice(mark.voice)?.claim)).min();
        let just_that = members().filter(|value| {
            key.reach(*value).is_some_and(|reach| reach.stated == common.part) && approximate(*value) == all_approx
        });
        if let Some(shown) = spelt(just_that.min_by_key(first)) {
            return shown;
        }
        built(key, common, members().next(), all_approx).or_else(|| spelt(members().next())).unwrap_or(Value::Some)
    }
}
