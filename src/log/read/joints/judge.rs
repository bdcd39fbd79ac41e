//! Judging what stands between two frames, once it is known what stands behind the second.

use std::fmt::Display;

use super::super::frame::Body;
use super::gap::{Closing, Gap, Vouching};
use super::{Joints, Waiting};
use crate::chain::Hash;
use crate::log::damage::{Code, Damage};

/// What is to be blamed for a joint that does not fit, besides seals.
#[derive(Default)]
struct Blame {
    /// The frame before: the link that it should have.
    before: Option<Hash>,
    /// The frame behind: what is wrong with it, what was expected and what is there.
    behind: Option<(Code, String, String)>,
}

impl Joints {
    /// Judges the waiting frame, and what stands between it and the one before, by what vouches for it.
    pub(super) fn judge(&mut self, waiting: &mut Waiting, vouching: &Vouching) {
        let (before, gap) = (self.before.take(), std::mem::take(&mut self.gap));
        let last = before.as_ref().map(|before| before.frame.link);
        let blame = if gap.seals.is_empty() {
            self.judge_unsealed(before.as_ref(), &gap, waiting, vouching)
        } else {
            self.judge_sealed(before.as_ref(), &gap, waiting, vouching)
        };
        if let Some(before) = before {
            self.settle(&before, blame.before.filter(|due| Some(*due) != last));
        }
        let (place, due) = (waiting.frame.place, waiting.due);
        if let Some((code, expected, found)) = blame.behind {
            self.add(Damage::new(code, place, expected, found).of(due));
            waiting.is_named = matches!(code, Code::Envelope | Code::Prev);
        }
        if waiting.is_named {
            return;
        }
        if vouching.is_against() {
            waiting.is_doubtful = true;
        } else {
            self.acquit(waiting);
        }
    }

    /// Nothing is known of what stands behind the last frame but its seal: judges that.
    pub(super) fn close(&mut self) {
        let (before, gap) = (self.before.take(), std::mem::take(&mut self.gap));
        let mut blame = None;
        if let Some((closing, others)) = gap.seals.split_first() {
            blame = self.judge_seal(before.as_ref(), closing);
            for other in others {
                self.is_empty(other);
            }
        }
        if let Some(before) = before {
            if gap.seals.is_empty() && before.frame.body != Body::Whole {
                self.unproved.push(before.frame.place);
            }
            self.settle(&before, blame);
        }
    }

    /// Says of a frame whether it was changed: it should have this link, if it is to blame.
    fn settle(&mut self, before: &Waiting, due: Option<Hash>) {
        match due {
            Some(due) if !before.is_named => {
                let damage = Damage::new(Code::Envelope, before.frame.place, due, before.frame.link);
                self.add(damage.of(before.due));
            }
            None if before.is_doubtful => self.check_alone(before),
            _ => {}
        }
    }

    /// No seal stands between.
    fn judge_unsealed(&mut self, before: Option<&Waiting>, gap: &Gap, waiting: &Waiting, v: &Vouching) -> Blame {
        let envelope = &waiting.frame.envelope;
        let (prev, is_first) = (envelope.prev, envelope.is_first());
        let header = gap.header.filter(|(_, own)| *own != prev);
        let Some(before) = before else {
            return self.judge_base(gap, waiting, v);
        };
        match (is_first, v.is_against()) {
            (true, true) => changed(waiting, v, None),
            (true, false) => {
                if let Some((place, own)) = header {
                    self.add(Damage::new(Code::SegmentPrev, place, prev, own).of(waiting.due));
                }
                if self.is_misplaced(waiting) {
                    return Blame::default();
                }
                let (seq, place) = before.opened;
                let expected = format!("a seal behind #{} whose tip is {prev}", waiting.due.saturating_sub(1));
                self.add(Damage::new(Code::SealMissing, place, expected, "none").of(seq));
                Blame::default()
            }
            (false, _) if prev == before.frame.link => Blame::default(),
            (false, true) => changed(waiting, v, Some(before.frame.link)),
            (false, false) if self.is_misplaced(waiting) => Blame::default(),
            (false, false) => Blame { before: Some(prev), behind: None },
        }
    }

