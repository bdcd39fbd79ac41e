//! Where the index lies: sled, and nothing else knows it.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use sled::{Batch, Config, Db, IVec};

/// First byte of the key of the cursor.
pub(super) const CURSOR: u8 = 0;
/// First byte of the keys of groups: then subject, attribute and chunk.
pub(super) const GROUP: u8 = 1;
/// First byte of the keys of things, some to a page.
pub(super) const THING: u8 = 2;
/// First byte of the keys of rows, some to a page.
pub(super) const ROW: u8 = 3;
/// First byte of the keys of names, some to a block.
pub(super) const NAME: u8 = 4;

/// First byte of the keys of subtrees, some to a page.
pub(super) const SUBTREE: u8 = 5;

/// What sled may keep in memory, in bytes.
const CACHE_BYTES: u64 = 128 << 20;
/// Why an index cannot be used. The log answers without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// There is none.
    Missing,
    /// Another process uses it.
    Locked,
    /// It cannot be read or written.
    Broken(String),
}

impl Unusable {
    pub(super) fn broken(why: impl fmt::Display) -> Unusable {
        Unusable::Broken(why.to_string())
    }
}

impl From<sled::Error> for Unusable {
    fn from(error: sled::Error) -> Unusable {
        // sled has no error of its own for this.
        let why = error.to_string();
        if why.contains("could not acquire lock") { Unusable::Locked } else { Unusable::Broken(why) }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unusable::Missing => f.write_str("there is no index"),
            Unusable::Locked => f.write_str("another process uses the index"),
            Unusable::Broken(why) => write!(f, "the index cannot be used: {why}"),
        }
    }
}

impl std::error::Error for Unusable {}

/// An ordered map of bytes.
pub(super) struct Store(Db);

impl Store {
    pub(super) fn open(folder: &Path) -> Result<Store, Unusable> {
        let config = Config::new().path(folder).cache_capacity(CACHE_BYTES).flush_every_ms(None);
        guarded(|| config.open()).map(Store)
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<IVec>, Unusable> {
        guarded(|| self.0.get(key))
    }

    /// The last key, and its value, that begins with `prefix` and is not behind `key`.
    pub(super) fn at_or_before(&self, prefix: u8, key: &[u8]) -> Result<Option<(IVec, IVec)>, Unusable> {
        guarded(|| self.0.range(&[prefix][..]..=key).next_back().transpose())
    }

    /// The first key behind `key` that begins with `prefix`.
    pub(super) fn behind(&self, prefix: u8, key: &[u8]) -> Result<Option<IVec>, Unusable> {
        use std::ops::Bound::Excluded;
        let range = (Excluded(key), Excluded(&[prefix + 1][..]));
        guarded(|| Ok(self.0.range::<&[u8], _>(range).next().transpose()?.map(|(key, _)| key)))
    }

    /// Shows everything whose key begins with `prefix`, in order.
    pub(super) fn each(
        &self,
        prefix: &[u8],
        mut see: impl FnMut(&[u8], &[u8]) -> Result<(), Unusable>,
    ) -> Result<(), Unusable> {
        let mut all = guarded(|| Ok(self.0.scan_prefix(prefix)))?;
        while let Some((key, value)) = guarded(|| all.next().transpose())? {
            see(&key, &value)?;
        }
        Ok(())
    }

    pub(super) fn apply(&self, changes: Changes) -> Result<(), Unusable> {
        guarded(|| self.0.apply_batch(changes.0))
    }

    pub(super) fn flush(&self) -> Result<(), Unusable> {
        guarded(|| self.0.flush().map(drop))
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

/// Changes that are made together or not at all.
#[derive(Default)]
pub(super) struct Changes(Batch);

impl Changes {
    pub(super) fn put(&mut self, key: &[u8], value: Vec<u8>) {
        self.0.insert(key, value);
    }
}

/// sled gives errors for some damage and panics over other; for whoever has the log both are the same.
fn guarded<T>(run: impl FnOnce() -> sled::Result<T>) -> Result<T, Unusable> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(done) => Ok(done?),
        Err(_) => Err(Unusable::broken("it is damaged")),
    }
}
