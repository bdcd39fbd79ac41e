//! Fitting hashed frames and seals to each other, in order, and naming what does not fit.
//!
//! Every joint is a witness. A frame stands on the link of the frame before it, or, if it is the first of its commit, on the
//! tip of the seal before it; a seal names the link of the frame before it and carries its own digest. Whether a frame is
//! as it was written is known once it has been seen what stands behind it: the next frame's `prev`, or the seal's head.
//! So a frame waits for what is behind it, and what stands between it and the frame before is judged then.

mod alone;
mod gap;
mod judge;
mod segments;

use self::gap::{Closing, Gap, Vouching};
use super::fit::Fit;
use super::hashed::Hashed;
use crate::chain::{Hash, Head};
use crate::frame::Seal;
use crate::log::damage::{Code, Damage, Place};
use crate::tree::{Edge, Span};

/// The last seal, with the count of events that was counted.
#[derive(Clone, Debug)]
pub(crate) struct Sealed {
    pub(crate) head: Head,
    pub(crate) root: Hash,
    pub(crate) recorded_at: i64,
    /// Where its record ends.
    pub(crate) end: Place,
}

/// A frame, and what is known of it.
#[derive(Clone, Debug)]
struct Waiting {
    frame: Hashed,
    /// The number it should have.
    due: u64,
    /// Number and place of the first event of its commit.
    opened: (u64, Place),
    /// Its own envelope was named for what does not fit: no more is said of it.
    is_named: bool,
    /// Nothing vouches for its envelope, and nothing else has been blamed yet: its fields are not looked at so far.
    is_doubtful: bool,
}

