//! Cutting the whole log into blocks of whole records, going on behind whatever is damaged: for verifying and
//! for reading what is left. Cutting only looks at lengths, so that one thread can keep many others hashing.

use super::tail;
use super::window::SegmentFile;
use crate::chain::Hash;
use crate::frame::{
    self, Cut, Envelope, Fault, HEADER_LEN, Header, HeaderFault, PLAUSIBLE_LEN, RawFrame, Record, Seal,
};
use crate::log::damage::{Code, Damage, Place};
use crate::log::error::Result;
use crate::log::layout::Layout;

/// How much is read at once, in bytes; a longer record makes a longer block.
const BLOCK_LEN: usize = 1 << 20;

/// So many blocks, or segments, are read by one thread.
const MANY: usize = 4;

/// A part of one segment in memory, and where its records are.
#[derive(Debug, Default)]
pub(crate) struct Block {
    segment: u64,
    base: u64,
    bytes: Vec<u8>,
    filled: usize,
    pieces: Vec<Piece>,
    /// How long the segment was when it was opened, in bytes.
    segment_len: u64,
}

/// What is rare is boxed: there is one for every record.
#[derive(Debug)]
enum Piece {
    Header(Box<std::result::Result<Header, HeaderFault>>),
    Record { at: usize, len: usize },
    Fault(Box<Damage>),
    End { is_last: bool },
}

/// What a block holds, in order.
#[derive(Debug)]
pub(crate) enum Item<'a> {
    /// A segment begins.
    Header(Place, std::result::Result<Header, HeaderFault>),
    /// A frame.
    Frame(Place, RawFrame<'a>),
    /// A seal, and where its record ends.
    Seal(Place, Seal, u64),
    /// Bytes that are no record, up to the next item; or a record whose guard was damaged: it follows.
    Fault(Damage),
    /// A segment ends, maybe the last.
    End(Place, bool),
}

impl<'a> Item<'a> {
    /// The frame that it is.
    pub(crate) fn frame(&self) -> Option<RawFrame<'a>> {
        if let Item::Frame(_, raw) = self { Some(*raw) } else { None }
    }

    /// Where it stands.
    pub(super) fn place(&self) -> Place {
        match self {
            Item::Header(place, _) | Item::Frame(place, _) | Item::Seal(place, ..) | Item::End(place, _) => *place,
            Item::Fault(damage) => damage.place(),
        }
    }

    /// What it says the link of the frame before it is.
    pub(crate) fn names(&self) -> Option<Hash> {
        match self {
            Item::Frame(_, raw) => Some(Envelope::fields_of(raw.envelope).prev),
            Item::Seal(_, seal, _) => Some(seal.link),
            _ => None,
        }
    }
}

