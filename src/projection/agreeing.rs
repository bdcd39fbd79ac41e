//! Which of many values agree with another, without comparing each with each: a hostile ledger may have a million.

use std::hash::Hash;

use foldhash::HashMap;

use super::voice::{ValueId, Voices};
use crate::value::{Class, Point, Reach, Value};

/// Values of a key, each with a weight.
#[derive(Debug)]
pub(super) struct Agreeing<'k, W> {
    key: &'k Voices,
    same: HashMap<ValueId, W>,
    ranges: HashMap<Class<'k>, Overlaps<W>>,
    /// The weight of "some value", which agrees with all but "no value".
    some: Option<W>,
    has_none: bool,
    /// The greatest of all but "no value".
    greatest: Option<W>,
}

impl<'k, W: Copy + Ord> Agreeing<'k, W> {
    /// Of a value that stands twice the greater weight counts.
    pub(super) fn new(key: &'k Voices, members: impl Iterator<Item = (ValueId, W)>) -> Self {
        let mut same: HashMap<ValueId, W> = HashMap::default();
        for (value, weight) in members {
            raise(&mut same, value, weight);
        }
        let mut all = Agreeing { key, same, ranges: HashMap::default(), some: None, has_none: false, greatest: None };
        let mut ranges: HashMap<Class<'k>, Vec<(Reach<'k>, W)>> = HashMap::default();
        for (id, weight) in &all.same {
            match key.value(*id).map(|entry| &entry.value) {
                Some(Value::None) => {
                    all.has_none = true;
                    continue;
                }
                Some(Value::Some) => all.some = Some(*weight),
                Some(value) => {
                    if let Some(reach) = Reach::of(value) {
                        ranges.entry(reach.class).or_default().push((reach, *weight));
                    }
                }
                None => continue,
            }
            all.greatest = all.greatest.max(Some(*weight));
        }
        all.ranges = ranges.into_iter().map(|(class, members)| (class, Overlaps::new(&members))).collect();
        all
    }

    /// The greatest weight of those that agree with a value.
    pub(super) fn greatest(&self, value: ValueId) -> Option<W> {
        let same = self.same.get(&value).copied();
        match self.key.value(value).map(|entry| &entry.value) {
            Some(Value::None) | None => same,
            Some(Value::Some) => self.greatest,
            Some(own) => {
                let reach = Reach::of(own);
                let meets = reach.and_then(|reach| self.ranges.get(&reach.class)?.greatest(&reach));
                same.max(self.some).max(meets)
            }
        }
    }

    /// Whether one of them does not agree with a value.
    pub(super) fn has_other(&self, value: ValueId) -> bool {
        let own = self.key.value(value).map(|entry| &entry.value);
        if let Some(Value::Some) = own {
            return self.has_none;
        }
        let is_none = matches!(own, Some(Value::None));
        let agreeing_some = usize::from(self.some.is_some() && !is_none);
        match own.and_then(Reach::of).and_then(|reach| Some((self.ranges.get(&reach.class)?, reach))) {
            Some((class, reach)) => class.has_other(&reach) || self.same.len() > class.lows.len() + agreeing_some,
            None => self.same.len() > usize::from(self.same.contains_key(&value)) + agreeing_some,
        }
    }
}

fn raise<K: Eq + Hash, W: Ord>(map: &mut HashMap<K, W>, key: K, weight: W) {
    match map.entry(key) {
        std::collections::hash_map::Entry::Occupied(mut known) if *known.get() < weight => {
            known.insert(weight);
        }
        std::collections::hash_map::Entry::Occupied(_) => {}
        std::collections::hash_map::Entry::Vacant(new) => {
            new.insert(weight);
        }
    }
}

/// Ranges of one class. One overlaps another if it covers the other's low end, or its low end lies in the other.
#[derive(Debug)]
struct Overlaps<W> {
    lows: Vec<Point>,
    of_low: Tree<W>,
    ends: Vec<Point>,
    covering: Tree<W>,
    high_min: Point,
}

