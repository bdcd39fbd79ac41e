//! Judging one frame, once it is known what stands behind it.

use std::fmt::Display;

use super::super::commit::Body;
use super::super::damage::{Code, Damage};
use super::{Joint, Joints, Waiting, Witness};
use crate::chain::Hash;

impl Joints {
    /// Judges a frame by the `prev` of the next, and says how that one is joined to it.
    pub(super) fn judge_by_next(&mut self, waiting: Waiting, prev: Hash) -> Joint {
        let link = waiting.frame.link;
        let (fits, seal) = (prev == link, waiting.seal);
        match seal {
            Some(seal) if fits || seal.head == link => self.check_witness(&waiting, &seal),
            _ => {}
        }
        if fits {
            self.acquit(&waiting);
            return Joint::Whole;
        }
        self.whole = false;
        match (waiting.before, seal) {
            // The seal vouches for it: so the next one's `prev` is what was changed.
            (_, Some(seal)) if seal.head == link => {
                self.acquit(&waiting);
                Joint::Broken(link)
            }
            (Joint::Broken(before), _) => {
                self.convict_prev(&waiting, before);
                Joint::Explained
            }
            // The seal and the next one agree on what it was.
            (_, Some(seal)) if seal.head == prev => {
                self.convict(&waiting, prev);
                Joint::Explained
            }
            _ => {
                self.held = Some(waiting);
                Joint::Broken(link)
            }
        }
    }

    /// Judges a frame behind which there is nothing, or nothing that can be known.
    #[expect(clippy::needless_pass_by_value, reason = "what was judged is used up")]
    pub(super) fn judge_by_seal(&mut self, waiting: Waiting) {
        let link = waiting.frame.link;
        let Some(seal) = waiting.seal else {
            if waiting.frame.body != Body::Whole {
                self.unproved.push(waiting.frame.place);
            }
            return self.acquit(&waiting);
        };
        let root_fits = seal.computed_root == Some(seal.root);
        if seal.head == link || root_fits {
            self.check_witness(&waiting, &seal);
            return self.acquit(&waiting);
        }
        self.whole = false;
        match waiting.before {
            Joint::Broken(before) => self.convict_prev(&waiting, before),
            _ => self.convict(&waiting, seal.head),
        }
    }

    /// Checks the seal behind a frame that is as it was.
    fn check_witness(&mut self, waiting: &Waiting, seal: &Witness) {
        if seal.head != waiting.frame.link {
            self.add(Damage::new(Code::SealHead, seal.place, waiting.frame.link, seal.head).of(waiting.due));
            return;
        }
        match seal.computed_root {
            Some(root) if root != seal.root => {
                self.add(Damage::new(Code::SealRoot, seal.place, root, seal.root).of(waiting.due));
            }
            _ => {}
        }
    }

    /// The envelope was changed: the next `prev` or the seal has another link for it.
    fn convict(&mut self, waiting: &Waiting, expected: Hash) {
        let damage = Damage::new(Code::Envelope, waiting.frame.place, expected, waiting.frame.link);
        self.add(damage.of(waiting.due));
    }

    /// Both joints of a frame are broken, which leaves its `prev`.
    fn convict_prev(&mut self, waiting: &Waiting, expected: Hash) {
        if let Some(held) = self.held.take() {
            self.check_alone(&held);
        }
        let damage = Damage::new(Code::Prev, waiting.frame.place, expected, waiting.frame.envelope.prev);
        self.add(damage.of(waiting.due));
    }

    /// The envelope is as it was written. What is wrong with it was written so; or its payload is not its own.
    fn acquit(&mut self, waiting: &Waiting) {
        let (seq, due) = (waiting.frame.envelope.seq, waiting.due);
        if let Joint::Broken(before) = waiting.before {
            self.whole = false;
            self.explain_broken(waiting, before);
        } else if seq != due {
            self.add(Damage::new(Code::Seq, waiting.frame.place, due, seq).of(due));
        }
        if let Some((place, prev)) = waiting.header.filter(|(_, prev)| *prev != waiting.frame.link) {
            self.add(Damage::new(Code::SegmentPrev, place, waiting.frame.link, prev).of(due.saturating_add(1)));
        }
        self.check_alone(waiting);
        if seq != due {
            self.due = seq.saturating_add(1);
        }
        self.last_recorded_at = self.last_recorded_at.max(waiting.frame.envelope.recorded_at);
    }

    /// One broken joint, before a frame that is as it was: the frame before was changed, or is not the one before.
    fn explain_broken(&mut self, waiting: &Waiting, before: Hash) {
        let held = self.held.take();
        let (place, due, envelope) = (waiting.frame.place, waiting.due, &waiting.frame.envelope);
        if envelope.seq == due {
            match held {
                Some(held) => self.convict(&held, envelope.prev),
                None => self.add(Damage::new(Code::Prev, place, before, envelope.prev).of(due)),
            }
            return;
        }
        if let Some(held) = held {
            self.check_alone(&held);
        }
        let code = if envelope.seq > due { Code::EventsMissing } else { Code::Seq };
        self.add(Damage::new(code, place, due, envelope.seq).of(due));
    }

    /// What can be said of a frame without its neighbours.
    fn check_alone(&mut self, waiting: &Waiting) {
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
