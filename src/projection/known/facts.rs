//! The claims of a key, and the acts upon them: all that the fold has to know of one (subject, attribute) besides what all
//! keys share.

use std::collections::BTreeMap;

use crate::claim::ClaimFact;
use crate::event::{ActFact, ActKind, Event, Recorded};
use crate::seq::Seq;

/// The event that added captured copies to a claim, and their digests.
type AddedCopies = (Seq, Vec<Box<str>>);

/// What one event says of a key, in the fold's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A claim.
    Claim(ClaimFact),
    /// An act upon a claim or upon another act.
    Act(ActFact),
    /// Captured copies that were added to a claim.
    Copies {
        /// The claim.
        claim: Seq,
        /// The event that added them.
        seq: Seq,
        /// Their digests.
        digests: Vec<Box<str>>,
    },
    /// An event whose payload was erased.
    Erased(Seq),
}

impl Row {
    /// What an event says of a key; `None` if it says nothing of one. Its envelope says which key that is: what a claim was
    /// about is known after its payload was erased.
    #[must_use]
    pub fn of(recorded: &Recorded) -> Option<Row> {
        let act = |act, kind, rating| Some(Row::Act(ActFact::of(recorded, act, kind, rating)));
        let Some(event) = &recorded.event else { return Some(Row::Erased(recorded.seq)) };
        match event {
            Event::ClaimAsserted(claim) => {
                let (day, actor) = (recorded.last_day(), recorded.first_actor());
                Some(Row::Claim(ClaimFact::of(recorded.seq, day, actor, claim)))
            }
            Event::ReferenceAdded(added) if !added.evidence.is_empty() => {
                Some(Row::Copies { claim: added.claim, seq: recorded.seq, digests: added.evidence.clone() })
            }
            Event::Retracted(retracted) => act(retracted, ActKind::Retracted, None),
            Event::Disputed(disputed) => act(disputed, ActKind::Disputed, None),
            Event::Corrected { act: corrected, successor } => {
                act(corrected, ActKind::Corrected { successor: *successor }, None)
            }
            Event::Assessed(given) => act(&given.act, ActKind::Assessed(given.verdict()), Some(given.rating.clone())),
            _ => None,
        }
    }

    /// The event.
    #[must_use]
    pub fn seq(&self) -> Seq {
        match self {
            Row::Claim(fact) => fact.seq,
            Row::Act(act) => act.seq,
            Row::Copies { seq, .. } | Row::Erased(seq) => *seq,
        }
    }
}

/// The rows of a key, or of a few keys that hang together.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// In the order of their events.
    claims: Vec<ClaimFact>,
    /// Erased events, with what they were about.
    pub(in crate::projection) erased: Vec<(Seq, (Seq, Seq))>,
    acts: BTreeMap<Seq, Vec<ActFact>>,
    /// From a successor to the correction that brought it and the claim it replaces.
    pub(super) corrections: BTreeMap<Seq, (Seq, Seq)>,
    /// Captured copies that were added to claims later.
    references: BTreeMap<Seq, Vec<AddedCopies>>,
    /// What each act, by its event, acts upon.
    targets: BTreeMap<Seq, Seq>,
}

impl Facts {
    /// Of rows in any order, each with the subject and attribute it is about.
    pub fn of(rows: impl IntoIterator<Item = ((Seq, Seq), Row)>) -> Facts {
        let (mut facts, rows) = (Facts::default(), rows.into_iter());
        facts.claims.reserve(rows.size_hint().0);
        for (about, row) in rows {
            match row {
                Row::Claim(fact) => facts.claims.push(fact),
                Row::Act(act) => facts.take_act(act),
                Row::Copies { claim, seq, digests } => facts.references.entry(claim).or_default().push((seq, digests)),
                Row::Erased(seq) => facts.erased.push((seq, about)),
            }
        }
        // A claim is long: each is moved once.
        if !facts.claims.is_sorted_by_key(|fact| fact.seq) {
            facts.claims.sort_by_cached_key(|fact| fact.seq);
        }
        facts.erased.sort_unstable();
        facts.references.values_mut().for_each(|added| added.sort_by_key(|(seq, _)| *seq));
        facts.acts.values_mut().for_each(|acts| acts.sort_by_key(|act| act.seq));
        facts
    }

    fn take_act(&mut self, act: ActFact) {
        // A claim replaces an earlier one; a forged ledger that says otherwise goes in no circle.
        if let ActKind::Corrected { successor } = act.kind
            && act.target < successor
        {
            let newest = self.corrections.entry(successor).or_insert((act.seq, act.target));
            *newest = (*newest).max((act.seq, act.target));
        }
        self.targets.insert(act.seq, act.target);
        self.acts.entry(act.target).or_default().push(act);
    }

    /// What the fold needs of a claim.
    pub(in crate::projection) fn fact(&self, seq: Seq) -> Option<&ClaimFact> {
        self.claims.get(self.claims.binary_search_by_key(&seq, |fact| fact.seq).ok()?)
    }

    /// All claims, in the order of their events.
    #[must_use]
    pub fn claims(&self) -> &[ClaimFact] {
        &self.claims
    }

    /// All acts upon an event, in their order.
    #[must_use]
    pub fn acts_on(&self, target: Seq) -> &[ActFact] {
        self.acts.get(&target).map_or(&[], Vec::as_slice)
    }

    /// An act by its event.
    pub(in crate::projection) fn act(&self, seq: Seq) -> Option<&ActFact> {
        let acts = self.acts_on(*self.targets.get(&seq)?);
        acts.get(acts.binary_search_by_key(&seq, |act| act.seq).ok()?)
    }

    /// Whether captured copies were added to a claim after it was recorded.
    pub(in crate::projection) fn has_references(&self, claim: Seq) -> bool {
        self.references.contains_key(&claim)
    }

    /// The captured copies that were added to a claim later, with the events that added them.
    pub(super) fn references(&self, claim: Seq) -> &[AddedCopies] {
        self.references.get(&claim).map_or(&[], Vec::as_slice)
    }

    /// Whether nothing was ever done with a claim, and it replaces none.
    #[must_use]
    pub fn is_untouched(&self, claim: Seq) -> bool {
        !self.acts.contains_key(&claim) && !self.corrections.contains_key(&claim)
    }

    /// The correction that brought a claim, and the claim it replaces.
    #[must_use]
    pub fn correction_behind(&self, successor: Seq) -> Option<(Seq, Seq)> {
        self.corrections.get(&successor).copied()
    }
}
