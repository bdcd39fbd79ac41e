//! Reading a damaged ledger: what is intact, and what is missing from it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use super::erasures::erased_target;
use super::error::Error;
use super::replay::{Step, Stop, Stored, stored_of, unfinished};
use crate::log::{Code, Damage, Despite, Erasures, Frame, Intact, Log, Place, Unread};
use crate::seq::Seq;

/// What answers from a damaged ledger lack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Events that cannot be read: the first and the last of each run, in order.
    pub events: Vec<(Seq, Seq)>,
    /// Bytes that hold them, or may.
    pub unread: Vec<Unread>,
    /// The damaged places that were met. `verify` may name more.
    pub damages: Vec<Damage>,
    /// How many events there should be.
    pub size: u64,
}

/// How a replay despite damage ended.
pub(super) struct Ended {
    /// None: nothing is damaged.
    pub(super) missing: Option<Missing>,
    /// What an interrupted write left, in words.
    pub(super) unfinished: Option<String>,
}

/// Goes through every event that is intact, and says which are not.
///
/// # Errors
/// `NotFound`, `Io`, and `Unsupported` if the first segment is of a newer format. Damage is no error.
pub(super) fn replay(dir: &Path, mut see: impl FnMut(Step) -> ControlFlow<()>) -> Result<Ended, Error> {
    let mut reading = Reading::default();
    let ended = Log::open(dir)?.scan_despite_damage(|intact| {
        match reading.step(intact).map_or(ControlFlow::Continue(()), &mut see) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stop::Enough),
        }
    });
    match ended {
        Ok(despite) => Ok(reading.end(despite)),
        Err(stop) => stop.into_error().map_or(Ok(Ended { missing: None, unfinished: None }), Err),
    }
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    /// The last event that was shown.
    last: u64,
    events: Vec<(Seq, Seq)>,
    damages: Vec<Damage>,
    unread: Vec<Unread>,
    erasures: Erasures,
    /// The first event behind the last seal.
    commit: u64,
    /// Where events stand whose payloads are gone.
    gone: BTreeMap<Seq, Place>,
}

impl Reading {
    fn step(&mut self, intact: &Intact<'_>) -> Option<Step> {
        match intact {
            Intact::Frame(frame) => self.event(frame).map(Step::Event),
            Intact::Seal(seal) => {
                self.commit = seal.head.size.saturating_add(1);
                (seal.head.size >= self.last).then(|| Step::Commit((*seal).clone()))
            }
        }
    }

    /// The event of a frame, if it can be read and is not one of those that were shown.
    fn event(&mut self, frame: &Frame<'_>) -> Option<Stored> {
        let seq = frame.envelope.seq;
        if seq <= self.last {
            return None;
        }
        let stored = match stored_of(frame) {
            Ok(stored) => Stored { hash: frame.link(), commit: Seq(self.commit.clamp(1, seq)), ..stored },
            Err(error) => {
                let found = error.cause().map_or_else(|| error.to_string(), str::to_owned);
                self.damages.push(Damage::new(Code::PayloadForm, frame.place, "an event", found).of(seq));
                self.unread.push(Unread { from: frame.place, until: frame.place.offset + frame.len_bytes() });
                return None;
            }
        };
        self.lost_until(seq);
        self.last = seq;
        self.erasures.see(frame, erased_target);
        if stored.recorded.event.is_none() {
            self.gone.insert(Seq(seq), frame.place);
        }
        Some(stored)
    }

    /// The events behind the last one, up to before this one, are missing.
    fn lost_until(&mut self, seq: u64) {
        if self.last.saturating_add(1) < seq {
            self.events.push((Seq(self.last.saturating_add(1)), Seq(seq.saturating_sub(1))));
        }
    }

    fn end(mut self, despite: Despite) -> Ended {
        self.lost_until(despite.size.saturating_add(1));
        for seq in self.erasures.unnamed().map(Seq) {
            if let Some(place) = self.gone.get(&seq) {
                let damage = Damage::new(Code::ErasedUnnamed, *place, "its payload, or an erasure", "neither");
                self.damages.push(damage.of(seq.0));
                self.events.push((seq, seq));
            }
        }
        self.events.sort_unstable();
        let unfinished = unfinished(&despite.end);
        let mut damages = despite.damages;
        damages.append(&mut self.damages);
        damages.sort_by_key(|damage| (damage.place(), damage.code));
        let mut unread = despite.unread;
        unread.append(&mut self.unread);
        unread.sort_by_key(|unread| unread.from);
        let missing = Missing { events: self.events, unread, damages, size: despite.size };
        Ended { missing: (!missing.damages.is_empty()).then_some(missing), unfinished }
    }
}
