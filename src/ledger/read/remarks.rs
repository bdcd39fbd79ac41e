//! What later events say of an earlier one: everything that whoever is shown an event should be shown beside it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::open::Ledger;
use crate::event::{Event, First, Recorded};
use crate::ledger::error::Error;
use crate::seq::Seq;

/// What was said of events by later ones: retractions, corrections, disputes, verdicts, approvals, returns, notes, references,
/// grades, links, judgements of identity.
#[derive(Debug, Default)]
pub struct Remarks {
    on: BTreeMap<Seq, Vec<Recorded>>,
    retracted: BTreeMap<Seq, Recorded>,
    /// From a claim that replaces another to the correction that brought it, and the claim it replaces.
    replaced: BTreeMap<Seq, (Seq, Seq)>,
    /// The events that came from other ledgers: who entered each first, and who imported it.
    from_elsewhere: BTreeMap<Seq, (First, Recorded<()>)>,
}

impl Ledger {
    /// Reads what later events say of earlier ones.
    ///
    /// # Errors
    /// As for [`open`](Ledger::open).
    pub fn remarks(&self) -> Result<Remarks, Error> {
        let mut remarks = Remarks::default();
        self.events(|stored| {
            remarks.take(&stored.recorded);
            ControlFlow::Continue(())
        })?;
        Ok(remarks)
    }
}

impl Remarks {
    fn take(&mut self, recorded: &Recorded) {
        if let Some(first) = recorded.first.clone() {
            let (seq, at_micros, actor) = (recorded.seq, recorded.at_micros, recorded.actor);
            let imported = Recorded { seq, at_micros, actor, event: None, first: None };
            self.from_elsewhere.insert(seq, (first, imported));
        }
        let targets = match &recorded.event {
            Some(event) => subjects_of(event),
            None => return,
        };
        if let Some(Event::Retracted(act)) = &recorded.event {
            self.retracted.entry(act.target).or_insert_with(|| recorded.clone());
        }
        if let Some(Event::Corrected { act, successor }) = &recorded.event {
            self.replaced.insert(*successor, (recorded.seq, act.target));
        }
        for target in targets {
            self.on.entry(target).or_default().push(recorded.clone());
        }
    }

    /// What was said of an event, in the order it was recorded.
    #[must_use]
    pub fn on(&self, seq: Seq) -> &[Recorded] {
        self.on.get(&seq).map_or(&[], Vec::as_slice)
    }

    /// The first retraction of an event.
    #[must_use]
    pub fn retraction_of(&self, seq: Seq) -> Option<&Recorded> {
        self.retracted.get(&seq)
    }

    /// The correction that brought a claim, and the claim it replaces.
    #[must_use]
    pub fn correction_behind(&self, successor: Seq) -> Option<(Seq, Seq)> {
        self.replaced.get(&successor).copied()
    }

    /// Who entered an event first, in another ledger, and who imported it here.
    #[must_use]
    pub fn origin_of(&self, seq: Seq) -> Option<(&First, &Recorded<()>)> {
        self.from_elsewhere.get(&seq).map(|(first, imported)| (first, imported))
    }
}

/// The events of which one says something.
fn subjects_of(event: &Event) -> Vec<Seq> {
    match event {
        Event::Retracted(act)
        | Event::Disputed(act)
        | Event::Approved(act)
        | Event::Returned(act)
        | Event::Corrected { act, .. } => vec![act.target],
        Event::Assessed(assessment) => vec![assessment.act.target],
        Event::ReferenceAdded(added) => vec![added.claim],
        Event::Noted(noted) => noted.about.into_iter().collect(),
        Event::SourceRated(rated) => vec![rated.source],
        Event::SourceLinked { source, to, .. } => vec![*source, *to],
        Event::EntitiesJudged(judged) => judged.entities.to_vec(),
        _ => Vec::new(),
    }
}
