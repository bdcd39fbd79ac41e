//! Fitting hashed frames and seals to each other, in order, and naming what does not fit.
//!
//! Every joint is a witness: a frame's `prev` must be the link of the frame before it, and a seal's head the link of
//! the last. One broken joint means the frame before it was changed; two in a row, with one frame between, mean that
//! frame's `prev`. A frame is judged once the joint behind it is known, so one frame is always waiting, and one more
//! may be held under suspicion.

mod judge;
mod segments;

use super::commit::Body;
use super::damage::{Code, Damage, Place};
use crate::chain::{Hash, Head};
use crate::frame::{Envelope, RawFrame, Seal};

/// A frame, hashed: what is needed to fit it to its neighbours.
#[derive(Clone, Debug)]
pub(crate) struct Hashed {
    pub(crate) place: Place,
    pub(crate) envelope: Envelope,
    pub(crate) link: Hash,
    pub(crate) body: Body,
    pub(crate) payload_len: usize,
    /// Why the payload is none of its kind, if somebody looked and it is not.
    pub(crate) misformed: Option<String>,
}

impl Hashed {
    pub(crate) fn new(place: Place, raw: &RawFrame<'_>) -> Hashed {
        let envelope = Envelope::fields_of(raw.envelope);
        let body = Body::of(raw, envelope.commitment);
        let (link, payload_len) = (Envelope::link(raw.envelope), raw.payload.len());
        Hashed { place, envelope, link, body, payload_len, misformed: None }
    }
}

/// The last seal, with the count of events that was counted.
#[derive(Clone, Debug)]
pub(crate) struct Sealed {
    pub(crate) head: Head,
    pub(crate) root: Hash,
    pub(crate) recorded_at: i64,
    /// Where its record ends.
    pub(crate) end: Place,
}

/// How a frame fits to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    Whole,
    /// Its `prev` should be this.
    Broken(Hash),
    /// Broken, and something else has been named for it; or nothing is known of what came before.
    Explained,
}

/// What the seal behind a frame says of it.
#[derive(Clone, Copy, Debug)]
struct Witness {
    place: Place,
    head: Hash,
    /// The seal's root, beside the computed one, if that could be computed.
    root: Hash,
    computed_root: Option<Hash>,
}

/// A frame whose following joint is not known yet.
#[derive(Clone, Debug)]
struct Waiting {
    frame: Hashed,
    /// The number it should have.
    due: u64,
    before: Joint,
    seal: Option<Witness>,
    /// What the header of the next segment says is its link, and where.
    header: Option<(Place, Hash)>,
}

