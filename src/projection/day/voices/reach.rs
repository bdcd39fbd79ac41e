//! Quantities and dates by their places among all ends of their class in the key, so that they are compared as numbers.

use std::collections::BTreeMap;

use super::voice::{ValueEntry, Voices};
use crate::value::{Class as ValueClass, Point, Reach as ValueReach, Value};

/// From where to where a quantity or a date counts, by the places of the ends among all ends of its class in the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reach {
    /// Place of its unit, or of dates, among the key's classes.
    pub(crate) class: usize,
    /// The ends as stated.
    pub(crate) stated: (usize, usize),
    /// The ends with which it is compared: a tenth wider where it is approximate.
    pub(crate) wide: (usize, usize),
}

impl Reach {
    pub(crate) fn overlaps(&self, other: &Reach) -> bool {
        self.class == other.class && self.wide.0 <= other.wide.1 && other.wide.0 <= self.wide.1
    }

    /// Whether its stated ends lie within the other's.
    pub(crate) fn lies_within(&self, other: &Reach) -> bool {
        self.class == other.class && other.wide.0 <= self.stated.0 && self.stated.1 <= other.wide.1
    }
}

/// Dates, or the quantities of one unit, of a key: all ends in their order.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) ends: Vec<Point>,
    /// Whether one of its values is approximate.
    pub(crate) has_approx: bool,
}

/// Gives every quantity and date its place among the ends of its class.
pub(crate) fn rank_reaches(voices: &mut Voices) {
    let mut ends: BTreeMap<ClassKey, Vec<Point>> = BTreeMap::new();
    for entry in &voices.values {
        if let Some((wide, Some(stated))) = reaches(entry) {
            let all = ends.entry(ClassKey::of(&wide.class)).or_default();
            all.extend([wide.low, wide.high, stated.low, stated.high]);
        }
    }
    for all in ends.values_mut() {
        all.sort_unstable();
        all.dedup();
    }
    let places: BTreeMap<&ClassKey, usize> = ends.keys().enumerate().map(|(place, class)| (class, place)).collect();
    let mut has_approx = vec![false; ends.len()];
    for entry in &mut voices.values {
        let Some((wide, Some(stated))) = reaches(entry) else { continue };
        let class = ClassKey::of(&wide.class);
        let (Some(place), Some(all)) = (places.get(&class).copied(), ends.get(&class)) else { continue };
        let rank = |point: Point| all.binary_search(&point).unwrap_or_default();
        let reach = Reach {
            class: place,
            stated: (rank(stated.low), rank(stated.high)),
            wide: (rank(wide.low), rank(wide.high)),
        };
        if matches!(&entry.value, Value::Quantity(quantity) if quantity.is_approx())
            && let Some(has_approx) = has_approx.get_mut(place)
        {
            *has_approx = true;
        }
        entry.reach = Some(reach);
    }
    voices.classes = ends.into_values().zip(has_approx).map(|(ends, has_approx)| Class { ends, has_approx }).collect();
}

/// What is compared with each other, to be looked up by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum ClassKey {
    Date,
    Quantity(Option<Box<str>>),
}

impl ClassKey {
    fn of(class: &ValueClass<'_>) -> ClassKey {
        match class {
            ValueClass::Date => ClassKey::Date,
            ValueClass::Quantity(unit) => ClassKey::Quantity(unit.map(Box::from)),
        }
    }
}

/// From where to where a value reaches: as it is compared, and as it is stated.
fn reaches(entry: &ValueEntry) -> Option<(ValueReach<'_>, Option<ValueReach<'_>>)> {
    Some((ValueReach::of(&entry.value)?, ValueReach::stated(&entry.value)))
}
