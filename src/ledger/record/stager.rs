//! Who writes, and the events they are about to record: checked and numbered, not written.

use crate::claim::Problem;
use crate::event::{Event, Proposed};
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::knowledge::numbered::Numbered;
use crate::ledger::knowledge::register::Register;
use crate::ledger::plan::policy::Policy;
use crate::ledger::plan::resolve::Route;
use crate::ledger::plan::stage::Staged;
use crate::seq::Seq;
use crate::view::Cache;

/// An actor at the end of a ledger.
#[derive(Debug)]
pub(in crate::ledger) struct Stager {
    pub(in crate::ledger) register: Register,
    pub(in crate::ledger) actor: Seq,
    actor_name: String,
    is_new_actor: bool,
}

impl Stager {
    /// An actor, registered or not, behind these events.
    pub(super) fn new(register: Register, actor_name: &str) -> Stager {
        let known = register.catalogue.actor_of_name(actor_name).inspect(|seq| register.vouch(*seq));
        let actor = known.unwrap_or(Seq(register.size() + 1));
        Stager { register, actor, actor_name: actor_name.to_owned(), is_new_actor: known.is_none() }
    }

    /// Makes sure that what was taken from a cache is what the log says. A cache that says something else goes.
    ///
    /// # Errors
    /// `Damaged` if it says something else: then nothing may be recorded.
    pub(in crate::ledger) fn vouch(&self, cache: Option<&Cache>) -> Result<(), Error> {
        if !self.register.is_doubtful() {
            return Ok(());
        }
        let Some(cache) = cache else {
            let message = "the log was changed while it was read; nothing was recorded";
            return Err(Error::new(ErrorKind::Damaged, message).with_hint("`annals verify` says more"));
        };
        // What cannot be removed is told all the same.
        let _ = cache.clear();
        let message = "the cache did not say what the log says, and was removed; nothing was recorded";
        Err(Error::new(ErrorKind::Damaged, message).with_hint("do it once more: the log is read then"))
    }

    /// What was staged is recorded: the actor is known from then on.
    pub(super) fn is_recorded(&mut self) {
        self.is_new_actor = false;
    }

    /// The actor's name, if this is their first write.
    pub(super) fn new_actor(&self) -> Option<&str> {
        self.is_new_actor.then_some(self.actor_name.as_str())
    }

    /// Checks a proposal and adds its events to a batch; before the first of them an actor who is new is registered, also if the
    /// proposal is refused.
    pub(in crate::ledger) fn stage(
        &mut self,
        proposed: Proposed,
        from: Route,
        policy: Policy,
        batch: &mut Vec<Numbered>,
    ) -> Result<Staged, Problem> {
        self.name_actor(batch);
        let before = batch.len();
        let staged = self.register.plan(proposed, from, self.actor, policy, batch)?;
        if let Some((id, seq)) = &staged.alias {
            self.register.alias_id(id, *seq);
        }
        batch.iter().skip(before).for_each(|numbered| self.apply(numbered));
        Ok(staged)
    }

    /// Adds an event that nobody proposes by a line.
    pub(in crate::ledger) fn add(&mut self, event: Event, batch: &mut Vec<Numbered>) -> Seq {
        self.name_actor(batch);
        self.take(event, batch)
    }

    /// Registers an actor who is new.
    fn name_actor(&mut self, batch: &mut Vec<Numbered>) {
        let is_unregistered = self.is_new_actor && self.register.size() < self.actor.0;
        if is_unregistered {
            self.take(Event::ActorRegistered { name: self.actor_name.as_str().into(), of: None }, batch);
        }
    }

    fn take(&mut self, event: Event, batch: &mut Vec<Numbered>) -> Seq {
        let (seq, identity) = (Seq(self.register.size() + 1), self.register.identity_of(&event));
        let about = event.about(seq, &self.register);
        let numbered = Numbered { seq, event, identity, first: None, about };
        self.apply(&numbered);
        batch.push(numbered);
        seq
    }

    fn apply(&mut self, numbered: &Numbered) {
        self.register.apply(numbered, self.actor);
    }

    /// Pairs of claims of one source, at least one of them new, that say two things of one day.
    pub(in crate::ledger) fn contradictions(&self, first_new: Seq, max: usize) -> Vec<(Seq, Seq)> {
        self.register.contradictions(first_new, max)
    }
}
