//! From a draft to a run: what belongs together is brought together, and written in the order of the keys.

use std::io;
use std::thread;

use super::draft::{At, Draft, InDraft};
use super::entry;
use super::key::{Key, ROWS_PAGE};
use super::rows::{self, Row};
use super::run::RunWriter;
use super::sorted::{InGroup, Sorted, groups_of};
use super::store::Store;
use super::unusable::Unusable;
use super::values::Values;
use super::{Index, UpTo, cursor, names, subtrees};
use crate::codec::FactsDraft;
use crate::event::EventKind;
use crate::pack::Pack;
use crate::seq::Seq;
use crate::threads::with_parts_in_turn;

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
            (Sorted::of(&self, index), in_order.join())
        });
        let (sorted, in_order) = (sorted?, in_order.unwrap_or_else(|_| Err(ended()))?);
        let fill = |into: &mut RunWriter<'_>| {
            let facts = self.put_groups(&sorted, into)?;
            self.put_things(&sorted, into)?;
            names::put(&sorted.names, into)?;
            put_all(into, in_order)?;
            facts.iter().try_for_each(|facts| into.put_all(facts))
        };
        let bytes = up_to.as_ref().map_or_else(|| cursor::INSIDE.to_vec(), cursor::bytes_of);
        index.store.add(self.len(), &bytes, fill)?;
        index.up_to = up_to;
        Ok(())
    }

    /// Writes what belongs to each group, made by all cores; what the fold needs of their keys is for later.
    fn put_groups(&self, sorted: &Sorted, into: &mut RunWriter<'_>) -> io::Result<Vec<Values>> {
        let mut all_facts = Vec::new();
        with_parts_in_turn(
            &sorted.stretches(),
            |stretch| self.made(sorted, stretch),
            |made| {
                let (groups, facts) = made?;
                all_facts.push(facts);
                into.put_all(&groups)
            },
        )?;
        Ok(all_facts)
    }

    /// Some groups, and what the fold needs of their keys: both come from the same place in memory.
    fn made(&self, sorted: &Sorted, stretch: &[InGroup]) -> io::Result<(Values, Values)> {
        /// What is kept of an event, and what the fold needs of it, in bytes; most take less.
        const ROOM: (usize, usize) = (160, 64);
        let mut all = Values::with_room_for(stretch.len() * ROOM.0);
        let mut all_facts = Values::with_room_for(stretch.len() * ROOM.1);
        let (mut value, mut facts) = (Pack::default(), FactsDraft::default());
        for group in groups_of(stretch) {
            for InGroup { at, also, .. } in group {
                if let Some(other) = also.checked_sub(1).and_then(|place| sorted.alsos.get(place as usize)) {
                    entry::put_also(&mut value, *other);
                    facts.apart();
                    continue;
                }
                let (entry, own) = self.kept(*at).ok_or_else(no_commit)?;
                entry.put(&mut value);
                facts.commit(entry.commit_last, entry.at_micros);
                facts.add(own);
            }
            let Some(about) = group.first().map(|first| first.about) else { continue };
            all.push(Key::group(about), value.bytes());
            value.clear();
            if about.0.0 > 0 {
                all_facts.push(Key::facts(about), facts.bytes());
            }
            facts.clear();
        }
        Ok((all, all_facts))
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

    fn put_entry(&self, at: At, value: &mut Pack) -> io::Result<()> {
        let (entry, _) = self.kept(at).ok_or_else(no_commit)?;
        entry.put(value);
        Ok(())
    }

    /// What stands in the order of the events: rows, and roots of subtrees.
    fn in_order(&self, store: &Store) -> Result<Vec<(Key, Vec<u8>)>, Unusable> {
        let mut all = self.pages_of_rows(store)?;
        all.append(&mut subtrees::added(store, self.nodes())?);
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
        for InDraft { seq, kept, .. } in self.events() {
            if seq.0.is_multiple_of(ROWS_PAGE) && seq != self.first {
                pages.push((Key::rows_with(last), std::mem::take(&mut page).done()));
                offset_before = 0;
            }
            let row = self.moved(kept.row());
            rows::put(&mut page, &row, offset_before);
            (offset_before, last) = (row.offset, seq);
        }
        if !self.is_empty() {
            pages.push((Key::rows_with(last), page.done()));
        }
        Ok(pages)
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
