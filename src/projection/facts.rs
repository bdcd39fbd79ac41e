//! What the ledger's events come to, before any question is asked: claims, the acts upon them, and the
//! names they use. Built by one pass over the events in their order.

use std::collections::HashMap;

use crate::catalogue::Catalogue;
use crate::claim::Claim;
use crate::date::{Bound, Day};
use crate::event::{By, Event, Recorded, Verdict};
use crate::pieces::Pieces;
use crate::seq::Seq;
use crate::source::Reliability;

/// A claim and when it was recorded.
#[derive(Clone, Debug)]
pub struct ClaimFact {
    /// Its event.
    pub seq: Seq,
    /// The UTC day on which it was recorded.
    pub recorded_day: Day,
    /// What was claimed.
    pub claim: Claim,
}

/// What an act does to its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActKind {
    /// Takes it back.
    Retracted,
    /// Replaces it by another claim.
    Corrected {
        /// The claim that replaces it.
        successor: Seq,
    },
    /// Disputes it.
    Disputed,
    /// Gives a verdict on it: `Some(true)` True, `Some(false)` False, `None` any other word.
    Assessed(Option<bool>),
}

/// An act upon an earlier event.
#[derive(Clone, Debug)]
pub struct ActFact {
    /// Its event.
    pub seq: Seq,
    /// The UTC day on which it was recorded.
    pub recorded_day: Day,
    /// What it acts upon.
    pub target: Seq,
    /// Who acts; `None` is the desk.
    pub by: By,
    /// When it was said.
    pub said_on: Option<Bound>,
    /// What it does.
    pub kind: ActKind,
    /// Why.
    pub reason: Box<str>,
}

/// A judgement of identity.
#[derive(Clone, Debug)]
pub(super) struct JudgementFact {
    pub(super) seq: Seq,
    pub(super) entities: Vec<Seq>,
    pub(super) verdict: Verdict,
}

/// All that the fold needs of the events read so far.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// In the order of their events.
    claims: Pieces<ClaimFact>,
    claim_seqs: Vec<Seq>,
    pub(super) erased_claims: Vec<(Seq, Seq, Seq)>,
    pub(super) acts: HashMap<Seq, Vec<ActFact>>,
    /// From a successor to the correction that brought it and the claim it replaces.
    pub(super) corrections: HashMap<Seq, (Seq, Seq)>,
    pub(super) judgements: Vec<JudgementFact>,
    pub(super) links: Vec<(Seq, Seq, Seq)>,
    /// The grades of each source, in the order of their events.
    ratings: HashMap<Seq, Vec<(Seq, Reliability)>>,
    /// What the names stand for.
    pub catalogue: Catalogue,
    /// Last event and recording time of every commit.
    pub(super) commits: Vec<(Seq, i64)>,
}

impl Facts {
    /// Takes in the next event. `subject` and `attribute` are those of its envelope: they say which key an
    /// erased claim was about.
    pub fn apply(&mut self, recorded: Recorded, subject: Seq, attribute: Seq) {
        let (seq, recorded_day) = (recorded.seq, recorded.day());
        self.catalogue.apply(&recorded);
        match recorded.event {
            None if subject.0 != 0 => self.erased_claims.push((seq, subject, attribute)),
            None => {}
            Some(Event::ClaimAsserted(claim)) => {
                self.claim_seqs.push(seq);
                self.claims.push(ClaimFact { seq, recorded_day, claim });
            }
            Some(Event::SourceRegistered(source)) => {
                let first = self.catalogue.source_of_key(&source.key).unwrap_or(seq);
                if let Some(grade) = source.reliability {
                    self.ratings.entry(first).or_default().push((seq, grade));
                }
            }
            Some(Event::SourceRated(rated)) => {
                self.ratings.entry(rated.source).or_default().push((seq, rated.reliability));
            }
            Some(Event::SourceLinked { source, to, .. }) => self.links.push((seq, source, to)),
            Some(Event::EntitiesJudged(judged)) => {
                self.judgements.push(JudgementFact { seq, entities: judged.entities, verdict: judged.verdict });
            }
            Some(event) => self.apply_act(seq, recorded_day, event),
        }
    }

    fn apply_act(&mut self, seq: Seq, recorded_day: Day, event: Event) {
        let (act, kind) = match event {
            Event::Retracted(act) => (act, ActKind::Retracted),
            Event::Disputed(act) => (act, ActKind::Disputed),
            Event::Corrected { act, successor } => {
                // A claim replaces an earlier one; a forged ledger that says otherwise goes in no circle.
                if act.target < successor {
                    self.corrections.insert(successor, (seq, act.target));
                }
                (act, ActKind::Corrected { successor })
            }
            Event::Assessed(assessment) => {
                let rating = match &*assessment.rating {
                    "true" => Some(true),
                    "false" => Some(false),
                    _ => None,
                };
                (assessment.act, ActKind::Assessed(rating))
            }
            _ => return,
        };
        let (target, by) = (act.target, act.by);
        let act = ActFact { seq, recorded_day, target, by, said_on: act.said_on, kind, reason: act.reason };
        self.acts.entry(target).or_default().push(act);
    }

    /// Closes a commit: what came since the last one counts together, as recorded at this time.
    pub fn close_commit(&mut self, last: Seq, at_micros: i64) {
        self.commits.push((last, at_micros));
    }

    /// Forgets claims, what was done with them, and commits. Names, grades, judgements and links stay.
    pub fn forget_claims(&mut self) {
        (self.claims, self.claim_seqs) = (Pieces::default(), Vec::new());
        self.erased_claims.clear();
        self.acts.clear();
        self.corrections.clear();
        self.commits.clear();
    }

    /// The claim of an event.
    #[must_use]
    pub fn claim(&self, seq: Seq) -> Option<&ClaimFact> {
        self.claims.get(self.claim_seqs.binary_search(&seq).ok()?)
    }

    /// All claims, in the order of their events.
    pub fn claims(&self) -> impl Iterator<Item = &ClaimFact> {
        self.claims.iter()
    }

    /// All acts upon an event, in their order.
    #[must_use]
    pub fn acts_on(&self, target: Seq) -> &[ActFact] {
        self.acts.get(&target).map_or(&[], Vec::as_slice)
    }

    /// The newest grade of a source, as of an event.
    pub(super) fn reliability(&self, source: Seq, last: Seq) -> Option<Reliability> {
        let grades = self.ratings.get(&source)?.iter();
        grades.rev().find(|(seq, _)| *seq <= last).map(|(_, grade)| *grade)
    }

    /// The correction that brought a claim, and the claim it replaces.
    #[must_use]
    pub fn correction_behind(&self, successor: Seq) -> Option<(Seq, Seq)> {
        self.corrections.get(&successor).copied()
    }
}
