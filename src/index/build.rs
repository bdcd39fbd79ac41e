//! From a draft to a run: what belongs together is brought together, and written in the order of the keys.

use std::collections::HashMap;
use std::io;
use std::thread;

use super::draft::{At, Belongs, Draft, Seen};
use super::entry;
use super::grouping::{group_of, group_of_event};
use super::key::{Key, ROWS_PAGE};
use super::rows::{self, Row};
use super::run::RunWriter;
use super::store::Store;
use super::unusable::Unusable;
use super::{Index, NameOf, UpTo, cursor, names, subtrees};
use crate::codec::FactsDraft;
use crate::event::EventKind;
use crate::pack::Pack;
use crate::seq::Seq;

impl Draft {
    /// Puts everything into the index, which ends just before it and then reaches up to there; `None` where that is inside a
    /// commit.
    ///
    /// # Errors
    /// [`Unusable`]; the index holds all of the draft or nothing of it.
    pub fn put_into(self, index: &mut Index, up_to: Option<UpTo>) -> Result<(), Unusable> {
        if self.first.0 != index.size() + 1 {
            return Err(Unusable::broken("it ends elsewhere than where the events begin"));
        }
        let store = &index.store;
        let (sorted, in_order) = thread::scope(|scope| {
            let in_order = scope.spawn(|| self.in_order(store));
            let sorting = Sorting { draft: &self, index, firsts: HashMap::new(), sorted: Sorted::default() };
            (sorting.sort(), in_order.join())
        });
        let (sorted, in_order) = (sorted?, in_order.unwrap_or_else(|_| Err(ended()))?);
        let fill = |into: &mut RunWriter<'_>| {
            thread::scope(|scope| {
                let facts = scope.spawn(|| self.facts(&sorted));
                self.put_groups(&sorted, into)?;
                self.put_things(&sorted, into)?;
                names::put(&sorted.names, into)?;
                put_all(into, in_order)?;
                put_all(into, facts.join().unwrap_or_else(|_| Err(io::Error::other(ended())))?)
            })
        };
        let bytes = up_to.as_ref().map_or_else(|| cursor::INSIDE.to_vec(), cursor::bytes_of);
        index.store.add(self.len(), &bytes, fill)?;
        index.up_to = up_to;
        Ok(())
    }

    fn put_groups(&self, sorted: &Sorted, into: &mut RunWriter<'_>) -> io::Result<()> {
        let mut value = Pack::default();
        for group in sorted.groups.chunk_by(|a, b| a.key == b.key) {
            for InGroup { at, also, .. } in group {
                match also.checked_sub(1).and_then(|place| sorted.alsos.get(place as usize)) {
                    None => self.put_entry(*at, &mut value)?,
                    Some(other) => entry::put_also(&mut value, *other),
                }
            }
            put_one(into, group.first().map(|first| first.key), &mut value)?;
        }
        Ok(())
    }

    fn put_things(&self, sorted: &Sorted, into: &mut RunWriter<'_>) -> io::Result<()> {
        let mut value = Pack::default();
        for page in sorted.things.chunk_by(|a, b| a.0 == b.0) {
            for (_, at, thing) in page {
                value.number(thing.0);
                self.put_entry(*at, &mut value)?;
            }
            put_one(into, page.first().map(|(key, ..)| *key), &mut value)?;
        }
        Ok(())
    }

    /// What the fold needs of every key.
    fn facts(&self, sorted: &Sorted) -> io::Result<Vec<(Key, Vec<u8>)>> {
        let mut all = Vec::new();
        for group in sorted.groups.chunk_by(|a, b| a.key == b.key) {
            let Some(about) = group.first().map(|first| first.key.about()).filter(|about| about.0.0 > 0) else {
                continue;
            };
            let mut facts = FactsDraft::default();
            for InGroup { at, also, .. } in group {
                if *also > 0 {
                    facts.apart();
                    continue;
                }
                let (entry, own) = self.kept(*at).ok_or_else(no_commit)?;
                facts.commit(entry.commit_last, entry.at_micros);
                facts.add(own);
            }
            all.push((Key::facts(about), facts.done()));
        }
        Ok(all)
    }

    fn put_entry(&self, at: At, value: &mut Pack) -> io::Result<()> {
        let (entry, _) = self.kept(at).ok_or_else(no_commit)?;
        entry.put(value);
        Ok(())
    }

    /// What stands in the order of the events: rows, and roots of subtrees.
    fn in_order(&self, store: &Store) -> Result<Vec<(Key, Vec<u8>)>, Unusable> {
        let mut all = self.pages_of_rows(store)?;
        all.append(&mut subtrees::added(store, self.leaves())?);
        Ok(all)
    }

    /// The rows, with those of the store that are on the same page as the first.
    fn pages_of_rows(&self, store: &Store) -> Result<Vec<(Key, Vec<u8>)>, Unusable> {
        let (mut page, mut offset_before, mut pages) = (Pack::default(), 0, Vec::new());
        let mut before = Vec::new();
        store.get(Key::rows_with(self.first), &mut before)?;
        if !before.is_empty() {
            let read = rows::read(&before).ok_or_else(|| Unusable::broken("a page of rows is not readable"))?;
            offset_before = read.last().map_or(0, |row| row.offset);
            page.raw(&before);
        } else if self.first.0 < ROWS_PAGE {
            rows::put(&mut page, &Row { kind: EventKind::Genesis, offset: 0, about: (Seq(0), Seq(0)) }, 0);
        }
        let mut last = self.first;
        for (_, seq, seen) in self.events() {
            if seq.0.is_multiple_of(ROWS_PAGE) && seq != self.first {
                pages.push((Key::rows_with(last), std::mem::take(&mut page).done()));
                offset_before = 0;
            }
            let row = self.moved(seen.row);
            rows::put(&mut page, &row, offset_before);
            (offset_before, last) = (row.offset, seq);
        }
        if !self.is_empty() {
            pages.push((Key::rows_with(last), page.done()));
        }
        Ok(pages)
    }
}

