//! What the index gives back: groups, things, and the first event of a name.

use super::entry::{self, Entry, Listed};
use super::key::{Key, Kind};
use super::unusable::Unusable;
use super::{Index, NameOf};
use crate::event::EventKind;
use crate::pack::Unpack;
use crate::seq::Seq;

/// The events about one key, not decoded yet.
#[derive(Clone, Debug, Default)]
pub struct Group(Vec<u8>);

impl Group {
    /// The events in their order, and which groups have to be read with them; [`Unusable`] where that cannot be read.
    pub fn iter(&self) -> impl Iterator<Item = Result<Listed<'_>, Unusable>> {
        let mut unpack = Unpack(&self.0);
        std::iter::from_fn(move || {
            if unpack.is_empty() {
                return None;
            }
            Some(entry::next(&mut unpack).ok_or_else(|| Unusable::broken("a group is not readable")))
        })
        .scan(true, |goes_on, listed| std::mem::replace(goes_on, listed.is_ok()).then_some(listed))
    }
}

impl Index {
    /// Reads everything about one key; (0, 0) is the world.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn group(&self, about: (Seq, Seq)) -> Result<Group, Unusable> {
        let mut group = Group::default();
        self.store.get(Key::group(about), &mut group.0)?;
        Ok(group)
    }

    /// Reads everything about all keys, one after the other.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn groups(&self, mut see: impl FnMut((Seq, Seq), Group)) -> Result<(), Unusable> {
        self.store.each(Key::first_of(Kind::Group), |key, value| {
            see(key.about(), Group(value.to_vec()));
            Ok(true)
        })
    }

    /// Adds what the fold needs of a key to `into`, for a [`FactsRead`](crate::codec::FactsRead).
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn facts(&self, about: (Seq, Seq), into: &mut Vec<u8>) -> Result<(), Unusable> {
        self.store.get(Key::facts(about), into)
    }

    /// Reads what the fold needs of all keys, one after the other.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn all_facts(&self, mut see: impl FnMut((Seq, Seq), &[u8])) -> Result<(), Unusable> {
        self.store.each(Key::first_of(Kind::Facts), |key, value| {
            see(key.about(), value);
            Ok(true)
        })
    }

    /// The attributes that something was said of about a subject.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn attributes_of(&self, subject: Seq) -> Result<Vec<Seq>, Unusable> {
        let mut attributes = Vec::new();
        self.store.each(Key::group((subject, Seq(0))), |key, _| {
            let (own, attribute) = key.about();
            if own == subject {
                attributes.push(attribute);
            }
            Ok(own == subject)
        })?;
        Ok(attributes)
    }

    /// Reads the events that describe a thing, and those that stand on the same page, each with its thing, in their order.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn things_with(&self, thing: Seq) -> Result<Vec<(Seq, Entry<'static>)>, Unusable> {
        let (mut page, mut entries) = (Vec::new(), Vec::new());
        self.store.get(Key::things_with(thing), &mut page)?;
        for read in things(&page) {
            let (own, entry) = read?;
            entries.push((own, entry.into_owned()));
        }
        Ok(entries)
    }

    /// Shows the events that describe all things, each with the thing, in the order of the things.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn things(&self, mut see: impl FnMut(Seq, Entry<'_>)) -> Result<(), Unusable> {
        self.store.each(Key::first_of(Kind::Things), |_, page| {
            for read in things(page) {
                let (thing, entry) = read?;
                see(thing, entry);
            }
            Ok(true)
        })
    }

    /// The first names of things that events of this kind register, in their order, so many at most.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn first_names(&self, kind: EventKind, max: usize) -> Result<Vec<Box<str>>, Unusable> {
        let mut names = Vec::new();
        self.store.each(Key::first_of(Kind::Things), |_, page| {
            for read in things(page) {
                let (thing, entry) = read?;
                let is_first = entry.kind == kind && entry.seq == thing;
                names.extend(if is_first { entry.name() } else { None });
            }
            Ok(names.len() < max)
        })?;
        names.truncate(max);
        Ok(names)
    }

    /// The event that registered a name first; for an actor the last that did.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn first_named(&self, kind: NameOf, name: &str) -> Result<Option<Seq>, Unusable> {
        let (mut page, mut found) = (Vec::new(), None);
        for thing in self.named(kind, name)? {
            self.store.get(Key::things_with(thing), &mut page)?;
            let mut registered =
                things(&page).filter(|read| !matches!(read, Ok((own, entry)) if *own != thing || entry.seq != thing));
            let is_it = registered.next().transpose()?.is_some_and(|(_, entry)| entry.registers(thing, name));
            if is_it && (found.is_none() || kind == NameOf::Actor) {
                found = Some(thing);
            }
        }
        Ok(found)
    }
}

/// The events of a page of things, each with its thing, up to one that cannot be read.
fn things(page: &[u8]) -> impl Iterator<Item = Result<(Seq, Entry<'_>), Unusable>> {
    let mut unpack = Unpack(page);
    std::iter::from_fn(move || {
        if unpack.is_empty() {
            return None;
        }
        let thing = unpack.number().map(Seq);
        let Some((thing, Listed::Event(entry))) = thing.zip(entry::next(&mut unpack)) else {
            unpack = Unpack(&[]);
            return Some(Err(Unusable::broken("a page of things is not readable")));
        };
        Some(Ok((thing, entry)))
    })
}
