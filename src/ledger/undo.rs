//! What somebody recorded last, and whether it can be taken back.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::error::{Error, ErrorKind};
use super::mentions::mentions;
use super::open::Ledger;
use super::replay::{Step, Stored, replay_hiding};
use crate::event::{ActKind, Event, EventKind};
use crate::seq::Seq;

/// The newest commit of an actor, all of whose events can be taken back.
#[derive(Debug, Default)]
pub struct Undoing {
    /// Every event of the commit, in order.
    pub events: Vec<Stored>,
    /// Those that retractions take back, the last first: not who was named first in it, nor a claim that goes with the
    /// correction that brought it, nor what was taken back before.
    pub targets: Vec<Seq>,
}

impl Ledger {
    /// The newest commit of an actor, and which of its events are to be retracted to take it back. Nothing is changed.
    ///
    /// # Errors
    /// `NotFound` if the actor recorded nothing; `Invalid` if the commit holds what cannot be retracted, or if later events
    /// build on it; as for [`open`](Ledger::open).
    pub fn undoing(&self, actor: &str) -> Result<Undoing, Error> {
        let Some(own) = self.facts().catalogue().actor_of_name(actor) else {
            return Err(Error::new(ErrorKind::NotFound, format!("{actor:?} has recorded nothing here")));
        };
        let (mut commit, mut newest) = (Vec::new(), Vec::new());
        let mut later: Vec<(Seq, Vec<Seq>)> = Vec::new();
        replay_hiding(self.dir(), self.hidden(), |step| {
            match step {
                Step::Event(stored) => commit.push(stored),
                Step::Commit(_) => {
                    let events: Vec<Stored> = std::mem::take(&mut commit);
                    if events.iter().any(|stored| stored.recorded.actor == own) {
                        newest = events;
                        later.clear();
                    } else if !newest.is_empty() {
                        later.extend(events.iter().map(named_by));
                    }
                }
            }
            ControlFlow::Continue(())
        })?;
        if newest.is_empty() {
            return Err(Error::new(ErrorKind::NotFound, format!("{actor:?} has recorded nothing here")));
        }
        require_retractable(&newest)?;
        require_unused(&newest, &later)?;
        let targets = self.to_retract(&newest);
        Ok(Undoing { events: newest, targets })
    }

    fn to_retract(&self, events: &[Stored]) -> Vec<Seq> {
        let successors: BTreeSet<Seq> = events
            .iter()
            .filter_map(|stored| match &stored.recorded.event {
                Some(Event::Corrected { successor, .. }) => Some(*successor),
                _ => None,
            })
            .collect();
        let is_left = |stored: &&Stored| {
            let seq = stored.recorded.seq;
            let is_retracted = self.facts().acts_on(seq).iter().any(|act| act.kind == ActKind::Retracted);
            stored.kind.is_retractable() && !is_retracted && !successors.contains(&seq)
        };
        events.iter().rev().filter(is_left).map(|stored| stored.recorded.seq).collect()
    }
}

fn named_by(stored: &Stored) -> (Seq, Vec<Seq>) {
    let mut named = Vec::new();
    if let Some(event) = &stored.recorded.event {
        mentions(event, &mut named);
    }
    (stored.recorded.seq, named)
}

fn require_retractable(events: &[Stored]) -> Result<(), Error> {
    let is_in_the_way = |stored: &&Stored| !stored.kind.is_retractable() && stored.kind != EventKind::ActorRegistered;
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
    let own: BTreeSet<Seq> = events
        .iter()
        .filter(|stored| stored.kind != EventKind::ActorRegistered)
        .map(|stored| stored.recorded.seq)
        .collect();
    let used = later.iter().find_map(|(by, named)| Some((*by, *named.iter().find(|seq| own.contains(seq))?)));
    let Some((by, used)) = used else { return Ok(()) };
    let message = format!("{by} builds on {used}, which you recorded last; nothing was recorded");
    Err(Error::new(ErrorKind::Invalid, message).with_hint("`annals retract` takes back single events"))
}
