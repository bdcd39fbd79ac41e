//! The small runs, which hold the newest events: values in sled, and nothing else knows it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use sled::{Batch, Config, Db, IVec};

use super::unusable::Unusable;

/// What sled may keep in memory, in bytes.
const CACHE_BYTES: u64 = 16 << 20;

/// A run, and its first event.
pub(super) type Small = (u64, Box<[u8]>);

/// Runs by their first event. No other process can have it open meanwhile.
pub(super) struct Newest(Db);

impl Newest {
    /// The folder in that of an index.
    pub(super) fn folder(index: &Path) -> PathBuf {
        index.join("newest")
    }

    /// Whether it is there. sled makes this file last.
    pub(super) fn is_made(index: &Path) -> bool {
        Newest::folder(index).join("db").is_file()
    }

    /// Opens it, or makes it.
    pub(super) fn open(index: &Path) -> Result<Newest, Unusable> {
        let config = Config::new().path(Newest::folder(index)).cache_capacity(CACHE_BYTES).flush_every_ms(None);
        guarded(|| config.open()).map(Newest)
    }

    /// The runs with their first events, in order.
    pub(super) fn all(&self) -> Result<Vec<Small>, Unusable> {
        let read = |(first, run): (IVec, IVec)| {
            Some((u64::from_be_bytes(first.as_ref().try_into().ok()?), run.as_ref().into()))
        };
        let all = guarded(|| self.0.iter().collect::<sled::Result<Vec<_>>>())?;
        all.into_iter().map(read).collect::<Option<_>>().ok_or_else(|| Unusable::broken("a run has no number"))
    }

    /// Puts a run in the place of others: together or not at all.
    pub(super) fn replace(&self, others: &[u64], run: Option<(u64, &[u8])>) -> Result<(), Unusable> {
        let mut batch = Batch::default();
        for first in others {
            batch.remove(&first.to_be_bytes());
        }
        if let Some((first, bytes)) = run {
            batch.insert(&first.to_be_bytes(), bytes);
        }
        guarded(|| self.0.apply_batch(batch))
    }

    /// Makes what was put in last.
    pub(super) fn flush(&self) -> Result<(), Unusable> {
        guarded(|| self.0.flush().map(drop))
    }
}

impl From<sled::Error> for Unusable {
    fn from(error: sled::Error) -> Unusable {
        match error {
            sled::Error::Io(error) if error.raw_os_error().is_some() => error.into(),
            // sled has no error of its own for this.
            error if error.to_string().contains("could not acquire lock") => Unusable::Locked,
            // Which of its pages it is helps nobody.
            _ => damaged(),
        }
    }
}

/// sled gives errors for some damage and panics over other; for whoever has the log both are the same.
fn guarded<T>(run: impl FnOnce() -> sled::Result<T>) -> Result<T, Unusable> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(done) => Ok(done?),
        Err(_) => Err(damaged()),
    }
}

fn damaged() -> Unusable {
    Unusable::broken("its newest part is damaged")
}
