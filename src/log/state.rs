//! What the next record of a walk is checked against.

use super::commit::Body;
use super::damage::{Code, Damage, Place};
use crate::chain::Head;
use crate::frame::{Envelope, RawFrame, Seal};
use crate::tree::{self, Edge};

/// What the next record is checked against.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) offset: u64,
    pub(super) head: Head,
    pub(super) recorded_at: i64,
    /// The tree's edge, if the caller wants roots checked.
    pub(super) edge: Option<Edge>,
}

impl State {
    /// Checks a frame and takes it in; says what it holds, and what has become of its payload.
    pub(super) fn check_frame(
        &mut self,
        raw: &RawFrame<'_>,
        place: Place,
    ) -> std::result::Result<(Envelope, Body), Damage> {
        let envelope = Envelope::fields_of(raw.envelope);
        let seq = self.head.size + 1;
        check_envelope(&envelope, raw, place)?;
        if envelope.prev != self.head.hash {
            let seq = self.head.size.max(1);
            return Err(Damage::new(Code::Envelope, place, envelope.prev, self.head.hash).of(seq));
        }
        if envelope.seq != seq {
            return Err(Damage::new(Code::Seq, place, seq, envelope.seq).of(seq));
        }
        if envelope.recorded_at < self.recorded_at {
            let (last, found) = (self.recorded_at, envelope.recorded_at);
            return Err(Damage::new(Code::RecordedAt, place, format_args!("{last} or later"), found).of(seq));
        }
        let body = Body::of(raw, envelope.commitment);
        if let Body::Altered(found) = body {
            return Err(Damage::new(Code::Payload, place, envelope.commitment, found).of(seq));
        }
        if let Some(edge) = &mut self.edge {
            edge.push(tree::leaf(raw.envelope));
        }
        self.head = Head { size: seq, hash: Envelope::link(raw.envelope) };
        self.recorded_at = envelope.recorded_at;
        Ok((envelope, body))
    }

    pub(super) fn check_seal(&self, seal: &Seal, size_before: u64, place: Place) -> std::result::Result<(), Damage> {
        let size = self.head.size;
        if size == size_before {
            return Err(Damage::new(Code::SealEmpty, place, "an event before it", "none").of(size));
        }
        if seal.head.size != size {
            return Err(Damage::new(Code::SealSize, place, size, seal.head.size).of(size));
        }
        if seal.head.hash != self.head.hash {
            return Err(Damage::new(Code::SealHead, place, self.head.hash, seal.head.hash).of(size));
        }
        match self.edge.as_ref().map(Edge::root) {
            Some(root) if root != seal.root => Err(Damage::new(Code::SealRoot, place, root, seal.root).of(size)),
            _ => Ok(()),
        }
    }
}

fn check_envelope(envelope: &Envelope, raw: &RawFrame<'_>, place: Place) -> std::result::Result<(), Damage> {
    if let Err(unreadable) = envelope.readable() {
        let damage = Damage::new(Code::EnvelopeVersion, place, "an envelope of version 1", unreadable);
        return Err(damage.of(envelope.seq));
    }
    if usize::try_from(envelope.payload_len) != Ok(raw.payload.len()) {
        let damage = Damage::new(Code::PayloadLength, place, raw.payload.len(), envelope.payload_len);
        return Err(damage.of(envelope.seq));
    }
    Ok(())
}
