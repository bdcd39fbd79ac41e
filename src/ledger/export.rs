//! Exporting the events as lines that can be imported again.

use std::borrow::Cow;
use std::io::Write;
use std::ops::ControlFlow;

use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value as Json};

use super::error::{Error, ErrorKind};
use super::open::Ledger;
use super::replay::Stored;
use crate::chain::Hash;
use crate::claim::Claim;
use crate::event::{Act, ActKind, Event, Noted, Recorded};
use crate::exchange::{
    ExportHead, ExportedFirst, Names, Provenance, event_json, head_json, with_provenance, with_successor, write_line,
};
use crate::projection::Facts;
use crate::seq::Seq;

impl Ledger {
    /// Writes every event as a line, behind one that says of which ledger they are; a correction carries its new claim. Gives
    /// the number of lines that are events.
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
        let mut successors = HashMap::default();
        let mut lines = 0;
        let mut written = write_line(out, &head_json(&self.export_head()?));
        self.events(|stored| {
            let seq = stored.recorded.seq;
            progress(seq.0);
            let Some(event) = stored.recorded.event.as_ref().filter(|event| is_line(event)) else {
                return ControlFlow::Continue(());
            };
            if self.facts().correction_behind(seq).is_some() {
                successors.insert(seq, self.place_of(&stored));
            }
            let Some((event, successor)) = gone.rest(seq, event) else { return ControlFlow::Continue(()) };
            let Some(line) = event_json(&event, &names, successor) else {
                return ControlFlow::Continue(());
            };
            let line = match &*event {
                Event::Corrected { successor, .. } => match successors.get(successor) {
                    Some(place) => with_successor(line, place.provenance()),
                    None => line,
                },
                _ => line,
            };
            lines += 1;
            written = write_line(out, &with_provenance(line, self.place_of(&stored).provenance()));
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        match written {
            Ok(()) => Ok(lines),
            Err(error) => Err(Error::new(ErrorKind::Io, "could not write the export").because(error)),
        }
    }

    /// A line of an event with what an export adds to it.
    #[must_use]
    pub fn placed(&self, line: Map<String, Json>, stored: &Stored) -> Map<String, Json> {
        with_provenance(line, self.place_of(stored).provenance())
    }

    fn export_head(&self) -> Result<ExportHead, Error> {
        let mut ledger = Hash::ZERO;
        self.events(|stored| {
            ledger = stored.hash;
            ControlFlow::Break(())
        })?;
        let head = self.head();
        let origin = head.origin.as_str().into();
        Ok(ExportHead { origin, ledger: ledger.0, size: head.size, head: head.hash.0 })
    }

    fn place_of(&self, stored: &Stored) -> Place {
        let Recorded { seq, at_micros, actor, first, .. } = &stored.recorded;
        let names = self.names();
        let catalogue = self.facts().catalogue();
        let first = first.as_ref().map(|first| {
            let known = catalogue.ledger_of(first.actor);
            ExportedFirst {
                origin: known.map_or_else(|| catalogue.absent_text(first.actor).into(), |(_, origin, _)| origin.into()),
                ledger: known.map_or([0; 32], |(.., ledger)| ledger),
                seq: first.seq,
                hash: first.link,
                at_micros: first.at_micros,
                actor: names.actor(first.actor).into(),
            }
        });
        Place {
            seq: *seq,
            at_micros: *at_micros,
            actor: names.actor(*actor).into(),
            hash: stored.hash.0,
            origin: catalogue.origin().unwrap_or_default().into(),
            first,
        }
    }
}

/// Where an event stands, and where it stood first.
struct Place {
    seq: Seq,
    at_micros: i64,
    actor: Box<str>,
    hash: [u8; 32],
    origin: Box<str>,
    first: Option<ExportedFirst>,
}

impl Place {
    fn provenance(&self) -> Provenance<'_> {
        let Place { seq, at_micros, actor, hash, origin, first } = self;
        Provenance { seq: *seq, at_micros: *at_micros, actor, hash: *hash, origin, first: first.as_ref() }
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
