//! Between the log's bytes and the ledger's events: commits decoded, events encoded.

use std::ops::ControlFlow;
use std::path::Path;

use super::erasures::{all_named, erased_target};
use super::error::{Error, ErrorKind};
use crate::chain::Hash;
use crate::codec;
use crate::event::{Event, EventKind, First, Genesis, Recorded};
use crate::frame::{Envelope, SEGMENT_FORMAT, Seal};
use crate::log::{self, Erasures};
use crate::seq::Seq;

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
}

/// What a replay shows, in order.
#[expect(clippy::large_enum_variant, reason = "it is passed on at once and never kept")]
#[derive(Debug)]
pub(super) enum Step {
    /// An event of a whole commit.
    Event(Stored),
    /// The end of a commit: its seal.
    Commit(Seal),
}

/// Ends a scan early or with an error of either floor.
pub(super) enum Stop {
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
    pub(super) fn into_error(self) -> Option<Error> {
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
pub(super) fn replay(dir: &Path, mut see: impl FnMut(Step) -> ControlFlow<()>) -> Result<Option<String>, Error> {
    let mut erasures = Erasures::default();
    let ended = log::Log::open(dir)?.scan(log::Since::Start, |commit| show(commit, &mut erasures, &mut see));
    match ended {
        Ok(end) => all_named(&erasures).map(|()| unfinished(&end)),
        Err(stop) => stop.into_error().map_or(Ok(None), Err),
    }
}

/// Shows the events of a commit, and its end.
pub(super) fn show(
    commit: &mut log::Commit<'_>,
    erasures: &mut Erasures,
    see: &mut impl FnMut(Step) -> ControlFlow<()>,
) -> Result<(), Stop> {
    erasures.begin_commit();
    let (seal, first) = (commit.seal().clone(), Seq(commit.first_seq()));
    let mut hash_before: Option<(Stored, Hash)> = None;
    while let Some(frame) = commit.next_frame()? {
        erasures.see(&frame, erased_target);
        // The link of an event is what the next one has as its `prev`; the last one's is in the seal.
        if let Some((stored, _)) = hash_before.take() {
            let stored = Stored { hash: frame.envelope.prev, ..stored };
            if see(Step::Event(stored)).is_break() {
                return Err(Stop::Enough);
            }
        }
        hash_before = Some((Stored { commit: first, ..stored_of(&frame).map_err(Stop::Ledger)? }, seal.head.hash));
    }
    if let Some((stored, hash)) = hash_before
        && see(Step::Event(Stored { hash, ..stored })).is_break()
    {
        return Err(Stop::Enough);
    }
    match see(Step::Commit(seal)) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Stop::Enough),
    }
}

pub(super) fn stored_of(frame: &log::Frame<'_>) -> Result<Stored, Error> {
    stored(&frame.envelope, frame.payload())
}

/// An event of its envelope and its payload; its link and its commit are not known.
pub(super) fn stored(envelope: &Envelope, payload: Option<&[u8]>) -> Result<Stored, Error> {
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
    Ok(Stored { commit: recorded.seq, recorded, kind, about, hash: Hash::ZERO })
}

/// What is unknown of the format that the genesis names, in words.
pub(super) fn unknown_format(genesis: &Genesis) -> Option<String> {
    (genesis.format != SEGMENT_FORMAT).then(|| format!("format {}, known is {SEGMENT_FORMAT}", genesis.format))
}

/// What stands behind the last commit, in words.
pub(super) fn unfinished(end: &log::End) -> Option<String> {
    unfinished_text(end.tail.map_or(0, |tail| tail.len_bytes), end.leftovers.len())
}

/// The same of so many bytes and new segments.
pub(super) fn unfinished_text(len_bytes: u64, segments: usize) -> Option<String> {
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
pub(super) fn moved_text(moved: &log::MovedAside) -> String {
    format!("{} bytes of an unfinished write were moved to {}", moved.len_bytes, moved.to.display())
}

/// The log's entry for an event that is about a subject and an attribute.
pub(super) fn entry_of(
    event: &Event,
    first: Option<&First>,
    about: (Seq, Seq),
    actor: Seq,
    salt: [u8; 16],
) -> Result<log::Entry, Error> {
    let payload = codec::encode(event, first)
        .map_err(|error| Error::new(ErrorKind::Invalid, format!("{error}; nothing was recorded")))?;
    Ok(log::Entry {
        kind: event.kind().number(),
        actor: actor.0,
        subject: about.0.0,
        attribute: about.1.0,
        body: log::Committed::new(salt, payload),
    })
}

impl From<log::Error> for Error {
    fn from(error: log::Error) -> Error {
        let kind = match &error {
            log::Error::Io { .. } | log::Error::Poisoned => ErrorKind::Io,
            log::Error::NotFound(_) | log::Error::NotThere => ErrorKind::NotFound,
            log::Error::InUse(_) => ErrorKind::InUse,
            log::Error::Damaged(damage) if damage.code.is_of_later_format() => ErrorKind::Unsupported,
            log::Error::Damaged(_) => ErrorKind::Damaged,
            log::Error::Unsupported { .. } => ErrorKind::Unsupported,
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
            log::Error::Exists(_) => told.with_hint("name another folder with --ledger DIR"),
            _ => told,
        }
    }
}
