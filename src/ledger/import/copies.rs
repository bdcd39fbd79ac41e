//! Captured copies that lines refer to.

use super::Import;
use crate::claim::{NamedClaim, Problem};
use crate::event::{Event, Proposed};
use crate::ledger::error::Error;
use crate::ledger::files::evidence::{quote_problem, seek_quote};
use crate::ledger::knowledge::acts::standing::Became;
use crate::ledger::plan::stage::Staged;

impl<'s, 'w: 's> Import<'s, 'w, '_, '_> {
    /// A quote must occur in the captured copy, if one is kept here and has a text.
    pub(super) fn wrong_quote(&self, proposed: &Proposed) -> Result<Option<Problem>, Error> {
        let (quote, evidence, url) = match proposed {
            Proposed::Claim(claim) | Proposed::Correction { claim, .. } => {
                let NamedClaim { reference, .. } = claim;
                (&reference.quote, &reference.evidence, &reference.url)
            }
            Proposed::Reference(reference) => (&reference.quote, &reference.evidence, &reference.url),
            _ => return Ok(None),
        };
        let Some(quote) = quote.as_deref().filter(|_| !self.options.is_unverified_quote) else { return Ok(None) };
        let sought = seek_quote(&self.dir, (evidence, &[]), (quote, url.as_deref()), self.options.copy_reader)?;
        Ok(sought.and_then(|sought| quote_problem(&sought, quote)))
    }

    /// Notes the copies of a line that was there already: what is missing of them can be brought now. Those of what was
    /// erased stay away.
    pub(super) fn note_copies_again(&mut self, digests: Vec<Box<str>>, staged: &Staged) {
        if staged.is_repeated && !matches!(staged.became, Some(Became::Erased { .. })) {
            self.copies.extend(digests);
        }
    }

    /// Notes the copies that an event refers to.
    pub(super) fn note_copies(&mut self, event: &Event) {
        self.copies.extend(event.copies().into_iter().map(Box::from));
    }
}

/// The copies that a line refers to.
pub(super) fn digests_of(proposed: &Proposed) -> Vec<Box<str>> {
    match proposed {
        Proposed::Claim(claim) | Proposed::Correction { claim, .. } => claim.reference.evidence.clone(),
        Proposed::Reference(reference) => reference.evidence.clone(),
        Proposed::Evidence(copy) => vec![copy.digest.clone()],
        _ => Vec::new(),
    }
}
