//! From events to what the index keeps of them: gathered in memory, written as one batch.

use std::collections::{BTreeMap, HashMap};

use super::entry::{self, Entry};
use super::grouping::{acted_upon, group_of};
use super::pack::{Pack, Unpack};
use super::read::{group_key, thing_page, things_of_page};
use super::rows::{self, Row};
use super::store::{CURSOR, Changes, Unusable};
use super::{INSIDE, Index, NameOf, UpTo, blocks, cursor_bytes, subtrees};
use crate::chain::Hash;
use crate::event::{Event, EventKind};
use crate::seq::Seq;

/// An event on its way into the index.
#[derive(Debug)]
pub struct Seen<'e> {
    /// What is kept of it.
    pub entry: Entry,
    /// The event itself; `None` if it was erased.
    pub event: Option<&'e Event>,
    /// The caller's id of it.
    pub id: Option<&'e str>,
    /// Its row.
    pub row: Row,
    /// Its leaf in the tree.
    pub leaf: Hash,
}

/// Events gathered for one batch.
#[derive(Debug)]
pub struct Draft {
    first: Seq,
    rows: Vec<Row>,
    leaves: Vec<Hash>,
    groups: BTreeMap<(Seq, Seq), Pack>,
    /// Of each page.
    things: BTreeMap<u64, Pack>,
    names: Vec<(u64, Seq)>,
    /// Names first used in this draft.
    firsts: HashMap<(NameOf, Box<str>), Seq>,
}

impl Draft {
    /// A draft for the events that follow on what an index holds.
    #[must_use]
    pub fn behind(index: &Index) -> Draft {
        Draft {
            first: Seq(index.size() + 1),
            rows: Vec::new(),
            leaves: Vec::new(),
            groups: BTreeMap::new(),
            things: BTreeMap::new(),
            names: Vec::new(),
            firsts: HashMap::new(),
        }
    }

    /// How many events it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes in the next event.
    ///
    /// # Errors
    /// [`Unusable`] if what the index has of earlier events cannot be read.
    pub fn take(&mut self, index: &Index, seen: &Seen<'_>) -> Result<(), Unusable> {
        let seq = seen.entry.seq;
        self.rows.push(seen.row);
        self.leaves.push(seen.leaf);
        if let Some(id) = seen.id {
            self.names.push((NameOf::Id.bits(id), seq));
        }
        let thing = match seen.event {
            Some(Event::ActorRegistered { name }) => {
                // Of two actors of one name the later counts.
                self.names.push((NameOf::Actor.bits(name), seq));
                Some(seq)
            }
            Some(Event::AttributeDefined(defined)) => {
                Some(self.first_of(index, NameOf::Attribute, &defined.key, seq)?)
            }
            Some(Event::EntityRegistered(entity)) => Some(self.first_of(index, NameOf::Entity, &entity.key, seq)?),
            Some(Event::SourceRegistered(source)) => Some(self.first_of(index, NameOf::Source, &source.key, seq)?),
            Some(Event::EntityAliased { entity, .. }) => Some(*entity),
            Some(Event::SourceRated(rated)) => Some(rated.source),
            Some(Event::EvidenceAdded(evidence)) => {
                self.first_of(index, NameOf::Evidence, &evidence.digest, seq)?;
                return Ok(());
            }
            Some(Event::PayloadErased { .. }) => return Ok(()),
            _ => None,
        };
        match thing {
            Some(thing) => {
                let page = self.things.entry(thing_page(thing)).or_default();
                page.number(thing.0);
                seen.entry.put(page);
            }
            None => self.take_into_group(index, seen)?,
        }
        Ok(())
    }

    fn take_into_group(&mut self, index: &Index, seen: &Seen<'_>) -> Result<(), Unusable> {
        let about = group_of(seen.row.about);
        seen.entry.put(self.groups.entry(about).or_default());
        // An act is kept with what it acts upon: where its key is another, the two groups are read together.
        for other in seen.event.into_iter().flat_map(acted_upon) {
            let Some(row) = self.row(index, other)? else { continue };
            let other = group_of(row.about);
            if other != about {
                entry::put_also(self.groups.entry(about).or_default(), other);
                entry::put_also(self.groups.entry(other).or_default(), about);
            }
        }
        Ok(())
    }

