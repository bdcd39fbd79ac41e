//! Who is behind a value: distinct named origins, grades, and the claims that carry it.

use std::cell::OnceCell;
use std::cmp::Reverse;

use super::answer::{Side, Status};
use super::day::{Group, Mark, Reading, Reduced, Says, ValueId, Voice, Voices, carry, run};
use super::known::horizon::Known;
use super::known::union::Union;
use super::since::unbroken_from;
use crate::date::Day;
use crate::seq::Seq;
use crate::source::Reliability;

/// A value's backing: the marks that decide it, and the run of older ones that agree.
pub(super) struct Backing<'k> {
    pub(super) group: &'k Group,
    pub(super) run: Vec<Mark>,
    key: &'k Voices,
    /// Whether it is the answer's only value.
    is_only: bool,
    /// The values on which the answer rests.
    resting: Vec<ValueId>,
    /// What both the answer and its reason tell is worked out once.
    claims: OnceCell<Vec<Seq>>,
    since: OnceCell<Option<Day>>,
}

impl<'k> Backing<'k> {
    /// The backing of a side; with the run, if it is the answer's only value.
    pub(super) fn new(key: &'k Voices, left: &Reduced, reading: &'k Reading, group: &'k Group) -> Self {
        let run = match (reading.sides.len(), &reading.carried) {
            (1, Some((carried, newest))) => run(key, carried, newest, group),
            (1, None) => run(key, &left.carried, &left.newest, group),
            _ => Vec::new(),
        };
        let (is_only, resting) = (reading.sides.len() == 1, group.resting_values(key));
        Backing { group, run, key, is_only, resting, claims: OnceCell::new(), since: OnceCell::new() }
    }

    /// The marks on which the value rests: those that decide it, and those of the run.
    fn resting(&self) -> impl Iterator<Item = &Mark> + Clone {
        let deciding = self.resting.iter().flat_map(|value| self.group.marks_of(*value));
        deciding.chain(self.run.iter().filter(|mark| self.group.rests_on(self.key, mark.value)))
    }

    /// The voices of these.
    fn voices(&self) -> impl Iterator<Item = &'k Voice> + Clone {
        self.resting().filter_map(|mark| self.key.voice(mark.voice))
    }

    /// The claims on which the value rests, in the order of their events.
    pub(super) fn claims(&self) -> &[Seq] {
        self.claims.get_or_init(|| {
            let mut claims: Vec<Seq> = self.voices().map(|voice| voice.claim).collect();
            claims.sort_unstable();
            claims.dedup();
            claims
        })
    }

    pub(super) fn side(&self, known: &Known<'_>, status: Status) -> Side {
        let claims = self.claims();
        let all = self.group.marks().chain(&self.run).filter_map(|mark| Some(self.key.voice(mark.voice)?.claim));
        let mut fits: Vec<Seq> = all.filter(|claim| claims.binary_search(claim).is_err()).collect();
        fits.sort_unstable();
        fits.dedup();
        Side {
            value: self.group.shown(self.key),
            status,
            support: self.support(known),
            since: self.since(),
            claims: claims.to_vec(),
            fits,
        }
    }

    /// The status a value has beside others.
    pub(super) fn own_status(&self) -> Status {
        let says = |wanted: fn(&Mark) -> bool| self.group.own_marks().any(wanted);
        if says(|mark| matches!(mark.says, Says::Holds | Says::HoldsNot { .. })) {
            Status::Stated
        } else if says(|mark| matches!(mark.says, Says::CarriedBack { is_tentative: false, .. } | Says::HoldsAlways))
            || says(|mark| matches!(mark.says, Says::Carried(carry) if !carry.is_tentative))
        {
            Status::Presumed
        } else {
            Status::Possible
        }
    }

    /// Distinct named origins; those that share a captured copy count once.
    fn support(&self, known: &Known<'_>) -> usize {
        support(known, self.voices())
    }

    /// Since when the value holds: since the first claim on which it rests, of its period or of its run, as far as the run
    /// goes back without anything said against the value in between.
    pub(super) fn since(&self) -> Option<Day> {
        *self.since.get_or_init(|| self.first_day())
    }

    fn first_day(&self) -> Option<Day> {
        let all = self.group.marks().chain(&self.run).filter_map(|mark| self.since_of(mark));
        let mut days: Vec<Day> = all.collect();
        days.sort_unstable();
        days.dedup();
        let mut resting: Vec<Day> = self.resting().filter_map(|mark| self.since_of(mark)).collect();
        resting.sort_unstable();
        if resting.is_empty() {
            resting.clone_from(&days);
        }
        let first = if self.is_only { unbroken_from(self.key, self.group, &days)? } else { *days.first()? };
        resting.iter().find(|day| **day >= first).or(resting.last()).copied()
    }

    fn since_of(&self, mark: &Mark) -> Option<Day> {
        let day = match mark.says {
            Says::Carried(carry) => Some(carry.since),
            Says::Holds | Says::HoldsAlways => self.key.voice(mark.voice)?.start().map(|start| start.window.latest),
            _ => None,
        };
        day.filter(|day| day.is_bounded())
    }

    /// Whether nobody behind it is named and graded better than D.
    pub(super) fn is_weak(&self) -> bool {
        self.voices().all(Voice::is_weak)
    }

    /// What is carried and on what the value rests: marks of the side and of its run, the oldest first.
    pub(super) fn carried(&self) -> Vec<Mark> {
        let of_run = self.run.iter().filter(|mark| self.group.rests_on(self.key, mark.value));
        let all = self.group.resting_marks(self.key).chain(of_run);
        let mut all: Vec<Mark> = all.filter(|mark| matches!(mark.says, Says::Carried(_))).copied().collect();
        all.sort_by_key(|mark| carry(mark).since);
        all
    }
}

