//! A part of a ledger: the events that a question needs, from the index and from what was appended behind it.

mod indexed;
mod mentions;
mod proposals;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use super::open::Ledger;
use super::register::id_of;
use super::replay::Stored;
use crate::chain::Hash;
use crate::event::{Event, EventKind, Recorded, Verdict};
use crate::index::{Entry, Group, NameOf, Unusable};
use crate::projection::Union;
use crate::seq::Seq;
use indexed::Indexed;
pub(super) use indexed::Unread;
use mentions::{about_of_thing, describes_a_thing, group_of, mentions};

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
    commit_last: Seq,
    pub(super) about: (Seq, Seq),
    /// Its link, where it was read from the log.
    link: Option<Hash>,
}

/// A part being gathered.
#[derive(Debug)]
pub(super) struct Part {
    from: Indexed,
    items: BTreeMap<Seq, Item>,
    groups: HashSet<(Seq, Seq)>,
    /// Entities ever judged the same, and sources ever linked, whatever came of it: all of them are read together.
    same: Union,
    linked: Union,
    joined: Vec<Seq>,
    things: BTreeSet<Seq>,
    things_read: HashSet<Seq>,
    has_all_things: bool,
    /// What a writer was given before.
    given: HashSet<Seq>,
    /// The very events that were asked for.
    asked: Vec<Stored>,
}

const WORLD: (Seq, Seq) = (Seq(0), Seq(0));

