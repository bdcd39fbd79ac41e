//! Finding names, ids and groups, in the index and behind it, and taking in what they hold.

use super::indexed::InLog;
use super::mentions::{about_of_thing, describes_a_thing, mentions};
use super::{Item, Part, Unread};
use crate::event::{Event, Recorded};
use crate::index::{
    Entry, Group, Listed, NameOf, Unusable, WORLD, acted_upon, group_of, group_of_event, is_of_notes, page_of_thing,
};
use crate::ledger::replay::Stored;
use crate::projection::Union;
use crate::seq::Seq;

impl Part {
    /// The event with an id, but for one that a writer recorded since.
    pub(super) fn with_id(&mut self, id: &str) -> Result<Option<Stored>, Unread> {
        let has_id = |item: &&Item| item.recorded.event.as_ref().and_then(Event::own_id) == Some(id);
        let behind = self.from.tail.iter().rfind(has_id).map(|item| item.recorded.seq);
        let candidates = self.from.index.named(NameOf::Id, id)?;
        self.with_id_among(id, behind, candidates)
    }

    /// The same, where it is one that stands behind the index, or else one of these.
    pub(super) fn with_id_among(
        &mut self,
        id: &str,
        behind: Option<Seq>,
        candidates: Vec<Seq>,
    ) -> Result<Option<Stored>, Unread> {
        if let Some(seq) = behind {
            return self.from.stored(seq).map(Some);
        }
        let has_id = |event: &Option<Event>| event.as_ref().and_then(Event::own_id) == Some(id);
        let last = self.from.head_at_opening();
        for seq in candidates.into_iter().rev().filter(|seq| *seq <= last) {
            let stored = self.from.stored(seq)?;
            if has_id(&stored.recorded.event) {
                return Ok(Some(stored));
            }
        }
        Ok(None)
    }

    pub(super) fn named(&mut self, kind: NameOf, name: &str) -> Result<Option<Seq>, Unread> {
        if let Some(found) = self.names.get(&kind).and_then(|kept| kept.get(name)) {
            return Ok(*found);
        }
        let in_index = self.from.index.named(kind, name)?;
        let in_index = self.first_among(kind, name, in_index)?;
        let is_it = |item: &&Item| item.recorded.event.as_ref().and_then(NameOf::given_by) == Some((kind, name));
        let found = in_index.or_else(|| self.from.tail.iter().find(is_it).map(|item| item.recorded.seq));
        Ok(self.keep_name(kind, name, found))
    }

    /// Keeps what a name stands for.
    pub(super) fn keep_name(&mut self, kind: NameOf, name: &str, found: Option<Seq>) -> Option<Seq> {
        /// Names of which more are asked for than this are looked up again.
        const KEPT_MAX: usize = 1 << 15;
        let kept = self.names.entry(kind).or_default();
        if kept.len() == KEPT_MAX {
            kept.clear();
        }
        kept.insert(name.into(), found);
        found
    }

    /// The thing of these that was registered first by a name; of actors the last.
    pub(super) fn first_among(
        &mut self,
        kind: NameOf,
        name: &str,
        mut things: Vec<Seq>,
    ) -> Result<Option<Seq>, Unread> {
        if kind == NameOf::Actor {
            things.reverse();
        }
        for thing in things {
            if self.page(thing)?.iter().any(|(own, entry)| *own == thing && entry.registers(thing, name)) {
                return Ok(Some(thing));
            }
        }
        Ok(None)
    }

    /// The subject and attribute of any event.
    pub(super) fn about(&self, seq: Seq) -> Result<Option<(Seq, Seq)>, Unread> {
        if let Some(item) = self.from.in_tail(seq) {
            return Ok(Some(item.about));
        }
        Ok(self.from.index.row(seq)?.map(|row| row.about))
    }

    /// The group in which any event is kept.
    pub(super) fn group_with(&self, seq: Seq) -> Result<Option<(Seq, Seq)>, Unread> {
        if let Some(item) = self.from.in_tail(seq) {
            return Ok(Some(group_of(item.about)));
        }
        Ok(self.from.index.row(seq)?.map(|row| group_of_event(seq, row.kind, row.about)))
    }

    pub(super) fn joined_with(&self, thing: Seq, union: &Union) -> Vec<Seq> {
        let first = union.first(thing);
        let others = self.joined.iter().copied().filter(|other| *other != thing && union.first(*other) == first);
        std::iter::once(thing).chain(others).collect()
    }

    /// Reads groups, and those that belong to them.
    pub(super) fn groups(&mut self, mut wanted: Vec<(Seq, Seq)>) -> Result<(), Unread> {
        while let Some(about) = wanted.pop() {
            if !self.groups.insert(about) {
                continue;
            }
            let group = self.from.index.group(about)?;
            self.take_group(&group, about, &mut wanted)?;
            let tail =
                self.from.tail.iter().filter(|item| !describes_a_thing(item.kind) && group_of(item.about) == about);
            let tail: Vec<Item> = tail.cloned().collect();
            self.items.extend(tail.into_iter().map(|item| (item.recorded.seq, Box::new(item))));
        }
        self.groups_across()
    }

