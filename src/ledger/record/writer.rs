//! Writing to a ledger: one commit at a time, all of it or nothing.

use std::path::{Path, PathBuf};

use super::bulk;
use super::erasures::finishing_erasures;
use super::opening::{self, Opened};
use super::sealer::Sealer;
use super::stager::Stager;
use crate::catalogue::Catalogue;
use crate::claim::Problem;
use crate::event::{Proposed, Recorded};
use crate::keys::Ring;
use crate::ledger::effect::Planned;
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::files::evidence::CapturedCopy;
use crate::ledger::files::salt::Salts;
use crate::ledger::head::Head;
use crate::ledger::knowledge::numbered::Numbered;
use crate::ledger::knowledge::past::Past;
use crate::ledger::knowledge::register::Register;
use crate::ledger::plan::policy::Policy;
use crate::ledger::plan::resolve::Route;
use crate::ledger::plan::stage::Staged;
use crate::ledger::read::replay::moved_text;
use crate::ledger::seen::{require_seen_head, see};
use crate::log;
use crate::note::{PrivateKey, SecondKey};
use crate::seq::Seq;
use crate::value::key_problem;
use crate::view::Cache;

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
}

/// Who may write to a ledger now: holds its lock until dropped.
pub struct Writer {
    pub(in crate::ledger) dir: PathBuf,
    /// The cache beside the ledger: some of what is known may have been read from it.
    pub(in crate::ledger) cache: Option<Cache>,
    pub(in crate::ledger) log: log::Writer,
    pub(in crate::ledger) stager: Stager,
    pub(in crate::ledger) head: Head,
    pub(in crate::ledger) sealer: Sealer,
    salts: Salts,
    /// Captured copies that are kept right before what is recorded next.
    copies: Vec<CapturedCopy>,
    /// A proposal was refused, and what came before it in its commit may be taken for recorded.
    is_spent: bool,
}

