//! What acts did to events: of those before only as far as it was asked for, of new ones all.

mod judged;
pub(in crate::ledger) mod newest;
pub(in crate::ledger) mod standing;

use foldhash::{HashMap, HashSet};

use crate::event::Event;
use crate::seq::Seq;
use crate::source::Reliability;
use judged::Judged;
use newest::{Newest, Slot};
use standing::{Became, Standing};

/// What acts did to the events that were asked for, and to new ones.
#[derive(Debug, Default)]
pub(super) struct Acts {
    pub(super) standing: Standing,
    pub(super) newest: Newest,
    pub(super) judged: Judged,
    pub(super) grades: HashMap<Seq, Reliability>,
    /// Erased events, and the events that say so.
    pub(super) erased: HashMap<Seq, Seq>,
    /// Events before of which all acts upon them were read.
    pub(super) known: HashSet<Seq>,
    /// Acts before that were taken in.
    pub(super) taken: HashSet<Seq>,
    /// The grades and judgements before were taken in.
    pub(super) are_shared_known: bool,
}

/// An act, and who entered it.
pub(super) struct Entered<'e> {
    pub(super) seq: Seq,
    pub(super) event: &'e Event,
    /// Who entered it, here or elsewhere.
    pub(super) actor: Seq,
    /// Its place among the verdicts of one checker: its number where it was entered first.
    pub(super) order: u64,
    /// Whether whoever takes back or replaces something by it may do so.
    pub(super) may: bool,
}

impl Acts {
    /// Takes in an act.
    pub(super) fn take(&mut self, entered: &Entered<'_>) {
        let Entered { seq, event, actor, order, may } = *entered;
        if let Some(slot) = Slot::of(event, actor)
            && self.standing.retraction_of(seq).is_none()
        {
            self.newest.add(seq, slot);
        }
        match event {
            Event::EntitiesJudged(judged) => self.judged.add(seq, &judged.entities, judged.verdict),
            Event::SourceRated(rated) => drop(self.grades.insert(seq, rated.reliability)),
            Event::Retracted(act) if may => {
                self.judged.retract(act.target);
                self.newest.retract(act.target);
            }
            Event::PayloadErased { target, .. } => drop(self.erased.insert(*target, seq)),
            _ => {}
        }
        self.standing.apply(seq, event, actor, order, may);
    }

    /// What has become of an event by the acts that are known; `None`: it stands.
    pub(super) fn became(&self, seq: Seq) -> Option<Became> {
        let erased = self.erased.get(&seq).map(|by| Became::Erased { by: *by });
        erased.or_else(|| self.standing.became(seq))
    }
}

/// What an act acts upon, of those that are looked for by that.
pub(super) fn target_of(event: &Event) -> Option<Seq> {
    match event {
        Event::Retracted(act) | Event::Corrected { act, .. } | Event::Approved(act) | Event::Returned(act) => {
            Some(act.target)
        }
        Event::Assessed(given) => Some(given.act.target),
        Event::PayloadErased { target, .. } => Some(*target),
        _ => None,
    }
}
