//! Where the cache is, and a ledger opened with it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use annals::chain::Head;
use annals::ledger::{Ledger, lost_head};
use annals::view::Cache;
use etcetera::BaseStrategy;

use crate::failure::Failure;
use crate::screen::say;

/// The folder below which caches are kept, as it was given; else the one that the platform has for caches. `None`: no cache.
pub(crate) fn root(given: Option<&OsStr>) -> Option<PathBuf> {
    match given {
        Some(given) if given.is_empty() || given == "none" => None,
        Some(given) => Some(given.into()),
        None => etcetera::base_strategy::choose_native_strategy().ok().map(|user| user.cache_dir().join("annals")),
    }
}

/// The cache of a ledger below a root. If it is not used, says why on standard error.
pub(crate) fn found(dir: &Path, root: &Path) -> Option<Cache> {
    match Ledger::cache(dir, root) {
        Ok(Ok(cache)) => Some(cache),
        Ok(Err(unused)) => {
            say(&format!("note: the cache is not used: {unused}; {}", unused.hint()));
            None
        }
        // Reading the ledger tells what is wrong with it.
        Err(_) => None,
    }
}

/// Opens a ledger with its cache below a root.
pub(crate) fn opened(dir: &Path, root: &Path) -> Result<Ledger, Failure> {
    match found(dir, root) {
        Some(cache) => Ok(Ledger::open_cached(dir, &cache)?),
        None => Ok(Ledger::open(dir)?),
    }
}

/// Opens a ledger without its cache, and looks there only for the newest head that was seen.
pub(crate) fn read(dir: &Path, root: Option<&Path>) -> Result<Ledger, Failure> {
    let ledger = Ledger::open(dir)?;
    Ok(match quietly(dir, root) {
        Some(cache) => ledger.beside(&cache),
        None => ledger,
    })
}

/// The newest head that the user saw, if the ledger no longer holds it.
pub(crate) fn lost(dir: &Path, root: Option<&Path>) -> Option<Head> {
    lost_head(dir, &quietly(dir, root)?)
}

/// Requires that the ledger holds the newest head that the user saw; else `nothing` is done.
#[cfg(feature = "share")]
pub(crate) fn require_seen(dir: &Path, root: Option<&Path>, nothing: &str) -> Result<(), Failure> {
    quietly(dir, root).map_or(Ok(()), |cache| Ok(annals::ledger::require_seen_head(dir, &cache, nothing)?))
}

/// The cache of the ledger, if it holds anything. What is wrong with the ledger is not told.
pub(crate) fn kept(dir: &Path, root: Option<&Path>) -> Option<Cache> {
    quietly(dir, root).filter(|cache| Ledger::kept_in(dir, cache).is_ok_and(|kept| !kept.runs.is_empty()))
}

/// The cache of the ledger. Neither what is wrong with the ledger is told, nor why the cache is not used.
fn quietly(dir: &Path, root: Option<&Path>) -> Option<Cache> {
    Ledger::cache(dir, root?).ok()?.ok()
}

/// Removes all that is kept of a ledger which lay where this one was just begun.
pub(crate) fn begin(dir: &Path, root: Option<&Path>) {
    // What cannot be removed is told as what it is by whoever writes next.
    let _ = quietly(dir, root).map(Cache::remove);
}

/// Removes the cache of the ledger, after an erasure.
pub(crate) fn forget(dir: &Path, root: Option<&Path>) {
    let Some(cache) = quietly(dir, root) else { return };
    let path = cache.path();
    if let Err(error) = cache.clear() {
        let path = path.display();
        say(&format!("warning: what was erased is still in the cache {path}, which cannot be removed: {error}"));
    }
}
