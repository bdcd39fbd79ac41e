//! From an event in the log to what the index will have of it.

use super::erasures::erased_target;
use super::error::{Error, ErrorKind};
use super::replay::stored_of;
use crate::chain::Hash;
use crate::codec::{Brief, FactsDraft};
use crate::event::{Event, EventKind};
use crate::index::{Batch, Belongs, NameOf, Row, Seen};
use crate::log::blocks::Block;
use crate::log::{Body, Frame, InBlock, Swept};
use crate::seq::Seq;

/// Decodes one event after the other, in room that is used again.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    brief: Brief,
    facts: FactsDraft,
}

impl Decoder {
    /// Adds an event, but not its leaf in the tree, to a batch for the index.
    ///
    /// # Errors
    /// `Damaged`, `Unsupported` if it cannot be read.
    pub(super) fn decode(&mut self, frame: &Frame<'_>, batch: &mut Batch) -> Result<(), Error> {
        let Decoder { brief, facts } = self;
        let (envelope, payload) = (&frame.envelope, frame.payload());
        let (seq, about) = (Seq(envelope.seq), (Seq(envelope.subject), Seq(envelope.attribute)));
        let (at_micros, actor, offset) = (envelope.recorded_at, Seq(envelope.actor), frame.place.offset);
        let seen = |kind, id: Option<&str>, belongs| {
            let id = id.map(|id| NameOf::Id.bits(id));
            Seen { row: Row { kind, offset, about }, at_micros, actor, id, belongs }
        };
        facts.clear();
        let kind = EventKind::of_number(envelope.kind).filter(|kind| kind.is_claim() && seq > Seq(1));
        if let Some((kind, payload)) = kind.zip(payload) {
            // Of a claim no more is asked here than where it belongs.
            let labels = brief.read(payload);
            let labels = labels.map_err(|error| Error::new(ErrorKind::Damaged, error.to_string()))?;
            if labels.about == about {
                facts.claim(seq, brief.facts());
            } else {
                facts.apart();
            }
            batch.push(seen(kind, labels.id, Belongs::ToKey), Some(brief.bytes()), facts.bytes());
            return Ok(());
        }
        let stored = stored_of(frame)?;
        let event = stored.recorded.event.as_ref();
        match event {
            Some(event) => facts.event(seq, event),
            None => facts.erased(seq),
        }
        let seen = seen(stored.kind, event.and_then(Event::own_id), event.map_or(Belongs::ToKey, Belongs::of));
        batch.push(seen, payload, facts.bytes());
        Ok(())
    }
}

/// Some events as the index will have them, and what they say of erasures.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    pub(super) batch: Batch,
    pub(super) notes: Vec<Noted>,
}

/// An event that was erased, or erases another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted {
    pub(super) seq: u64,
    /// What is left of it.
    pub(super) body: Body,
    /// That other.
    pub(super) target: Option<u64>,
}

impl Decoded {
    fn add(&mut self, decoder: &mut Decoder, frame: &Frame<'_>, leaf: &Hash, root: Option<&Hash>) -> Result<(), Error> {
        decoder.decode(frame, &mut self.batch)?;
        self.batch.leaf(*leaf, root.copied());
        let target = frame.payload().and_then(|payload| erased_target(frame.envelope.kind, payload));
        if frame.body() != Body::Whole || target.is_some() {
            self.notes.push(Noted { seq: frame.envelope.seq, body: frame.body(), target });
        }
        Ok(())
    }

    /// Takes out the events from a place on, and what is noted from a place on.
    fn take_from(&mut self, (events, notes): (usize, usize)) -> Decoded {
        let batch = self.batch.take_from(events);
        Decoded { batch, notes: self.notes.split_off(notes.min(self.notes.len())) }
    }
}

/// Where one block after the other is decoded, so that no memory is asked for anew.
#[derive(Debug, Default)]
pub(super) struct Room {
    decoder: Decoder,
    found: Decoded,
}

/// A block, checked and decoded.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) swept: Swept,
    /// The events up to the last end of a commit in it.
    pub(super) sealed: Decoded,
    /// Those behind it.
    pub(super) open: Decoded,
}

impl Piece {
    /// `None` if anything in it is not as it was written, or cannot be read.
    pub(super) fn of(block: &Block, within: &mut Room) -> Option<Piece> {
        let Room { decoder, found } = within;
        // What may be left of one that was given up.
        drop(found.take_from((0, 0)));
        let mut open_from = (0, 0);
        let swept = Swept::of(block, |passed| match passed {
            InBlock::Frame(frame, leaf, root) => found.add(decoder, frame, leaf, root).ok(),
            InBlock::Seal => {
                open_from = (found.batch.len(), found.notes.len());
                Some(())
            }
        })?;
        let open = found.take_from(open_from);
        Some(Piece { swept, sealed: found.take_from((0, 0)), open })
    }
}
