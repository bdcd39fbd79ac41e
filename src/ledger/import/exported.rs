//! Numbers of the ledger that lines were exported from, and what they are here.

use foldhash::HashMap;

use crate::event::{Proposed, ProposedAct, ProposedReference};
use crate::seq::Seq;

/// From numbers there to numbers here.
#[derive(Debug, Default)]
pub(super) struct Exported(HashMap<Seq, Seq>);

impl Exported {
    /// Notes what became of a line.
    pub(super) fn note(&mut self, there: Seq, here: Seq) {
        self.0.insert(there, here);
        // A correction's new claim stands right before it.
        self.0.entry(Seq(there.0 - 1)).or_insert(Seq(here.0 - 1));
    }

    /// Turns `#SEQ` of the ledger a line was exported from into the number here.
    pub(super) fn translate(&self, proposed: &mut Proposed) {
        let target = match proposed {
            Proposed::Retraction(ProposedAct { target, .. })
            | Proposed::Dispute(ProposedAct { target, .. })
            | Proposed::Approval(ProposedAct { target, .. })
            | Proposed::Return(ProposedAct { target, .. })
            | Proposed::Reference(ProposedReference { claim: target, .. })
            | Proposed::Assessment { act: ProposedAct { target, .. }, .. }
            | Proposed::Correction { act: ProposedAct { target, .. }, .. } => target,
            Proposed::Note { about: Some(about), .. } => about,
            _ => return,
        };
        let there = target.strip_prefix('#').and_then(Seq::parse);
        if let Some(here) = there.and_then(|there| self.0.get(&there)) {
            *target = here.to_string().into();
        }
    }
}
