//! Between the log's bytes and the ledger's events: commits decoded, events encoded.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use foldhash::HashSet;

use super::erased::{all_named, erased_target};
use crate::chain::Hash;
use crate::codec;
use crate::event::{Event, EventKind, First, Genesis, LATER_KINDS, Recorded};
use crate::frame::{Envelope, SEGMENT_FORMAT, Seal};
use crate::keys::{Counting, Ring, Wrong};
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::head::Head;
use crate::log::{self, Erasures};
use crate::seq::Seq;
use crate::view::{Taken, ViewBuilder};

/// An event as it lies in the log.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The event, its number, time and actor.
    pub recorded: Recorded,
    /// Its kind, which is known also if its payload was erased.
    pub kind: EventKind,
    /// The subject and attribute it is about; 0 where it is not about one.
    pub about: (Seq, Seq),
    /// Its link.
    pub hash: Hash,
    /// The first event of its commit.
    pub commit: Seq,
    /// Where its record begins in its segment, in bytes.
    pub offset: u64,
}

impl Stored {
    /// Whether it erases one of the events up to another.
    pub(in crate::ledger) fn erases_up_to(&self, last: Seq) -> bool {
        matches!(&self.recorded.event, Some(Event::PayloadErased { target, .. }) if *target <= last)
    }

    /// This event on its way into a View.
    pub(in crate::ledger) fn taken(&self) -> Taken<'_> {
        let Stored { recorded, kind, about, hash, offset, .. } = self;
        Taken { recorded, kind: *kind, about: *about, link: *hash, offset: *offset }
    }

    /// This event as it is once it was erased.
    pub(super) fn without_payload(self) -> Stored {
        Stored { recorded: Recorded { event: None, first: None, ..self.recorded }, ..self }
    }
}

/// What a replay shows, in order.
#[expect(clippy::large_enum_variant, reason = "it is passed on at once and never kept")]
#[derive(Debug)]
pub(crate) enum Step {
    /// An event of a whole commit.
    Event(Stored),
    /// The end of a commit: its seal, and the roots of the tree's subtrees that it completes, where they are known.
    Commit(Seal, Vec<Hash>),
}

impl Step {
    /// Takes it into a View, and the head along.
    pub(in crate::ledger) fn take_into(self, head: &mut Head, view: &mut ViewBuilder) {
        match self {
            Step::Event(stored) => {
                head.recorded_at_micros = stored.recorded.at_micros;
                view.take(stored.taken());
            }
            Step::Commit(seal, roots) => {
                view.close_commit(Seq(seal.size), head.recorded_at_micros, &roots);
                head.take(seal);
            }
        }
    }
}

/// Ends a scan early or with an error of either floor.
pub(crate) enum Stop {
    Log(log::Error),
    Ledger(Error),
    Enough,
}

impl From<log::Error> for Stop {
    fn from(error: log::Error) -> Stop {
        Stop::Log(error)
    }
}

impl Stop {
    /// The error, or nothing if it was enough.
    pub(crate) fn into_error(self) -> Option<Error> {
        match self {
            Stop::Log(error) => Some(error.into()),
            Stop::Ledger(error) => Some(error),
            Stop::Enough => None,
        }
    }
}

/// Goes through every commit, and says what an interrupted write left behind the last one.
///
/// # Errors
/// `Damaged`, also if a payload is gone that no erasure names; `NotFound`, `Unsupported`, `Io`.
pub(crate) fn replay(dir: &Path, see: impl FnMut(Step) -> ControlFlow<()>) -> Result<Option<String>, Error> {
    replay_hiding(dir, &HashSet::default(), see)
}

/// How a replay ended.
#[derive(Default)]
pub(super) struct Ended {
    /// What an interrupted write left behind the last commit, in words.
    pub(super) unfinished: Option<String>,
    /// The place behind the last commit, if one was shown.
    pub(super) known: Option<log::Known>,
    /// The events whose payloads an erasure names and that are still there.
    pub(super) still_there: BTreeSet<u64>,
}

/// Goes through a log as [`replay`] does, showing these events as erased, whatever bytes stand there.
///
/// # Errors
/// As [`replay`].
pub(crate) fn replay_hiding(
    dir: &Path,
    hidden: &HashSet<Seq>,
    mut see: impl FnMut(Step) -> ControlFlow<()>,
) -> Result<Option<String>, Error> {
    let scan = log::Log::open(dir)?.commits(log::Since::Start)?;
    let ended = Reading::default().replay(scan, |step| see(hide(step, hidden)))?;
    Ok(ended.and_then(|ended| ended.unfinished))
}

/// A step, without what an event says that is one of these.
pub(super) fn hide(step: Step, hidden: &HashSet<Seq>) -> Step {
    match step {
        Step::Event(stored) if hidden.contains(&stored.recorded.seq) => Step::Event(stored.without_payload()),
        step => step,
    }
}

/// What has been read of a log from its start: which commits count, and what was erased.
#[derive(Default)]
pub(crate) struct Reading {
    counting: Counting,
    pub(crate) erasures: Erasures,
}

