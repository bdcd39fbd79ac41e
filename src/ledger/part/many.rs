//! Looking up in the index what a thousand proposals need: each is at hand then when it is asked for. It is done by as many
//! threads as there are cores, for it is most of what recording them takes.

use std::collections::BTreeMap;
use std::hash::Hash;

use foldhash::HashMap;

use super::{Item, Part, Unread};
use crate::event::Event;
use crate::index::{NameOf, page_of_thing};
use crate::ledger::replay::Stored;
use crate::seq::Seq;
use crate::threads::with_parts;

impl Part {
    /// Finds what names stand for.
    pub(super) fn name_all(&mut self, names: &[(NameOf, &str)]) -> Result<(), Unread> {
        let is_at_hand = |kind, name| self.names.get(&kind).is_some_and(|kept| kept.contains_key(name));
        let wanted: Vec<_> = names.iter().copied().filter(|(kind, name)| !is_at_hand(*kind, *name)).collect();
        let found = look_up_all(&wanted, |(kind, name)| self.from.index.named(*kind, name))?;
        self.page_all(found.iter().flatten())?;
        let behind = last_of(self.from.tail.iter().rev(), &wanted, NameOf::given_by);
        for (((kind, name), candidates), behind) in wanted.into_iter().zip(found).zip(behind) {
            let found = self.first_among(kind, name, candidates)?;
            self.keep_name(kind, name, found.or(behind));
        }
        Ok(())
    }

    /// Reads the pages of things.
    fn page_all<'t>(&mut self, things: impl Iterator<Item = &'t Seq>) -> Result<(), Unread> {
        let pages: BTreeMap<u64, Seq> = things.map(|thing| (page_of_thing(*thing), *thing)).collect();
        let wanted: Vec<_> = pages.into_iter().filter(|(page, _)| !self.pages.contains_key(page)).collect();
        let read = look_up_all(&wanted, |(_, thing)| self.from.index.things_with(*thing))?;
        for ((page, _), described) in wanted.into_iter().zip(read) {
            self.keep_page(page, described);
        }
        Ok(())
    }

    /// Sketches keys.
    pub(super) fn sketch_all(&mut self, mut keys: Vec<(Seq, Seq)>) -> Result<(), Unread> {
        keys.sort_unstable();
        keys.dedup();
        let mut wanted = Vec::with_capacity(keys.len());
        for about in keys {
            wanted.extend(self.is_to_sketch(about)?.then_some(about));
        }
        let drawn = look_up_all(&wanted, |about| self.drawn(*about))?;
        for (about, sketch) in wanted.into_iter().zip(drawn) {
            self.keep_sketch(about, sketch);
        }
        Ok(())
    }

    /// The events that have these ids, but for those that a writer recorded since.
    pub(super) fn with_ids(&mut self, ids: &[&str]) -> Result<Vec<Stored>, Unread> {
        let found = look_up_all(ids, |id| self.from.index.named(NameOf::Id, id))?;
        let behind = last_of(self.from.tail.iter(), ids, Event::own_id);
        let all = ids.iter().zip(behind).zip(found);
        all.filter_map(|((id, behind), candidates)| self.with_id_among(id, behind, candidates).transpose()).collect()
    }
}

/// Of each the last event that says it; every event is looked at once.
fn last_of<'p, T: Copy + Eq + Hash>(
    items: impl Iterator<Item = &'p Item>,
    wanted: &[T],
    said: impl Fn(&'p Event) -> Option<T>,
) -> Vec<Option<Seq>> {
    let of_event = |item: &'p Item| Some((item.recorded.event.as_ref().and_then(&said)?, item.recorded.seq));
    let lasts: HashMap<T, Seq> = items.filter_map(of_event).collect();
    wanted.iter().map(|wanted| lasts.get(wanted).copied()).collect()
}

fn look_up_all<T: Sync, R: Send, E: Send>(all: &[T], look_up: impl Fn(&T) -> Result<R, E> + Sync) -> Result<Vec<R>, E> {
    /// As many are looked up sooner than a thread begins.
    const A_THREAD: usize = 64;
    let parts = with_parts(all, A_THREAD, |part| part.iter().map(&look_up).collect::<Result<Vec<_>, _>>());
    Ok(parts.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}
