//! Numbers of the ledger that lines were exported from, and what they are here.

use std::io;

use crate::event::{Proposed, ProposedAct, ProposedReference};
use crate::ledger::content::Contents;
use crate::ledger::spill::{Numbers, Room};
use crate::seq::Seq;

/// From numbers there to numbers here.
#[derive(Debug)]
pub(super) struct Exported {
    here: Numbers,
    contents: Contents,
}

impl Exported {
    pub(super) fn new(room: Room) -> Exported {
        Exported { here: Numbers::new(Some(room)), contents: Contents::default() }
    }

    /// Notes what became of a line.
    ///
    /// # Errors
    /// As reading and writing what is set aside.
    pub(super) fn note(&mut self, there: Seq, here: Seq) -> io::Result<()> {
        self.here.insert(self.contents.of(&there), here, 0)?;
        // A correction's new claim stands right before it.
        let before = self.contents.of(&Seq(there.0 - 1));
        if self.here.get(before)?.is_none() { self.here.insert(before, Seq(here.0 - 1), 0) } else { Ok(()) }
    }

    /// Turns `#SEQ` of the ledger a line was exported from into the number here.
    ///
    /// # Errors
    /// As reading what is set aside.
    pub(super) fn translate(&self, proposed: &mut Proposed) -> io::Result<()> {
        let target = match proposed {
            Proposed::Retraction(ProposedAct { target, .. })
            | Proposed::Dispute(ProposedAct { target, .. })
            | Proposed::Approval(ProposedAct { target, .. })
            | Proposed::Return(ProposedAct { target, .. })
            | Proposed::Reference(ProposedReference { claim: target, .. })
            | Proposed::Assessment { act: ProposedAct { target, .. }, .. }
            | Proposed::Correction { act: ProposedAct { target, .. }, .. } => target,
            Proposed::Note { about: Some(about), .. } => about,
            _ => return Ok(()),
        };
        let Some(there) = target.strip_prefix('#').and_then(Seq::parse) else { return Ok(()) };
        if let Some((here, _)) = self.here.get(self.contents.of(&there))? {
            *target = here.to_string().into();
        }
        Ok(())
    }
}
