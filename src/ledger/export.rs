//! Exporting the events as lines that can be imported again.

use std::borrow::Cow;
use std::io::Write;
use std::ops::ControlFlow;

use foldhash::{HashMap, HashSet};

use super::error::{Error, ErrorKind};
use super::open::Ledger;
use crate::claim::Claim;
use crate::event::{Act, ActKind, Event, Noted};
use crate::exchange::{Names, Provenance, event_json, with_provenance, write_line};
use crate::projection::Facts;
use crate::seq::Seq;

impl Ledger {
    /// Writes every event as a line; a correction carries its new claim. Gives the number of lines.
    ///
    /// What was erased is no line, and what acts upon it alone is none either. A correction of an erased claim leaves its
    /// new claim as a claim of its own; one whose new claim was erased is a retraction. A note about what was erased is about
    /// nothing.
    ///
    /// # Errors
    /// `Io` if it cannot be written, and as for [`open`](Ledger::open).
    pub fn export(&self, out: &mut impl Write, mut progress: impl FnMut(u64)) -> Result<u64, Error> {
        let names = self.names();
        let mut gone = Gone { facts: self.facts(), seqs: self.erased().clone(), replaced: HashMap::default() };
        let mut lines = 0;
        let mut failed = None;
        self.events(|stored| {
            let seq = stored.recorded.seq;
            progress(seq.0);
            let Some(event) = stored.recorded.event.as_ref().filter(|event| is_line(event)) else {
                return ControlFlow::Continue(());
            };
            let Some((event, successor)) = gone.rest(seq, event) else { return ControlFlow::Continue(()) };
            let Some(line) = event_json(&event, &names, successor) else {
                return ControlFlow::Continue(());
            };
            let hash = stored.hash.to_string();
            let at_micros = stored.recorded.at_micros;
            let actor = names.actor(stored.recorded.actor);
            let provenance = Provenance { seq, at_micros, actor: &actor, hash: &hash };
            lines += 1;
            match write_line(out, &with_provenance(line, provenance)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        match failed {
            None => Ok(lines),
            Some(error) => Err(Error::new(ErrorKind::Io, "could not write the export").because(error)),
        }
    }
}

/// Whether an event is a line of an export by itself.
fn is_line(event: &Event) -> bool {
    !matches!(
        event,
        Event::Genesis(_)
            | Event::ActorRegistered { .. }
            | Event::KeyAuthorised { .. }
            | Event::KeyRevoked { .. }
            | Event::PayloadErased { .. }
            | Event::LedgerRegistered { .. }
    )
}

/// What is no line of an export, since it was erased or hangs on what was.
struct Gone<'l> {
    facts: &'l Facts,
    seqs: HashSet<Seq>,
    /// Corrections of what is gone, and the claims that stand in their place.
    replaced: HashMap<Seq, Seq>,
}

impl<'l> Gone<'l> {
    /// What is to be written of an event, if anything: itself in most cases; and a correction's new claim.
    fn rest<'e>(&mut self, seq: Seq, event: &'e Event) -> Option<(Cow<'e, Event>, Option<&'l Claim>)> {
        let rest = self.rest_of(seq, event);
        if rest.is_none() && !matches!(event, Event::ClaimAsserted(_)) {
            self.seqs.insert(seq);
        }
        rest
    }

    fn rest_of<'e>(&mut self, seq: Seq, event: &'e Event) -> Option<(Cow<'e, Event>, Option<&'l Claim>)> {
        let whole = Some((Cow::Borrowed(event), None));
        match event {
            Event::ClaimAsserted(_) => {
                let correction = self.facts.correction_behind(seq);
                whole.filter(|_| correction.is_none_or(|(_, corrected)| self.seqs.contains(&corrected)))
            }
            Event::Corrected { act, successor } if self.seqs.contains(&act.target) => {
                self.replaced.insert(seq, *successor);
                None
            }
            Event::Corrected { act, successor } if self.seqs.contains(successor) => {
                let is_undone = self.facts.acts_on(seq).iter().any(|act| act.kind == ActKind::Retracted);
                (!is_undone).then(|| (Cow::Owned(Event::Retracted(act.clone())), None))
            }
            Event::Corrected { successor, .. } => Some((Cow::Borrowed(event), self.facts.claim(*successor))),
            Event::Retracted(act) if self.replaced.contains_key(&act.target) => {
                let target = *self.replaced.get(&act.target)?;
                Some((Cow::Owned(Event::Retracted(Act { target, ..act.clone() })), None))
            }
            Event::Retracted(act) | Event::Disputed(act) | Event::Approved(act) | Event::Returned(act) => {
                whole.filter(|_| !self.seqs.contains(&act.target))
            }
            Event::Assessed(assessment) => whole.filter(|_| !self.seqs.contains(&assessment.act.target)),
            Event::ReferenceAdded(added) => whole.filter(|_| !self.seqs.contains(&added.claim)),
            Event::Noted(noted) if noted.about.is_some_and(|about| self.seqs.contains(&about)) => {
                Some((Cow::Owned(Event::Noted(Noted { about: None, ..noted.clone() })), None))
            }
            _ => whole,
        }
    }
}
