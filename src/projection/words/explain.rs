//! The reason of an answer in one line, with the numbers of its claims.

use std::slice;

use super::reason::{Reason, ReasonPart};
use super::tell::Tell;
use crate::claim::Polarity;
use crate::date::Day;
use crate::projection::answer::{Flag, Status};
use crate::projection::choose::Key;
use crate::projection::day::{Group, Mark, Reading, Reduced, Says, Voices, carry};
use crate::projection::known::horizon::Known;
use crate::projection::known::standing::Dropped;
use crate::projection::support::Backing;
use crate::seq::Seq;

/// An answer that is to be explained.
pub(in crate::projection) struct Told<'t, 'k> {
    pub(in crate::projection) left: &'t Reduced,
    pub(in crate::projection) reading: &'t Reading,
    pub(in crate::projection) backings: &'t [Backing<'k>],
    pub(in crate::projection) flags: &'t [Flag],
    pub(in crate::projection) day: Day,
    /// How many sides are not told.
    pub(in crate::projection) more: usize,
}

/// Why the answer is what it is.
pub(in crate::projection) fn reason(known: &Known<'_>, key: &Voices, told: &Told<'_, '_>) -> Reason {
    let mut tell = Tell::new(known, key);
    let (reading, more) = (told.reading, told.more);
    let all = || reading.sides.iter();
    match (reading.row, reading.sides.as_slice(), told.backings) {
        (1, ..) => tell.sides(all(), more, ", then ", |tell, side| {
            tell.by(side);
        }),
        (8, [carried, ..], _) => {
            tell.sides(reading.sides.iter().skip(1), more, "; ", |tell, side| {
                tell.dated(side);
            });
            tell.text("; ").since(carried)
        }
        (9 | 10, _, [value]) => tell.carried(value, told),
        (12, [value], _) => tell.inferred(value),
        (13, ..) => tell
            .sides(all(), more, "; ", |tell, side| {
                tell.by(side);
            })
            .text(", without a usable date"),
        (14..=16, ..) => tell.nothing(told.left, reading.row, told.day),
        (9 | 11, ..) => tell.sides(all(), more, "; ", |tell, side| {
            tell.dated(side);
        }),
        _ => tell.sides(all(), more, "; ", |tell, side| {
            tell.side(side, reading);
        }),
    };
    if let ([value], false) = (told.backings, matches!(reading.row, 9 | 10)) {
        tell.more(value);
    }
    if matches!((reading.row, reading.sides.as_slice()), (4 | 7, [_])) {
        tell.text("; ").denial(told);
    }
    for remark in told.flags.iter().filter_map(|flag| remark(*flag, reading)) {
        tell.text("; ").text(remark);
    }
    tell.reason
}

/// A remark for flags that the line does not tell by itself.
fn remark(flag: Flag, reading: &Reading) -> Option<&'static str> {
    Some(match flag {
        Flag::Timing if reading.status == Status::Contested => "only the dates are in conflict",
        Flag::Disputed => "a claim behind it is disputed",
        Flag::VerdictsDiffer => "checkers give different verdicts",
        Flag::LaterStart => "another claim dates the start later",
        Flag::EarlierEnd => "another claim dates the end earlier",
        Flag::BetweenStatedPeriods => "the day lies between two periods of a closed list",
        Flag::ChangedSomeTimeBefore => "another value was seen later, the change between is not dated",
        Flag::PerhapsAlready => "another value may hold already",
        Flag::SomeValue => "there is a value, and it is not known",
        Flag::WeakSourcesOnly => "weak sources only",
        Flag::NotReviewed => "not reviewed yet",
        _ => return None,
    })
}

impl Tell<'_, '_> {
    fn since(&mut self, side: &Group) -> &mut Self {
        let resting = side.resting_marks(self.key);
        let since = resting.clone().map(|mark| carry(mark).since).max().filter(|since| since.is_bounded());
        self.shown(side);
        if let Some(since) = since {
            self.text(" since ").date(since);
        }
        self.text(", ").claims(resting)
    }

    /// One side of several, by what its marks say.
    fn side(&mut self, side: &Group, reading: &Reading) -> &mut Self {
        let resting = side.resting_marks(self.key);
        match resting.clone().next().map(|mark| mark.says) {
            Some(Says::Carried(_)) => self.since(side),
            Some(Says::HoldsNot { .. }) => self.shown(side).text(" by the dates of ").dates(resting),
            Some(Says::Holds) if matches!(reading.row, 2..=4) => self.shown(side).text(" by ").dates(resting),
            _ => self.by(side),
        }
    }

