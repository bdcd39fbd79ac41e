//! Whether a cache says what the log says: its runs are made anew from the log, and compared byte by byte.

use std::ops::ControlFlow;
use std::path::Path;

use super::events::Events;
use super::open::Ledger;
use super::replay::{Reading, Step, hide};
use crate::ledger::error::Error;
use crate::log::{Log, Since};
use crate::seq::Seq;
use crate::view::{Cache, ViewBuilder};

/// What comparing a cache with its log came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheCompared {
    /// How many events the cache is about.
    pub events: u64,
    /// The first and the last event of each run that does not say what the log says. Questions that were asked since such a run
    /// was made may have been answered falsely.
    pub differing: Vec<(Seq, Seq)>,
}

/// Compares the cache that questions use with the log, which has to hold. Where it differs it is removed; the next question
/// makes it anew.
///
/// # Errors
/// As for [`Ledger::open`].
pub fn compare_cache(dir: &Path, cache: &Cache) -> Result<CacheCompared, Error> {
    // What whole-ledger questions came to is not compared: it is found anew.
    cache.forget_answers();
    // A cache of another log is not used, and one that holds what was erased since is made anew.
    let ledger = Ledger::open_cached(dir, cache)?;
    let (runs, erased, events) = (ledger.runs(), ledger.erased(), Events::default());
    let mut ends = runs.events().into_iter().enumerate().peekable();
    let (mut view, mut compared, mut recorded_at) =
        (ViewBuilder::default().with_lookups(), CacheCompared::default(), 0);
    let mut see = |step| {
        match hide(step, erased) {
            Step::Event(stored) => {
                recorded_at = stored.recorded.at_micros;
                view.take(stored.taken());
            }
            Step::Commit(seal, roots) => {
                view.close_commit(Seq(seal.size), recorded_at, &roots);
                if let Some((number, (first, last))) = ends.next_if(|(_, (_, last))| last.0 <= seal.size) {
                    if !view.closes_as(runs, number, |seq, offset| events.about(dir, seq, offset)) {
                        compared.differing.push((first, last));
                    }
                    compared.events = last.0;
                }
            }
        }
        if ends.peek().is_none() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    if !runs.events().is_empty() {
        Reading::default().replay(Log::open(dir)?.commits(Since::Start)?, &mut see)?;
    }
    if !compared.differing.is_empty() {
        // What cannot be removed is told all the same.
        let _ = cache.clear();
    }
    Ok(compared)
}
