//! What the next record of a walk is checked against.

use std::fmt;

use super::frame::Body;
use super::made::Made;
use crate::chain::{Hash, Head};
use crate::frame::{Envelope, RawFrame, Seal};
use crate::log::damage::{Code, Damage, Place};
use crate::tree::{self, Edge};

/// What the next record is checked against.
#[derive(Clone, Debug)]
pub(in crate::log) struct State {
    pub(in crate::log) offset: u64,
    /// The head that the last seal made.
    pub(in crate::log) sealed: Head,
    /// Count of events so far.
    pub(in crate::log) size: u64,
    /// What the next event stands on: the tip of the last seal, or the link of the last event.
    pub(in crate::log) prev: Hash,
    pub(in crate::log) recorded_at: i64,
    /// The tree's edge, if the caller wants roots checked.
    pub(in crate::log) edge: Option<Edge>,
}

impl State {
    /// Behind a seal, or before the first event of a segment.
    pub(in crate::log) fn behind(sealed: Head, offset: u64, recorded_at: i64, edge: Option<Edge>) -> State {
        State { offset, sealed, size: sealed.size, prev: sealed.tip, recorded_at, edge }
    }

    /// Checks a frame and takes it in; says what it holds, and what has become of its payload. Hashes that were not made yet
    /// are made by themselves.
    pub(in crate::log) fn check_frame(
        &mut self,
        raw: &RawFrame<'_>,
        made: Option<Made>,
        place: Place,
    ) -> std::result::Result<(Envelope, Body), Damage> {
        let envelope = Envelope::fields_of(raw.envelope);
        let seq = self.size + 1;
        let is_first = self.size == self.sealed.size;
        check_envelope(&envelope, raw, place)?;
        if envelope.prev != self.prev {
            let code = if is_first { Code::Seal } else { Code::Envelope };
            return Err(Damage::new(code, place, envelope.prev, self.prev).of(self.size.max(1)));
        }
        if envelope.is_first() != is_first {
            let (due, found) = if is_first { ("set", "not set") } else { ("not set", "set") };
            let due = format_args!("the flag of a commit's first event {due}").to_string();
            return Err(Damage::new(Code::EnvelopeVersion, place, due, found).of(seq));
        }
        if envelope.seq != seq {
            return Err(Damage::new(Code::Seq, place, seq, envelope.seq).of(seq));
        }
        if envelope.recorded_at < self.recorded_at {
            let (last, found) = (self.recorded_at, envelope.recorded_at);
            return Err(Damage::new(Code::RecordedAt, place, format_args!("{last} or later"), found).of(seq));
        }
        let body = match &made {
            Some(made) => made.body(raw, envelope.commitment),
            None => Body::of(raw, envelope.commitment),
        };
        if let Body::Altered(found) = body {
            return Err(Damage::new(Code::Payload, place, envelope.commitment, found).of(seq));
        }
        if let Some(edge) = &mut self.edge {
            edge.push(made.map_or_else(|| tree::leaf(raw.envelope), |made| made.leaf));
        }
        (self.size, self.prev) = (seq, made.map_or_else(|| Envelope::link(raw.envelope), |made| made.link));
        self.recorded_at = envelope.recorded_at;
        Ok((envelope, body))
    }

    /// Checks a seal and takes it in.
    pub(in crate::log) fn check_seal(&mut self, seal: &Seal, place: Place) -> std::result::Result<(), Damage> {
        let (size, link) = (self.size, self.prev);
        let wrong = |code, expected: &dyn fmt::Display, found: &dyn fmt::Display| {
            Err(Damage::new(code, place, expected, found).of(size))
        };
        let digest = seal.digest();
        if digest != seal.tip {
            return wrong(Code::Seal, &seal.tip, &digest);
        }
        if size == self.sealed.size {
            return wrong(Code::SealEmpty, &"an event before it", &"none");
        }
        if seal.size != size {
            return wrong(Code::SealSize, &size, &seal.size);
        }
        if seal.link != link {
            return wrong(Code::SealHead, &link, &seal.link);
        }
        if let Some(root) = self.edge.as_ref().map(Edge::root).filter(|root| *root != seal.root) {
            return wrong(Code::SealRoot, &root, &seal.root);
        }
        (self.sealed, self.prev) = (seal.head(), seal.tip);
        Ok(())
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
