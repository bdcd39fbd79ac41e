//! Verifying: every byte of the log, on all cores, naming each damaged place.
//!
//! It proves that nothing inside was changed since it was written. That nothing was cut off the end at a commit's
//! boundary, and that the whole was not written anew, only shows against a head kept elsewhere: [`Expect`].
//!
//! Verifying can go on from a head that was verified before: it then proves the same of what came since, given that
//! what came before is as it was. Roots are then not compared, for they need every leaf; the chain vouches for all.

mod abouts;
mod erasures;
mod joining;
mod rules;
mod sealing;

use std::path::{Path, PathBuf};

use crate::chain::{Hash, Head};
use crate::event::{Entered, Event};
use crate::frame::{Envelope, Seal};
use crate::hash::Lanes;
use crate::log::layout::{Layout, misnamed};
use crate::log::read::blocks::Blocks;
use crate::log::read::diagnose::without_torn_tail;
use crate::log::read::pass::Pass;
use crate::log::read::window::{SegmentFile, refuse_draft};
use crate::log::{Error, Place, TornTail};

pub use crate::log::{Code, Damage as Finding};
use joining::Joining;

pub use abouts::About;
#[cfg(feature = "share")]
pub(crate) use abouts::Abouts;
pub use sealing::Sealed;

/// Most findings that are listed; more are only counted.
pub const FINDINGS_MAX: usize = 1000;
/// Kinds of events in this format: 1, the genesis, to this.
pub const KIND_MAX: u16 = 25;

/// How to verify.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// How many threads hash.
    pub threads: usize,
    /// What an event's payload says of the log; asked with the kind and the payload, on the thread that hashes.
    pub read_payload: &'a (dyn Fn(u16, &[u8]) -> PayloadRead + Sync),
    /// Whether who recorded each event must be an actor.
    pub checks_actors: bool,
    /// A head kept elsewhere, which the log must contain.
    pub expect: Option<Expect>,
    /// A head that was verified before and kept: only the segments from the one that holds its seal on are
    /// read. It must be in the log, as one in `expect`; what stands in earlier segments is taken on trust.
    pub since: Option<Head>,
    /// Told now and then how many bytes of how many are done.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
    /// Told now and then a head up to which everything holds: verifying can go on from it.
    pub verified: &'a (dyn Fn(Head) + Sync),
    /// Shown everything in its order, whether or not it holds.
    pub see: &'a dyn Fn(Shown<'_>),
}

/// What is shown of a log on the way. It counts for nothing where anything is found to be wrong.
#[derive(Debug)]
pub enum Shown<'s> {
    /// The log begins, maybe once more.
    Begin,
    /// An event: its envelope and link, where it stands, and what its payload says, if [`Options::read_payload`] gave that and
    /// it was not erased.
    Event(&'s Envelope, Hash, Place, Option<Box<Entered>>),
    /// The seal behind the events of a commit, and the roots of the tree's subtrees that it completes.
    Commit(&'s Seal, &'s [Hash]),
}

impl Default for Options<'_> {
    /// One thread, payloads of any form, any actors, no erasures and no keys, nothing expected, nobody told.
    fn default() -> Self {
        Options {
            threads: 1,
            read_payload: &|_, _| PayloadRead::default(),
            checks_actors: false,
            expect: None,
            since: None,
            progress: &|_, _| {},
            verified: &|_| {},
            see: &|_| {},
        }
    }
}

/// What a payload says of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayloadRead {
    /// Why it is none of its kind, if it is not.
    pub misformed: Option<String>,
    /// What its envelope must name, as far as it says so.
    pub about: Option<About>,
    /// What it tells, if others are judged by that.
    pub told: Option<Box<Told>>,
    /// What it says, for [`Options::see`].
    pub entered: Option<Box<Entered>>,
}

/// What an event tells by which others are judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It erases this event.
    Erases(u64),
    /// It names the ledger, or authorises or revokes a key.
    OfKeys(Box<Event>),
}

