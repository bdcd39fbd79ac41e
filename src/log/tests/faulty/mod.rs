//! The log on a disk that loses, tears and refuses.

mod bytes;
mod disk;
mod expect;
mod fault;
mod long;
mod names;
mod sectors;
mod short;
mod world;