pub(in crate::ledger) fn head_of(origin: &str, appended: &log::Appended) -> Head {
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
        Writer::behind(dir, (None, None), actor, now_micros)
    }

    /// Opens the ledger by the log alone. In the cache only the newest head is looked for that was seen, and kept: what is about keys
    /// must not rest on what a cache leaves out.
    ///
    /// # Errors
    /// As for [`open`](Writer::open); `Damaged` also if the log no longer holds the newest head that the cache saw.
    pub fn open_beside(dir: &Path, cache: &Cache, actor: &str, now_micros: i64) -> Result<Writer, Error> {
        Writer::behind(dir, (Some(cache), None), actor, now_micros)
    }

    /// Opens the ledger behind what a cache has of it; the cache follows. What it says is taken into no new event before the log was
    /// seen to say it too.
    ///
    /// # Errors
    /// As for [`open`](Writer::open); `Damaged` also if the log no longer holds the newest head that the cache saw.
    pub fn open_cached(dir: &Path, cache: &Cache, actor: &str, now_micros: i64) -> Result<Writer, Error> {
        Writer::behind(dir, (Some(cache), Some(cache)), actor, now_micros)
    }

    /// Opens the ledger beside a cache, and behind what one has of it.
    fn behind(
        dir: &Path,
        (cache, read): (Option<&Cache>, Option<&Cache>),
        actor: &str,
        now_micros: i64,
    ) -> Result<Writer, Error> {
        if let Some(problem) = key_problem(actor) {
            return Err(Problem::new("actor", problem).into());
        }
        if let Some(cache) = cache {
            require_seen_head(dir, cache, "nothing was recorded")?;
        }
        let Opened { log, mut view, head } = finishing_erasures(dir, || opening::open(dir, read, now_micros))?;
        let (keys, catalogue) = (view.keys().clone(), view.take_catalogue());
        let past = Past::new(dir, view, log.edge().clone());
        Ok(Writer {
            dir: dir.to_owned(),
            cache: cache.cloned(),
            log,
            stager: Stager::new(Register::behind(past, catalogue), actor),
            head,
            sealer: Sealer::new(keys),
            salts: Salts::new(),
            copies: Vec::new(),
            is_spent: false,
        })
    }

    /// Keeps captured copies with what is recorded next. If that is refused, no copy is kept.
    pub fn keep(&mut self, copies: Vec<CapturedCopy>) {
        self.copies.extend(copies);
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
        let recorded = self.record_known(proposed, policy, now_micros);
        self.stager.vouch(self.cache.as_ref())?;
        let receipt = recorded?;
        self.is_spent = false;
        Ok(receipt)
    }

    /// What would be recorded of proposals, as one commit, at this time. Nothing is recorded.
    ///
    /// # Errors
    /// `Invalid` with the field that is wrong; `Damaged` if the cache said what the log does not.
    pub fn plan(mut self, proposed: Vec<Proposed>, policy: Policy, now_micros: i64) -> Result<Planned, Error> {
        let planned = self.stage(proposed, policy);
        self.stager.vouch(self.cache.as_ref())?;
        let (batch, staged) = planned?;
        let is_in_vain = staged.iter().all(|staged| staged.is_repeated);
        let batch = if is_in_vain { Vec::new() } else { batch };
        let (actor, at_micros) = (self.stager.actor, now_micros.max(self.head.recorded_at_micros));
        let about = batch.iter().map(|numbered| numbered.about).collect();
        let events = batch.into_iter().map(|Numbered { seq, event, first, .. }| {
            let event = Some(event);
            Recorded { seq, at_micros, actor, event, first }
        });
        let new_actor = self.stager.new_actor().map(str::to_owned);
        Ok(Planned { staged, events: events.collect(), about, new_actor })
    }

    /// Checks and numbers proposals.
    fn stage(&mut self, proposed: Vec<Proposed>, policy: Policy) -> Result<(Vec<Numbered>, Vec<Staged>), Error> {
        let (mut batch, mut staged) = (Vec::new(), Vec::with_capacity(proposed.len()));
        let first_new = Seq(self.head.size + 1);
        for proposed in proposed {
            staged.push(self.stager.stage(proposed, Route::Hand, policy, &mut batch)?);
        }
        if !policy.is_anyway
            && let Some((earlier, _)) = self.stager.contradictions(first_new, 1).first()
        {
            let problem = Problem::new("value", format!("its source says otherwise of the same day in {earlier}"));
            let hint = format!("is this a correction? use `annals correct '{earlier}' …`; else add --anyway");
            return Err(problem.with_hint(hint).into());
        }
        Ok((batch, staged))
    }

    fn record_known(&mut self, proposed: Vec<Proposed>, policy: Policy, now_micros: i64) -> Result<Receipt, Error> {
        let (batch, staged) = self.stage(proposed, policy)?;
        if staged.iter().all(|staged| staged.is_repeated) {
            self.keep_copies()?;
            return Ok(Receipt { new_actor: None, ..self.receipt(staged) });
        }
        self.append(&batch, staged, now_micros)
    }

    fn keep_copies(&mut self) -> Result<(), Error> {
        std::mem::take(&mut self.copies).iter().try_for_each(|copy| copy.keep(&self.dir))
    }

    fn receipt(&self, staged: Vec<Staged>) -> Receipt {
        Receipt {
            staged,
            head: self.head.clone(),
            new_actor: self.stager.new_actor().map(str::to_owned),
            moved_aside: self.moved_aside(),
            is_clock_clamped: false,
        }
    }

    /// Appends a batch, durably, under a seal by who may record it.
    pub(super) fn append(
        &mut self,
        batch: &[Numbered],
        staged: Vec<Staged>,
        now_micros: i64,
    ) -> Result<Receipt, Error> {
        let kinds = batch.iter().map(|numbered| numbered.event.kind()).collect();
        self.sealer.arm(&mut self.log, &self.head, kinds)?;
        self.sealer.vouch(&self.head, &self.stager.register);
        self.stager.vouch(self.cache.as_ref())?;
        self.keep_copies()?;
        let mut receipt = self.receipt(staged);
        let appended = bulk::append(&mut self.log, batch, self.stager.actor, &mut self.salts, now_micros)?;
        see(self.cache.as_ref(), &self.log);
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

    /// What the names of the ledger stand for.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.stager.register.catalogue
    }

    /// Who may seal.
    #[must_use]
    pub fn keys(&self) -> &Ring {
        self.sealer.ring()
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
