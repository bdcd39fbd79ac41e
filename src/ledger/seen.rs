//! The newest head of a ledger that its user saw, kept in the user's own cache: whether the log still holds that head.

use std::path::Path;

use super::error::{Error, ErrorKind};
use crate::chain::Head;
use crate::log::{self, Cursor, Log};
use crate::view::{Cache, Seen};

/// The newest head that this user saw of the ledger in a folder, if the log no longer holds it: the log was cut, written anew, or
/// put back, or is that of another ledger. `None` too if no head was seen.
#[must_use]
pub fn lost_head(dir: &Path, cache: &Cache) -> Option<Head> {
    cache.seen().filter(|seen| !holds(dir, seen)).map(|seen| seen.head)
}

fn holds(dir: &Path, seen: &Seen) -> bool {
    let fetched = Log::open(dir).and_then(|log| log.fetch()).and_then(|mut fetch| fetch.seal(seen.seal));
    fetched.is_ok_and(|seal| seal.head() == seen.head && seal.digest() == seal.tip)
}

/// Takes the head that was just read for seen, if the log holds the one that was seen before. Gives that one if it does not.
pub(super) fn compare(dir: &Path, cache: &Cache, now: Option<Seen>) -> Option<Head> {
    let seen = cache.seen();
    match (seen, now) {
        // This very seal was just read.
        (Some(seen), Some(now)) if seen == now => {}
        (Some(seen), _) if !holds(dir, &seen) => return Some(seen.head),
        // Another process may have seen more in the meantime.
        (Some(seen), Some(now)) if seen.head.size >= now.head.size => {}
        (_, Some(now)) => cache.see(now),
        (_, None) => {}
    }
    None
}

/// Requires that the log in a folder holds the newest head that this user saw. `nothing` says what was not done.
///
/// # Errors
/// `Damaged` if the log does not hold it.
pub fn require_seen_head(dir: &Path, cache: &Cache, nothing: &str) -> Result<(), Error> {
    let Some(head) = lost_head(dir, cache) else { return Ok(()) };
    let message = format!(
        "this ledger no longer holds the head {head} that you saw: it was cut, written anew, or is an older \
         copy, or another ledger lies in its place; {nothing}"
    );
    let hint =
        "bring back the newer ledger, or find out what became of it; `annals cache clear` accepts this one as it is";
    Err(Error::new(ErrorKind::Damaged, message).with_hint(hint))
}

/// Takes the newest head for seen of a log that its writer, who keeps every other out, just appended to.
pub(super) fn see(cache: Option<&Cache>, log: &log::Writer) {
    if let Some((cache, cursor)) = cache.zip(log.cursor()) {
        cache.see(seen_at(&cursor));
    }
}

/// A head that a place in the log names, as one that was seen.
pub(super) fn seen_at(cursor: &Cursor) -> Seen {
    Seen { head: cursor.head, seal: cursor.seal }
}
