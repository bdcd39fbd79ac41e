//! Erasing payloads by law: what will go and what rests on it, and the erasure itself.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::PathBuf;

use foldhash::HashSet;

use super::copies::Copies;
use super::writer::{Receipt, Writer};
use crate::claim::Problem;
use crate::event::{Event, EventKind};
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::read::mentions::mentions;
use crate::ledger::read::open::Ledger;
use crate::ledger::read::replay::{Step, Stored, replay};
use crate::log;
use crate::seq::Seq;
use crate::value::text_problem;

/// What an erasure would take away.
#[derive(Debug, Default)]
pub struct Erasing {
    /// The events, in their order.
    pub events: Vec<Stored>,
    /// Events that name them: which of them, and their own number and kind.
    pub resting: Vec<(Seq, Seq, EventKind)>,
    /// Events that describe the same thing as one of them and stay: which of them, and their own number.
    pub describing: Vec<(Seq, Seq)>,
    /// Digests of the captured copies that go.
    pub copies: Vec<String>,
    /// Digests of captured copies that stay, and a claim that refers to each.
    pub copies_kept: Vec<(String, Seq)>,
    /// Digests of captured copies that would go and lie behind a link, where nothing is removed.
    pub copies_behind_links: Vec<String>,
}

/// What an erasure did.
#[derive(Debug)]
pub struct Erased {
    /// What was recorded.
    pub receipt: Receipt,
    /// The events whose payloads are gone, and the event that says so of each.
    pub erasures: Vec<(Seq, Seq)>,
    /// Digests of the captured copies that were removed.
    pub copies: Vec<String>,
    /// Digests of captured copies that had to go and lie behind a link, where nothing is removed: they are still there.
    pub copies_behind_links: Vec<String>,
    /// Files with what interrupted writes had left, moved aside earlier: nobody knows what payloads they hold.
    pub moved_aside_before: Vec<PathBuf>,
}

impl Ledger {
    /// What would go if these events were erased, and what rests on it. Nothing is changed.
    ///
    /// # Errors
    /// `Invalid` if one of them cannot be erased; `NotFound` if there is no such event; as for [`open`](Ledger::open).
    pub fn erasing(&self, targets: &[Seq]) -> Result<Erasing, Error> {
        let targets: BTreeSet<Seq> = targets.iter().copied().collect();
        let all = |see: &mut dyn FnMut(&Stored)| {
            self.events(|stored| {
                see(&stored);
                ControlFlow::Continue(())
            })
        };
        let mut survey = Survey::of(&targets);
        all(&mut |stored| survey.collect(stored))?;
        survey.allow()?;
        all(&mut |stored| survey.look_around(stored))?;
        let copies = Copies::of(self.dir(), &targets, all)?;
        Ok(Erasing {
            copies: copies.going().map(str::to_owned).collect(),
            copies_kept: copies.staying().map(|(digest, by)| (digest.to_owned(), by)).collect(),
            copies_behind_links: copies.behind_links().map(str::to_owned).collect(),
            ..survey.erasing
        })
    }
}

impl Writer {
    /// Erases the payloads of these events: records that they are erased, durably, and then takes away the captured
    /// copies that only they refer to, and overwrites what the log has of them with zeros. If this is
    /// interrupted, the next writer finishes it.
    ///
    /// # Errors
    /// `Invalid` if one of them cannot be erased or there is no basis, `NotFound` if there is no such event: nothing was
    /// recorded. `Io`: the message says whether it was; the next write finishes it then.
    pub fn erase(mut self, targets: &[Seq], basis: &str, now_micros: i64) -> Result<Erased, Error> {
        if let Some(problem) = text_problem(basis) {
            return Err(Problem::new("basis", problem).into());
        }
        let dir = self.dir.clone();
        let targets: BTreeSet<Seq> = targets.iter().copied().collect();
        let mut survey = Survey::of(&targets);
        replay(&dir, |step| {
            if let Step::Event(stored) = &step {
                survey.collect(stored);
            }
            ControlFlow::Continue(())
        })?;
        survey.allow()?;
        let copies = Copies::in_log(&dir, &targets, &survey.gone)?;
        let mut batch = Vec::with_capacity(targets.len() + 1);
        let mut erasures = Vec::with_capacity(targets.len());
        for stored in &survey.erasing.events {
            let target = stored.recorded.seq;
            let first = stored.recorded.first.as_ref().map(|first| first.link);
            let event = Event::PayloadErased { target, basis: basis.into(), first };
            erasures.push((target, self.stager.add(event, &mut batch)));
        }
        let receipt = self.append(&batch, Vec::new(), now_micros)?;
        copies.remove(&dir).map_err(unfinished)?;
        let zeroed: Vec<u64> = targets.iter().map(|seq| seq.0).collect();
        self.log.erase(&zeroed).map_err(|error| unfinished(error.into()))?;
        let copies_behind_links = copies.behind_links().map(str::to_owned).collect();
        let copies = copies.going().map(str::to_owned).collect();
        // It is only told; the erasure is done.
        let moved_aside_before = log::all_moved_aside(&dir).unwrap_or_default();
        Ok(Erased { receipt, erasures, copies, copies_behind_links, moved_aside_before })
    }
}

