//! What a writer must know of the events before: which keys, ids and contents are taken, and what stands.

pub(super) mod acts;
mod ask;
pub(super) mod content;
mod contradictions;
mod elsewhere;
mod identity;
mod known;
mod links;
mod looks;
pub(super) mod numbered;
pub(super) mod past;
mod references;
pub(super) mod register;
mod speakers;
mod vouch;
