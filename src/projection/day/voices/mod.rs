//! What the claims of a key say, and how their values lie to each other.

pub(super) mod agreeing;
pub(super) mod all;
pub(super) mod beside;
pub(super) mod ends;
pub(super) mod reach;
pub(super) mod voice;
pub(super) mod within;