fn unfinished(error: Error) -> Error {
    let hint = "the erasure is recorded and not finished; the next write to the ledger finishes it";
    error.with_hint(hint)
}

/// Looks for events and for what names them.
struct Survey<'t> {
    targets: &'t BTreeSet<Seq>,
    erasing: Erasing,
    /// Erased already, and by which event.
    erased: Vec<(Seq, Seq)>,
    /// All that was erased: it says nothing, whatever bytes were put back there.
    gone: HashSet<Seq>,
}

impl<'t> Survey<'t> {
    fn of(targets: &'t BTreeSet<Seq>) -> Self {
        Survey { targets, erasing: Erasing::default(), erased: Vec::new(), gone: HashSet::default() }
    }

    /// Takes an event that is to be erased, or was.
    fn collect(&mut self, stored: &Stored) {
        let seq = stored.recorded.seq;
        if self.targets.contains(&seq) {
            self.erasing.events.push(stored.clone());
        }
        if let Some(Event::PayloadErased { target, .. }) = &stored.recorded.event {
            self.erased.extend(self.targets.contains(target).then_some((*target, seq)));
            self.gone.insert(*target);
        }
    }

    /// Takes an event that names one of those that were collected.
    fn look_around(&mut self, stored: &Stored) {
        let seq = stored.recorded.seq;
        let Some(event) = stored.recorded.event.as_ref().filter(|_| !self.targets.contains(&seq)) else { return };
        if let Some(thing) = self.describes_again(event) {
            self.erasing.describing.push((thing, seq));
            return;
        }
        let mut named = Vec::new();
        mentions(event, &mut named);
        if let Event::Corrected { successor, .. } = event {
            named.push(*successor);
        }
        named.sort_unstable();
        named.dedup();
        let resting = named.into_iter().filter(|named| self.targets.contains(named));
        self.erasing.resting.extend(resting.map(|named| (named, seq, stored.kind)));
    }

    /// The event to be erased that registers the very thing that this one gives a name to.
    fn describes_again(&self, event: &Event) -> Option<Seq> {
        if let Event::EntityAliased { entity, .. } = event {
            return self.targets.contains(entity).then_some(*entity);
        }
        let is_same = |stored: &&Stored| match (stored.recorded.event.as_ref(), event) {
            (Some(Event::EntityRegistered(one)), Event::EntityRegistered(other)) => one.key == other.key,
            (Some(Event::SourceRegistered(one)), Event::SourceRegistered(other)) => one.key == other.key,
            (Some(Event::AttributeDefined(one)), Event::AttributeDefined(other)) => one.key == other.key,
            (Some(Event::ActorRegistered { name, of }), Event::ActorRegistered { name: other, of: others }) => {
                name == other && of == others
            }
            _ => false,
        };
        self.erasing.events.iter().find(is_same).map(|stored| stored.recorded.seq)
    }

    /// Whether all of them may be erased.
    fn allow(&self) -> Result<(), Error> {
        let refused = |why: String| Err(Error::new(ErrorKind::Invalid, format!("{why}; nothing was erased")));
        if let Some((target, by)) = self.erased.first() {
            return refused(format!("{target} is erased already, by {by}"));
        }
        for stored in &self.erasing.events {
            let seq = stored.recorded.seq;
            let why = match stored.kind {
                EventKind::Genesis => "is the genesis: without it nothing else can be checked",
                EventKind::PayloadErased => "is an erasure: what it erased would not be named any more",
                EventKind::SettingChanged => "is a setting: without it, what was asked of writers cannot be known",
                EventKind::KeyAuthorised | EventKind::KeyRevoked => "is about a key: without it no seal can be checked",
                _ => continue,
            };
            return refused(format!("{seq} {why}"));
        }
        let found: BTreeSet<Seq> = self.erasing.events.iter().map(|stored| stored.recorded.seq).collect();
        match self.targets.difference(&found).next() {
            None if found.is_empty() => refused("no event is named".to_owned()),
            None => Ok(()),
            Some(seq) => {
                let message = format!("{seq} is no event of this ledger; nothing was erased");
                Err(Error::new(ErrorKind::NotFound, message).with_hint("`annals log` lists them"))
            }
        }
    }
}