    fn row(&self, index: &Index, seq: Seq) -> Result<Option<Row>, Unusable> {
        match seq.0.checked_sub(self.first.0) {
            Some(place) => Ok(usize::try_from(place).ok().and_then(|place| self.rows.get(place)).copied()),
            None => index.row(seq),
        }
    }

    /// The first event of a name, which may be this one.
    fn first_of(&mut self, index: &Index, kind: NameOf, name: &str, seq: Seq) -> Result<Seq, Unusable> {
        if let Some(first) = self.firsts.get(&(kind, name.into())) {
            return Ok(*first);
        }
        let before = if index.size() == 0 { None } else { index.first_named(kind, name)? };
        if before.is_none() {
            self.names.push((kind.bits(name), seq));
        }
        let first = before.unwrap_or(seq);
        self.firsts.insert((kind, name.into()), first);
        Ok(first)
    }

    /// Puts everything into the index, which then reaches up to there; `None` where that is inside a commit.
    ///
    /// # Errors
    /// [`Unusable`]; the index holds all of the draft or nothing of it.
    pub fn put_into(self, index: &mut Index, up_to: Option<UpTo>) -> Result<(), Unusable> {
        let size = index.size + self.rows.len() as u64;
        let mut changes = Changes::default();
        self.put_rows(index, &mut changes)?;
        subtrees::add(&index.store, &mut changes, index.size, &self.leaves)?;
        for (page, new) in self.things {
            let key = things_of_page(page);
            let mut whole = Pack::default();
            if let Some(before) = index.store.get(&key)? {
                whole.raw(&before);
            }
            whole.raw(&new.done());
            changes.put(&key, whole.done());
        }
        for (about, new) in self.groups {
            put_group(index, &mut changes, about, &new.done())?;
        }
        blocks::add(&index.store, &mut changes, self.names)?;
        changes.put(&[CURSOR], up_to.as_ref().map_or_else(|| INSIDE.to_vec(), cursor_bytes));
        index.store.apply(changes)?;
        (index.up_to, index.size) = (up_to, size);
        Ok(())
    }

    fn put_rows(&self, index: &Index, changes: &mut Changes) -> Result<(), Unusable> {
        let nothing = Row { kind: EventKind::Genesis, offset: 0, about: (Seq(0), Seq(0)) };
        let mut seq = self.first;
        let mut rest = self.rows.as_slice();
        while !rest.is_empty() {
            let (key, mut page, mut offset_before) = (rows::page_key(seq), Pack::default(), 0);
            if let Some(before) = index.store.get(&key)? {
                let read = rows::read(&before).ok_or_else(|| Unusable::broken("a page of rows is not readable"))?;
                offset_before = read.last().map_or(0, |row| row.offset);
                page.raw(&before);
            } else if seq.0 < rows::PAGE {
                rows::put(&mut page, &nothing, 0);
            }
            let room = usize::try_from(rows::PAGE - seq.0 % rows::PAGE).unwrap_or(usize::MAX);
            let (here, behind) = rest.split_at(room.min(rest.len()));
            for row in here {
                rows::put(&mut page, row, offset_before);
                offset_before = row.offset;
            }
            changes.put(&key, page.done());
            (seq, rest) = (Seq(seq.0 + here.len() as u64), behind);
        }
        Ok(())
    }
}

/// A chunk of a group that is longer than this, in bytes, is closed, and another begun.
const CHUNK_LEN: usize = 8 << 10;

/// Adds to a group's open chunk; if it becomes too long it is closed, under a number of its own.
fn put_group(index: &Index, changes: &mut Changes, about: (Seq, Seq), new: &[u8]) -> Result<(), Unusable> {
    let open = group_key(about, u64::MAX);
    let mut whole = Pack::default();
    let mut closed = 0;
    if let Some(before) = index.store.get(&open)? {
        let mut unpack = Unpack(&before);
        closed = unpack.number().ok_or_else(|| Unusable::broken("a chunk is not readable"))?;
        whole.raw(unpack.0);
    }
    whole.raw(new);
    let mut bytes = whole.done();
    if bytes.len() > CHUNK_LEN {
        changes.put(&group_key(about, closed), bytes);
        (closed, bytes) = (closed + 1, Vec::new());
    }
    let mut chunk = Pack::default();
    chunk.number(closed).raw(&bytes);
    changes.put(&open, chunk.done());
    Ok(())
}
