//! Walking the log from seal to seal, checking everything that reading can check.
//!
//! A commit is first checked as a whole and only then lent out. One that fits into the buffer is read once; a larger
//! one is read a second time, so that no commit, however large, has to fit into memory.

use super::ahead::Ahead;
use super::diagnose::diagnose;
use super::frame::{Body, Frame};
use super::state::State;
use super::tail::{self, TornTail};
use super::window::{SegmentFile, Window, header_of};
use crate::chain::{Hash, Head};
use crate::frame::{Cut, Envelope, HEADER_LEN, Record, Seal};
use crate::hash::Lanes;
use crate::log::cursor::Cursor;
use crate::log::damage::{Code, Damage, Place};
use crate::log::error::{Error, Result};
use crate::log::layout::Layout;
use crate::tree::Edge;

/// A commit that was found whole and right.
#[derive(Clone, Debug)]
pub(in crate::log) struct Checked {
    /// Number of its first event.
    pub(in crate::log) first_seq: u64,
    /// Where its first frame begins.
    pub(in crate::log) start: u64,
    /// What closes it.
    pub(in crate::log) seal: Seal,
    /// The place behind it.
    pub(in crate::log) cursor: Cursor,
}

/// Where the walk stands: always behind a seal or a header.
#[derive(Debug)]
pub(in crate::log) struct Walk {
    layout: Layout,
    /// Segments as they were listed, the current one first.
    segments: Vec<u64>,
    file: SegmentFile,
    window: Window,
    ahead: Ahead,
    state: State,
    cursor: Option<Cursor>,
    /// The ledger's id, as the first header that was read has it.
    pub(in crate::log) ledger: Hash,
    /// What stands behind the last seal, once the walk has reached the end.
    pub(in crate::log) tail: Option<TornTail>,
}

impl Walk {
    /// Begins at a segment's first event, believing its header.
    pub(in crate::log) fn from_segment(layout: &Layout, number: u64, edge: Option<Edge>) -> Result<Walk> {
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
        let file = SegmentFile::open(layout, number)?;
        let header = header_of(&file)?;
        if number == 1 && header.prev != Hash::ZERO {
            let place = Place { segment: number, offset: 0 };
            return Err(Damage::new(Code::SegmentPrev, place, Hash::ZERO, header.prev).of(1).into());
        }
        let sealed = Head { size: number - 1, tip: header.prev };
        let state = State::behind(sealed, HEADER_LEN as u64, i64::MIN, edge);
        let (layout, window, ahead) = (layout.clone(), Window::default(), Ahead::default());
        Ok(Walk { layout, segments, file, window, ahead, state, cursor: None, ledger: header.ledger, tail: None })
    }

    /// Goes on behind the seal that a cursor names, if it is there and says the same.
    pub(in crate::log) fn after(layout: &Layout, cursor: &Cursor, edge: Option<Edge>) -> Result<Walk> {
        let mut walk = Walk::from_segment(layout, cursor.seal.segment, None)?;
        let offset = cursor.seal.offset;
        let Cut::Record(Record::Seal(seal), len) = walk.window.cut(&walk.file, offset, offset)? else {
            return Err(Error::NotThere);
        };
        let edge_fits = edge.as_ref().is_none_or(|edge| edge.size() == seal.size && edge.root() == seal.root);
        if seal.head() != cursor.head || seal.digest() != seal.tip || !edge_fits {
            return Err(Error::NotThere);
        }
        walk.state = State::behind(cursor.head, offset + len as u64, cursor.recorded_at, edge);
        walk.cursor = Some(*cursor);
        Ok(walk)
    }

    pub(in crate::log) fn state(&self) -> &State {
        &self.state
    }

    /// The place behind the last good seal; none before the first that was walked.
    pub(in crate::log) fn cursor(&self) -> Option<Cursor> {
        self.cursor
    }

    pub(in crate::log) fn segment(&self) -> u64 {
        self.file.number
    }

    /// Checks the next commit, without lending it out; none at the log's end, and then `tail` is set.
    pub(in crate::log) fn next_checked(&mut self) -> Result<Option<Checked>> {
        // How long the segment was when it was last looked at.
        let mut looked_at = None;
        loop {
            let stopped = if self.state.offset >= self.file.len {
                None
            } else {
                match self.check_commit()? {
                    Ok((checked, state)) => {
                        self.state = state;
                        self.cursor = Some(checked.cursor);
                        return Ok(Some(checked));
                    }
                    Err(damage) => Some(damage),
                }
            };
            if let ([_, next, ..], None) = (self.segments.as_slice(), &stopped) {
                let next = *next;
                self.enter(next)?;
            } else if looked_at.replace(self.file.len) == Some(self.file.len) {
                return self.end(stopped).map(|()| None);
            } else {
                self.look_again()?;
            }
        }
    }

