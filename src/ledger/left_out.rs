//! What an export leaves out: what was erased or is private, and what hangs on it.

use std::borrow::Cow;

use foldhash::{HashMap, HashSet};

use super::read::remarks::Remarks;
use crate::event::{Act, Event, Noted};
use crate::seq::Seq;

/// What is no line of an export, since it was erased, is private, or hangs on what is.
pub(super) struct LeftOut<'l> {
    remarks: &'l Remarks,
    seqs: HashSet<Seq>,
    /// Corrections of what is gone, and the claims that stand in their place.
    replaced: HashMap<Seq, Seq>,
    with_private: bool,
    /// Those of them that are private, or rest on what is.
    withheld: Withheld,
    private: u64,
}

impl<'l> LeftOut<'l> {
    pub(super) fn new(remarks: &'l Remarks, erased: HashSet<Seq>, with_private: bool) -> LeftOut<'l> {
        LeftOut {
            remarks,
            seqs: erased,
            replaced: HashMap::default(),
            with_private,
            withheld: Withheld::default(),
            private: 0,
        }
    }

    /// How many private events were left out, and how many that rest on them.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.private, self.withheld.0.len() as u64 - self.private)
    }

    /// What is to be written of an event, if anything: itself in most cases.
    pub(super) fn rest<'e>(&mut self, seq: Seq, event: &'e Event) -> Option<Cow<'e, Event>> {
        if !self.with_private && self.withheld.covers(event) {
            self.private += u64::from(event.is_private());
            self.withheld.0.insert(seq);
            self.seqs.insert(seq);
            // Where a claim is corrected by a private one, the old one is no longer there all the same.
            if let Event::Corrected { act, .. } = event
                && !self.seqs.contains(&act.target)
            {
                return self.rest_of(seq, event);
            }
            return None;
        }
        let rest = self.rest_of(seq, event);
        if rest.is_none() && !matches!(event, Event::ClaimAsserted(_)) {
            self.seqs.insert(seq);
        }
        rest
    }

    fn rest_of<'e>(&mut self, seq: Seq, event: &'e Event) -> Option<Cow<'e, Event>> {
        let whole = Some(Cow::Borrowed(event));
        match event {
            Event::ClaimAsserted(_) => {
                let correction = self.remarks.correction_behind(seq);
                whole.filter(|_| correction.is_none_or(|(_, corrected)| self.seqs.contains(&corrected)))
            }
            Event::Corrected { act, successor } if self.seqs.contains(&act.target) => {
                self.replaced.insert(seq, *successor);
                None
            }
            Event::Corrected { act, successor } if self.seqs.contains(successor) => {
                let is_undone = self.remarks.retraction_of(seq).is_some();
                (!is_undone).then(|| Cow::Owned(Event::Retracted(act.clone())))
            }
            Event::Retracted(act) if self.replaced.contains_key(&act.target) => {
                let target = *self.replaced.get(&act.target)?;
                Some(Cow::Owned(Event::Retracted(Act { target, ..act.clone() })))
            }
            Event::Retracted(act) | Event::Disputed(act) | Event::Approved(act) | Event::Returned(act) => {
                whole.filter(|_| !self.seqs.contains(&act.target))
            }
            Event::Assessed(assessment) => whole.filter(|_| !self.seqs.contains(&assessment.act.target)),
            Event::ReferenceAdded(added) => whole.filter(|_| !self.seqs.contains(&added.claim)),
            Event::Noted(noted) if noted.about.is_some_and(|about| self.seqs.contains(&about)) => {
                Some(Cow::Owned(Event::Noted(Noted { about: None, ..noted.clone() })))
            }
            _ => whole,
        }
    }
}

/// The events of a ledger that are for the desk alone: private ones, and those that rest on them, as a quote for a private claim.
#[derive(Debug, Default)]
pub(crate) struct Withheld(HashSet<Seq>);

impl Withheld {
    /// Whether an event is private, or names one that is withheld. What a correction corrects is not asked about.
    fn covers(&self, event: &Event) -> bool {
        event.is_private() || names(event).any(|name| self.0.contains(&name))
    }

    /// Whether an event is for the desk alone, after those before it were asked about in order; so is what corrects such a claim.
    #[cfg(feature = "share")]
    pub(crate) fn holds(&mut self, seq: Seq, event: &Event) -> bool {
        let corrects = |event: &Event| match event {
            Event::Corrected { act, successor } => self.0.contains(&act.target) || self.0.contains(successor),
            _ => false,
        };
        let is_held = self.covers(event) || corrects(event);
        if is_held {
            self.0.insert(seq);
        }
        is_held
    }
}

/// What an event cannot be told without: the sources that speak in it, and what it acts upon.
fn names(event: &Event) -> impl Iterator<Item = Seq> + '_ {
    let chain = if let Event::ClaimAsserted(claim) = event { claim.chain.as_slice() } else { &[] };
    let act = match event {
        Event::Disputed(act)
        | Event::Retracted(act)
        | Event::Approved(act)
        | Event::Returned(act)
        | Event::Corrected { act, .. } => Some(act),
        Event::Assessed(assessment) => Some(&assessment.act),
        _ => None,
    };
    let is_correction = matches!(event, Event::Corrected { .. });
    let target = act.filter(|_| !is_correction).map(|act| act.target);
    let others = match event {
        Event::SourceRated(rated) => [Some(rated.source), None],
        Event::SourceLinked { source, to, .. } => [Some(*source), Some(*to)],
        Event::ReferenceAdded(added) => [Some(added.claim), None],
        Event::Noted(noted) => [noted.about, None],
        _ => [None, None],
    };
    chain
        .iter()
        .map(|link| link.who)
        .chain(act.and_then(|act| act.by))
        .chain(target)
        .chain(others.into_iter().flatten())
}
