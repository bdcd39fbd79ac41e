//! Reading a damaged ledger: what is intact, and what is missing from it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use foldhash::HashSet;

use super::replay::{Step, Stop, Stored, hide, see_erasure, stored_of, unfinished};
use super::salvage::Salvage;
use crate::keys::Wrong;
use crate::ledger::error::Error;
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
#[derive(Default)]
pub(super) struct Ended {
    /// None: nothing is damaged.
    pub(super) missing: Option<Missing>,
    /// What an interrupted write left, in words.
    pub(super) unfinished: Option<String>,
    /// The events whose payloads an erasure names and that are still there.
    pub(super) still_there: BTreeSet<u64>,
}

/// Goes through every event that is intact, and says which are not.
///
/// # Errors
/// `NotFound`, `Io`, and `Unsupported` if the first segment is of a newer format. Damage is no error.
pub(super) fn replay(
    dir: &Path,
    hidden: &HashSet<Seq>,
    mut see: impl FnMut(Step) -> ControlFlow<()>,
) -> Result<Ended, Error> {
    let mut reading = Reading::default();
    let mut see = |step| see(hide(step, hidden));
    let mut pass_on = |steps: Vec<Step>| match steps.into_iter().try_for_each(&mut see) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Stop::Enough),
    };
    let ended = Log::open(dir)?.scan_despite_damage(|intact| pass_on(reading.steps(intact)));
    match ended.and_then(|despite| pass_on(reading.last_steps()).map(|()| despite)) {
        Ok(despite) => Ok(reading.end(despite)),
        Err(stop) => stop.into_error().map_or(Ok(Ended::default()), Err),
    }
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    salvage: Salvage,
    /// Events of commits that have not been judged: they are shown if a commit behind them counts.
    open: Vec<Stored>,
    /// A commit did not count: nothing from its first event on is shown.
    is_over: bool,
    /// The last event that was read.
    last: u64,
    events: Vec<(Seq, Seq)>,
    damages: Vec<Damage>,
    unread: Vec<Unread>,
    erasures: Erasures,
    /// What commits that count erase and is still there.
    still_there: BTreeSet<u64>,
    /// What the commit that is open erases and is still there; the commit has not been judged.
    named: BTreeSet<u64>,
    /// The first event behind the last seal.
    commit: u64,
    /// Where events stand whose payloads are gone.
    gone: BTreeMap<Seq, Place>,
}

impl Reading {
    fn steps(&mut self, intact: &Intact<'_>) -> Vec<Step> {
        match intact {
            _ if self.is_over => Vec::new(),
            Intact::Frame(frame) if frame.envelope.seq <= self.last => Vec::new(),
            Intact::Frame(frame) => {
                self.salvage.frame(frame);
                let event = self.event(frame);
                self.open.extend(event);
                Vec::new()
            }
            Intact::Seal(_, seal) if seal.size < self.last => Vec::new(),
            Intact::Seal(place, seal) => match self.salvage.seal(seal, true) {
                Ok(()) => {
                    self.commit = seal.size.saturating_add(1);
                    self.still_there.append(&mut self.named);
                    let events = std::mem::take(&mut self.open).into_iter().map(Step::Event);
                    events.chain([Step::Commit(seal.clone(), Vec::new())]).collect()
                }
                Err(wrong) => {
                    self.is_over = true;
                    self.drop_open();
                    let code =
                        if matches!(wrong, Wrong::NotAllowed(..)) { Code::SealRole } else { Code::SealSignature };
                    let found = format!("{wrong}: nothing from that commit on is read");
                    self.damages.push(Damage::new(code, *place, "a commit that counts", found).of(seal.size));
                    Vec::new()
                }
            },
        }
    }

    /// The steps that are left when everything has been read: what was not judged is only shown where nobody has to sign.
    fn last_steps(&mut self) -> Vec<Step> {
        if self.salvage.is_signed() {
            self.drop_open();
        }
        std::mem::take(&mut self.open).into_iter().map(Step::Event).collect()
    }

    /// Events that are not shown are missing.
    fn drop_open(&mut self) {
        let open = std::mem::take(&mut self.open);
        self.events.extend(open.iter().map(|stored| (stored.recorded.seq, stored.recorded.seq)));
    }

    /// The event of a frame, if it can be read.
    fn event(&mut self, frame: &Frame<'_>) -> Option<Stored> {
        let seq = frame.envelope.seq;
        let stored = match stored_of(frame) {
            Ok(stored) => {
                stored.map(|stored| Stored { hash: frame.link(), commit: Seq(self.commit.clamp(1, seq)), ..stored })
            }
            Err(error) => {
                let found = error.cause().map_or_else(|| error.to_string(), str::to_owned);
                self.damages.push(Damage::new(Code::PayloadForm, frame.place, "an event", found).of(seq));
                self.unread.push(Unread { from: frame.place, until: frame.place.offset + frame.len_bytes() });
                return None;
            }
        };
        self.lost_until(seq);
        self.last = seq;
        self.named.extend(see_erasure(&mut self.erasures, frame));
        if stored.as_ref().is_some_and(|stored| stored.recorded.event.is_none()) {
            self.gone.insert(Seq(seq), frame.place);
        }
        stored
    }

    /// The events behind the last one, up to before this one, are missing.
    fn lost_until(&mut self, seq: u64) {
        if self.last.saturating_add(1) < seq {
            self.events.push((Seq(self.last.saturating_add(1)), Seq(seq.saturating_sub(1))));
        }
    }

    fn end(mut self, despite: Despite) -> Ended {
        self.lost_until(despite.size.saturating_add(1));
        // What erases it may stand in what was not read.
        for seq in self.erasures.unnamed().map(Seq).filter(|_| !self.is_over) {
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
        let missing = (!missing.damages.is_empty()).then_some(missing);
        Ended { missing, unfinished, still_there: self.still_there }
    }
}
