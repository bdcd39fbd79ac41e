//! Why a reader may believe a ledger: keys, proofs, witnesses, stamps, publishing and verifying.

#[cfg(feature = "anchor")]
pub(super) mod anchor;
#[cfg(not(feature = "anchor"))]
#[path = "no_anchor.rs"]
pub(super) mod anchor;
pub(super) mod check;
mod follow;
pub(super) mod key;
pub(super) mod policy;
pub(super) mod prove;
pub(super) mod publish;
pub(super) mod verify;
pub(super) mod witness;
