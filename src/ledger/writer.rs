//! Writing to a ledger: one commit at a time, all of it or nothing.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::bulk;
use super::catch_up;
use super::erasures::{finishing_erasures, open_for_appending};
use super::error::{Error, ErrorKind};
use super::feed::{Held, feed};
use super::head::Head;
use super::knowledge::{Knowledge, learn};
use super::part::{Needed, Part, Unread};
use super::replay::{moved_text, replay};
use super::salt::Salts;
use super::sealer::Sealer;
use super::stage::{Numbered, Policy, Staged};
use super::stager::Stager;
use crate::claim::Problem;
use crate::event::Proposed;
use crate::index::Unusable;
use crate::keys::Ring;
use crate::log;
use crate::note::{PrivateKey, SecondKey};
use crate::seq::Seq;
use crate::threads::cores;
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
    pub moved_aside: Vec<String>,
    /// Whether the clock had gone back, so that the time of the last event was taken.
    pub is_clock_clamped: bool,
    /// Why the index could not be brought up to date, if it was due.
    pub index: Option<IndexBehind>,
}

/// The index could not be brought up to date. Nothing is lost by it.
#[derive(Debug)]
pub struct IndexBehind {
    /// What was in the way.
    pub why: Error,
    /// Why the whole log was read, if it was for want of the index.
    pub without: Option<Unusable>,
}

/// Who may write to a ledger now: holds its lock until dropped.
pub struct Writer {
    pub(super) dir: PathBuf,
    pub(super) log: log::Writer,
    pub(super) stager: Stager,
    pub(super) head: Head,
    pub(super) sealer: Sealer,
    /// The ledger's index, if the writer knows only what its proposals touch; `None`: it knows everything.
    part: Option<Part>,
    /// Why everything was read, if for want of the index, and nothing was done about it yet.
    pub(super) without_index: Option<Unusable>,
    /// What it recorded since the index was brought up to date.
    pub(super) held: Held,
    salts: Salts,
    /// A proposal was refused, and what came before it in its commit may be taken for recorded.
    is_spent: bool,
}

pub(super) fn head_of(origin: &str, appended: &log::Appended) -> Head {
    let recorded_at_micros = appended.cursor.recorded_at;
    let mut head = Head { origin: origin.to_owned(), recorded_at_micros, ..Head::default() };
    head.take(appended.seal.clone());
    head
}

impl Writer {
    /// Takes the ledger's lock, waiting for others to finish, and reads what was recorded. What a crash left
    /// unfinished is moved aside; `now_micros` names it. An erasure that was interrupted is finished.
    ///
    /// # Errors
    /// `Invalid` for an unusable actor; `NotFound`, `Damaged`, `Unsupported` and `Io` as for opening. Nothing
    /// was recorded.
    pub fn open(dir: &Path, actor: &str, now_micros: i64) -> Result<Writer, Error> {
        if let Some(problem) = key_problem(actor) {
            return Err(Problem::new("actor", problem).into());
        }
        let writer = Writer::of_part(dir, actor, now_micros).or_else(|unread| {
            // If anything is odd about the index or the log, the replay says so in full.
            let whole = finishing_erasures(dir, || Writer::of_whole(dir, actor, now_micros))?;
            Ok::<_, Error>(Writer { without_index: unread.of_index(), ..whole })
        })?;
        writer.sealer.trusts(&writer.head)?;
        Ok(writer)
    }

    /// By the index: only what was appended behind it is read.
    fn of_part(dir: &Path, actor: &str, now_micros: i64) -> Result<Writer, Unread> {
        let (mut part, log) = Part::to_write(dir, now_micros)?;
        let head = part.head().clone();
        let known = Knowledge::of(part.for_actor(actor)?, head);
        Ok(Writer::knowing(dir, log, known, actor, Some(part)))
    }

    fn of_whole(dir: &Path, actor: &str, now_micros: i64) -> Result<Writer, Error> {
        let mut known = Knowledge::before(dir);
        let log = open_for_appending(dir, now_micros, |step| known.take(step))?;
        Ok(Writer::knowing(dir, log, known.whole()?, actor, None))
    }

    fn knowing(dir: &Path, log: log::Writer, known: Knowledge, actor: &str, part: Option<Part>) -> Writer {
        let Knowledge { register, keys, mut head } = known;
        register.catalogue.origin().unwrap_or_default().clone_into(&mut head.origin);
        Writer {
            dir: dir.to_owned(),
            log,
            stager: Stager::new(register, actor),
            head,
            sealer: Sealer::new(keys),
            part,
            without_index: None,
            held: Held::default(),
            salts: Salts::new(),
            is_spent: false,
        }
    }

    /// Reads everything, whatever was known before.
    ///
    /// # Errors
    /// As for [`open`](Writer::open).
    pub(super) fn know_everything(&mut self) -> Result<(), Error> {
        if self.part.take().is_none() {
            return Ok(());
        }
        let mut known = Knowledge::before(&self.dir);
        replay(&self.dir, |step| {
            known.take(step);
            ControlFlow::Continue(())
        })?;
        self.stager = Stager::new(known.whole()?.register, self.stager.actor_name());
        Ok(())
    }

