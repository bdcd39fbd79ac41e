//! What a writer must know of the events before: which keys, ids and contents are taken, and what stands.

mod acts;
mod ask;
pub(super) mod content;
mod contradictions;
mod elsewhere;
mod identity;
mod judged;
mod links;
mod looks;
pub(super) mod newest;
pub(super) mod numbered;
pub(super) mod past;
pub(super) mod register;
pub(super) mod standing;
mod vouch;