impl Block {
    /// What it holds, in order.
    pub(crate) fn items(&self) -> impl Iterator<Item = Item<'_>> {
        self.pieces.iter().filter_map(|piece| self.item_of(piece))
    }

    /// How many items it holds.
    pub(super) fn count(&self) -> usize {
        self.pieces.len()
    }

    /// What it holds at a number in this order, counted from 0.
    pub(super) fn item(&self, number: usize) -> Option<Item<'_>> {
        self.pieces.get(number).and_then(|piece| self.item_of(piece))
    }

    /// The number of the first item that stands at a place or behind it; of a place in another segment there is none.
    pub(super) fn number_at(&self, place: Place) -> usize {
        if place.segment != self.segment {
            return self.pieces.len();
        }
        self.pieces.partition_point(|piece| match piece {
            Piece::Header(_) => true,
            Piece::Record { at, .. } => self.place(*at) < place,
            Piece::Fault(damage) => damage.place() < place,
            Piece::End { .. } => self.place(self.filled) < place,
        })
    }

    /// The segment, and how long it was when it was opened, in bytes.
    pub(super) fn segment(&self) -> (u64, u64) {
        (self.segment, self.segment_len)
    }

    fn item_of(&self, piece: &Piece) -> Option<Item<'_>> {
        Some(match piece {
            Piece::Header(header) => Item::Header(Place { segment: self.segment, offset: 0 }, **header),
            Piece::Fault(damage) => Item::Fault(Damage::clone(damage)),
            Piece::End { is_last } => Item::End(self.place(self.filled), *is_last),
            Piece::Record { at, len } => {
                let place = self.place(*at);
                match frame::record_of(self.bytes.get(*at..at + len)?)? {
                    Record::Frame(raw) => Item::Frame(place, raw),
                    Record::Seal(seal) => Item::Seal(place, seal, place.offset + *len as u64),
                }
            }
        })
    }

    /// How many bytes of the log it covers.
    pub(crate) fn len_bytes(&self) -> u64 {
        let header_len = if matches!(self.pieces.first(), Some(Piece::Header(_))) { self.base } else { 0 };
        header_len + self.filled as u64
    }

    fn place(&self, at: usize) -> Place {
        Place { segment: self.segment, offset: self.base + at as u64 }
    }

    fn rest(&self, at: usize) -> &[u8] {
        self.bytes.get(at..self.filled).unwrap_or_default()
    }

    fn read(&mut self, file: &SegmentFile, base: u64, len: usize) -> Result<()> {
        // Where little is left no more is asked of the memory.
        let len = len.min(usize::try_from(file.len.saturating_sub(base)).unwrap_or(usize::MAX));
        if self.bytes.len() < len {
            self.bytes = vec![0; len];
        }
        self.base = base;
        self.filled = file.read_at(base, self.bytes.get_mut(..len).unwrap_or_default())?;
        Ok(())
    }

    fn fault(&mut self, damage: Damage) {
        self.pieces.push(Piece::Fault(Box::new(damage)));
    }
}

/// The blocks of a log, in order.
#[derive(Debug)]
pub(crate) struct Blocks {
    layout: Layout,
    /// Segments that were not begun yet, the last one first.
    ahead: Vec<u64>,
    current: Option<SegmentFile>,
    offset: u64,
    /// The next record has to be searched for.
    lost: bool,
    /// Where to stop.
    end: Option<Place>,
}

impl Blocks {
    /// Of these segments, in their order.
    pub(crate) fn new(layout: &Layout, segments: &[u64]) -> Blocks {
        let ahead = segments.iter().rev().copied().collect();
        Blocks { layout: layout.clone(), ahead, current: None, offset: 0, lost: false, end: None }
    }

    /// Of these segments, the first one from this offset on, where a record begins.
    ///
    /// # Errors
    /// [`super::Error::Io`].
    pub(super) fn from(layout: &Layout, segments: &[u64], offset: u64) -> Result<Blocks> {
        let mut blocks = Blocks::new(layout, segments);
        if let Some(first) = blocks.ahead.pop() {
            (blocks.current, blocks.offset) = (Some(SegmentFile::open(layout, first)?), offset);
        }
        Ok(blocks)
    }

    /// Whether there is so much to read that several threads are sooner done with it.
    pub(super) fn are_many(&self) -> bool {
        let left = self.current.as_ref().map_or(0, |file| file.len.saturating_sub(self.offset));
        self.ahead.len() > MANY || left > (MANY * BLOCK_LEN) as u64
    }

    /// These blocks, as if the last segment ended at this place, if one is given.
    pub(crate) fn until(self, end: Option<Place>) -> Blocks {
        Blocks { end, ..self }
    }

