//! The ledger shown to others, and theirs checked: receipts, witnesses, stamps of time, the published tree.

#[cfg(feature = "anchor")]
mod anchor;
#[cfg(not(feature = "anchor"))]
#[path = "no_anchor.rs"]
mod anchor;
mod check;
mod cosigned;
mod follow;
mod prove;
mod publish;
mod witness;

use std::path::Path;

use annals::note::{Checkpoint, SignedNote};

use crate::screen::say;

pub(crate) use anchor::anchor;
pub(crate) use check::check;
pub(crate) use cosigned::cosigned;
pub(crate) use follow::follow;
pub(crate) use prove::prove;
pub(crate) use publish::publish;
pub(crate) use witness::witness;

/// A head of this ledger with the cosignatures that are kept of it beside the log; says that nobody checked them.
pub(super) fn with_cosignatures(dir: &Path, size: u64, note: SignedNote) -> SignedNote {
    let note = annals::share::with_cosignatures(dir, size, note);
    tell_unchecked(Some(&note));
    note
}

/// Says which lines below a head of this ledger were taken from beside its log: nobody checked them.
fn tell_unchecked(note: Option<&SignedNote>) {
    let Some((note, head)) = note.and_then(|note| Some((note, Checkpoint::parse(note.text())?))) else { return };
    let mut others: Vec<&str> = note.names().filter(|name| **name != *head.origin).collect();
    others.dedup();
    if !others.is_empty() {
        say(&format!(
            "note: below this head stand lines in the names of {}, which are kept in `witnessed/` and were not checked; \
             --policy FILE of `annals check` or `annals head --cosigned` checks them",
            others.join(" and ")
        ));
    }
}
