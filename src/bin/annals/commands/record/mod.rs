//! Everything that adds to a ledger, or takes a payload out of it: claims, acts, registrations, imports, erasures.

pub(super) mod act;
pub(super) mod claim;
mod draft;
pub(super) mod erase;
pub(super) mod import;
mod imported;
pub(super) mod register;
mod rejects;
pub(super) mod setting;
pub(super) mod undo;
pub(super) mod write;
