//! The façade: open a ledger, record into it, ask it.

mod certain;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod laws;
mod names;
mod register;
mod resolve;
mod stage;

pub use resolve::nearest;