    /// A value that is only possible, with the dates that leave it open.
    fn dated(&mut self, side: &Group) -> &mut Self {
        let resting = side.resting_marks(self.key);
        self.shown(side).text(" is possible: ").dates(resting)
    }

    /// Rows 9 and 10: since when, by whom, and who saw it since.
    fn carried(&mut self, value: &Backing<'_>, told: &Told<'_, '_>) -> &mut Self {
        let marks = value.carried();
        let since = |mark: &Mark| carry(mark).since;
        let (Some(oldest), Some(last)) = (marks.first().map(since), marks.last().map(since)) else { return self };
        let first = value.since().unwrap_or(oldest);
        self.shown(value.group);
        if told.reading.status == Status::Possible {
            self.text(" perhaps");
        }
        if first.is_bounded() {
            self.text(" since ").date(first);
        }
        self.text(", ").claims(marks.iter().filter(|mark| since(mark) == first));
        let named: Vec<usize> = marks.iter().filter(|mark| since(mark) == first).map(|mark| mark.voice).collect();
        let claim = |voice: usize| self.key.voice(voice).map(|voice| voice.claim);
        let named: Vec<Option<Seq>> = named.into_iter().map(claim).collect();
        let newest: Vec<Mark> = marks
            .iter()
            .filter(|mark| last > first && since(mark) == last && !named.contains(&claim(mark.voice)))
            .copied()
            .collect();
        if !newest.is_empty() {
            self.text(", and still by ").claims(newest.iter());
        }
        self.more(value);
        if told.reading.row == 10 { self.text("; no later change claimed up to ").date(told.day) } else { self }
    }

    /// How many more claims the value rests on than were told: those in between, and of its run.
    fn more(&mut self, value: &Backing<'_>) -> &mut Self {
        let more = value.claims().iter().filter(|claim| !self.told.contains(claim)).count();
        match more {
            0 => self,
            1 => self.text("; 1 more claim agrees"),
            more => self.text("; ").count(more).text(" more claims agree"),
        }
    }

    /// Row 12.
    fn inferred(&mut self, side: &Group) -> &mut Self {
        let back = || side.marks().filter(|mark| matches!(mark.says, Says::CarriedBack { .. }));
        let claim = |mark: &Mark| self.key.voice(mark.voice).map(|voice| voice.claim);
        let told: Vec<Option<Seq>> = back().map(claim).collect();
        let is_told = |mark: &Mark| told.contains(&claim(mark));
        let left_over = || side.marks().filter(|mark| matches!(mark.says, Says::HoldsNot { .. }) && !is_told(mark));
        self.shown(side);
        if let Some(Says::CarriedBack { from, is_tentative }) = back().next().map(|mark| mark.says) {
            if is_tentative {
                self.text(" perhaps");
            }
            self.text(" before ").date(from).text(", by ").dates(back());
        }
        if left_over().next().is_some() {
            let between = if back().next().is_some() { ", and" } else { "" };
            self.text(between).text(" because the closed list of ").claims(left_over()).text(" leaves the day out");
        }
        self
    }

    /// Rows 4 and 7: who says that the value does not hold, where no complement is shown.
    fn denial(&mut self, told: &Told<'_, '_>) -> &mut Self {
        let key = self.key;
        let of = |wanted: bool| {
            let against = told.left.holds_not.iter();
            against.filter(move |mark| {
                mark.says == Says::HoldsNot { is_denial: wanted }
                    && told.reading.sides.iter().any(|side| side.is_hit_by(key, mark.value))
            })
        };
        if of(true).next().is_some() {
            self.text("denied by ").claims(of(true));
        }
        if of(false).next().is_some() {
            let between = if of(true).next().is_some() { "; " } else { "" };
            self.text(between).text("not by the dates of ").dates(of(false));
        }
        self
    }

    /// Rows 14 to 16.
    fn nothing(&mut self, left: &Reduced, row: u8, day: Day) -> &mut Self {
        if let Some(mark) = left.stale.iter().max_by_key(|mark| carry(mark).since).filter(|_| row == 14) {
            self.value_of(mark.value).text(" was last stated for ").date(carry(mark).since).text(", ");
            return self.claims(slice::from_ref(mark).iter()).text(": too old to be carried");
        }
        let denied = |mark: &Mark| matches!(mark.says, Says::HoldsNot { is_denial: true });
        let is_denial = |mark: &&Mark| self.key.voice(mark.voice).is_some_and(|voice| voice.is_denial);
        let ended = left.ended.iter().max_by_key(|mark| if let Says::Ended(on) = mark.says { on } else { day });
        if let Some(mark) = left.holds_not.first().filter(|_| row == 15) {
            let how = if denied(mark) { " is denied by " } else { " does not hold by the dates of " };
            let alike: Vec<Mark> = left.holds_not.iter().filter(|other| other.value == mark.value).copied().collect();
            return self.value_of(mark.value).text(how).claims(alike.iter());
        }
        if let Some(mark) = ended.filter(|_| row == 15) {
            let Says::Ended(on) = mark.says else { return self };
            let how = if is_denial(&mark) { " was denied for " } else { " ended " };
            return self.value_of(mark.value).text(how).date(on).text(", ").claims(slice::from_ref(mark).iter());
        }
        self.nearest(day)
    }

