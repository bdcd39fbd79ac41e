//! Reading a ledger: its events taken into a View, and questions about single events.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use foldhash::HashSet;

use super::despite::{self, Missing};
use super::events::Events;
use super::names::LedgerNames;
use super::nearest::nearest;
use super::replay::{self, Reading, Step, Stored};
use crate::catalogue::Catalogue;
use crate::chain::{self, Hash};
use crate::claim::Claim;
use crate::date::Day;
use crate::event::Event;
use crate::keys::Ring;
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::head::Head;
use crate::ledger::seen;
use crate::log::{Log, Since};
use crate::note::SignedNote;
use crate::projection::{At, Facts, Horizon};
use crate::seq::Seq;
use crate::view::{Cache, Ids, Kept, Runs, Seen, ToldIds, Unused, UpTo, View, ViewBuilder};

/// A ledger opened for reading, as it stood then. Readers take no lock and write nothing.
#[derive(Debug, Default)]
pub struct Ledger {
    pub(super) dir: PathBuf,
    pub(super) view: View,
    ids: Ids,
    pub(super) events: Events,
    /// The runs of the cache behind which it was read on.
    runs: Runs,
    pub(super) head: Head,
    unfinished: Option<String>,
    missing: Option<Missing>,
    /// The cache of which some of this was read.
    pub(super) cache: Option<Cache>,
    /// Where the newest seal stands.
    sealed_at: Option<Seen>,
    /// The newest head that the cache saw, if the log no longer holds it.
    lost: Option<chain::Head>,
    /// This ledger read from the log alone, once the cache was seen to be damaged.
    again: OnceLock<Box<Ledger>>,
}

impl Ledger {
    /// Reads the whole ledger, checking the chain and every payload on the way.
    ///
    /// # Errors
    /// `NotFound` if there is none; `Damaged` with the place if anything was altered; `Unsupported` for a newer
    /// format; `Io`.
    pub fn open(dir: &Path) -> Result<Ledger, Error> {
        Ledger::behind(dir, None, &Runs::default())
    }

    /// Reads what came since the cache was made, and lets the cache follow. The cache answers for what lies before: that it is of
    /// this log is checked by the seal at its end, and by nothing else.
    ///
    /// # Errors
    /// As for [`open`](Ledger::open).
    pub fn open_cached(dir: &Path, cache: &Cache) -> Result<Ledger, Error> {
        let Ok(id) = Log::open(dir)?.ledger() else { return Ledger::open(dir) };
        let mut runs = cache.runs(id);
        loop {
            let is_last_try = runs.up_to().is_none();
            match Ledger::behind(dir, Some(cache), &runs) {
                // What does not fit this log is left out; an error of the log itself comes up without runs too.
                Err(_) if !is_last_try => runs.leave_last_out(),
                opened => return opened.map(|ledger| ledger.beside(cache)),
            }
        }
    }

    /// This ledger, beside the cache in which the newest head is kept that this user saw: notes if the log no longer holds that
    /// one; else the head of now is the one that was seen.
    #[must_use]
    pub fn beside(self, cache: &Cache) -> Ledger {
        Ledger { lost: seen::compare(&self.dir, cache, self.sealed_at), ..self }
    }

    /// The newest head that this user saw, if the log no longer holds it: it was cut, written anew, or put back.
    #[must_use]
    pub fn lost(&self) -> Option<chain::Head> {
        self.lost
    }

    /// The cache of the ledger in a folder, below a root; inside, why it is not used.
    ///
    /// # Errors
    /// `NotFound` if there is no ledger, `Damaged`, `Unsupported`, `Io`.
    pub fn cache(dir: &Path, root: &Path) -> Result<std::result::Result<Cache, Unused>, Error> {
        Log::open(dir)?.ledger()?;
        Ok(Cache::find(root, dir))
    }

    /// What a cache holds of the ledger in a folder.
    ///
    /// # Errors
    /// As for [`cache`](Ledger::cache).
    pub fn kept_in(dir: &Path, cache: &Cache) -> Result<Kept, Error> {
        Ok(cache.kept(Log::open(dir)?.ledger()?))
    }

