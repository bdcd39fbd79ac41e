//! The log on disk: segments of frames and seals, append-only, the only truth. Bytes in, bytes out: it knows
//! commits, links and damage, and nothing of what the payloads mean.
//!
//! Readers never lock and never write. A writer holds the lock, refuses a damaged log, and has its commit on the
//! disk before it answers. `docs/format.md` says what lies in the files and why every crash leaves them readable.

mod ahead;
mod aside;
pub(crate) mod blocks;
mod bulk;
mod commit;
mod damage;
pub(crate) mod despite;
pub(crate) mod disk;
mod draft;
mod entry;
mod erase;
mod erasures;
mod error;
mod fetch;
pub(crate) mod joints;
pub(crate) mod layout;
mod lock;
pub(crate) mod made;
mod opening;
mod scan;
mod segment;
mod settle;
mod state;
mod tail;
mod walk;
pub(crate) mod window;
mod writer;

pub use aside::{MovedAside, all_moved_aside, repair};
pub use bulk::Bulk;
pub(crate) use commit::Body;
pub use commit::{Commit, Cursor, Frame};
pub use damage::{Code, Damage, Place};
pub use despite::{Despite, Intact, Unread};
pub use entry::{Committed, Entry};
pub use erase::{erase, finish_erasures};
pub use erasures::Erasures;
pub use error::{Error, Refusal, Result};
pub use fetch::{Fetch, Fetched};
pub use lock::is_locked;
pub use opening::{Known, Limits, Opening};
pub use scan::{End, Log, Scan, Since};
pub use settle::settle;
pub use tail::TornTail;
pub use writer::{Appended, Signer, Writer};

#[cfg(test)]
pub(crate) mod tests;
