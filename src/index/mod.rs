//! The index: what the log says, in the order in which it is asked. A cache, made of nothing but the log, and thrown
//! away whenever it does not fit: an answer from it and one from a replay are the same.
//!
//! It gives back *events*, as few as a question needs, for the same fold that a replay feeds. What lies in it:
//!
//! | what | found by | holds |
//! |---|---|---|
//! | groups | subject, attribute | every event about that key, claims without their texts |
//! | facts | subject, attribute | the few numbers of each of these events that the fold needs |
//! | the world | – | judgements, links and everything else that is not about one key |
//! | things | the event that registered them | the events that describe an attribute, entity, source or actor |
//! | rows | event number | kind, place in the log, subject and attribute |
//! | names, looks of names, ids | bits of them | event numbers |
//! | subtrees | their number | roots over 256 leaves of the tree each, for proofs |
//!
//! All this is kept in *runs*: what is known of some events in a row, written once, with the cursor up to where it goes.
//! A question reads every run; so that they stay few, small ones are made one now and then. Small ones are values in
//! sled, large ones files.

mod aside;
mod batch;
mod build;
mod cursor;
mod draft;
mod entry;
mod files;
mod gathered;
mod grouping;
mod key;
mod merge;
mod names;
mod newest;
mod read;
mod rows;
mod run;
mod sorted;
mod store;
mod subtrees;
mod unusable;
mod values;

use std::path::{Path, PathBuf};

pub use batch::{Batch, Belongs, Seen};
pub use cursor::UpTo;
pub use draft::Draft;
pub use entry::{Entry, Listed};
pub(crate) use files::nameless;
pub use gathered::{Gathered, Part};
pub use grouping::{WORLD, acted_upon, group_of, group_of_event, is_of_notes};
pub use key::{ROWS_PAGE, page_of_thing};
pub use read::Group;
pub use rows::Row;
pub use subtrees::SUBTREE_LEAVES;
pub use unusable::Unusable;

use store::Store;

#[cfg(test)]
mod tests;

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

impl NameOf {
    const ALL: [NameOf; 6] =
        [NameOf::Actor, NameOf::Attribute, NameOf::Entity, NameOf::Source, NameOf::Evidence, NameOf::Id];

    fn of(byte: u8) -> Option<NameOf> {
        NameOf::ALL.into_iter().find(|kind| *kind as u8 == byte)
    }
}

/// A ledger's index.
#[derive(Debug)]
pub struct Index {
    store: Store,
    up_to: Option<UpTo>,
}

impl Index {
    /// Opens a ledger's index. If what lies in files is near enough to the log's end, sled is not opened for it; neither if
    /// another process has that open.
    ///
    /// # Errors
    /// [`Unusable`] if there is none, another process has all of it, or it cannot be read.
    pub fn open(ledger: &Path, is_near: impl Fn(&UpTo) -> bool) -> Result<Index, Unusable> {
        let folder = folder(ledger);
        if !folder.is_dir() {
            return Err(Unusable::Missing);
        }
        let mut in_files = Index::of(Store::of_files(&folder)?)?;
        if in_files.up_to.as_ref().is_some_and(is_near) {
            return Ok(in_files);
        }
        match in_files.store.add_newest() {
            Err(Unusable::Locked) if in_files.up_to.is_some() => Ok(in_files),
            added => added.and_then(|()| Index::of(in_files.store)),
        }
    }

    /// Opens a ledger's index to bring it up to date, or makes an empty one. No other process can do so meanwhile.
    ///
    /// # Errors
    /// [`Unusable`] as for [`open`](Index::open).
    pub fn open_or_make(folder: &Path) -> Result<Index, Unusable> {
        if !Store::is_of_this_form(folder) {
            return Err(Unusable::broken("it is of another version"));
        }
        let mut store = Store::to_write(folder)?;
        if store.cursor() == Some(cursor::INSIDE) {
            store.clear()?;
        }
        Index::of(store)
    }

    fn of(store: Store) -> Result<Index, Unusable> {
        let up_to = match store.cursor() {
            None | Some(cursor::INSIDE) => None,
            Some(bytes) => {
                let up_to = cursor::read(bytes).filter(|up_to| up_to.known.cursor.head.size == store.size());
                Some(up_to.ok_or_else(|| Unusable::broken("its cursor is not readable"))?)
            }
        };
        Ok(Index { store, up_to })
    }

    /// Whether it was opened to be brought up to date.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.store.is_writable()
    }

    /// The folder it lies in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.store.folder()
    }

    /// Up to where it goes; `None` if it is empty, or ends inside a commit.
    #[must_use]
    pub fn up_to(&self) -> Option<&UpTo> {
        self.up_to.as_ref()
    }

    /// How many events it holds; while a long commit is being put in, that is more than up to where it goes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.store.size()
    }

    /// Makes few runs of many.
    ///
    /// # Errors
    /// [`Unusable`]; nothing is lost.
    pub fn settle(&mut self) -> Result<(), Unusable> {
        self.store.settle()
    }

    /// Makes what was put in so far last, as far as it lies in sled.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn flush(&self) -> Result<(), Unusable> {
        self.store.flush()
    }
}
