//! Reading the log: by whole commits up to the first thing that does not follow, or despite damage, naming it.

pub(crate) mod blocks;
pub(super) mod commit;
pub(super) mod despite;
pub(crate) mod diagnose;
pub(super) mod erasures;
pub(super) mod fetch;
mod fit;
pub(super) mod frame;
pub(crate) mod hashed;
pub(crate) mod joints;
pub(super) mod log;
pub(crate) mod pass;
pub(super) mod scan;
pub(super) mod tail;
pub(crate) mod window;
