//! What somebody recorded last, and whether it can be taken back.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::event::{Event, EventKind};
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::read::mentions::mentions;
use crate::ledger::read::open::Ledger;
use crate::ledger::read::remarks::Remarks;
use crate::ledger::read::replay::{Step, Stored, replay_hiding};
use crate::seq::Seq;

/// What an actor recorded last, all of which can be taken back.
#[derive(Debug, Default)]
pub struct Undoing {
    /// Every event of it, in order.
    pub events: Vec<Stored>,
    /// Those that retractions take back, the last first: not who was named first in it, nor a claim that goes with the
    /// correction that brought it, nor what was taken back before.
    pub targets: Vec<Seq>,
}

/// Commits of one actor that belong together, and what was recorded by others, or passed over, behind them.
#[derive(Default)]
struct Newest {
    events: Vec<Stored>,
    later: Vec<(Seq, Vec<Seq>)>,
}

impl Ledger {
    /// What an actor recorded last: the newest commit, with all those of the same import where it is one of an import of an
    /// export; and which of its events are to be retracted to take it back. `is_further` passes over what was taken back
    /// already, and over retractions. Nothing is changed.
    ///
    /// # Errors
    /// `NotFound` if the actor recorded nothing; `Invalid` if what cannot be retracted is in it, or if later events build on it;
    /// as for [`open`](Ledger::open).
    pub fn undoing(&self, actor: &str, is_further: bool) -> Result<Undoing, Error> {
        let nothing = || Error::new(ErrorKind::NotFound, format!("{actor:?} has recorded nothing here"));
        let own = self.catalogue().actor_of_name(actor).ok_or_else(nothing)?;
        let remarks = self.remarks()?;
        let Newest { events, later } = self.newest_of(&remarks, own, is_further)?;
        if events.is_empty() {
            return Err(if is_further {
                Error::new(ErrorKind::NotFound, format!("all that {actor:?} recorded is taken back already"))
            } else {
                nothing()
            });
        }
        let targets = to_retract(&remarks, &events);
        if is_done(&remarks, &events) {
            return Err(self.nothing_left(&remarks, own, &events));
        }
        require_retractable(&events)?;
        require_unused(&events, &later)?;
        Ok(Undoing { events, targets })
    }

    /// The newest commits of an actor that belong together.
    fn newest_of(&self, remarks: &Remarks, own: Seq, is_further: bool) -> Result<Newest, Error> {
        let (mut commit, mut newest) = (Vec::new(), Newest::default());
        replay_hiding(self.dir(), self.erased(), |step| {
            match step {
                Step::Event(stored) => commit.push(stored),
                Step::Commit(..) => {
                    let events: Vec<Stored> = std::mem::take(&mut commit);
                    let is_own = events.iter().any(|stored| stored.recorded.actor == own);
                    if is_own && newest.is_joined_by(&events) {
                        newest.events.extend(events);
                    } else if is_own && !(is_further && is_done(remarks, &events)) {
                        newest = Newest { events, later: Vec::new() };
                    } else if !newest.events.is_empty() && !is_done(remarks, &events) {
                        newest.later.extend(events.iter().map(named_by));
                    }
                }
            }
            ControlFlow::Continue(())
        })?;
        Ok(newest)
    }

    /// Why nothing is left to be taken back of what an actor recorded last, and what stands before that.
    fn nothing_left(&self, remarks: &Remarks, own: Seq, events: &[Stored]) -> Error {
        let retraction = events.iter().find(|stored| stored.kind == EventKind::Retracted);
        let told = match retraction.map(|stored| stored.recorded.seq) {
            Some(seq) => format!("takes something back, which cannot be taken back in turn ({seq})"),
            None => "is taken back already".to_owned(),
        };
        let error = Error::new(ErrorKind::Invalid, format!("what you recorded last {told}; nothing was recorded"));
        let before =
            self.newest_of(remarks, own, true).map(|newest| to_retract(remarks, &newest.events)).unwrap_or_default();
        error.with_hint(match before.as_slice() {
            [last, .., first] => {
                format!("before that you recorded {first} to {last}: `annals undo --further` takes these back too")
            }
            [only] => format!("before that you recorded {only}: `annals undo --further` takes that back too"),
            [] => "record once more what is to stand; a claim with --again".to_owned(),
        })
    }
}

