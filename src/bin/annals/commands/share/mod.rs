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

pub(crate) use anchor::anchor;
pub(super) use annals::share::with_cosignatures;
pub(crate) use check::check;
pub(crate) use cosigned::cosigned;
pub(crate) use follow::follow;
pub(crate) use prove::prove;
pub(crate) use publish::publish;
pub(crate) use witness::witness;
