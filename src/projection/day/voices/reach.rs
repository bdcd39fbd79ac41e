//! Quantities and dates by their places among all ends of their class in the key, so that they are compared as numbers.

use std::collections::BTreeMap;

use super::all::{ValueEntry, Voices};
use super::ends::{Class, Reach};
use crate::value::{Class as ValueClass, Point, Reach as ValueReach, Value};

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
