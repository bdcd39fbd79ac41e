//! Some events in a row on their way into the index, as a thread gathers them.

use super::NameOf;
use super::grouping::acted_upon;
use super::rows::Row;
use super::subtrees::{Node, nodes_of};
use crate::chain::Hash;
use crate::event::{Event, EventKind};
use crate::seq::Seq;

/// What is known of an event but its payload and its leaf in the tree.
#[derive(Debug)]
pub struct Seen {
    /// Its row. A place may be counted from where its commit begins ([`Draft::begins_at`](super::Draft::begins_at)).
    pub row: Row,
    /// When it was recorded, in microseconds since 1970.
    pub at_micros: i64,
    /// Who entered it.
    pub actor: Seq,
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
        if let Some((kind, name)) = NameOf::given_by(event) {
            return Belongs::ToName(kind, name.into());
        }
        match event {
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
    pub(super) events: Vec<Kept>,
    /// What is kept of the payload of each, and what the fold needs of it.
    pub(super) bytes: Vec<u8>,
    /// Where those are kept that do not just belong to their key, by their places.
    pub(super) apart: Vec<(usize, Belongs)>,
    leaves: Vec<Hash>,
    /// Roots of subtrees, by the places of the events with which they end.
    roots: Vec<(usize, Hash)>,
    /// What came of the leaves.
    pub(super) nodes: Vec<Node>,
}

/// An event, in as little room as it takes: there may be a million of them.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) offset: u64,
    pub(super) about: (Seq, Seq),
    pub(super) at_micros: i64,
    pub(super) actor: Seq,
    pub(super) id: Option<u64>,
    /// Where in its batch that ends which is kept of it; it begins where that of the one before ends.
    pub(super) end: usize,
    /// How much of that is what the fold needs, at the end.
    pub(super) facts_len: u32,
    pub(super) kind: EventKind,
    pub(super) is_erased: bool,
}

impl Kept {
    pub(super) fn row(&self) -> Row {
        Row { kind: self.kind, offset: self.offset, about: self.about }
    }
}

impl Batch {
    /// An empty batch with room for so many events.
    #[must_use]
    pub fn with_room_for(events: usize) -> Batch {
        /// What is kept of an event is mostly shorter.
        const KEPT_LEN: usize = 160;
        let (events, bytes) = (Vec::with_capacity(events), Vec::with_capacity(events * KEPT_LEN));
        Batch { events, bytes, ..Batch::default() }
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
    /// [`FactsDraft`](crate::codec::FactsDraft) has of it, both shorter than a record.
    pub fn push(&mut self, seen: Seen, brief: Option<&[u8]>, facts: &[u8]) {
        let Seen { row: Row { kind, offset, about }, at_micros, actor, id, belongs } = seen;
        if belongs != Belongs::ToKey {
            self.apart.push((self.events.len(), belongs));
        }
        self.bytes.extend_from_slice(brief.unwrap_or_default());
        self.bytes.extend_from_slice(facts);
        let facts_len = u32::try_from(facts.len()).unwrap_or(u32::MAX);
        let (end, is_erased) = (self.bytes.len(), brief.is_none());
        self.events.push(Kept { offset, about, at_micros, actor, id, end, facts_len, kind, is_erased });
    }

    /// Says where the event at a place was written, and when it was recorded.
    pub fn written(&mut self, place: usize, offset: u64, at_micros: i64) {
        if let Some(kept) = self.events.get_mut(place) {
            (kept.offset, kept.at_micros) = (offset, at_micros);
        }
    }

    /// Says that its places, so far counted from where its commit begins, are in a segment in which that begins at this offset.
    pub fn begins_at(&mut self, offset: u64) {
        for kept in &mut self.events {
            kept.offset += offset;
        }
    }

    /// Adds the leaf of the next event, for which there must be one; with it may come the root of the subtree of
    /// [`SUBTREE_LEAVES`](super::SUBTREE_LEAVES) that it ends.
    pub fn leaf(&mut self, leaf: Hash, root: Option<Hash>) {
        self.roots.extend(root.map(|root| (self.leaves.len(), root)));
        self.leaves.push(leaf);
    }

    /// The events that it erases.
    pub fn erased(&self) -> impl Iterator<Item = Seq> {
        self.apart.iter().filter_map(|(_, belongs)| match belongs {
            Belongs::Erases(target) => Some(*target),
            _ => None,
        })
    }

    /// Takes those out that stand from this place on, in no more room than they need, to be held for long; the room they had
    /// stays for others.
    #[must_use]
    pub fn take_from(&mut self, place: usize) -> Batch {
        let place = place.min(self.events.len());
        let begin = place.checked_sub(1).and_then(|place| self.events.get(place)).map_or(0, |before| before.end);
        let mut events: Vec<Kept> = self.events.drain(place..).collect();
        for kept in &mut events {
            kept.end -= begin;
        }
        let bytes = self.bytes.get(begin..).unwrap_or_default().to_vec();
        self.bytes.truncate(begin);
        let (apart, roots) = (split_off(&mut self.apart, place), split_off(&mut self.roots, place));
        let nodes = nodes_of(self.leaves.get(place..).unwrap_or_default(), &roots);
        self.leaves.truncate(place);
        Batch { events, bytes, apart, nodes, ..Batch::default() }
    }

    /// Puts roots in the place of the leaves below them.
    pub(super) fn join_leaves(&mut self) {
        self.nodes.extend(nodes_of(&std::mem::take(&mut self.leaves), &std::mem::take(&mut self.roots)));
    }

    /// Every event with where it is kept.
    pub(super) fn events(&self) -> impl Iterator<Item = (&Kept, &Belongs)> {
        let mut apart = self.apart.iter().peekable();
        self.events.iter().enumerate().map(move |(place, kept)| {
            let belongs = apart.next_if(|(own, _)| *own == place).map_or(&Belongs::ToKey, |(_, belongs)| belongs);
            (kept, belongs)
        })
    }

    /// An event, what the index keeps of its payload, and what the fold needs of it.
    pub(super) fn kept(&self, place: usize) -> Option<(&Kept, &[u8], &[u8])> {
        let kept = self.events.get(place)?;
        let begin = place.checked_sub(1).and_then(|place| self.events.get(place)).map_or(0, |before| before.end);
        let bytes = self.bytes.get(begin..kept.end)?;
        let (brief, facts) = bytes.split_at_checked(bytes.len().checked_sub(usize::try_from(kept.facts_len).ok()?)?)?;
        Some((kept, brief, facts))
    }
}

/// Takes those out that stand from a place on, counted from there.
fn split_off<T>(placed: &mut Vec<(usize, T)>, from: usize) -> Vec<(usize, T)> {
    let behind = placed.split_off(placed.partition_point(|(place, _)| *place < from));
    behind.into_iter().map(|(place, what)| (place - from, what)).collect()
}
