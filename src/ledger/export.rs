//! Exporting the events as lines that can be imported again.

use std::io::Write;
use std::ops::ControlFlow;

use super::error::{Error, ErrorKind};
use super::open::Ledger;
use crate::event::Event;
use crate::exchange::{Names, Provenance, event_json, with_provenance, write_line};

impl Ledger {
    /// Writes every event as a line; a correction carries its new claim. Gives the number of lines.
    ///
    /// # Errors
    /// `Io` if it cannot be written, and as for [`open`](Ledger::open).
    pub fn export(&self, out: &mut impl Write, mut progress: impl FnMut(u64)) -> Result<u64, Error> {
        let names = self.names();
        let mut lines = 0;
        let mut failed = None;
        self.events(|stored| {
            let seq = stored.recorded.seq;
            progress(seq.0);
            let Some(event) = stored.recorded.event.as_ref().filter(|event| is_line(event)) else {
                return ControlFlow::Continue(());
            };
            let is_successor =
                matches!(event, Event::ClaimAsserted(_)) && self.facts().correction_behind(seq).is_some();
            if is_successor {
                return ControlFlow::Continue(());
            }
            let successor = match event {
                Event::Corrected { successor, .. } => self.facts().claim(*successor).map(|fact| &fact.claim),
                _ => None,
            };
            let Some(line) = event_json(event, &names, successor) else {
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
    )
}
