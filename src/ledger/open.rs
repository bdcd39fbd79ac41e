//! Reading a ledger: its events replayed into facts, and questions about single events.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use foldhash::HashSet;

use super::despite::{self, Missing};
use super::error::{Error, ErrorKind};
use super::head::Head;
use super::key_facts::take_key_facts;
use super::names::{Ids, LedgerNames};
use super::oddities::nearest;
use super::part::{Part, Scope, Unread};
use super::replay::{self, Step, Stored};
use crate::event::{Event, Recorded};
use crate::index::Unusable;
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
    head: Head,
    keys: Ring,
    unfinished: Option<String>,
    missing: Option<Missing>,
    erased: HashSet<Seq>,
    without_index: Option<Unusable>,
    /// The events that were asked for one by one, if they were.
    asked: Option<Vec<Stored>>,
}

impl Ledger {
    /// Reads the whole ledger, checking the chain and every payload on the way.
    ///
    /// # Errors
    /// `NotFound` if there is none; `Damaged` with the place if anything was altered; `Unsupported` for a newer
    /// format; `Io`.
    pub fn open(dir: &Path) -> Result<Ledger, Error> {
        let mut ledger = Ledger { dir: dir.to_owned(), ..Ledger::default() };
        ledger.unfinished = replay::replay(dir, |step| ledger.take(step))?;
        ledger.name_origin();
        Ok(ledger)
    }

    /// Reads the part of a ledger that a question needs: from its index, and what was appended behind that. Where there
    /// is no index to read, the whole ledger is replayed; the answers are the same, and
    /// [`without_index`](Ledger::without_index) says why. If what the scope names is not there, everything of its kind
    /// is read. Without texts, claims lack their quotes, addresses, languages and notes.
    ///
    /// # Errors
    /// As for [`open`](Ledger::open).
    pub fn open_for(dir: &Path, scope: Scope<'_>, with_texts: bool) -> Result<Ledger, Error> {
        match Part::ledger(dir, scope, with_texts) {
            Ok(Some(ledger)) => Ok(ledger),
            // If nothing was found, the replay knows what is near; if the log is damaged, it says so in full.
            Ok(None) | Err(Unread::Log) => Ledger::open(dir),
            Err(Unread::Index(unusable)) => Ok(Ledger { without_index: Some(unusable), ..Ledger::open(dir)? }),
        }
    }

    /// A ledger of some of its events, in their order: each with what it is about and the last event of its commit.
    pub(super) fn of_part(
        dir: &Path,
        head: Head,
        unfinished: Option<String>,
        events: impl Iterator<Item = (Recorded, (Seq, Seq), Seq)>,
    ) -> Ledger {
        let mut ledger = Ledger { dir: dir.to_owned(), unfinished, ..Ledger::default() };
        ledger.facts.reserve_whole(events.size_hint().0);
        let all = events.map(Ok::<_, Infallible>);
        let Ok(last) = ledger.take_events(all);
        if last != Some(Seq(head.size)) {
            ledger.facts.close_commit(Seq(head.size), head.recorded_at_micros);
        }
        ledger.head = head;
        ledger.name_origin();
        ledger
    }

    /// Takes in events in their order, each with what it is about and the last event of its commit; gives the last
    /// commit's.
    pub(super) fn take_events<E>(
        &mut self,
        events: impl Iterator<Item = Result<(Recorded, (Seq, Seq), Seq), E>>,
    ) -> Result<Option<Seq>, E> {
        let mut open: Option<(Seq, i64)> = None;
        for event in events {
            let (recorded, about, commit_last) = event?;
            if let Some((last, at_micros)) = open.filter(|(last, _)| *last != commit_last) {
                self.facts.close_commit(last, at_micros);
            }
            open = Some((commit_last, recorded.at_micros));
            if let Some(event) = &recorded.event {
                self.keys.note(recorded.seq, event.kind(), Some(event));
                self.keys.close(commit_last.0);
            }
            self.take_event(recorded, about);
        }
        if let Some((last, at_micros)) = open {
            self.facts.close_commit(last, at_micros);
        }
        Ok(open.map(|(last, _)| last))
    }

    /// The same ledger, of which no claim is known yet; what all keys share is shared with it.
    pub(super) fn without_claims(&self) -> Ledger {
        let facts = Facts::of_world(&self.facts.world);
        Ledger { dir: self.dir.clone(), facts, head: self.head.clone(), ..Ledger::default() }
    }

    /// Takes in what describes a thing, with the last event of its commit.
    pub(super) fn take_thing(&mut self, recorded: &Recorded, commit_last: Seq) {
        self.facts.take_shared(recorded);
        self.facts.close_commit(commit_last, recorded.at_micros);
    }