/// An event of a group, or a mark behind it that another group belongs to this one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct InGroup {
    key: Key,
    at: At,
    /// 0: the event; else one more than the place of that other.
    also: u32,
}

/// What a run holds, in the order in which it is written.
#[derive(Default)]
struct Sorted {
    groups: Vec<InGroup>,
    alsos: Vec<(Seq, Seq)>,
    /// Of each page.
    things: Vec<(Key, At, Seq)>,
    names: Vec<(u64, Seq)>,
}

struct Sorting<'d> {
    draft: &'d Draft,
    index: &'d Index,
    /// Names first used in this draft.
    firsts: HashMap<(NameOf, &'d str), Seq>,
    sorted: Sorted,
}

impl<'d> Sorting<'d> {
    fn sort(mut self) -> Result<Sorted, Unusable> {
        self.sorted.groups.reserve(usize::try_from(self.draft.len()).unwrap_or(0));
        for (at, seq, seen) in self.draft.events() {
            self.take(at, seq, seen)?;
        }
        self.sorted.groups.sort_unstable();
        self.sorted.things.sort_unstable();
        names::sort(&mut self.sorted.names);
        Ok(self.sorted)
    }

    fn take(&mut self, at: At, seq: Seq, seen: &'d Seen) -> Result<(), Unusable> {
        if let Some(bits) = seen.id {
            self.sorted.names.push((bits, seq));
        }
        let thing = match &seen.belongs {
            Belongs::ToKey => return self.take_into_group(at, seq, seen, [None; 2]),
            Belongs::ToKeyOf(first, second) => {
                return self.take_into_group(at, seq, seen, [Some(*first), *second]);
            }
            Belongs::ToThing(thing) => *thing,
            // Of two actors of one name the later counts.
            Belongs::ToName(NameOf::Actor, name) => {
                self.sorted.names.push((NameOf::Actor.bits(name), seq));
                seq
            }
            Belongs::ToName(kind, name) => self.first_of(*kind, name, seq)?,
            Belongs::Erases(_) => return Ok(()),
        };
        if !matches!(seen.belongs, Belongs::ToName(NameOf::Evidence, _)) {
            self.sorted.things.push((Key::things_with(thing), at, thing));
        }
        Ok(())
    }

    fn take_into_group(&mut self, at: At, seq: Seq, seen: &Seen, acted_upon: [Option<Seq>; 2]) -> Result<(), Unusable> {
        let about = group_of_event(seq, seen.row.kind, seen.row.about);
        self.sorted.groups.push(InGroup { key: Key::group(about), at, also: 0 });
        // An act is kept with what it acts upon: where its key is another, the two groups are read together.
        for other in acted_upon.into_iter().flatten().filter(|other| *other < seq) {
            let row = if other < self.draft.first { self.index.row(other)? } else { self.draft.row(other) };
            let Some(row) = row else { continue };
            let other = group_of(row.about);
            if other != about {
                self.also(about, at, other);
                self.also(other, at, about);
            }
        }
        Ok(())
    }

    fn also(&mut self, group: (Seq, Seq), at: At, other: (Seq, Seq)) {
        self.sorted.alsos.push(other);
        let also = u32::try_from(self.sorted.alsos.len()).unwrap_or(u32::MAX);
        self.sorted.groups.push(InGroup { key: Key::group(group), at, also });
    }

    /// The first event of a name, which may be this one.
    fn first_of(&mut self, kind: NameOf, name: &'d str, seq: Seq) -> Result<Seq, Unusable> {
        if let Some(first) = self.firsts.get(&(kind, name)) {
            return Ok(*first);
        }
        let before = if self.index.size() == 0 { None } else { self.index.first_named(kind, name)? };
        if before.is_none() {
            self.sorted.names.push((kind.bits(name), seq));
        }
        let first = before.unwrap_or(seq);
        self.firsts.insert((kind, name), first);
        Ok(first)
    }
}

fn ended() -> Unusable {
    Unusable::broken("a thread ended")
}

fn no_commit() -> io::Error {
    io::Error::other("an event has no commit")
}

fn put_one(into: &mut RunWriter<'_>, key: Option<Key>, value: &mut Pack) -> io::Result<()> {
    key.map_or(Ok(()), |key| into.put(key, value.bytes()))?;
    value.clear();
    Ok(())
}

fn put_all(into: &mut RunWriter<'_>, values: impl IntoIterator<Item = (Key, Vec<u8>)>) -> io::Result<()> {
    values.into_iter().try_for_each(|(key, value)| into.put(key, &value))
}
