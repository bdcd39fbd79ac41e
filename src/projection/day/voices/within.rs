//! Which values lie within others, without comparing each with each: what is said against "at least five" is said against
//! six, what is said against some value is said against all but "no value".

use foldhash::{HashMap, HashSet};

use super::all::Voices;
use super::ends::Reach;
use super::voice::ValueId;

/// Values against which something is said.
#[derive(Debug)]
pub(in crate::projection::day) struct Within<'k> {
    key: &'k Voices,
    same: HashSet<ValueId>,
    has_some: bool,
    /// Of each class the lower ends with which they are compared, in order, and for each the highest upper end up to there.
    spans: HashMap<usize, Vec<(usize, usize)>>,
}

impl<'k> Within<'k> {
    pub(in crate::projection::day) fn new(key: &'k Voices, values: impl Iterator<Item = ValueId>) -> Self {
        let same: HashSet<ValueId> = values.collect();
        let mut spans: HashMap<usize, Vec<(usize, usize)>> = HashMap::default();
        if !key.is_multi {
            for reach in same.iter().filter_map(|value| key.reach(*value)) {
                spans.entry(reach.class).or_default().push(reach.wide);
            }
        }
        for spans in spans.values_mut() {
            spans.sort_unstable();
            let mut highest = 0;
            for (_, high) in spans {
                highest = highest.max(*high);
                *high = highest;
            }
        }
        let has_some = !key.is_multi && same.iter().any(|value| key.is_some(*value));
        Within { key, same, has_some, spans }
    }

    /// Whether a value is one of them, or lies within one.
    pub(in crate::projection::day) fn covers(&self, value: ValueId) -> bool {
        self.same.contains(&value)
            || self.has_some && !self.key.is_none(value)
            || self.key.reach(value).is_some_and(|reach| self.covers_reach(&reach))
    }

    fn covers_reach(&self, reach: &Reach) -> bool {
        let Some(spans) = self.spans.get(&reach.class) else { return false };
        let starting = spans.partition_point(|(low, _)| *low <= reach.stated.0);
        let reaching = starting.checked_sub(1).and_then(|place| spans.get(place));
        reaching.is_some_and(|(_, highest)| *highest >= reach.stated.1)
    }
}

/// Values of which one may lie within another that is asked for.
#[derive(Debug)]
pub(in crate::projection::day) struct Holding<'k> {
    key: &'k Voices,
    same: HashSet<ValueId>,
    has_any: bool,
    /// Of each class the stated lower ends in order, and for each the lowest upper end from there on.
    spans: HashMap<usize, Vec<(usize, usize)>>,
}

impl<'k> Holding<'k> {
    pub(in crate::projection::day) fn new(key: &'k Voices, values: impl Iterator<Item = ValueId>) -> Self {
        let same: HashSet<ValueId> = values.collect();
        let mut spans: HashMap<usize, Vec<(usize, usize)>> = HashMap::default();
        if !key.is_multi {
            for reach in same.iter().filter_map(|value| key.reach(*value)) {
                spans.entry(reach.class).or_default().push(reach.stated);
            }
        }
        for spans in spans.values_mut() {
            spans.sort_unstable();
            let mut lowest = usize::MAX;
            for (_, high) in spans.iter_mut().rev() {
                lowest = lowest.min(*high);
                *high = lowest;
            }
        }
        let has_any = !key.is_multi && same.iter().any(|value| !key.is_none(*value));
        Holding { key, same, has_any, spans }
    }

    /// Whether one of them is this value, or lies within it.
    pub(in crate::projection::day) fn is_hit_by(&self, value: ValueId) -> bool {
        self.same.contains(&value)
            || self.key.is_some(value) && self.has_any
            || self.key.reach(value).is_some_and(|reach| {
                let Some(spans) = self.spans.get(&reach.class) else { return false };
                let above = spans.partition_point(|(low, _)| *low < reach.wide.0);
                spans.get(above).is_some_and(|(_, lowest)| *lowest <= reach.wide.1)
            })
    }
}

/// Values against which something is said, to which more are added one by one.
#[derive(Debug)]
pub(in crate::projection::day) struct Growing<'k> {
    key: &'k Voices,
    same: HashSet<ValueId>,
    has_some: bool,
    /// Of each class, for every lower end the highest upper end: a Fenwick tree of maxima.
    spans: HashMap<usize, Vec<usize>>,
}

impl<'k> Growing<'k> {
    pub(in crate::projection::day) fn new(key: &'k Voices) -> Self {
        Growing { key, same: HashSet::default(), has_some: false, spans: HashMap::default() }
    }

    pub(in crate::projection::day) fn add(&mut self, value: ValueId) {
        if !self.same.insert(value) || self.key.is_multi {
            return;
        }
        self.has_some |= self.key.is_some(value);
        if let Some(reach) = self.key.reach(value)
            && let Some(class) = self.key.classes.get(reach.class)
        {
            let tree = self.spans.entry(reach.class).or_insert_with(|| vec![0; class.ends.len() + 1]);
            let mut place = reach.wide.0 + 1;
            while let Some(highest) = tree.get_mut(place) {
                *highest = (*highest).max(reach.wide.1 + 1);
                place += place & place.wrapping_neg();
            }
        }
    }

    /// Whether a value is one of them, or lies within one.
    pub(in crate::projection::day) fn covers(&self, value: ValueId) -> bool {
        if self.same.contains(&value) || self.has_some && !self.key.is_none(value) {
            return true;
        }
        let Some(reach) = self.key.reach(value) else { return false };
        let Some(tree) = self.spans.get(&reach.class) else { return false };
        let (mut place, mut highest) = (reach.stated.0 + 1, 0);
        while place > 0 {
            highest = highest.max(tree.get(place).copied().unwrap_or_default());
            place -= place & place.wrapping_neg();
        }
        highest > reach.stated.1
    }
}
