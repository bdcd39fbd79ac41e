//! What a scan lends out: commits, and the frames in them, without a copy of any payload.

use std::collections::VecDeque;

use super::blocks::{Block, Blocks, Item};
use super::frame::{Body, Frame};
use crate::chain::Hash;
use crate::frame::{Envelope, Seal};
use crate::log::cursor::Cursor;
use crate::log::damage::{Code, Damage, Place};
use crate::log::error::Result;
use crate::log::layout::Layout;

/// Most blocks of one commit that are held; a longer one is read again when it is lent out.
const HELD_MAX: usize = 4;

/// A commit that was found whole and right.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    /// Number of its first event.
    pub(super) first_seq: u64,
    /// Where its first frame begins.
    pub(super) start: Place,
    /// What closes it.
    pub(super) seal: Seal,
    /// The place behind it.
    pub(super) cursor: Cursor,
    /// Roots of the subtrees of [`SUBTREE_LEVEL`](crate::tree::SUBTREE_LEVEL) that it completes, if roots are checked.
    pub(super) roots: Vec<Hash>,
}

/// The blocks in which a commit stands: in memory, or, of a long one, read again.
#[derive(Debug)]
pub(super) struct Held {
    layout: Layout,
    /// Those that were read last.
    blocks: VecDeque<Block>,
    /// Not all blocks of the commit are among them.
    is_long: bool,
    /// Of a long commit: the block that is lent from, and those behind it.
    again: Option<(Block, Blocks)>,
    /// Number of the block that is lent from, and of the next item in it.
    at: (usize, usize),
}

impl Held {
    pub(super) fn new(layout: &Layout) -> Held {
        let layout = layout.clone();
        Held { layout, blocks: VecDeque::new(), is_long: false, again: None, at: (0, 0) }
    }

    /// Holds the next block too. Gives one that is not needed any more.
    pub(super) fn hold(&mut self, block: Block) -> Option<Block> {
        self.blocks.push_back(block);
        self.is_long |= self.blocks.len() > HELD_MAX;
        if self.is_long { self.blocks.pop_front() } else { None }
    }

    /// A commit ended: what comes next stands in the last block, or behind it. Gives a block that is not needed any more.
    pub(super) fn let_go(&mut self) -> Option<Block> {
        (self.is_long, self.again) = (false, None);
        self.blocks.drain(..self.blocks.len().saturating_sub(1)).next_back()
    }

    /// The block that was read last.
    pub(super) fn last(&self) -> Option<&Block> {
        self.blocks.back()
    }

    /// Begins to lend from this place on.
    fn begin(&mut self, start: Place) -> Result<()> {
        self.at = (0, self.blocks.front().map_or(0, |block| block.number_at(start)));
        if self.is_long {
            let blocks = Blocks::from(&self.layout, &[start.segment], start.offset)?;
            (self.again, self.at) = (Some((Block::default(), blocks)), (0, 0));
        }
        Ok(())
    }

    /// The next item of the commit that begins here.
    fn next(&mut self, start: Place) -> Result<Option<Item<'_>>> {
        let (mut number, mut item) = self.at;
        loop {
            let len = match &self.again {
                Some((block, _)) => block.count(),
                None => match self.blocks.get(number) {
                    Some(block) => block.count(),
                    None => return Ok(None),
                },
            };
            if item < len {
                break;
            }
            number += 1;
            item = match &mut self.again {
                Some((block, behind)) => {
                    if !behind.next(block)? {
                        return Ok(None);
                    }
                    0
                }
                None => self.blocks.get(number).map_or(0, |block| block.number_at(start)),
            };
        }
        self.at = (number, item + 1);
        let block = self.again.as_ref().map(|(block, _)| block).or(self.blocks.get(number));
        Ok(block.and_then(|block| block.item(item)))
    }
}

/// One atomic commit. Everything in it has been checked already: lengths, numbers, links, commitments and seal.
#[derive(Debug)]
pub struct Commit<'a> {
    held: &'a mut Held,
    checked: Checked,
    /// How many frames are still to be lent; none before the first.
    left: Option<u64>,
}

impl<'a> Commit<'a> {
    pub(super) fn new(held: &'a mut Held, checked: Checked) -> Commit<'a> {
        Commit { held, checked, left: None }
    }

    /// Number of its first event.
    #[must_use]
    pub fn first_seq(&self) -> u64 {
        self.checked.first_seq
    }

    /// Count of its events, at least one.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.checked.seal.size - self.checked.first_seq + 1
    }

    /// The seal that closes it.
    #[must_use]
    pub fn seal(&self) -> &Seal {
        &self.checked.seal
    }

    /// Roots of the subtrees of [`SUBTREE_LEVEL`](crate::tree::SUBTREE_LEVEL) that it completes, if roots are checked on the way.
    #[must_use]
    pub fn roots(&self) -> &[Hash] {
        &self.checked.roots
    }

    /// The place behind it.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.checked.cursor
    }

    /// Lends the first frame next, whatever was lent before.
    pub fn begin_again(&mut self) {
        self.left = None;
    }

    /// Lends the next frame; none behind the last.
    ///
    /// # Errors
    /// [`crate::log::Error::Io`]; [`crate::log::Error::Damaged`] if the file changed since the commit was checked.
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>> {
        let left = if let Some(left) = self.left {
            left
        } else {
            self.held.begin(self.checked.start)?;
            self.count()
        };
        self.left = Some(left.saturating_sub(1));
        if left == 0 {
            return Ok(None);
        }
        match self.held.next(self.checked.start)? {
            Some(Item::Frame(place, raw)) => {
                let envelope = Envelope::fields_of(raw.envelope);
                let body = Body::of_checked(&raw, envelope.commitment);
                Ok(Some(Frame::new(place, envelope, raw, body)))
            }
            other => {
                let place = other.map_or(self.checked.cursor.seal, |item| item.place());
                Err(Damage::new(Code::RecordType, place, "the frame that stood here", "something else").into())
            }
        }
    }
}
