//! One question after the other about single keys: what was read of a key is kept for a while.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::error::Error;
use super::key_facts::take_key_facts;
use super::open::Ledger;
use super::part::{Part, Unread};
use crate::catalogue::Catalogue;
use crate::date::Day;
use crate::index::Unusable;
use crate::projection::{Facts, Horizon, Joined, Key, State, World};
use crate::seq::Seq;

/// Answers questions about keys from a ledger as it stood when it was opened. It keeps the ledger's index open, and
/// other processes then answer without.
#[derive(Debug)]
pub struct Reader {
    dir: PathBuf,
    from: From,
}

#[derive(Debug)]
enum From {
    Index(Box<Indexed>),
    /// Everything, and why.
    Replay(Box<Ledger>, Unusable),
}

/// The index, and what was read of it.
#[derive(Debug)]
struct Indexed {
    part: Part,
    /// What is not about one key.
    shared: Facts,
    /// What all keys share, as far as it was asked for.
    world: World,
    joined: Arc<Joined>,
    /// Keys of which something was appended behind the index.
    touched: HashSet<(Seq, Seq)>,
    kept: Kept,
    /// So many things are remembered before they are forgotten.
    things_max: usize,
}

/// What was read of a key.
#[derive(Debug)]
struct OfKey {
    about: (Seq, Seq),
    facts: Facts,
    /// Whether what it shares with others was read with it.
    has_own_world: bool,
    /// With no bound to what is known.
    key: Key,
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
        Ok(Reader { dir: dir.to_owned(), from })
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
        if let From::Index(indexed) = &mut self.from {
            match indexed.of_key(&self.dir, subject, attribute) {
                Ok(of_key) => return Ok(of_key.map(|of_key| indexed.state(&of_key, day, horizon))),
                Err(unread) => self.from = From::replay(&self.dir, unread)?,
            }
        }
        let From::Replay(ledger, _) = &self.from else { return Ok(None) };
        let (facts, catalogue) = (ledger.facts(), ledger.facts().catalogue());
        let about = catalogue.entity_of_key(subject).zip(catalogue.attribute_of_key(attribute));
        let known = facts.at(horizon);
        Ok(about.map(|(subject, attribute)| known.state(&known.key(subject, attribute), day, horizon)))
    }

    /// What the numbers in the answers given so far stand for: values that are entities, attributes, sources.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        match &self.from {
            From::Index(indexed) => &indexed.world.catalogue,
            From::Replay(ledger, _) => ledger.facts().catalogue(),
        }
    }
}

impl From {
    fn replay(dir: &Path, unread: Unread) -> Result<From, Error> {
        let unusable = match unread {
            Unread::Index(unusable) => unusable,
            Unread::Log => Unusable::Missing,
        };
        Ok(From::Replay(Box::new(Ledger::open(dir)?), unusable))
    }
}

impl Indexed {
    fn open(dir: &Path) -> Result<Indexed, Unread> {
        let mut part = Part::open(dir)?;
        // What was described again behind the index is read whole, so that all stands in the order of its events.
        part.things_of_world()?;
        let shared = part.ledger_so_far(dir).into_facts();
        let joined = Arc::new(shared.world.joined(shared.last_within(None), None));
        let touched = part.touched_behind()?.into_iter().collect();
        let world = World::clone(&shared.world);
        Ok(Indexed { part, shared, world, joined, touched, kept: Kept::default(), things_max: THINGS_MAX })
    }

    fn state(&self, of_key: &OfKey, day: Day, horizon: Horizon) -> State {
        let facts = &of_key.facts;
        let shared = self.shared.last_within(horizon.recorded);
        let joined = match horizon.recorded {
            None => Arc::clone(&self.joined),
            Some(_) => Arc::new(self.shared.world.joined(shared, horizon.reported)),
        };
        let world = if of_key.has_own_world { &facts.world } else { &self.world };
        let known = facts.seen(world, horizon.reported, shared.max(facts.last_within(horizon.recorded)), joined);
        if horizon == Horizon::default() {
            return known.state(&of_key.key, day, horizon);
        }
        known.state(&known.key(of_key.about.0, of_key.about.1), day, horizon)
    }

    fn of_key(&mut self, dir: &Path, subject: &str, attribute: &str) -> Result<Option<Arc<OfKey>>, Unread> {
        if let Some(kept) = self.kept.find(subject, attribute) {
            return Ok(Some(kept));
        }
        let Some(about) = self.part.about_of(subject, attribute)? else { return Ok(None) };
        let of_key = match self.by_itself(about)? {
            Some(facts) => self.chosen(about, facts, false),
            None => match self.part.key(dir, subject, attribute)? {
                Some(ledger) => self.chosen(about, ledger.into_facts(), true),
                None => return Ok(None),
            },
        };
        let of_key = Arc::new(of_key);
        self.kept.keep(subject, attribute, Arc::clone(&of_key));
        Ok(Some(of_key))
    }

