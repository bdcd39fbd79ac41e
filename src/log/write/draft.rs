//! A commit in the making: turns entries into frames and closes them with a seal. No I/O.

use crate::chain::{Hash, Head};
use crate::frame::{
    self, CLAMPED, ENVELOPE_LEN, ENVELOPE_VERSION, Envelope, FIRST, PAYLOAD_LEN_MAX, RawFrame, Seal, Signature,
};
use crate::hash::Lanes;
use crate::log::entry::Unlinked;
use crate::log::error::{Refusal, Result};
use crate::tree::Edge;

/// Signs a count of events and the root over them.
pub type Signer = dyn Fn(u64, Hash) -> Vec<Signature> + Send + Sync;

/// How many events become leaves of the tree at once.
const LEAVES_AT_ONCE: usize = 1024;

/// A commit in the making, and the state of the log behind it.
#[derive(Clone, Debug)]
pub(in crate::log) struct Draft {
    pub(in crate::log) first_seq: u64,
    /// Count of events, these among them.
    pub(in crate::log) size: u64,
    /// What the next event stands on: the tip of the last seal, or the link of the last event.
    prev: Hash,
    /// Behind all events but those of `envelopes`; behind a seal there are none.
    pub(in crate::log) edge: Edge,
    /// Envelopes that are no leaves yet.
    envelopes: Vec<[u8; ENVELOPE_LEN]>,
    pub(in crate::log) recorded_at: i64,
    pub(in crate::log) clamped: bool,
    /// Link of its first event.
    pub(in crate::log) first_link: Hash,
}

impl Draft {
    /// Begins behind this head. A time before `last_recorded_at` becomes that.
    pub(in crate::log) fn new(head: Head, edge: Edge, last_recorded_at: i64, recorded_at: i64) -> Draft {
        Draft {
            first_seq: head.size + 1,
            size: head.size,
            prev: head.tip,
            edge,
            envelopes: Vec::new(),
            recorded_at: recorded_at.max(last_recorded_at),
            clamped: recorded_at < last_recorded_at,
            first_link: Hash::ZERO,
        }
    }

    /// Adds an event's record to `out`.
    ///
    /// # Errors
    /// [`super::Error::Refused`] if the payload is too long; nothing was added.
    pub(in crate::log) fn frame(&mut self, event: Unlinked<'_>, out: &mut Vec<u8>) -> Result<()> {
        let Unlinked { label, payload, commitment } = event;
        let too_long = Refusal::PayloadTooLong(payload.len());
        let payload_len = u32::try_from(payload.len()).map_err(|_| too_long)?;
        if payload.len() > PAYLOAD_LEN_MAX {
            return Err(too_long.into());
        }
        let seq = self.size + 1;
        let is_first = seq == self.first_seq;
        let envelope = Envelope {
            version: ENVELOPE_VERSION,
            flags: if self.clamped { CLAMPED } else { 0 } | if is_first { FIRST } else { 0 },
            kind: label.kind,
            payload_len,
            seq,
            recorded_at: self.recorded_at,
            actor: label.actor,
            subject: label.subject,
            attribute: label.attribute,
            prev: self.prev,
            commitment,
        };
        let bytes = envelope.to_bytes();
        frame::join_frame(&RawFrame { envelope: &bytes, salt: &label.salt, payload }, out);
        (self.size, self.prev) = (seq, Envelope::link(&bytes));
        self.envelopes.push(bytes);
        if self.envelopes.len() == LEAVES_AT_ONCE {
            self.grow();
        }
        if is_first {
            self.first_link = self.prev;
        }
        Ok(())
    }

    /// Adds the leaves that are due.
    fn grow(&mut self) {
        let (lanes, envelopes) = (Lanes::all(), std::mem::take(&mut self.envelopes));
        let envelopes: Vec<&[u8]> = envelopes.iter().map(<[u8; ENVELOPE_LEN]>::as_slice).collect();
        self.edge.push_all(&lanes.leaves(&envelopes), lanes);
    }

    /// Adds the seal's record to `out`.
    ///
    /// # Errors
    /// [`super::Error::Refused`] if there are no events, or too many signatures; nothing was added.
    pub(in crate::log) fn seal(&mut self, signer: Option<&Signer>, out: &mut Vec<u8>) -> Result<Seal> {
        if self.size < self.first_seq {
            return Err(Refusal::Empty.into());
        }
        self.grow();
        let root = self.edge.root();
        let mut signatures = signer.map(|sign| sign(self.size, root)).unwrap_or_default();
        signatures.sort_by_key(|signature| signature.key);
        let seal = Seal::new(self.size, self.prev, root, signatures).map_err(|_| Refusal::TooManySignatures)?;
        frame::join_seal(&seal, out).map_err(|_| Refusal::TooManySignatures)?;
        Ok(seal)
    }
}
