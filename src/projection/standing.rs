//! Which claims stand at a horizon, and what others say of them: retractions, corrections, disputes, verdicts.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::horizon::Known;
use crate::claim::ClaimFact;
use crate::date::{Day, Said, Window};
use crate::event::{ActFact, ActKind};
use crate::seq::Seq;
use crate::value::ValueType;

impl<'a> Known<'a> {
    /// Whether a retraction of this event applies.
    fn is_taken_back(&self, target: Seq) -> bool {
        self.facts.acts_on(target).iter().any(|act| {
            act.kind == ActKind::Retracted
                && act.seq <= self.last
                && (act.by.is_none()
                    || self.is_said_by(said_day(act.said_on.as_ref().and_then(Said::window), act.recorded_day)))
        })
    }

    /// Whether an act upon a claim (other than a retraction) applies.
    fn applies(&self, act: &ActFact) -> bool {
        let is_correction = matches!(act.kind, ActKind::Corrected { .. });
        self.applies_by_itself(act) && (!is_correction || self.is_brought(act.target))
    }

    /// The same, whether or not its target is there.
    fn applies_by_itself(&self, act: &ActFact) -> bool {
        if act.seq > self.last || self.is_taken_back(act.seq) {
            return false;
        }
        match act.kind {
            ActKind::Corrected { .. } => act.by.is_none() || self.is_said_by(self.correction_day(act)),
            _ => self.is_said_by(said_day(act.said_on.as_ref().and_then(Said::window), act.recorded_day)),
        }
    }

    /// A correction is said on its own date, else its claim's, else the day it was recorded.
    fn correction_day(&self, act: &ActFact) -> Day {
        let own = act.said_on.as_ref().and_then(Said::window);
        let of_claim = || match act.kind {
            ActKind::Corrected { successor } => self.facts.fact(successor).and_then(|fact| fact.said()?.window()),
            _ => None,
        };
        said_day(own.or_else(of_claim), act.recorded_day)
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
                let said = self.facts.fact(*seq).map(|fact| self.successor_day(&successors, fact, act));
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

    /// The day on which a claim was said, and whether any date says so (if not, it is the day of recording). A
    /// successor without a date was said when the claim was that it replaces (by the desk), or when the correction was.
    pub(super) fn claim_day(&self, fact: &ClaimFact) -> (Day, bool) {
        claim_day(self.successors(), fact)
    }

    fn successor_day(&self, before: &BTreeMap<Seq, Successor>, fact: &ClaimFact, act: &ActFact) -> (Day, bool) {
        let own = own_day(fact);
        if own.1 {
            return own;
        }
        let (day, is_dated) = if act.by.is_some() {
            (self.correction_day(act), true)
        } else {
            self.facts.fact(act.target).filter(|old| old.seq < fact.seq).map_or(own, |old| claim_day(before, old))
        };
        // None of the line was said later than it was recorded.
        (day.min(fact.recorded_day), is_dated)
    }

    /// Why a recorded claim is not used, or what is said of it if it is.
    pub(super) fn standing(&self, fact: &ClaimFact) -> Standing {
        if self.reported.is_none() && self.facts.is_untouched(fact.seq) {
            return Standing::Live(SaidOfIt::default());
        }
        if !self.is_brought(fact.seq) {
            return Standing::Dropped(Dropped::CorrectionDoesNotApply);
        }
        let (day, is_dated) = self.claim_day(fact);
        if !self.is_said_by(day) {
            return Standing::Dropped(if is_dated { Dropped::NotYetSaid } else { Dropped::PossiblyKnown });
        }
        if self.is_taken_back(fact.seq) {
            return Standing::Dropped(Dropped::Retracted);
        }
        for act in self.facts.acts_on(fact.seq) {
            if let ActKind::Corrected { successor } = act.kind
                && self.applies(act)
            {
                return Standing::Dropped(Dropped::Corrected { successor });
            }
        }
        let said_of_it = self.said_of(fact);
        if said_of_it.is_rated_false && !said_of_it.is_rated_true {
            return Standing::Dropped(Dropped::RatedFalse);
        }
        Standing::Live(said_of_it)
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
        let mut newest: HashMap<Option<Seq>, (Seq, Option<bool>)> = HashMap::default();
        let mut said = SaidOfIt::default();
        for act in acts {
            match act.kind {
                ActKind::Disputed => said.disputes.push(act.seq),
                ActKind::Assessed(rating) => {
                    let checker = newest.entry(act.by).or_insert((act.seq, rating));
                    if checker.0 <= act.seq {
                        *checker = (act.seq, rating);
                    }
                }
                _ => {}
            }
        }
        said.is_rated_true = newest.values().any(|(_, rating)| *rating == Some(true));
        said.is_rated_false = newest.values().any(|(_, rating)| *rating == Some(false));
        said
    }

    fn is_same_statement(&self, a: &ClaimFact, b: &ClaimFact) -> bool {
        let value_type = self.attribute(a.attribute).map_or(ValueType::Text, |defined| defined.value_type);
        a.polarity == b.polarity
            && a.valid == b.valid
            && self.identity(&a.value, value_type) == self.identity(&b.value, value_type)
    }
}

/// What is known of a claim that replaced another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Successor {
    /// Whether every correction behind it applies.
    is_brought: bool,
    /// The day on which it was said, and whether a date says so.
    said: Option<(Day, bool)>,
}

fn is_brought(successors: &BTreeMap<Seq, Successor>, claim: Seq) -> bool {
    successors.get(&claim).is_none_or(|successor| successor.is_brought)
}

fn claim_day(successors: &BTreeMap<Seq, Successor>, fact: &ClaimFact) -> (Day, bool) {
    successors.get(&fact.seq).and_then(|successor| successor.said).unwrap_or_else(|| own_day(fact))
}

/// The day on which a claim was said by its own word, and whether it has one.
fn own_day(fact: &ClaimFact) -> (Day, bool) {
    fact.said()
        .and_then(Said::window)
        .map_or((fact.recorded_day, false), |window| (window.latest.min(fact.recorded_day), true))
}

/// A said day: the latest its date can mean, but never after the recording; without one, the recording.
fn said_day(said_on: Option<Window>, recorded_day: Day) -> Day {
    said_on.map_or(recorded_day, |window| window.latest.min(recorded_day))
}

/// Why a claim is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// It was taken back.
    Retracted,
    /// It was replaced.
    Corrected {
        /// By this claim.
        successor: Seq,
    },
    /// It came by a correction that was taken back or not yet said.
    CorrectionDoesNotApply,
    /// A checker rated it False, and none True.
    RatedFalse,
    /// It was said later than asked.
    NotYetSaid,
    /// It has no date of saying and was recorded later than asked: it may have been known.
    PossiblyKnown,
    /// Its payload was erased.
    Erased,
}

/// What others say of a live claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SaidOfIt {
    pub(super) disputes: Vec<Seq>,
    pub(super) is_rated_true: bool,
    pub(super) is_rated_false: bool,
}

/// Whether a claim is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Live(SaidOfIt),
    Dropped(Dropped),
}
