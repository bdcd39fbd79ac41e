//! Which claims stand at a horizon, and what others say of them: retractions, corrections, disputes, verdicts.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::horizon::Known;
use super::review::Waits;
use super::same_time::is_same_time;
use super::successor::{SaidAt, Successor, by_own_word, claim_said, is_brought, own_said};
use super::world::Hand;
use crate::claim::ClaimFact;
use crate::date::Instant;
use crate::event::{ActFact, ActKind};
use crate::seq::Seq;
use crate::value::ValueType;

impl<'a> Known<'a> {
    /// The retraction of an event that applies, if there is one: by the desk whatever was said, by a source from when it was
    /// said.
    pub(super) fn retraction(&self, target: Seq) -> Option<Seq> {
        let applies = |act: &&ActFact| {
            act.kind == ActKind::Retracted
                && act.seq <= self.last
                && match self.hand(act) {
                    Hand::Desk => true,
                    Hand::Source => self.is_said_by(act.said()),
                    Hand::Stranger => false,
                }
        };
        self.facts.acts_on(target).iter().find(applies).map(|act| act.seq)
    }

    /// Whose hand takes back or corrects. The desk of another ledger is the desk for what came from there, and for nothing
    /// else.
    fn hand(&self, act: &ActFact) -> Hand {
        let of_target = || {
            let claim = self.facts.fact(act.target).map(|fact| fact.actor);
            claim.or_else(|| self.facts.act(act.target).map(|act| act.actor))
        };
        self.world.hand(act, of_target)
    }

    /// Whether an act upon a claim (other than a retraction) applies.
    fn applies(&self, act: &ActFact) -> bool {
        let is_correction = matches!(act.kind, ActKind::Corrected { .. });
        self.applies_by_itself(act) && (!is_correction || self.is_brought(act.target))
    }

    /// Whether an act applies, whether or not its target is there.
    fn applies_by_itself(&self, act: &ActFact) -> bool {
        if act.seq > self.last || self.retraction(act.seq).is_some() {
            return false;
        }
        match act.kind {
            ActKind::Corrected { .. } => match self.hand(act) {
                Hand::Desk => true,
                Hand::Source => self.is_said_by(self.correction_said(act)),
                Hand::Stranger => false,
            },
            _ => self.is_said_by(act.said()),
        }
    }

    /// A correction is said on its own date, else its new claim's, else when it was recorded; and never before its new claim.
    fn correction_said(&self, act: &ActFact) -> Instant {
        let of_claim = match act.kind {
            ActKind::Corrected { successor } => self.facts.fact(successor).and_then(own_said),
            _ => None,
        };
        match (act.own_said(), of_claim) {
            (Some(own), Some(claim)) => own.later(claim),
            (own, claim) => own.or(claim).unwrap_or(act.said()),
        }
    }

    /// Whether a claim is there by its own right, or by a correction that applies to one that is there.
    fn is_brought(&self, claim: Seq) -> bool {
        is_brought(self.successors(), claim)
    }

    /// What depends, for every claim that replaced another, on the whole line before it. A claim replaces an earlier
    /// one, so that in the order of the events each finds the one before it done.
    fn successors(&self) -> &BTreeMap<Seq, Successor> {
        self.successors.get_or_init(|| {
            let mut successors = BTreeMap::new();
            for seq in self.facts.corrections.keys() {
                let Some(act) = self.correction_act(*seq) else { continue };
                let is_brought = self.applies_by_itself(act) && is_brought(&successors, act.target);
                let said = self.facts.fact(*seq).map(|fact| self.successor_said(&successors, fact, act));
                successors.insert(*seq, Successor { is_brought, said });
            }
            successors
        })
    }

