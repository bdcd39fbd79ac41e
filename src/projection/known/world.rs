//! What all keys share: what names stand for, grades of sources, judgements of identity, links between sources, and which of
//! these were taken back.

use std::sync::{Arc, OnceLock};

use foldhash::HashMap;

use super::review::Review;
use super::union::Joined;
use crate::catalogue::Catalogue;
use crate::date::Instant;
use crate::event::{ActFact, Event, Recorded, Verdict};
use crate::seq::Seq;
use crate::source::{Reliability, SourceKind};

/// Behind all events.
const LATEST: Seq = Seq(u64::MAX);

/// A judgement of identity.
#[derive(Clone, Debug)]
struct JudgementFact {
    seq: Seq,
    entities: [Seq; 2],
    verdict: Verdict,
}

/// What the events read so far say that is not about one key.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// What the names stand for.
    pub catalogue: Catalogue,
    judgements: Vec<JudgementFact>,
    /// Links between sources: the event, and the two.
    links: Vec<(Seq, Seq, Seq)>,
    /// The grades of each source, in the order of their events.
    ratings: HashMap<Seq, Vec<(Seq, Reliability)>>,
    /// What each source was said to be, in the order of the events.
    kinds: HashMap<Seq, Vec<(Seq, SourceKind)>>,
    /// Which events are told here, so that they can be taken back, and who entered them.
    told: HashMap<Seq, Seq>,
    /// Retractions of these events.
    retractions: HashMap<Seq, Vec<ActFact>>,
    /// The other ledger of each actor who acts in one.
    ledgers: HashMap<Seq, Seq>,
    /// Last event and recording time of every commit.
    pub(super) commits: Vec<(Seq, i64)>,
    /// What waits for approval, and what was approved.
    pub(super) review: Review,
    /// What counts as one by all that was recorded, from when it was first asked until more is recorded.
    pub(super) joined_by_all: OnceLock<Arc<Joined>>,
}

/// Whose hand takes something back or corrects it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hand {
    /// The desk's: it mends its own record.
    Desk,
    /// A source's.
    Source,
    /// That of the desk of a ledger from which the event did not come.
    Stranger,
}

impl World {
    /// Takes in the next event; those about one key leave it as it is.
    pub fn apply(&mut self, recorded: &Recorded) {
        self.joined_by_all.take();
        let is_by_a_stranger = match &recorded.event {
            Some(Event::Retracted(act)) => {
                let fact = ActFact::retraction(recorded, act);
                self.hand(&fact, || self.told.get(&act.target).copied()) == Hand::Stranger
            }
            _ => false,
        };
        if !is_by_a_stranger {
            self.catalogue.apply(recorded);
        }
        let seq = recorded.seq;
        match &recorded.event {
            Some(Event::SourceRegistered(source)) => {
                let first = self.catalogue.source_of_key(&source.key).unwrap_or(seq);
                if let Some(grade) = source.reliability {
                    self.ratings.entry(first).or_default().push((seq, grade));
                }
                self.kinds.entry(first).or_default().push((seq, source.kind));
            }
            Some(Event::SourceRated(rated)) => {
                self.ratings.entry(rated.source).or_default().push((seq, rated.reliability));
            }
            Some(Event::SourceLinked { source, to, .. }) => self.links.push((seq, *source, *to)),
            Some(Event::EntitiesJudged(judged)) => {
                let (entities, verdict) = (judged.entities, judged.verdict);
                self.judgements.push(JudgementFact { seq, entities, verdict });
            }
            Some(Event::ActorRegistered { of, .. }) => {
                self.ledgers.extend(of.map(|ledger| (seq, ledger)));
                return;
            }
            Some(Event::SettingChanged(setting)) => {
                self.review.set(recorded, setting);
                return;
            }
            Some(Event::AttributeDefined(_) | Event::EntityRegistered(_) | Event::EntityAliased { .. }) => {}
            Some(Event::Approved(act)) => self.review.approve(recorded, act.target),
            Some(Event::Retracted(act)) if self.told.contains_key(&act.target) => {
                let fact = ActFact::retraction(recorded, act);
                self.retractions.entry(act.target).or_default().push(fact);
                return;
            }
            _ => return,
        }
        self.told.insert(seq, recorded.first_actor());
    }

    /// The judgements of identity that were not taken back: the event, the two entities, and the verdict.
    pub fn judgements(&self) -> impl Iterator<Item = (Seq, [Seq; 2], Verdict)> {
        let all = self.judgements.iter().filter(|judged| !self.is_taken_back(judged.seq, LATEST, None));
        all.map(|judged| (judged.seq, judged.entities, judged.verdict))
    }

    /// The grades of sources that were not taken back: the source, the event, and the grade.
    pub fn grades(&self) -> impl Iterator<Item = (Seq, Seq, Reliability)> {
        let all =
            self.ratings.iter().flat_map(|(source, told)| told.iter().map(|(seq, grade)| (*source, *seq, *grade)));
        all.filter(|(_, seq, _)| !self.is_taken_back(*seq, LATEST, None))
    }

    /// Whether an event is about names, sources, identities or approvals, which can be taken back and are told here.
    #[must_use]
    pub fn tells(&self, seq: Seq) -> bool {
        self.told.contains_key(&seq)
    }