impl Reading {
    /// Goes on behind a commit at which these were the keys.
    pub(in crate::ledger) fn behind(keys: &Ring) -> Reading {
        Reading { counting: Counting::behind(keys.clone()), erasures: Erasures::default() }
    }

    /// Goes through the commits of a scan. `None`: it was told to stop.
    ///
    /// # Errors
    /// As [`replay`].
    pub(super) fn replay(
        &mut self,
        mut scan: log::Scan,
        mut see: impl FnMut(Step) -> ControlFlow<()>,
    ) -> Result<Option<Ended>, Error> {
        while let Some(mut commit) = scan.next_commit()? {
            if let Err(stop) = self.show(&mut commit, &mut see) {
                return stop.into_error().map_or(Ok(None), Err);
            }
        }
        all_named(&self.erasures)?;
        let still_there = self.erasures.still_there().clone();
        Ok(Some(Ended { unfinished: unfinished(&scan.end()?), known: scan.known(), still_there }))
    }

    /// Shows what is in a commit that counts, to whoever may have enough of it.
    ///
    /// # Errors
    /// [`Stop`], also if it does not count: nothing of it is shown, and nothing of it has any effect.
    pub(crate) fn show(
        &mut self,
        commit: &mut log::Commit<'_>,
        see: &mut impl FnMut(Step) -> ControlFlow<()>,
    ) -> Result<(), Stop> {
        let (seal, roots) = (commit.seal().clone(), commit.roots().to_vec());
        let first = Seq(commit.first_seq());
        while let Some(frame) = commit.next_frame()? {
            tell(&mut self.counting, &frame).map_err(Stop::Ledger)?;
        }
        self.counting.seal(&seal).map_err(|wrong| Stop::Ledger(uncounted(seal.size, &wrong)))?;
        commit.begin_again();
        self.erasures.begin_commit();
        let mut pass_on = |step| if see(step).is_break() { Err(Stop::Enough) } else { Ok(()) };
        let mut before: Option<Stored> = None;
        while let Some(frame) = commit.next_frame()? {
            see_erasure(&mut self.erasures, &frame);
            // The link of an event is what the next one has as its `prev`; the last one's is in the seal.
            if let Some(stored) = before.take() {
                pass_on(Step::Event(Stored { hash: frame.envelope.prev, ..stored }))?;
            }
            before = stored_of(&frame).map_err(Stop::Ledger)?.map(|stored| Stored { commit: first, ..stored });
        }
        if let Some(stored) = before {
            pass_on(Step::Event(Stored { hash: seal.link, ..stored }))?;
        }
        pass_on(Step::Commit(seal, roots))
    }
}

/// Tells who judges commits of an event.
///
/// # Errors
/// `Damaged` if it is asked for and cannot be read.
pub(super) fn tell(counting: &mut Counting, frame: &log::Frame<'_>) -> Result<(), Error> {
    let is_asked_for = EventKind::of_number(frame.envelope.kind).is_some_and(Counting::reads);
    let stored = if is_asked_for { stored_of(frame)? } else { None };
    let event = stored.and_then(|stored| stored.recorded.event);
    counting.event(Seq(frame.envelope.seq), frame.envelope.kind, event.as_ref());
    Ok(())
}

/// Takes in what an event of a commit that counts erases, or that it cannot be erased itself. Gives the event that it erases and
/// whose payload is still there.
pub(super) fn see_erasure(erasures: &mut Erasures, frame: &log::Frame<'_>) -> Option<u64> {
    if EventKind::of_number(frame.envelope.kind).is_some_and(|kind| !kind.is_erasable()) {
        erasures.protect(frame.envelope.seq);
    }
    erasures.see(frame, erased_target)
}

/// Why nothing is read from the commit on that ends behind so many events.
fn uncounted(size: u64, wrong: &Wrong) -> Error {
    let message =
        format!("the commit that ends with #{size} does not count, for it has {wrong}; nothing from it on was read");
    Error::new(ErrorKind::Damaged, message)
        .with_hint("`annals verify` says more; with --despite-damage answers come from what stands before it")
}

/// The event of a frame; none of a kind that came later, which changes no answer. Its link is not known.
///
/// # Errors
/// `Damaged`, `Unsupported`.
pub(crate) fn stored_of(frame: &log::Frame<'_>) -> Result<Option<Stored>, Error> {
    if frame.envelope.kind >= LATER_KINDS {
        return Ok(None);
    }
    stored(&frame.envelope, frame.payload()).map(|stored| Some(Stored { offset: frame.place.offset, ..stored }))
}

