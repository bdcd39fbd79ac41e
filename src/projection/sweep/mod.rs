//! The answers of a key over many days: the day moves, and the fold is given few of the voices, those on which the answer of
//! the day can hang.
//!
//! The days are halved again and again. Among the days of a half most voices are *quiet*: nothing becomes otherwise about them.
//! Of quiet voices that are alike a few stand for all, and what holds by all of them is counted once for the whole half. So a
//! voice is looked at anew only where days lie on which something becomes otherwise about it: n log n steps for n claims. In
//! debug builds every answer is held against that of all voices.

mod few;
mod quiet;

use self::few::Few;
use self::quiet::Days;
use super::answer::Answer;
use super::day::{Beside, ListDenial, Voice, Voices, has_y};
use super::known::horizon::Known;
use super::steps;
use super::support::shares_copies;
use crate::date::Day;

pub(super) use self::quiet::{is_vague, turns};

/// With no more voices than these the fold is asked at once.
const FEW: usize = if cfg!(debug_assertions) { 2 } else { 24 };

/// Where fewer than one in so many of the voices is quiet, none is left out.
const QUIET_PART: usize = if cfg!(debug_assertions) { usize::MAX } else { 4 };

/// Of a key with no more voices than these the answers by few are held against those by all, in debug builds.
const COMPARED_MAX: usize = 64;

/// What is answered for a part of a key on some days, in their order; those alike to the one before are left out.
pub(super) fn sweep(known: &Known<'_>, part: &Voices, days: &[Day], sides_max: usize) -> Vec<(Day, Answer)> {
    let mut answers = Vec::new();
    let turns = turns_of(part);
    // Where most voices are never quiet, to choose among the others spares little.
    if turns.iter().flatten().count() <= FEW.max(part.voices.len() / QUIET_PART) {
        for day in days {
            add(&mut answers, *day, known.answer_of(part, part, *day, sides_max));
        }
        return answers;
    }
    let all: Vec<usize> = (0..part.voices.len()).collect();
    Sweep { sides_max, answers, ..Sweep::new(known, part, turns) }.over(days, &[], &all)
}

fn add(answers: &mut Vec<(Day, Answer)>, day: Day, answer: Answer) {
    if answers.last().is_none_or(|(_, last)| !last.is_alike(&answer)) {
        answers.push((day, answer));
    }
}

struct Sweep<'s, 'k> {
    known: &'s Known<'k>,
    part: &'s Voices,
    /// The days on which something becomes otherwise about each voice; `None`: it is given to the fold on all days.
    turns: Vec<Option<Vec<Day>>>,
    few: Few<'s>,
    /// The voices that are given to the fold, with the counts of what holds.
    near: Voices,
    sides_max: usize,
    answers: Vec<(Day, Answer)>,
}

impl<'s, 'k> Sweep<'s, 'k> {
    fn new(known: &'s Known<'k>, part: &'s Voices, turns: Vec<Option<Vec<Day>>>) -> Self {
        let is_support_counted = !part.voices.iter().any(Voice::is_trusted) && !shares_copies(known, part);
        let beside = Beside::new(part.voices.iter(), is_support_counted);
        let (values, classes) = (part.values.clone(), part.classes.clone());
        let near = Voices { voices: Vec::new(), denials: Vec::new(), values, classes, beside, ..*part };
        Sweep { known, part, turns, few: Few::new(part), near, sides_max: 0, answers: Vec::new() }
    }

    fn over(mut self, days: &[Day], quiet: &[usize], moving: &[usize]) -> Vec<(Day, Answer)> {
        self.narrow(days, quiet, moving);
        self.answers
    }

    /// Asks about days in a row, given the voices that can bear on them: those known to be quiet, and others.
    fn narrow(&mut self, days: &[Day], quiet: &[usize], moving: &[usize]) {
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return };
        let span = Days { first: *first, last: *last };
        let counted = self.near.beside.len();
        steps::count(quiet.len() + moving.len());
        let (moving, mut still): (Vec<usize>, Vec<usize>) = moving.iter().partition(|place| self.moves(**place, span));
        for voice in still.iter().filter_map(|place| self.part.voice(*place)) {
            if has_y(self.part, voice, *first) {
                self.near.beside.add(voice);
            }
        }
        still.extend(quiet);
        // To choose for one day alone takes as long as to ask.
        if days.len() > 1 && still.len() > FEW.max(moving.len() / QUIET_PART) {
            still = self.few.of(&self.near.beside, &still, &moving, span);
        }
        match days.split_at(days.len() / 2) {
            (earlier, later) if !earlier.is_empty() && still.len() + moving.len() > FEW => {
                self.narrow(earlier, &still, &moving);
                self.narrow(later, &still, &moving);
            }
            _ => days.iter().for_each(|day| self.ask(*day, &still, &moving)),
        }
        self.near.beside.truncate(counted);
    }

    /// Whether a voice has a turning day among these.
    fn moves(&self, place: usize, span: Days) -> bool {
        let turns = self.turns.get(place).and_then(Option::as_ref);
        turns.is_none_or(|turns| turns.iter().any(|day| span.first <= *day && *day <= span.last))
    }

    /// Asks about one day.
    fn ask(&mut self, day: Day, quiet: &[usize], moving: &[usize]) {
        let counted = self.near.beside.len();
        for voice in moving.iter().filter_map(|place| self.part.voice(*place)) {
            if has_y(self.part, voice, day) {
                self.near.beside.add(voice);
            }
        }
        let mut places = [quiet, moving].concat();
        places.sort_unstable();
        self.near.voices.clear();
        self.near.voices.extend(places.iter().filter_map(|place| self.part.voice(*place)).cloned());
        self.near.denials.clear();
        for list in &self.part.denials {
            if let Ok(voice) = places.binary_search(&list.voice) {
                self.near.denials.push(ListDenial { voice, days: list.days.clone() });
            }
        }
        let answer = self.known.answer_of(&self.near, self.part, day, self.sides_max);
        debug_assert!(
            self.part.voices.len() > COMPARED_MAX
                || answer == self.known.answer_of(self.part, self.part, day, self.sides_max),
            "{day}: {answer:?}",
        );
        add(&mut self.answers, day, answer);
        self.near.beside.truncate(counted);
    }
}

/// The turning days of each voice. What says several things at once, such as a closed list, is never quiet.
fn turns_of(part: &Voices) -> Vec<Option<Vec<Day>>> {
    let denials = part.denials.iter().filter_map(|list| part.voice(list.voice));
    let mut several: Vec<_> = denials.map(|voice| voice.claim).collect();
    several.extend(part.voices.windows(2).filter_map(|pair| match pair {
        [one, other] if one.claim == other.claim => Some(one.claim),
        _ => None,
    }));
    several.sort_unstable();
    several.dedup();
    let is_vague = is_vague(part);
    let of = |voice: &Voice| {
        let is_alone = several.binary_search(&voice.claim).is_err();
        is_alone.then(|| {
            let mut days = Vec::new();
            turns(part, voice, is_vague, &mut days);
            days
        })
    };
    part.voices.iter().map(of).collect()
}
