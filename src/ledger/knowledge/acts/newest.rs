//! Which event was the last to say something that the next one says anew: the grade of a source, whether two entities are the
//! same, a checker's verdict on a claim, somebody's approval. So A, B, A are three events, and A, A are one.

use std::collections::BTreeSet;

use foldhash::HashMap;

use super::standing::Checker;
use crate::event::Event;
use crate::seq::Seq;

/// What an event says anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::ledger) enum Slot {
    /// The grade of this source.
    Grade(Seq),
    /// Whether these two entities, the lower number first, are the same.
    Pair(Seq, Seq),
    /// What this checker makes of this claim.
    Verdict(Seq, Checker),
    /// Whether this actor approves of this event.
    Review(Seq, Seq),
}

impl Slot {
    /// That of an event entered by this actor; `None`: it stands beside all others, whatever they say.
    pub(in crate::ledger) fn of(event: &Event, actor: Seq) -> Option<Slot> {
        Some(match event {
            Event::SourceRated(rated) => Slot::Grade(rated.source),
            Event::EntitiesJudged(judged) => Slot::pair(judged.entities),
            Event::Assessed(assessment) => Slot::Verdict(assessment.act.target, Checker::of(&assessment.act, actor)),
            Event::Approved(act) | Event::Returned(act) => Slot::Review(act.target, actor),
            _ => return None,
        })
    }

    /// That of two entities.
    pub(in crate::ledger::knowledge) fn pair([one, other]: [Seq; 2]) -> Slot {
        Slot::Pair(one.min(other), one.max(other))
    }
}

/// The events of each slot that were not taken back.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Newest {
    events: HashMap<Slot, BTreeSet<Seq>>,
    slots: HashMap<Seq, Slot>,
}

impl Newest {
    /// Takes in an event that says something anew.
    pub(in crate::ledger::knowledge) fn add(&mut self, seq: Seq, slot: Slot) {
        self.events.entry(slot).or_default().insert(seq);
        self.slots.insert(seq, slot);
    }

    /// Takes one back, if it is one.
    pub(in crate::ledger::knowledge) fn retract(&mut self, seq: Seq) {
        if let Some(slot) = self.slots.remove(&seq)
            && let Some(events) = self.events.get_mut(&slot)
        {
            events.remove(&seq);
        }
    }

    /// The newest event of a slot.
    pub(in crate::ledger) fn newest(&self, slot: Slot) -> Option<Seq> {
        self.events.get(&slot)?.last().copied()
    }
}
