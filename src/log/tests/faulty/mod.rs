//! The log on a disk that loses, tears and refuses.

pub(crate) mod bytes;
pub(crate) mod disk;
mod expect;
pub(crate) mod fault;
mod long;
mod names;
mod sectors;
mod short;
mod world;
