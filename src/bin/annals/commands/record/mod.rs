//! Everything that adds to a ledger, or takes a payload out of it: claims, acts, registrations, imports, erasures.

pub(super) mod act;
pub(super) mod claim;
mod draft;
pub(super) mod erase;
pub(super) mod import;
mod imported;
mod planned;
pub(super) mod register;
mod rejects;
pub(super) mod setting;
mod told;
pub(super) mod undo;
pub(super) mod write;
