//! Why a reader may believe a ledger: keys, and verifying.

pub(super) mod key;
pub(super) mod verify;
