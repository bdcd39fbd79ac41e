//! From events to what the index keeps of them: gathered in memory, written as one batch.

use std::collections::{BTreeMap, HashMap};
use std::io;

use super::entry::{self, Entry};
use super::grouping::{acted_upon, group_of, group_of_event};
use super::key::{Key, ROWS_PAGE};
use super::rows::{self, Row};
use super::run::RunWriter;
use super::store::Store;
use super::unusable::Unusable;
use super::{Index, NameOf, UpTo, cursor, names, subtrees};
use crate::chain::Hash;
use crate::codec::FactsDraft;
use crate::event::{Event, EventKind};
use crate::pack::Pack;
use crate::seq::Seq;

/// An event on its way into the index.
#[derive(Debug)]
pub struct Seen<'e> {
    /// What is kept of it.
    pub entry: Entry<'e>,
    /// The event itself; `None` if it was erased, or is a claim.
    pub event: Option<&'e Event>,
    /// Of a claim, what the fold needs of it; `None` if it is of another key than the event.
    pub facts: Option<&'e [u8]>,
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
    groups: BTreeMap<Key, Pack>,
    facts: BTreeMap<Key, FactsDraft>,
    /// Of each page.
    things: BTreeMap<Key, Pack>,
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
            facts: BTreeMap::new(),
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
                let page = self.things.entry(Key::things_with(thing)).or_default();
                page.number(thing.0);
                seen.entry.put(page);
            }
            None => self.take_into_group(index, seen)?,
        }
        Ok(())
    }

    fn take_into_group(&mut self, index: &Index, seen: &Seen<'_>) -> Result<(), Unusable> {
        let about = group_of_event(seen.entry.seq, seen.entry.kind, seen.row.about);
        seen.entry.put(self.groups.entry(Key::group(about)).or_default());
        if about.0.0 > 0 {
            self.take_into_facts(about, seen);
        }
        // An act is kept with what it acts upon: where its key is another, the two groups are read together.
        for other in seen.event.into_iter().flat_map(acted_upon) {
            let Some(row) = self.row(index, other)? else { continue };
            let other = group_of(row.about);
            if other != about {
                entry::put_also(self.groups.entry(Key::group(about)).or_default(), other);
                entry::put_also(self.groups.entry(Key::group(other)).or_default(), about);
                for key in [about, other].into_iter().filter(|key| key.0.0 > 0) {
                    self.facts.entry(Key::facts(key)).or_default().apart();
                }
            }
        }
        Ok(())
    }

    fn take_into_facts(&mut self, about: (Seq, Seq), Seen { entry, event, facts, .. }: &Seen<'_>) {
        let draft = self.facts.entry(Key::facts(about)).or_default();
        draft.commit(entry.commit_last, entry.at_micros);
        match (event, facts) {
            _ if entry.brief.is_none() => draft.erased(entry.seq),
            (Some(event), _) => draft.event(entry.seq, event),
            (None, Some(facts)) => draft.claim(entry.seq, facts),
            (None, None) => draft.apart(),
        }
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
        let rows = self.pages_of_rows(&index.store)?;
        let subtrees = subtrees::added(&index.store, &self.leaves)?;
        let names = names::buckets(&self.names);
        let fill = |into: &mut RunWriter<'_>| -> io::Result<()> {
            put_all(into, self.groups.into_iter().map(|(key, pack)| (key, pack.done())))?;
            put_all(into, self.things.into_iter().map(|(key, pack)| (key, pack.done())))?;
            put_all(into, names)?;
            put_all(into, rows)?;
            put_all(into, subtrees)?;
            put_all(into, self.facts.into_iter().map(|(key, draft)| (key, draft.done())))
        };
        let bytes = up_to.as_ref().map_or_else(|| cursor::INSIDE.to_vec(), cursor::bytes_of);
        index.store.add(self.rows.len() as u64, &bytes, fill)?;
        index.up_to = up_to;
        Ok(())
    }

    /// The rows, with those of the store that are on the same page as the first.
    fn pages_of_rows(&self, store: &Store) -> Result<Vec<(Key, Vec<u8>)>, Unusable> {
        let nothing = Row { kind: EventKind::Genesis, offset: 0, about: (Seq(0), Seq(0)) };
        let (mut seq, mut rest, mut pages) = (self.first, self.rows.as_slice(), Vec::new());
        let mut before = Vec::new();
        store.get(Key::rows_with(seq), &mut before)?;
        while !rest.is_empty() {
            let (mut page, mut offset_before) = (Pack::default(), 0);
            if !before.is_empty() {
                let read = rows::read(&before).ok_or_else(|| Unusable::broken("a page of rows is not readable"))?;
                offset_before = read.last().map_or(0, |row| row.offset);
                page.raw(&before);
                before.clear();
            } else if seq.0 < ROWS_PAGE {
                rows::put(&mut page, &nothing, 0);
            }
            let room = usize::try_from(ROWS_PAGE - seq.0 % ROWS_PAGE).unwrap_or(usize::MAX);
            let (here, behind) = rest.split_at(room.min(rest.len()));
            for row in here {
                rows::put(&mut page, row, offset_before);
                offset_before = row.offset;
            }
            pages.push((Key::rows_with(seq), page.done()));
            (seq, rest) = (Seq(seq.0 + here.len() as u64), behind);
        }
        Ok(pages)
    }
}

fn put_all(into: &mut RunWriter<'_>, values: impl IntoIterator<Item = (Key, Vec<u8>)>) -> io::Result<()> {
    values.into_iter().try_for_each(|(key, value)| into.put(key, &value))
}
