//! Reading a ledger: its events replayed into facts, and questions about single events.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use foldhash::HashSet;

use super::despite::{self, Missing};
use super::error::{Error, ErrorKind};
use super::head::Head;
use super::names::{Ids, LedgerNames};
use super::oddities::nearest;
use super::replay::{self, Step, Stored};
use crate::chain::Hash;
use crate::event::{Event, EventKind, Recorded};
use crate::keys::Ring;
use crate::note::SignedNote;
use crate::projection::Facts;
use crate::seq::Seq;

/// A ledger opened for reading, as it stood then. Readers take no lock and write nothing.
#[derive(Debug, Default)]
pub struct Ledger {
    dir: PathBuf,
    facts: Facts,
    ids: Ids,
    /// The link of each event, in its first ledger.
    links: Vec<(Seq, Hash)>,
    head: Head,
    keys: Ring,
    unfinished: Option<String>,
    missing: Option<Missing>,
    erased: HashSet<Seq>,
    /// Those of them whose payloads are still there.
    hidden: BTreeSet<u64>,
}

impl Ledger {
    /// Reads the whole ledger, checking the chain and every payload on the way.
    ///
    /// # Errors
    /// `NotFound` if there is none; `Damaged` with the place if anything was altered; `Unsupported` for a newer
    /// format; `Io`.
    pub fn open(dir: &Path) -> Result<Ledger, Error> {
        Ledger::hiding(|hidden| {
            let mut ledger = Ledger { dir: dir.to_owned(), hidden: hidden.clone(), ..Ledger::default() };
            let ended = replay::replay_hiding(dir, hidden, |step| ledger.take(step))?;
            ledger.unfinished = ended.unfinished;
            Ok((ledger, ended.still_there))
        })
    }

    /// Reads anew as long as there is a payload still there that an erasure names: that is shown as erased.
    fn hiding(mut read: impl FnMut(&BTreeSet<u64>) -> Result<(Ledger, BTreeSet<u64>), Error>) -> Result<Ledger, Error> {
        let mut hidden = BTreeSet::new();
        loop {
            let (mut ledger, mut still_there) = read(&hidden)?;
            if still_there.is_subset(&hidden) {
                ledger.name_origin();
                return Ok(ledger);
            }
            hidden.append(&mut still_there);
        }
    }

    /// Reads what is intact of a ledger, whatever is damaged around it; [`missing`](Ledger::missing) says what is not.
    ///
    /// # Errors
    /// `NotFound` if there is none; `Unsupported` if its first segment is of a newer format; `Io`.
    pub fn open_despite_damage(dir: &Path) -> Result<Ledger, Error> {
        Ledger::hiding(|hidden| {
            let mut ledger = Ledger { dir: dir.to_owned(), hidden: hidden.clone(), ..Ledger::default() };
            let ended = despite::replay(dir, hidden, |step| ledger.take(step))?;
            ledger.unfinished = ended.unfinished;
            if let Some(missing) = &ended.missing {
                // An unsealed end of the knowledge would hide what is intact.
                let last = Seq(missing.size);
                ledger.facts.close_commit(last, ledger.head.recorded_at_micros);
                ledger.facts.note_missing(&missing.events);
            }
            ledger.missing = ended.missing;
            Ok((ledger, ended.still_there))
        })
    }

    fn take(&mut self, step: Step) -> ControlFlow<()> {
        match step {
            Step::Event(stored) => {
                self.head.recorded_at_micros = stored.recorded.at_micros;
                let link = stored.recorded.first.as_ref().map_or(stored.hash, |first| Hash(first.link));
                self.links.push((stored.recorded.seq, link));
                self.keys.note(stored.recorded.seq, stored.kind, stored.recorded.event.as_ref());
                if stored.kind == EventKind::ActorRegistered && stored.recorded.event.is_none() {
                    self.facts.note_erased_actor(stored.recorded.seq);
                }
                self.take_event(stored.recorded, stored.about);
            }
            Step::Commit(seal) => {
                self.facts.close_commit(Seq(seal.size), self.head.recorded_at_micros);
                self.keys.close(seal.size);
                self.head.take(seal);
            }
        }
        ControlFlow::Continue(())
    }

    fn take_event(&mut self, recorded: Recorded, about: (Seq, Seq)) {
        if let Some(id) = recorded.event.as_ref().and_then(Event::own_id) {
            self.ids.insert(id.as_bytes(), recorded.seq, recorded.first.is_some());
        }
        if recorded.event.is_none() {
            self.erased.insert(recorded.seq);
        }
        self.facts.apply(recorded, about.0, about.1);
    }

    fn name_origin(&mut self) {
        self.facts.catalogue().origin().unwrap_or_default().clone_into(&mut self.head.origin);
    }

