//! The index: what the log says, in the order in which it is asked. A cache, made of nothing but the log, and thrown
//! away whenever it does not fit: an answer from it and one from a replay are the same.
//!
//! It gives back *events*, as few as a question needs, for the same fold that a replay feeds. What lies in it:
//!
//! | what | found by | holds |
//! |---|---|---|
//! | groups | subject, attribute | every event about that key, claims without their texts, in chunks of some kilobytes |
//! | the world | – | judgements, links and everything else that is not about one key |
//! | things | the event that registered them | the events that describe an attribute, entity, source or actor |
//! | rows | event number | kind, place in the log, subject and attribute |
//! | names, ids | 64 bits of them | event numbers |
//! | subtrees | their number | roots over 256 leaves of the tree each, for proofs |
//! | cursor | – | up to where in the log all this goes |
//!
//! Values are few and large, because sled is slow with many small ones. One batch holds a catch-up and its cursor.

mod blocks;
mod build;
mod entry;
mod grouping;
mod pack;
mod read;
mod rows;
mod store;
mod subtrees;

use std::path::{Path, PathBuf};

pub use build::{Draft, Seen};
pub use entry::Entry;
pub use grouping::{WORLD, acted_upon, group_of};
pub use read::Group;
pub use rows::{ROWS_PAGE, Row};
pub use store::Unusable;
pub use subtrees::SUBTREE_LEAVES;

use crate::chain::{Hash, Head};
use crate::log::{Cursor, Known, Place};
use crate::tree::Edge;
use pack::{Pack, Unpack};
use store::Store;

/// The folder of a ledger's index.
#[must_use]
pub fn folder(ledger: &Path) -> PathBuf {
    ledger.join("index")
}

/// What kind of thing a name is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum NameOf {
    /// Somebody who writes.
    Actor = 1,
    /// An attribute.
    Attribute,
    /// An entity.
    Entity,
    /// A source.
    Source,
    /// A captured copy, by its digest.
    Evidence,
    /// An event, by the caller's id.
    Id,
}

/// A ledger's index. No other process can open it meanwhile.
#[derive(Debug)]
pub struct Index {
    store: Store,
    up_to: Option<UpTo>,
    size: u64,
}

/// Up to where in which log an index goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpTo {
    /// The ledger's id.
    pub ledger: Hash,
    /// The last seal it has seen, and the edge of the tree there.
    pub known: Known,
}

/// The form of what lies in an index; any other is thrown away.
const FORM: u64 = 2;

impl Index {
    /// Opens a ledger's index.
    ///
    /// # Errors
    /// [`Unusable`] if there is none, another process has it, or it cannot be read.
    pub fn open(ledger: &Path) -> Result<Index, Unusable> {
        let folder = folder(ledger);
        if !folder.is_dir() {
            return Err(Unusable::Missing);
        }
        Index::open_or_make(&folder)
    }

    /// Opens a ledger's index, or makes an empty one.
    ///
    /// # Errors
    /// [`Unusable`] as for [`open`](Index::open).
    pub fn open_or_make(folder: &Path) -> Result<Index, Unusable> {
        let store = Store::open(folder)?;
        let up_to = match store.get(&[store::CURSOR])? {
            None => None,
            Some(bytes) => Some(read_cursor(&bytes).ok_or_else(|| Unusable::broken("its cursor is not readable"))?),
        };
        let size = up_to.as_ref().map_or(0, |up_to: &UpTo| up_to.known.cursor.head.size);
        Ok(Index { store, up_to, size })
    }

    /// Up to where it goes; `None` if it is empty.
    #[must_use]
    pub fn up_to(&self) -> Option<&UpTo> {
        self.up_to.as_ref()
    }

    /// How many events it holds; while a long commit is being put in, that is more than up to where it goes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Makes everything put in so far last.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn flush(&self) -> Result<(), Unusable> {
        self.store.flush()
    }
}

/// Stands for the cursor while the index ends inside a commit. Whoever finds it makes the index anew.
const INSIDE: &[u8] = &[0];

fn cursor_bytes(up_to: &UpTo) -> Vec<u8> {
    let Known { cursor, edge } = &up_to.known;
    let mut pack = Pack::default();
    pack.number(FORM).raw(&up_to.ledger.0).raw(&cursor.head.hash.0).number(cursor.head.size);
    pack.number(cursor.recorded_at.cast_unsigned()).number(cursor.seal.segment).number(cursor.seal.offset);
    for node in edge.nodes() {
        pack.raw(&node.0);
    }
    pack.done()
}

fn read_cursor(bytes: &[u8]) -> Option<UpTo> {
    let mut unpack = Unpack(bytes);
    if unpack.number()? != FORM {
        return None;
    }
    let (ledger, hash, size) = (unpack.hash()?, unpack.hash()?, unpack.number()?);
    let recorded_at = unpack.number()?.cast_signed();
    let seal = Place { segment: unpack.number()?, offset: unpack.number()? };
    let mut nodes = Vec::new();
    while !unpack.is_empty() {
        nodes.push(unpack.hash()?);
    }
    let cursor = Cursor { head: Head { size, hash }, recorded_at, seal };
    Some(UpTo { ledger, known: Known { cursor, edge: Edge::from_nodes(size, nodes)? } })
}
