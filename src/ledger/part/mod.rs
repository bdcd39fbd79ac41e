//! A part of a ledger: the events that a question needs, from the index and from what was appended behind it.

mod asked;
mod gather;
mod indexed;
mod many;
mod mentions;
mod proposals;
mod sketch;
mod touched;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use foldhash::{HashMap, HashSet};

use super::open::Ledger;
use super::replay::Stored;
use crate::chain::Hash;
use crate::event::{Event, EventKind, Recorded, Verdict};
use crate::index::{Entry, NameOf, WORLD, acted_upon, group_of};
use crate::projection::Union;
use crate::seq::Seq;
use gather::recorded;
pub(super) use indexed::Unread;
use indexed::{InLog, Indexed};
use mentions::describes_a_thing;
pub(super) use mentions::mentions;
pub(super) use proposals::Needed;
use sketch::Sketches;

/// Which part of a ledger a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'q> {
    /// Every claim.
    Everything,
    /// No claim, only what is registered.
    Names,
    /// What is claimed of one entity.
    Subject(&'q str),
    /// What is claimed of one entity's attribute.
    Key(&'q str, &'q str),
    /// One event, by its id or `#SEQ`, and what is claimed of the key it is about.
    Event(&'q str),
    /// The events from one to another, both included, and what they speak of.
    Events(Seq, Seq),
}

/// An event and the commit it came with.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) recorded: Recorded,
    pub(super) kind: EventKind,
    pub(super) commit_last: Seq,
    pub(super) about: (Seq, Seq),
    /// Its link, where it was read from the log.
    link: Option<Hash>,
}

/// A part being gathered.
#[derive(Debug)]
pub(super) struct Part {
    from: Indexed,
    /// They are large, and move about less in boxes.
    items: BTreeMap<Seq, Box<Item>>,
    groups: HashSet<(Seq, Seq)>,
    /// Entities ever judged the same, and sources ever linked, whatever came of it: all of them are read together.
    same: Union,
    linked: Union,
    joined: Vec<Seq>,
    things: BTreeSet<Seq>,
    things_read: HashSet<Seq>,
    /// Those that are read with what is not about one key.
    things_of_world: HashSet<Seq>,
    has_all_things: bool,
    /// What names were found to stand for, or that they are not there. The first event of a name is that for ever.
    names: HashMap<NameOf, HashMap<Box<str>, Option<Seq>>>,
    /// Pages of things that were read.
    pages: HashMap<u64, Vec<(Seq, Entry<'static>)>>,
    /// What a writer was given before.
    given: HashSet<Seq>,
    sketches: Sketches,
    /// Of which kinds a writer was given the first keys.
    listed: HashSet<NameOf>,
    /// The very events that were asked for.
    asked: Vec<Stored>,
    /// Whether claims are read from the log, with all their texts.
    with_texts: bool,
    /// Those that are still to be read.
    unread: Vec<InLog>,
}

impl Part {
    /// Opens a ledger's index and reads what every question needs.
    pub(super) fn open(dir: &Path) -> Result<Part, Unread> {
        Part::of_world(Indexed::open(dir)?)
    }

    /// A ledger of what was read so far.
    pub(super) fn ledger_so_far(&self, dir: &Path) -> Ledger {
        let events = self.items.values().cloned().map(|item| (item.recorded, item.about, item.commit_last));
        Ledger::of_part(dir, self.from.head.clone(), self.from.unfinished.clone(), events)
    }

    /// The same with everything that is registered.
    pub(super) fn ledger_with_things(&mut self, dir: &Path) -> Result<Ledger, Unread> {
        if self.from.tail.iter().any(|item| describes_a_thing(item.kind)) {
            // All must stand in the order of the events.
            self.all_things()?;
            return Ok(self.ledger_so_far(dir));
        }
        let (mut ledger, mut read) = (self.ledger_so_far(dir), Ok(()));
        self.from.index.things(|_, entry| match recorded(&entry) {
            Ok(recorded) => ledger.take_thing(&recorded, entry.commit_last),
            Err(unread) => read = Err(unread),
        })?;
        read.map(|()| ledger)
    }

    /// What is needed to answer about one key that cannot be read by itself. `None` if there is no such key.
    pub(super) fn key(&mut self, dir: &Path, subject: &str, attribute: &str) -> Result<Option<Ledger>, Unread> {
        let things_read = std::mem::replace(&mut self.things_read, HashSet::from_iter([Seq(0)]));
        let is_found = self.gather_key(subject, attribute);
        self.things_read = things_read;
        let items = std::mem::take(&mut self.items).into_values();
        let events = items.map(|item| (item.recorded, item.about, item.commit_last));
        Ok(is_found?.then(|| Ledger::of_part(dir, self.from.head.clone(), None, events)))
    }

    fn gather_key(&mut self, subject: &str, attribute: &str) -> Result<bool, Unread> {
        self.items.clear();
        self.groups = HashSet::from_iter([WORLD]);
        self.things.clear();
        let things = self.from.tail.iter().filter(|item| describes_a_thing(item.kind)).cloned();
        self.items.extend(things.map(|item| (item.recorded.seq, Box::new(item))));
        self.described_again()?;
        let is_found = self.of_subject(subject, Some(attribute))?;
        self.mentioned_things()?;
        Ok(is_found)
    }

    /// What describes these things, and those they name, in the order of the events, each with the last event of its
    /// commit; not what was given before.
    pub(super) fn described(&mut self, things: impl IntoIterator<Item = Seq>) -> Result<Vec<(Recorded, Seq)>, Unread> {
        self.items.clear();
        self.things = things.into_iter().filter(|thing| !self.things_read.contains(thing)).collect();
        if !self.things.is_empty() {
            self.mentioned_things()?;
        }
        Ok(std::mem::take(&mut self.items).into_values().map(|item| (item.recorded, item.commit_last)).collect())
    }

