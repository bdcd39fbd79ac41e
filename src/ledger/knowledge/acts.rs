//! What acts did to events: read of the events before only as far as it is asked for, each with the acts upon it.

use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::judged::Judged;
use super::newest::{Newest, Slot};
use super::register::Register;
use super::standing::{Became, Standing};
use crate::event::{Event, EventKind, Recorded};
use crate::ledger::read::replay::Stored;
use crate::seq::Seq;
use crate::source::Reliability;
use crate::view::Sought;

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
    known: HashSet<Seq>,
    /// Acts before that were taken in.
    taken: HashSet<Seq>,
    /// The grades and judgements before were taken in.
    are_shared_known: bool,
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
}

impl Register {
    /// Reads what was done before to an event and to what it hangs on, unless that is known.
    pub(super) fn know(&self, seq: Seq) {
        let mut open = vec![seq];
        while let Some(seq) = open.pop() {
            let is_new = seq.0 <= self.past.size() && self.acts.borrow_mut().known.insert(seq);
            if !is_new {
                continue;
            }
            for by in self.past.found(Sought::ActOn(seq)) {
                if let Some(stored) = self.past.event(by)
                    && stored.recorded.event.as_ref().and_then(target_of) == Some(seq)
                {
                    self.take_before(&stored);
                    open.push(by);
                }
            }
            for by in self.past.found(Sought::Brings(seq)) {
                if let Some(stored) = self.past.event(by)
                    && let Some(Event::Corrected { act, successor }) = &stored.recorded.event
                    && *successor == seq
                {
                    self.take_before(&stored);
                    open.extend([by, act.target]);
                }
            }
        }
    }

    fn take_before(&self, stored: &Arc<Stored>) {
        let recorded = &stored.recorded;
        let Some(event) = recorded.event.as_ref().filter(|_| self.acts.borrow_mut().taken.insert(recorded.seq)) else {
            return;
        };
        let entered = self.entered(recorded, event);
        self.acts.borrow_mut().take(&entered);
    }

    fn entered<'e>(&self, recorded: &'e Recorded, event: &'e Event) -> Entered<'e> {
        let (seq, first) = (recorded.seq, recorded.first.as_ref());
        let (actor, order) = (recorded.first_actor(), first.map_or(seq.0, |first| first.seq.0));
        Entered { seq, event, actor, order, may: self.may(event, first.map(|first| first.actor)) }
    }

    /// Whether whoever entered an event elsewhere, or here, may do what it does.
    pub(super) fn may(&self, event: &Event, first_actor: Option<Seq>) -> bool {
        match event {
            Event::Retracted(act) | Event::Corrected { act, .. } => {
                let ledger = first_actor.and_then(|actor| self.elsewhere.ledger_of_actor(actor));
                self.may_act(act.by, ledger, act.target)
            }
            _ => true,
        }
    }

    /// Reads the grades of sources and the judgements that stood before, unless they are known.
    pub(super) fn know_shared(&self) {
        let mut acts = self.acts.borrow_mut();
        if std::mem::replace(&mut acts.are_shared_known, true) {
            return;
        }
        for (source, seq, grade) in self.past.world().grades() {
            acts.newest.add(seq, Slot::Grade(source));
            acts.grades.insert(seq, grade);
        }
        for (seq, entities, verdict) in self.past.world().judgements() {
            acts.newest.add(seq, Slot::pair(entities));
            acts.judged.add(seq, &entities, verdict);
        }
    }

    /// Reads what an act takes back or says anew, so that it is known what becomes of it.
    pub(super) fn know_target(&self, event: &Event) {
        let Some(target) = target_of(event) else { return };
        self.know(target);
        if !matches!(event, Event::Retracted(_)) {
            return;
        }
        let Some(before) = self.past.event(target) else { return };
        match before.kind {
            EventKind::SourceRated | EventKind::SourceRegistered | EventKind::EntitiesJudged => self.know_shared(),
            _ => {
                if let Some(of) = before.recorded.event.as_ref().and_then(target_of) {
                    self.know(of);
                }
            }
        }
    }

    /// The newest event of a slot.
    pub(in crate::ledger) fn newest(&self, slot: Slot) -> Option<Seq> {
        match slot {
            Slot::Grade(_) | Slot::Pair(..) => self.know_shared(),
            Slot::Verdict(target, _) | Slot::Review(target, _) => self.know(target),
        }
        self.acts.borrow().newest.newest(slot)
    }

    /// The grade of a source that counts.
    pub(in crate::ledger) fn grade(&self, source: Seq) -> Option<Reliability> {
        let newest = self.newest(Slot::Grade(source))?;
        self.acts.borrow().grades.get(&newest).copied()
    }

    /// An earlier judgement that this one would contradict: entities both the same and different.
    pub(in crate::ledger) fn judged_otherwise(&self, entities: &[Seq], verdict: crate::event::Verdict) -> Option<Seq> {
        self.know_shared();
        self.acts.borrow().judged.contradiction(entities, verdict)
    }

    /// What has become of an event; `None`: it stands.
    pub(in crate::ledger) fn became(&self, seq: Seq) -> Option<Became> {
        self.know(seq);
        self.became_lately(seq)
    }

    /// What has become of an event by the acts that are known.
    pub(super) fn became_lately(&self, seq: Seq) -> Option<Became> {
        let acts = self.acts.borrow();
        let erased = acts.erased.get(&seq).map(|by| Became::Erased { by: *by });
        erased.or_else(|| acts.standing.became(seq))
    }

    /// The first retraction of an event.
    pub(in crate::ledger) fn retraction_of(&self, seq: Seq) -> Option<Seq> {
        self.know(seq);
        self.acts.borrow().standing.retraction_of(seq)
    }

    /// The correction of a claim that stands.
    pub(in crate::ledger) fn correction_of(&self, claim: Seq) -> Option<Seq> {
        self.know(claim);
        self.acts.borrow().standing.correction_of(claim)
    }

    /// The claim by which a correction replaced another.
    pub(in crate::ledger) fn successor_of(&self, correction: Seq) -> Option<Seq> {
        match self.past.event(correction).map(|stored| stored.recorded.event.clone()) {
            Some(Some(Event::Corrected { successor, .. })) => Some(successor),
            Some(_) => None,
            None => self.acts.borrow().standing.successor_of(correction),
        }
    }
}

/// What an act acts upon, of those that are looked for by that.
fn target_of(event: &Event) -> Option<Seq> {
    match event {
        Event::Retracted(act) | Event::Corrected { act, .. } | Event::Approved(act) | Event::Returned(act) => {
            Some(act.target)
        }
        Event::Assessed(given) => Some(given.act.target),
        Event::PayloadErased { target, .. } => Some(*target),
        _ => None,
    }
}
