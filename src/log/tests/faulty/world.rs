//! A ledger on a faulty disk, and what may be there of what was asked: what was acknowledged, whole and with its
//! exact bytes; of the rest each commit whole or not at all; and nothing else.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::disk::FaultyDisk;
use crate::chain::SALT_LEN;
use crate::log::layout::Layout;
use crate::log::write::erase;

use crate::log::{Committed, Entry, Erasures, Error, Intact, Limits, Log, Opening, Result, Since, TornTail, Writer};

/// The kind of an erasure, whose payload is the target's number here.
const ERASED: u16 = 21;
/// Segments and commits so small that a few events fill them.
const SMALL: Limits = Limits { segment_len_max: 1700, commit_inline_max: 900 };
const DIR: &str = "/some/where/ledger";

/// One thing a writer is asked to do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// Begin the ledger.
    Create,
    /// Append so many events with payloads of so many bytes, as one commit.
    Append(u8, usize),
    /// Erase the first event that can be.
    Erase,
}

/// A commit that was asked for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) payloads: Vec<Vec<u8>>,
    /// It was acknowledged, or found and built upon.
    pub(super) is_certain: bool,
}

/// How an attempt ended.
pub(super) struct Failed {
    pub(super) while_opening: bool,
    pub(super) error: Error,
}

#[derive(Debug)]
pub(super) struct World {
    pub(super) disk: FaultyDisk,
    pub(super) layout: Layout,
    pub(super) commits: Vec<Asked>,
    /// Events whose erasure was asked for, and whether it was acknowledged.
    pub(super) erased: BTreeMap<u64, bool>,
    asked: u64,
}

impl World {
    pub(super) fn new() -> World {
        let disk = FaultyDisk::default();
        let layout = Layout::on(Arc::new(disk.clone()), Path::new(DIR));
        World { disk, layout, commits: Vec::new(), erased: BTreeMap::new(), asked: 0 }
    }

    /// The same world once more.
    pub(super) fn fork(&self) -> World {
        let (disk, commits, erased) = (self.disk.fork(), self.commits.clone(), self.erased.clone());
        let layout = Layout::on(Arc::new(disk.clone()), Path::new(DIR));
        World { disk, layout, commits, erased, asked: self.asked }
    }

    /// One process does this, and ends or fails. After a failed write it must refuse everything.
    pub(super) fn session(&mut self, acts: &[Act]) -> std::result::Result<(), Failed> {
        let (first, mut writer) = match acts.first() {
            Some(Act::Create) => {
                self.create().map_err(|error| Failed { while_opening: false, error })?;
                return self.session(acts.get(1..).unwrap_or_default());
            }
            None => return Ok(()),
            Some(_) => (acts, self.open().map_err(|error| Failed { while_opening: true, error })?),
        };
        for act in first {
            let done = match act {
                Act::Append(count, len) => self.append(&mut writer, *count, *len),
                Act::Erase => self.erase(&mut writer),
                Act::Create => Ok(()),
            };
            if let Err(error) = done {
                assert!(matches!(writer.append(&[note(b"x")], 1), Err(Error::Poisoned)), "{error}");
                assert!(matches!(writer.bulk(1).err(), Some(Error::Poisoned)));
                assert!(matches!(writer.erase(&[2]), Err(Error::Poisoned)));
                return Err(Failed { while_opening: false, error });
            }
        }
        Ok(())
    }

    fn create(&mut self) -> Result<()> {
        let payload = self.payload(9);
        let entry = Entry { kind: 1, ..note(&payload) };
        self.commits.push(Asked { payloads: vec![payload], is_certain: false });
        Log::create_in(self.layout.clone(), &[entry], 10, SMALL)?;
        self.acknowledge();
        Ok(())
    }