    pub(super) fn into_facts(self) -> Facts {
        self.facts
    }

    /// Takes the claims of one key, as far as the fold needs them, in the place of those before; `false` if there is more
    /// to be read of it.
    pub(super) fn take_key(&mut self, about: (Seq, Seq), facts: &[u8]) -> Result<bool, Unusable> {
        self.facts.forget_claims();
        self.ids.clear();
        take_key_facts(facts, about, &mut self.facts, |seq, id| self.ids.insert(id, seq))
    }

    pub(super) fn note_without_index(&mut self, unusable: Unusable) {
        self.without_index = Some(unusable);
    }

    /// The same with the events that were asked for.
    pub(super) fn with_asked(self, asked: Option<Vec<Stored>>) -> Ledger {
        Ledger { asked, ..self }
    }

    /// Reads what is intact of a ledger, whatever is damaged around it; [`missing`](Ledger::missing) says what is not.
    ///
    /// # Errors
    /// `NotFound` if there is none; `Unsupported` if its first segment is of a newer format; `Io`.
    pub fn open_despite_damage(dir: &Path) -> Result<Ledger, Error> {
        let mut ledger = Ledger { dir: dir.to_owned(), ..Ledger::default() };
        let ended = despite::replay(dir, |step| ledger.take(step))?;
        ledger.unfinished = ended.unfinished;
        if let Some(missing) = &ended.missing {
            // An unsealed end of the knowledge would hide what is intact.
            let last = Seq(missing.size);
            ledger.facts.close_commit(last, ledger.head.recorded_at_micros);
            ledger.facts.note_missing(&missing.events);
        }
        ledger.missing = ended.missing;
        ledger.name_origin();
        Ok(ledger)
    }

    fn take(&mut self, step: Step) -> ControlFlow<()> {
        match step {
            Step::Event(stored) => {
                self.head.recorded_at_micros = stored.recorded.at_micros;
                self.keys.note(stored.recorded.seq, stored.kind, stored.recorded.event.as_ref());
                self.take_event(stored.recorded, stored.about);
            }
            Step::Commit(seal) => {
                self.facts.close_commit(Seq(seal.head.size), self.head.recorded_at_micros);
                self.keys.close(seal.head.size);
                self.head.take(seal);
            }
        }
        ControlFlow::Continue(())
    }

    fn take_event(&mut self, recorded: Recorded, about: (Seq, Seq)) {
        if let Some(id) = recorded.event.as_ref().and_then(Event::own_id) {
            self.ids.insert(id.as_bytes(), recorded.seq);
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

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// What answers lack, if this ledger was opened despite damage and there is any.
    #[must_use]
    pub fn missing(&self) -> Option<&Missing> {
        self.missing.as_ref()
    }

    /// Why the whole ledger was replayed although only a part was asked for.
    #[must_use]
    pub fn without_index(&self) -> Option<&Unusable> {
        self.without_index.as_ref()
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
        self.head.checked(&self.keys)?;
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

    /// The event of an id or `#SEQ`.
    ///
    /// # Errors
    /// `NotFound`, with the nearest id if one is near.
    pub fn find(&self, target: &str) -> Result<Seq, Error> {
        let by_number = || Seq::parse(target).filter(|seq| seq.0 >= 1 && seq.0 <= self.head.size);
        self.ids.seq(target).or_else(by_number).ok_or_else(|| {
            let error = Error::new(ErrorKind::NotFound, format!("{target:?} is no event of this ledger"));
            match nearest(target, self.ids.all()) {
                Some(near) => error.with_hint(format!("did you mean {near:?}?")),
                None => error.with_hint("give the id it was recorded with, or #SEQ; `annals log` lists them"),
            }
        })
    }

    /// Goes through the events again, in their order, until told to stop: all of them, or those that the scope named by
    /// number or id if it did.
    ///
    /// # Errors
    /// As for [`open`](Ledger::open).
    pub fn events(&self, mut on_event: impl FnMut(Stored) -> ControlFlow<()>) -> Result<(), Error> {
        if let Some(asked) = &self.asked {
            let _ = asked.iter().cloned().try_for_each(on_event);
            return Ok(());
        }
        let size = self.missing.as_ref().map_or(self.head.size, |missing| missing.size);
        let see = |step| match step {
            Step::Event(stored) if stored.recorded.seq.0 <= size => on_event(stored),
            Step::Event(_) => ControlFlow::Break(()),
            Step::Commit(_) => ControlFlow::Continue(()),
        };
        match self.missing {
            None => replay::replay(&self.dir, see).map(|_| ()),
            Some(_) => despite::replay(&self.dir, see).map(|_| ()),
        }
    }
}