    /// Reads what these proposals touch.
    fn know(&mut self, proposed: &[Proposed], policy: Policy) -> Result<(), Error> {
        let Some(part) = &mut self.part else { return Ok(()) };
        match part.for_proposals(proposed, policy) {
            Ok(Some(Needed { items, first_keys })) => {
                learn(&mut self.stager.register, items);
                for (kind, listed) in first_keys {
                    self.stager.register.first_keys.add(kind, listed);
                }
                Ok(())
            }
            Ok(None) => self.know_everything(),
            Err(unread) => {
                self.without_index = unread.of_index();
                self.know_everything()
            }
        }
    }

    /// Records proposals as one commit: all of them, or none.
    ///
    /// # Errors
    /// `Invalid` with the field that is wrong; `Io` if it could not be written. Nothing was recorded.
    pub fn record(&mut self, proposed: Vec<Proposed>, policy: Policy, now_micros: i64) -> Result<Receipt, Error> {
        if std::mem::replace(&mut self.is_spent, true) {
            let message = "this writer refused a proposal before; nothing was recorded";
            return Err(Error::new(ErrorKind::Invalid, message).with_hint("open another"));
        }
        self.know(&proposed, policy)?;
        self.stager.register.gather_certain();
        let receipt = self.record_known(proposed, policy, now_micros)?;
        self.is_spent = false;
        Ok(receipt)
    }

    fn record_known(&mut self, proposed: Vec<Proposed>, policy: Policy, now_micros: i64) -> Result<Receipt, Error> {
        let (mut batch, mut staged) = (Vec::new(), Vec::with_capacity(proposed.len()));
        let first_new = Seq(self.head.size + 1);
        for proposed in proposed {
            let one = self.stager.stage(proposed, policy, &mut batch);
            self.stager.register.intact()?;
            staged.push(one?);
        }
        if !policy.is_anyway
            && let Some((earlier, _)) = self.stager.contradictions(first_new, 1).first()
        {
            let problem = Problem::new("value", format!("its source says otherwise of the same day in {earlier}"));
            let hint = format!("is this a correction? use `annals correct '{earlier}' …`; else add --anyway");
            return Err(problem.with_hint(hint).into());
        }
        let before = self.head.size;
        if staged.iter().all(|staged| staged.is_repeated) {
            let index = self.keep_index(before);
            return Ok(Receipt { new_actor: None, index, ..self.receipt(staged) });
        }
        let mut receipt = self.append(&batch, staged, now_micros)?;
        receipt.index = self.keep_index(before);
        Ok(receipt)
    }

    fn receipt(&self, staged: Vec<Staged>) -> Receipt {
        Receipt {
            staged,
            head: self.head.clone(),
            new_actor: self.stager.new_actor().map(str::to_owned),
            moved_aside: self.moved_aside(),
            is_clock_clamped: false,
            index: None,
        }
    }

    /// Appends a batch, durably, under a seal by who may record it.
    pub(super) fn append(
        &mut self,
        batch: &[Numbered],
        staged: Vec<Staged>,
        now_micros: i64,
    ) -> Result<Receipt, Error> {
        self.stager.register.intact()?;
        let kinds = batch.iter().map(|numbered| numbered.event.kind()).collect();
        self.sealer.arm(&mut self.log, &self.head, kinds)?;
        let mut receipt = self.receipt(staged);
        let begin = self.log.cursor();
        let (appended, gathered) = bulk::append(&mut self.log, batch, self.stager.actor, &mut self.salts, now_micros)?;
        self.held.add(gathered, begin, &self.log);
        receipt.is_clock_clamped = appended.clamped;
        receipt.head = head_of(&self.head.origin, &appended);
        self.sealer.is_recorded(batch, receipt.head.size);
        self.stager.is_recorded();
        self.head = receipt.head.clone();
        Ok(receipt)
    }

    /// Seals with this key what is recorded from now on, if the ledger is signed.
    pub fn sign_with(&mut self, key: PrivateKey) {
        self.sealer.sign_with(key);
    }

    /// Signs with this key a second time what is sealed from now on, if the ledger is signed.
    pub fn sign_also_with(&mut self, key: SecondKey) {
        self.sealer.sign_also_with(key);
    }

    /// Who may seal.
    #[must_use]
    pub fn keys(&self) -> &Ring {
        self.sealer.ring()
    }

    /// Brings the index up to the log's end now and then, and at once if everything had to be read for want of it; says what is
    /// in the way of it, which is no harm.
    pub(super) fn keep_index(&mut self, size_before: u64) -> Option<IndexBehind> {
        let size = self.head.size;
        let without = self.without_index.take_if(|unusable| unusable.matters(size));
        if without.is_none() && !catch_up::is_due(size_before, size) {
            return None;
        }
        let (fed, threads) = (self.held.take(), if without.is_some() { cores() } else { 1 });
        let kept = match &mut self.part {
            Some(part) => part.catch_up(&self.dir, fed),
            None if fed.is_some_and(|fed| feed(&self.dir, fed, threads).unwrap_or(false)) => Ok(()),
            None => catch_up::catch_up(&self.dir, threads),
        };
        kept.err().map(|why| IndexBehind { why, without })
    }

    /// What was moved aside when the ledger was opened, in words.
    #[must_use]
    pub fn moved_aside(&self) -> Vec<String> {
        self.log.moved_aside().iter().map(moved_text).collect()
    }

    /// The actor's name, if this is their first write.
    #[must_use]
    pub fn new_actor(&self) -> Option<&str> {
        self.stager.new_actor()
    }
}