impl<W: Copy + Ord> Overlaps<W> {
    fn new(members: &[(Reach<'_>, W)]) -> Self {
        let mut by_low: Vec<(Point, W)> = members.iter().map(|(reach, weight)| (reach.low, *weight)).collect();
        by_low.sort_unstable();
        let mut of_low = Tree::new(by_low.len());
        for (place, (_, weight)) in by_low.iter().enumerate() {
            of_low.put(place, *weight);
        }
        let mut ends: Vec<Point> = members.iter().flat_map(|(reach, _)| [reach.low, reach.high]).collect();
        ends.sort_unstable();
        ends.dedup();
        let mut covering = Tree::new(2 * ends.len() + 1);
        for (reach, weight) in members {
            covering.cover(place(&ends, reach.low), place(&ends, reach.high) + 1, *weight);
        }
        let lows = by_low.into_iter().map(|(low, _)| low).collect();
        let high_min = members.iter().map(|(reach, _)| reach.high).min().unwrap_or(Point::Highest);
        Overlaps { lows, of_low, ends, covering, high_min }
    }

    fn greatest(&self, reach: &Reach<'_>) -> Option<W> {
        let up_to = |point: Point| self.lows.partition_point(|low| *low <= point);
        let covering = self.covering.at(place(&self.ends, reach.low));
        covering.max(self.of_low.greatest(up_to(reach.low), up_to(reach.high)))
    }

    fn has_other(&self, reach: &Reach<'_>) -> bool {
        self.high_min < reach.low || self.lows.last().is_some_and(|low| *low > reach.high)
    }
}

/// The place of a point among ends: odd on an end, even between two.
fn place(ends: &[Point], point: Point) -> usize {
    ends.binary_search(&point).map_or_else(|before| 2 * before, |on| 2 * on + 1)
}

/// Weights over places: those of many places raised at once, or the greatest of many asked for, in log n.
#[derive(Debug)]
struct Tree<W> {
    nodes: Vec<Option<W>>,
}

impl<W: Copy + Ord> Tree<W> {
    fn new(places: usize) -> Self {
        Tree { nodes: vec![None; 2 * places] }
    }

    /// The nodes that make up the places from one to before another.
    fn nodes_of(&self, from: usize, to: usize) -> Vec<usize> {
        let places = self.nodes.len() / 2;
        let (mut from, mut to) = (from + places, to + places);
        let mut nodes = Vec::new();
        while from < to {
            if from % 2 == 1 {
                nodes.push(from);
                from += 1;
            }
            if to % 2 == 1 {
                to -= 1;
                nodes.push(to);
            }
            (from, to) = (from / 2, to / 2);
        }
        nodes
    }

    /// The node of a place, and all above it.
    fn up(&self, place: usize) -> impl Iterator<Item = usize> + use<W> {
        std::iter::successors(Some(place + self.nodes.len() / 2), |node| Some(node / 2).filter(|node| *node > 0))
    }

    fn raise(&mut self, node: usize, weight: W) {
        if let Some(known) = self.nodes.get_mut(node) {
            *known = (*known).max(Some(weight));
        }
    }

    /// Gives a place a weight, for [`Tree::greatest`].
    fn put(&mut self, place: usize, weight: W) {
        for node in self.up(place) {
            self.raise(node, weight);
        }
    }

    /// Gives all places of some a weight, for [`Tree::at`].
    fn cover(&mut self, from: usize, to: usize, weight: W) {
        for node in self.nodes_of(from, to) {
            self.raise(node, weight);
        }
    }

    fn at(&self, place: usize) -> Option<W> {
        self.up(place).filter_map(|node| self.nodes.get(node).copied().flatten()).max()
    }

    fn greatest(&self, from: usize, to: usize) -> Option<W> {
        self.nodes_of(from, to).into_iter().filter_map(|node| self.nodes.get(node).copied().flatten()).max()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::voice::ValueEntry;
    use super::*;
    use crate::date::Bound;
    use crate::value::{Identity, Quantity, ValueType};

    fn value() -> impl Strategy<Value = Value<crate::seq::Seq>> {
        let quantity = |text: String| Value::Quantity(Quantity::parse(&text).unwrap());
        let date = |text: String| Value::Date(Bound::parse(&text).unwrap());
        prop_oneof![
            Just(Value::Some),
            Just(Value::None),
            (0..4_u8).prop_map(|word| Value::Text(word.to_string().into())),
            (0..40_i32, 0..6, any::<bool>()).prop_map(move |(low, more, approx)| {
                quantity(format!("{}{low}..{}", if approx { "~" } else { "" }, low + more))
            }),
            (0..20_i32).prop_map(move |low| quantity(format!(">={low} km"))),
            (0..20_i32).prop_map(move |high| quantity(format!("<={high} km"))),
            (1..20_u8, 0..5_u8)
                .prop_map(move |(day, more)| date(format!("[2024-03-{day:02}..2024-03-{:02}]", day + more))),
            Just(Value::Date(Bound::parse("XXXX-03-01").unwrap())),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn it_is_as_if_each_were_compared_with_each(
            values in prop::collection::vec(value(), 1..24),
            members in prop::collection::vec((any::<prop::sample::Index>(), 0..9_u8), 0..12),
        ) {
            let (mut key, mut identities) = (Voices::default(), Vec::new());
            for value in values {
                let identity = Identity::of(&value, ValueType::Text);
                if !identities.contains(&identity) {
                    identities.push(identity);
                    key.values.push(ValueEntry { value, complement: None, is_claimed: true });
                }
            }
            let members: Vec<(ValueId, u8)> =
                members.iter().map(|(place, weight)| (place.index(key.values.len()), *weight)).collect();
            let all = Agreeing::new(&key, members.iter().copied());
            for value in 0..key.values.len() {
                let greatest = members.iter().filter(|(other, _)| key.agree(*other, value)).map(|(_, weight)| *weight).max();
                prop_assert_eq!(all.greatest(value), greatest, "{:?}", key.values[value]);
                let has_other = members.iter().any(|(other, _)| !key.agree(*other, value));
                prop_assert_eq!(all.has_other(value), has_other, "{:?}", key.values[value]);
            }
        }
    }
}
