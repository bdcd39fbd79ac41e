//! The façade: open a ledger, record into it, ask it.
mod certain;
mod register;
mod resolve;
mod stage;
