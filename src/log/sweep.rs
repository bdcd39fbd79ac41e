//! Reading a log by blocks: each is checked by whoever is free, and they are fitted to each other in their order.
//!
//! Everything is checked that a [`Scan`](super::Scan) checks, but nothing is said of what does not fit: a sweep ends before it, and a
//! scan from there on finds it, or finds that others have written meanwhile.

use super::blocks::{Block, Blocks, Item};
use super::commit::{Cursor, Frame};
use super::damage::Place;
use super::error::Result;
use super::layout::Layout;
use super::opening::Known;
use super::scan::Log;
use super::state::State;
use super::tail;
use super::walk::Walk;
use super::window::{SegmentFile, Window};
use crate::chain::{Hash, Head};
use crate::frame::{Envelope, HEADER_LEN, Header, RawFrame, Seal};
use crate::tree::{self, Edge};

/// Leaves to a subtree of which the root is hashed by who checks a block.
pub(crate) const SUBTREE_LEAVES: usize = 1 << SUBTREE_LEVEL;
pub(super) const SUBTREE_LEVEL: u32 = 8;

/// What lies in a block, shown to who checks it.
#[derive(Debug)]
pub(crate) enum InBlock<'a> {
    /// An event and its leaf in the tree; with the last of each [`SUBTREE_LEAVES`], counted from the first event of the log,
    /// the root over them, if the block has them all.
    Frame(&'a Frame<'a>, &'a Hash, Option<&'a Hash>),
    /// The end of a commit.
    Seal,
}

/// A block in which everything is as it was written, as far as can be known without those before it.
#[derive(Debug)]
pub(crate) struct Swept(Vec<Step>);

#[derive(Debug)]
enum Step {
    Header(Header),
    Frames(Stretch),
    /// Where it stands, and where its record ends.
    Seal(Place, Seal, u64),
}

/// Frames that follow on each other.
#[derive(Debug)]
struct Stretch {
    /// What has to come before them.
    before: Head,
    first_at: i64,
    first_link: Hash,
    after: State,
    /// The tree over them: leaves, and whole subtrees with their levels.
    nodes: Vec<(Hash, u32)>,
}

impl Swept {
    /// Checks a block and shows what lies in it; `None` if anything is not as it was written, or `see` gives up.
    pub(crate) fn of(block: &Block, mut see: impl FnMut(InBlock<'_>) -> Option<()>) -> Option<Swept> {
        let (mut steps, mut frames) = (Vec::new(), None);
        for item in block.items() {
            match item {
                Item::Frame(place, raw) => {
                    if frames.is_none() {
                        frames = Some(Stretch::from(&raw)?);
                    }
                    frames.as_mut()?.add(&raw, place, &mut see)?;
                }
                Item::Seal(place, seal, end) => {
                    see(InBlock::Seal)?;
                    steps.extend(frames.take().map(Step::Frames));
                    steps.push(Step::Seal(place, seal, end));
                }
                Item::Header(place, header) => {
                    let header = header.ok().filter(|header| header.first_seq == place.segment)?;
                    steps.push(Step::Header(header));
                }
                Item::Fault(_) => return None,
                Item::End(..) => steps.extend(frames.take().map(Step::Frames)),
            }
        }
        steps.extend(frames.map(Step::Frames));
        Some(Swept(steps))
    }
}

impl Stretch {
    /// Of frames that begin with this one; `None` if it has no number that an event can have.
    fn from(first: &RawFrame<'_>) -> Option<Stretch> {
        let envelope = Envelope::fields_of(first.envelope);
        let before = Head { size: envelope.seq.checked_sub(1)?, hash: envelope.prev };
        let after = State { offset: 0, head: before, recorded_at: envelope.recorded_at, edge: None };
        Some(Stretch { before, first_at: envelope.recorded_at, first_link: Hash::ZERO, after, nodes: Vec::new() })
    }

    fn add(&mut self, raw: &RawFrame<'_>, place: Place, see: &mut impl FnMut(InBlock<'_>) -> Option<()>) -> Option<()> {
        let number = self.after.head.size.checked_add(1)?;
        let (envelope, body) = self.after.check_frame(raw, place).ok()?;
        if number - 1 == self.before.size {
            self.first_link = self.after.head.hash;
        }
        let leaf = tree::leaf(raw.envelope);
        self.nodes.push((leaf, 0));
        let (frame, root) = (Frame::new(place, envelope, *raw, body), self.subtree());
        see(InBlock::Frame(&frame, &leaf, root.as_ref()))
    }

    /// Puts a root in the place of its leaves, if they are all there and the last one was just added.
    fn subtree(&mut self) -> Option<Hash> {
        let is_last = self.after.head.size.is_multiple_of(SUBTREE_LEAVES as u64);
        let begin = self.nodes.len().checked_sub(SUBTREE_LEAVES).filter(|_| is_last)?;
        let leaves = self.nodes.get(begin..)?.iter().map(|(leaf, level)| (*level == 0).then_some(*leaf));
        let root = tree::root_of(&leaves.collect::<Option<Vec<Hash>>>()?);
        self.nodes.truncate(begin);
        self.nodes.push((root, SUBTREE_LEVEL));
        Some(root)
    }
}

