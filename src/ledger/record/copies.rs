//! Which captured copies go with an erasure.
//!
//! A copy goes if an erased event refers to it or describes it, and neither a claim that is left nor a reference of one
//! refers to it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use foldhash::HashSet;

use crate::event::Event;
use crate::ledger::error::Error;
use crate::ledger::files::evidence::{is_behind_link, is_kept, remove_copy};
use crate::ledger::read::replay::{Step, Stored, replay_hiding};
use crate::seq::Seq;

/// The copies that erased events refer to or describe, by their digests.
#[derive(Debug, Default)]
pub(super) struct Copies {
    referred: BTreeMap<Box<str>, Referred>,
}

/// A copy that an erased event refers to or describes.
#[derive(Debug)]
struct Referred {
    /// A claim or a reference that is left and refers to it, if there is one.
    by: Option<Seq>,
    is_behind_link: bool,
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
                let there = named.into_iter().filter_map(|digest| {
                    let is_behind_link = is_behind_link(dir, digest);
                    (is_behind_link || is_kept(dir, digest))
                        .then(|| (digest.into(), Referred { by: None, is_behind_link }))
                });
                copies.referred.extend(there);
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
                if let Some(referred) = copies.referred.get_mut(digest) {
                    referred.by.get_or_insert(seq);
                }
            }
        })?;
        Ok(copies)
    }

    /// Finds the copies by reading the log, in which some events were erased: they say nothing.
    ///
    /// # Errors
    /// As [`replay_hiding`].
    pub(super) fn in_log(dir: &Path, targets: &BTreeSet<Seq>, gone: &HashSet<Seq>) -> Result<Copies, Error> {
        Copies::of(dir, targets, |see| {
            replay_hiding(dir, gone, |step| {
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
        self.unreferred(false)
    }

    /// Those that would go and lie behind a link: nothing is removed there, and whose files they are is not known.
    pub(super) fn behind_links(&self) -> impl Iterator<Item = &str> {
        self.unreferred(true)
    }

    fn unreferred(&self, is_behind_link: bool) -> impl Iterator<Item = &str> {
        let is_one = move |own: &Referred| own.by.is_none() && own.is_behind_link == is_behind_link;
        self.referred.iter().filter(move |(_, own)| is_one(own)).map(|(digest, _)| &**digest)
    }

    /// Those that stay, each with a claim or a reference that refers to it.
    pub(super) fn staying(&self) -> impl Iterator<Item = (&str, Seq)> {
        self.referred.iter().filter_map(|(digest, own)| Some((&**digest, own.by?)))
    }

    /// Takes away those that go, durably.
    ///
    /// # Errors
    /// `Io`; doing it again finishes.
    pub(super) fn remove(&self, dir: &Path) -> Result<(), Error> {
        self.going().try_for_each(|digest| remove_copy(dir, digest))
    }
}
