//! What the ledger's events come to, before any question is asked: claims, the acts upon them, and the
//! names they use. Built by one pass over the events in their order.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::world::World;
use crate::catalogue::Catalogue;
use crate::claim::{Claim, ClaimFact};
use crate::event::{ActFact, ActKind, Event, Recorded};
use crate::pieces::Pieces;
use crate::seq::Seq;

/// The event that added captured copies to a claim, and their digests.
type AddedCopies = (Seq, Vec<Box<str>>);

/// All that the fold needs of the events read so far.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// In the order of their events.
    claims: Pieces<ClaimFact>,
    claim_seqs: Vec<Seq>,
    /// The same claims as they were recorded, where they were read whole.
    recorded: Pieces<Claim>,
    pub(super) erased_claims: Vec<(Seq, Seq, Seq)>,
    pub(super) acts: BTreeMap<Seq, Vec<ActFact>>,
    /// From a successor to the correction that brought it and the claim it replaces.
    pub(super) corrections: BTreeMap<Seq, (Seq, Seq)>,
    /// Captured copies that were added to claims later, with the events that added them.
    references: BTreeMap<Seq, Vec<AddedCopies>>,
    /// What each act, by its event, acts upon.
    targets: BTreeMap<Seq, Seq>,
    /// Last event and recording time of every commit.
    pub(super) commits: Vec<(Seq, i64)>,
    /// What all keys share.
    pub world: Arc<World>,
}

impl Facts {
    /// Takes in the next event. `subject` and `attribute` are those of its envelope: they say which key an
    /// erased claim was about.
    pub fn apply(&mut self, recorded: Recorded, subject: Seq, attribute: Seq) {
        let (seq, recorded_day, actor) = (recorded.seq, recorded.last_day(), recorded.first_actor());
        self.take_shared(&recorded);
        self.apply_act(&recorded);
        match recorded.event {
            None if subject.0 != 0 => self.take_erased(seq, subject, attribute),
            Some(Event::ClaimAsserted(claim)) => {
                self.take_claim(ClaimFact::of(seq, recorded_day, actor, &claim));
                self.recorded.push(claim);
            }
            Some(Event::ReferenceAdded(added)) if !added.evidence.is_empty() => {
                self.references.entry(added.claim).or_default().push((seq, added.evidence));
            }
            _ => {}
        }
    }

    /// Takes in the next event as far as all keys share what it says.
    pub fn take_shared(&mut self, recorded: &Recorded) {
        Arc::make_mut(&mut self.world).apply(recorded);
    }

    /// Makes room for so many claims, of which no more is known than the fold needs.
    pub fn reserve(&mut self, claims: usize) {
        self.claims.reserve(claims);
        self.claim_seqs.reserve(claims);
    }

    /// Takes in the next claim, of which no more is known than the fold needs.
    pub fn take_claim(&mut self, fact: ClaimFact) {
        self.claim_seqs.push(fact.seq);
        self.claims.push(fact);
    }

    /// Takes in a claim that was erased.
    pub fn take_erased(&mut self, seq: Seq, subject: Seq, attribute: Seq) {
        self.erased_claims.push((seq, subject, attribute));
    }

    /// Takes in the next act.
    pub fn take_act(&mut self, act: ActFact) {
        // A claim replaces an earlier one; a forged ledger that says otherwise goes in no circle.
        if let ActKind::Corrected { successor } = act.kind
            && act.target < successor
        {
            self.corrections.insert(successor, (act.seq, act.target));
        }
        self.targets.insert(act.seq, act.target);
        self.acts.entry(act.target).or_default().push(act);
    }

    fn apply_act(&mut self, recorded: &Recorded) {
        let act = match &recorded.event {
            Some(Event::Retracted(act)) => ActFact::retraction(recorded, act),
            Some(Event::Disputed(act)) => ActFact::of(recorded, act, ActKind::Disputed, None),
            Some(Event::Corrected { act, successor }) => {
                ActFact::of(recorded, act, ActKind::Corrected { successor: *successor }, None)
            }
            Some(Event::Assessed(assessment)) => {
                let (kind, rating) = (ActKind::Assessed(assessment.verdict()), assessment.rating.clone());
                ActFact::of(recorded, &assessment.act, kind, Some(rating))
            }
            _ => return,
        };
        self.take_act(act);
    }

    /// Closes a commit: what came since the one before it counts together, as recorded at this time, in microseconds since
    /// 1970. Where only a part of a ledger is read, commits may become known in any order.
    pub fn close_commit(&mut self, last: Seq, at_micros: i64) {
        let place = self.commits.partition_point(|(own, _)| *own < last);
        if self.commits.get(place).is_none_or(|(own, _)| *own != last) {
            self.commits.insert(place, (last, at_micros));
        }
    }

    /// Notes runs of events that cannot be read, first and last, in order.
    pub fn note_missing(&mut self, runs: &[(Seq, Seq)]) {
        Arc::make_mut(&mut self.world).catalogue.note_missing(runs);
    }

    /// Notes that the name of an actor was erased.
    pub fn note_erased_actor(&mut self, seq: Seq) {
        Arc::make_mut(&mut self.world).catalogue.note_erased_actor(seq);
    }

    /// What the names stand for.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.world.catalogue
    }

    /// A claim as it was recorded; `None` if there is none, or it was not read whole.
    #[must_use]
    pub fn claim(&self, seq: Seq) -> Option<&Claim> {
        self.recorded.get(self.claim_seqs.binary_search(&seq).ok()?)
    }

    /// All claims as they were recorded, in the order of their events.
    pub fn claims(&self) -> impl Iterator<Item = (Seq, &Claim)> {
        self.claim_seqs.iter().copied().zip(self.recorded.iter())
    }

    /// What the fold needs of a claim.
    pub(super) fn fact(&self, seq: Seq) -> Option<&ClaimFact> {
        self.claims.get(self.claim_seqs.binary_search(&seq).ok()?)
    }

    /// The same of all claims, in the order of their events.
    pub(super) fn facts(&self) -> impl Iterator<Item = &ClaimFact> {
        self.claims.iter()
    }

    /// Of how many claims it is known.
    pub(super) fn facts_count(&self) -> usize {
        self.claim_seqs.len()
    }

    /// All acts upon an event, in their order.
    #[must_use]
    pub fn acts_on(&self, target: Seq) -> &[ActFact] {
        self.acts.get(&target).map_or(&[], Vec::as_slice)
    }

    /// An act by its event.
    pub(super) fn act(&self, seq: Seq) -> Option<&ActFact> {
        let acts = self.acts_on(*self.targets.get(&seq)?);
        acts.get(acts.binary_search_by_key(&seq, |act| act.seq).ok()?)
    }

    /// Whether captured copies were added to a claim after it was recorded.
    pub(super) fn has_references(&self, claim: Seq) -> bool {
        self.references.contains_key(&claim)
    }

    /// The captured copies that were added to a claim later, with the events that added them.
    pub(super) fn references(&self, claim: Seq) -> &[AddedCopies] {
        self.references.get(&claim).map_or(&[], Vec::as_slice)
    }

    /// Whether nothing was ever done with a claim, and it replaces none.
    pub(super) fn is_untouched(&self, claim: Seq) -> bool {
        !self.acts.contains_key(&claim) && !self.corrections.contains_key(&claim)
    }

    /// The correction that brought a claim, and the claim it replaces.
    #[must_use]
    pub fn correction_behind(&self, successor: Seq) -> Option<(Seq, Seq)> {
        self.corrections.get(&successor).copied()
    }
}
