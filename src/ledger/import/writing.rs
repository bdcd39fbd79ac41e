//! Where the events of an import go: into one commit, or, where an export is imported, into a commit for each of its commits.

use std::thread::Scope;

use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::files::salt::Salts;
use crate::ledger::knowledge::numbered::Numbered;
use crate::ledger::record::bulk::{self, Encoding};
use crate::log::{self, Appended};
use crate::seq::Seq;
use crate::threads::Threads;

/// What writing needs.
pub(super) struct Start<'s, 'w, 'e, 't> {
    pub(super) scope: &'s Scope<'s, 'e>,
    pub(super) log: &'w mut log::Writer,
    pub(super) threads: &'t Threads,
    pub(super) actor: Seq,
    pub(super) now_micros: i64,
}

/// Where the events go.
pub(super) enum Writing<'s, 'w, 'e, 't> {
    /// Nowhere: nothing will be recorded.
    Nowhere(Vec<Numbered>),
    /// Nothing was read yet.
    Begun(Start<'s, 'w, 'e, 't>, Vec<Numbered>),
    /// Into one commit, which is encoded and written on the way.
    One(Encoding<'s, 'w, 't>),
    /// Into several, which are written when all lines were read.
    Several(Commits<'w>),
}

/// Commits that are not written yet.
pub(super) struct Commits<'w> {
    log: &'w mut log::Writer,
    actor: Seq,
    now_micros: i64,
    /// The ledger's name and the number of the commit there to which the last of them belongs.
    current: Option<(Box<str>, Option<Seq>)>,
    whole: Vec<Vec<Numbered>>,
    /// The last of them.
    open: Vec<Numbered>,
}

impl<'s, 'w: 's> Writing<'s, 'w, '_, '_> {
    /// The first line was read: that of an export, or any other.
    ///
    /// # Errors
    /// `Io`: nothing was recorded.
    pub(super) fn begin(&mut self, is_export: bool) -> Result<(), Error> {
        let begun = std::mem::replace(self, Writing::Nowhere(Vec::new()));
        *self = match begun {
            Writing::Begun(Start { log, actor, now_micros, .. }, _) if is_export => {
                Writing::Several(Commits { log, actor, now_micros, current: None, whole: Vec::new(), open: Vec::new() })
            }
            Writing::Begun(Start { scope, log, threads, actor, now_micros }, _) => {
                Writing::One(Encoding::begin(scope, log.bulk(now_micros)?, threads, actor))
            }
            going_on => going_on,
        };
        Ok(())
    }

    /// Nothing will be recorded.
    pub(super) fn give_up(&mut self) {
        *self = Writing::Nowhere(Vec::new());
    }

    /// A line of this commit of an export follows.
    pub(super) fn commit(&mut self, origin: &str, commit: Option<Seq>) {
        let Writing::Several(all) = self else { return };
        let is_same = all.current.as_ref().is_some_and(|(of, number)| **of == *origin && *number == commit);
        if is_same {
            return;
        }
        all.current = Some((origin.into(), commit));
        all.whole.push(std::mem::take(&mut all.open));
    }

    /// The events that are not passed on yet, for adding others.
    pub(super) fn batch(&mut self) -> &mut Vec<Numbered> {
        match self {
            Writing::Nowhere(events) | Writing::Begun(_, events) => events,
            Writing::One(encoding) => encoding.batch(),
            Writing::Several(all) => &mut all.open,
        }
    }

    /// Passes the events on if they are many.
    ///
    /// # Errors
    /// `Io`: nothing was recorded.
    pub(super) fn pass_on(&mut self) -> Result<(), Error> {
        match self {
            Writing::Nowhere(events) => events.clear(),
            Writing::One(encoding) => encoding.pass_on()?,
            Writing::Begun(..) | Writing::Several(_) => {}
        }
        Ok(())
    }

    /// Writes everything, and says what the last commit came to; `None` if nothing is to be written.
    ///
    /// # Errors
    /// `Io`: nothing was recorded; of several commits those before the one that could not be written were.
    pub(super) fn finish(self) -> Result<Option<Appended>, Error> {
        match self {
            Writing::Nowhere(_) | Writing::Begun(..) => Ok(None),
            Writing::One(encoding) => Ok(Some(encoding.finish()?.finish()?)),
            Writing::Several(all) => all.write(),
        }
    }
}

impl Commits<'_> {
    fn write(self) -> Result<Option<Appended>, Error> {
        let Commits { log, actor, now_micros, whole, open, .. } = self;
        let (mut salts, mut last) = (Salts::new(), None);
        let commits: Vec<Vec<Numbered>> = whole.into_iter().chain([open]).filter(|commit| !commit.is_empty()).collect();
        let count = commits.len();
        for (place, commit) in commits.iter().enumerate() {
            match bulk::append(log, commit, actor, &mut salts, now_micros) {
                Ok(appended) => last = Some(appended),
                Err(error) if place == 0 => return Err(error),
                Err(error) => {
                    let message = format!("{place} of {count} commits were recorded, and then it failed: {error}");
                    return Err(Error::new(ErrorKind::Io, message)
                        .because(error)
                        .with_hint("import the same file again: what was recorded is passed over"));
                }
            }
        }
        Ok(last)
    }
}