    /// Nothing is known of what stands before but a tip, if that.
    fn judge_base(&mut self, gap: &Gap, waiting: &Waiting, v: &Vouching) -> Blame {
        let envelope = &waiting.frame.envelope;
        let Some(base) = gap.base.or(gap.header.map(|(_, own)| own)) else { return Blame::default() };
        if envelope.prev == base {
            return flags(waiting, v);
        }
        match gap.header {
            _ if v.is_against() => changed(waiting, v, Some(base)),
            Some((place, own)) if gap.base.is_none() => {
                self.add(Damage::new(Code::SegmentPrev, place, envelope.prev, own).of(waiting.due));
                Blame::default()
            }
            _ => Blame { before: None, behind: Some((Code::Prev, base.to_string(), envelope.prev.to_string())) },
        }
    }

    /// One seal stands between, or several.
    fn judge_sealed(&mut self, before: Option<&Waiting>, gap: &Gap, waiting: &Waiting, v: &Vouching) -> Blame {
        let prev = waiting.frame.envelope.prev;
        let own = gap.seals.iter().position(|closing| closing.seal.tip == prev).unwrap_or_default();
        let Some(closing) = gap.seals.get(own) else { return Blame::default() };
        for (at, other) in gap.seals.iter().enumerate() {
            match at.cmp(&own) {
                std::cmp::Ordering::Less => self.is_unexpected(other),
                std::cmp::Ordering::Equal => {}
                std::cmp::Ordering::Greater => self.is_empty(other),
            }
        }
        let (tip, digest) = (closing.seal.tip, closing.digest);
        if let Some((place, header)) = gap.header.filter(|_| gap.is_foreign && prev != tip) {
            self.add(Damage::new(Code::SegmentPrev, place, tip, header).of(waiting.due));
            return Blame { before: self.judge_seal(before, closing), behind: None };
        }
        if let Some((place, header)) = gap.header.filter(|(_, own)| *own != tip && *own != prev) {
            self.add(Damage::new(Code::SegmentPrev, place, tip, header).of(waiting.due));
        }
        if prev == tip {
            return Blame { before: self.judge_seal(before, closing), ..flags(waiting, v) };
        }
        if digest != tip && prev == digest {
            self.seal_is_not(closing, digest, tip);
            return Blame { before: blamed_by(before, closing), behind: None };
        }
        if digest != tip {
            self.seal_is_not(closing, tip, digest);
        }
        // A seal that fits what it closes is believed rather than a frame for which nothing speaks.
        let is_believed = !v.is_against() && !closing.fits(before.map(|before| before.frame.link));
        let is_backed = v.is_for() || is_believed || gap.header.is_some_and(|(_, own)| own == prev);
        if !is_backed {
            let before = blamed_by(before, closing).filter(|_| digest == tip);
            return Blame { before, ..changed(waiting, v, Some(tip)) };
        }
        if self.is_misplaced(waiting) {
            return Blame::default();
        }
        if waiting.frame.envelope.is_first() {
            self.seal_is_not(closing, prev, tip);
            return Blame::default();
        }
        self.is_unexpected(closing);
        Blame { before: v.is_for().then_some(prev), behind: None }
    }