/// What a kept head says of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// A commit ends there, under a seal of this tip.
    Head {
        /// Count of events, and tip.
        head: Head,
        /// The root there, if it is known: it tells whether the events are the same if the seal is not.
        root: Option<Hash>,
    },
    /// A commit ends after `size` events, and the tree over them has this root.
    Root {
        /// Count of events.
        size: u64,
        /// The root.
        root: Hash,
    },
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Count of events, and the tip of the last seal.
    pub head: Head,
    /// The root in the last seal.
    pub root: Hash,
    /// When the last event was recorded, in microseconds.
    pub recorded_at: i64,
    /// The damaged places, in order, at most [`FINDINGS_MAX`]. None: the log is as it was written.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub findings_left_off: u64,
    /// A head up to which everything holds, if there is one: the log's own if nothing is wrong.
    pub verified: Option<Head>,
    /// Whether roots were compared: not where earlier segments were not read.
    pub roots_compared: bool,
    /// Who sealed what; `None` where earlier segments, and so the keys, were not read: signatures were not checked.
    pub sealed: Option<Sealed>,
    /// How many events are of kinds that may have come later: they were hashed, and not read.
    pub later_kinds: u64,
    /// How many payloads were erased lawfully.
    pub erased: u64,
    /// An append that was never acknowledged, or is just being made. No damage.
    pub tail: Option<TornTail>,
    /// New segments that were never published, or are just being written. No damage.
    pub leftovers: Vec<PathBuf>,
    /// How many bytes were read.
    pub bytes: u64,
}

/// How often the end of the log is looked at again while others change it.
const LOOKS_MAX: usize = 8;

/// Verifies the ledger in `dir`. Writes nothing and locks nothing; others may write meanwhile.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Draft`] and [`Error::Io`]. Damage is no error: it is what the report says.
pub fn verify(dir: &Path, options: &Options<'_>) -> Result<Report, Error> {
    verify_in(&Layout::new(dir), options)
}

/// Verifies a ledger on any disk.
pub(crate) fn verify_in(layout: &Layout, options: &Options<'_>) -> Result<Report, Error> {
    let (mut report, mut sealed_end) = look(layout, options)?;
    // Others may just have been writing, or moving aside, what seems damaged at the end: damage is what stays.
    for _ in 1..LOOKS_MAX {
        if report.findings.last().is_none_or(|finding| finding.place() < sealed_end) {
            break;
        }
        let before = (report.findings, sealed_end);
        (report, sealed_end) = look(layout, options)?;
        if (&report.findings, sealed_end) == (&before.0, before.1) {
            break;
        }
    }
    Ok(report)
}

/// Looks at the whole log once, and says where what is sealed ends.
fn look(layout: &Layout, options: &Options<'_>) -> Result<(Report, Place), Error> {
    let mut listing = layout.list()?;
    let Some(last) = listing.segments.last().copied() else {
        return Err(Error::NotFound(layout.dir().to_owned()));
    };
    if let Some(since) = options.since {
        let earlier = listing.segments.partition_point(|number| *number <= since.size).saturating_sub(1);
        listing.segments.drain(..earlier);
    }
    if let Some(1) = listing.segments.first() {
        let first = SegmentFile::open(layout, 1)?;
        if !matches!(first.header(), Err(Error::Unsupported { .. })) {
            refuse_draft(layout, &first)?;
        }
    }
    let holds_since = |number: &u64| options.since.is_some_and(|since| *number <= since.size);
    let first = listing.segments.first().copied().filter(holds_since).unwrap_or(1);
    let bytes = listing.segments.iter().map(|number| layout.len_of(*number)).sum::<Result<u64, Error>>()?;
    let go = |end: Option<Place>, lanes: Lanes| {
        let (mut joining, blocks) =
            (Joining::new(options, first, bytes), Blocks::new(layout, &listing.segments).until(end));
        let pass = Pass::new(blocks, options.threads, lanes, options.read_payload);
        pass.give_all(options.threads, |hashed| joining.take(hashed))?;
        joining.check_signatures();
        Ok(joining)
    };
    let go = |end| {
        let (lanes, joining) = (Lanes::all(), go(end, Lanes::all())?);
        // A root hangs on every leaf before it: all are made again before it is called damaged.
        if lanes.are_many() && joining.doubts_root() { go(end, Lanes::none()) } else { Ok(joining) }
    };
    let (mut joining, tail, ends) = without_torn_tail(layout, Some(last), go, Joining::ends)?;
    for path in &listing.misnamed {
        joining.add(misnamed(path));
    }
    let sealed_end = ends.into_iter().flatten().next().unwrap_or(Place { segment: last, offset: 0 });
    Ok((joining.finish(tail, listing.leftovers), sealed_end))
}

#[cfg(test)]
mod tests;
