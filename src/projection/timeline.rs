//! The answers of a key over all days: stretches on which nothing changes.

use super::answer::{Answer, State};
use super::choose::Key;
use super::day::Voices;
use super::known::horizon::{Horizon, Known};
use super::state::{line, nothing};
use super::sweep::{is_vague, sweep, turns};
use crate::date::Day;

/// Days in a row with one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first day; `None`: since ever.
    pub from: Option<Day>,
    /// The last day; `None`: for ever.
    pub until: Option<Day>,
    /// The day that was asked about.
    day: Day,
    /// The answer for that day. What is behind it is made where it is shown: see [`Known::state_of`].
    pub answer: Answer,
}

/// A stretch keeps no more sides than these.
const SIDES_KEPT: usize = 16;

impl Known<'_> {
    /// The stretches of a key from the earliest to the latest day that is spoken of, and beyond both; where no day is spoken
    /// of, one stretch.
    #[must_use]
    pub fn timeline(&self, key: &Key) -> Vec<Stretch> {
        let days: Vec<Vec<Day>> = key.parts.iter().map(turning_days).collect();
        let first = days.iter().filter_map(|days| days.first()).min().map_or(Day::MIN, |day| day.plus(-1));
        self.stretches(key, days, first, None)
    }

    /// The stretches between two days, both included.
    #[must_use]
    pub fn timeline_between(&self, key: &Key, first: Day, last: Day) -> Vec<Stretch> {
        let days = key.parts.iter().map(turning_days).collect();
        self.stretches(key, days, first, Some(last))
    }

    /// The answer of a stretch of a key, with what is behind it.
    #[must_use]
    pub fn state_of(&self, key: &Key, stretch: &Stretch, horizon: Horizon) -> State {
        self.state_of_sides(key, stretch.day, horizon, SIDES_KEPT)
    }

    /// The stretches since a day; up to a last one, or since ever and for ever.
    fn stretches(&self, key: &Key, turning: Vec<Vec<Day>>, first: Day, last: Option<Day>) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for (day, answer) in self.answers(key, turning, first, last) {
            match stretches.last_mut() {
                Some(before) if before.answer.is_alike(&answer) => continue,
                Some(before) => before.until = Some(day.plus(-1)),
                None => {}
            }
            let from = if stretches.is_empty() { last.map(|_| first) } else { Some(day) };
            stretches.push(Stretch { from, until: last, day, answer });
        }
        stretches
    }

    /// What is answered on the first day, and from each day on which that can become another.
    fn answers(&self, key: &Key, turning: Vec<Vec<Day>>, first: Day, last: Option<Day>) -> Vec<(Day, Answer)> {
        let of_part = |(part, mut days): (&Voices, Vec<Day>)| {
            days.retain(|day| *day > first && last.is_none_or(|last| *day <= last));
            days.insert(0, first);
            sweep(self, part, &days, SIDES_KEPT)
        };
        let mut parts: Vec<Vec<(Day, Answer)>> = key.parts.iter().zip(turning).map(of_part).collect();
        if !key.is_multi {
            return parts.pop().unwrap_or_else(|| vec![(first, nothing())]);
        }
        let numbered = parts.into_iter().enumerate();
        let mut changes: Vec<(Day, usize, Answer)> = numbered
            .flat_map(|(number, answers)| answers.into_iter().map(move |(day, answer)| (day, number, answer)))
            .collect();
        changes.sort_by_key(|(day, number, _)| (*day, *number));
        let mut current: Vec<Answer> = vec![nothing(); key.parts.len()];
        let mut answers = Vec::new();
        for of_day in changes.chunk_by(|a, b| a.0 == b.0) {
            for (_, number, answer) in of_day {
                if let Some(current) = current.get_mut(*number) {
                    current.clone_from(answer);
                }
            }
            answers.extend(of_day.first().map(|(day, ..)| (*day, line(&current, SIDES_KEPT))));
        }
        if answers.is_empty() {
            answers.push((first, line(&current, SIDES_KEPT)));
        }
        answers
    }
}

/// Days on which the answer of a part can become another, in order.
fn turning_days(part: &Voices) -> Vec<Day> {
    let (is_vague, mut days) = (is_vague(part), Vec::new());
    part.voices.iter().for_each(|voice| turns(part, voice, is_vague, &mut days));
    for window in part.denials.iter().flat_map(|denial| &denial.days) {
        days.extend([window.earliest, window.latest.plus(1)].into_iter().filter(|day| day.is_bounded()));
    }
    days.sort_unstable();
    days.dedup();
    days
}
