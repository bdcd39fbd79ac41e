//! What stands of claims and acts: kept as events come, so that asking takes no longer for a claim with many acts or
//! at the end of a long line of corrections.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet};

use crate::event::{Act, By, Event};
use crate::seq::Seq;

/// What retractions, corrections and verdicts have left standing.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// The first retraction of an event.
    retractions: HashMap<Seq, Seq>,
    /// The corrections of a claim that were not taken back.
    corrections: HashMap<Seq, BTreeSet<Seq>>,
    /// What a correction corrects, and by what.
    corrected: HashMap<Seq, (Seq, Seq)>,
    /// The claims that replaced a claim.
    successors: HashMap<Seq, Vec<Seq>>,
    /// Claims of which a correction behind them was taken back.
    unbrought: HashSet<Seq>,
    /// Whose verdict an assessment is, on which claim.
    assessments: HashMap<Seq, (Seq, By)>,
    verdicts: HashMap<Seq, Verdicts>,
}

impl Standing {
    /// Takes in an event; in which order makes no difference.
    pub(super) fn apply(&mut self, seq: Seq, event: &Event) {
        match event {
            Event::Retracted(act) => self.retract(seq, act.target),
            Event::Corrected { act, successor } => self.correct(seq, act, *successor),
            Event::Assessed(assessment) if !self.retractions.contains_key(&seq) => {
                let Act { target, by, .. } = assessment.act;
                let rating = assessment.verdict();
                self.assessments.insert(seq, (target, by));
                self.verdicts.entry(target).or_default().change(by, |own| {
                    own.insert(seq, rating);
                });
            }
            _ => {}
        }
    }

    fn retract(&mut self, seq: Seq, target: Seq) {
        if let Some(first) = self.retractions.get_mut(&target) {
            *first = seq.min(*first);
            return;
        }
        self.retractions.insert(target, seq);
        if let Some((claim, by)) = self.assessments.get(&target) {
            self.verdicts.entry(*claim).or_default().change(*by, |own| {
                own.remove(&target);
            });
        }
        if let Some((claim, successor)) = self.corrected.get(&target).copied() {
            self.corrections.entry(claim).or_default().remove(&target);
            if claim < successor {
                self.lose(successor);
            }
        }
    }

    fn correct(&mut self, seq: Seq, act: &Act, successor: Seq) {
        let is_retracted = self.retractions.contains_key(&seq);
        self.corrected.insert(seq, (act.target, successor));
        if !is_retracted {
            self.corrections.entry(act.target).or_default().insert(seq);
        }
        // As in the projection: no circles, whatever a forged ledger says.
        if act.target < successor {
            self.successors.entry(act.target).or_default().push(successor);
            if is_retracted || self.unbrought.contains(&act.target) {
                self.lose(successor);
            }
        }
    }

    /// A claim goes with the correction that brought it, and whatever replaced it since.
    fn lose(&mut self, claim: Seq) {
        let mut going = vec![claim];
        while let Some(claim) = going.pop() {
            if self.unbrought.insert(claim) {
                going.extend(self.successors.get(&claim).into_iter().flatten());
            }
        }
    }

    /// The first retraction of an event.
    pub(super) fn retraction_of(&self, seq: Seq) -> Option<Seq> {
        self.retractions.get(&seq).copied()
    }

    /// The correction of a claim that stands.
    pub(super) fn correction_of(&self, claim: Seq) -> Option<Seq> {
        self.corrections.get(&claim)?.first().copied()
    }

    /// The claim by which a correction replaced another.
    pub(super) fn successor_of(&self, correction: Seq) -> Option<Seq> {
        self.corrected.get(&correction).map(|(_, successor)| *successor)
    }

    /// Whether a claim stands, as far as everything recorded goes.
    pub(super) fn is_live(&self, claim: Seq) -> bool {
        !self.retractions.contains_key(&claim)
            && self.correction_of(claim).is_none()
            && !self.unbrought.contains(&claim)
            && self.verdicts.get(&claim).is_none_or(|verdicts| verdicts.falses == 0 || verdicts.trues > 0)
    }
}

/// The verdicts on a claim: each checker's newest counts.
#[derive(Debug, Default)]
struct Verdicts {
    by: HashMap<By, BTreeMap<Seq, Option<bool>>>,
    trues: usize,
    falses: usize,
}

impl Verdicts {
    fn change(&mut self, by: By, change: impl FnOnce(&mut BTreeMap<Seq, Option<bool>>)) {
        let own = self.by.entry(by).or_default();
        let newest = |own: &BTreeMap<Seq, Option<bool>>| own.last_key_value().and_then(|(_, rating)| *rating);
        let before = newest(own);
        change(own);
        let after = newest(own);
        for (rating, count) in [(true, &mut self.trues), (false, &mut self.falses)] {
            *count += usize::from(after == Some(rating));
            *count -= usize::from(before == Some(rating));
        }
    }
}