    /// Reads what stands behind some runs; with a cache, lets that follow. Reads anew as long as there is a payload still there
    /// that an erasure names: that is shown as erased.
    fn behind(dir: &Path, cache: Option<&Cache>, runs: &Runs) -> Result<Ledger, Error> {
        let mut hidden = HashSet::default();
        loop {
            let (ledger, still_there) = Ledger::behind_hiding(dir, cache, runs, &hidden)?;
            let mut still_there = still_there.into_iter().map(Seq).filter(|seq| !hidden.contains(seq)).peekable();
            if still_there.peek().is_none() {
                return Ok(ledger);
            }
            hidden.extend(still_there.collect::<Vec<_>>());
        }
    }

    fn behind_hiding(
        dir: &Path,
        cache: Option<&Cache>,
        runs: &Runs,
        hidden: &HashSet<Seq>,
    ) -> Result<(Ledger, BTreeSet<u64>), Error> {
        let log = Log::open(dir)?;
        let Ok(view) = ViewBuilder::behind(runs) else { return Ledger::anew(dir, cache) };
        // What nobody keeps, nobody looks single events up in.
        let mut view = if cache.is_some() { view.with_lookups() } else { view };
        let cached = cache.filter(|_| runs.up_to().is_some()).cloned();
        let mut ledger = Ledger { dir: dir.to_owned(), runs: runs.clone(), cache: cached, ..Ledger::default() };
        let since = match runs.up_to() {
            Some(up_to) => {
                ledger.head.take(log.fetch()?.seal(up_to.known.cursor.seal)?);
                ledger.head.recorded_at_micros = up_to.known.cursor.recorded_at;
                Since::Known(up_to.known.clone())
            }
            None => Since::Start,
        };
        let (scan, mut reading) = (log.commits(since)?, Reading::behind(view.keys()));
        let id = scan.ledger();
        let (known, mut is_out_of_date) = (view.known(), false);
        let ended = reading.replay(scan, |step| {
            is_out_of_date |= matches!(&step, Step::Event(stored) if stored.erases_up_to(known));
            ledger.take(replay::hide(step, hidden), &mut view)
        })?;
        if is_out_of_date {
            // What was erased leaves the cache.
            return Ledger::anew(dir, cache);
        }
        let ended = ended.unwrap_or_default();
        ledger.unfinished = ended.unfinished;
        let mut ledger = ledger.finish(view);
        let is_whole = ended.still_there.iter().all(|seq| hidden.contains(&Seq(*seq)));
        if let Some(known) = ended.known.filter(|_| is_whole) {
            ledger.sealed_at = Some(seen::seen_at(&known.cursor));
            if let Some(cache) = cache {
                ledger.view.keep(cache, runs, &UpTo { ledger: id, known });
            }
        }
        Ok((ledger, ended.still_there))
    }

    /// Makes the cache anew.
    fn anew(dir: &Path, cache: Option<&Cache>) -> Result<(Ledger, BTreeSet<u64>), Error> {
        if let Some(cache) = cache {
            // What cannot be removed cannot be written either, and is passed over the next time too.
            let _ = cache.clear();
        }
        Ok((Ledger::behind(dir, cache, &Runs::default())?, BTreeSet::new()))
    }

    /// Reads what is intact of a ledger, whatever is damaged around it; [`missing`](Ledger::missing) says what is not.
    ///
    /// # Errors
    /// `NotFound` if there is none; `Unsupported` if its first segment is of a newer format; `Io`.
    pub fn open_despite_damage(dir: &Path) -> Result<Ledger, Error> {
        let mut hidden = HashSet::default();
        loop {
            let mut ledger = Ledger { dir: dir.to_owned(), ..Ledger::default() };
            let mut view = ViewBuilder::default();
            let ended = despite::replay(dir, &hidden, |step| ledger.take(step, &mut view))?;
            let known = hidden.len();
            hidden.extend(ended.still_there.iter().map(|seq| Seq(*seq)));
            if hidden.len() > known {
                continue;
            }
            ledger.unfinished = ended.unfinished;
            if let Some(missing) = &ended.missing {
                // An unsealed end of the knowledge would hide what is intact.
                view.close_commit(Seq(missing.size), ledger.head.recorded_at_micros, &[]);
                view.note_missing(&missing.events);
            }
            ledger.missing = ended.missing;
            return Ok(ledger.finish(view));
        }
    }