/// An event of its envelope and its payload; its link and its commit are not known.
pub(in crate::ledger) fn stored(envelope: &Envelope, payload: Option<&[u8]>) -> Result<Stored, Error> {
    let Some(kind) = EventKind::of_number(envelope.kind) else {
        let message = format!("#{} was written by a newer annals: kind {} is not known", envelope.seq, envelope.kind);
        return Err(Error::new(ErrorKind::Unsupported, message));
    };
    if (kind == EventKind::Genesis) != (envelope.seq == 1) {
        let message = format!("the log is damaged: #{}: event 1, and only event 1, is the genesis", envelope.seq);
        return Err(Error::new(ErrorKind::Damaged, message));
    }
    let entered = payload
        .map(|payload| codec::decode(kind, payload))
        .transpose()
        .map_err(|error| Error::new(ErrorKind::Damaged, format!("#{} cannot be read", envelope.seq)).because(error))?;
    let (event, first) = entered.map_or((None, None), |entered| (Some(entered.event), entered.first));
    if let Some(Event::Genesis(genesis)) = &event
        && let Some(unknown) = unknown_format(genesis)
    {
        return Err(Error::new(ErrorKind::Unsupported, format!("the ledger was written by a newer annals: {unknown}")));
    }
    let recorded =
        Recorded { seq: Seq(envelope.seq), at_micros: envelope.recorded_at, actor: Seq(envelope.actor), event, first };
    let about = (Seq(envelope.subject), Seq(envelope.attribute));
    Ok(Stored { commit: recorded.seq, recorded, kind, about, hash: Hash::ZERO, offset: 0 })
}

/// What is unknown of the format that the genesis names, in words.
pub(crate) fn unknown_format(genesis: &Genesis) -> Option<String> {
    (genesis.format != SEGMENT_FORMAT).then(|| format!("format {}, known is {SEGMENT_FORMAT}", genesis.format))
}

/// What stands behind the last commit, in words.
pub(super) fn unfinished(end: &log::End) -> Option<String> {
    unfinished_text(end.tail.map_or(0, |tail| tail.len_bytes), end.leftovers.len())
}

/// What stands behind the last commit, in words, given its bytes and its new segments.
pub(crate) fn unfinished_text(len_bytes: u64, segments: usize) -> Option<String> {
    let tail = (len_bytes > 0).then(|| format!("{len_bytes} bytes of an unfinished write stand after the last commit"));
    let leftovers = match segments {
        0 => None,
        1 => Some("1 unfinished new segment stands beside the log".to_owned()),
        count => Some(format!("{count} unfinished new segments stand beside the log")),
    };
    match (tail, leftovers) {
        (Some(tail), Some(leftovers)) => Some(format!("{tail}, and {leftovers}")),
        (tail, leftovers) => tail.or(leftovers),
    }
}

/// What was moved aside, in words.
pub(crate) fn moved_text(moved: &log::MovedAside) -> String {
    format!("{} bytes of an unfinished write were moved to {}", moved.len_bytes, moved.to.display())
}

/// The log's entry for an event that is about a subject and an attribute.
pub(crate) fn entry_of(
    event: &Event,
    first: Option<&First>,
    about: (Seq, Seq),
    actor: Seq,
    salt: [u8; 16],
) -> Result<log::Entry, Error> {
    let mut payload = Vec::new();
    let log::Label { kind, actor, subject, attribute, salt } =
        encode_for_log(event, first, about, actor, salt, &mut payload)?;
    Ok(log::Entry { kind, actor, subject, attribute, body: log::Committed::new(salt, payload) })
}

/// Puts an event, encoded, behind some bytes; what the log must know of it beside them.
pub(crate) fn encode_for_log(
    event: &Event,
    first: Option<&First>,
    about: (Seq, Seq),
    actor: Seq,
    salt: [u8; 16],
    bytes: &mut Vec<u8>,
) -> Result<log::Label, Error> {
    codec::encode_behind(event, first, bytes)
        .map_err(|error| Error::new(ErrorKind::Invalid, format!("{error}; nothing was recorded")))?;
    Ok(log::Label { kind: event.kind().number(), actor: actor.0, subject: about.0.0, attribute: about.1.0, salt })
}

impl From<log::Error> for Error {
    fn from(error: log::Error) -> Error {
        let kind = match &error {
            log::Error::Io { .. } | log::Error::Poisoned => ErrorKind::Io,
            log::Error::NotFound(_) | log::Error::NotThere => ErrorKind::NotFound,
            log::Error::InUse { .. } => ErrorKind::InUse,
            log::Error::Damaged(damage) if damage.code.is_of_later_format() => ErrorKind::Unsupported,
            log::Error::Damaged(_) => ErrorKind::Damaged,
            log::Error::Unsupported { .. } | log::Error::Draft(_) => ErrorKind::Unsupported,
            log::Error::Exists(_) | log::Error::Refused(_) => ErrorKind::Invalid,
        };
        let told = Error::new(kind, error.to_string());
        match error {
            log::Error::Io { source, .. } => told.because(source),
            log::Error::NotFound(dir) if dir.is_file() => {
                let message = format!("{} is a file, not a ledger's folder", dir.display());
                Error::new(kind, message).with_hint("name the folder with --ledger DIR")
            }
            log::Error::NotFound(_) => {
                told.with_hint("begin one with `annals init`, or name its folder with --ledger DIR")
            }
            log::Error::Draft(_) => told.with_hint(
                "export it with annals 0.1.0 (`annals export`), begin a ledger with `annals init`, and import that",
            ),
            log::Error::Exists(_) => told.with_hint("name another folder with --ledger DIR"),
            _ => told,
        }
    }
}
