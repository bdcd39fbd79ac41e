//! What stands of claims and acts: kept as events come, so that asking takes no longer for a claim with many acts or
//! at the end of a long line of corrections.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet};

use crate::event::{Act, By, Event};
use crate::seq::Seq;

/// Whose a verdict is: a source's, or at the desk that of the actor who entered it, here or in another ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::ledger) enum Checker {
    Source(Seq),
    Actor(Seq),
}

impl Checker {
    /// Who gives the verdict of an act that this actor entered.
    pub(in crate::ledger::knowledge) fn of(act: &Act, actor: Seq) -> Checker {
        act.by.map_or(Checker::Actor(actor), Checker::Source)
    }
}

/// What has become of an event since it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// It was taken back.
    Retracted {
        /// By this event.
        by: Seq,
    },
    /// It was replaced.
    Corrected {
        /// By this correction.
        by: Seq,
        /// By this claim.
        successor: Seq,
    },
    /// A checker rated it False, and none True.
    RatedFalse {
        /// By this assessment.
        by: Seq,
    },
    /// It came by a correction that was taken back, or that does not count here.
    NotBrought,
    /// Its payload was erased.
    Erased {
        /// By this event.
        by: Seq,
    },
}

/// Who acted, and why.
#[derive(Clone, Debug)]
pub(in crate::ledger) struct Told {
    pub(in crate::ledger::knowledge) by: By,
    /// Who entered it.
    pub(in crate::ledger::knowledge) actor: Seq,
    pub(in crate::ledger) reason: Box<str>,
}

/// What retractions, corrections and verdicts have left standing.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Standing {
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
    /// Whose verdict an assessment is, on which claim, and its place among those of its checker.
    assessments: HashMap<Seq, (Seq, Checker, u64)>,
    verdicts: HashMap<Seq, Verdicts>,
    /// Who takes back, corrects and gives verdicts, and why.
    told: HashMap<Seq, Told>,
}

impl Standing {
    /// Takes in an event that this actor entered; in which order makes no difference. `order` is its place among the verdicts
    /// of one checker: the number that it has where it was entered first. A retraction or a correction by somebody who may not
    /// is none: it takes back nothing, and brings no claim.
    pub(in crate::ledger::knowledge) fn apply(&mut self, seq: Seq, event: &Event, actor: Seq, order: u64, may: bool) {
        let act = match event {
            Event::Retracted(act) => {
                if may {
                    self.retract(seq, act.target);
                }
                act
            }
            Event::Corrected { act, successor } => {
                if may {
                    self.correct(seq, act, *successor);
                } else {
                    self.lose(*successor);
                }
                act
            }
            Event::Assessed(assessment) => {
                let (act, checker) = (&assessment.act, Checker::of(&assessment.act, actor));
                if !self.retractions.contains_key(&seq) {
                    let rating = assessment.verdict();
                    self.assessments.insert(seq, (act.target, checker, order));
                    self.verdicts.entry(act.target).or_default().change(checker, |own| {
                        own.insert((order, seq), rating);
                    });
                }
                act
            }
            _ => return,
        };
        self.told.insert(seq, Told { by: act.by, actor, reason: act.reason.clone() });
    }

    fn retract(&mut self, seq: Seq, target: Seq) {
        if let Some(first) = self.retractions.get_mut(&target) {
            *first = seq.min(*first);
            return;
        }
        self.retractions.insert(target, seq);
        if let Some((claim, checker, order)) = self.assessments.get(&target) {
            self.verdicts.entry(*claim).or_default().change(*checker, |own| {
                own.remove(&(*order, target));
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
    pub(in crate::ledger) fn retraction_of(&self, seq: Seq) -> Option<Seq> {
        self.retractions.get(&seq).copied()
    }

    /// The correction of a claim that stands.
    pub(in crate::ledger) fn correction_of(&self, claim: Seq) -> Option<Seq> {
        self.corrections.get(&claim)?.first().copied()
    }

    /// The claim by which a correction replaced another.
    pub(in crate::ledger) fn successor_of(&self, correction: Seq) -> Option<Seq> {
        self.corrected.get(&correction).map(|(_, successor)| *successor)
    }

    /// What has become of an event, but for its erasure; `None`: it stands.
    pub(in crate::ledger::knowledge) fn became(&self, seq: Seq) -> Option<Became> {
        if let Some(by) = self.retraction_of(seq) {
            return Some(Became::Retracted { by });
        }
        if self.unbrought.contains(&seq) {
            return Some(Became::NotBrought);
        }
        if let Some(by) = self.correction_of(seq) {
            return Some(Became::Corrected { by, successor: self.successor_of(by).unwrap_or(by) });
        }
        self.verdicts.get(&seq).and_then(Verdicts::rated_false).map(|by| Became::RatedFalse { by })
    }

    /// Who acted by this event, and why.
    pub(in crate::ledger) fn told(&self, act: Seq) -> Option<&Told> {
        self.told.get(&act)
    }
}

/// The verdicts on a claim: each checker's newest counts.
#[derive(Debug, Default)]
struct Verdicts {
    by: HashMap<Checker, BTreeMap<(u64, Seq), Option<bool>>>,
    trues: usize,
    falses: usize,
}

impl Verdicts {
    /// The first verdict that it is false, if none is that it is true.
    fn rated_false(&self) -> Option<Seq> {
        if self.falses == 0 || self.trues > 0 {
            return None;
        }
        let newest = self.by.values().filter_map(BTreeMap::last_key_value);
        newest.filter(|(_, rating)| **rating == Some(false)).map(|((_, seq), _)| *seq).min()
    }

    fn change(&mut self, by: Checker, change: impl FnOnce(&mut BTreeMap<(u64, Seq), Option<bool>>)) {
        let own = self.by.entry(by).or_default();
        let newest = |own: &BTreeMap<(u64, Seq), Option<bool>>| own.last_key_value().and_then(|(_, rating)| *rating);
        let before = newest(own);
        change(own);
        let after = newest(own);
        for (rating, count) in [(true, &mut self.trues), (false, &mut self.falses)] {
            *count += usize::from(after == Some(rating));
            *count -= usize::from(before == Some(rating));
        }
    }
}