impl Part {
    /// Opens a ledger's index to answer a question: `None` if what it is about is not there.
    pub(super) fn ledger(dir: &Path, scope: Scope<'_>, with_texts: bool) -> Result<Option<Ledger>, Unread> {
        let mut part = Part::of_world(Indexed::open(dir)?)?;
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
            Scope::Names | Scope::Everything => {}
            _ => part.mentioned_things()?,
        }
        if with_texts {
            part.read_texts()?;
        }
        let asked = matches!(scope, Scope::Event(_) | Scope::Events(..)).then_some(part.asked);
        let Indexed { head, unfinished, .. } = part.from;
        let events = part.items.into_values().map(|item| (item.recorded, item.about, item.commit_last));
        Ok(Some(Ledger::of_part(dir, head, unfinished, events).with_asked(asked)))
    }

    /// Reads of every claim all that the log has.
    fn read_texts(&mut self) -> Result<(), Unread> {
        for item in self.items.values_mut() {
            let is_claim = matches!(item.kind, EventKind::ClaimAsserted | EventKind::PeriodsAsserted);
            if is_claim && item.recorded.seq.0 <= self.from.index.size() && item.recorded.event.is_some() {
                item.recorded.event = self.from.event(item.recorded.seq)?.1;
            }
        }
        Ok(())
    }

    /// What every question needs: judgements, links and what else is not about one key.
    fn of_world(from: Indexed) -> Result<Part, Unread> {
        let mut part = Part {
            from,
            items: BTreeMap::new(),
            groups: HashSet::new(),
            same: Union::default(),
            linked: Union::default(),
            joined: Vec::new(),
            things: BTreeSet::new(),
            things_read: HashSet::from([Seq(0)]),
            has_all_things: false,
            given: HashSet::new(),
            asked: Vec::new(),
        };
        part.groups(vec![WORLD])?;
        part.described_again()?;
        let things: Vec<Item> = part.from.tail.iter().filter(|item| describes_a_thing(item.kind)).cloned().collect();
        part.items.extend(things.into_iter().map(|item| (item.recorded.seq, item)));
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
            let first = match &item.recorded.event {
                Some(Event::AttributeDefined(defined)) => self.from.index.first_named(NameOf::Attribute, &defined.key),
                Some(Event::EntityRegistered(entity)) => self.from.index.first_named(NameOf::Entity, &entity.key),
                Some(Event::SourceRegistered(source)) => self.from.index.first_named(NameOf::Source, &source.key),
                _ => continue,
            };
            self.things.extend(first?);
        }
        Ok(())
    }

    fn all_things(&mut self) -> Result<(), Unread> {
        if self.has_all_things {
            return Ok(());
        }
        let mut entries = Vec::new();
        self.from.index.things(&mut entries)?;
        for (thing, entry) in entries {
            self.take([entry], |kind| about_of_thing(kind, thing))?;
        }
        self.has_all_things = true;
        Ok(())
    }

    fn everything(&mut self) -> Result<(), Unread> {
        self.all_things()?;
        let mut all = Vec::new();
        self.from.index.groups(None, |about, group| all.push((about, group)))?;
        for (about, group) in all {
            self.take(group.entries, |_| about)?;
        }
        let tail: Vec<Item> = self.from.tail.clone();
        self.items.extend(tail.into_iter().map(|item| (item.recorded.seq, item)));
        Ok(())
    }

    /// What is claimed of a subject, or of one of its attributes; `false` if there is no such.
    fn of_subject(&mut self, subject: &str, attribute: Option<&str>) -> Result<bool, Unread> {
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
            self.from.index.groups(Some(subject), |about, _| keys.push(about))?;
            keys.extend(self.from.tail.iter().map(|item| item.about).filter(|about| about.0 == subject));
        }
        keys.retain(|about| group_of(*about) != WORLD);
        self.groups(keys)?;
        Ok(true)
    }

    /// One event, and the key it is about.
    fn of_event(&mut self, target: &str) -> Result<bool, Unread> {
        let Some(seq) = self.event_of(target)? else { return Ok(false) };
        self.of_events(seq, seq)?;
        Ok(true)
    }

    /// Some events, and the keys they are about.
    fn of_events(&mut self, first: Seq, last: Seq) -> Result<(), Unread> {
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
    fn event_of(&mut self, target: &str) -> Result<Option<Seq>, Unread> {
        let size = self.from.head.size;
        let by_number = || Seq::parse(target).filter(|seq| seq.0 >= 1 && seq.0 <= size);
        Ok(self.with_id(target)?.or_else(by_number))
    }

    fn event_and_its_key(&mut self, seq: Seq) -> Result<(), Unread> {
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
                keys.push(group_of(about));
            }
        }
        self.groups(keys)
    }

    /// The event with an id.
    fn with_id(&mut self, id: &str) -> Result<Option<Seq>, Unread> {
        let has_id = |event: &Option<Event>| event.as_ref().and_then(id_of) == Some(id);
        if let Some(item) = self.from.tail.iter().rev().find(|item| has_id(&item.recorded.event)) {
            return Ok(Some(item.recorded.seq));
        }
        for seq in self.from.index.named(NameOf::Id, id)?.into_iter().rev() {
            if has_id(&self.from.event(seq)?.1) {
                return Ok(Some(seq));
            }
        }
        Ok(None)
    }

    fn named(&self, kind: NameOf, name: &str) -> Result<Option<Seq>, Unread> {
        if let Some(seq) = self.from.index.first_named(kind, name)? {
            return Ok(Some(seq));
        }
        let is_it = |event: &Event| match event {
            Event::ActorRegistered { name: own } => kind == NameOf::Actor && **own == *name,
            Event::EntityRegistered(entity) => kind == NameOf::Entity && *entity.key == *name,
            Event::AttributeDefined(defined) => kind == NameOf::Attribute && *defined.key == *name,
            Event::SourceRegistered(source) => kind == NameOf::Source && *source.key == *name,
            _ => false,
        };
        let found = self.from.tail.iter().find(|item| item.recorded.event.as_ref().is_some_and(is_it));
        Ok(found.map(|item| item.recorded.seq))
    }

    /// The subject and attribute of any event.
    fn about(&self, seq: Seq) -> Result<Option<(Seq, Seq)>, Unread> {
        if let Some(item) = self.from.in_tail(seq) {
            return Ok(Some(item.about));
        }
        Ok(self.from.index.row(seq)?.map(|row| row.about))
    }

    fn joined_with(&self, thing: Seq, union: &Union) -> Vec<Seq> {
        let first = union.first(thing);
        let others = self.joined.iter().copied().filter(|other| *other != thing && union.first(*other) == first);
        std::iter::once(thing).chain(others).collect()
    }

    /// Reads groups, and those that belong to them.
    fn groups(&mut self, mut wanted: Vec<(Seq, Seq)>) -> Result<(), Unread> {
        while let Some(about) = wanted.pop() {
            if !self.groups.insert(about) {
                continue;
            }
            let mut group = Group::default();
            self.from.index.group(about, &mut group)?;
            wanted.append(&mut group.also);
            self.take(group.entries, |_| about)?;
            let tail =
                self.from.tail.iter().filter(|item| !describes_a_thing(item.kind) && group_of(item.about) == about);
            let tail: Vec<Item> = tail.cloned().collect();
            self.items.extend(tail.into_iter().map(|item| (item.recorded.seq, item)));
        }
        self.groups_across()
    }

    /// Acts behind the index may join the groups of two keys.
    fn groups_across(&mut self) -> Result<(), Unread> {
        let mut wanted = Vec::new();
        for item in &self.from.tail {
            let mut targets = Vec::new();
            match &item.recorded.event {
                Some(Event::Corrected { act, successor }) => targets.extend([act.target, *successor]),
                Some(Event::Disputed(act) | Event::Retracted(act)) => targets.push(act.target),
                Some(Event::Assessed(assessment)) => targets.push(assessment.act.target),
                _ => {}
            }
            let own = group_of(item.about);
            for target in targets {
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
    fn mentioned_things(&mut self) -> Result<(), Unread> {
        let mut mentioned: Vec<Seq> = self.things.iter().copied().collect();
        for item in self.items.values() {
            mentioned.push(item.recorded.actor);
            mentioned.extend([item.about.0, item.about.1]);
            if let Some(event) = &item.recorded.event {
                mentions(event, &mut mentioned);
            }
        }
        while let Some(thing) = mentioned.pop() {
            if !self.things_read.insert(thing) {
                continue;
            }
            mentioned.extend(self.joined_with(thing, &self.same));
            mentioned.extend(self.joined_with(thing, &self.linked));
            let mut entries = Vec::new();
            self.from.index.thing(thing, &mut entries)?;
            for entry in &entries {
                // The sides of a complement may be entities.
                if let Some(defined @ Event::AttributeDefined(_)) = &recorded(entry)?.event {
                    mentions(defined, &mut mentioned);
                }
            }
            self.take(entries, |kind| about_of_thing(kind, thing))?;
        }
        Ok(())
    }

    fn take(
        &mut self,
        entries: impl IntoIterator<Item = Entry>,
        about: impl Fn(EventKind) -> (Seq, Seq),
    ) -> Result<(), Unread> {
        for entry in entries {
            let item = Item {
                recorded: recorded(&entry)?,
                kind: entry.kind,
                commit_last: entry.commit_last,
                about: about(entry.kind),
                link: None,
            };
            self.items.insert(entry.seq, item);
        }
        Ok(())
    }
}

fn recorded(entry: &Entry) -> Result<Recorded, Unread> {
    Ok(entry.recorded().map_err(|error| Unusable::Broken(error.to_string()))?)
}
