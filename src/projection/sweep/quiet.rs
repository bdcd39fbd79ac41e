//! How a voice lies to days on which nothing begins to be otherwise about it.

use crate::date::{Day, Window};
use crate::projection::day::{BoundKind, SURELY_BACK_DAYS, Side, Time, Voice, Voices};

/// Days in a row, both ends included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days {
    pub(super) first: Day,
    pub(super) last: Day,
}

/// Where a bound lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Before,
    Around,
    Behind,
}

impl Days {
    /// Where a window without a turning day among these days lies.
    pub(super) fn place(self, window: Window) -> Place {
        if window.latest < self.first {
            Place::Before
        } else if window.earliest > self.last {
            Place::Behind
        } else {
            Place::Around
        }
    }
}

/// Days on which something becomes otherwise about a voice: what it says of the day, or how it lies to the day. `is_vague`:
/// whether a bound of the key is no single day, and so may lie between the day and a bound of this voice or not.
pub(in crate::projection) fn turns(key: &Voices, voice: &Voice, is_vague: bool, days: &mut Vec<Day>) {
    let is_carried_back = matches!(voice.time, Time::Until(_)) || key.complement(voice.value).is_some();
    for window in voice.bounds().map(|side| side.window) {
        days.extend([window.earliest, window.latest.plus(1)]);
        if is_vague {
            days.extend([window.earliest.plus(-1), window.latest.plus(2)]);
        }
        if !window.is_exact() {
            days.extend([window.earliest.plus(1), window.latest]);
        }
        if let Some(stale) = key.stale_after_days {
            days.extend([window.latest.plus(stale + 1), window.earliest.plus(stale + 1)]);
        }
        if is_carried_back {
            days.push(window.earliest.plus(-key.stale_after_days.unwrap_or(SURELY_BACK_DAYS)));
        }
    }
    days.retain(|day| day.is_bounded());
}

/// Whether a bound of the key is no single day.
pub(in crate::projection) fn is_vague(key: &Voices) -> bool {
    key.voices.iter().flat_map(Voice::bounds).any(|side| !side.window.is_exact())
}

/// What voices that are alike for the fold on all of some days have in common: the value above, then what they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind(u64);

/// How many bits tell of one bound, and of what is none.
const BOUND_BITS: u32 = 10;
const OTHER_BITS: u32 = 10;

impl Kind {
    /// Of a voice without a turning day among these days.
    pub(super) fn of(key: &Voices, voice: &Voice, days: Days) -> Kind {
        let bound = |side: Side| {
            let place = days.place(side.window) as u64;
            let kind = match side.kind {
                BoundKind::On => 0,
                BoundKind::AsOf => 1,
                BoundKind::Transition => 2,
                BoundKind::Observed => 3,
            };
            let traits =
                bits([side.is_sure, side.window.is_exact()].into_iter().chain(limits(key, side.window, days.first)));
            1 | place << 1 | kind << 3 | traits << 5
        };
        let time = match voice.time {
            Time::Always => 0,
            Time::Undated => 1,
            Time::Day(_) => 2,
            Time::Open(_) => 3,
            Time::Until(_) => 4,
            Time::Closed(..) => 5,
        };
        let said = [
            voice.is_denial,
            voice.is_gap,
            voice.is_disputed,
            voice.is_rated_true,
            voice.is_rated_false,
            voice.is_waiting,
            voice.is_weak(),
        ];
        let bounds = voice.start().map_or(0, bound) << BOUND_BITS | voice.end().map_or(0, bound);
        Kind(
            (voice.value as u64) << (2 * BOUND_BITS + OTHER_BITS)
                | bounds << OTHER_BITS
                | time << 7
                | bits(said.into_iter()),
        )
    }
}

/// Whether a bound is too far from a day to be carried to it, forwards from its ends or back.
fn limits(key: &Voices, window: Window, day: Day) -> [bool; 3] {
    let stale = key.stale_after_days;
    let is_stale = |since: Day| stale.is_some_and(|stale| day.days_since(since) > stale);
    let is_far = window.earliest.days_since(day) > stale.unwrap_or(SURELY_BACK_DAYS);
    [is_stale(window.earliest), is_stale(window.latest), is_far]
}

fn bits(all: impl Iterator<Item = bool>) -> u64 {
    all.fold(0, |bits, bit| bits << 1 | u64::from(bit))
}
