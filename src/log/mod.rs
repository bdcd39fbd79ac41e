//! The log on disk: segments of frames and seals, append-only, the only truth. Bytes in, bytes out: it knows
//! commits, links and damage, and nothing of what the payloads mean.
//!
//! Readers never lock and never write. A writer holds the lock, refuses a damaged log, and has its commit on the
//! disk before it answers. `docs/format.md` says what lies in the files and why every crash leaves them readable.

mod around;
mod cursor;
mod damage;
pub(crate) mod disk;
mod entry;
mod error;
pub(crate) mod layout;
pub(crate) mod lock;
mod proven;
pub(crate) mod read;
mod settle;
mod strange;
mod write;

pub use around::ledger_around;
pub(crate) use around::real;
pub use cursor::{Cursor, Known};
pub use damage::{Code, Damage, Place};
pub use entry::{Committed, Entries, Entry, Label};
pub use error::{Error, Refusal, Result};
pub use lock::{is_locked, wait_at_most};
pub use proven::Proven;
pub use read::commit::Commit;
pub use read::despite::{Despite, Intact, Unread};
pub use read::erasures::Erasures;
pub use read::fetch::{Fetch, Fetched};
pub(crate) use read::frame::Body;
pub use read::frame::Frame;
pub use read::log::{Log, Since};
pub use read::scan::{End, Scan};
pub use read::tail::TornTail;
pub use settle::settle;
pub use strange::strange_files;
pub use write::aside::{MovedAside, all_moved_aside};
pub use write::bulk::Bulk;
pub use write::draft::Signer;
pub use write::erase::{erase, finish_erasures};
pub use write::opening::{Opening, repair};
pub use write::writer::{Appended, Limits, Writer};

#[cfg(test)]
pub(crate) mod tests;
