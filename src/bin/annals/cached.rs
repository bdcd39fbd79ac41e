//! Where the cache is, and a ledger opened with it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use annals::ledger::Ledger;
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
    let Some(cache) = found(dir, root) else { return Ok(Ledger::open(dir)?) };
    let ledger = Ledger::open_cached(dir, &cache)?;
    if let Some(head) = ledger.lost() {
        say(&format!(
            "warning: this ledger no longer holds the head {head} that you saw: it was cut, written anew, or is an \
             older copy; do not write to it before you know why. `annals cache clear` accepts it as it is"
        ));
    }
    Ok(ledger)
}

/// The cache of the ledger, if it holds anything. What is wrong with the ledger is not told.
pub(crate) fn kept(dir: &Path, root: Option<&Path>) -> Option<Cache> {
    let cache = Ledger::cache(dir, root?).ok()?.ok()?;
    let holds_any = Ledger::kept_in(dir, &cache).is_ok_and(|kept| !kept.runs.is_empty());
    holds_any.then_some(cache)
}

/// Removes the cache of the ledger, after an erasure.
pub(crate) fn forget(dir: &Path, root: Option<&Path>) {
    let Some(Ok(Ok(cache))) = root.map(|root| Ledger::cache(dir, root)) else { return };
    let path = cache.path();
    if let Err(error) = cache.clear() {
        let path = path.display();
        say(&format!("warning: what was erased is still in the cache {path}, which cannot be removed: {error}"));
    }
}
