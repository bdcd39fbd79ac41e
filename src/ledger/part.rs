//! A part of a ledger: the events that a question needs, from the index and from what was appended behind it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::time::Duration;

use super::head::Head;
use super::open::Ledger;
use super::register::id_of;
use super::replay::{stored_of, unfinished};
use crate::codec;
use crate::event::{Event, EventKind, Recorded, Verdict};
use crate::index::{Entry, Group, Index, NameOf, Unusable};
use crate::log::{self, Fetch, Log};
use crate::projection::Union;
use crate::seq::Seq;
use crate::value::Value;

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
}

/// An event and the commit it came with.
#[derive(Clone, Debug)]
struct Item {
    recorded: Recorded,
    kind: EventKind,
    commit_last: Seq,
    about: (Seq, Seq),
}

/// An index with what was appended behind it.
pub(super) struct Indexed {
    index: Index,
    fetch: Fetch,
    tail: Vec<Item>,
    head: Head,
    unfinished: Option<String>,
}

/// Why the index could not be read.
#[derive(Debug)]
pub(super) enum Unread {
    Index(Unusable),
    /// The log itself cannot be read: a replay tells why.
    Log,
}

impl Indexed {
    /// Opens a ledger's index and reads what the log holds behind it.
    pub(super) fn open(dir: &Path) -> Result<Indexed, Unread> {
        let index = patiently(|| Index::open(dir))?;
        let up_to = index.up_to().ok_or(Unusable::Missing)?;
        let log = Log::open(dir)?;
        let mut scan = match log.commits_behind(Some(&up_to.known)) {
            Err(log::Error::NotThere) => return Err(not_of_this_log()),
            scan => scan?,
        };
        if scan.ledger() != up_to.ledger {
            return Err(not_of_this_log());
        }
        let mut tail = Vec::new();
        while let Some(mut commit) = scan.next_commit()? {
            let commit_last = Seq(commit.seal().head.size);
            while let Some(frame) = commit.next_frame()? {
                let stored = stored_of(&frame).map_err(|_| Unread::Log)?;
                if stored.kind == EventKind::PayloadErased {
                    return Err(Unusable::Broken("an event was erased since it was made".to_owned()).into());
                }
                let (recorded, kind, about) = (stored.recorded, stored.kind, stored.about);
                tail.push(Item { recorded, kind, commit_last, about });
            }
        }
        let known = scan.known().ok_or_else(not_of_this_log)?;
        let head = Head {
            origin: String::new(),
            size: known.cursor.head.size,
            hash: known.cursor.head.hash,
            root: known.edge.root(),
            recorded_at_micros: known.cursor.recorded_at,
        };
        let unfinished = unfinished(&scan.end()?);
        Ok(Indexed { fetch: log.fetch()?, index, tail, head, unfinished })
    }

    /// Reads a part into a ledger; `None` if what it is about is not there.
    pub(super) fn part(&mut self, dir: &Path, scope: Scope<'_>, with_texts: bool) -> Result<Option<Ledger>, Unread> {
        let mut part = Part::of_world(self)?;
        let found = match scope {
            Scope::Names => part.all_things().map(|()| true)?,
            Scope::Everything => part.everything().map(|()| true)?,
            Scope::Subject(subject) => part.of_subject(subject, None)?,
            Scope::Key(subject, attribute) => part.of_subject(subject, Some(attribute))?,
            Scope::Event(target) => part.of_event(target)?,
        };
        if !found {
            return Ok(None);
        }
        if !matches!(scope, Scope::Names | Scope::Everything) {
            part.mentioned_things()?;
        }
        let items = part.items;
        let items = if with_texts { self.with_texts(items)? } else { items };
        let (head, unfinished) = (self.head.clone(), self.unfinished.clone());
        let about_of = |item: Item| (item.recorded, item.about, item.commit_last);
        Ok(Some(Ledger::of_part(dir, head, unfinished, items.into_values().map(about_of))))
    }