    /// Reads the things that are named in what is not about one key, and in what describes things behind the index.
    pub(super) fn things_of_world(&mut self) -> Result<(), Unread> {
        self.mentioned_things()?;
        self.things_of_world.clone_from(&self.things_read);
        Ok(())
    }

    /// Forgets which things were read, but those of the world.
    pub(super) fn forget_things(&mut self) {
        self.things_read.clone_from(&self.things_of_world);
    }

    /// How many things were read.
    pub(super) fn things_count(&self) -> usize {
        self.things_read.len()
    }

    /// The keys of which something was appended behind the index, or acted upon there.
    pub(super) fn touched_behind(&self) -> Result<Vec<(Seq, Seq)>, Unread> {
        let mut touched = Vec::new();
        for item in self.from.tail.iter().filter(|item| !describes_a_thing(item.kind)) {
            touched.push(item.about);
            for target in item.recorded.event.iter().flat_map(acted_upon) {
                touched.extend(self.about(target)?);
            }
        }
        Ok(touched.into_iter().map(group_of).filter(|about| *about != WORLD).collect())
    }

    /// The keys whose groups were read.
    pub(super) fn groups_read(&self) -> HashSet<(Seq, Seq)> {
        self.groups.clone()
    }

    /// Whether an entity was ever judged the same as another.
    pub(super) fn is_joined(&self, entity: Seq) -> bool {
        self.joined.binary_search(&entity).is_ok()
    }

    /// Opens a ledger's index to answer a question: `None` if what it is about is not there.
    pub(super) fn ledger(dir: &Path, scope: Scope<'_>, with_texts: bool) -> Result<Option<Ledger>, Unread> {
        let mut part = Part::open(dir)?;
        part.with_texts = with_texts;
        let is_found = match scope {
            Scope::Names => part.all_things().map(|()| true)?,
            Scope::Everything => part.everything().map(|()| true)?,
            Scope::Subject(subject) => part.of_subject(subject, None)?,
            Scope::Key(subject, attribute) => part.of_subject(subject, Some(attribute))?,
            Scope::Event(target) => part.of_event(target)?,
            Scope::Events(first, last) => part.of_events(first, last).map(|()| true)?,
        };
        match scope {
            // What is near to a mistyped name is found among all names.
            Scope::Subject(_) | Scope::Key(..) if !is_found => part.all_things()?,
            Scope::Event(_) if !is_found => return Ok(None),
            Scope::Names | Scope::Everything => part.read_texts()?,
            _ => {
                part.read_texts()?;
                part.mentioned_things()?;
            }
        }
        let asked = matches!(scope, Scope::Event(_) | Scope::Events(..)).then_some(part.asked);
        let Indexed { head, unfinished, .. } = part.from;
        let events = part.items.into_values().map(|item| (item.recorded, item.about, item.commit_last));
        Ok(Some(Ledger::of_part(dir, head, unfinished, events).with_asked(asked)))
    }

    /// Reads the claims that were left to be read from the log.
    fn read_texts(&mut self) -> Result<(), Unread> {
        let (unread, items) = (std::mem::take(&mut self.unread), &mut self.items);
        self.from.events_at(&unread, |seq, event| {
            if let Some(item) = items.get_mut(&seq) {
                item.recorded.event = event;
            }
        })
    }

    /// What every question needs: judgements, links and what else is not about one key.
    fn of_world(from: Indexed) -> Result<Part, Unread> {
        let mut part = Part {
            from,
            items: BTreeMap::new(),
            groups: HashSet::default(),
            same: Union::default(),
            linked: Union::default(),
            joined: Vec::new(),
            things: BTreeSet::new(),
            things_read: HashSet::from_iter([Seq(0)]),
            things_of_world: HashSet::default(),
            has_all_things: false,
            names: HashMap::default(),
            pages: HashMap::default(),
            given: HashSet::default(),
            sketches: Sketches::default(),
            listed: HashSet::default(),
            asked: Vec::new(),
            with_texts: false,
            unread: Vec::new(),
        };
        part.groups(vec![WORLD])?;
        part.described_again()?;
        let things: Vec<Item> = part.from.tail.iter().filter(|item| describes_a_thing(item.kind)).cloned().collect();
        part.items.extend(things.into_iter().map(|item| (item.recorded.seq, Box::new(item))));
        for item in part.items.values() {
            match &item.recorded.event {
                Some(Event::EntitiesJudged(judged)) if judged.verdict == Verdict::Same => {
                    for pair in judged.entities.windows(2) {
                        if let [a, b] = pair {
                            part.same.join(*a, *b);
                        }
                    }
                    part.joined.extend(&judged.entities);
                }
                Some(Event::SourceLinked { source, to, .. }) => {
                    part.linked.join(*source, *to);
                    part.joined.extend([source, to]);
                }
                _ => {}
            }
        }
        part.joined.sort_unstable();
        part.joined.dedup();
        Ok(part)
    }

    /// What is described behind the index and was registered before is read with it: a key is that of the first.
    fn described_again(&mut self) -> Result<(), Unread> {
        for item in &self.from.tail {
            let given = item.recorded.event.as_ref().and_then(NameOf::given_by);
            if let Some((kind, key)) = given.filter(|(kind, _)| kind.is_key()) {
                self.things.extend(self.from.index.first_named(kind, key)?);
            }
        }
        Ok(())
    }
}