    fn take(&mut self, step: Step, view: &mut ViewBuilder) -> ControlFlow<()> {
        step.take_into(&mut self.head, view);
        ControlFlow::Continue(())
    }

    pub(super) fn finish(mut self, view: ViewBuilder) -> Ledger {
        self.view = view.finish(|seq, offset| self.events.about(&self.dir, seq, offset));
        let dir = self.dir.clone();
        self.ids = self.view.ids(move || ids_of_log(&dir));
        self.name_origin();
        self
    }

    fn name_origin(&mut self) {
        self.view.world().catalogue.origin().unwrap_or_default().clone_into(&mut self.head.origin);
    }

    /// The events whose payloads were erased, as far as they were read.
    #[must_use]
    pub fn erased(&self) -> &HashSet<Seq> {
        self.view.erased()
    }

    /// The runs of the cache behind which it was read on.
    pub(super) fn runs(&self) -> &Runs {
        &self.runs
    }

    pub(in crate::ledger) fn dir(&self) -> &Path {
        &self.dir
    }

    /// What answers lack, if this ledger was opened despite damage and there is any.
    #[must_use]
    pub fn missing(&self) -> Option<&Missing> {
        self.missing.as_ref()
    }

    /// What the names stand for.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.view.world().catalogue
    }

    /// What all keys share, as known at a horizon.
    #[must_use]
    pub fn at(&self, horizon: Horizon) -> At<'_> {
        self.view.world().at(horizon)
    }

    /// The keys that a claim recorded at a horizon is about, by their canonical subjects, in order; of one subject, or of all.
    #[must_use]
    pub fn keys_at(&self, at: &At<'_>, of: Option<Seq>) -> Vec<(Seq, Seq)> {
        self.view.keys_at(at, of)
    }

    /// All that the fold has to know of some keys.
    ///
    /// # Errors
    /// As for [`open`](Ledger::open).
    pub fn facts(&self, keys: &[(Seq, Seq)]) -> Result<Facts, Error> {
        match self.view.facts(keys) {
            Err(_) if self.cache.is_some() => self.without_cache()?.facts(keys),
            facts => facts.map_err(|_| spoilt()),
        }
    }

    /// All that the fold has to know of a key for its answer on a day.
    ///
    /// # Errors
    /// As for [`open`](Ledger::open).
    pub fn facts_on(&self, key: (Seq, Seq), day: Day, at: &At<'_>) -> Result<Facts, Error> {
        let facts = match self.view.facts_on(key, day, at) {
            Err(_) if self.cache.is_some() => return self.without_cache()?.facts_on(key, day, at),
            facts => facts.map_err(|_| spoilt())?,
        };
        debug_assert!(self.is_answer_of_all(&facts, key, day, at), "{key:?} on {day}");
        Ok(facts)
    }

    /// Whether some rows of a key answer for a day as all of them do.
    fn is_answer_of_all(&self, facts: &Facts, key: (Seq, Seq), day: Day, at: &At<'_>) -> bool {
        let state = |facts: &Facts| {
            let known = at.of(facts);
            known.state(&known.key(key.0, key.1), day, Horizon::default())
        };
        self.facts(&[key]).is_ok_and(|all| state(&all) == state(facts))
    }

    /// An event as it lies in the log; `None` if there is none of this number, or a damaged ledger lacks it.
    ///
    /// # Errors
    /// As for [`open`](Ledger::open).
    pub fn event(&self, seq: Seq) -> Result<Option<Stored>, Error> {
        let found = self.view.offset(seq).map(|offset| self.events.event(&self.dir, seq, offset));
        let found = match found {
            Some(Ok(Some(stored))) => Some(stored),
            _ if self.cache.is_some() && (1..=self.head.size).contains(&seq.0) => self.without_cache()?.event(seq)?,
            Some(Err(_)) if self.missing.is_some() => None,
            found => found.unwrap_or(Ok(None))?,
        };
        Ok(found.map(|stored| if self.erased().contains(&seq) { stored.without_payload() } else { stored }))
    }

    /// This ledger up to its head, read from the log alone; the cache is damaged, and is removed.
    pub(super) fn without_cache(&self) -> Result<&Ledger, Error> {
        if self.again.get().is_none() {
            // What cannot be removed cannot be written either.
            let _ = self.cache.as_ref().map(Cache::clear);
            let mut ledger = Ledger { dir: self.dir.clone(), ..Ledger::default() };
            let mut view = ViewBuilder::default();
            replay::replay(&self.dir, |step| {
                let is_end = matches!(&step, Step::Commit(seal, _) if seal.size >= self.head.size);
                let _ = ledger.take(step, &mut view);
                if is_end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            let _ = self.again.set(Box::new(ledger.finish(view)));
        }
        self.again.get().map(|again| &**again).ok_or_else(spoilt)
    }

    /// A claim as it was recorded; `None` if the event is none, or was erased.
    ///
    /// # Errors
    /// As for [`open`](Ledger::open).
    pub fn claim(&self, seq: Seq) -> Result<Option<Claim>, Error> {
        let event = self.event(seq)?.and_then(|stored| stored.recorded.event);
        Ok(event.and_then(|event| if let Event::ClaimAsserted(claim) = event { Some(claim) } else { None }))
    }

    /// The newest sealed head.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Who may seal, and who once might.
    #[must_use]
    pub fn keys(&self) -> &Ring {
        self.view.keys()
    }

    /// The newest sealed head as a signed note, checked; `None` if the ledger is not signed.
    ///
    /// # Errors
    /// `Damaged` if its seal is not signed as it must be.
    pub fn signed_head(&self) -> Result<Option<SignedNote>, Error> {
        Ok(self.head.note(self.keys()))
    }

    /// What an interrupted write left behind the last commit, in words.
    #[must_use]
    pub fn unfinished(&self) -> Option<&str> {
        self.unfinished.as_deref()
    }

    /// What the numbers stand for.
    #[must_use]
    pub fn names(&self) -> LedgerNames<'_> {
        LedgerNames { catalogue: self.catalogue(), ids: &self.ids }
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
        if let [seq] = self.linked(target)?.as_slice() {
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
    fn linked(&self, start: &str) -> Result<Vec<Seq>, Error> {
        const START_LEN_MIN: usize = 4;
        let is_start =
            start.len() >= START_LEN_MIN && start.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let mut found = Vec::new();
        if is_start {
            self.events(|stored| {
                let link = stored.recorded.first.as_ref().map_or(stored.hash, |first| Hash(first.link));
                found.extend(link.to_string().starts_with(start).then_some(stored.recorded.seq));
                ControlFlow::Continue(())
            })?;
        }
        Ok(found)
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
            Step::Commit(..) => ControlFlow::Continue(()),
        };
        match self.missing {
            None => replay::replay_hiding(&self.dir, self.erased(), see).map(|_| ()),
            Some(_) => despite::replay(&self.dir, self.erased(), see).map(|_| ()),
        }
    }
}

/// The ids of a log's events, as far as it can be read.
fn ids_of_log(dir: &Path) -> ToldIds {
    let mut ids = ToldIds::default();
    // Whoever asks of a ledger that was damaged in the meantime is told so where its events are read.
    let _ = replay::replay(dir, |step| {
        if let Step::Event(stored) = step
            && let Some(id) = stored.recorded.event.as_ref().and_then(Event::own_id)
        {
            ids.insert(id, stored.recorded.seq, stored.recorded.first.is_some());
        }
        ControlFlow::Continue(())
    });
    ids
}

/// What was just made in memory does not fit itself.
fn spoilt() -> Error {
    Error::new(ErrorKind::Io, "the memory of this process is damaged")
}

#[cfg(test)]
#[path = "cached_tests.rs"]
mod tests;
