//! Writing to a ledger: one commit at a time, all of it or nothing.

use std::path::Path;

use super::certain::contradictions;
use super::error::{Error, ErrorKind};
use super::head::Head;
use super::register::Register;
use super::stage::{Numbered, Policy, Staged};
use crate::claim::Problem;
use crate::event::{Event, Proposed};
use crate::seq::Seq;
use crate::value::key_problem;

/// What a commit recorded.
#[derive(Debug)]
pub struct Receipt {
    /// What became of each proposal.
    pub staged: Vec<Staged>,
    /// The head after it.
    pub head: Head,
    /// The actor's name, if this was their first write.
    pub new_actor: Option<String>,
    /// What was moved aside before writing, in words.
    pub moved_aside: Option<String>,
    /// Whether the clock had gone back, so that the time of the last event was taken.
    pub is_clock_clamped: bool,
    pub(super) hashes: Vec<(Seq, String)>,
}

impl Receipt {
    /// The hash of an event that was recorded, in hexadecimal digits.
    #[must_use]
    pub fn hash_of(&self, seq: Seq) -> Option<String> {
        self.hashes.iter().find(|(own, _)| *own == seq).map(|(_, hash)| hash.clone())
    }
}

/// Who may write to a ledger now: holds its lock until dropped.
#[derive(Debug)]
pub struct Writer {
    pub(super) log: super::replay::LogWriter,
    pub(super) register: Register,
    pub(super) head: Head,
    pub(super) actor: Seq,
    actor_name: String,
    is_new_actor: bool,
    moved_aside: Option<String>,
}

impl Writer {
    /// Takes the ledger's lock, waiting for others to finish, and reads what was recorded. What a crash left
    /// unfinished is moved aside; `now_micros` names it.
    ///
    /// # Errors
    /// `Invalid` for an unusable actor; `NotFound`, `Damaged`, `Unsupported` and `Io` as for opening. Nothing
    /// was recorded.
    pub fn open(dir: &Path, actor: &str, now_micros: i64) -> Result<Writer, Error> {
        if let Some(problem) = key_problem(actor) {
            return Err(Problem::new("actor", problem).into());
        }
        let mut register = Register::default();
        let mut head = Head::default();
        let (log, moved_aside) = super::replay::open_writer(dir, now_micros, &mut register, &mut head)?;
        head.origin = register.catalogue.origin().unwrap_or_default().to_owned();
        let known = register.catalogue.actor_of_name(actor);
        let is_new_actor = known.is_none();
        let actor_seq = known.unwrap_or(Seq(register.size() + 1));
        Ok(Writer { log, register, head, actor: actor_seq, actor_name: actor.to_owned(), is_new_actor, moved_aside })
    }

    /// Records proposals as one commit: all of them, or none.
    ///
    /// # Errors
    /// `Invalid` with the field that is wrong; `Io` if it could not be written, after which this writer is of no
    /// further use. Nothing was recorded.
    pub fn record(mut self, proposed: Vec<Proposed>, policy: Policy, now_micros: i64) -> Result<Receipt, Error> {
        let mut batch = self.begin();
        let mut staged = Vec::with_capacity(proposed.len());
        for proposed in proposed {
            staged.push(self.stage(proposed, policy, &mut batch)?);
        }
        if !policy.is_anyway
            && let Some((earlier, later)) = self.first_contradiction(&batch)
        {
            let later = if later > Seq(self.head.size) { "this claim".to_owned() } else { later.to_string() };
            let problem = Problem::new("value", format!("its source says otherwise for the same day in {earlier} ({later})"));
            let hint = format!("is this a correction? use `annals correct {earlier} …`; else add --anyway");
            return Err(problem.with_hint(hint).into());
        }
        self.commit(batch, staged, now_micros)
    }

    /// The events of a commit so far: the actor's registration, if they are new.
    pub(super) fn begin(&mut self) -> Vec<Numbered> {
        if !self.is_new_actor {
            return Vec::new();
        }
        let event = Event::ActorRegistered { name: self.actor_name.as_str().into() };
        vec![Numbered { seq: self.actor, event, about: (Seq(0), Seq(0)) }]
    }

    /// Checks one proposal and adds its events to a batch.
    pub(super) fn stage(
        &mut self,
        proposed: Proposed,
        policy: Policy,
        batch: &mut Vec<Numbered>,
    ) -> Result<Staged, Problem> {
        if self.register.size() < self.actor.0 && self.is_new_actor {
            let event = Event::ActorRegistered { name: self.actor_name.as_str().into() };
            self.register.apply(self.actor, Some(&event), event.kind(), (Seq(0), Seq(0)));
        }
        let (events, staged) = self.register.plan(proposed, policy)?;
        for numbered in events {
            self.register.apply(numbered.seq, Some(&numbered.event), numbered.event.kind(), numbered.about);
            batch.push(numbered);
        }
        Ok(staged)
    }

    fn first_contradiction(&self, batch: &[Numbered]) -> Option<(Seq, Seq)> {
        let first_new = batch.iter().find(|numbered| matches!(numbered.event, Event::ClaimAsserted(_)))?.seq;
        let is_live = |claim| self.register.is_live(claim);
        contradictions(&self.register.certain, first_new, &self.register.catalogue, is_live, 1).into_iter().next()
    }

    fn commit(mut self, batch: Vec<Numbered>, staged: Vec<Staged>, now_micros: i64) -> Result<Receipt, Error> {
        let adds_nothing = staged.iter().all(|staged| staged.is_repeated);
        let mut receipt = Receipt {
            staged,
            head: self.head.clone(),
            new_actor: (self.is_new_actor && !adds_nothing).then(|| self.actor_name.clone()),
            moved_aside: self.moved_aside.clone(),
            is_clock_clamped: false,
            hashes: Vec::new(),
        };
        if adds_nothing {
            return Ok(receipt);
        }
        let appended = self.log.append(&batch, self.actor, now_micros)?;
        receipt.is_clock_clamped = appended.is_clamped;
        receipt.hashes = appended.hashes;
        receipt.head = Head { origin: self.head.origin.clone(), ..appended.head };
        Ok(receipt)
    }

    /// What was moved aside when the ledger was opened, in words.
    #[must_use]
    pub fn moved_aside(&self) -> Option<&str> {
        self.moved_aside.as_deref()
    }

    /// The actor's name, if this is their first write.
    #[must_use]
    pub fn new_actor(&self) -> Option<&str> {
        self.is_new_actor.then_some(self.actor_name.as_str())
    }
}

/// A failure that leaves nothing recorded.
pub(super) fn not_recorded(kind: ErrorKind, message: &str) -> Error {
    Error::new(kind, format!("{message}; nothing was recorded"))
}
