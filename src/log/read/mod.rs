//! Reading the log: by whole commits up to the first thing that does not follow, or despite damage, naming it.

mod ahead;
pub(crate) mod blocks;
pub(super) mod commit;
pub(super) mod despite;
pub(crate) mod diagnose;
pub(super) mod erasures;
pub(super) mod fetch;
pub(super) mod frame;
pub(crate) mod joints;
pub(crate) mod made;
pub(super) mod scan;
mod state;
pub(super) mod tail;
pub(super) mod walk;
pub(crate) mod window;
