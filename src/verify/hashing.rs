//! What a worker makes of a block: everything that can be computed without knowing the blocks before it.

use super::{About, Options, PayloadRead, Told};
use crate::chain::Hash;
use crate::frame::{Header, HeaderFault, Seal};
use crate::log::blocks::{Block, Item};
use crate::log::joints::Hashed;
use crate::log::{Body, Damage, Place};
use crate::tree::{self, Span};

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
pub(super) fn hash(block: &Block, options: &Options<'_>, steps: &mut Vec<Step>) {
    let mut leaves: Option<Span> = None;
    for item in block.items() {
        if !matches!(item, Item::Frame(..)) {
            steps.extend(leaves.take().map(Step::Leaves));
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
                let mut frame = Hashed::new(place, &raw);
                let begin = frame.envelope.seq.saturating_sub(1);
                leaves.get_or_insert_with(|| Span::starting_at(begin)).push(tree::leaf(raw.envelope));
                let read = match frame.body {
                    Body::Whole => (options.read_payload)(frame.envelope.kind, raw.payload),
                    _ => PayloadRead::default(),
                };
                frame.misformed = read.misformed;
                steps.push(Step::Frame(frame, read.about, read.told));
            }
        }
    }
    steps.extend(leaves.take().map(Step::Leaves));
}