    /// Row 16: what is claimed last before the day, and first behind it.
    fn nearest(&mut self, day: Day) -> &mut Self {
        let bounds = || {
            let voices = self.key.voices.iter().filter(|voice| !voice.is_gap);
            voices.flat_map(|voice| voice.bounds().map(move |side| (side.window, voice)))
        };
        let before = bounds().filter(|(window, _)| window.latest < day).max_by_key(|(window, _)| window.latest);
        let behind = bounds().filter(|(window, _)| window.earliest > day).min_by_key(|(window, _)| window.earliest);
        self.text("nothing is claimed that reaches ").date(day);
        let before = before.filter(|(_, voice)| behind.is_none_or(|(_, other)| other.claim != voice.claim));
        for (words, found) in [("; the last before is ", before), ("; the next is ", behind)] {
            if let Some((window, voice)) = found {
                let not = if voice.is_denial { "not " } else { "" };
                self.text(words).text(not).value_of(voice.value).text(" at ").date(window).text(", ").claim(voice);
            }
        }
        self
    }
}

/// Claims that would speak of the key and were dropped: those erased, those that cannot be dated, and where nothing else is
/// left to answer by, all others with who took them back.
pub(in crate::projection) fn dropped(known: &Known<'_>, key: &Key, is_nothing_left: bool) -> Reason {
    let all = |wanted: Dropped| {
        let claims = key.dropped.iter().filter(move |(_, why)| *why == wanted);
        claims.map(|(claim, _)| claim_alone(*claim)).collect::<Vec<_>>()
    };
    let mut told: Vec<Reason> = Vec::new();
    if is_nothing_left {
        told.extend(key.dropped.iter().filter_map(|(claim, why)| dropped_claim(known, *claim, *why)));
    }
    let mut list = |words: &'static str, claims: Vec<Reason>| {
        if !claims.is_empty() {
            let mut reason = Reason::from(words);
            reason.append(Reason::first_of(claims, ", "));
            told.push(reason);
        }
    };
    list("erased and no longer used: ", all(Dropped::Erased));
    if known.reported.is_some() {
        list("possibly known by then, not dated: ", all(Dropped::PossiblyKnown));
    }
    Reason::first_of(told, "; ")
}

fn claim_alone(claim: Seq) -> Reason {
    let mut reason = Reason::default();
    reason.push(ReasonPart::Claim { claim, origin: None });
    reason
}

/// `#12 said true; rated false by ana (#14)`
fn dropped_claim(known: &Known<'_>, claim: Seq, why: Dropped) -> Option<Reason> {
    let fact = known.facts.fact(claim)?;
    let mut reason = claim_alone(claim);
    reason.words(if fact.polarity == Polarity::Deny { " denied " } else { " said " });
    reason.push(ReasonPart::Value((*fact.value).clone()));
    let mut by = |words: &'static str, act: Seq| {
        let found = known.facts.acts_on(claim).iter().find(|own| own.seq == act);
        reason.words(words);
        match found.map(|act| (act.by, act.actor)) {
            Some((Some(source), _)) => reason.push(ReasonPart::Source(source)),
            Some((None, actor)) => reason.push(ReasonPart::Actor(actor)),
            None => reason.words("the desk"),
        }
        reason.words(" (");
        reason.append(claim_alone(act));
        reason.words(")");
    };
    match why {
        Dropped::RatedFalse { by: verdict } => by("; rated false by ", verdict),
        Dropped::Retracted { by: retraction } => by("; taken back by ", retraction),
        Dropped::Corrected { successor } => {
            reason.words("; corrected to ");
            reason.append(claim_alone(successor));
        }
        Dropped::CorrectionDoesNotApply => reason.words("; the correction that brought it does not apply"),
        Dropped::NotYetSaid | Dropped::PossiblyKnown | Dropped::Erased => return None,
    }
    Some(reason)
}
