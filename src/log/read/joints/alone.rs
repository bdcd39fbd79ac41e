//! What can be said of a frame by itself, once it is known that its envelope is as it was written.

use std::fmt::Display;

use super::super::frame::Body;
use super::{Joints, Waiting};
use crate::log::damage::{Code, Damage};

impl Joints {
    /// What can be said of a frame without its neighbours.
    pub(super) fn check_alone(&mut self, waiting: &Waiting) {
        let (frame, due) = (&waiting.frame, waiting.due);
        let envelope = &frame.envelope;
        let (last, ledger) = (self.last_recorded_at, self.ledger);
        let kind = self.kind_rule.and_then(|rule| rule(due, envelope.kind));
        let mut wrong = |code, expected: &dyn Display, found: &dyn Display| {
            self.add(Damage::new(code, frame.place, expected, found).of(due));
        };
        if let Err(unreadable) = envelope.readable() {
            wrong(Code::EnvelopeVersion, &"version 1 and known flags", &unreadable);
        }
        match (kind, &frame.misformed) {
            (Some((code, expected)), _) => wrong(code, &expected, &format_args!("kind {}", envelope.kind)),
            (None, Some(why)) => wrong(Code::PayloadForm, &format_args!("one of kind {}", envelope.kind), why),
            (None, None) => {}
        }
        if usize::try_from(envelope.payload_len) != Ok(frame.payload_len) {
            wrong(Code::PayloadLength, &frame.payload_len, &envelope.payload_len);
        }
        if let Body::Altered(found) = frame.body {
            wrong(Code::Payload, &envelope.commitment, &found);
        }
        if let Some(ledger) = ledger.filter(|ledger| due == 1 && *ledger != frame.link) {
            wrong(Code::LedgerId, &frame.link, &ledger);
        }
        if envelope.recorded_at < last {
            wrong(Code::RecordedAt, &format_args!("{last} or later"), &envelope.recorded_at);
        }
    }
}
