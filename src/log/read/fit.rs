//! Whether a record follows on what stands before it: by chain, numbering, time, tree and seal. This is the one check. Readers
//! and writers stop at what does not follow; verifying, and reading despite damage, then ask [`super::joints`] what is to blame.

use std::fmt::Display;

use super::frame::Body;
use super::hashed::Hashed;
use crate::chain::{Hash, Head};
use crate::frame::{Header, Seal};
use crate::log::damage::{Code, Damage, Place};

/// What the next record is checked against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fit {
    /// The ledger's id, once a header was seen.
    ledger: Option<Hash>,
    /// The head that the last seal made.
    sealed: Head,
    /// Count of events so far.
    size: u64,
    /// What the next event stands on: the tip of the last seal, or the link of the last event.
    prev: Hash,
    /// When the last event was recorded, in microseconds.
    recorded_at: i64,
}

impl Fit {
    /// Before the header of the segment that begins with this event. What that header says stands before it is believed.
    pub(crate) fn before(first_seq: u64) -> Fit {
        let sealed = Head { size: first_seq.saturating_sub(1), tip: Hash::ZERO };
        Fit { ledger: None, sealed, size: sealed.size, prev: sealed.tip, recorded_at: i64::MIN }
    }

    /// Goes on behind a seal of the same log.
    pub(super) fn behind(self, sealed: Head, recorded_at: i64) -> Fit {
        Fit { sealed, size: sealed.size, prev: sealed.tip, recorded_at, ..self }
    }

    /// The ledger's id: as the first header has it.
    pub(super) fn ledger(&self) -> Hash {
        self.ledger.unwrap_or(Hash::ZERO)
    }

    /// Count of events so far.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// When the last event was recorded, in microseconds.
    pub(super) fn recorded_at(&self) -> i64 {
        self.recorded_at
    }

    /// Whether there are events behind the last seal.
    pub(super) fn is_open(&self) -> bool {
        self.size != self.sealed.size
    }

    /// Takes in the header of the next segment.
    ///
    /// # Errors
    /// Why it does not follow.
    pub(super) fn segment(&mut self, place: Place, header: &Header) -> Result<(), Damage> {
        let (due, number) = (self.size.saturating_add(1), place.segment);
        let wrong =
            |code, expected: &dyn Display, found: &dyn Display| Err(Damage::new(code, place, expected, found).of(due));
        if number != due {
            let code = if number > due { Code::SegmentMissing } else { Code::SegmentOverlap };
            return wrong(code, &due, &number);
        }
        match self.ledger {
            Some(ledger) if header.ledger != ledger => return wrong(Code::SegmentLedger, &ledger, &header.ledger),
            Some(_) => {}
            None if number == 1 => self.ledger = Some(header.ledger),
            None => {
                self.ledger = Some(header.ledger);
                (self.sealed.tip, self.prev) = (header.prev, header.prev);
            }
        }
        if header.prev != self.prev {
            return wrong(Code::SegmentPrev, &self.prev, &header.prev);
        }
        Ok(())
    }

    /// Takes in the next frame.
    ///
    /// # Errors
    /// Why it does not follow; nothing was taken in.
    pub(super) fn frame(&mut self, frame: &Hashed) -> Result<(), Damage> {
        let (envelope, seq, is_first) = (&frame.envelope, self.size.saturating_add(1), !self.is_open());
        let wrong = |seq, code, expected: &dyn Display, found: &dyn Display| {
            Err(Damage::new(code, frame.place, expected, found).of(seq))
        };
        if let Err(unreadable) = envelope.readable() {
            return wrong(envelope.seq, Code::EnvelopeVersion, &"an envelope of version 1", &unreadable);
        }
        if usize::try_from(envelope.payload_len) != Ok(frame.payload_len) {
            return wrong(envelope.seq, Code::PayloadLength, &frame.payload_len, &envelope.payload_len);
        }
        if envelope.prev != self.prev {
            let code = if is_first { Code::Seal } else { Code::Envelope };
            return wrong(self.size.max(1), code, &envelope.prev, &self.prev);
        }
        if envelope.is_first() != is_first {
            let (due, found) = if is_first { ("set", "not set") } else { ("not set", "set") };
            let due = format_args!("the flag of a commit's first event {due}").to_string();
            return wrong(seq, Code::EnvelopeVersion, &due, &found);
        }
        if envelope.seq != seq {
            return wrong(seq, Code::Seq, &seq, &envelope.seq);
        }
        if envelope.recorded_at < self.recorded_at {
            let last = self.recorded_at;
            return wrong(seq, Code::RecordedAt, &format_args!("{last} or later"), &envelope.recorded_at);
        }
        if let Body::Altered(found) = frame.body {
            return wrong(seq, Code::Payload, &envelope.commitment, &found);
        }
        if seq == 1 && self.ledger != Some(frame.link) {
            return wrong(seq, Code::LedgerId, &frame.link, &self.ledger());
        }
        (self.size, self.prev, self.recorded_at) = (seq, frame.link, envelope.recorded_at);
        Ok(())
    }

    /// Takes in the next seal, and the digest of what it says. `root` is that of the tree so far, if roots are checked.
    ///
    /// # Errors
    /// Why it does not follow; nothing was taken in.
    pub(super) fn seal(&mut self, place: Place, seal: &Seal, digest: Hash, root: Option<Hash>) -> Result<(), Damage> {
        let (size, link) = (self.size, self.prev);
        let wrong =
            |code, expected: &dyn Display, found: &dyn Display| Err(Damage::new(code, place, expected, found).of(size));
        if digest != seal.tip {
            return wrong(Code::Seal, &seal.tip, &digest);
        }
        if !self.is_open() {
            return wrong(Code::SealEmpty, &"an event before it", &"none");
        }
        if seal.size != size {
            return wrong(Code::SealSize, &size, &seal.size);
        }
        if seal.link != link {
            return wrong(Code::SealHead, &link, &seal.link);
        }
        if let Some(root) = root.filter(|root| *root != seal.root) {
            return wrong(Code::SealRoot, &root, &seal.root);
        }
        (self.sealed, self.prev) = (seal.head(), seal.tip);
        Ok(())
    }
}
