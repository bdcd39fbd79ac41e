//! Opening a ledger to write to it: what came since the cache was made is read, or all of it, and the View is made of that.

use std::ops::ControlFlow;
use std::path::Path;

use super::erasures::open_for_appending;
use crate::event::EventKind;
use crate::ledger::error::Error;
use crate::ledger::head::Head;
use crate::ledger::read::events::Events;
use crate::ledger::read::replay::{Reading, Step, replay};
use crate::log::{self, Known, Log};
use crate::view::{Cache, Runs, UpTo, View, ViewBuilder};

/// A ledger that is open for writing.
pub(super) struct Opened {
    pub(super) log: log::Writer,
    pub(super) view: View,
    pub(super) head: Head,
}

/// Opens a ledger behind what a cache has of it; a cache that does not fit the log is left out.
///
/// # Errors
/// `Damaged`, `NotFound`, `Unsupported`, `Io`. Nothing was recorded.
pub(super) fn open(dir: &Path, cache: Option<&Cache>, now_micros: i64) -> Result<Opened, Error> {
    let mut runs = cache.map_or_else(|| Ok(Runs::default()), |cache| kept(dir, cache))?;
    loop {
        let is_last_try = runs.up_to().is_none();
        match open_behind(dir, cache, &runs, now_micros) {
            Ok(Some(opened)) => return Ok(opened),
            // What was erased leaves the cache.
            Ok(None) => {
                let _ = cache.map(Cache::clear);
                runs = Runs::default();
            }
            // What does not fit this log is left out; an error of the log itself comes up without runs too.
            Err(_) if !is_last_try => runs.leave_last_out(),
            Err(error) => return Err(error),
        }
    }
}

/// The runs of a cache. What the last commit erases may not be erased durably: a run that ends with it is left out, so that
/// this commit is read.
fn kept(dir: &Path, cache: &Cache) -> Result<Runs, Error> {
    let log = Log::open(dir)?;
    let mut runs = log.ledger().map(|id| cache.runs(id)).unwrap_or_default();
    while let Some(up_to) = runs.up_to() {
        let size = up_to.known.cursor.head.size;
        let last = runs.last_offset().and_then(|offset| log.fetch().ok()?.event(size, offset).ok());
        let is_erasure =
            |last: log::Fetched| EventKind::of_number(last.envelope.kind) == Some(EventKind::PayloadErased);
        if last.is_some_and(|last| !is_erasure(last)) {
            break;
        }
        runs.leave_last_out();
    }
    Ok(runs)
}

/// `None`: something was erased since that the runs are about.
fn open_behind(dir: &Path, cache: Option<&Cache>, runs: &Runs, now_micros: i64) -> Result<Option<Opened>, Error> {
    let Ok(mut view) = ViewBuilder::behind(runs).map(ViewBuilder::with_lookups) else { return Ok(None) };
    let mut head = Head::default();
    let known = runs.up_to().map(|up_to| up_to.known.clone());
    if let Some(Known { cursor, .. }) = &known {
        head.take(Log::open(dir)?.fetch()?.seal(cursor.seal)?);
        head.recorded_at_micros = cursor.recorded_at;
    }
    let (last, reading) = (view.known(), Reading::behind(view.keys()));
    let see = |step| {
        if matches!(&step, Step::Event(stored) if stored.erases_up_to(last)) {
            return ControlFlow::Break(());
        }
        step.take_into(&mut head, &mut view);
        ControlFlow::Continue(())
    };
    let Some((log, was_unfinished)) = open_for_appending(dir, now_micros, (known, reading), see)? else {
        return Ok(None);
    };
    let view = if was_unfinished { whole(dir)? } else { finished(dir, view) };
    if let (Some(cache), Some(cursor)) = (cache, log.cursor()) {
        view.keep(cache, runs, &UpTo { ledger: log.ledger(), known: Known { cursor, edge: log.edge().clone() } });
    }
    view.world().catalogue.origin().unwrap_or_default().clone_into(&mut head.origin);
    Ok(Some(Opened { log, view, head }))
}

/// The View of all that stands in the log now.
fn whole(dir: &Path) -> Result<View, Error> {
    let (mut head, mut view) = (Head::default(), ViewBuilder::default().with_lookups());
    replay(dir, |step| {
        step.take_into(&mut head, &mut view);
        ControlFlow::Continue(())
    })?;
    Ok(finished(dir, view))
}

fn finished(dir: &Path, view: ViewBuilder) -> View {
    let events = Events::default();
    view.finish(|seq, offset| events.about(dir, seq, offset))
}

#[cfg(test)]
#[path = "opening_tests.rs"]
mod tests;
