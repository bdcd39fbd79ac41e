//! Events on their way into the index, gathered in memory in the order of the log. Threads make batches of them; what the
//! index holds already is asked for only when all are put in.

use super::NameOf;
use super::entry::Entry;
use super::grouping::acted_upon;
use super::rows::Row;
use crate::chain::Hash;
use crate::event::Event;
use crate::seq::Seq;

/// What is known of an event but its payload.
#[derive(Debug)]
pub struct Seen {
    /// Its row. A place may be counted from where its commit begins ([`Draft::begins_at`]).
    pub row: Row,
    /// When it was recorded, in microseconds since 1970.
    pub at_micros: i64,
    /// Who entered it.
    pub actor: Seq,
    /// Its leaf in the tree.
    pub leaf: Hash,
    /// The bits by which it is found by the caller's id ([`NameOf::bits`]).
    pub id: Option<u64>,
    /// Where it is kept.
    pub belongs: Belongs,
}

/// Where an event is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// With the key it is about.
    ToKey,
    /// The same; the groups of these events, the second of which may be none, are read with it.
    ToKeyOf(Seq, Option<Seq>),
    /// With what describes the thing that an event registered.
    ToThing(Seq),
    /// With what describes the first of this name, which may be this one; a captured copy is only named.
    ToName(NameOf, Box<str>),
    /// Nowhere: it erases this event.
    Erases(Seq),
}

impl Belongs {
    /// Where an event is kept that was not erased.
    #[must_use]
    pub fn of(event: &Event) -> Belongs {
        let named = |kind, name: &str| Belongs::ToName(kind, name.into());
        match event {
            Event::ActorRegistered { name } => named(NameOf::Actor, name),
            Event::AttributeDefined(defined) => named(NameOf::Attribute, &defined.key),
            Event::EntityRegistered(entity) => named(NameOf::Entity, &entity.key),
            Event::SourceRegistered(source) => named(NameOf::Source, &source.key),
            Event::EvidenceAdded(evidence) => named(NameOf::Evidence, &evidence.digest),
            Event::EntityAliased { entity, .. } => Belongs::ToThing(*entity),
            Event::SourceRated(rated) => Belongs::ToThing(rated.source),
            Event::PayloadErased { target, .. } => Belongs::Erases(*target),
            other => {
                let mut others = acted_upon(other);
                others.next().map_or(Belongs::ToKey, |first| Belongs::ToKeyOf(first, others.next()))
            }
        }
    }
}

/// Some events in a row.
#[derive(Debug, Default)]
pub struct Batch {
    events: Vec<Kept>,
    /// What is kept of the payload of each, and what the fold needs of it.
    bytes: Vec<u8>,
    /// Roots of subtrees of the tree that end with one of the events, with that one's place.
    roots: Vec<(usize, Hash)>,
}

/// An event, and where in its batch that ends which is kept of it; it begins where that of the one before ends.
#[derive(Debug)]
struct Kept {
    seen: Seen,
    is_erased: bool,
    brief_end: usize,
    facts_end: usize,
}

impl Batch {
    /// An empty batch with room for so many events.
    #[must_use]
    pub fn with_room_for(events: usize) -> Batch {
        /// What is kept of an event is mostly shorter.
        const KEPT_LEN: usize = 160;
        let (events, bytes) = (Vec::with_capacity(events), Vec::with_capacity(events * KEPT_LEN));
        Batch { events, bytes, roots: Vec::new() }
    }

    /// Takes no more room than it needs, to be held for long.
    pub fn shrink(&mut self) {
        self.events.shrink_to_fit();
        self.bytes = self.bytes.as_slice().to_vec();
    }

    /// Takes those out that stand from this place on.
    #[must_use]
    pub fn split_off(&mut self, place: usize) -> Batch {
        let place = place.min(self.events.len());
        let begin = place.checked_sub(1).and_then(|place| self.events.get(place)).map_or(0, |before| before.facts_end);
        let mut events = self.events.split_off(place);
        for kept in &mut events {
            kept.brief_end -= begin;
            kept.facts_end -= begin;
        }
        let roots = self.roots.split_off(self.roots.partition_point(|(ends, _)| *ends < place));
        let roots = roots.into_iter().map(|(ends, root)| (ends - place, root)).collect();
        Batch { events, bytes: self.bytes.split_off(begin), roots }
    }

    /// Says that the last event ends a subtree of [`SUBTREE_LEAVES`](super::SUBTREE_LEAVES), which has this root.
    pub fn ends_subtree(&mut self, root: Hash) {
        self.roots.extend(self.events.len().checked_sub(1).map(|place| (place, root)));
    }

