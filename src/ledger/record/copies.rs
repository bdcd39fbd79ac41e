//! Which captured copies go with an erasure.
//!
//! A copy goes if an erased event refers to it or describes it, and neither a claim that is left nor a reference of one
//! refers to it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use crate::event::Event;
use crate::ledger::error::Error;
use crate::ledger::files::evidence::{is_kept, remove_copy};
use crate::ledger::read::replay::{Step, Stored, replay};
use crate::seq::Seq;

/// The copies that erased events refer to or describe, by their digests.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// Of each, a claim or a reference that is left and refers to it, if there is one.
    referred: BTreeMap<Box<str>, Option<Seq>>,
}

impl Copies {
    /// Of these events, and of copies that are kept in this ledger's folder. `events` goes through all of the ledger.
    ///
    /// # Errors
    /// What `events` gives.
    pub(super) fn of(
        dir: &Path,
        targets: &BTreeSet<Seq>,
        mut events: impl FnMut(&mut dyn FnMut(&Stored)) -> Result<(), Error>,
    ) -> Result<Copies, Error> {
        let mut copies = Copies::default();
        events(&mut |stored| {
            if targets.contains(&stored.recorded.seq) {
                let named = stored.recorded.event.as_ref().map(Event::copies).unwrap_or_default();
                let kept = named.into_iter().filter(|digest| is_kept(dir, digest));
                copies.referred.extend(kept.map(|digest| (digest.into(), None)));
            }
        })?;
        if copies.referred.is_empty() {
            return Ok(copies);
        }
        events(&mut |stored| {
            let seq = stored.recorded.seq;
            let Some(event) = stored.recorded.event.as_ref().filter(|_| !targets.contains(&seq)) else { return };
            let refers = match event {
                Event::ClaimAsserted(_) => true,
                Event::ReferenceAdded(added) => !targets.contains(&added.claim),
                _ => false,
            };
            for digest in event.copies().into_iter().filter(|_| refers) {
                if let Some(by) = copies.referred.get_mut(digest) {
                    by.get_or_insert(seq);
                }
            }
        })?;
        Ok(copies)
    }

    /// Finds the copies by reading the log.
    ///
    /// # Errors
    /// As [`replay`].
    pub(super) fn in_log(dir: &Path, targets: &BTreeSet<Seq>) -> Result<Copies, Error> {
        Copies::of(dir, targets, |see| {
            replay(dir, |step| {
                if let Step::Event(stored) = &step {
                    see(stored);
                }
                ControlFlow::Continue(())
            })
            .map(|_| ())
        })
    }

    /// Those that go.
    pub(super) fn going(&self) -> impl Iterator<Item = &str> {
        self.referred.iter().filter(|(_, by)| by.is_none()).map(|(digest, _)| &**digest)
    }

    /// Those that stay, each with a claim or a reference that refers to it.
    pub(super) fn staying(&self) -> impl Iterator<Item = (&str, Seq)> {
        self.referred.iter().filter_map(|(digest, by)| Some((&**digest, (*by)?)))
    }

    /// Takes away those that go, durably.
    ///
    /// # Errors
    /// `Io`; doing it again finishes.
    pub(super) fn remove(&self, dir: &Path) -> Result<(), Error> {
        self.going().try_for_each(|digest| remove_copy(dir, digest))
    }
}