    fn chosen(&self, about: (Seq, Seq), facts: Facts, has_own_world: bool) -> OfKey {
        let world = if has_own_world { &facts.world } else { &self.world };
        let last = self.shared.last_within(None).max(facts.last_within(None));
        let key = facts.seen(world, None, last, Arc::clone(&self.joined)).key(about.0, about.1);
        OfKey { about, facts, has_own_world, key }
    }

    /// What the fold needs of a key, if it can be answered without reading others.
    fn by_itself(&mut self, about: (Seq, Seq)) -> Result<Option<Facts>, Unread> {
        if self.touched.contains(&about) || self.part.is_joined(about.0) {
            return Ok(None);
        }
        let (bytes, mut facts) = (self.part.facts_of(about)?, Facts::default());
        if !take_key_facts(&bytes, about, &mut facts, |_, _| ())? {
            return Ok(None);
        }
        if self.part.things_count() > self.things_max {
            self.part.forget_things();
            self.world = World::clone(&self.shared.world);
            self.kept = Kept::default();
        }
        let mut things = vec![about.1];
        facts.mentioned(&mut things);
        for (described, commit_last) in self.part.described(things)? {
            self.world.apply(&described);
            self.shared.close_commit(commit_last, described.at_micros);
        }
        Ok(Some(facts))
    }
}

const THINGS_MAX: usize = 1 << 17;

/// How many keys a generation of what is kept may hold.
const GENERATION: usize = 2048;

/// Keys by subject and attribute: those of late, and those before. What is not asked for in a whole generation goes.
#[derive(Debug, Default)]
struct Kept {
    late: HashMap<Box<str>, HashMap<Box<str>, Arc<OfKey>>>,
    before: HashMap<Box<str>, HashMap<Box<str>, Arc<OfKey>>>,
    count: usize,
}

impl Kept {
    fn find(&mut self, subject: &str, attribute: &str) -> Option<Arc<OfKey>> {
        if let Some(kept) = self.late.get(subject).and_then(|of_subject| of_subject.get(attribute)) {
            return Some(Arc::clone(kept));
        }
        let kept = Arc::clone(self.before.get(subject)?.get(attribute)?);
        self.keep(subject, attribute, Arc::clone(&kept));
        Some(kept)
    }

    fn keep(&mut self, subject: &str, attribute: &str, of_key: Arc<OfKey>) {
        if self.count == GENERATION {
            self.before = std::mem::take(&mut self.late);
            self.count = 0;
        }
        self.count += 1;
        self.late.entry(subject.into()).or_default().insert(attribute.into(), of_key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::read_line;
    use crate::ledger::{Policy, Writer, rebuild};

    const AT: i64 = 1_730_000_000_000_000;

    #[test]
    fn what_was_forgotten_is_read_again() {
        let dir = tempfile::tempdir().unwrap();
        Ledger::create(dir.path(), Some("example.org/many"), AT).unwrap();
        let claim = |number: usize| {
            let line = format!(
                r#"{{"type":"claim","subject":"s{number}","attribute":"guard","value":{{"entity":"e{number}"}},"from":"2024-03-04","said_by":"p{number}"}}"#
            );
            read_line(&line).unwrap().proposed
        };
        let mut writer = Writer::open(dir.path(), "desk", AT).unwrap();
        writer.record((0..12).map(claim).collect(), Policy::default(), AT).unwrap();
        drop(writer);
        rebuild(dir.path(), 1, |_| {}).unwrap();
        let replayed = Ledger::open(dir.path()).unwrap();
        let mut reader = Reader::open(dir.path()).unwrap();
        let From::Index(indexed) = &mut reader.from else { panic!("{:?}", reader.from) };
        indexed.things_max = 4;
        let (day, horizon) = (Day::parse("2024-03-09").unwrap(), Horizon::default());
        for number in (0..12).chain([3, 3, 0]).chain((0..12).rev()) {
            let (catalogue, subject) = (replayed.facts().catalogue(), format!("s{number}"));
            let known = replayed.facts().at(horizon);
            let key =
                known.key(catalogue.entity_of_key(&subject).unwrap(), catalogue.attribute_of_key("guard").unwrap());
            let state = reader.state(&subject, "guard", day, horizon).unwrap();
            assert_eq!(state, Some(known.state(&key, day, horizon)), "{subject}");
            let From::Index(indexed) = &reader.from else { panic!("{:?}", reader.from) };
            assert!(indexed.part.things_count() < 10, "{subject}");
        }
    }
}