    fn correction_act(&self, successor: Seq) -> Option<&'a ActFact> {
        let (correction, old) = self.facts.correction_behind(successor)?;
        let acts = self.facts.acts_on(old);
        acts.get(acts.binary_search_by_key(&correction, |act| act.seq).ok()?)
    }

    /// When a claim was said. A successor without a date was said when the claim was that it replaces (by the desk), or when
    /// the correction was (by the source).
    pub(in crate::projection) fn claim_said(&self, fact: &ClaimFact) -> SaidAt {
        claim_said(self.successors(), fact)
    }

    fn successor_said(&self, before: &BTreeMap<Seq, Successor>, fact: &ClaimFact, act: &ActFact) -> SaidAt {
        let own = by_own_word(fact);
        if own.is_dated {
            return own;
        }
        let taken = if act.by.is_some() {
            SaidAt { at: self.correction_said(act), is_dated: act.own_said().is_some() }
        } else {
            let old = self.facts.fact(act.target).filter(|old| old.seq < fact.seq);
            old.map_or(own, |old| claim_said(before, old))
        };
        SaidAt { at: taken.at.not_after(fact.recorded_day), ..taken }
    }

    /// Why a recorded claim is not used, or what is said of it if it is.
    pub(in crate::projection) fn standing(&self, fact: &ClaimFact) -> Standing {
        if self.reported.is_none() && self.facts.is_untouched(fact.seq) {
            return Standing::Live(SaidOfIt::default());
        }
        if !self.is_brought(fact.seq) {
            return Standing::Dropped(Dropped::CorrectionDoesNotApply);
        }
        let said = self.claim_said(fact);
        if !self.is_said_by(said.at) {
            return Standing::Dropped(if said.is_dated { Dropped::NotYetSaid } else { Dropped::PossiblyKnown });
        }
        if let Some(by) = self.retraction(fact.seq) {
            return Standing::Dropped(Dropped::Retracted { by });
        }
        for act in self.facts.acts_on(fact.seq) {
            if let ActKind::Corrected { successor } = act.kind
                && self.applies(act)
            {
                return Standing::Dropped(Dropped::Corrected { successor });
            }
        }
        let said_of_it = self.said_of(fact);
        match said_of_it.rated_false {
            Some(by) if !said_of_it.is_rated_true => Standing::Dropped(Dropped::RatedFalse { by }),
            _ => Standing::Live(said_of_it),
        }
    }

    /// Disputes and verdicts on a claim, with those that carry over from claims it replaces.
    fn said_of(&self, fact: &ClaimFact) -> SaidOfIt {
        let mut acts: Vec<&ActFact> = Vec::new();
        let mut current = fact;
        loop {
            acts.extend(self.facts.acts_on(current.seq).iter().filter(|act| self.applies(act)));
            let older = self.facts.correction_behind(current.seq).and_then(|(_, old)| self.facts.fact(old));
            match older.filter(|old| old.seq < current.seq && self.is_same_statement(old, fact)) {
                Some(old) => current = old,
                None => break,
            }
        }
        acts.sort_by_key(|act| act.seq);
        let mut newest: HashMap<Checker, &ActFact> = HashMap::default();
        let mut said = SaidOfIt::default();
        for act in acts {
            match act.kind {
                ActKind::Disputed => said.disputes.push(act.seq),
                ActKind::Assessed(_) => {
                    let checker = act.by.map_or(Checker::Actor(act.actor), Checker::Source);
                    let known = newest.entry(checker).or_insert(act);
                    if !self.is_later_there(known, act) {
                        *known = act;
                    }
                }
                _ => {}
            }
        }
        let rated = |wanted| newest.values().filter(move |act| act.kind == ActKind::Assessed(Some(wanted)));
        said.is_rated_true = rated(true).next().is_some();
        said.rated_false = rated(false).map(|act| act.seq).min();
        said.is_waiting = newest.values().any(|act| self.is_waiting(act.seq, act.actor, Waits::Verdict));
        said
    }

    /// Whether one verdict was recorded later than another in the ledger from which both came.
    fn is_later_there(&self, one: &ActFact, other: &ActFact) -> bool {
        let there = |act: &ActFact| Some((self.world.ledger_of(act.actor)?, act.seq_there?));
        there(one).zip(there(other)).is_some_and(|(one, other)| one.0 == other.0 && one.1 > other.1)
    }

    fn is_same_statement(&self, a: &ClaimFact, b: &ClaimFact) -> bool {
        let value_type = self.attribute(a.attribute).map_or(ValueType::Text, |defined| defined.value_type);
        self.canonical(a.subject) == self.canonical(b.subject)
            && a.attribute == b.attribute
            && a.polarity == b.polarity
            && is_same_time(&a.valid, &b.valid)
            && self.identity(&a.value, value_type) == self.identity(&b.value, value_type)
    }
}

/// Who gives verdicts: a source, or at the desk the actor who entered it.
#[derive(PartialEq, Eq, Hash)]
enum Checker {
    Source(Seq),
    Actor(Seq),
}

/// Why a claim is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// It was taken back.
    Retracted {
        /// By this retraction.
        by: Seq,
    },
    /// It was replaced.
    Corrected {
        /// By this claim.
        successor: Seq,
    },
    /// It came by a correction that was taken back or not yet said.
    CorrectionDoesNotApply,
    /// A checker rated it False, and none True.
    RatedFalse {
        /// By this verdict, the first of several.
        by: Seq,
    },
    /// It was said later than asked.
    NotYetSaid,
    /// It has no date of saying and was recorded later than asked: it may have been known.
    PossiblyKnown,
    /// Its payload was erased.
    Erased,
}

/// What others say of a live claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::projection) struct SaidOfIt {
    pub(in crate::projection) disputes: Vec<Seq>,
    pub(in crate::projection) is_rated_true: bool,
    /// By which verdict, the first of several.
    pub(in crate::projection) rated_false: Option<Seq>,
    /// Whether one of the verdicts waits for approval.
    pub(in crate::projection) is_waiting: bool,
}

/// Whether a claim is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::projection) enum Standing {
    Live(SaidOfIt),
    Dropped(Dropped),
}
