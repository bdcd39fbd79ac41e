//! Whether a cache says what the log says: its runs are made anew of what verifying shows, and compared byte by byte.

use std::path::Path;

use super::events::Events;
use super::open::Ledger;
use crate::chain::Hash;
use crate::event::{Entered, EventKind, Recorded};
use crate::frame::{Envelope, Seal};
use crate::ledger::error::Error;
use crate::log::Place;
use crate::seq::Seq;
use crate::verify::Shown;
use crate::view::{Cache, Taken, ViewBuilder};

/// What comparing a cache with its log came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheCompared {
    /// How many events the cache is about.
    pub events: u64,
    /// The first and the last event of each run that does not say what the log says. Questions that were asked since such a run
    /// was made may have been answered falsely.
    pub differing: Vec<(Seq, Seq)>,
}

/// A cache on its way of being compared. What it came to counts only if the log holds.
pub(in crate::ledger) struct Comparing<'a> {
    dir: &'a Path,
    cache: &'a Cache,
    /// The ledger as questions open it. A cache of another log is not used, and one that holds what was erased since is made anew.
    ledger: Result<Ledger, Error>,
    /// The first and the last event of each run.
    runs: Vec<(Seq, Seq)>,
    events: Events,
    view: ViewBuilder,
    /// Number of the run that is being made anew.
    number: usize,
    /// The last event that was shown, and when it was recorded.
    last: (u64, i64),
    compared: CacheCompared,
}

impl<'a> Comparing<'a> {
    pub(in crate::ledger) fn new(dir: &'a Path, cache: &'a Cache) -> Comparing<'a> {
        // What whole-ledger questions came to is not compared: it is found anew.
        cache.forget_answers();
        let ledger = Ledger::open_cached(dir, cache);
        let runs = ledger.as_ref().map_or_else(|_| Vec::new(), |ledger| ledger.runs().events());
        Comparing {
            dir,
            cache,
            ledger,
            runs,
            events: Events::default(),
            view: ViewBuilder::default().with_lookups(),
            number: 0,
            last: (0, 0),
            compared: CacheCompared::default(),
        }
    }

    /// Takes in what verifying shows.
    pub(in crate::ledger) fn see(&mut self, shown: Shown<'_>) {
        match shown {
            Shown::Begin => {
                (self.view, self.number, self.last) = (ViewBuilder::default().with_lookups(), 0, (0, 0));
                self.compared = CacheCompared::default();
            }
            // Behind the last run there is nothing to compare, and events that do not follow on are damage.
            Shown::Event(envelope, ..) if self.number == self.runs.len() || envelope.seq != self.last.0 + 1 => {}
            Shown::Event(envelope, link, place, entered) => self.take(envelope, link, place, entered),
            Shown::Commit(seal, roots) => self.close(seal, roots),
        }
    }

    fn take(&mut self, envelope: &Envelope, link: Hash, place: Place, entered: Option<Box<Entered>>) {
        let (seq, at_micros) = (Seq(envelope.seq), envelope.recorded_at);
        self.last = (seq.0, at_micros);
        // A kind that came later changes no answer.
        let (Ok(ledger), Some(kind)) = (&self.ledger, EventKind::of_number(envelope.kind)) else { return };
        let entered = entered.filter(|_| !ledger.erased().contains(&seq));
        let (event, first) = entered.map_or((None, None), |entered| (Some(entered.event), entered.first));
        let recorded = Recorded { seq, at_micros, actor: Seq(envelope.actor), event, first };
        let about = (Seq(envelope.subject), Seq(envelope.attribute));
        self.view.take(Taken { recorded: &recorded, kind, about, link, offset: place.offset });
    }

    fn close(&mut self, seal: &Seal, roots: &[Hash]) {
        let (Ok(ledger), Some((first, last))) = (&self.ledger, self.runs.get(self.number).copied()) else { return };
        self.view.close_commit(Seq(seal.size), self.last.1, roots);
        if last.0 <= seal.size {
            let about = |seq, offset| self.events.about(self.dir, seq, offset);
            if !self.view.closes_as(ledger.runs(), self.number, about) {
                self.compared.differing.push((first, last));
            }
            self.compared.events = last.0;
            self.number += 1;
        }
    }

    /// The log holds: what comparing came to. Where the cache differs it is removed.
    ///
    /// # Errors
    /// As for [`Ledger::open`].
    pub(in crate::ledger) fn finish(self) -> Result<CacheCompared, Error> {
        self.ledger?;
        if !self.compared.differing.is_empty() {
            // What cannot be removed is told all the same.
            let _ = self.cache.clear();
        }
        Ok(self.compared)
    }
}
