//! Checking all time-stamps that are kept: by the authority's signature, and by the log's own bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use super::folder::{Anchor, anchors, stamped};
use crate::chain::{Hash, digest};
use crate::codec;
use crate::event::{Event, EventKind};
use crate::ledger::{Error, ErrorKind};
use crate::log::{Log, Since};
use crate::note::Checkpoint;
use crate::seq::Seq;
use crate::share::stamp::{Authorities, Refusal, Response, Stamp};
use crate::tree::Edge;

/// How far the clocks of the ledger and of an authority may be apart before their times contradict each other: five
/// minutes, in microseconds.
pub const CLOCKS_APART_MICROS: i64 = 300_000_000;

/// Whether a stamp was made when it is not yet, by a clock here: one of the two clocks is wrong.
#[must_use]
pub fn is_to_come(stamp: &Stamp, now_micros: i64) -> bool {
    stamp.at_micros > now_micros.saturating_add(CLOCKS_APART_MICROS)
}

/// What checking an anchor came to.
#[derive(Clone, Debug)]
pub enum AnchorState {
    /// It was asked for, and no answer is kept.
    Waiting,
    /// The ledger held its events at the latest when the authority says.
    Held(HeldBy),
    /// It proves nothing.
    Unheld(Unheld),
}

/// By when a ledger held its events, and what it says of that itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBy {
    /// What the authority says.
    pub stamp: Stamp,
    /// When the last of the events was recorded, as the ledger says, in microseconds.
    pub recorded_at_micros: i64,
    /// The event that recorded the response as evidence, and when, as the ledger says.
    pub recorded_as: Option<(Seq, i64)>,
}

impl HeldBy {
    /// Whether the ledger says that the last event was recorded when the authority had seen it already.
    #[must_use]
    pub fn is_ahead(&self) -> bool {
        let latest = self.stamp.at_micros.saturating_add(self.stamp.accuracy_micros);
        self.recorded_at_micros > latest.saturating_add(CLOCKS_APART_MICROS)
    }

    /// The event that recorded the response, if the ledger says that this was before the response was made.
    #[must_use]
    pub fn back_dated(&self) -> Option<Seq> {
        let earliest = self.stamp.at_micros.saturating_sub(self.stamp.accuracy_micros);
        let (seq, at_micros) = self.recorded_as?;
        (at_micros < earliest.saturating_sub(CLOCKS_APART_MICROS)).then_some(seq)
    }

    /// Whether the times in the ledger can be true if the authority's is.
    #[must_use]
    pub fn agrees(&self) -> bool {
        !self.is_ahead() && self.back_dated().is_none()
    }
}

/// Why an anchor proves nothing of this ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unheld {
    /// The response does not count.
    Refused(Refusal),
    /// The file with what was stamped holds no head.
    NoHead,
    /// The ledger does not contain the head: it was cut, or written anew.
    NotInLedger,
}

impl fmt::Display for Unheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unheld::Refused(refusal) => refusal.fmt(f),
            Unheld::NoHead => f.write_str("what was stamped is no head"),
            Unheld::NotInLedger => {
                f.write_str("the ledger does not contain the head that was stamped: it was cut, or written anew")
            }
        }
    }
}

/// An anchor whose response counts, before the ledger is asked.
struct Counted {
    checkpoint: Checkpoint,
    stamp: Stamp,
    /// What the response would be kept under as evidence.
    digest: Box<str>,
}

/// What the log says, as far as it matters to anchors.
#[derive(Default)]
struct Said {
    origin: Option<Box<str>>,
    /// The root over the first so many events, and when the last of them was recorded.
    heads: BTreeMap<u64, (Hash, i64)>,
    /// Evidence by its digest: where and when it was first recorded.
    evidence: BTreeMap<Box<str>, (Seq, i64)>,
}

