//! What the numbers of a ledger stand for, for lines and screens.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::sync::OnceLock;

use foldhash::HashSet;

use super::content::{ContentMap, ContentSet, TextContents};
use crate::catalogue::Catalogue;
use crate::exchange::Names;
use crate::seq::Seq;

/// The caller's ids of a ledger's events.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// The bytes of all of them, in the order of the events.
    bytes: Vec<u8>,
    /// The events, and where the id of each ends.
    ends: Vec<(Seq, usize)>,
    /// Those of them that came from other ledgers, to which their ids belong.
    elsewhere: HashSet<Seq>,
    /// Made when it is first asked for.
    by_id: OnceLock<ById>,
}

#[derive(Debug)]
struct ById {
    contents: TextContents,
    /// The first event with an id of this ledger, else with one of another ledger.
    seqs: ContentMap<Seq>,
    /// Ids of other ledgers that several events have.
    several: ContentSet,
}

impl Ids {
    /// Adds an id of an event behind all others.
    pub(super) fn insert(&mut self, id: &[u8], seq: Seq, is_from_elsewhere: bool) {
        self.bytes.extend_from_slice(id);
        self.ends.push((seq, self.bytes.len()));
        if is_from_elsewhere {
            self.elsewhere.insert(seq);
        }
        self.by_id.take();
    }

    /// The events that an id can mean: this ledger's own, else those of other ledgers.
    pub(super) fn named(&self, id: &str) -> Vec<Seq> {
        match self.first(id) {
            Some((_, true)) => self.both().filter(|(_, other)| *other == id).map(|(seq, _)| seq).collect(),
            found => found.into_iter().map(|(seq, _)| seq).collect(),
        }
    }

    /// The event that an id means, if it can mean no other.
    fn only(&self, id: &str) -> Option<Seq> {
        self.first(id).filter(|(_, has_others)| !has_others).map(|(seq, _)| seq)
    }

    /// The first event that an id can mean, and whether it can mean others.
    fn first(&self, id: &str) -> Option<(Seq, bool)> {
        let ById { contents, seqs, several } = self.by_id.get_or_init(|| self.found_by_id());
        let content = contents.of(id);
        let seq = *seqs.get(&content)?;
        Some((seq, self.elsewhere.contains(&seq) && several.contains(&content)))
    }

    fn found_by_id(&self) -> ById {
        let (contents, mut seqs, mut several) =
            (TextContents::default(), ContentMap::<Seq>::default(), ContentSet::default());
        for (seq, id) in self.both() {
            let content = contents.of(id);
            match seqs.entry(content) {
                Entry::Vacant(free) => drop(free.insert(seq)),
                Entry::Occupied(mut taken) if self.elsewhere.contains(taken.get()) => {
                    if self.elsewhere.contains(&seq) {
                        several.insert(content);
                    } else {
                        taken.insert(seq);
                    }
                }
                Entry::Occupied(_) => {}
            }
        }
        ById { contents, seqs, several }
    }

    pub(super) fn id(&self, seq: Seq) -> Option<&str> {
        let place = self.ends.binary_search_by_key(&seq, |(own, _)| *own).ok()?;
        self.at(place).map(|(_, id)| id)
    }

    /// The ids that begin so, in the order of their events.
    pub(super) fn beginning_with(&self, start: &str) -> Vec<(Seq, &str)> {
        self.both().filter(|(_, id)| id.starts_with(start)).collect()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.both().map(|(_, id)| id)
    }

    fn both(&self) -> impl Iterator<Item = (Seq, &str)> {
        (0..self.ends.len()).filter_map(|place| self.at(place))
    }

    fn at(&self, place: usize) -> Option<(Seq, &str)> {
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |(_, end)| *end);
        let (seq, end) = *self.ends.get(place)?;
        Some((seq, str::from_utf8(self.bytes.get(start..end)?).ok()?))
    }
}

/// Names of a ledger's numbers. What was erased is `erased-SEQ`, which can stand where a key does; what a damaged ledger
/// lacks, `#SEQ (missing)`; who is said to have recorded something and is no actor, `no-actor-SEQ`.
#[derive(Clone, Copy, Debug)]
pub struct LedgerNames<'l> {
    pub(super) catalogue: &'l Catalogue,
    pub(super) ids: &'l Ids,
}

impl<'l> LedgerNames<'l> {
    /// An event for a person: the caller's id; the key, if the event registered one; else the number.
    #[must_use]
    pub fn told(&self, target: Seq) -> String {
        let entity = self.catalogue.entity(target).map(|entity| &entity.key);
        let attribute = || self.catalogue.attribute(target).map(|attribute| &attribute.key);
        let source = || self.catalogue.source(target).map(|source| &source.key);
        let key = || entity.or_else(attribute).or_else(source);
        let unnamed = Some(target).filter(|target| self.ids.id(*target).is_none());
        unnamed.and_then(|_| key()).map_or_else(|| self.target(target), ToString::to_string)
    }

    fn known(&self, seq: Seq, key: Option<&'l str>) -> Cow<'l, str> {
        match key {
            Some(key) => Cow::Borrowed(key),
            None if self.catalogue.is_missing(seq) => Cow::Owned(self.catalogue.absent_text(seq)),
            None => Cow::Owned(format!("erased-{}", seq.0)),
        }
    }
}

impl Names for LedgerNames<'_> {
    fn entity(&self, entity: Seq) -> Cow<'_, str> {
        self.known(entity, self.catalogue.entity(entity).map(|entity| &*entity.key))
    }

    fn attribute(&self, attribute: Seq) -> Cow<'_, str> {
        self.known(attribute, self.catalogue.attribute(attribute).map(|attribute| &*attribute.key))
    }

    fn source(&self, source: Seq) -> Cow<'_, str> {
        self.known(source, self.catalogue.source(source).map(|source| &*source.key))
    }

    fn target(&self, target: Seq) -> String {
        // Two ledgers may have given one id to two events that are both here.
        if let Some(id) = self.ids.id(target).filter(|id| self.ids.only(id) == Some(target)) {
            return id.to_owned();
        }
        // A key names no event: an entity and a source may have the same one, and later events describe it anew.
        if self.catalogue.is_missing(target) { self.catalogue.absent_text(target) } else { target.to_string() }
    }

    fn actor(&self, actor: Seq) -> Cow<'_, str> {
        // The genesis is nobody's.
        let name = self.catalogue.actor(actor).or((actor.0 == 0).then_some("ledger"));
        if name.is_some() || self.catalogue.is_missing(actor) || self.catalogue.is_erased_actor(actor) {
            return self.known(actor, name);
        }
        Cow::Owned(format!("no-actor-{}", actor.0))
    }
}
