//! Exporting the events as lines that can be imported again.

use std::collections::BTreeSet;
use std::io::Write;
use std::ops::ControlFlow;

use foldhash::HashMap;
use serde_json::{Map, Value as Json};

use super::error::{Error, ErrorKind};
use super::left_out::LeftOut;
use super::read::open::Ledger;
use super::read::replay::Stored;
use crate::chain::Hash;
use crate::claim::Claim;
use crate::event::{Event, Recorded};
use crate::exchange::{
    ExportHead, ExportedFirst, Names, Provenance, event_json, head_json, with_provenance, with_successor, write_line,
};
use crate::seq::Seq;

/// What an export came to.
#[derive(Debug, Default)]
pub struct ExportReport {
    /// Lines that are events.
    pub lines: u64,
    /// Private events that were left out.
    pub private: u64,
    /// Events that were left out since they rest on those.
    pub resting: u64,
    /// Lines that are about what is no line: the genesis, an actor, a key, an erasure, another ledger.
    pub beside: u64,
    /// Captured copies that the lines refer to, by digest, in order.
    pub copies: BTreeSet<Box<str>>,
}

impl Ledger {
    /// Writes every event as a line, behind one that says of which ledger they are; a correction carries its new claim.
    /// Private events, and what rests on them, are written only if that is asked for.
    ///
    /// What was erased is no line, and what acts upon it alone is none either. A correction of an erased claim leaves its
    /// new claim as a claim of its own; one whose new claim was erased is a retraction. A note about what was erased is about
    /// nothing.
    ///
    /// # Errors
    /// `Io` if it cannot be written, and as for [`open`](Ledger::open).
    pub fn export(
        &self,
        out: &mut impl Write,
        with_private: bool,
        mut progress: impl FnMut(u64),
    ) -> Result<ExportReport, Error> {
        let names = self.names();
        let remarks = self.remarks()?;
        let mut left_out = LeftOut::new(&remarks, self.erased().clone(), with_private);
        // A correction's new claim stands before the correction.
        let mut successors: HashMap<Seq, (Place, Claim)> = HashMap::default();
        let mut no_lines = HashMap::default();
        let mut report = ExportReport::default();
        let mut written = write_line(out, &head_json(&self.export_head()?));
        self.events(|stored| {
            let seq = stored.recorded.seq;
            progress(seq.0);
            if !stored.kind.is_line() {
                no_lines.insert(seq, stored.kind);
            }
            let Some(event) = stored.recorded.event.as_ref().filter(|event| event.kind().is_line()) else {
                return ControlFlow::Continue(());
            };
            if let Event::ClaimAsserted(claim) = event
                && remarks.correction_behind(seq).is_some()
            {
                successors.insert(seq, (self.place_of(&stored), claim.clone()));
            }
            let Some(event) = left_out.rest(seq, event) else { return ControlFlow::Continue(()) };
            let new = if let Event::Corrected { successor, .. } = &*event { successors.get(successor) } else { None };
            let successor = new.map(|(_, claim)| claim);
            let Some(line) = event_json(&event, &names, successor) else {
                return ControlFlow::Continue(());
            };
            note_copies(&event, successor, &mut report.copies);
            let place = self.place_of(&stored);
            let line = match new {
                Some((place, _)) => with_successor(line, Provenance { commit: None, ..place.provenance() }),
                None => line,
            };
            report.lines += 1;
            let mut line = with_provenance(by_its_desk(line, &event, &place), place.provenance());
            if let Some(kind) = upon(&event).and_then(|target| no_lines.get(&target)) {
                report.beside += 1;
                line.insert("target_kind".into(), kind.word().into());
            }
            written = write_line(out, &line);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        (report.private, report.resting) = left_out.counts();
        match written {
            Ok(()) => Ok(report),
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
        Ok(ExportHead { origin, ledger: ledger.0, size: head.size, head: head.tip.0 })
    }

    fn place_of(&self, stored: &Stored) -> Place {
        let Recorded { seq, at_micros, actor, first, .. } = &stored.recorded;
        let names = self.names();
        let catalogue = self.catalogue();
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
            commit: stored.commit,
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
    /// The first event of its commit.
    commit: Seq,
    first: Option<ExportedFirst>,
}

impl Place {
    fn provenance(&self) -> Provenance<'_> {
        let Place { seq, at_micros, actor, hash, origin, commit, first } = self;
        let (seq, at_micros, hash, commit) = (*seq, *at_micros, *hash, Some(*commit));
        Provenance { seq, at_micros, actor, hash, origin, commit, first: first.as_ref() }
    }
}

/// The desk of another ledger is called by that ledger's name.
fn by_its_desk(mut line: Map<String, Json>, event: &Event, place: &Place) -> Map<String, Json> {
    let by = match event {
        Event::Disputed(act)
        | Event::Retracted(act)
        | Event::Approved(act)
        | Event::Returned(act)
        | Event::Corrected { act, .. } => Some(act.by),
        Event::Assessed(assessment) => Some(assessment.act.by),
        _ => None,
    };
    if let (Some(None), Some(first)) = (by, &place.first) {
        line.insert("by".into(), (&*first.origin).into());
    }
    line
}

/// What an event is about that may be about an event of any kind.
fn upon(event: &Event) -> Option<Seq> {
    match event {
        Event::Approved(act) | Event::Returned(act) => Some(act.target),
        Event::Noted(noted) => noted.about,
        _ => None,
    }
}

/// Notes the captured copies that a line refers to.
fn note_copies(event: &Event, successor: Option<&Claim>, into: &mut BTreeSet<Box<str>>) {
    into.extend(event.copies().into_iter().map(Box::from));
    into.extend(successor.into_iter().flat_map(|claim| claim.reference.evidence.iter().cloned()));
}
