//! Captured copies that lines refer to.

use super::Import;
use crate::claim::{NamedClaim, Problem};
use crate::event::{Event, Proposed};
use crate::ledger::error::Error;
use crate::ledger::evidence::quote_occurs;

impl<'s, 'w: 's> Import<'s, 'w, '_, '_> {
    /// A quote must occur in the captured copy, if one is kept here as text.
    pub(super) fn wrong_quote(&self, proposed: &Proposed) -> Result<Option<Problem>, Error> {
        let (Proposed::Claim(claim) | Proposed::Correction { claim, .. }) = proposed else { return Ok(None) };
        let NamedClaim { reference, .. } = claim;
        let Some(quote) = reference.quote.as_deref().filter(|_| !self.options.is_unverified_quote) else {
            return Ok(None);
        };
        if reference.evidence.is_empty() || quote_occurs(&self.dir, &reference.evidence, quote)? != Some(false) {
            return Ok(None);
        }
        let problem = Problem::new("quote", "does not occur in the captured copy");
        Ok(Some(problem.with_hint("correct the quote, or add --unverified-quote")))
    }

    /// Notes the copies that an event refers to.
    pub(super) fn note_copies(&mut self, event: &Event) {
        match event {
            Event::ClaimAsserted(claim) => self.copies.extend(claim.reference.evidence.iter().cloned()),
            Event::ReferenceAdded(added) => self.copies.extend(added.evidence.iter().cloned()),
            Event::EvidenceAdded(copy) => drop(self.copies.insert(copy.digest.clone())),
            _ => {}
        }
    }
}
