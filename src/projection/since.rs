//! Since when a value holds: how far its run goes back before something else is said of the days between.

use super::day::{Group, Voice, Voices};
use crate::date::{Day, Window};

/// The first of some days, in their order, from which on nothing speaks against a value up to the last of them.
pub(super) fn unbroken_from(key: &Voices, group: &Group, days: &[Day]) -> Option<Day> {
    let gaps = Gaps::new(days);
    let is_against = |voice: &&Voice| {
        if voice.is_denial { group.is_hit_by(key, voice.value) } else { !group.agrees(key, voice.value) }
    };
    let by_voices = key.voices.iter().filter(is_against).filter_map(|voice| gaps.last_of_voice(voice));
    let lists =
        key.denials.iter().filter(|list| key.voice(list.voice).is_some_and(|voice| group.is_hit_by(key, voice.value)));
    let by_lists = lists.flat_map(|list| &list.days).filter_map(|days| gaps.last_inside(*days));
    let broken = if days.len() > 1 { by_voices.chain(by_lists).max() } else { None };
    days.get(broken.map_or(0, |gap| gap + 1)).copied()
}

/// The gaps between days, each by the place of the day before it.
struct Gaps<'d> {
    days: &'d [Day],
    /// For each gap the last up to it that has a day inside.
    wide: Vec<Option<usize>>,
}

impl<'d> Gaps<'d> {
    fn new(days: &'d [Day]) -> Self {
        let mut last = None;
        let wide = days.windows(2).enumerate().map(|(place, pair)| {
            if let [from, to] = pair
                && from.plus(1) < *to
            {
                last = Some(place);
            }
            last
        });
        let wide = wide.collect();
        Gaps { days, wide }
    }

    /// The last gap that begins before a day.
    fn last_before(&self, day: Day) -> Option<usize> {
        let before = self.days.partition_point(|own| *own < day);
        before.min(self.wide.len()).checked_sub(1)
    }

    fn ends_by(&self, gap: usize) -> Option<Day> {
        self.days.get(gap + 1).copied()
    }

    /// The last gap that has one of these days inside.
    fn last_inside(&self, of: Window) -> Option<usize> {
        let gap = self.wide.get(self.last_before(of.latest)?).copied()??;
        self.ends_by(gap).is_some_and(|end| of.earliest < end).then_some(gap)
    }

    /// The last gap in which a claim has a bound or surely holds. What ended on the day behind a gap held before that day.
    fn last_of_voice(&self, voice: &Voice) -> Option<usize> {
        let inside = voice.bounds().map(|side| side.window).chain(voice.sure_days());
        let ended = voice.transition_end().and_then(|end| {
            let gap = self.last_before(end.window.latest)?;
            self.ends_by(gap).is_some_and(|day| end.window.earliest <= day).then_some(gap)
        });
        inside.filter_map(|window| self.last_inside(window)).chain(ended).max()
    }
}
