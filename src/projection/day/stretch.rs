//! N, first kind: two origins tell one stretch of a value differently.

use foldhash::{HashMap, HashSet};

use super::said::{Mark, Says, holds};
use super::voices::all::Voices;
use super::voices::voice::{Root, Side, Time, ValueId};
use crate::date::{Day, Window};

/// Adds the marks of the claims that a closed period of another root, in force on the day, speaks against. Only equal values
/// are compared.
pub(super) fn stretches(key: &Voices, day: Day, marks: &mut Vec<Mark>) {
    let periods = Periods::on(key, day);
    if periods.of_value.is_empty() {
        return;
    }
    let mut knowing: Option<Knowing> = None;
    let mut told = Vec::new();
    for (place, voice) in key.voices.iter().enumerate().filter(|(_, voice)| !voice.is_denial) {
        let Some(of_value) = periods.of_value.get(&voice.value) else { continue };
        let start = voice.transition_start().filter(|start| {
            let lasts = || of_value.lasting.by_another(voice.root).is_some_and(|until| start.window.earliest < until);
            start.is_sure && day < start.window.earliest && lasts()
        });
        let end = voice.transition_end().filter(|end| {
            let since = || of_value.since.by_another(voice.root);
            end.is_sure && end.window.latest < day && since().is_some_and(|since| since.0 < end.window.latest)
        });
        let is_unknown = |edge: Side, is_start, knowing: &mut Option<Knowing>| {
            if key.beside.is_asked {
                let mut tellers = key.beside.tellers(voice.value, edge.window, is_start).iter();
                return !tellers.any(|root| key.beside.holds_by(voice.value, *root));
            }
            let knowing = knowing.get_or_insert_with(|| Knowing::on(key, day));
            !knowing.knows(voice.value, edge.window, is_start)
        };
        if start.is_some_and(|start| is_unknown(start, true, &mut knowing))
            || end.is_some_and(|end| is_unknown(end, false, &mut knowing))
        {
            told.push(Mark { voice: place, value: voice.value, says: Says::HoldsNot { is_denial: false } });
        }
    }
    marks.extend(told);
}

/// The greatest of some things, and the greatest by another root than that one.
#[derive(Clone, Copy, Debug)]
struct Greatest<T> {
    first: Option<(T, Root)>,
    second: Option<(T, Root)>,
}

impl<T: Copy + Ord> Greatest<T> {
    const NONE: Greatest<T> = Greatest { first: None, second: None };

    fn add(&mut self, thing: T, root: Root) {
        let new = Some((thing, root));
        match self.first {
            Some((first, by)) if first >= thing => {
                if by != root && self.second.is_none_or(|(second, _)| second < thing) {
                    self.second = new;
                }
            }
            Some((_, by)) => {
                if by != root {
                    self.second = self.first;
                }
                self.first = new;
            }
            None => self.first = new,
        }
    }

    fn by_another(&self, root: Root) -> Option<T> {
        let other = self.first.filter(|(_, by)| *by != root).or(self.second);
        other.map(|(thing, _)| thing)
    }
}

/// Of every value that several roots tell: until when the periods in force surely last, and since when.
struct Periods {
    of_value: HashMap<ValueId, OfValue>,
}

struct OfValue {
    lasting: Greatest<Day>,
    since: Greatest<std::cmp::Reverse<Day>>,
}

impl Periods {
    fn on(key: &Voices, day: Day) -> Periods {
        let mut of_value: HashMap<ValueId, OfValue> = HashMap::default();
        for voice in key.voices.iter().filter(|voice| !voice.is_denial && !voice.is_gap) {
            let Time::Closed(start, end) = voice.time else { continue };
            let is_shared = key.value(voice.value).is_some_and(|entry| entry.has_several_roots);
            if is_shared && holds(&voice.time, day) {
                let new = || OfValue { lasting: Greatest::NONE, since: Greatest::NONE };
                let of_value = of_value.entry(voice.value).or_insert_with(new);
                of_value.lasting.add(end.window.earliest, voice.root);
                of_value.since.add(std::cmp::Reverse(start.window.latest), voice.root);
            }
        }
        Periods { of_value }
    }
}

/// Which edges are told by a root that also says that their value holds on the day.
struct Knowing {
    edges: HashSet<(ValueId, Window, bool)>,
}

impl Knowing {
    fn on(key: &Voices, day: Day) -> Knowing {
        let affirming = || key.voices.iter().filter(|voice| !voice.is_denial);
        let holding: HashSet<(ValueId, Root)> =
            affirming().filter(|voice| holds(&voice.time, day)).map(|voice| (voice.value, voice.root)).collect();
        let mut edges = HashSet::default();
        for voice in affirming().filter(|voice| holding.contains(&(voice.value, voice.root))) {
            let sure = |side: Option<Side>| side.filter(|side| side.is_sure);
            edges.extend(sure(voice.transition_start()).map(|start| (voice.value, start.window, true)));
            edges.extend(sure(voice.transition_end()).map(|end| (voice.value, end.window, false)));
        }
        Knowing { edges }
    }

    fn knows(&self, value: ValueId, edge: Window, is_start: bool) -> bool {
        self.edges.contains(&(value, edge, is_start))
    }
}
