//! Reading single events by their places.

use super::frame::Body;
use super::log::Log;
use super::tail;
use super::window::{SegmentFile, Window};
use crate::chain::{Hash, SALT_LEN};
use crate::frame::{Cut, ENVELOPE_LEN, Envelope, HEADER_LEN, Record, Seal};
use crate::hash::Lanes;
use crate::log::damage::{Code, Damage, Place};
use crate::log::error::{Error, Result};

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

    /// The leaves of so many events on from the one of number `first`, which stands at an offset in its segment.
    ///
    /// # Errors
    /// [`Error::NotThere`] if they do not stand there, [`Error::Io`].
    pub fn leaves(&mut self, first: u64, count: u64, offset: u64) -> Result<Vec<Hash>> {
        let mut at = Place { segment: self.segment_of(first)?, offset };
        let mut envelopes: Vec<[u8; ENVELOPE_LEN]> = Vec::new();
        while (envelopes.len() as u64) < count {
            let due = first + envelopes.len() as u64;
            let begins_segment = due != at.segment && self.segments.binary_search(&due).is_ok();
            at.offset += match self.cut(at)? {
                Cut::Record(Record::Frame(raw), len) => {
                    envelopes.push(*raw.envelope);
                    len as u64
                }
                Cut::Record(Record::Seal(_), len) => len as u64,
                Cut::NeedMore { .. } if begins_segment => {
                    at = Place { segment: due, offset: HEADER_LEN as u64 };
                    continue;
                }
                _ => return Err(Error::NotThere),
            };
        }
        let envelopes: Vec<&[u8]> = envelopes.iter().map(<[u8; ENVELOPE_LEN]>::as_slice).collect();
        Ok(Lanes::all().leaves(&envelopes))
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