/// What sorts the sides of a contest, the least first; it explains and does not decide.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    is_not_trusted: bool,
    support: Reverse<usize>,
    grade: Option<Reliability>,
    said: Option<(Day, u16)>,
    claim: Option<Seq>,
}

/// The rank of a side, by the claims on which it rests; where few of these are at hand, by the count of those that hold.
pub(super) fn rank(known: &Known<'_>, key: &Voices, group: &Group) -> Rank {
    let of_values = |values: &[ValueId]| {
        let marks = values.iter().flat_map(|value| group.marks_of(*value));
        Rank::of(known, marks.filter_map(|mark| key.voice(mark.voice)))
    };
    let Some(only) = group.only_resting_value() else { return of_values(&group.resting_values(key)) };
    let is_counted = key.beside.is_asked && group.marks_of(only).iter().any(|mark| is_y(mark.says));
    if is_counted {
        return Rank { support: Reverse(key.beside.support(only)), ..of_values(&[only]) };
    }
    of_values(&[only])
}

fn is_y(says: Says) -> bool {
    matches!(says, Says::Holds | Says::HoldsAlways)
}

/// Whether two supporters of a value have a captured copy in common.
pub(super) fn shares_copies(known: &Known<'_>, key: &Voices) -> bool {
    let mut copies: Vec<(ValueId, &str, Seq)> = Vec::new();
    for voice in key.voices.iter().filter(|voice| voice.has_evidence) {
        if let (Some(root), Some(fact)) = (voice.supporter, known.facts.fact(voice.claim)) {
            copies.extend(known.copies(fact).map(|digest| (voice.value, digest, root)));
        }
    }
    copies.sort_unstable();
    copies.windows(2).any(|pair| matches!(pair, [a, b] if (a.0, a.1) == (b.0, b.1) && a.2 != b.2))
}

impl Rank {
    fn of<'k>(known: &Known<'_>, all: impl Iterator<Item = &'k Voice> + Clone) -> Rank {
        Rank {
            is_not_trusted: !all.clone().any(Voice::is_trusted),
            support: Reverse(support(known, all.clone())),
            grade: all.clone().map(|voice| voice.grade.unwrap_or(Reliability::F)).min(),
            said: all.clone().map(|voice| voice.said_at).min(),
            claim: all.map(|voice| voice.claim).min(),
        }
    }
}

/// Distinct named origins; those that share a captured copy count once.
fn support<'k>(known: &Known<'_>, mut voices: impl Iterator<Item = &'k Voice> + Clone) -> usize {
    let all = voices.clone();
    let first = voices.next();
    if voices.next().is_none() {
        return usize::from(first.is_some_and(|voice| voice.supporter.is_some()));
    }
    let mut roots: Vec<Seq> = Vec::new();
    let mut copies: Vec<(&str, Seq)> = Vec::new();
    for voice in all {
        let Some(root) = voice.supporter else { continue };
        roots.push(root);
        if voice.has_evidence
            && let Some(fact) = known.facts.fact(voice.claim)
        {
            copies.extend(known.copies(fact).map(|digest| (digest, root)));
        }
    }
    count_apart(roots, copies)
}

/// Counts origins, taking those that share a digest as one.
fn count_apart(mut roots: Vec<Seq>, mut copies: Vec<(&str, Seq)>) -> usize {
    roots.sort_unstable();
    roots.dedup();
    if copies.is_empty() {
        return roots.len();
    }
    copies.sort_unstable();
    let mut sharing = Union::default();
    for pair in copies.windows(2) {
        if let [(digest, root), (other_digest, other)] = pair
            && digest == other_digest
        {
            sharing.join(*root, *other);
        }
    }
    roots.into_iter().filter(|root| sharing.first(*root) == *root).count()
}
