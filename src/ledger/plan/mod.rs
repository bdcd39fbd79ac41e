//! From what is proposed to the events that would record it. Nothing is written here.

mod acts;
mod again;
mod claims;
mod describe;
mod noun;
mod oddities;
pub(super) mod policy;
pub(super) mod resolve;
pub(super) mod stage;