    /// Cuts the next block into `block`, whose memory is used again; false behind the last.
    ///
    /// # Errors
    /// [`super::Error::Io`].
    pub(crate) fn next(&mut self, block: &mut Block) -> Result<bool> {
        block.pieces.clear();
        let file = match self.current.take() {
            Some(file) => file,
            None => match self.ahead.pop() {
                Some(number) => self.begin(number, block)?,
                None => return Ok(false),
            },
        };
        (block.segment, block.segment_len) = (file.number, file.len);
        block.read(&file, self.offset, BLOCK_LEN)?;
        if let Some(long) = frame::declared_len(block.rest(0)).filter(|len| *len > BLOCK_LEN) {
            block.read(&file, self.offset, long)?;
        }
        let reaches_the_end = self.offset + block.filled as u64 >= file.len || block.filled == 0;
        let cut_to = self.cut(block, reaches_the_end);
        if reaches_the_end {
            block.pieces.push(Piece::End { is_last: self.ahead.is_empty() });
        } else {
            block.filled = cut_to;
            self.offset += cut_to as u64;
            self.current = Some(file);
        }
        Ok(true)
    }

    fn begin(&mut self, number: u64, block: &mut Block) -> Result<SegmentFile> {
        let mut file = SegmentFile::open(&self.layout, number)?;
        if let Some(end) = self.end.filter(|end| end.segment == number) {
            file.len = file.len.min(end.offset);
        }
        block.read(&file, 0, HEADER_LEN)?;
        let header = Header::from_bytes(block.rest(0));
        block.pieces.push(Piece::Header(Box::new(header)));
        // Of a later format nothing more can be read.
        let later_format = matches!(header, Err(HeaderFault::Format(_)));
        (self.offset, self.lost) = (if later_format { file.len } else { HEADER_LEN as u64 }, false);
        Ok(file)
    }

    /// Finds the records in a block, and says up to where.
    fn cut(&mut self, block: &mut Block, to_the_end: bool) -> usize {
        let mut at = 0;
        loop {
            if self.lost {
                match search(block.rest(at), to_the_end) {
                    Found::At(skipped) => at += skipped,
                    Found::NotBefore(skipped) => return at + skipped,
                }
                self.lost = false;
            }
            let place = block.place(at);
            match frame::cut(block.rest(at)) {
                Cut::Record(_, len) => {
                    block.pieces.push(Piece::Record { at, len });
                    at += len;
                }
                Cut::NeedMore { .. } if !to_the_end || block.rest(at).is_empty() => return at,
                Cut::NeedMore { missing } => {
                    let found = format_args!("{missing} bytes too few").to_string();
                    block.fault(Damage::new(Code::RecordLength, place, "a whole record", found));
                    (at, self.lost) = (at + 1, true);
                }
                // A record with a damaged guard is only found whole, so it must not be cut by the block's end.
                Cut::Damaged(Fault::Guard { .. }) if !to_the_end && block.rest(at).len() < BLOCK_LEN / 2 => return at,
                Cut::Damaged(fault) => {
                    block.fault(tail::of_fault(fault, place));
                    (at, self.lost) = behind(fault, at, block);
                }
            }
        }
    }
}

/// Where to go on behind a fault, and whether the next record has to be searched for.
fn behind(fault: Fault, at: usize, block: &mut Block) -> (usize, bool) {
    match fault {
        Fault::Guard { .. } => match frame::len_despite_guard(block.rest(at)) {
            Some(len) => {
                block.pieces.push(Piece::Record { at, len });
                (at + len, false)
            }
            None => (at + 1, true),
        },
        Fault::Type(_, len) | Fault::Form(len) if frame::seems_to_begin(block.rest(at + len)) => (at + len, false),
        _ => (at + 1, true),
    }
}

enum Found {
    At(usize),
    NotBefore(usize),
}

/// Looks for the next record. Without the segment's end in sight, the last bytes cannot be judged yet.
fn search(bytes: &[u8], to_the_end: bool) -> Found {
    let judged = if to_the_end { bytes.len() } else { bytes.len().saturating_sub(PLAUSIBLE_LEN) };
    let begins = |at: &usize| bytes.get(*at..).is_some_and(frame::seems_to_begin);
    match (0..judged).find(begins) {
        Some(at) => Found::At(at),
        None if to_the_end => Found::NotBefore(bytes.len()),
        None => Found::NotBefore(judged),
    }
}
