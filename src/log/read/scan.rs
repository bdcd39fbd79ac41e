//! Reading commits, one after the other: without a lock, without writing, while others write.
//!
//! A commit is first checked as a whole and only then lent out. Others may just be writing what seems wrong or at an end: it is
//! looked at again, without lanes, until it stands still.

use std::path::PathBuf;

use super::blocks::{Block, Blocks};
use super::commit::{Checked, Commit, Held};
use super::diagnose::diagnose;
use super::fit::Fit;
use super::hashed::Step;
use super::pass::{Background, HashedBlock, Pass};
use super::tail::{self, TornTail};
use super::window::{SegmentFile, Window, header_of, well_named};
use crate::chain::Hash;
use crate::frame::{Cut, GUARD_LEN, HEADER_LEN, Header, HeaderFault, Record, Seal};
use crate::hash::Lanes;
use crate::log::cursor::{Cursor, Known};
use crate::log::damage::{Code, Damage, Place};
use crate::log::error::{Error, Result};
use crate::log::layout::Layout;
use crate::threads::cores;
use crate::tree::{Edge, Span};

/// How a scan ended: the log is whole up to here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The place behind the last commit; none if there is none.
    pub cursor: Option<Cursor>,
    /// What an append left there that was never acknowledged, or is just being made.
    pub tail: Option<TornTail>,
    /// New segments that were never published, or are just being written.
    pub leftovers: Vec<PathBuf>,
}

/// A pass in which nobody reads payloads.
type Hashing = Background<(), fn(u16, &[u8])>;

/// Commits, one after the other.
#[derive(Debug)]
pub struct Scan {
    layout: Layout,
    /// Segments as they were listed, the current one first.
    segments: Vec<u64>,
    /// The blocks from the last good seal on; none yet.
    pass: Option<Hashing>,
    /// What was made of the block that was read last, and how many steps of it were taken.
    steps: Vec<Step<()>>,
    taken: usize,
    held: Held,
    /// Memory to use again.
    spare: Option<Block>,
    /// How it stands at the last good seal, or header: where that ends, the place behind the last commit, what fits there,
    /// and the tree's edge, if roots are checked.
    good: Place,
    cursor: Option<Cursor>,
    fit: Fit,
    edge: Option<Edge>,
    /// What fits behind the last step, and the leaves since the last good seal.
    ahead: Fit,
    leaves: Vec<Span>,
    /// What stands behind the last seal, once the end was reached.
    tail: Option<TornTail>,
    /// Commits wholly before this event are not shown.
    seq: u64,
}

/// Where going through the steps led.
enum Reached {
    Commit(Checked),
    /// Something that does not follow.
    Stop(Damage),
    /// The end of what was listed.
    End,
}

impl Scan {
    /// Begins at a segment's first event, believing its header.
    pub(super) fn from_segment(layout: &Layout, number: u64, edge: Option<Edge>) -> Result<Scan> {
        let mut segments = layout.list()?.well_named()?.segments;
        segments.retain(|segment| *segment >= number);
        match segments.first().copied() {
            Some(first) if first == number => {}
            // What a cursor names may be gone with the log it was of; a log's beginning may not.
            Some(first) if number == 1 => {
                let place = Place { segment: first, offset: 0 };
                return Err(Damage::new(Code::SegmentMissing, place, number, first).of(number).into());
            }
            _ => return Err(Error::NotThere),
        }
        let header = header_of(&SegmentFile::open(layout, number)?)?;
        let mut fit = Fit::before(number);
        fit.segment(Place { segment: number, offset: 0 }, &header)?;
        Ok(Scan {
            layout: layout.clone(),
            segments,
            pass: None,
            steps: Vec::new(),
            taken: 0,
            held: Held::new(layout),
            spare: None,
            good: Place { segment: number, offset: HEADER_LEN as u64 },
            cursor: None,
            ahead: fit,
            fit,
            edge,
            leaves: Vec::new(),
            tail: None,
            seq: 0,
        })
    }

