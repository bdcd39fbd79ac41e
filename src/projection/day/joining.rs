//! Which values are of one side: equal ones, and the largest sets of quantities or dates with a part common to all.

use std::ops::Range;

use super::common::Common;
use super::voices::all::Voices;
use super::voices::ends::Reach;
use super::voices::voice::ValueId;
use crate::date::{Bound, Window};
use crate::seq::Seq;
use crate::value::{Point, Quantity, Value};

/// The sides of some values.
pub(super) struct Joining {
    /// Of each side where its own values stand, and the part that they have in common.
    pub(super) sides: Vec<(Range<usize>, Option<Common>)>,
    /// The values of one side only, side by side.
    pub(super) own: Vec<ValueId>,
    /// Values of several sides, and from which to before which.
    pub(super) shared: Vec<(ValueId, Range<usize>)>,
}

impl Joining {
    /// Those of the values that are present.
    pub(super) fn of(key: &Voices, present: &[ValueId]) -> Joining {
        let mut joining = Joining { sides: Vec::new(), own: Vec::new(), shared: Vec::new() };
        joining.equal(key, present);
        joining.ranges(key, present);
        joining.special(key, present);
        joining
    }

    fn side(&mut self, own: impl IntoIterator<Item = ValueId>, common: Option<Common>) {
        let from = self.own.len();
        self.own.extend(own);
        self.sides.push((from..self.own.len(), common));
    }

    /// Values that are compared by equality alone.
    fn equal(&mut self, key: &Voices, present: &[ValueId]) {
        for value in present {
            if key.reach(*value).is_none() && !key.is_some(*value) && !key.is_none(*value) {
                self.side([*value], None);
            }
        }
    }

    /// Quantities of each unit, and dates.
    fn ranges(&mut self, key: &Voices, present: &[ValueId]) {
        let mut members: Vec<(Reach, ValueId)> =
            present.iter().filter_map(|value| Some((key.reach(*value)?, *value))).collect();
        members.sort_unstable_by_key(|(reach, value)| (reach.class, reach.wide, *value));
        for of_class in members.chunk_by(|a, b| a.0.class == b.0.class) {
            self.class(key, of_class);
        }
    }

    /// One class, by a sweep over its ends: a side stands wherever a beginning is followed by an end.
    fn class(&mut self, key: &Voices, members: &[(Reach, ValueId)]) {
        let class = members.first().map_or(0, |(reach, _)| reach.class);
        let has_approx = key.classes.get(class).is_some_and(|class| class.has_approx);
        let mut ends: Vec<usize> = (0..members.len()).collect();
        ends.sort_unstable_by_key(|place| members.get(*place).map(|(reach, _)| reach.wide.1));
        let first_side = self.sides.len();
        let mut spans: Vec<Range<usize>> = vec![0..0; members.len()];
        let mut commons: Vec<Common> = Vec::new();
        let mut starting = members.iter().enumerate().peekable();
        // The lower end of the newest beginnings, how many they are, and whether a side is due.
        let (mut low, mut beginnings, mut is_due) = (0, Vec::new(), false);
        let high_of = |place: &usize| members.get(*place).map_or(0, |(reach, _)| reach.wide.1);
        for (nth, place) in ends.iter().enumerate() {
            let high = high_of(place);
            while let Some((starts, (reach, value))) = starting.next_if(|(_, (reach, _))| reach.wide.0 <= high) {
                if reach.wide.0 != low || !is_due {
                    beginnings.clear();
                }
                (low, is_due) = (reach.wide.0, true);
                beginnings.push(*value);
                if let Some(span) = spans.get_mut(starts) {
                    span.start = commons.len();
                }
            }
            if is_due {
                let is_lone_end = ends.get(nth + 1).is_none_or(|next| high_of(next) != high);
                let last = members.get(*place).map(|(_, value)| *value).filter(|_| is_lone_end);
                let lone = if let [only] = beginnings.as_slice() { Some(*only) } else { None };
                let holding = [lone, last];
                commons.push(Common { class, part: (low, high), wide: (low, high), holding, has_approx });
                is_due = false;
            }
            if let Some(span) = spans.get_mut(*place) {
                span.end = commons.len();
            }
        }
        let mut own: Vec<Vec<ValueId>> = vec![Vec::new(); commons.len()];
        for ((_, value), span) in members.iter().zip(spans) {
            match own.get_mut(span.start).filter(|_| span.len() == 1) {
                Some(own) => own.push(*value),
                None => self.shared.push((*value, first_side + span.start..first_side + span.end)),
            }
        }
        for (own, common) in own.into_iter().zip(commons) {
            self.side(own, Some(common));
        }
    }

    /// `SomeValue` joins all others but `NoValue`.
    fn special(&mut self, key: &Voices, present: &[ValueId]) {
        if let Some(some) = present.iter().copied().find(|value| key.is_some(*value)) {
            if self.sides.is_empty() {
                self.side([some], None);
            } else {
                self.join(some);
            }
        }
        if let Some(none) = present.iter().copied().find(|value| key.is_none(*value)) {
            self.side([none], None);
        }
    }

    /// Makes a value belong to all sides.
    fn join(&mut self, value: ValueId) {
        match self.sides.as_mut_slice() {
            // The only side stands last.
            [(own, _)] => {
                self.own.push(value);
                own.end = self.own.len();
            }
            _ => self.shared.push((value, 0..self.sides.len())),
        }
    }
}

/// The part of several ranges or dates as a value of its own.
pub(super) fn built(key: &Voices, common: Common, of: Option<ValueId>, is_approx: bool) -> Option<Value<Seq>> {
    let ends = &key.classes.get(common.class)?.ends;
    let (low, high) = (ends.get(common.part.0)?, ends.get(common.part.1)?);
    if let (Point::Day(earliest), Point::Day(latest)) = (low, high) {
        let window = Window { earliest: *earliest, latest: *latest };
        return Bound::parse(&window.to_string()).ok().map(Value::Date);
    }
    let amount = |point: &Point| if let Point::Amount(amount) = point { Some(*amount) } else { None };
    let Value::Quantity(quantity) = &key.value(of?)?.value else { return None };
    let unit = quantity.unit().map(Box::from);
    Quantity::new(amount(low), amount(high), unit, is_approx).ok().map(Value::Quantity)
}
