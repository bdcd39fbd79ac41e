//! Reading single events by their places.

use std::ops::ControlFlow;

use super::commit::Body;
use super::damage::{Code, Damage, Place};
use super::error::{Error, Result};
use super::scan::Log;
use super::tail;
use super::window::{SegmentFile, Window};
use crate::chain::{Hash, SALT_LEN};
use crate::frame::{self, Cut, ENVELOPE_LEN, Envelope, HEADER_LEN, PLAUSIBLE_LEN, Record, Seal, Start};

/// One event, read by its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its public part.
    pub envelope: Envelope,
    /// The salt of its commitment; none if it was erased.
    pub salt: Option<[u8; SALT_LEN]>,
    /// The event itself, encoded; none if it was erased.
    pub payload: Option<Vec<u8>>,
}

impl Fetched {
    /// Its link.
    #[must_use]
    pub fn link(&self) -> Hash {
        Envelope::link(&self.envelope.to_bytes())
    }
}

/// A record that was passed over.
#[derive(Clone, Copy, Debug)]
pub enum Passed<'a> {
    /// An event: its envelope, and where it stands.
    Event {
        /// The bytes of its envelope.
        envelope: &'a [u8; ENVELOPE_LEN],
        /// Where its record begins.
        place: Place,
    },
    /// The seal behind so many events.
    Seal {
        /// Count of events.
        size: u64,
    },
}

/// As much of a record as tells what it is: that of a frame up to the end of its envelope.
const START_LEN: usize = PLAUSIBLE_LEN;

/// Reads events by their places, from files that stay open.
#[derive(Debug)]
pub struct Fetch {
    log: Log,
    segments: Vec<u64>,
    file: Option<SegmentFile>,
    window: Window,
}

impl Log {
    /// Begins to read single events.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn fetch(&self) -> Result<Fetch> {
        let segments = self.layout().list()?.segments;
        Ok(Fetch { log: self.clone(), segments, file: None, window: Window::of_single_records() })
    }
}

impl Fetch {
    /// Another one, for another thread.
    #[must_use]
    pub fn another(&self) -> Fetch {
        let (log, segments) = (self.log.clone(), self.segments.clone());
        Fetch { log, segments, file: None, window: Window::of_single_records() }
    }

    /// Reads event `seq` at an offset in its segment, and checks that it is that event and that its payload is its own.
    /// Its links to its neighbours are not checked.
    ///
    /// # Errors
    /// [`Error::NotThere`] if another event stands there, [`Error::Damaged`], [`Error::Io`].
    pub fn event(&mut self, seq: u64, offset: u64) -> Result<Fetched> {
        let place = Place { segment: self.segment_of(seq)?, offset };
        let raw = match self.cut(place)? {
            Cut::Record(Record::Frame(raw), _) => raw,
            Cut::Damaged(fault) => return Err(tail::of_fault(fault, place).of(seq).into()),
            _ => return Err(Error::NotThere),
        };
        let envelope = Envelope::fields_of(raw.envelope);
        if envelope.seq != seq || envelope.readable().is_err() {
            return Err(Error::NotThere);
        }
        let payload = match Body::of(&raw, envelope.commitment) {
            Body::Whole => Some(raw.payload.to_vec()),
            Body::Erased | Body::HalfErased => None,
            Body::Altered(found) => {
                return Err(Damage::new(Code::Payload, place, envelope.commitment, found).of(seq).into());
            }
        };
        let salt = payload.as_ref().map(|_| *raw.salt);
        Ok(Fetched { envelope, salt, payload })
    }

    /// Passes over records from event `seq` on, which begins at an offset in its segment, until told to stop or at the
    /// log's end. Of events only the envelopes are read, and nothing is checked but that records follow on each other.
    ///
    /// # Errors
    /// [`Error::NotThere`] if no such records stand there, [`Error::Io`].
    pub fn pass(&mut self, seq: u64, offset: u64, mut see: impl FnMut(Passed<'_>) -> ControlFlow<()>) -> Result<()> {
        let segment = self.segment_of(seq)?;
        let mut place = Place { segment, offset };
        loop {
            let mut start = [0; START_LEN];
            let file = self.file(place)?;
            let read = file.read_at(place.offset, &mut start)?;
            if read == 0 {
                match self.segments.get(self.segments.partition_point(|first| *first <= place.segment)) {
                    Some(next) => place = Place { segment: *next, offset: HEADER_LEN as u64 },
                    None => return Ok(()),
                }
                continue;
            }
            let start = start.get(..read).unwrap_or_default();
            let (len, passed) = frame::declared_len(start).zip(frame::start_of(start)).ok_or(Error::NotThere)?;
            let passed = match passed {
                Start::Frame(envelope) => Passed::Event { envelope, place },
                Start::Seal(size) => Passed::Seal { size },
            };
            if see(passed).is_break() {
                return Ok(());
            }
            place.offset += len as u64;
        }
    }

    /// Reads the seal at a place.
    ///
    /// # Errors
    /// [`Error::NotThere`] if no seal stands there, [`Error::Io`].
    pub fn seal(&mut self, place: Place) -> Result<Seal> {
        match self.cut(place)? {
            Cut::Record(Record::Seal(seal), _) => Ok(seal),
            _ => Err(Error::NotThere),
        }
    }

    /// The segment that an event stands in.
    fn segment_of(&self, seq: u64) -> Result<u64> {
        let count = self.segments.partition_point(|first| *first <= seq);
        count.checked_sub(1).and_then(|last| self.segments.get(last)).copied().ok_or(Error::NotThere)
    }

    fn file(&mut self, Place { segment, offset }: Place) -> Result<&SegmentFile> {
        let file = match self.file.take() {
            Some(file) if file.number == segment && offset < file.len => file,
            _ => {
                self.window.clear();
                SegmentFile::open(self.log.layout(), segment)?
            }
        };
        Ok(self.file.insert(file))
    }

    fn cut(&mut self, place: Place) -> Result<Cut<'_>> {
        self.file(place)?;
        let file = self.file.as_ref().ok_or(Error::NotThere)?;
        self.window.cut(file, place.offset, place.offset)
    }
}
