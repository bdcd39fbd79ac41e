//! annals: a fact ledger. Sourced claims are appended to a hash-chained log; projections rebuild the
//! state as of any date; anybody can verify that nothing was changed.
//!
//! The modules are listed bottom-up: each uses only what stands above it in this list.

pub mod seq;

pub mod threads;

pub mod date;
pub mod value;

pub mod source;

pub mod claim;

pub mod event;

pub mod catalogue;

pub mod codec;

pub mod hash;

pub mod chain;

pub mod frame;

pub mod tree;

pub mod note;

pub mod keys;

pub mod projection;

pub mod log;

pub mod view;

pub mod verify;

pub mod exchange;

pub mod evidence;

pub mod ledger;

#[cfg(feature = "share")]
pub mod share;
