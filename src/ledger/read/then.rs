//! A ledger as it would be with events behind its last that are not recorded.

use super::events::Events;
use super::open::Ledger;
use super::replay::Stored;
use crate::chain::Hash;
use crate::event::{Event, Recorded};
use crate::ledger::error::Error;
use crate::seq::Seq;
use crate::view::{Taken, ViewBuilder};

impl Ledger {
    /// This ledger with some events behind its last, each with its subject and attribute. They are a commit.
    pub(in crate::ledger) fn with<'e>(&self, events: impl Iterator<Item = (&'e Recorded, (Seq, Seq))>) -> Ledger {
        let mut view = ViewBuilder::on(&self.view);
        let commit = Seq(self.head.size + 1);
        let mut all = Vec::new();
        for (recorded, about) in events {
            if let Some(kind) = recorded.event.as_ref().map(Event::kind) {
                view.take(Taken { recorded, kind, about, link: Hash::ZERO, offset: 0 });
                all.push(Stored { recorded: recorded.clone(), kind, about, commit, offset: 0, hash: Hash::ZERO });
            }
        }
        if let Some(last) = all.last() {
            view.close_commit(last.recorded.seq, last.recorded.at_micros, &[]);
        }
        let mut then = Ledger::default();
        then.dir.clone_from(&self.dir);
        then.head.clone_from(&self.head);
        then.events = Events::with(all.into_iter());
        then.finish(view)
    }

    /// Whether all keys share what an event says, so that taking it back can change the answers of any.
    pub(in crate::ledger) fn shares(&self, seq: Seq) -> bool {
        self.view.world().tells(seq)
    }

    /// Does something with this ledger; where its cache turns out to be damaged, with the log alone.
    ///
    /// # Errors
    /// As for [`open`](Ledger::open), and those of what is done.
    pub(in crate::ledger) fn whole<T>(&self, act: impl Fn(&Ledger) -> Result<T, Error>) -> Result<T, Error> {
        match act(self) {
            Err(_) if self.cache.is_some() => act(self.without_cache()?),
            done => done,
        }
    }
}
