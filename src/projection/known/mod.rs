//! What is known at a horizon: the claims of a key and the acts upon them, what all keys share, and what of these stands.

pub(super) mod facts;
pub(super) mod horizon;
pub(super) mod review;
mod same_time;
pub(super) mod standing;
pub(super) mod successor;
pub(super) mod union;
mod waiting;
pub(super) mod world;