    /// Acts behind the index may join the groups of two keys.
    fn groups_across(&mut self) -> Result<(), Unread> {
        let mut wanted = Vec::new();
        for item in &self.from.tail {
            let own = group_of(item.about);
            for target in item.recorded.event.iter().flat_map(acted_upon) {
                let Some(other) = self.about(target)?.map(group_of).filter(|other| *other != own) else { continue };
                if self.groups.contains(&own) != self.groups.contains(&other) {
                    wanted.extend([own, other]);
                }
            }
        }
        wanted.retain(|about| !self.groups.contains(about));
        if wanted.is_empty() { Ok(()) } else { self.groups(wanted) }
    }

    /// Everything registered that the events so far speak of.
    pub(super) fn mentioned_things(&mut self) -> Result<(), Unread> {
        let mut mentioned: Vec<Seq> = self.things.iter().copied().collect();
        for item in self.items.values() {
            mentioned.push(item.recorded.actor);
            mentioned.extend([item.about.0, item.about.1]);
            if let Some(event) = &item.recorded.event {
                mentions(event, &mut mentioned);
            }
        }
        mentioned.sort_unstable();
        mentioned.dedup();
        let is_of_a_key = |item: &Item| !describes_a_thing(item.kind);
        mentioned.retain(|thing| !self.items.get(thing).is_some_and(|item| is_of_a_key(item)));
        while let Some(thing) = mentioned.pop() {
            if !self.things_read.insert(thing) {
                continue;
            }
            if self.joined.binary_search(&thing).is_ok() {
                mentioned.extend(self.joined_with(thing, &self.same));
                mentioned.extend(self.joined_with(thing, &self.linked));
            }
            for item in self.thing(thing)? {
                // The sides of a complement may be entities.
                if let Some(defined @ Event::AttributeDefined(_)) = &item.recorded.event {
                    mentions(defined, &mut mentioned);
                }
                self.items.insert(item.recorded.seq, item);
            }
        }
        Ok(())
    }

    /// The events of the index that describe a thing.
    #[expect(clippy::vec_box, reason = "they go on into boxes")]
    fn thing(&mut self, thing: Seq) -> Result<Vec<Box<Item>>, Unread> {
        let entries = self.page(thing)?.iter().filter(|(own, _)| *own == thing);
        entries.map(|(_, entry)| item(entry, about_of_thing(entry.kind, thing))).collect()
    }

    /// What describes a thing and those beside it. Pages are kept: what one question is about stands together.
    fn page(&mut self, thing: Seq) -> Result<&[(Seq, Entry<'static>)], Unread> {
        let page = page_of_thing(thing);
        if !self.pages.contains_key(&page) {
            let described = self.from.index.things_with(thing)?;
            self.keep_page(page, described);
        }
        Ok(self.pages.get(&page).map_or(&[], Vec::as_slice))
    }

    pub(super) fn keep_page(&mut self, page: u64, described: Vec<(Seq, Entry<'static>)>) {
        /// Pages of which more are asked for than this are read again.
        const KEPT_MAX: usize = 1 << 11;
        if self.pages.len() == KEPT_MAX {
            self.pages.clear();
        }
        self.pages.insert(page, described);
    }

    /// Takes in a group, and adds the keys of those that have to be read with it to `also`.
    pub(super) fn take_group(
        &mut self,
        group: &Group,
        about: (Seq, Seq),
        also: &mut Vec<(Seq, Seq)>,
    ) -> Result<(), Unread> {
        let about = if is_of_notes(about) { WORLD } else { about };
        for listed in group.iter() {
            match listed? {
                Listed::Event(entry) if self.with_texts && entry.kind.is_claim() && entry.brief.is_some() => {
                    let Entry { seq, kind, offset, .. } = entry;
                    self.unread.push(InLog { seq, kind, offset });
                    self.items.insert(seq, item(&Entry { brief: None, ..entry }, about)?);
                }
                Listed::Event(entry) => drop(self.items.insert(entry.seq, item(&entry, about)?)),
                Listed::Also(subject, attribute) => also.push((subject, attribute)),
            }
        }
        Ok(())
    }
}

pub(super) fn item(entry: &Entry<'_>, about: (Seq, Seq)) -> Result<Box<Item>, Unread> {
    let (kind, commit_last) = (entry.kind, entry.commit_last);
    Ok(Box::new(Item { recorded: recorded(entry)?, kind, commit_last, about, link: None }))
}

pub(super) fn recorded(entry: &Entry<'_>) -> Result<Recorded, Unread> {
    Ok(entry.recorded().map_err(|error| Unusable::Broken(error.to_string()))?)
}