    /// The other ledger in which an actor acts; `None` if in this one.
    #[must_use]
    pub fn ledger_of(&self, actor: Seq) -> Option<Seq> {
        self.ledgers.get(&actor).copied()
    }

    /// Whose hand an act is, given who entered the event acted upon.
    pub(super) fn hand(&self, act: &ActFact, entered_by: impl FnOnce() -> Option<Seq>) -> Hand {
        match (act.by, self.ledger_of(act.actor)) {
            (Some(_), _) => Hand::Source,
            (None, None) => Hand::Desk,
            (None, of) if of == entered_by().and_then(|actor| self.ledger_of(actor)) => Hand::Desk,
            (None, Some(_)) => Hand::Stranger,
        }
    }

    /// Whether an event that is told here was taken back, as far as was recorded and said by then.
    pub(super) fn is_taken_back(&self, target: Seq, last: Seq, reported: Option<Instant>) -> bool {
        let acts = self.retractions.get(&target).into_iter().flatten().filter(|act| act.seq <= last);
        acts.into_iter().any(|act| match self.hand(act, || self.told.get(&act.target).copied()) {
            Hand::Desk => true,
            Hand::Source => reported.is_none_or(|reported| act.said().is_by(reported)),
            Hand::Stranger => false,
        })
    }

    /// The newest of some things told by events that were recorded and not taken back.
    fn newest<T: Copy>(&self, told: &[(Seq, T)], last: Seq, reported: Option<Instant>) -> Option<T> {
        let mut told = told.iter().rev().filter(|(seq, _)| *seq <= last);
        told.find(|(seq, _)| !self.is_taken_back(*seq, last, reported)).map(|(_, thing)| *thing)
    }

    /// The newest grade of a source.
    pub(super) fn reliability(&self, source: Seq, last: Seq, reported: Option<Instant>) -> Option<Reliability> {
        self.newest(self.ratings.get(&source)?, last, reported)
    }

    /// What a source is; what it was first said to be where all else was taken back.
    fn kind(&self, source: Seq, last: Seq, reported: Option<Instant>) -> Option<SourceKind> {
        let kinds = self.kinds.get(&source)?;
        self.newest(kinds, last, reported).or(kinds.first().map(|(_, kind)| *kind))
    }

    /// Whether a source has a name of its own.
    pub(super) fn is_named(&self, source: Seq, last: Seq, reported: Option<Instant>) -> bool {
        self.kind(source, last, reported).is_some_and(|kind| kind != SourceKind::Unnamed)
    }

    /// The attribute's definition that was recorded by then and not taken back; the first of all if there is none.
    pub(super) fn definition(
        &self,
        attribute: Seq,
        last: Seq,
        reported: Option<Instant>,
    ) -> Option<&crate::event::AttributeDefined> {
        let all = self.catalogue.definitions(attribute);
        let recorded = all.iter().rev().filter(|(seq, _)| *seq <= last);
        let mut live = recorded.filter(|(seq, _)| !self.is_taken_back(*seq, last, reported));
        live.next().or(all.first()).map(|(_, defined)| defined)
    }

    /// What had been joined by the events up to `last`. A judgement, and its retraction, is our own knowledge: it applies
    /// whatever was reported.
    #[must_use]
    pub fn joined(&self, last: Seq, reported: Option<Instant>) -> Joined {
        let mut joined = Joined::default();
        for judgement in self.judgements.iter().filter(|judgement| judgement.seq <= last) {
            if judgement.verdict == Verdict::Same && !self.is_taken_back(judgement.seq, last, None) {
                let [a, b] = judgement.entities;
                joined.entities.join(a, b);
            }
        }
        for (seq, source, to) in self.links.iter().filter(|(seq, ..)| *seq <= last) {
            let is_unnamed = |source: &Seq| self.kind(*source, last, reported) == Some(SourceKind::Unnamed);
            if !is_unnamed(source) && !is_unnamed(to) && !self.is_taken_back(*seq, last, reported) {
                joined.roots.join(*source, *to);
            }
        }
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Act, EntitiesJudged, SettingChanged, SettingName};
    use crate::projection::Horizon;

    #[test]
    fn what_counts_as_one_is_asked_anew_after_each_commit() {
        let mut world = World::default();
        let mut canonical_after = |seq: u64, event: Event| {
            let (seq, actor) = (Seq(seq), Seq(1));
            world.apply(&Recorded { seq, at_micros: 0, actor, event: Some(event), first: None });
            world.close_commit(seq, 0);
            world.at(Horizon::default()).canonical(Seq(3))
        };
        let act = Act { target: Seq(5), by: None, said_on: None, reason: "other".into(), id: None };
        let (entities, verdict) = ([Seq(2), Seq(3)], Verdict::Same);
        let setting = SettingChanged { name: SettingName::FourEyes, value: "off".into() };
        assert_eq!(canonical_after(4, Event::SettingChanged(setting)), Seq(3));
        let judged = EntitiesJudged { entities, verdict, reason: None, id: None };
        assert_eq!(canonical_after(5, Event::EntitiesJudged(judged)), Seq(2));
        assert_eq!(canonical_after(6, Event::Retracted(act)), Seq(3));
    }
}