/// Checks every anchor that is kept, reading the whole log. What the events say is not checked: `verify` does.
///
/// # Errors
/// `Io`; `NotFound`, `Damaged`, `Unsupported` if the log cannot be read.
pub fn check_anchors(dir: &Path, authorities: &Authorities) -> Result<Vec<(Anchor, AnchorState)>, Error> {
    let mut counted = Vec::new();
    for anchor in anchors(dir)? {
        let state = if anchor.is_stamped { Some(count(&anchor, authorities)?) } else { None };
        counted.push((anchor, state));
    }
    let wanted: Vec<&Counted> = counted.iter().filter_map(|(_, state)| state.as_ref()?.as_ref().ok()).collect();
    let sizes = wanted.iter().map(|counted| counted.checkpoint.size).collect();
    let digests = wanted.iter().map(|counted| &*counted.digest).collect();
    let said = if wanted.is_empty() { Said::default() } else { said(dir, &sizes, &digests)? };
    let state = |counted: Option<Result<Counted, Unheld>>| match counted {
        None => AnchorState::Waiting,
        Some(counted) => match counted.and_then(|counted| held(counted, &said)) {
            Ok(held) => AnchorState::Held(held),
            Err(unheld) => AnchorState::Unheld(unheld),
        },
    };
    Ok(counted.into_iter().map(|(anchor, counted)| (anchor, state(counted))).collect())
}

/// The event that records the response as evidence, if one does; read from the whole log.
///
/// # Errors
/// As [`check_anchors`].
pub fn anchor_recorded_as(dir: &Path, anchor: &Anchor) -> Result<Option<Seq>, Error> {
    let digest = digest(&anchor.response_bytes()?).to_string();
    let said = said(dir, &BTreeSet::new(), &BTreeSet::from([&*digest]))?;
    Ok(said.evidence.values().next().map(|(seq, _)| *seq))
}

fn count(anchor: &Anchor, authorities: &Authorities) -> Result<Result<Counted, Unheld>, Error> {
    let (head, response) = match (readable(anchor.head_bytes())?, readable(anchor.response_bytes())?) {
        (Some(head), Some(response)) => (head, response),
        (None, _) => return Ok(Err(Unheld::NoHead)),
        (_, None) => return Ok(Err(Unheld::Refused(Refusal::Form("the file")))),
    };
    let (imprint, checkpoint) = stamped(&head);
    let stamp = Response::parse(&response).and_then(|response| response.verify(&imprint, authorities));
    Ok(stamp.map_err(Unheld::Refused).and_then(|stamp| {
        let checkpoint = checkpoint.filter(|checkpoint| checkpoint.size == anchor.size).ok_or(Unheld::NoHead)?;
        Ok(Counted { checkpoint, stamp, digest: digest(&response).to_string().into() })
    }))
}

/// What could be read; none of a file that is no plain one, or too long.
fn readable(bytes: Result<Vec<u8>, Error>) -> Result<Option<Vec<u8>>, Error> {
    match bytes {
        Err(error) if error.kind() == ErrorKind::Invalid => Ok(None),
        bytes => bytes.map(Some),
    }
}

fn held(counted: Counted, said: &Said) -> Result<HeldBy, Unheld> {
    let Counted { checkpoint, stamp, digest } = counted;
    let is_origin = said.origin.as_ref() == Some(&checkpoint.origin);
    match said.heads.get(&checkpoint.size) {
        Some((root, recorded_at_micros)) if *root == checkpoint.root && is_origin => Ok(HeldBy {
            stamp,
            recorded_at_micros: *recorded_at_micros,
            recorded_as: said.evidence.get(&digest).copied(),
        }),
        _ => Err(Unheld::NotInLedger),
    }
}

/// Reads the log for what anchors are compared with: roots are computed from its envelopes, and not taken from its seals.
fn said(dir: &Path, sizes: &BTreeSet<u64>, digests: &BTreeSet<&str>) -> Result<Said, Error> {
    let (mut said, mut edge) = (Said::default(), Edge::new());
    let mut scan = Log::open(dir)?.commits(Since::Start)?;
    while let Some(mut commit) = scan.next_commit()? {
        while let Some(frame) = commit.next_frame()? {
            let envelope = &frame.envelope;
            edge.push(frame.leaf());
            if sizes.contains(&envelope.seq) {
                said.heads.insert(envelope.seq, (edge.root(), envelope.recorded_at));
            }
            let kind = EventKind::of_number(envelope.kind);
            let kind = kind.filter(|kind| matches!(kind, EventKind::Genesis | EventKind::EvidenceAdded));
            let event = kind.zip(frame.payload()).and_then(|(kind, payload)| codec::decode(kind, payload).ok());
            match event.map(|entered| entered.event) {
                Some(Event::Genesis(genesis)) => said.origin = Some(genesis.origin),
                Some(Event::EvidenceAdded(evidence)) if digests.contains(&*evidence.digest) => {
                    said.evidence.entry(evidence.digest).or_insert((Seq(envelope.seq), envelope.recorded_at));
                }
                _ => {}
            }
        }
    }
    Ok(said)
}
