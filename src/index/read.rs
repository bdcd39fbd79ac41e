//! What the index gives back: groups, things, and the first event of a name.

use super::entry::{self, Entry, Listed};
use super::pack::Unpack;
use super::store::{GROUP, THING, Unusable};
use super::{Index, NameOf};
use crate::event::Event;
use crate::seq::Seq;

/// Numbers to a page of things.
const THINGS_PAGE: u64 = 64;

pub(super) fn thing_page(thing: Seq) -> u64 {
    thing.0 / THINGS_PAGE
}

pub(super) fn things_of_page(page: u64) -> [u8; 9] {
    let mut key = [THING; 9];
    if let Some((_, number)) = key.split_first_mut() {
        number.copy_from_slice(&page.to_be_bytes());
    }
    key
}

/// The key of a chunk of a group: the closed ones by their number, the open one behind them all.
pub(super) fn group_key(about: (Seq, Seq), chunk: u64) -> Vec<u8> {
    let numbers = [about.0.0, about.1.0, chunk].map(u64::to_be_bytes);
    std::iter::once(GROUP).chain(numbers.into_iter().flatten()).collect()
}

/// What a group's key says: its subject and attribute, and which chunk it is.
fn about_of(key: &[u8]) -> Option<((Seq, Seq), u64)> {
    let (numbers, rest) = key.get(1..)?.as_chunks::<8>();
    match (numbers, rest) {
        ([subject, attribute, chunk], []) => {
            let [subject, attribute, chunk] = [subject, attribute, chunk].map(|bytes| u64::from_be_bytes(*bytes));
            Some(((Seq(subject), Seq(attribute)), chunk))
        }
        _ => None,
    }
}

/// What was read of some groups.
#[derive(Debug, Default)]
pub struct Group {
    /// Their events, in their order within each group.
    pub entries: Vec<Entry>,
    /// Keys whose groups have to be read with them.
    pub also: Vec<(Seq, Seq)>,
}

impl Group {
    fn take(&mut self, chunk: &[u8]) -> Result<(), Unusable> {
        let mut unpack = Unpack(chunk);
        while !unpack.is_empty() {
            match entry::next(&mut unpack).ok_or_else(|| Unusable::broken("a group is not readable"))? {
                Listed::Event(entry) => self.entries.push(entry),
                Listed::Also(subject, attribute) => self.also.push((subject, attribute)),
            }
        }
        Ok(())
    }

    /// Takes the open chunk, which begins with the count of closed ones, and says that.
    fn take_open(&mut self, chunk: &[u8]) -> Result<u64, Unusable> {
        let mut unpack = Unpack(chunk);
        let closed = unpack.number().ok_or_else(|| Unusable::broken("a chunk is not readable"))?;
        self.take(unpack.0)?;
        Ok(closed)
    }
}

impl Index {
    /// Reads everything about one key; (0, 0) is the world.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn group(&self, about: (Seq, Seq), into: &mut Group) -> Result<(), Unusable> {
        let Some(open) = self.store.get(&group_key(about, u64::MAX))? else { return Ok(()) };
        let closed = into.take_open(&open)?;
        for chunk in 0..closed {
            let Some(chunk) = self.store.get(&group_key(about, chunk))? else {
                return Err(Unusable::broken("a chunk is missing"));
            };
            into.take(&chunk)?;
        }
        Ok(())
    }

    /// Reads everything about one subject, or about all, a key after the other.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn groups(&self, subject: Option<Seq>, mut see: impl FnMut((Seq, Seq), Group)) -> Result<(), Unusable> {
        let mut prefix = vec![GROUP];
        prefix.extend(subject.map(|subject| subject.0.to_be_bytes()).into_iter().flatten());
        let mut group = Group::default();
        self.store.each(&prefix, |key, chunk| {
            let Some((about, chunk_number)) = about_of(key) else {
                return Err(Unusable::broken("the key of a group is not readable"));
            };
            if chunk_number != u64::MAX {
                return group.take(chunk);
            }
            // The open chunk stands behind the closed ones.
            group.take_open(chunk)?;
            see(about, std::mem::take(&mut group));
            Ok(())
        })
    }

    /// Reads the events that describe a thing, in their order.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn thing(&self, thing: Seq, into: &mut Vec<Entry>) -> Result<(), Unusable> {
        let Some(page) = self.store.get(&things_of_page(thing_page(thing)))? else { return Ok(()) };
        read_things(&page, |own, entry| {
            if own == thing {
                into.push(entry);
            }
        })
    }

    /// Reads the events that describe all things.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn things(&self, into: &mut Vec<Entry>) -> Result<(), Unusable> {
        self.store.each(&[THING], |_, page| read_things(page, |_, entry| into.push(entry)))
    }

    /// The event that registered a name first; for an actor the last that did.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn first_named(&self, kind: NameOf, name: &str) -> Result<Option<Seq>, Unusable> {
        let mut found = None;
        for thing in self.named(kind, name)? {
            let mut entries = Vec::new();
            self.thing(thing, &mut entries)?;
            let is_it = entries.iter().filter(|entry| entry.seq == thing).any(|entry| has_name(entry, name));
            if is_it && (found.is_none() || kind == NameOf::Actor) {
                found = Some(thing);
            }
        }
        Ok(found)
    }
}

fn read_things(page: &[u8], mut see: impl FnMut(Seq, Entry)) -> Result<(), Unusable> {
    let mut unpack = Unpack(page);
    while !unpack.is_empty() {
        let thing = unpack.number().map(Seq);
        match thing.zip(entry::next(&mut unpack)) {
            Some((thing, Listed::Event(entry))) => see(thing, entry),
            _ => return Err(Unusable::broken("a page of things is not readable")),
        }
    }
    Ok(())
}

fn has_name(entry: &Entry, name: &str) -> bool {
    let Ok(recorded) = entry.recorded() else { return false };
    match recorded.event {
        Some(Event::ActorRegistered { name: own }) => *own == *name,
        Some(Event::AttributeDefined(defined)) => *defined.key == *name,
        Some(Event::EntityRegistered(entity)) => *entity.key == *name,
        Some(Event::SourceRegistered(source)) => *source.key == *name,
        _ => false,
    }
}