    /// The events whose payloads were erased, as far as they were read.
    #[must_use]
    pub fn erased(&self) -> &HashSet<Seq> {
        &self.erased
    }

    /// Those of them whose payloads are still there.
    pub(super) fn hidden(&self) -> &BTreeSet<u64> {
        &self.hidden
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// What answers lack, if this ledger was opened despite damage and there is any.
    #[must_use]
    pub fn missing(&self) -> Option<&Missing> {
        self.missing.as_ref()
    }

    /// What the events come to.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The newest sealed head.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Who may seal, and who once might.
    #[must_use]
    pub fn keys(&self) -> &Ring {
        &self.keys
    }

    /// The newest sealed head as a signed note, checked; `None` if the ledger is not signed.
    ///
    /// # Errors
    /// `Damaged` if its seal is not signed as it must be.
    pub fn signed_head(&self) -> Result<Option<SignedNote>, Error> {
        Ok(self.head.note(&self.keys))
    }

    /// What an interrupted write left behind the last commit, in words.
    #[must_use]
    pub fn unfinished(&self) -> Option<&str> {
        self.unfinished.as_deref()
    }

    /// What the numbers stand for.
    #[must_use]
    pub fn names(&self) -> LedgerNames<'_> {
        LedgerNames { catalogue: self.facts.catalogue(), ids: &self.ids }
    }

    /// The caller's id of an event.
    #[must_use]
    pub fn id_of(&self, seq: Seq) -> Option<&str> {
        self.ids.id(seq)
    }

    /// The event of an id or `#SEQ`. An id that an event of this ledger has is never that of one from another ledger.
    ///
    /// # Errors
    /// `NotFound`, with the nearest id if one is near, or if several events from other ledgers have the id.
    pub fn find(&self, target: &str) -> Result<Seq, Error> {
        let by_number = || Seq::parse(target).filter(|seq| seq.0 >= 1 && seq.0 <= self.head.size);
        match self.ids.named(target).as_slice() {
            [] => {}
            [seq] => return Ok(*seq),
            several => {
                let all: Vec<String> = several.iter().map(Seq::to_string).collect();
                let message = format!("{target:?} names several events: {}", all.join(", "));
                return Err(
                    Error::new(ErrorKind::NotFound, message).with_hint("give the number of the one that is meant")
                );
            }
        }
        if let Some(seq) = by_number() {
            return Ok(seq);
        }
        if let [seq] = self.linked(target).as_slice() {
            return Ok(*seq);
        }
        let no_event = || Error::new(ErrorKind::NotFound, format!("{target:?} is no event of this ledger"));
        if Seq::parse(target).is_some() || target.is_empty() {
            let size = self.head.size;
            return Err(no_event().with_hint(format!("this ledger has #1 to #{size}; `annals log` lists them")));
        }
        match self.ids.beginning_with(target).as_slice() {
            [(seq, _)] => Ok(*seq),
            [] => Err(match nearest(target, self.ids.all()) {
                Some(near) => no_event().with_hint(format!("did you mean {near:?}?")),
                None => {
                    no_event().with_hint("give its number, or the id it was recorded with; `annals log` lists them")
                }
            }),
            several => {
                const TOLD: usize = 6;
                let ids: Vec<&str> = several.iter().take(TOLD).map(|(_, id)| *id).collect();
                let more = if several.len() > TOLD { ", …" } else { "" };
                let message = format!("{target:?} is the start of {} ids", several.len());
                Err(Error::new(ErrorKind::NotFound, message).with_hint(format!("one of {}{more}", ids.join(", "))))
            }
        }
    }

    /// The events of which the link begins so; where an event came from another ledger, its link there. A shorter text than
    /// four digits is the start of none.
    fn linked(&self, start: &str) -> Vec<Seq> {
        const START_LEN_MIN: usize = 4;
        let is_start =
            start.len() >= START_LEN_MIN && start.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let all = self.links.iter().filter(|(_, link)| is_start && link.to_string().starts_with(start));
        all.map(|(seq, _)| *seq).collect()
    }

    /// Goes through the events again, in their order, until told to stop.
    ///
    /// # Errors
    /// As for [`open`](Ledger::open).
    pub fn events(&self, mut on_event: impl FnMut(Stored) -> ControlFlow<()>) -> Result<(), Error> {
        let size = self.missing.as_ref().map_or(self.head.size, |missing| missing.size);
        let see = |step| match step {
            Step::Event(stored) if stored.recorded.seq.0 <= size => on_event(stored),
            Step::Event(_) => ControlFlow::Break(()),
            Step::Commit(_) => ControlFlow::Continue(()),
        };
        match self.missing {
            None => replay::replay_hiding(&self.dir, &self.hidden, see).map(|_| ()),
            Some(_) => despite::replay(&self.dir, &self.hidden, see).map(|_| ()),
        }
    }
}
