//! Which of the claims that speak of one day came before others: by their clocks, or by the times at which one root told
//! them.

use foldhash::HashMap;

use super::voices::all::Voices;
use super::voices::voice::{BoundKind, Root, ValueId, Voice};
use crate::date::{Day, Minutes};

/// A voice with the clock beside its bound in question.
pub(super) type Placed<'v> = (&'v Voice, Option<Minutes>);

/// The order of no more voices than these is carried through by way of others.
pub(super) const CARRIED_THROUGH_MAX: usize = 128;

/// The order of some voices of a key on a day.
pub(super) struct DayOrder<'k> {
    key: &'k Voices,
    day: Day,
    /// Of every root the times at which it told a value by day claims without clocks.
    told: HashMap<Root, HashMap<ValueId, Vec<Minutes>>>,
    /// The roots that told a value so.
    telling: HashMap<ValueId, Vec<Root>>,
}

impl<'k> DayOrder<'k> {
    pub(super) fn new(key: &'k Voices, day: Day, voices: impl Iterator<Item = &'k Voice>) -> Self {
        let mut order = DayOrder { key, day, told: HashMap::default(), telling: HashMap::default() };
        for voice in voices {
            if let Some(time) = order.time_of(voice) {
                let times = order.told.entry(voice.root).or_default().entry(voice.value).or_default();
                if times.is_empty() {
                    order.telling.entry(voice.value).or_default().push(voice.root);
                }
                times.push(time);
            }
        }
        order
    }

    /// When a day claim without a clock was said, if that is a time of this very day.
    fn time_of(&self, voice: &Voice) -> Option<Minutes> {
        if !voice.is_day_claim() || voice.has_clock() {
            return None;
        }
        voice.said.filter(|said| said.day == self.day)?.clock()
    }

    fn is_exact_day_claim(&self, voice: &Voice) -> bool {
        voice.is_day_claim() && !voice.has_clock() && voice.start().is_some_and(|side| side.is_exactly(self.day))
    }

    /// Whether anything orders this voice among others.
    pub(super) fn is_placed(&self, voice: &Voice, clock: Option<Minutes>) -> bool {
        clock.is_some()
            || self.time_of(voice).is_some()
            || self.is_exact_day_claim(voice) && self.telling.contains_key(&voice.value)
    }

    /// Whether the first came before the second. The clocks are those beside the bounds in question.
    pub(super) fn is_before(&self, first: Placed<'_>, second: Placed<'_>) -> bool {
        if let (Some(own), Some(other)) = (first.1, second.1) {
            return own.is_before(other);
        }
        if let (Some(own), Some(other)) = (self.time_of(first.0), self.time_of(second.0))
            && first.0.root == second.0.root
        {
            return own.is_before(other);
        }
        self.is_exact_day_claim(first.0)
            && self.is_exact_day_claim(second.0)
            && self.is_told_before(first.0.value, second.0.value)
    }

    /// Whether one root told one value before the other, and none the other way round.
    fn is_told_before(&self, first: ValueId, second: ValueId) -> bool {
        let told_before = |a: ValueId, b: ValueId| {
            self.telling.get(&a).into_iter().flatten().any(|root| {
                let times = |value| self.told.get(root).and_then(|told| told.get(&value));
                times(a).zip(times(b)).is_some_and(|(a, b)| {
                    let last = Minutes::latest(b);
                    a.iter().any(|own| last.iter().any(|other| own.is_before(*other)))
                })
            })
        };
        !self.key.agree(first, second) && told_before(first, second) && !told_before(second, first)
    }

    /// The order of a few voices carried through: whether each came before each other, by way of a third too. Where clocks
    /// with and without offsets go round in a circle, none came before the other.
    pub(super) fn carried_through(&self, all: &[Placed<'_>]) -> Vec<Vec<bool>> {
        let direct = |a: &Placed<'_>| all.iter().map(|b| self.is_before(*a, *b)).collect::<Vec<bool>>();
        let mut reach: Vec<Vec<bool>> = all.iter().map(direct).collect();
        for by in 0..all.len() {
            let behind = reach.get(by).cloned().unwrap_or_default();
            for row in reach.iter_mut().filter(|row| row.get(by) == Some(&true)) {
                row.iter_mut().zip(&behind).for_each(|(own, behind)| *own |= behind);
            }
        }
        let back = |a: usize, b: usize| reach.get(b).and_then(|row| row.get(a)) == Some(&true);
        let rows = reach.iter().enumerate();
        rows.map(|(a, row)| row.iter().enumerate().map(|(b, is)| *is && !back(a, b)).collect()).collect()
    }

    /// Which of some voices, with the clocks beside the bounds in question, came before one of the others.
    pub(super) fn gone_by(&self, all: &[Placed<'_>]) -> Vec<bool> {
        let has =
            |offset: bool| all.iter().any(|(_, clock)| clock.is_some_and(|clock| clock.offset.is_some() == offset));
        if has(true) && has(false) && all.len() <= CARRIED_THROUGH_MAX {
            return self.carried_through(all).iter().map(|row| row.contains(&true)).collect();
        }
        let clocks: Vec<Minutes> = all.iter().filter_map(|(_, clock)| *clock).collect();
        let last_clocks = Minutes::latest(&clocks);
        let mut last_told: HashMap<Root, Vec<Minutes>> = HashMap::default();
        for (voice, clock) in all {
            if let Some(time) = self.time_of(voice).filter(|_| clock.is_none()) {
                last_told.entry(voice.root).or_default().push(time);
            }
        }
        for times in last_told.values_mut() {
            *times = Minutes::latest(times);
        }
        let exact: Vec<ValueId> = {
            let exact = all.iter().filter(|(voice, _)| self.is_exact_day_claim(voice)).map(|(voice, _)| voice.value);
            let mut exact: Vec<ValueId> = exact.filter(|value| self.telling.contains_key(value)).collect();
            exact.sort_unstable();
            exact.dedup();
            exact
        };
        let is_before = |own: Minutes, others: &[Minutes]| others.iter().any(|other| own.is_before(*other));
        let mut told_before: HashMap<ValueId, bool> = HashMap::default();
        let gone = all.iter().map(|(voice, clock)| {
            if let Some(clock) = clock {
                return is_before(*clock, &last_clocks);
            }
            let by_own_root = self.time_of(voice).zip(last_told.get(&voice.root));
            by_own_root.is_some_and(|(time, others)| is_before(time, others))
                || self.is_exact_day_claim(voice)
                    && *told_before
                        .entry(voice.value)
                        .or_insert_with(|| exact.iter().any(|other| self.is_told_before(voice.value, *other)))
        });
        gone.collect()
    }
}

/// The clock beside the bound from which a value is carried since this day.
pub(super) fn clock_of_carry(voice: &Voice, since: Day) -> Option<Minutes> {
    let side = match (voice.start(), voice.end()) {
        (Some(start), None) => start,
        (Some(start), Some(_)) if matches!(start.kind, BoundKind::On | BoundKind::AsOf) => start,
        (_, end) => end?,
    };
    side.clock.filter(|_| side.is_exactly(since))
}
