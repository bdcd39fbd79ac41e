//! Whether one of many values disagrees with another, without comparing each with each: a hostile ledger may have a million.

use foldhash::{HashMap, HashSet};

use super::all::Voices;
use super::voice::ValueId;

/// Values of a key.
#[derive(Debug)]
pub(in crate::projection::day) struct Agreeing<'k> {
    key: &'k Voices,
    same: HashSet<ValueId>,
    ranges: HashMap<usize, Range>,
    has_some: bool,
    has_none: bool,
}

/// The values of one class.
#[derive(Debug)]
struct Range {
    count: usize,
    low_max: usize,
    high_min: usize,
}

impl<'k> Agreeing<'k> {
    pub(in crate::projection::day) fn new(key: &'k Voices, members: impl Iterator<Item = ValueId>) -> Self {
        let same: HashSet<ValueId> = members.collect();
        let mut all = Agreeing { key, same, ranges: HashMap::default(), has_some: false, has_none: false };
        for value in &all.same {
            all.has_some |= key.is_some(*value);
            all.has_none |= key.is_none(*value);
            if let Some(reach) = key.reach(*value) {
                let new = || Range { count: 0, low_max: 0, high_min: usize::MAX };
                let range = all.ranges.entry(reach.class).or_insert_with(new);
                range.count += 1;
                range.low_max = range.low_max.max(reach.wide.0);
                range.high_min = range.high_min.min(reach.wide.1);
            }
        }
        all
    }

    /// Whether one of them does not agree with a value.
    pub(in crate::projection::day) fn has_other(&self, value: ValueId) -> bool {
        let others = self.same.len() - usize::from(self.same.contains(&value));
        if self.key.is_multi || self.key.is_none(value) {
            return others > 0;
        }
        if self.key.is_some(value) {
            return self.has_none;
        }
        let agreeing_some = usize::from(self.has_some);
        match self.key.reach(value).and_then(|reach| Some((self.ranges.get(&reach.class)?, reach))) {
            Some((class, reach)) => {
                class.high_min < reach.wide.0
                    || class.low_max > reach.wide.1
                    || self.same.len() > class.count + agreeing_some
            }
            None => others > agreeing_some,
        }
    }
}
