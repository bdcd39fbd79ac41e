//! Importing lines: every one is checked before any is recorded.

mod copies;
mod differences;
mod exported;
mod keys;
mod numbers;
mod refused;
mod route;
mod told;
mod writing;

use std::collections::BTreeSet;
use std::io::BufRead;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::thread;

use super::error::{Error, ErrorKind};
use super::files::evidence::is_kept;
use super::head::Head;
use super::knowledge::numbered::Numbered;
use super::plan::policy::{FirstUse, Policy};
use super::plan::resolve::Route;
use super::plan::stage::Staged;
use super::record::sealer::Sealer;
use super::record::stager::Stager;
use super::record::writer::{Writer, head_of};
use super::seen::see;
use crate::claim::{Problem, Problems};
use crate::event::Proposed;
use crate::exchange::{EventLine, Exported, Line, LineRead, read_parallel};
use crate::keys::Kinds;
use crate::log;
use crate::seq::Seq;
use crate::threads::with_threads;
use crate::view::Cache;
use copies::digests_of;
use exported::{Exports, ids_of};
use keys::Keys;
pub use keys::{Join, KeyOf};
use refused::Refused;
pub use told::{ImportNews, ImportOptions, ImportReport, Since};
use writing::{Start, Writing};

impl Writer {
    /// Imports lines as one commit; those of an export, which begins by saying of which ledger it is, as one commit for each of
    /// its commits. If a line is bad and the good ones are not to be kept, nothing is recorded, and the report says so:
    /// `refused` is not 0 and `is_recorded` is false.
    ///
    /// # Errors
    /// `Io` if the lines cannot be read or the ledger not be written. Nothing was recorded.
    pub fn import<R: BufRead>(
        self,
        reader: R,
        options: ImportOptions,
        now_micros: i64,
        mut tell: impl FnMut(ImportNews<'_>),
    ) -> Result<ImportReport, Error> {
        let Writer { dir, cache, mut log, stager, head, mut sealer, .. } = self;
        if !options.is_dry_run {
            sealer.arm(&mut log, &head, Kinds::default())?;
            sealer.vouch(&head, &stager.register);
        }
        let ledger = log.ledger().0;
        let ground = Ground { dir, cache: cache.clone(), ledger, stager, head, sealer };
        let report = import_into(&mut log, now_micros, ground, reader, options, &mut tell)?;
        if report.is_recorded {
            see(cache.as_ref(), &log);
        }
        Ok(report)
    }
}

/// What an import goes into.
struct Ground {
    dir: PathBuf,
    cache: Option<Cache>,
    /// The id of this ledger.
    ledger: [u8; 32],
    stager: Stager,
    head: Head,
    sealer: Sealer,
}

/// Imports lines into a log.
fn import_into<R: BufRead>(
    log: &mut log::Writer,
    now_micros: i64,
    ground: Ground,
    reader: R,
    options: ImportOptions,
    mut tell: impl FnMut(ImportNews<'_>),
) -> Result<ImportReport, Error> {
    let Ground { dir, cache, ledger, stager, head, sealer } = ground;
    let first_new = Seq(head.size + 1);
    let policy = Policy {
        is_strict: options.is_strict,
        is_import: true,
        is_anyway: options.is_anyway,
        is_again: options.is_again,
    };
    with_threads(options.threads, |threads| {
        thread::scope(|scope| {
            let start = Start { scope, log, threads, actor: stager.actor, now_micros };
            let is_dry_run = options.is_dry_run;
            let mut import = Import {
                dir,
                ledger,
                policy,
                writing: if is_dry_run { Writing::Nowhere(Vec::new()) } else { Writing::Begun(start, Vec::new()) },
                options,
                report: ImportReport { head, ..ImportReport::default() },
                exports: Exports::default(),
                keys: Keys::default(),
                refused: Refused::default(),
                lines: Vec::new(),
                copies: BTreeSet::new(),
                stager,
                sealer,
                kinds: Kinds::default(),
            };
            let ended = read_parallel(reader, threads, |line| {
                if line.number % 1024 == 0 {
                    tell(ImportNews::BytesRead(line.bytes_read));
                }
                match import.line(line, &mut tell) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(error) => ControlFlow::Break(error),
                }
            });
            match ended {
                Err(error) => {
                    return Err(
                        Error::new(ErrorKind::Io, "could not read the lines; nothing was recorded").because(error)
                    );
                }
                Ok(ControlFlow::Break(error)) => return Err(error),
                Ok(ControlFlow::Continue(())) => {}
            }
            import.warn_of_contradictions(first_new, &mut tell);
            import.stager.vouch(cache.as_ref())?;
            import.finish()
        })
    })
}

struct Import<'s, 'w, 'e, 't> {
    dir: PathBuf,
    ledger: [u8; 32],
    stager: Stager,
    policy: Policy,
    options: ImportOptions,
    report: ImportReport,
    exports: Exports,
    keys: Keys,
    refused: Refused,
    /// The last event of each line that added any, and its number.
    lines: Vec<(Seq, u64)>,
    /// Captured copies that lines refer to.
    copies: BTreeSet<Box<str>>,
    writing: Writing<'s, 'w, 'e, 't>,
    sealer: Sealer,
    kinds: Kinds,
}

impl<'s, 'w: 's> Import<'s, 'w, '_, '_> {
    fn line(&mut self, read: LineRead<'_>, tell: &mut impl FnMut(ImportNews<'_>)) -> Result<(), Error> {
        let staged = match read.line {
            Ok(line) => match *line {
                Line::Event(line) => self.stage(line)?.map_err(|problem| Problems::from(self.by_lines(problem))),
                Line::Export(head) => {
                    self.writing.begin(true)?;
                    self.exports.begin(&head);
                    self.keys.begin();
                    return Ok(());
                }
            },
            Err(problems) => Err(problems),
        };
        self.report.lines += 1;
        match staged {
            Err(problems) => {
                self.report.refused += 1;
                let raw = String::from_utf8_lossy(read.raw);
                self.refused.remember(&raw);
                tell(ImportNews::Refused { line: read.number, problems: &problems, raw: &raw });
                if !self.options.keeps_good {
                    // Nothing will be recorded; the lines after it are only checked.
                    self.writing.give_up();
                }
            }
            Ok(staged) => self.tell_staged(read.number, &staged, tell),
        }
        Ok(())
    }

    fn tell_staged(&mut self, line: u64, staged: &Staged, tell: &mut impl FnMut(ImportNews<'_>)) {
        self.report.skipped += u64::from(staged.is_repeated);
        self.report.left_out += u64::from(staged.is_left_out);
        self.report.events += staged.events;
        if staged.events > 0 {
            self.lines.push((Seq(self.stager.register.size()), line));
        }
        if let (Some(became), Some(seq)) = (staged.became, staged.seq) {
            self.report.since.count(became);
            let told = self.with_lines(&format!("{seq} {}", self.stager.register.became_text(became)));
            tell(ImportNews::Since { line, told: &told });
        }
        for FirstUse { what, key, assumed } in &staged.registered {
            tell(ImportNews::Registered { line, what, key, assumed: assumed.as_deref() });
        }
        for warning in &staged.warnings {
            self.report.warnings += 1;
            tell(ImportNews::Warning { line, warning: &self.with_lines(warning) });
        }
    }

    /// Checks a line and passes its events on. The outer error ends the import.
    fn stage(&mut self, line: EventLine) -> Result<Result<Staged, Problem>, Error> {
        self.writing.begin(false)?;
        if let Some(exported) = &line.exported {
            self.writing.commit(&exported.origin, exported.commit);
        }
        let mut events = std::mem::take(self.writing.batch());
        let (before, digests) = (events.len(), digests_of(&line.proposed));
        let staged = self.staged(line, &mut events);
        if let Ok(Ok(staged)) = &staged {
            self.note_copies_again(digests, staged);
        }
        // Who is new is registered before the first line, and stays so if that is refused.
        for numbered in events.iter().skip(before) {
            self.kinds.add(numbered.event.kind().number());
            self.note_copies(&numbered.event);
        }
        *self.writing.batch() = events;
        self.writing.pass_on()?;
        staged
    }

    fn staged(&mut self, line: EventLine, events: &mut Vec<Numbered>) -> Result<Result<Staged, Problem>, Error> {
        let EventLine { proposed, exported, successor } = line;
        if let Some(problem) = self.refused.hangs_on(&proposed, exported.as_deref()) {
            return Ok(Err(problem));
        }
        let Some(exported) = exported else {
            if let Some(problem) = self.wrong_quote(&proposed)? {
                return Ok(Err(problem));
            }
            return Ok(self.stager.stage(proposed, Route::Hand, self.policy, events));
        };
        Ok(self.stage_exported(proposed, &exported, successor.as_deref(), events))
    }

    fn finish(mut self) -> Result<ImportReport, Error> {
        let is_wanted = self.report.refused == 0 || self.options.keeps_good;
        // Nobody has to wait until what is known of millions of events is taken apart.
        let stager = self.stager;
        thread::spawn(move || drop(stager));
        let missing = self.copies.into_iter().filter(|digest| !is_kept(&self.dir, digest));
        self.report.missing_copies = missing.collect();
        if !is_wanted || self.report.events == 0 || self.options.is_dry_run {
            return Ok(self.report);
        }
        self.sealer.permits(self.kinds)?;
        if let Some(appended) = self.writing.finish()? {
            self.report.head = head_of(&self.report.head.origin, &appended);
            self.report.is_clock_clamped = appended.clamped;
            self.report.is_recorded = true;
        }
        Ok(self.report)
    }

    /// Notes what a line of an export is here.
    fn note_exported(&mut self, exported: &Exported, own_ids: (Option<Box<str>>, Option<Box<str>>), here: Seq) {
        let (there, (id, claim_id), is_from_elsewhere) = (exported.seq, own_ids, exported.first.is_some());
        self.exports.note(there, id, here, is_from_elsewhere);
        if let Some(successor) = self.stager.register.successor_of(here) {
            self.exports.note(Seq(there.0.saturating_sub(1)), claim_id, successor, is_from_elsewhere);
        }
    }
}

/// The own ids of a line, and of the new claim in it.
fn own_ids(proposed: &Proposed) -> (Option<Box<str>>, Option<Box<str>>) {
    let (id, claim) = ids_of(proposed);
    (id.map(Into::into), claim.map(Into::into))
}
