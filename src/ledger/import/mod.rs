//! Importing lines: every one is checked before any is recorded, and all are one commit.

mod exported;
mod told;

use std::io::BufRead;
use std::ops::ControlFlow;
use std::thread;

use foldhash::HashSet;

use super::bulk::Encoding;
use super::error::{Error, ErrorKind};
use super::head::Head;
use super::sealer::Sealer;
use super::resolve::Route;
use super::stage::{FirstUse, Numbered, Policy, Staged};
use super::stager::Stager;
use super::writer::{Writer, head_of};
use crate::claim::Problem;
use crate::event::Proposed;
use crate::exchange::{Line, LineRead, read_parallel};
use crate::keys::Kinds;
use crate::log::Bulk;
use crate::seq::Seq;
use crate::threads::with_threads;
use exported::Exported;
pub use told::{ImportNews, ImportOptions, ImportReport};

/// How many contradictions of a source with itself are told.
const CONTRADICTIONS_TOLD_MAX: usize = 100;

impl Writer {
    /// Imports lines as one commit. If one is bad and the good ones are not to be kept, nothing is recorded,
    /// and the report says so: `refused` is not 0 and `is_recorded` is false.
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
        let Writer { mut log, stager, head, mut sealer, .. } = self;
        if !options.is_dry_run {
            sealer.arm(&mut log, &head, Kinds::default())?;
        }
        import_into(log.bulk(now_micros)?, stager, head, sealer, reader, options, &mut tell)
    }
}