    /// Opens as the floor above does: what interrupted erasures left is finished.
    fn open(&mut self) -> Result<Writer> {
        match self.open_once() {
            Err(Error::Damaged(_)) => {
                let judge = |intact: &Intact<'_>| match intact {
                    Intact::Frame(frame) => {
                        let target = frame.payload().and_then(|payload| erased_target(frame.envelope.kind, payload));
                        target.into_iter().collect()
                    }
                    Intact::Seal(..) => Vec::new(),
                };
                erase::finish_erasures_in(&self.layout, judge, |_| true)?;
                self.open_once()
            }
            opened => opened,
        }
    }

    fn open_once(&mut self) -> Result<Writer> {
        let opening = Opening { limits: SMALL, ..Opening::default() };
        let loose = self.loose_ends();
        let mut erasures = Erasures::default();
        let mut writer = Writer::open_in(self.layout.clone(), 77, opening, |commit| {
            erasures.begin_commit();
            while let Some(frame) = commit.next_frame()? {
                erasures.see(&frame, erased_target);
            }
            Ok::<(), Error>(())
        })?;
        let moved = writer.moved_aside().iter().map(|moved| self.disk.read(&moved.to).unwrap());
        assert!(moved.eq(loose), "what was moved aside is not what was there");
        assert_eq!(erasures.unnamed().next(), None, "a payload is gone that no erasure names");
        writer.erase(&erasures.left())?;
        self.settle();
        Ok(writer)
    }

    /// What no commit holds: the torn tail and new segments that were not published.
    fn loose_ends(&self) -> Vec<Vec<u8>> {
        let scanned = Log::open_in(self.layout.clone()).and_then(|log| log.scan(Since::Start, |_| Ok::<(), Error>(())));
        let Ok(end) = scanned else { return Vec::new() };
        let segment = |number| self.disk.read(&self.layout.segment(number)).unwrap();
        let cut = |tail: TornTail| segment(tail.place.segment).split_off(usize::try_from(tail.place.offset).unwrap());
        let leftovers = end.leftovers.iter().map(|path| self.disk.read(path).unwrap());
        end.tail.map(cut).into_iter().chain(leftovers).collect()
    }

    fn append(&mut self, writer: &mut Writer, count: u8, len: usize) -> Result<()> {
        let payloads: Vec<_> = (0..count).map(|_| self.payload(len)).collect();
        let entries: Vec<_> = payloads.iter().map(|payload| note(payload)).collect();
        self.commits.push(Asked { payloads, is_certain: false });
        writer.append(&entries, 20)?;
        self.acknowledge();
        Ok(())
    }

    fn erase(&mut self, writer: &mut Writer) -> Result<()> {
        let seen = self.commits().map_err(|error| *error)?.into_iter().flatten();
        let mut left = seen.filter(|seen| seen.kind == 18 && !self.erased.contains_key(&seen.seq));
        let Some(target) = left.next().map(|seen| seen.seq) else { return Ok(()) };
        let payload = target.to_le_bytes().to_vec();
        let entry = Entry { kind: ERASED, ..note(&payload) };
        self.commits.push(Asked { payloads: vec![payload], is_certain: false });
        self.erased.insert(target, false);
        writer.append(&[entry], 30)?;
        self.acknowledge();
        writer.erase(&[target])?;
        self.erased.insert(target, true);
        Ok(())
    }

    /// A payload that no other event has.
    fn payload(&mut self, len: usize) -> Vec<u8> {
        self.asked += 1;
        let mut payload = format!("{:08}", self.asked).into_bytes();
        payload.resize(len.max(8), b'.');
        payload
    }

    fn acknowledge(&mut self) {
        if let Some(last) = self.commits.last_mut() {
            last.is_certain = true;
        }
    }

    /// A writer has opened the log: what it found is certain from now on, and what it did not find never comes back.
    fn settle(&mut self) {
        let found = self.fits();
        let certain = |at: usize| Asked { is_certain: true, ..self.commits[at].clone() };
        self.commits = found.into_iter().map(certain).collect();
        let is_named = |seq: &u64| self.commits.iter().any(|asked| asked.payloads[0] == seq.to_le_bytes());
        self.erased = self.erased.keys().copied().filter(is_named).map(|seq| (seq, true)).collect();
    }

    pub(super) fn is_begun(&self) -> bool {
        self.layout.list().is_ok_and(|listing| !listing.segments.is_empty())
    }
}

fn note(payload: &[u8]) -> Entry {
    let salt: [u8; SALT_LEN] = std::array::from_fn(|at| payload.get(at).copied().unwrap_or(7) | 1);
    Entry { kind: 18, actor: 1, subject: 2, attribute: 3, body: Committed::new(salt, payload.to_vec()) }
}

pub(super) fn erased_target(kind: u16, payload: &[u8]) -> Option<u64> {
    (kind == ERASED).then(|| payload.try_into().ok().map(u64::from_le_bytes)).flatten()
}
