//! What each kind of question needs.

use super::gather::item;
use super::mentions::{about_of_thing, mentions};
use super::{Item, Part, Unread};
use crate::index::{NameOf, WORLD, group_of};
use crate::ledger::replay::Stored;
use crate::seq::Seq;

impl Part {
    /// Everything that is registered.
    pub(in crate::ledger) fn all_things(&mut self) -> Result<(), Unread> {
        if self.has_all_things {
            return Ok(());
        }
        let mut read = Ok(());
        let items = &mut self.items;
        self.from.index.things(|thing, entry| match item(&entry, about_of_thing(entry.kind, thing)) {
            Ok(item) => drop(items.insert(entry.seq, item)),
            Err(unread) => read = Err(unread),
        })?;
        read?;
        self.has_all_things = true;
        Ok(())
    }

    pub(super) fn everything(&mut self) -> Result<(), Unread> {
        self.all_things()?;
        let mut all = Vec::new();
        self.from.index.groups(|about, group| all.push((about, group)))?;
        for (about, group) in all {
            self.take_group(&group, about, &mut Vec::new())?;
        }
        let tail: Vec<Item> = self.from.tail.clone();
        self.items.extend(tail.into_iter().map(|item| (item.recorded.seq, Box::new(item))));
        Ok(())
    }

    /// Shows what the fold needs of every key of the index, in order.
    pub(in crate::ledger) fn each_key(&self, see: impl FnMut((Seq, Seq), &[u8])) -> Result<(), Unread> {
        Ok(self.from.index.all_facts(see)?)
    }

    /// Reads groups, and those that belong to them.
    pub(in crate::ledger) fn read_groups(&mut self, keys: Vec<(Seq, Seq)>) -> Result<(), Unread> {
        self.groups(keys)
    }

    /// The numbers of a key; `None` if there is no such.
    pub(in crate::ledger) fn about_of(&mut self, subject: &str, attribute: &str) -> Result<Option<(Seq, Seq)>, Unread> {
        Ok(self.named(NameOf::Entity, subject)?.zip(self.named(NameOf::Attribute, attribute)?))
    }

    /// What the fold needs of a key, as far as the index has it.
    pub(in crate::ledger) fn facts_of(&self, about: (Seq, Seq)) -> Result<Vec<u8>, Unread> {
        let mut facts = Vec::new();
        self.from.index.facts(about, &mut facts)?;
        Ok(facts)
    }

    /// What is claimed of a subject, or of one of its attributes; `false` if there is no such.
    pub(super) fn of_subject(&mut self, subject: &str, attribute: Option<&str>) -> Result<bool, Unread> {
        let Some(subject) = self.named(NameOf::Entity, subject)? else { return Ok(false) };
        let attribute = match attribute {
            None => None,
            Some(key) => match self.named(NameOf::Attribute, key)? {
                None => return Ok(false),
                attribute => attribute,
            },
        };
        let subjects = self.joined_with(subject, &self.same);
        self.things.extend(&subjects);
        self.things.extend(attribute);
        let mut keys = Vec::new();
        for subject in subjects {
            if let Some(attribute) = attribute {
                keys.push((subject, attribute));
                continue;
            }
            keys.extend(self.from.index.attributes_of(subject)?.into_iter().map(|attribute| (subject, attribute)));
            keys.extend(self.from.tail.iter().map(|item| item.about).filter(|about| about.0 == subject));
        }
        keys.retain(|about| group_of(*about) != WORLD);
        self.groups(keys)?;
        Ok(true)
    }

    /// One event, and the key it is about.
    pub(super) fn of_event(&mut self, target: &str) -> Result<bool, Unread> {
        let Some(stored) = self.event_of(target)? else { return Ok(false) };
        self.of_events(stored.recorded.seq, stored.recorded.seq)?;
        Ok(true)
    }

    /// Some events, and the keys they are about.
    pub(super) fn of_events(&mut self, first: Seq, last: Seq) -> Result<(), Unread> {
        /// So many events speak of much of a ledger.
        const ONE_BY_ONE_MAX: u64 = 4096;
        let last = last.min(Seq(self.from.head.size));
        let count = (last.0 + 1).saturating_sub(first.0);
        if count > ONE_BY_ONE_MAX {
            self.everything()?;
        }
        for seq in (first.0.max(1)..=last.0).map(Seq) {
            if count <= ONE_BY_ONE_MAX {
                self.event_and_its_key(seq)?;
            }
            let stored = self.from.stored(seq)?;
            self.asked.push(stored);
        }
        Ok(())
    }

    /// The event of an id or `#SEQ`.
    pub(super) fn event_of(&mut self, target: &str) -> Result<Option<Stored>, Unread> {
        if let Some(stored) = self.with_id(target)? {
            return Ok(Some(stored));
        }
        let seq = Seq::parse(target).filter(|seq| seq.0 >= 1 && seq.0 <= self.from.head.size);
        seq.map(|seq| self.from.stored(seq)).transpose()
    }

    pub(super) fn event_and_its_key(&mut self, seq: Seq) -> Result<(), Unread> {
        let (_, event) = self.from.event(seq)?;
        let mut mentioned = vec![seq];
        if let Some(event) = &event {
            mentions(event, &mut mentioned);
        }
        let mut keys = Vec::new();
        for seq in mentioned {
            self.things.insert(seq);
            if let Some(about) = self.about(seq)? {
                self.things.extend([about.0, about.1].into_iter().filter(|thing| thing.0 > 0));
                keys.extend(self.group_with(seq)?);
            }
        }
        self.groups(keys)
    }
}
