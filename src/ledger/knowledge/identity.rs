//! What makes two events the same, and what makes one the repetition of another.

use super::content::Content;
use super::register::Register;
use crate::event::Event;
use crate::view::Bare;

impl Register {
    /// What makes two events wholly the same: everything but the number of a correction's new claim. The identity is the
    /// event's.
    pub(in crate::ledger) fn digest_of(&self, event: &Event, identity: Content) -> u64 {
        match event {
            Event::ClaimAsserted(claim) => {
                self.contents.digest(&(identity, &claim.reference, &claim.id, claim.is_private))
            }
            event => self.contents.digest(&(identity, event.own_id())),
        }
    }

    /// What makes an event a repetition of another: of a claim its statement, whole chain and date of saying; of any other
    /// event all but its own id. The new claim of a correction is one that was taken in.
    pub(in crate::ledger) fn identity_of(&self, event: &Event) -> Content {
        let successor = if let Event::Corrected { successor, .. } = event { self.digest(*successor) } else { None };
        self.identity_with(event, successor.unwrap_or_default())
    }

    /// What makes a correction a repetition of another whose new claim, with this digest, is not taken in yet.
    pub(in crate::ledger) fn identity_with(&self, event: &Event, successor: u64) -> Content {
        self.contents.of(&(event.kind().number(), Bare(event), successor))
    }
}