/// What is wrong with an event of this number having this kind, and what was expected.
pub(crate) type KindRule = fn(seq: u64, kind: u16) -> Option<(Code, &'static str)>;

/// The state of fitting.
#[derive(Debug)]
pub(crate) struct Joints {
    damages: Vec<Damage>,
    damages_max: usize,
    left_off: u64,
    /// Number of the next frame.
    due: u64,
    last_recorded_at: i64,
    /// What the next frame's `prev` must be if no frame is waiting; none if it cannot be known.
    anchor: Option<Hash>,
    ledger: Option<Hash>,
    waiting: Option<Waiting>,
    /// The frame before the waiting one, if the joint between them is broken and its cause not decided.
    held: Option<Waiting>,
    /// Bytes were skipped since the last frame.
    lost: bool,
    /// Frames whose payload is gone and for whose envelope nothing vouches: they may be as little as they seem.
    unproved: Vec<Place>,
    /// The first frame since the last seal.
    unsealed: Option<(u64, Place)>,
    whole: bool,
    sealed: Option<Sealed>,
    /// Where the commit begins that the last seal closes.
    last_commit: Option<Place>,
    kind_rule: Option<KindRule>,
}

impl Joints {
    /// Begins at a segment: with event 1, or with whatever its header says. Remembers up to `damages_max` damages.
    pub(crate) fn new(first_seq: u64, damages_max: usize) -> Joints {
        Joints {
            damages: Vec::new(),
            damages_max,
            left_off: 0,
            due: first_seq,
            last_recorded_at: i64::MIN,
            anchor: (first_seq == 1).then_some(Hash::ZERO),
            ledger: None,
            waiting: None,
            held: None,
            lost: false,
            unproved: Vec::new(),
            unsealed: None,
            whole: true,
            sealed: None,
            last_commit: None,
            kind_rule: None,
        }
    }

    /// The same, with a rule for kinds of events.
    pub(crate) fn with_kinds(self, rule: KindRule) -> Joints {
        Joints { kind_rule: Some(rule), ..self }
    }

    /// Whether the envelopes so far are all there and unchanged, so that the tree over them can be believed.
    pub(crate) fn whole(&self) -> bool {
        self.whole && !self.lost
    }

    /// Whether nothing is wrong up to a place behind which the next commit has been seen.
    pub(crate) fn hold(&self, end: Place) -> bool {
        self.held.is_none() && !self.are_damaged_before(end)
    }

    /// Whether anything that was found is before a place.
    pub(crate) fn are_damaged_before(&self, end: Place) -> bool {
        self.damages.iter().any(|damage| damage.place() < end)
    }

    /// How many events there should be so far.
    pub(crate) fn size(&self) -> u64 {
        self.due.saturating_sub(1)
    }

    /// The last seal so far.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        self.sealed.as_ref()
    }

    /// Where the last commit begins, if there is one before it in its segment.
    pub(crate) fn last_commit(&self) -> Option<Place> {
        self.last_commit
    }

    /// The same if anything in it is damaged: it may be
    /// an append that was interrupted in its seal.
    pub(crate) fn doubtful_commit(&self) -> Option<Place> {
        self.last_commit.filter(|begin| {
            let waiting = self.waiting.as_ref();
            let is_unfit = waiting.and_then(|last| Some((last, last.seal?))).is_some_and(|(last, seal)| {
                seal.head != last.frame.link || seal.computed_root.is_some_and(|root| root != seal.root)
            });
            is_unfit || self.damages.iter().any(|damage| damage.place() >= *begin)
        })
    }

    /// Frames without a payload for whose envelope nothing vouches, because what followed is lost.
    pub(crate) fn unproved(&self) -> &[Place] {
        &self.unproved
    }

    /// Adds damage that somebody else found.
    pub(crate) fn add(&mut self, damage: Damage) {
        if self.damages.len() < self.damages_max {
            self.damages.push(damage);
        } else {
            self.left_off += 1;
        }
    }

    /// Bytes that are no record.
    pub(crate) fn fault(&mut self, damage: Damage) {
        let due = self.due;
        self.add(damage.of(due));
        self.lost = true;
    }

    /// The next frame.
    pub(crate) fn frame(&mut self, frame: Hashed) {
        if self.lost && frame.envelope.seq != self.due {
            self.skip_to(frame.envelope.seq);
        }
        self.lost = false;
        let prev = frame.envelope.prev;
        let before = match self.waiting.take() {
            Some(waiting) => self.judge_by_next(waiting, prev),
            None => match self.anchor.take() {
                Some(anchor) if anchor != prev => Joint::Broken(anchor),
                Some(_) => Joint::Whole,
                None => Joint::Explained,
            },
        };
        self.unsealed = self.unsealed.or(Some((self.due, frame.place)));
        self.waiting = Some(Waiting { frame, due: self.due, before, seal: None, header: None });
        self.due = self.due.saturating_add(1);
    }

    /// Events were lost: nothing can be said of how the next frame fits.
    fn skip_to(&mut self, seq: u64) {
        if let Some(waiting) = self.waiting.take() {
            self.judge_by_seal(waiting);
        }
        (self.anchor, self.whole) = (None, false);
        self.due = self.due.max(seq);
    }

    /// The next seal. `computed_root` is the root at its place, if it could be computed.
    pub(crate) fn seal(&mut self, place: Place, end: u64, seal: &Seal, computed_root: Option<Hash>) {
        let size = seal.head.size;
        let last = self.due.saturating_sub(1);
        if self.lost && size != last {
            self.skip_to(size.saturating_add(1));
            self.anchor = Some(seal.head.hash);
        } else {
            self.check_size(place, size, last);
            if let Some(waiting) = &mut self.waiting {
                let (head, root) = (seal.head.hash, seal.root);
                waiting.seal = Some(Witness { place, head, root, computed_root });
            }
        }
        let recorded_at = self.waiting.as_ref().map_or(self.last_recorded_at, |last| last.frame.envelope.recorded_at);
        let end = Place { segment: place.segment, offset: end };
        let head = Head { size: self.size(), hash: seal.head.hash };
        self.last_commit = self.sealed.take().map(|sealed| sealed.end).filter(|end| end.segment == place.segment);
        self.sealed = Some(Sealed { head, root: seal.root, recorded_at, end });
        self.unsealed = None;
        self.lost = false;
    }

    fn check_size(&mut self, place: Place, size: u64, last: u64) {
        if self.unsealed.is_none() && !self.lost {
            self.add(Damage::new(Code::SealEmpty, place, "an event before it", "none").of(last));
        }
        let is_its_own = self.waiting.as_ref().is_some_and(|waiting| waiting.frame.envelope.seq == size);
        if size != last && !is_its_own {
            self.add(Damage::new(Code::SealSize, place, last, size).of(last));
        }
    }

    /// Everything has been seen: all damages, in order, and how many more there are.
    pub(crate) fn finish(mut self) -> (Vec<Damage>, u64) {
        if let Some(waiting) = self.waiting.take() {
            self.judge_by_seal(waiting);
        }
        if let (false, Some((seq, place))) = (self.lost, self.unsealed) {
            self.add(Damage::new(Code::SealMissing, place, "a seal behind it", "none").of(seq));
        }
        let mut damages = self.damages;
        damages.sort_by_key(|damage| (damage.place(), damage.code));
        damages.dedup_by_key(|damage| (damage.place(), damage.code));
        (damages, self.left_off)
    }
}
