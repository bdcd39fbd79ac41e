//! Writing to a ledger: one commit at a time, all of it or nothing.

use std::ops::ControlFlow;
use std::path::Path;

use super::erasures::Erasures;
use super::error::{Error, ErrorKind};
use super::head::Head;
use super::open::Ledger;
use super::register::Register;
use super::replay::{Step, entry_of, moved_text, show};
use super::salt::Salts;
use super::stage::{Numbered, Policy, Staged};
use super::stager::Stager;
use crate::claim::Problem;
use crate::event::{Event, Genesis, Proposed};
use crate::frame::SEGMENT_FORMAT;
use crate::log;
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
    pub moved_aside: Vec<String>,
    /// Whether the clock had gone back, so that the time of the last event was taken.
    pub is_clock_clamped: bool,
}

/// Who may write to a ledger now: holds its lock until dropped.
pub struct Writer {
    pub(super) log: log::Writer,
    pub(super) stager: Stager,
    pub(super) head: Head,
}

impl Ledger {
    /// Begins a ledger in a folder, under the name `origin`, or one made of the folder's name and eight random
    /// hexadecimal digits.
    ///
    /// # Errors
    /// `Invalid` if there is one already, or the name is unusable; `Io`. There is no new ledger then.
    pub fn create(dir: &Path, origin: Option<&str>, now_micros: i64) -> Result<Head, Error> {
        let mut salts = Salts::new();
        let origin = match origin {
            Some(origin) => origin.to_owned(),
            None => default_origin(dir, salts.next::<4>()?),
        };
        if !Genesis::is_origin(&origin) {
            let message = format!("the origin {origin:?} cannot be used: no white space, no plus sign, nothing hidden");
            return Err(Error::new(ErrorKind::Invalid, message).with_hint("write a name such as example.org/siege"));
        }
        let algorithms = ["blake3", "sha256-rfc6962", "bincode-2"].map(Into::into).to_vec();
        let genesis = Event::Genesis(Genesis { origin: origin.as_str().into(), algorithms, format: SEGMENT_FORMAT });
        let entry = entry_of(&genesis, (Seq(0), Seq(0)), Seq(0), salts.next()?)?;
        let appended = log::Log::create(dir, &[entry], now_micros)?;
        Ok(head_of(&origin, &appended))
    }
}

/// The folder's name, as far as it can stand in a name, and random digits.
fn default_origin(dir: &Path, random: [u8; 4]) -> String {
    let absolute = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let name = absolute.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect();
    let name = if plain.is_empty() { "ledger" } else { &plain };
    format!("{name}-{:08x}", u32::from_be_bytes(random))
}

pub(super) fn head_of(origin: &str, appended: &log::Appended) -> Head {
    let at = appended.cursor.head;
    let recorded_at_micros = appended.cursor.recorded_at;
    Head { origin: origin.to_owned(), size: at.size, hash: at.hash, root: appended.seal.root, recorded_at_micros }
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
        let (mut register, mut head, mut erasures) = (Register::default(), Head::default(), Erasures::default());
        let opened = log::Writer::open_and_see(dir, now_micros, log::Opening::default(), |commit| {
            show(commit, &mut |step| {
                match step {
                    Step::Event(stored) => {
                        erasures.see(&stored);
                        let recorded = &stored.recorded;
                        head.recorded_at_micros = recorded.at_micros;
                        register.apply(recorded.seq, recorded.event.as_ref(), stored.kind, stored.about);
                    }
                    Step::Commit { size, hash, root } => (head.size, head.hash, head.root) = (size, hash, root),
                }
                ControlFlow::Continue(())
            })
        });
        let mut log =
            opened.map_err(|stop| stop.into_error().unwrap_or_else(|| Error::new(ErrorKind::Io, "stopped")))?;
        let unfinished: Vec<u64> = erasures.unfinished()?.iter().map(|seq| seq.0).collect();
        log.erase(&unfinished)?;
        register.catalogue.origin().unwrap_or_default().clone_into(&mut head.origin);
        Ok(Writer { log, stager: Stager::new(register, actor), head })
    }

    /// Records proposals as one commit: all of them, or none.
    ///
    /// # Errors
    /// `Invalid` with the field that is wrong; `Io` if it could not be written. Nothing was recorded.
    pub fn record(mut self, proposed: Vec<Proposed>, policy: Policy, now_micros: i64) -> Result<Receipt, Error> {
        let (mut batch, mut staged) = (Vec::new(), Vec::with_capacity(proposed.len()));
        let first_new = Seq(self.head.size + 1);
        for proposed in proposed {
            staged.push(self.stager.stage(proposed, policy, &mut batch)?);
        }
        if !policy.is_anyway
            && let Some((earlier, _)) = self.stager.contradictions(first_new, 1).first()
        {
            let problem = Problem::new("value", format!("its source says otherwise of the same day in {earlier}"));
            let hint = format!("is this a correction? use `annals correct '{earlier}' …`; else add --anyway");
            return Err(problem.with_hint(hint).into());
        }
        let adds_nothing = staged.iter().all(|staged| staged.is_repeated);
        let mut receipt = Receipt {
            staged,
            head: self.head.clone(),
            new_actor: self.stager.new_actor().filter(|_| !adds_nothing).map(str::to_owned),
            moved_aside: self.moved_aside(),
            is_clock_clamped: false,
        };
        if adds_nothing {
            return Ok(receipt);
        }
        let mut salts = Salts::new();
        let entry = |numbered: &Numbered| entry_of(&numbered.event, numbered.about, self.stager.actor, salts.next()?);
        let entries = batch.iter().map(entry).collect::<Result<Vec<_>, Error>>()?;
        let appended = self.log.append(&entries, now_micros)?;
        receipt.is_clock_clamped = appended.clamped;
        receipt.head = head_of(&self.head.origin, &appended);
        Ok(receipt)
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
