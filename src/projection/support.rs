//! Who is behind a value: distinct named origins, grades, and the claims that carry it.

use super::answer::{Side, Status};
use super::group::Group;
use super::horizon::Known;
use super::mark::{Mark, Says};
use super::reduce::{Reduced, carry};
use super::union::Union;
use super::voice::{Voice, Voices};
use crate::date::Day;
use crate::seq::Seq;
use crate::source::Reliability;

/// A value's backing: the marks that decide it, and the run of older ones that agree.
pub(super) struct Backing<'k> {
    pub(super) group: &'k Group,
    pub(super) run: Vec<Mark>,
    pub(super) key: &'k Voices,
}

impl<'k> Backing<'k> {
    /// The backing of a side; with the run, if it is the answer's only value.
    pub(super) fn new(key: &'k Voices, left: &Reduced, group: &'k Group, is_only: bool) -> Self {
        let run = if is_only { run(key, left, group) } else { Vec::new() };
        Backing { group, run, key }
    }

    /// The voices that decide, and those of the run.
    pub(super) fn voices(&self) -> impl Iterator<Item = &'k Voice> {
        self.group.marks.iter().chain(&self.run).filter_map(|mark| self.key.voice(mark.voice))
    }

    pub(super) fn side(&self, known: &Known<'_>, status: Status) -> Side {
        let mut claims: Vec<Seq> = self.voices().map(|voice| voice.claim).collect();
        claims.sort_unstable();
        claims.dedup();
        Side { value: self.group.shown.clone(), status, support: self.support(known), since: self.since(), claims }
    }

    /// The status a value has beside others.
    pub(super) fn own_status(&self) -> Status {
        let says = |wanted: fn(&Mark) -> bool| self.group.marks.iter().any(wanted);
        if says(|mark| matches!(mark.says, Says::Holds | Says::HoldsNot { .. })) {
            Status::Stated
        } else if says(|mark| matches!(mark.says, Says::CarriedBack(_)))
            || says(|mark| matches!(mark.says, Says::Carried(carry) if !carry.is_tentative))
        {
            Status::Presumed
        } else {
            Status::Possible
        }
    }

    /// Distinct named origins; those that share a captured copy count once.
    fn support(&self, known: &Known<'_>) -> usize {
        let mut roots: Vec<Seq> = Vec::new();
        let mut copies: Vec<(&str, Seq)> = Vec::new();
        for voice in self.voices() {
            let Some(origin) = voice.origin.filter(|origin| known.is_named(*origin)) else { continue };
            let root = known.root(origin);
            roots.push(root);
            if voice.has_evidence
                && let Some(fact) = known.facts.fact(voice.claim)
            {
                copies.extend(fact.evidence.iter().map(|digest| (&**digest, root)));
            }
        }
        count_apart(roots, copies)
    }

    /// Since when the value holds: the start of its run, or of its period.
    fn since(&self) -> Option<Day> {
        let of_run = self.group.marks.iter().chain(&self.run).filter_map(|mark| match mark.says {
            Says::Carried(carry) => Some(carry.since),
            Says::Holds => self.key.voice(mark.voice)?.start().map(|start| start.window.latest),
            _ => None,
        });
        of_run.filter(|day| day.is_bounded()).min()
    }

    /// Whether nobody behind it is named and graded better than D.
    pub(super) fn is_weak(&self, known: &Known<'_>) -> bool {
        self.voices().all(|voice| match voice.origin {
            Some(origin) if known.is_named(origin) => known.reliability(origin).is_some_and(Reliability::is_weak),
            _ => true,
        })
    }

    /// What sorts the sides of a contest; it explains and does not decide.
    pub(super) fn order(&self, known: &Known<'_>) -> impl Ord + use<> {
        let rank = |voice: &Voice| {
            let grade = voice.origin.and_then(|origin| known.reliability(origin));
            grade.map_or(Reliability::F, |grade| grade)
        };
        (
            !self.voices().any(Voice::is_trusted),
            usize::MAX - self.support(known),
            self.voices().map(rank).min(),
            self.voices().filter_map(|voice| Some(known.claim_day(known.facts.fact(voice.claim)?).0)).min(),
            self.voices().map(|voice| voice.claim).min(),
        )
    }
}

/// Counts origins, taking those that share a digest as one.
fn count_apart(mut roots: Vec<Seq>, mut copies: Vec<(&str, Seq)>) -> usize {
    roots.sort_unstable();
    roots.dedup();
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

/// Every K from the newest day back that agrees with the value; a day with one that disagrees ends it. On the newest
/// day those count that are left.
fn run(key: &Voices, left: &Reduced, group: &Group) -> Vec<Mark> {
    let agrees = |mark: &Mark| group.agrees(key, mark.value);
    let mut run: Vec<Mark> = Vec::new();
    for (place, of_day) in left.carried.chunk_by(|a, b| carry(a).since == carry(b).since).enumerate() {
        let is_whole = of_day.iter().all(agrees);
        if is_whole {
            run.extend(of_day);
        } else if place == 0 && left.newest.iter().all(agrees) {
            run.extend(&left.newest);
        }
        if !is_whole {
            break;
        }
    }
    run
}