    /// The claims among these with everything that the log has of them.
    fn with_texts(&mut self, mut items: BTreeMap<Seq, Item>) -> Result<BTreeMap<Seq, Item>, Unread> {
        for item in items.values_mut() {
            let is_claim = matches!(item.kind, EventKind::ClaimAsserted | EventKind::PeriodsAsserted);
            if is_claim && item.recorded.seq.0 <= self.index.size() && item.recorded.event.is_some() {
                item.recorded.event = self.event(item.recorded.seq)?.1;
            }
        }
        Ok(items)
    }

    /// An event as the log has it.
    fn event(&mut self, seq: Seq) -> Result<(EventKind, Option<Event>), Unread> {
        if let Some(item) = self.tail.iter().find(|item| item.recorded.seq == seq) {
            return Ok((item.kind, item.recorded.event.clone()));
        }
        let row = self.index.row(seq)?.ok_or_else(not_of_this_log)?;
        let fetched = match self.fetch.event(seq.0, row.offset) {
            Err(log::Error::NotThere) => return Err(not_of_this_log()),
            fetched => fetched?,
        };
        let event = fetched.payload.map(|payload| codec::decode(row.kind, &payload)).transpose();
        Ok((row.kind, event.map_err(|error| Unusable::Broken(error.to_string()))?))
    }
}

/// Another process that asks has the index for some milliseconds only.
fn patiently(open: impl Fn() -> Result<Index, Unusable>) -> Result<Index, Unusable> {
    const TRIES: u32 = 40;
    for _ in 0..TRIES {
        match open() {
            Err(Unusable::Locked) => std::thread::sleep(Duration::from_millis(5)),
            opened => return opened,
        }
    }
    open()
}

fn not_of_this_log() -> Unread {
    Unusable::Broken("it is not of this log".to_owned()).into()
}

/// A part being gathered.
struct Part<'i> {
    from: &'i mut Indexed,
    items: BTreeMap<Seq, Item>,
    groups: HashSet<(Seq, Seq)>,
    /// Entities ever judged the same, and sources ever linked, whatever came of it: all of them are read together.
    same: Union,
    linked: Union,
    joined: Vec<Seq>,
    things: BTreeSet<Seq>,
}

const WORLD: (Seq, Seq) = (Seq(0), Seq(0));

