//! What a worker makes of a block: everything that can be computed without knowing the blocks before it.

use super::{About, Options, PayloadRead, Told};
use crate::chain::Hash;
use crate::frame::{Header, HeaderFault, RawFrame, Seal};
use crate::hash::Lanes;
use crate::log::read::blocks::{Block, Item};
use crate::log::read::joints::Hashed;
use crate::log::read::made::Made;
use crate::log::{Body, Damage, Place};
use crate::tree::Span;

/// A block's items, hashed, in order.
#[derive(Debug)]
pub(super) enum Step {
    Header(Place, Result<Header, HeaderFault>),
    Frame(Hashed, Option<About>, Option<Box<Told>>),
    /// The leaves of the frames since the step like this before, as far as they follow on each other.
    Leaves(Span),
    /// A seal, the tip that belongs to it, and where it ends.
    Seal(Place, Seal, Hash, u64),
    Fault(Damage),
    End(Place, bool),
}

/// Hashes a block into `steps`.
pub(super) fn hash(block: &Block, options: &Options<'_>, lanes: Lanes, steps: &mut Vec<Step>) {
    let frames: Vec<RawFrame<'_>> = block.items().filter_map(|item| item.frame()).collect();
    let mut made = Made::of(&frames, lanes);
    let mut leaves = Leaves::default();
    let mut items = block.items().peekable();
    while let Some(item) = items.next() {
        if !matches!(item, Item::Frame(..)) {
            steps.extend(leaves.take(lanes));
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
                let mut frame = Hashed::of(&made, place, &raw, items.peek().and_then(Item::names));
                leaves.push(frame.envelope.seq, made.leaf);
                let read = match frame.body {
                    Body::Whole => (options.read_payload)(frame.envelope.kind, raw.payload),
                    _ => PayloadRead::default(),
                };
                frame.misformed = read.misformed;
                steps.push(Step::Frame(frame, read.about, read.told));
            }
        }
    }
    steps.extend(leaves.take(lanes));
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
    fn take(&mut self, lanes: Lanes) -> Option<Step> {
        let all = std::mem::take(&mut self.all);
        let mut span = Span::starting_at(self.first.saturating_sub(1));
        span.push_all(&all, lanes);
        (!all.is_empty()).then_some(Step::Leaves(span))
    }
}
