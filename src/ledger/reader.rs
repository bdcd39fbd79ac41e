//! One question after the other about single keys: what was read of a key is kept for a while.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::Error;
use super::open::Ledger;
use super::part::{Part, Unread};
use crate::date::Day;
use crate::index::Unusable;
use crate::projection::{Horizon, Joined, State};
use crate::seq::Seq;

/// Answers questions about keys from a ledger as it stood when it was opened. It keeps the ledger's index open, and
/// other processes then answer without.
#[derive(Debug)]
pub struct Reader {
    dir: PathBuf,
    from: From,
    kept: Kept,
}

#[derive(Debug)]
enum From {
    Index(Box<Indexed>),
    /// Everything, and why.
    Replay(Arc<Ledger>, Unusable),
}

/// The index, and what all keys share.
#[derive(Debug)]
struct Indexed {
    part: Part,
    world: Ledger,
    joined: Arc<Joined>,
}

/// What was read of a key.
#[derive(Clone, Debug)]
struct OfKey {
    ledger: Arc<Ledger>,
    subject: Seq,
    attribute: Seq,
}

impl Reader {
    /// Opens a ledger.
    ///
    /// # Errors
    /// As for [`Ledger::open`].
    pub fn open(dir: &Path) -> Result<Reader, Error> {
        let from = match Indexed::open(dir) {
            Ok(indexed) => From::Index(Box::new(indexed)),
            Err(unread) => From::replay(dir, unread)?,
        };
        Ok(Reader { dir: dir.to_owned(), from, kept: Kept::default() })
    }

    /// Why it had to replay the whole ledger, if it had.
    #[must_use]
    pub fn without_index(&self) -> Option<&Unusable> {
        match &self.from {
            From::Index(_) => None,
            From::Replay(_, unusable) => Some(unusable),
        }
    }

    /// The state of a key on a day; `None` if there is no such entity or attribute.
    ///
    /// # Errors
    /// As for [`Ledger::open`].
    pub fn state(
        &mut self,
        subject: &str,
        attribute: &str,
        day: Day,
        horizon: Horizon,
    ) -> Result<Option<State>, Error> {
        let Some(of_key) = self.of_key(subject, attribute)? else { return Ok(None) };
        let facts = of_key.ledger.facts();
        let known = match &self.from {
            From::Index(indexed) => {
                let world = indexed.world.facts();
                let shared = world.last_within(horizon.recorded);
                let joined = match horizon.recorded {
                    None => Arc::clone(&indexed.joined),
                    Some(_) => Arc::new(world.joined(shared)),
                };
                facts.seen(horizon.reported, shared.max(facts.last_within(horizon.recorded)), joined)
            }
            From::Replay(..) => facts.at(horizon),
        };
        Ok(Some(known.state(&known.key(of_key.subject, of_key.attribute), day, horizon)))
    }

    /// The part of the ledger that a key's answers come from, for the names and ids in them.
    ///
    /// # Errors
    /// As for [`Ledger::open`].
    pub fn ledger(&mut self, subject: &str, attribute: &str) -> Result<Option<Arc<Ledger>>, Error> {
        Ok(self.of_key(subject, attribute)?.map(|of_key| of_key.ledger))
    }

    fn of_key(&mut self, subject: &str, attribute: &str) -> Result<Option<OfKey>, Error> {
        if let Some(kept) = self.kept.find(subject, attribute) {
            return Ok(Some(kept));
        }
        let ledger = match &mut self.from {
            From::Replay(ledger, _) => Arc::clone(ledger),
            From::Index(indexed) => match indexed.part.key(&self.dir, subject, attribute) {
                Ok(Some(ledger)) => Arc::new(ledger),
                Ok(None) => return Ok(None),
                Err(unread) => {
                    self.from = From::replay(&self.dir, unread)?;
                    self.kept = Kept::default();
                    return self.of_key(subject, attribute);
                }
            },
        };
        let catalogue = &ledger.facts().catalogue;
        let found = catalogue.entity_of_key(subject).zip(catalogue.attribute_of_key(attribute));
        let Some((entity, defined)) = found else { return Ok(None) };
        let of_key = OfKey { ledger, subject: entity, attribute: defined };
        self.kept.keep(subject, attribute, of_key.clone());
        Ok(Some(of_key))
    }
}

impl From {
    fn replay(dir: &Path, unread: Unread) -> Result<From, Error> {
        let unusable = match unread {
            Unread::Index(unusable) => unusable,
            Unread::Log => Unusable::Missing,
        };
        Ok(From::Replay(Arc::new(Ledger::open(dir)?), unusable))
    }
}

impl Indexed {
    fn open(dir: &Path) -> Result<Indexed, Unread> {
        let part = Part::open(dir)?;
        let world = part.ledger_so_far(dir);
        let facts = world.facts();
        let joined = Arc::new(facts.joined(facts.last_within(None)));
        Ok(Indexed { part, world, joined })
    }
}

/// How many keys a generation of what is kept may hold.
const GENERATION: usize = 2048;

/// Keys by subject and attribute: those of late, and those before. What is not asked for in a whole generation goes.
#[derive(Debug, Default)]
struct Kept {
    late: HashMap<Box<str>, HashMap<Box<str>, OfKey>>,
    before: HashMap<Box<str>, HashMap<Box<str>, OfKey>>,
    count: usize,
}

impl Kept {
    fn find(&mut self, subject: &str, attribute: &str) -> Option<OfKey> {
        if let Some(kept) = self.late.get(subject).and_then(|of_subject| of_subject.get(attribute)) {
            return Some(kept.clone());
        }
        let kept = self.before.get(subject)?.get(attribute)?.clone();
        self.keep(subject, attribute, kept.clone());
        Some(kept)
    }

    fn keep(&mut self, subject: &str, attribute: &str, of_key: OfKey) {
        if self.count == GENERATION {
            self.before = std::mem::take(&mut self.late);
            self.count = 0;
        }
        self.count += 1;
        self.late.entry(subject.into()).or_default().insert(attribute.into(), of_key);
    }
}