impl<'i> Part<'i> {
    /// What every question needs: judgements, links and what else is not about one key.
    fn of_world(from: &'i mut Indexed) -> Result<Part<'i>, Unread> {
        let mut part = Part {
            from,
            items: BTreeMap::new(),
            groups: HashSet::new(),
            same: Union::default(),
            linked: Union::default(),
            joined: Vec::new(),
            things: BTreeSet::new(),
        };
        part.groups(vec![WORLD])?;
        let things: Vec<Item> = part.from.tail.iter().filter(|item| thing_of(item).is_some()).cloned().collect();
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

    fn all_things(&mut self) -> Result<(), Unread> {
        let mut entries = Vec::new();
        self.from.index.things(&mut entries)?;
        self.take(entries, |_| WORLD)
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
        let size = self.from.head.size;
        let by_number = || Seq::parse(target).filter(|seq| seq.0 >= 1 && seq.0 <= size);
        let Some(seq) = self.with_id(target)?.or_else(by_number) else { return Ok(false) };
        let (_, event) = self.from.event(seq)?;
        let mut mentioned = vec![seq];
        event.iter().for_each(|event| mentions(event, &mut mentioned));
        let mut keys = Vec::new();
        for seq in mentioned {
            self.things.insert(seq);
            if let Some(about) = self.about(seq)? {
                self.things.extend([about.0, about.1].into_iter().filter(|thing| thing.0 > 0));
                keys.push(group_of(about));
            }
        }
        self.groups(keys)?;
        Ok(true)
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
            Event::EntityRegistered(entity) => kind == NameOf::Entity && *entity.key == *name,
            Event::AttributeDefined(defined) => kind == NameOf::Attribute && *defined.key == *name,
            _ => false,
        };
        let found = self.from.tail.iter().find(|item| item.recorded.event.as_ref().is_some_and(is_it));
        Ok(found.map(|item| item.recorded.seq))
    }

    /// The subject and attribute of any event.
    fn about(&self, seq: Seq) -> Result<Option<(Seq, Seq)>, Unread> {
        if let Some(item) = self.from.tail.iter().find(|item| item.recorded.seq == seq) {
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
            let tail = self.from.tail.iter().filter(|item| thing_of(item).is_none() && group_of(item.about) == about);
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
            item.recorded.event.iter().for_each(|event| mentions(event, &mut mentioned));
        }
        let mut read = HashSet::from([Seq(0)]);
        while let Some(thing) = mentioned.pop() {
            if !read.insert(thing) {
                continue;
            }
            mentioned.extend(self.joined_with(thing, &self.same));
            mentioned.extend(self.joined_with(thing, &self.linked));
            let mut entries = Vec::new();
            self.from.index.thing(thing, &mut entries)?;
            for entry in &entries {
                // The sides of a complement may be entities.
                if let Some(Event::AttributeDefined(_)) = &recorded(entry)?.event {
                    recorded(entry)?.event.iter().for_each(|event| mentions(event, &mut mentioned));
                }
            }
            self.take(entries, |_| WORLD)?;
        }
        Ok(())
    }

    fn take(&mut self, entries: Vec<Entry>, about: impl Fn(&Entry) -> (Seq, Seq)) -> Result<(), Unread> {
        for entry in entries {
            let item = Item {
                recorded: recorded(&entry)?,
                kind: entry.kind,
                commit_last: entry.commit_last,
                about: about(&entry),
            };
            self.items.insert(entry.seq, item);
        }
        Ok(())
    }
}

fn recorded(entry: &Entry) -> Result<Recorded, Unread> {
    Ok(entry.recorded().map_err(|error| Unusable::Broken(error.to_string()))?)
}

/// What is not about one key is kept as one group.
fn group_of(about: (Seq, Seq)) -> (Seq, Seq) {
    if about.0.0 == 0 || about.1.0 == 0 { WORLD } else { about }
}

/// Whether an event describes a thing.
fn thing_of(item: &Item) -> Option<()> {
    use EventKind as Kind;
    let describes = [
        Kind::ActorRegistered,
        Kind::AttributeDefined,
        Kind::EntityRegistered,
        Kind::EntityAliased,
        Kind::SourceRegistered,
        Kind::SourceRated,
    ];
    describes.contains(&item.kind).then_some(())
}

/// The things and events that an event names.
fn mentions(event: &Event, into: &mut Vec<Seq>) {
    let value = |value: &Value<Seq>| if let Value::Entity(entity) = value { Some(*entity) } else { None };
    match event {
        Event::ClaimAsserted(claim) => {
            let statement = &claim.statement;
            into.extend([statement.subject, statement.attribute]);
            into.extend(value(&statement.value));
            into.extend(claim.chain.iter().map(|link| link.who));
        }
        Event::AttributeDefined(defined) => {
            let sides = defined.complement.iter().flat_map(|(a, b)| [value(a), value(b)]);
            into.extend(sides.flatten());
        }
        Event::Disputed(act) | Event::Retracted(act) | Event::Approved(act) | Event::Corrected { act, .. } => {
            into.extend(act.by.into_iter().chain([act.target]));
        }
        Event::Assessed(assessment) => into.extend(assessment.act.by.into_iter().chain([assessment.act.target])),
        Event::EntitiesJudged(judged) => into.extend(&judged.entities),
        Event::SourceLinked { source, to, .. } => into.extend([*source, *to]),
        Event::SourceRated(rated) => into.push(rated.source),
        Event::EntityAliased { entity, .. } => into.push(*entity),
        Event::Noted { about: Some(about), .. } => into.push(*about),
        Event::PayloadErased { target, .. } => into.push(*target),
        _ => {}
    }
}

impl From<Unusable> for Unread {
    fn from(error: Unusable) -> Unread {
        Unread::Index(error)
    }
}

impl From<log::Error> for Unread {
    fn from(_: log::Error) -> Unread {
        Unread::Log
    }
}