    /// Judges a seal by itself and by the frame before it: what stands behind it does not speak against it. If the frame is
    /// to blame, says what link that should have.
    fn judge_seal(&mut self, before: Option<&Waiting>, closing: &Closing) -> Option<Hash> {
        let Closing { place, seal, digest, root, size } = closing;
        let last = before.map(|before| before.frame.link);
        let mut wrong = |code, expected: &dyn Display, found: &dyn Display| {
            self.add(Damage::new(code, *place, expected, found).of(*size));
        };
        if *digest != seal.tip {
            match (last.filter(|last| *last != seal.link), *root) {
                (Some(last), _) if closing.fits_with_link(last) => wrong(Code::SealHead, &last, &seal.link),
                _ if before.is_some() && closing.fits_with_size(*size) => wrong(Code::SealSize, size, &seal.size),
                (_, Some(root)) if closing.fits_with_root(root) => wrong(Code::SealRoot, &root, &seal.root),
                _ => {
                    wrong(Code::Seal, &seal.tip, digest);
                    return last.filter(|last| *last != seal.link).map(|_| seal.link);
                }
            }
            return None;
        }
        let last = last?;
        if seal.link != last {
            if !closing.has_root_of_leaves() {
                return Some(seal.link);
            }
            wrong(Code::SealHead, &last, &seal.link);
            return None;
        }
        let is_its_own = before.is_some_and(|before| before.frame.envelope.seq == seal.size);
        if seal.size != *size && !is_its_own {
            wrong(Code::SealSize, size, &seal.size);
        }
        if let Some(root) = root.filter(|root| *root != seal.root) {
            wrong(Code::SealRoot, &root, &seal.root);
        }
        None
    }

    /// The seal is not the one it was, or not the one that the next event stands on.
    fn seal_is_not(&mut self, closing: &Closing, expected: Hash, found: Hash) {
        self.add(Damage::new(Code::Seal, closing.place, expected, found).of(closing.size));
    }

    fn is_empty(&mut self, closing: &Closing) {
        self.add(Damage::new(Code::SealEmpty, closing.place, "an event before it", "none").of(closing.size));
    }

    fn is_unexpected(&mut self, closing: &Closing) {
        self.add(Damage::new(Code::SealUnexpected, closing.place, "no seal", closing.seal.tip).of(closing.size));
    }

    /// A frame that is as it was, and has another number than is due, does not belong here: says so.
    fn is_misplaced(&mut self, waiting: &Waiting) -> bool {
        let (seq, due) = (waiting.frame.envelope.seq, waiting.due);
        if seq != due {
            let code = if seq > due { Code::EventsMissing } else { Code::Seq };
            self.add(Damage::new(code, waiting.frame.place, due, seq).of(due));
        }
        seq != due
    }

    /// The envelope is as it was written. What is wrong with it was written so; or its payload is not its own.
    fn acquit(&mut self, waiting: &Waiting) {
        let (seq, due) = (waiting.frame.envelope.seq, waiting.due);
        let is_told = |damage: &Damage| {
            damage.place() == waiting.frame.place && matches!(damage.code, Code::Seq | Code::EventsMissing)
        };
        if seq != due && !self.damages.iter().any(is_told) {
            self.add(Damage::new(Code::Seq, waiting.frame.place, due, seq).of(due));
        }
        self.check_alone(waiting);
        if seq != due {
            self.due = seq.saturating_add(1);
            self.whole = false;
        }
        self.last_recorded_at = self.last_recorded_at.max(waiting.frame.envelope.recorded_at);
    }
}

/// The frame behind was changed: only in its `prev`, if what it should stand on makes it what it was.
fn changed(waiting: &Waiting, v: &Vouching, due: Option<Hash>) -> Blame {
    let Waiting { frame, .. } = waiting;
    let behind = if let Some(due) = due.filter(|due| v.holds_with_prev(&frame.envelope, *due)) {
        (Code::Prev, due.to_string(), frame.envelope.prev.to_string())
    } else {
        let expected = v.link_due().map_or_else(|| "another".to_owned(), |due| due.to_string());
        (Code::Envelope, expected, frame.link.to_string())
    };
    Blame { before: None, behind: Some(behind) }
}

/// A frame that stands on a tip, and is as it was, must say that it is the first of its commit.
fn flags(waiting: &Waiting, v: &Vouching) -> Blame {
    let is_wrong = !waiting.frame.envelope.is_first() && v.is_for();
    let wrong = || (Code::EnvelopeVersion, "the flag of a commit's first event".to_owned(), "none".to_owned());
    Blame { before: None, behind: is_wrong.then(wrong) }
}

/// What link the frame before should have, if a seal speaks of another.
fn blamed_by(before: Option<&Waiting>, closing: &Closing) -> Option<Hash> {
    let last = before?.frame.link;
    (!closing.vouches_for(last)).then_some(closing.seal.link)
}
