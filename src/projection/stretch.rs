//! N, first kind: two origins tell one stretch of a value differently.

use foldhash::{HashMap, HashSet};

use super::mark::{Mark, Says, holds};
use super::voice::{Root, Side, Time, ValueId, Voice, Voices};
use crate::date::{Day, Window};
use crate::value::{Reach, Value};

/// Marks of the claims that a closed period of another origin, in force on the day, speaks against.
pub(super) fn stretches(key: &Voices, day: Day) -> Vec<Mark> {
    let stated: Vec<&Voice> = key
        .voices
        .iter()
        .filter(|voice| !voice.is_denial && !voice.is_gap && matches!(voice.time, Time::Closed(..)))
        .filter(|voice| holds(&voice.time, day))
        .collect();
    if stated.is_empty() {
        return Vec::new();
    }
    let starts = Edges::new(key, &stated, Voice::transition_start, |period| -last_day(period));
    let ends = Edges::new(key, &stated, Voice::transition_end, first_day);
    let mut stating: HashMap<Root, HashMap<ValueId, usize>> = HashMap::default();
    for voice in key.voices.iter().filter(|voice| !voice.is_denial && holds(&voice.time, day)) {
        *stating.entry(voice.root).or_default().entry(voice.value).or_default() += 1;
    }
    let agreeing = Agreeing::new(key);
    let mut told: HashMap<(ValueId, Window, bool), bool> = HashMap::default();
    let mut marks = Vec::new();
    for (place, voice) in key.voices.iter().enumerate().filter(|(_, voice)| !voice.is_denial) {
        let later_start = voice.transition_start().filter(|start| start.is_sure && day < start.window.earliest);
        let earlier_end = voice.transition_end().filter(|end| end.is_sure && end.window.latest < day);
        let mut is_inside = |edges: &Edges, edge: Option<Side>, is_start: bool| {
            edge.is_some_and(|edge| {
                let limit = if is_start { -number(edge.window.earliest) } else { number(edge.window.latest) };
                *told
                    .entry((voice.value, edge.window, is_start))
                    .or_insert_with(|| edges.contradict(&agreeing, voice.value, edge.window, limit))
            })
        };
        if (is_inside(&starts, later_start, true) || is_inside(&ends, earlier_end, false))
            && stating.get(&voice.root).is_none_or(|own| agreeing.among(own, voice.value).next().is_none())
        {
            marks.push(Mark { voice: place, value: voice.value, says: Says::HoldsNot { is_denial: false } });
        }
    }
    marks
}

/// Days as numbers, so that starts and ends can be compared the same way.
fn number(day: Day) -> i64 {
    day.days_since(Day::MIN)
}

/// The day until which a period surely lasts.
fn last_day(period: &Voice) -> i64 {
    period.end().map_or(-i64::MAX, |end| number(end.window.earliest))
}

/// The day since which it surely lasts.
fn first_day(period: &Voice) -> i64 {
    period.start().map_or(i64::MAX, |start| number(start.window.latest))
}

/// Who knows which edges of which value, and which periods could speak against one.
struct Edges {
    knowing: HashMap<Window, HashMap<ValueId, HashSet<Root>>>,
    /// Of every value, the periods with the farthest first.
    periods: HashMap<ValueId, Vec<(i64, Root)>>,
}

impl Edges {
    fn new(key: &Voices, stated: &[&Voice], edge_of: fn(&Voice) -> Option<Side>, reach_of: fn(&Voice) -> i64) -> Edges {
        let mut edges = Edges { knowing: HashMap::default(), periods: HashMap::default() };
        for voice in key.voices.iter().filter(|voice| !voice.is_denial) {
            if let Some(edge) = edge_of(voice) {
                let of_window = edges.knowing.entry(edge.window).or_default();
                of_window.entry(voice.value).or_default().insert(voice.root);
            }
        }
        for period in stated {
            edges.periods.entry(period.value).or_default().push((reach_of(period), period.root));
        }
        edges.periods.values_mut().for_each(|periods| periods.sort_unstable());
        edges
    }

    /// Whether a period of an agreeing value reaches beyond the edge, by an origin that does not know the edge.
    fn contradict(&self, agreeing: &Agreeing<'_>, value: ValueId, edge: Window, limit: i64) -> bool {
        let knowing: Vec<&HashSet<Root>> =
            self.knowing.get(&edge).map_or_else(Vec::new, |of_window| agreeing.among(of_window, value).collect());
        let is_known_by = |root: &Root| knowing.iter().any(|roots| roots.contains(root));
        agreeing.among(&self.periods, value).any(|periods| {
            let mut reaching = periods.iter().take_while(|(reach, _)| *reach < limit);
            reaching.any(|(_, root)| !is_known_by(root))
        })
    }
}

/// Finds the values that agree with one: by number where only equal ones and "some value" can.
struct Agreeing<'k> {
    key: &'k Voices,
    some: Option<ValueId>,
}

impl<'k> Agreeing<'k> {
    fn new(key: &'k Voices) -> Self {
        Agreeing { key, some: key.values.iter().position(|entry| entry.value == Value::Some) }
    }

    /// What a map has for the values that agree with one.
    fn among<'m, T>(&self, map: &'m HashMap<ValueId, T>, value: ValueId) -> impl Iterator<Item = &'m T> {
        let own = self.key.value(value).map(|entry| &entry.value);
        let is_compared = own.is_none_or(|own| *own == Value::Some || Reach::of(own).is_some());
        let by_number = [Some(value), self.some].into_iter().flatten().filter(move |_| !is_compared);
        let equal = by_number.filter(move |other| self.key.agree(*other, value)).filter_map(|other| map.get(&other));
        let compared = map.iter().filter(move |(other, _)| is_compared && self.key.agree(**other, value));
        equal.chain(compared.map(|(_, of_other)| of_other)).collect::<Vec<_>>().into_iter()
    }
}
