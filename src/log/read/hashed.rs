//! What is made of a block on any core: everything that can be computed without knowing the blocks before it.

use super::blocks::{Block, Item};
use super::frame::Body;
use crate::chain::Hash;
use crate::frame::{Envelope, Header, HeaderFault, RawFrame, Seal};
use crate::hash::{Lanes, Salted};
use crate::log::damage::{Damage, Place};
use crate::tree::Span;

/// A frame, hashed: what is needed to fit it to its neighbours.
#[derive(Clone, Debug)]
pub(crate) struct Hashed {
    pub(crate) place: Place,
    pub(crate) envelope: Envelope,
    pub(crate) link: Hash,
    pub(crate) body: Body,
    pub(crate) payload_len: usize,
    /// Why the payload is none of its kind, if somebody looked and it is not.
    pub(crate) misformed: Option<String>,
}

/// What a block holds, hashed, in order. With every frame comes what somebody made of its payload.
#[derive(Debug)]
pub(crate) enum Step<R> {
    /// A segment begins.
    Header(Place, Result<Header, HeaderFault>),
    /// A frame.
    Frame(Hashed, R),
    /// The leaves of the frames since the step like this before, as far as they follow on each other.
    Leaves(Span),
    /// A seal, the tip that belongs to it, and where it ends.
    Seal(Place, Seal, Hash, u64),
    /// Bytes that are no record, or a record whose guard was damaged.
    Fault(Damage),
    /// A segment ends, maybe the last.
    End(Place, bool),
}

/// Hashes a block into `steps`. `read` is given kind and payload of what was not erased.
pub(super) fn hash<R: Default>(block: &Block, lanes: Lanes, read: &impl Fn(u16, &[u8]) -> R, steps: &mut Vec<Step<R>>) {
    let frames: Vec<RawFrame<'_>> = block.items().filter_map(|item| item.frame()).collect();
    let mut made = Made::of(&frames, lanes);
    let mut leaves = Leaves::default();
    let mut items = block.items().peekable();
    while let Some(item) = items.next() {
        if !matches!(item, Item::Frame(..)) {
            steps.extend(leaves.take(lanes).map(Step::Leaves));
        }
        match item {
            Item::Header(place, header) => steps.push(Step::Header(place, header)),
            Item::Seal(place, seal, end) => {
                let digest = seal.digest();
                steps.push(Step::Seal(place, seal, digest, end));
            }
            Item::Fault(damage) => steps.push(Step::Fault(damage)),
            Item::End(place, is_last) => steps.push(Step::End(place, is_last)),
            Item::Frame(place, raw) => {
                let Some(made) = made.next() else { return };
                let envelope = Envelope::fields_of(raw.envelope);
                let body = made.body(&raw, envelope.commitment);
                let link = made.link_beside(&raw, items.peek().and_then(Item::names));
                leaves.push(envelope.seq, made.leaf);
                let read = if body == Body::Whole { read(envelope.kind, raw.payload) } else { R::default() };
                let payload_len = raw.payload.len();
                steps.push(Step::Frame(Hashed { place, envelope, link, body, payload_len, misformed: None }, read));
            }
        }
    }
    steps.extend(leaves.take(lanes).map(Step::Leaves));
}

/// The hashes of a frame. Lanes may have made them: what speaks against the frame is made again before it is believed.
#[derive(Clone, Copy, Debug)]
struct Made {
    commitment: Hash,
    /// Its link.
    link: Hash,
    /// Its leaf in the tree.
    leaf: Hash,
}

impl Made {
    /// Of each frame.
    fn of(frames: &[RawFrame<'_>], lanes: Lanes) -> impl Iterator<Item = Made> {
        let envelopes: Vec<&[u8]> = frames.iter().map(|raw| raw.envelope.as_slice()).collect();
        let bodies: Vec<Salted<'_>> = frames.iter().map(|raw| (raw.salt, raw.payload)).collect();
        let (links, leaves) = (lanes.links(&envelopes), lanes.leaves(&envelopes));
        let both = links.into_iter().zip(leaves);
        lanes.commitments(&bodies).into_iter().zip(both).map(|(commitment, (link, leaf))| Made {
            commitment,
            link,
            leaf,
        })
    }

    /// What has become of the frame's salt and payload. Another hash than its envelope commits to is made again.
    fn body(&self, raw: &RawFrame<'_>, commitment: Hash) -> Body {
        if self.commitment == commitment { Body::Whole } else { Body::of(raw, commitment) }
    }

    /// Its link; made again, unless what stands behind the frame names that link too.
    fn link_beside(&self, raw: &RawFrame<'_>, named_behind: Option<Hash>) -> Hash {
        if named_behind == Some(self.link) { self.link } else { Envelope::link(raw.envelope) }
    }
}

/// Leaves that follow on each other.
#[derive(Default)]
struct Leaves {
    /// The number of the first one's event.
    first: u64,
    all: Vec<Hash>,
}

impl Leaves {
    fn push(&mut self, seq: u64, leaf: Hash) {
        if self.all.is_empty() {
            self.first = seq;
        }
        self.all.push(leaf);
    }

    /// Gives away what there is.
    fn take(&mut self, lanes: Lanes) -> Option<Span> {
        let all = std::mem::take(&mut self.all);
        let mut span = Span::starting_at(self.first.saturating_sub(1));
        span.push_all(&all, lanes);
        (!all.is_empty()).then_some(span)
    }
}