    /// Goes on behind the seal that a cursor names, if it is there and says the same.
    pub(super) fn after(layout: &Layout, cursor: &Cursor, edge: Option<Edge>) -> Result<Scan> {
        let mut scan = Scan::from_segment(layout, cursor.seal.segment, None)?;
        let (Place { segment, offset }, mut window) = (cursor.seal, Window::of_single_records());
        let file = SegmentFile::open(layout, segment)?;
        let Cut::Record(Record::Seal(seal), len) = window.cut(&file, offset, offset)? else {
            return Err(Error::NotThere);
        };
        let edge_fits = edge.as_ref().is_none_or(|edge| edge.size() == seal.size && edge.root() == seal.root);
        if seal.head() != cursor.head || seal.digest() != seal.tip || !edge_fits {
            return Err(Error::NotThere);
        }
        scan.good.offset = offset + len as u64;
        scan.fit = scan.fit.behind(cursor.head, cursor.recorded_at);
        scan.ahead = scan.fit;
        (scan.cursor, scan.edge) = (Some(*cursor), edge);
        Ok(scan)
    }

    /// This scan, without commits wholly before this event.
    pub(super) fn since(self, seq: u64) -> Scan {
        Scan { seq, ..self }
    }

    /// The next commit, checked as a whole; none at the log's end.
    ///
    /// # Errors
    /// [`Error::Damaged`] at the first thing that is not as it was written, [`Error::Unsupported`], [`Error::Io`].
    pub fn next_commit(&mut self) -> Result<Option<Commit<'_>>> {
        while let Some(checked) = self.next_checked()? {
            if checked.seal.size >= self.seq {
                return Ok(Some(Commit::new(&mut self.held, checked)));
            }
        }
        Ok(None)
    }

    /// The place behind the last commit that was shown.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.cursor
    }

    /// The place behind the last commit that was shown, and the tree's edge there; none if roots are not checked on the way,
    /// or no commit was shown.
    #[must_use]
    pub fn known(&self) -> Option<Known> {
        Some(Known { cursor: self.cursor?, edge: self.edge.clone()? })
    }

    /// The ledger's id.
    #[must_use]
    pub fn ledger(&self) -> Hash {
        self.fit.ledger()
    }

    /// How the log ends; to be asked when there are no more commits.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn end(&self) -> Result<End> {
        let leftovers = self.layout.list()?.leftovers;
        Ok(End { cursor: self.cursor, tail: self.tail, leftovers })
    }

    /// Where the last good seal ends, or the header of a segment without one.
    pub(in crate::log) fn good(&self) -> Place {
        self.good
    }

    /// What stands behind the last seal; to be asked when there are no more commits.
    pub(in crate::log) fn tail(&self) -> Option<TornTail> {
        self.tail
    }

    /// Checks the next commit, without lending it out; none at the log's end, and then `tail` is set.
    fn next_checked(&mut self) -> Result<Option<Checked>> {
        // How long the segment was when it was last looked at.
        let mut looked_at = None;
        loop {
            let stopped = match self.go_on()? {
                Reached::Commit(checked) => return Ok(Some(checked)),
                Reached::Stop(damage) => Some(damage),
                Reached::End => None,
            };
            let len = self.held.last().map(Block::segment);
            if looked_at.is_some() && looked_at == len {
                return self.finish(stopped, len.map_or(0, |(_, len)| len)).map(|()| None);
            }
            looked_at = len;
            let number = self.good.segment;
            self.segments = self.layout.list()?.segments;
            self.segments.retain(|segment| *segment >= number);
            self.begin(Lanes::none())?;
        }
    }

    /// Begins to read behind the last good seal.
    fn begin(&mut self, lanes: Lanes) -> Result<()> {
        self.held = Held::new(&self.layout);
        (self.ahead, self.taken) = (self.fit, 0);
        self.steps.clear();
        self.leaves.clear();
        let blocks = Blocks::from(&self.layout, &self.segments, self.good.offset)?;
        let threads = if blocks.are_many() { cores() } else { 1 };
        let nobody_reads: fn(u16, &[u8]) = |_, _| ();
        self.pass = Some(Pass::new(blocks, threads, lanes, nobody_reads).in_background(threads));
        Ok(())
    }

    /// Goes on from step to step, up to a seal that fits.
    fn go_on(&mut self) -> Result<Reached> {
        if self.pass.is_none() {
            self.begin(Lanes::all())?;
        }
        // Behind a seal the commit before has been lent out.
        if self.ahead.size() == self.fit.size() {
            self.spare = self.held.let_go().or(self.spare.take());
        }
        loop {
            let Some(step) = self.steps.get(self.taken) else {
                if self.next_block()? {
                    continue;
                }
                return Ok(Reached::End);
            };
            self.taken += 1;
            let seq = self.ahead.size().saturating_add(1);
            let follows = match step {
                Step::Header(place, header) => {
                    let (place, header) = (*place, *header);
                    self.enter(place, header)?;
                    Ok(())
                }
                Step::Frame(frame, ()) => self.ahead.frame(frame),
                Step::Leaves(leaves) => {
                    self.leaves.push(leaves.clone());
                    Ok(())
                }
                Step::Seal(place, seal, digest, end) => {
                    let (place, seal, digest, end) = (*place, seal.clone(), *digest, *end);
                    match self.close(place, seal, digest, end) {
                        Ok(checked) => return Ok(Reached::Commit(checked)),
                        Err(damage) => Err(damage),
                    }
                }
                Step::Fault(damage) => Err(damage.clone().of(seq)),
                Step::End(place, _) if self.ahead.is_open() => {
                    let found = format_args!("{GUARD_LEN} bytes too few").to_string();
                    Err(Damage::new(Code::RecordLength, *place, "a whole record", found).of(seq))
                }
                Step::End(..) => Ok(()),
            };
            if let Err(damage) = follows {
                return Ok(Reached::Stop(damage));
            }
        }
    }

    /// Reads the next block; false if there is none.
    fn next_block(&mut self) -> Result<bool> {
        let Some(pass) = &self.pass else { return Ok(false) };
        let Some(next) = pass.next()? else { return Ok(false) };
        let steps = std::mem::replace(&mut self.steps, next.steps);
        let block = self.held.hold(next.block).or(self.spare.take()).unwrap_or_default();
        pass.give_back(HashedBlock { block, steps });
        self.taken = 0;
        Ok(true)
    }

    /// Goes over into the next segment, if it follows on the one before.
    fn enter(&mut self, place: Place, header: std::result::Result<Header, HeaderFault>) -> Result<()> {
        if let Err(HeaderFault::Format(format)) = header {
            return Err(Error::Unsupported { path: self.layout.segment(place.segment), format });
        }
        self.ahead.segment(place, &well_named(place.segment, header)?)?;
        self.fit = self.ahead;
        self.good = Place { segment: place.segment, offset: HEADER_LEN as u64 };
        self.segments.retain(|segment| *segment >= place.segment);
        Ok(())
    }

    /// A seal: whether it fits what it closes.
    fn close(&mut self, place: Place, seal: Seal, digest: Hash, end: u64) -> std::result::Result<Checked, Damage> {
        let (mut edge, mut roots) = (self.edge.clone(), Vec::new());
        if let Some(edge) = &mut edge {
            // Leaves that do not follow on have no root.
            let _ = self.leaves.iter().try_for_each(|leaves| edge.append(leaves).map(|own| roots.extend(own)));
        }
        self.ahead.seal(place, &seal, digest, edge.as_ref().map(Edge::root))?;
        let cursor = Cursor { head: seal.head(), recorded_at: self.ahead.recorded_at(), seal: place };
        let checked = Checked { first_seq: self.fit.size() + 1, start: self.good, seal, cursor, roots };
        self.leaves.clear();
        (self.edge, self.fit, self.cursor) = (edge, self.ahead, Some(cursor));
        self.good = Place { segment: place.segment, offset: end };
        Ok(checked)
    }

    /// Nothing sealed follows, and the segment is so long. In the last segment that may be an append that was never acknowledged.
    fn finish(&mut self, stopped: Option<Damage>, len: u64) -> Result<()> {
        let place = self.good;
        // A segment gets its name only once its first commit is sealed.
        let no_commit = place.offset == HEADER_LEN as u64;
        let unsealed = || Damage::new(Code::SealMissing, place, "a sealed commit", "none").of(place.segment);
        let Some(damage) = stopped.or_else(|| no_commit.then(unsealed)) else { return Ok(()) };
        let diagnosed = || Err(diagnose(&self.layout, place.segment, damage).into());
        if no_commit || self.segments.len() > 1 {
            return diagnosed();
        }
        let mut file = SegmentFile::open(&self.layout, place.segment)?;
        file.len = file.len.min(len);
        match tail::judge(&file, &mut Window::default(), place.offset) {
            Err(Error::Damaged(_)) => diagnosed(),
            judged => judged.map(|tail| self.tail = tail),
        }
    }
}
