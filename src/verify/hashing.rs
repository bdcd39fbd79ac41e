//! What a worker makes of a block: everything that can be computed without knowing the blocks before it.

use super::{Options, PayloadRead};
use crate::event::Event;
use crate::frame::{Header, HeaderFault, Seal};
use crate::log::blocks::{Block, Item};
use crate::log::joints::Hashed;
use crate::log::{Body, Damage, Place};
use crate::tree::{self, Span};

/// A block's items, hashed, in order.
#[derive(Debug)]
pub(super) enum Step {
    Header(Place, Result<Header, HeaderFault>),
    Frame(Hashed),
    /// The frame before is an erasure of this event.
    Erases(u64),
    /// The frame before names the ledger, or is about a key.
    OfKeys(Box<Event>),
    /// The leaves of the frames since the step like this before, as far as they follow on each other.
    Leaves(Span),
    Seal(Place, Seal, u64),
    Fault(Damage),
    End(Place, bool),
}

/// Hashes a block into `steps`.
pub(super) fn hash(block: &Block, options: &Options<'_>, steps: &mut Vec<Step>) {
    let mut leaves: Option<Span> = None;
    for item in block.items() {
        if !matches!(item, Item::Frame(..)) {
            steps.extend(leaves.take().map(Step::Leaves));
        }
        match item {
            Item::Header(place, header) => steps.push(Step::Header(place, header)),
            Item::Seal(place, seal, end) => steps.push(Step::Seal(place, seal, end)),
            Item::Fault(damage) => steps.push(Step::Fault(damage)),
            Item::End(place, is_last) => steps.push(Step::End(place, is_last)),
            Item::Frame(place, raw) => {
                let mut frame = Hashed::new(place, &raw);
                let begin = frame.envelope.seq.saturating_sub(1);
                leaves.get_or_insert_with(|| Span::starting_at(begin)).push(tree::leaf(raw.envelope));
                let read = match frame.body {
                    Body::Whole => (options.read_payload)(frame.envelope.kind, raw.payload),
                    _ => PayloadRead::default(),
                };
                frame.misformed = read.misformed;
                steps.push(Step::Frame(frame));
                steps.extend(read.erases.map(Step::Erases));
                steps.extend(read.of_keys.map(Step::OfKeys));
            }
        }
    }
    steps.extend(leaves.take().map(Step::Leaves));
}
