//! The ledger as files that any web server or object store can serve, for people who follow it without trusting it.
//!
//! It is the static tree of C2SP tlog-tiles, whose entries are the envelopes, and beside it the payloads, each by its
//! commitment, so that one that was erased can go. `docs/format.md` says what lies where.

mod before;
mod commits;
mod follow;
mod followed;
mod following;
mod payloads;
mod publish;
mod seals;
mod seen;
mod served;
mod site;

pub use follow::follow;
pub use followed::{FollowOptions, Followed, Wrong};
pub use publish::{PublishOptions, Published, publish};
pub use seen::{SEEN_TITLE, Seen};
pub use served::{Served, ServedFolder};

use std::path::{Path, PathBuf};

use crate::chain::Hash;

/// The signed head, which is written last.
const CHECKPOINT: &str = "checkpoint";
/// What says whose tree it is, which is written first.
const MARKER: &str = "ledger.txt";

/// What lies in the place of salt and payload of an event that is for the desk alone: shorter than any salt.
const WITHHELD: &[u8] = b"withheld\n";

/// Where salt and payload of an event lie.
fn payload_path(commitment: &Hash) -> String {
    let name = commitment.to_string();
    let folder = name.get(..2).unwrap_or_default();
    format!("payload/{folder}/{name}")
}

/// The text that says whose tree it is.
fn marker(origin: &str, id: &Hash) -> String {
    format!(
        "annals published ledger 1\n{origin}\n{id}\n\n\
         This folder is written by `annals publish`, and is made to be served as it is. `checkpoint` is the signed head\n\
         (c2sp.org/tlog-checkpoint), `tile` holds the tree over all events (c2sp.org/tlog-tiles), `payload` what they say.\n\
         To check all of it, and to follow it: annals verify --url ADDRESS --key KEY\n"
    )
}

/// A path with `/` between folders, below a folder of this system.
fn below(folder: &Path, path: &str) -> PathBuf {
    path.split('/').fold(folder.to_owned(), |folder, name| folder.join(name))
}

#[cfg(test)]
mod tests;