/// What is wrong with an event of this number having this kind, and what was expected.
pub(crate) type KindRule = fn(seq: u64, kind: u16) -> Option<(Code, &'static str)>;

/// The state of fitting.
#[derive(Debug)]
pub(crate) struct Joints {
    /// As long as every record so far follows on what stands before it: then nobody is to blame.
    fit: Option<Fit>,
    /// Over all leaves, as long as they follow on each other; none if the first ones are not read.
    edge: Option<Edge>,
    damages: Vec<Damage>,
    damages_max: usize,
    left_off: u64,
    /// Number of the next frame.
    due: u64,
    last_recorded_at: i64,
    ledger: Option<Hash>,
    /// The frame before the waiting one, and what stands between the two.
    before: Option<Waiting>,
    gap: Gap,
    /// The last frame, and what stands behind it so far.
    waiting: Option<Waiting>,
    behind: Gap,
    /// A guard was damaged here; if the record is found all the same, nothing is lost.
    guard_at: Option<Place>,
    /// Frames whose payload is gone and for whose envelope nothing vouches: they may be as little as they seem.
    unproved: Vec<Place>,
    /// The first frame since the last seal.
    unsealed: Option<(u64, Place)>,
    whole: bool,
    sealed: Option<Sealed>,
    /// All joints have been judged up to here.
    judged: Place,
    /// Where the commit begins that the last seal closes.
    last_commit: Option<Place>,
    kind_rule: Option<KindRule>,
}

impl Joints {
    /// Begins at a segment: with event 1, or with whatever its header says. Remembers up to `damages_max` damages.
    pub(crate) fn new(first_seq: u64, damages_max: usize) -> Joints {
        Joints {
            fit: Some(Fit::before(first_seq)),
            edge: (first_seq == 1).then(Edge::new),
            damages: Vec::new(),
            damages_max,
            left_off: 0,
            due: first_seq,
            last_recorded_at: i64::MIN,
            ledger: None,
            before: None,
            gap: Gap::default(),
            waiting: None,
            behind: Gap { base: (first_seq == 1).then_some(Hash::ZERO), ..Gap::default() },
            guard_at: None,
            unproved: Vec::new(),
            unsealed: None,
            whole: true,
            sealed: None,
            judged: Place { segment: 0, offset: 0 },
            last_commit: None,
            kind_rule: None,
        }
    }

    /// These joints, with a rule for kinds of events.
    pub(crate) fn with_kinds(self, rule: KindRule) -> Joints {
        Joints { kind_rule: Some(rule), ..self }
    }

    /// Whether the envelopes so far are all there and unchanged, so that the tree over them can be believed.
    pub(crate) fn whole(&self) -> bool {
        self.whole && !self.behind.is_lost && self.guard_at.is_none()
    }

    /// Whether everything before a place has been judged by now.
    pub(crate) fn are_judged_before(&self, end: Place) -> bool {
        end <= self.judged
    }

    /// Whether anything that was found is before a place.
    pub(crate) fn are_damaged_before(&self, end: Place) -> bool {
        self.damages.iter().any(|damage| damage.place() < end)
    }

    /// How many events there should be so far.
    pub(crate) fn size(&self) -> u64 {
        self.due.saturating_sub(1)
    }

    /// The number that the next frame should have: its own if events were lost before it.
    pub(crate) fn due(&self, next: &Hashed) -> u64 {
        if self.behind.is_lost { self.due.max(next.envelope.seq) } else { self.due }
    }

    /// The last seal so far.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        self.sealed.as_ref()
    }

    /// Where the last commit begins, if there is one before it in its segment, and it does not fit: it may be an append that
    /// was interrupted in its seal.
    fn doubtful_commit(&self) -> Option<Place> {
        self.last_commit.filter(|begin| {
            let is_unfit = !self.behind.seals.is_empty() && !self.does_last_seal_fit();
            is_unfit || self.damages.iter().any(|damage| damage.place() >= *begin)
        })
    }

    /// Where the log may end: before the last commit, if it may be an interrupted append, or behind the last seal.
    pub(crate) fn ends(&self) -> [Option<Place>; 2] {
        [self.doubtful_commit(), self.sealed().map(|sealed| sealed.end)]
    }

    /// Whether the last seal is itself, and fits what it closes, as far as that is known.
    pub(crate) fn does_last_seal_fit(&self) -> bool {
        let last = self.waiting.as_ref().map(|last| last.frame.link);
        self.behind.seals.last().is_some_and(|closing| closing.fits(last))
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

    /// Takes leaves of the frames that were taken last, and gives the roots of the subtrees that they complete. Such that do
    /// not follow on come with damage that says so, and then roots are not looked at.
    pub(crate) fn leaves(&mut self, leaves: &Span) -> Vec<Hash> {
        self.edge.as_mut().and_then(|edge| edge.append(leaves).ok()).unwrap_or_default()
    }

    /// The root over all events so far, if it can be computed.
    pub(crate) fn root(&self) -> Option<Hash> {
        self.edge.as_ref().filter(|edge| self.whole() && edge.size() == self.size()).map(Edge::root)
    }

    /// Bytes that are no record, or a record whose guard is damaged.
    pub(crate) fn fault(&mut self, damage: Damage) {
        self.fit = None;
        let (due, place) = (self.due, damage.place());
        self.find_at(place);
        match damage.code {
            Code::Guard => self.guard_at = Some(place),
            _ => self.behind.is_lost = true,
        }
        self.add(damage.of(due));
    }

    /// A record, or something else, has been found here: if its guard was damaged, nothing is lost by that.
    fn find_at(&mut self, place: Place) {
        if self.guard_at.take().is_some_and(|guard_at| guard_at != place) {
            self.behind.is_lost = true;
        }
    }

    /// The next frame.
    pub(crate) fn frame(&mut self, frame: Hashed) {
        self.find_at(frame.place);
        let is_of_kind = frame.misformed.is_none()
            && self.kind_rule.is_none_or(|rule| rule(self.due, frame.envelope.kind).is_none());
        self.fit.take_if(|fit| fit.frame(&frame).is_err() || !is_of_kind);
        let last = self.waiting.as_ref().map(|waiting| waiting.frame.link);
        if self.behind.is_lost && !(frame.envelope.seq == self.due && self.behind.leads_to(last, &frame)) {
            self.skip_to(frame.envelope.seq);
        }
        if let Some(link) = last.filter(|_| self.waiting.is_some()) {
            self.whole &= self.behind.proves(link, &frame);
        }
        self.move_on(Some(&frame));
        // The leaves are those of events 1 to size only while the numbers follow on.
        self.whole &= frame.envelope.seq == self.due;
        let is_first = frame.envelope.is_first();
        let here = (self.due, frame.place);
        let opened = self.unsealed.filter(|_| !is_first).unwrap_or(here);
        self.unsealed = Some(opened);
        self.waiting = Some(Waiting { frame, due: self.due, opened, is_named: false, is_doubtful: false });
        self.due = self.due.saturating_add(1);
    }

    /// Judges what stands before the waiting frame, now that it is known what is behind that, and lets it be the one before.
    fn move_on(&mut self, next: Option<&Hashed>) {
        let behind = std::mem::take(&mut self.behind);
        if let Some(mut waiting) = self.waiting.take() {
            if next.is_some() && self.fit.is_some() {
                // It follows, and the next one, which stands on it, does too.
                self.last_recorded_at = waiting.frame.envelope.recorded_at;
            } else {
                let vouching = Vouching::of(waiting.frame.link, &behind, next);
                self.judge(&mut waiting, &vouching);
            }
            self.judged = waiting.frame.place;
            self.before = Some(waiting);
        }
        self.gap = behind;
    }

    /// What follows stands on nothing that is known: the joints so far are judged by themselves.
    fn flush(&mut self) {
        self.move_on(None);
        self.close();
        self.whole = false;
    }

    /// Events were lost: nothing can be said of how the next frame fits.
    fn skip_to(&mut self, seq: u64) {
        self.flush();
        self.due = self.due.max(seq);
    }

    /// The next seal, and the digest of what it says. `computed_root` is the root at its place, if it could be computed.
    pub(crate) fn seal(&mut self, place: Place, end: u64, seal: Seal, digest: Hash, computed_root: Option<Hash>) {
        self.find_at(place);
        self.fit.take_if(|fit| fit.seal(place, &seal, digest, computed_root).is_err());
        let last = self.waiting.as_ref().map(|waiting| waiting.frame.link);
        if self.behind.is_lost {
            let follows = seal.size == self.size() && last == Some(seal.link) && self.behind.seals.is_empty();
            if follows {
                self.behind.is_lost = false;
            } else {
                self.skip_to(seal.size.saturating_add(1));
            }
        }
        let size = self.size();
        let recorded_at = self.waiting.as_ref().map_or(self.last_recorded_at, |last| last.frame.envelope.recorded_at);
        let end = Place { segment: place.segment, offset: end };
        self.last_commit = self.sealed.take().map(|sealed| sealed.end).filter(|end| end.segment == place.segment);
        self.sealed = Some(Sealed { head: Head { size, tip: seal.tip }, root: seal.root, recorded_at, end });
        self.unsealed = None;
        if self.behind.header.is_some() || self.behind.base.is_some() {
            self.add(Damage::new(Code::SealEmpty, place, "an event before it", "none").of(size));
            return;
        }
        self.behind.seals.push(Closing { place, seal, digest, root: computed_root, size });
    }

    /// Everything has been seen: what waits for more is judged.
    pub(crate) fn conclude(&mut self) {
        let is_lost = self.behind.is_lost || self.guard_at.is_some();
        self.move_on(None);
        self.close();
        if let (false, Some((seq, place))) = (is_lost, self.unsealed.take()) {
            self.add(Damage::new(Code::SealMissing, place, "a seal behind it", "none").of(seq));
        }
        self.judged = Place { segment: u64::MAX, offset: u64::MAX };
    }

    /// All damages, in order, and how many more there are.
    pub(crate) fn finish(mut self) -> (Vec<Damage>, u64) {
        self.conclude();
        let mut damages = self.damages;
        damages.sort_by_key(|damage| (damage.place(), damage.code));
        damages.dedup_by_key(|damage| (damage.place(), damage.code));
        (damages, self.left_off)
    }
}