    /// Another process may just be writing: what seems wrong or at an end is looked at until it stands still.
    fn look_again(&mut self) -> Result<()> {
        let number = self.file.number;
        self.segments = self.layout.list()?.segments;
        self.segments.retain(|segment| *segment >= number);
        self.window.clear();
        self.file.look_again()
    }

    /// Nothing sealed follows. In the last segment that may be an append that was never acknowledged.
    fn end(&mut self, stopped: Option<Damage>) -> Result<()> {
        let place = Place { segment: self.file.number, offset: self.state.offset };
        // A segment gets its name only once its first commit is sealed.
        let no_commit = self.state.offset == HEADER_LEN as u64;
        let unsealed = || Damage::new(Code::SealMissing, place, "a sealed commit", "none").of(place.segment);
        let Some(damage) = stopped.or_else(|| no_commit.then(unsealed)) else { return Ok(()) };
        let diagnosed = || Err(diagnose(&self.layout, place.segment, damage).into());
        if no_commit || self.segments.len() > 1 {
            return diagnosed();
        }
        match tail::judge(&self.file, &mut self.window, self.state.offset) {
            Err(Error::Damaged(_)) => diagnosed(),
            judged => judged.map(|tail| self.tail = tail),
        }
    }

    /// Goes over into the next segment, if it follows on this one.
    fn enter(&mut self, number: u64) -> Result<()> {
        let file = SegmentFile::open(&self.layout, number)?;
        let header = header_of(&file)?;
        let place = Place { segment: number, offset: 0 };
        let due = self.state.size + 1;
        if number != due {
            let code = if number > due { Code::SegmentMissing } else { Code::SegmentOverlap };
            return Err(Damage::new(code, place, due, number).of(due).into());
        }
        if header.ledger != self.ledger {
            return Err(Damage::new(Code::SegmentLedger, place, self.ledger, header.ledger).of(due).into());
        }
        if header.prev != self.state.prev {
            return Err(Damage::new(Code::SegmentPrev, place, self.state.prev, header.prev).of(due).into());
        }
        self.segments.remove(0);
        self.file = file;
        self.window.clear();
        self.state.offset = HEADER_LEN as u64;
        Ok(())
    }

    /// Checks from a seal to the next. What is wrong comes back inside, for it may be a torn tail; before that all is
    /// hashed again, a message at a time, for lanes only ever accept.
    fn check_commit(&mut self) -> Result<std::result::Result<(Checked, State), Damage>> {
        let lanes = Lanes::all();
        match self.check_commit_with(lanes)? {
            Err(_) if lanes.are_many() => self.check_commit_with(Lanes::none()),
            checked => Ok(checked),
        }
    }

    fn check_commit_with(&mut self, lanes: Lanes) -> Result<std::result::Result<(Checked, State), Damage>> {
        let start = self.state.offset;
        let mut state = self.state.clone();
        loop {
            let place = Place { segment: self.file.number, offset: state.offset };
            self.window.cut(&self.file, start, state.offset)?;
            let made = if lanes.are_many() { self.ahead.take(&self.window, state.offset, lanes) } else { None };
            match self.window.cut(&self.file, start, state.offset)? {
                Cut::Record(Record::Frame(raw), len) => {
                    if let Err(damage) = state.check_frame(&raw, made, place) {
                        return Ok(Err(damage));
                    }
                    if state.size == 1 && state.prev != self.ledger {
                        let damage = Damage::new(Code::LedgerId, place, state.prev, self.ledger);
                        return Ok(Err(damage.of(1)));
                    }
                    state.offset += len as u64;
                }
                Cut::Record(Record::Seal(seal), len) => {
                    if let Err(damage) = state.check_seal(&seal, place) {
                        return Ok(Err(damage));
                    }
                    state.offset += len as u64;
                    let cursor = Cursor { head: state.sealed, recorded_at: state.recorded_at, seal: place };
                    return Ok(Ok((Checked { first_seq: self.state.size + 1, start, seal, cursor }, state)));
                }
                Cut::NeedMore { missing } => {
                    let found = format_args!("{missing} bytes too few").to_string();
                    let damage = Damage::new(Code::RecordLength, place, "a whole record", found);
                    return Ok(Err(damage.of(state.size + 1)));
                }
                Cut::Damaged(fault) => return Ok(Err(tail::of_fault(fault, place).of(state.size + 1))),
            }
        }
    }

    /// Lends a frame of a commit that was checked; `start` is where the commit begins.
    pub(in crate::log) fn frame_again(&mut self, start: u64, place: Place) -> Result<(Frame<'_>, u64)> {
        match self.window.cut(&self.file, start, place.offset)? {
            Cut::Record(Record::Frame(raw), len) => {
                let envelope = Envelope::fields_of(raw.envelope);
                let body = Body::of_checked(&raw, envelope.commitment);
                Ok((Frame::new(place, envelope, raw, body), len as u64))
            }
            _ => Err(Damage::new(Code::RecordType, place, "the frame that stood here", "something else").into()),
        }
    }
}