    /// How many events it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Adds an event, with what is kept of its payload ([`codec::Brief`](crate::codec::Brief)), `None` if it was erased, and what a
    /// [`FactsDraft`](crate::codec::FactsDraft) has of it.
    pub fn push(&mut self, seen: Seen, brief: Option<&[u8]>, facts: &[u8]) {
        self.bytes.extend_from_slice(brief.unwrap_or_default());
        let brief_end = self.bytes.len();
        self.bytes.extend_from_slice(facts);
        self.events.push(Kept { seen, is_erased: brief.is_none(), brief_end, facts_end: self.bytes.len() });
    }

    /// The events, to be told what is known later.
    pub fn events_mut(&mut self) -> impl Iterator<Item = &mut Seen> {
        self.events.iter_mut().map(|kept| &mut kept.seen)
    }
}

/// Where in a draft an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    batch: u32,
    place: u32,
}

/// Events in the order of the log, for one run.
#[derive(Debug)]
pub struct Draft {
    pub(super) first: Seq,
    /// With how many events are in those before each.
    batches: Vec<(u64, Batch)>,
    count: u64,
    /// The last events of commits, in their order.
    commits: Vec<Seq>,
    begins_at: u64,
}

impl Draft {
    /// A draft for the events from this one on.
    #[must_use]
    pub fn from(first: Seq) -> Draft {
        Draft { first, batches: Vec::new(), count: 0, commits: Vec::new(), begins_at: 0 }
    }

    /// How many events it holds.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Takes in the next events.
    pub fn push(&mut self, batch: Batch) {
        let count = batch.len() as u64;
        self.batches.push((self.count, batch));
        self.count += count;
    }

    /// Says that a commit ends with this event, which may not be here yet.
    pub fn note_commit(&mut self, last: Seq) {
        if self.commits.last() != Some(&last) {
            self.commits.push(last);
        }
    }

    /// Says where in its segment, in bytes, that begins from which on places are counted.
    pub fn begins_at(&mut self, offset: u64) {
        self.begins_at = offset;
    }

    /// Every event with its number.
    pub(super) fn events(&self) -> impl Iterator<Item = (At, Seq, &Seen)> {
        let numbered = (0..).zip(&self.batches).flat_map(|(number, (before, batch))| {
            let places = (0..).zip(&batch.events);
            places.map(move |(place, kept)| (At { batch: number, place }, before + u64::from(place), &kept.seen))
        });
        numbered.map(|(at, before, seen)| (at, Seq(self.first.0 + before), seen))
    }

    /// The leaf of every event, and the root of the subtree that it ends, if that is known.
    pub(super) fn leaves(&self) -> impl Iterator<Item = (Hash, Option<Hash>)> {
        self.batches.iter().flat_map(|(_, batch)| {
            let mut roots = batch.roots.iter().peekable();
            batch.events.iter().enumerate().map(move |(place, kept)| {
                let root = roots.next_if(|(ends, _)| *ends == place).map(|(_, root)| *root);
                (kept.seen.leaf, root)
            })
        })
    }

    /// What the index keeps of an event, and what the fold needs of it.
    pub(super) fn kept(&self, at: At) -> Option<(Entry<'_>, &[u8])> {
        let (before, batch) = self.batches.get(usize::try_from(at.batch).ok()?)?;
        let place = usize::try_from(at.place).ok()?;
        let Kept { seen, is_erased, brief_end, facts_end } = batch.events.get(place)?;
        let seq = Seq(self.first.0 + before + u64::from(at.place));
        let commit = self.commits.partition_point(|last| *last < seq);
        let start = place.checked_sub(1).and_then(|place| batch.events.get(place)).map_or(0, |before| before.facts_end);
        let entry = Entry {
            seq,
            commit_last: *self.commits.get(commit)?,
            at_micros: seen.at_micros,
            actor: seen.actor,
            offset: self.begins_at + seen.row.offset,
            kind: seen.row.kind,
            brief: Some(batch.bytes.get(start..*brief_end)?.into()).filter(|_| !is_erased),
        };
        Some((entry, batch.bytes.get(*brief_end..*facts_end)?))
    }

    /// The row of an event that is here.
    pub(super) fn row(&self, seq: Seq) -> Option<Row> {
        let before = seq.0.checked_sub(self.first.0)?;
        let batch = self.batches.partition_point(|(first, _)| *first <= before).checked_sub(1)?;
        let (first, batch) = self.batches.get(batch)?;
        let kept = batch.events.get(usize::try_from(before - first).ok()?)?;
        Some(self.moved(kept.seen.row))
    }

    /// A row with its place in its segment.
    pub(super) fn moved(&self, row: Row) -> Row {
        Row { offset: self.begins_at + row.offset, ..row }
    }
}