/// Imports lines into a commit.
fn import_into<R: BufRead>(
    bulk: Bulk<'_>,
    stager: Stager,
    head: Head,
    sealer: Sealer,
    reader: R,
    options: ImportOptions,
    mut tell: impl FnMut(ImportNews<'_>),
) -> Result<ImportReport, Error> {
    let first_new = Seq(head.size + 1);
    with_threads(options.threads, |threads| {
        thread::scope(|scope| {
            let mut import = Import {
                policy: Policy { is_strict: options.is_strict, is_import: true, ..Policy::default() },
                options,
                report: ImportReport { head, ..ImportReport::default() },
                exported: Exported::default(),
                refused_names: HashSet::default(),
                encoding: (!options.is_dry_run).then(|| Encoding::begin(scope, bulk, threads, stager.actor)),
                unwritten: Vec::new(),
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
            import.finish()
        })
    })
}

struct Import<'s, 'w, 't> {
    stager: Stager,
    policy: Policy,
    options: ImportOptions,
    report: ImportReport,
    exported: Exported,
    /// Keys and ids of refused lines: what uses them is refused too.
    refused_names: HashSet<(NameKind, Box<str>)>,
    /// The commit being written; none where nothing will be recorded.
    encoding: Option<Encoding<'s, 'w, 't>>,
    /// The events of a line where nothing will be recorded.
    unwritten: Vec<Numbered>,
    sealer: Sealer,
    kinds: Kinds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum NameKind {
    Attribute,
    Entity,
    Source,
}

impl<'s, 'w: 's> Import<'s, 'w, '_> {
    fn line(&mut self, read: LineRead<'_>, tell: &mut impl FnMut(ImportNews<'_>)) -> Result<(), Error> {
        self.report.lines += 1;
        let staged = match read.line {
            Ok(line) => self.stage(*line)?,
            Err(problem) => Err(problem),
        };
        match staged {
            Err(problem) => {
                self.report.refused += 1;
                let raw = String::from_utf8_lossy(read.raw);
                self.remember_refused(&raw);
                tell(ImportNews::Refused { line: read.number, problem: &problem, raw: &raw });
                if !self.options.keeps_good {
                    // Nothing will be recorded; the lines after it are only checked.
                    self.encoding = None;
                }
            }
            Ok(staged) => {
                self.report.skipped += u64::from(staged.is_repeated);
                self.report.events += staged.events;
                for FirstUse { what, key, .. } in &staged.registered {
                    tell(ImportNews::Registered { line: read.number, what, key });
                }
                for warning in &staged.warnings {
                    self.report.warnings += 1;
                    tell(ImportNews::Warning { line: read.number, warning });
                }
            }
        }
        Ok(())
    }

    /// Checks a line and passes its events on. The outer error ends the import.
    fn stage(&mut self, line: Line) -> Result<Result<Staged, Problem>, Error> {
        let Line { mut proposed, exported } = line;
        if exported.is_some() {
            self.exported.translate(&mut proposed);
        }
        if let Some(problem) = self.depends_on_refused(&proposed) {
            return Ok(Err(problem));
        }
        self.unwritten.clear();
        let events = self.encoding.as_mut().map_or(&mut self.unwritten, Encoding::batch);
        let before = events.len();
        let staged = self.stager.stage(proposed, Route::Hand, self.policy, events);
        // Who is new is registered before the first line, and stays so if that is refused.
        for numbered in events.iter().skip(before) {
            self.kinds.add(numbered.event.kind().number());
        }
        if let Some(encoding) = &mut self.encoding {
            encoding.pass_on()?;
        }
        let staged = match staged {
            Ok(staged) => staged,
            Err(problem) => return Ok(Err(problem)),
        };
        if let (Some(exported), Some(seq)) = (exported, staged.seq) {
            self.exported.note(exported.seq, seq);
        }
        Ok(Ok(staged))
    }

    fn warn_of_contradictions(&mut self, first_new: Seq, tell: &mut impl FnMut(ImportNews<'_>)) {
        let found = self.stager.contradictions(first_new, CONTRADICTIONS_TOLD_MAX);
        for (earlier, later) in found {
            self.report.warnings += 1;
            let warning = format!("one source says two things of one day: {earlier} and {later}");
            tell(ImportNews::Warning { line: 0, warning: &warning });
        }
    }

    fn finish(mut self) -> Result<ImportReport, Error> {
        let is_kept = self.report.refused == 0 || self.options.keeps_good;
        // Nobody has to wait until what is known of millions of events is taken apart.
        let stager = self.stager;
        thread::spawn(move || drop(stager));
        if let Some(encoding) = self.encoding.filter(|_| is_kept && self.report.events > 0) {
            self.sealer.permits(self.kinds)?;
            let appended = encoding.finish()?.finish()?;
            self.report.head = head_of(&self.report.head.origin, &appended);
            self.report.is_clock_clamped = appended.clamped;
            self.report.is_recorded = true;
        }
        Ok(self.report)
    }

    /// Remembers the key of a refused registration, so that nothing registers it by using it.
    fn remember_refused(&mut self, raw: &str) {
        let Ok(line) = serde_json::from_str::<serde_json::Value>(raw) else { return };
        let text = |field: &str| line.get(field).and_then(serde_json::Value::as_str);
        let kind = match text("type") {
            Some("attribute") => NameKind::Attribute,
            Some("entity") => NameKind::Entity,
            Some("source") => NameKind::Source,
            _ => return,
        };
        if let Some(key) = text("key") {
            self.refused_names.insert((kind, key.into()));
        }
    }

    fn depends_on_refused(&self, proposed: &Proposed) -> Option<Problem> {
        if self.refused_names.is_empty() {
            return None;
        }
        let (Proposed::Claim(claim) | Proposed::Correction { claim, .. }) = proposed else {
            return None;
        };
        let is_refused = |kind, key: &str| self.refused_names.contains(&(kind, key.into()));
        let field = if is_refused(NameKind::Entity, &claim.subject) {
            "subject"
        } else if is_refused(NameKind::Attribute, &claim.attribute) {
            "attribute"
        } else if claim.chain.iter().any(|link| is_refused(NameKind::Source, &link.who)) {
            "chain"
        } else {
            return None;
        };
        Some(Problem::new(field, "depends on a line that is refused"))
    }
}
