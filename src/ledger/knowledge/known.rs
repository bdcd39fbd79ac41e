//! What was done before to an event is read when it is asked for, with the acts upon it and upon what it hangs on.

use std::sync::Arc;

use super::acts::newest::Slot;
use super::acts::standing::Became;
use super::acts::{Entered, target_of};
use super::register::Register;
use crate::event::{Event, EventKind, Recorded, Verdict};
use crate::ledger::read::replay::Stored;
use crate::seq::Seq;
use crate::source::Reliability;
use crate::view::Sought;

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
    pub(in crate::ledger) fn judged_otherwise(&self, entities: &[Seq], verdict: Verdict) -> Option<Seq> {
        self.know_shared();
        self.acts.borrow().judged.contradiction(entities, verdict)
    }

    /// What has become of an event; `None`: it stands.
    pub(in crate::ledger) fn became(&self, seq: Seq) -> Option<Became> {
        self.know(seq);
        self.acts.borrow().became(seq)
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