/// Whether nothing of a commit is left: it took back what it names, or was taken back.
fn is_done(remarks: &Remarks, events: &[Stored]) -> bool {
    let is_of_such =
        |stored: &Stored| stored.kind == EventKind::Retracted || stored.kind.is_retractable() || is_naming(stored.kind);
    events.iter().all(is_of_such) && to_retract(remarks, events).is_empty()
}

fn to_retract(remarks: &Remarks, events: &[Stored]) -> Vec<Seq> {
    let successors: BTreeSet<Seq> = events
        .iter()
        .filter_map(|stored| match &stored.recorded.event {
            Some(Event::Corrected { successor, .. }) => Some(*successor),
            _ => None,
        })
        .collect();
    let is_left = |stored: &&Stored| {
        let seq = stored.recorded.seq;
        let is_own = !successors.contains(&seq);
        stored.kind.is_retractable() && is_own && remarks.retraction_of(seq).is_none()
    };
    events.iter().rev().filter(is_left).map(|stored| stored.recorded.seq).collect()
}

impl Newest {
    /// Whether a commit right behind these is one of the same import: an import of an export makes a commit of each of its
    /// commits, all at one time, and all that they say was entered elsewhere first.
    fn is_joined_by(&self, events: &[Stored]) -> bool {
        let is_imported = |stored: &Stored| stored.recorded.first.is_some() || is_naming(stored.kind);
        let time = |events: &[Stored]| events.last().map(|stored| stored.recorded.at_micros);
        self.later.is_empty()
            && !self.events.is_empty()
            && time(&self.events) == time(events)
            && self.events.iter().chain(events).all(is_imported)
    }
}

/// Who acts and other ledgers are named for what follows, and stay.
fn is_naming(kind: EventKind) -> bool {
    matches!(kind, EventKind::ActorRegistered | EventKind::LedgerRegistered)
}

fn named_by(stored: &Stored) -> (Seq, Vec<Seq>) {
    let mut named = Vec::new();
    if let Some(event) = &stored.recorded.event {
        mentions(event, &mut named);
    }
    (stored.recorded.seq, named)
}

fn require_retractable(events: &[Stored]) -> Result<(), Error> {
    let own: BTreeSet<Seq> = events.iter().map(|stored| stored.recorded.seq).collect();
    // What an import took back of its own goes with it.
    let takes_back_own = |stored: &Stored| match &stored.recorded.event {
        Some(Event::Retracted(act)) => own.contains(&act.target),
        _ => false,
    };
    let is_in_the_way =
        |stored: &&Stored| !stored.kind.is_retractable() && !is_naming(stored.kind) && !takes_back_own(stored);
    let Some(other) = events.iter().find(is_in_the_way) else { return Ok(()) };
    let seq = other.recorded.seq;
    let (what, hint) = match other.kind {
        EventKind::Retracted => ("takes something back, which cannot be taken back in turn", "record it once more"),
        EventKind::SettingChanged => ("changes a setting", "set it back with `annals setting`"),
        EventKind::KeyAuthorised | EventKind::KeyRevoked => ("changes keys", "`annals key` revokes and authorises"),
        EventKind::PayloadErased => ("erased something", "what is erased is gone"),
        _ => ("cannot be taken back", "`annals retract` takes back single events"),
    };
    let message = format!("what you recorded last {what} ({seq}); nothing was recorded");
    Err(Error::new(ErrorKind::Invalid, message).with_hint(hint))
}

fn require_unused(events: &[Stored], later: &[(Seq, Vec<Seq>)]) -> Result<(), Error> {
    let own: BTreeSet<Seq> =
        events.iter().filter(|stored| !is_naming(stored.kind)).map(|stored| stored.recorded.seq).collect();
    let used = later.iter().find_map(|(by, named)| Some((*by, *named.iter().find(|seq| own.contains(seq))?)));
    let Some((by, used)) = used else { return Ok(()) };
    let message = format!("{by} builds on {used}, which you recorded last; nothing was recorded");
    Err(Error::new(ErrorKind::Invalid, message).with_hint("`annals retract` takes back single events"))
}