/// The blocks behind a place, and how far they were fitted to each other.
#[derive(Debug)]
pub(crate) struct Sweep {
    layout: Layout,
    blocks: Blocks,
    /// The last segment when this began.
    last_segment: u64,
    ledger: Hash,
    state: State,
    known: Option<Known>,
    /// The next commit is the first of its segment.
    begins_segment: bool,
}

impl Log {
    /// Begins to sweep behind a known place, or at the start.
    ///
    /// # Errors
    /// As [`Log::commits_behind`].
    pub(crate) fn sweep_behind(&self, known: Option<&Known>) -> Result<Sweep> {
        let walk = match known {
            Some(Known { cursor, edge }) => Walk::after(self.layout(), cursor, Some(edge.clone()))?,
            None => Walk::from_segment(self.layout(), 1, Some(Edge::new()))?,
        };
        let (segments, state) = (walk.segments(), walk.state().clone());
        Ok(Sweep {
            layout: self.layout().clone(),
            blocks: Blocks::behind(self.layout(), segments, state.offset)?,
            last_segment: segments.last().copied().unwrap_or_default(),
            ledger: walk.ledger,
            begins_segment: state.offset == HEADER_LEN as u64,
            state,
            known: known.cloned(),
        })
    }
}

impl Sweep {
    /// Reads the next block into `block`, whose memory is used again; false behind the last.
    ///
    /// # Errors
    /// [`super::Error::Io`].
    pub(crate) fn next(&mut self, block: &mut Block) -> Result<bool> {
        self.blocks.next(block)
    }

    /// Behind the last commit that fitted.
    pub(crate) fn known(&self) -> Option<&Known> {
        self.known.as_ref()
    }

    /// The ledger's id.
    pub(crate) fn ledger(&self) -> Hash {
        self.ledger
    }

    /// Fits the next block to those before it, and says with which events its commits end. `None` if it does not fit, or if a commit
    /// in it ends behind `last`: nothing may be fitted any more then, and of the block nothing counts.
    pub(crate) fn fit(&mut self, swept: Swept, last: Option<u64>) -> Option<Vec<u64>> {
        let (mut known, mut ends) = (None, Vec::new());
        for step in swept.0 {
            match step {
                Step::Header(header) => self.enter(&header, known.as_ref())?,
                Step::Frames(stretch) => self.follow(stretch)?,
                Step::Seal(place, seal, end) => {
                    let is_beyond = last.is_some_and(|last| seal.head.size > last);
                    let before = known.as_ref().or(self.known.as_ref()).map_or(0, |known| known.cursor.head.size);
                    self.state.check_seal(&seal, before, place).ok()?;
                    if is_beyond || !self.begins_segment && self.is_cut(&seal, place, end)? {
                        return None;
                    }
                    self.begins_segment = false;
                    let State { head, recorded_at, .. } = self.state;
                    let cursor = Cursor { head, recorded_at, seal: place };
                    known = Some(Known { cursor, edge: self.state.edge.clone()? });
                    ends.push(head.size);
                }
            }
        }
        self.known = known.or(self.known.take());
        Some(ends)
    }

    fn enter(&mut self, header: &Header, known: Option<&Known>) -> Option<()> {
        let Head { size, hash } = self.state.head;
        let sealed = known.or(self.known.as_ref()).map_or(0, |known| known.cursor.head.size);
        let follows = header.first_seq == size + 1 && header.prev == hash && header.ledger == self.ledger;
        self.begins_segment = true;
        (follows && sealed == size).then_some(())
    }

    fn follow(&mut self, stretch: Stretch) -> Option<()> {
        let Stretch { before, first_at, first_link, after, nodes } = stretch;
        let is_of_ledger = before.size > 0 || first_link == self.ledger;
        if before != self.state.head || first_at < self.state.recorded_at || !is_of_ledger {
            return None;
        }
        let edge = self.state.edge.as_mut()?;
        nodes.into_iter().try_for_each(|(node, level)| edge.push_subtree(node, level)).ok()?;
        (self.state.head, self.state.recorded_at) = (after.head, after.recorded_at);
        Some(())
    }

    /// Whether a seal ends the log in the middle of its signatures.
    fn is_cut(&self, seal: &Seal, place: Place, end: u64) -> Option<bool> {
        if seal.signatures.is_empty() || place.segment != self.last_segment {
            return Some(false);
        }
        if self.layout.len_of(place.segment).ok()? > end {
            return Some(false);
        }
        let file = SegmentFile::open(&self.layout, place.segment).ok()?;
        Some(tail::cut_in_signatures(&file, &mut Window::default(), seal, place).ok()?.is_some())
    }
}
