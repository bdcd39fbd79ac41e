//! A commit in the making: turns entries into frames and closes them with a seal. No I/O.

use super::entry::Entry;
use super::error::{Refusal, Result};
use super::writer::Signer;
use crate::chain::{Hash, Head};
use crate::frame::{self, CLAMPED, ENVELOPE_VERSION, Envelope, PAYLOAD_LEN_MAX, RawFrame, Seal, Signature};
use crate::tree::{self, Edge};

/// The algorithm of what is no signature, and only keeps a seal from ending in zeros.
const FILLING: u8 = u8::MAX;

/// A commit in the making, and the state of the log behind it.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) first_seq: u64,
    pub(super) head: Head,
    pub(super) edge: Edge,
    pub(super) recorded_at: i64,
    pub(super) clamped: bool,
    /// Link of its first event.
    pub(super) first_link: Hash,
}

impl Draft {
    /// Begins behind this head. A time before `last_recorded_at` becomes that.
    pub(super) fn new(head: Head, edge: Edge, last_recorded_at: i64, recorded_at: i64) -> Draft {
        Draft {
            first_seq: head.size + 1,
            head,
            edge,
            recorded_at: recorded_at.max(last_recorded_at),
            clamped: recorded_at < last_recorded_at,
            first_link: Hash::ZERO,
        }
    }

    /// Adds an event's record to `out`.
    ///
    /// # Errors
    /// [`super::Error::Refused`] if the payload is too long; nothing was added.
    pub(super) fn frame(&mut self, entry: &Entry, out: &mut Vec<u8>) -> Result<()> {
        let (payload, too_long) = (entry.body.payload(), Refusal::PayloadTooLong(entry.body.payload().len()));
        let payload_len = u32::try_from(payload.len()).map_err(|_| too_long)?;
        if payload.len() > PAYLOAD_LEN_MAX {
            return Err(too_long.into());
        }
        let envelope = Envelope {
            version: ENVELOPE_VERSION,
            flags: if self.clamped { CLAMPED } else { 0 },
            kind: entry.kind,
            payload_len,
            seq: self.head.size + 1,
            recorded_at: self.recorded_at,
            actor: entry.actor,
            subject: entry.subject,
            attribute: entry.attribute,
            prev: self.head.hash,
            commitment: entry.body.commitment(),
        };
        let bytes = envelope.to_bytes();
        frame::join_frame(&RawFrame { envelope: &bytes, salt: entry.body.salt(), payload }, out);
        self.head = Head { size: envelope.seq, hash: Envelope::link(&bytes) };
        self.edge.push(tree::leaf(&bytes));
        if envelope.seq == self.first_seq {
            self.first_link = self.head.hash;
        }
        Ok(())
    }

    /// Adds the seal's record to `out`.
    ///
    /// # Errors
    /// [`super::Error::Refused`] if there are no events, or too many signatures; nothing was added.
    pub(super) fn seal(&self, signer: Option<&Signer>, out: &mut Vec<u8>) -> Result<Seal> {
        if self.head.size < self.first_seq {
            return Err(Refusal::Empty.into());
        }
        let (head, root) = (self.head, self.edge.root());
        let mut signatures = signer.map(|sign| sign(head, root)).unwrap_or_default();
        // Zeros at the end are told from sectors that were lost.
        if signatures.last().is_some_and(|last| last.bytes.ends_with(&[0, 0])) {
            signatures.push(Signature { key: 0, algorithm: FILLING, bytes: vec![u8::MAX] });
        }
        let seal = Seal { head, root, signatures };
        frame::join_seal(&seal, out).map_err(|_| Refusal::TooManySignatures)?;
        Ok(seal)
    }
}
