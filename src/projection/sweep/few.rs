//! Which of the voices that are quiet over some days stand for all of them.
//!
//! Voices are alike that say the same of a value on all of these days and whose bounds lie on the same sides of them. The fold
//! asks of such voices whether there is one, which is the nearest to the day, and which claim is the first: so the ends of each
//! of these orders are enough. What hangs on who else says so (a stretch that is told differently, an end that another root
//! tells) is looked for by root.

use std::cmp::Reverse;

use foldhash::HashSet;

use super::quiet::{Days, Kind, Place};
use crate::date::{Day, Window};
use crate::projection::day::{Beside, BoundKind, Root, Side, Time, ValueId, Voice, Voices, has_y};
use crate::source::Reliability;

/// No more voices than these of one kind are looked at closer.
const ALIKE_FEW: usize = 2;

/// Chooses among the voices of a key.
pub(super) struct Few<'s> {
    part: &'s Voices,
}

/// A voice with its place in the key.
type Placed<'s> = (usize, &'s Voice);

impl<'s> Few<'s> {
    pub(super) fn new(part: &'s Voices) -> Few<'s> {
        Few { part }
    }

    /// Those of some quiet voices on which answers for these days can hang, beside others that are not quiet.
    pub(super) fn of(&self, beside: &Beside, quiet: &[usize], moving: &[usize], days: Days) -> Vec<usize> {
        let placed = |place: &usize| Some((*place, self.part.voice(*place)?));
        let mut kinds: Vec<(Kind, Placed<'s>)> = quiet
            .iter()
            .filter_map(placed)
            .map(|(place, voice)| (Kind::of(self.part, voice, days), (place, voice)))
            .collect();
        kinds.sort_unstable_by_key(|(kind, (place, _))| (*kind, *place));
        let mut kept = Vec::new();
        for alike in kinds.chunk_by(|a, b| a.0 == b.0) {
            let alike: Vec<Placed<'s>> = alike.iter().map(|(_, placed)| *placed).collect();
            if alike.len() <= ALIKE_FEW {
                kept.extend(alike.iter().map(|(place, _)| *place));
            } else {
                self.ends(&alike, days, &mut kept);
            }
        }
        if !self.part.is_fixed {
            let quiet: Vec<Placed<'s>> = kinds.into_iter().map(|(_, placed)| placed).collect();
            let moving: Vec<&Voice> = moving.iter().filter_map(|place| self.part.voice(*place)).collect();
            self.told_otherwise(beside, &quiet, &moving, days, &mut kept);
            ended_earlier(beside, &quiet, &moving, days, &mut kept);
        }
        kept.sort_unstable();
        kept.dedup();
        kept
    }

    /// Of voices that are alike those at the ends of what they can be put in order by.
    fn ends(&self, alike: &[Placed<'s>], days: Days, kept: &mut Vec<usize>) {
        let Some((_, voice)) = alike.first() else { return };
        let place_of = |side: Option<Side>| side.map(|side| days.place(side.window));
        let (start, end) = (place_of(voice.start()), place_of(voice.end()));
        let holds = has_y(self.part, voice, days.first);
        let has_no_end = start.is_none() && end.is_none();
        // What is carried is kept whole, of the newest days.
        if holds || has_no_end || self.part.is_fixed || [start, end].contains(&Some(Place::Around)) {
            kept.extend(most(alike, |voice| Reverse(voice.claim)));
            kept.extend(most(alike, |voice| voice.claim));
        }
        if holds {
            kept.extend(most(alike, |voice| Reverse(voice.said_at)));
            kept.extend(most(alike, |voice| Reverse(voice.grade.unwrap_or(Reliability::F))));
            kept.extend(most(alike, |voice| Reverse(voice.start().map(|side| side.window.latest))));
            kept.extend(most(alike, |voice| voice.end().map(|side| side.window.earliest)));
        }
        for (place, of) in [(start, Voice::start as fn(&Voice) -> Option<Side>), (end, Voice::end)] {
            match place {
                Some(Place::Before) => kept.extend(most(alike, |voice| of(voice).map(|side| side.window.latest))),
                Some(Place::Behind) => {
                    kept.extend(most(alike, |voice| Reverse(of(voice).map(|side| side.window.earliest))));
                }
                Some(Place::Around) | None => {}
            }
        }
        if let Some(since) = self.since(voice, days) {
            newest(alike, since, kept);
        }
        self.carried_back(alike, voice, kept);
    }

    /// By which day such a voice is carried, or ends what is carried.
    fn since(&self, voice: &Voice, days: Days) -> Option<fn(&Voice) -> Option<Day>> {
        let start: fn(&Voice) -> Option<Day> = |voice| voice.start().map(|side| side.window.latest);
        let end: fn(&Voice) -> Option<Day> = |voice| voice.end().map(|side| side.window.latest);
        let within: fn(&Voice) -> Option<Day> = |voice| voice.end().map(|side| side.window.earliest);
        if self.part.is_fixed {
            return None;
        }
        match voice.time {
            Time::Day(side) | Time::Open(side) => (days.place(side.window) == Place::Before).then_some(start),
            Time::Until(side) | Time::Closed(_, side) => match days.place(side.window) {
                // An end alone: the last is enough.
                Place::Before if side.kind == BoundKind::Transition && self.part.complement(voice.value).is_none() => {
                    None
                }
                Place::Before => Some(end),
                Place::Around if side.kind == BoundKind::Observed => Some(within),
                Place::Around | Place::Behind => None,
            },
            Time::Always | Time::Undated => None,
        }
    }

    /// Those that are carried back from the nearest day.
    fn carried_back(&self, alike: &[Placed<'s>], voice: &Voice, kept: &mut Vec<usize>) {
        let earliest: fn(&Voice) -> Option<Day> = match voice.time {
            Time::Until(_) => |voice| voice.end().map(|side| side.window.earliest),
            _ if self.part.complement(voice.value).is_some() => |voice| voice.start().map(|side| side.window.earliest),
            _ => return,
        };
        let nearest = alike.iter().filter_map(|(_, voice)| earliest(voice)).min();
        kept.extend(alike.iter().filter(|(_, voice)| earliest(voice) == nearest).map(|(place, _)| *place));
    }

    /// The nearest starts behind the days and ends before them that nobody tells by whom their value holds: they can speak
    /// against a period in force.
    fn told_otherwise(
        &self,
        beside: &Beside,
        quiet: &[Placed<'s>],
        moving: &[&Voice],
        days: Days,
        kept: &mut Vec<usize>,
    ) {
        let mut who: Vec<(ValueId, Root)> = moving.iter().map(|voice| (voice.value, voice.root)).collect();
        who.sort_unstable();
        let mut edges: Vec<(ValueId, bool, bool, i64, usize, Window)> = Vec::new();
        let is_shared = |value: ValueId| self.part.value(value).is_some_and(|entry| entry.has_several_roots);
        for (place, voice) in quiet.iter().filter(|(_, voice)| !voice.is_denial && is_shared(voice.value)) {
            let start = voice.transition_start().filter(|side| days.place(side.window) == Place::Behind);
            let end = voice.transition_end().filter(|side| days.place(side.window) == Place::Before);
            let start = start.map(|side| (true, side.window.earliest.days_since(days.last), side));
            let end = end.map(|side| (false, days.first.days_since(side.window.latest), side));
            for (is_start, far, side) in start.into_iter().chain(end).filter(|(.., side)| side.is_sure) {
                edges.push((voice.value, voice.is_trusted(), is_start, far, *place, side.window));
            }
        }
        edges.sort_unstable_by_key(|(value, is_trusted, is_start, far, place, _)| {
            (*value, *is_trusted, *is_start, *far, *place)
        });
        for edges in edges.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)) {
            let mut seen: HashSet<Vec<Root>> = HashSet::default();
            for (value, _, is_start, _, place, window) in edges {
                let tellers = beside.tellers(*value, *window, *is_start);
                if tellers.iter().any(|root| beside.holds_by(*value, *root)) {
                    continue;
                }
                let tellers = tellers.iter().filter(|root| who.binary_search(&(*value, **root)).is_ok());
                let tellers: Vec<Root> = tellers.copied().collect();
                let is_told_by_none = tellers.is_empty();
                if seen.insert(tellers) {
                    kept.push(*place);
                }
                if is_told_by_none {
                    break;
                }
            }
        }
    }
}

/// The last ends before the days that are told by roots by which nothing holds.
fn ended_earlier(beside: &Beside, quiet: &[Placed<'_>], moving: &[&Voice], days: Days, kept: &mut Vec<usize>) {
    let mut who: Vec<Root> = moving.iter().map(|voice| voice.root).collect();
    who.sort_unstable();
    let is_before = |side: &Side| days.place(side.window) == Place::Before;
    let ended = quiet.iter().filter(|(_, voice)| !voice.is_denial).filter_map(|(place, voice)| {
        let end = voice.transition_end().filter(is_before)?;
        Some((voice.value, Reverse(end.window.latest), *place, voice.root))
    });
    let mut ends: Vec<_> = ended.collect();
    ends.sort_unstable();
    for ends in ends.chunk_by(|a, b| a.0 == b.0) {
        let mut seen: HashSet<Root> = HashSet::default();
        for (_, _, place, root) in ends {
            let is_holder = beside.is_holder(*root);
            if is_holder && beside.is_support_counted || !seen.insert(*root) {
                continue;
            }
            kept.push(*place);
            if !is_holder && who.binary_search(root).is_err() {
                break;
            }
        }
    }
}

/// The place of the voice that is last in an order.
fn most<T: Ord>(alike: &[Placed<'_>], by: impl Fn(&Voice) -> T) -> Option<usize> {
    alike.iter().max_by_key(|(_, voice)| by(voice)).map(|(place, _)| *place)
}

/// The voices of the two newest days. Of those of one day a clock can set some aside, and a verdict all.
fn newest(alike: &[Placed<'_>], since: impl Fn(&Voice) -> Option<Day>, kept: &mut Vec<usize>) {
    let newest = alike.iter().filter_map(|(_, voice)| since(voice)).max();
    let older = alike.iter().filter_map(|(_, voice)| since(voice)).filter(|day| Some(*day) != newest).max();
    let is_new = |voice: &Voice| since(voice).is_some_and(|day| Some(day) == newest || Some(day) == older);
    kept.extend(alike.iter().filter(|(_, voice)| is_new(voice)).map(|(place, _)| *place));
}
