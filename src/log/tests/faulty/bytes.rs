//! The bytes of one file: what programs see, and what would be left after a power cut.

use std::ops::Range;

/// What a power cut leaves of a change that was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kept {
    Nothing,
    All,
    /// The first bytes of a write.
    Beginning(usize),
    /// The first bytes of a write, up to a sector's end or none; the file is as long as if all were there, and zeros
    /// fill it up.
    FilledUp(usize),
    /// Of a write, those sectors whose bits are set; holes are zeros.
    Sectors(u64),
}

/// What a disk writes as a whole, in bytes.
pub(crate) const SECTOR_LEN: usize = 512;

#[derive(Clone, Debug, PartialEq)]
enum Change {
    Write(usize, Vec<u8>),
    SetLen(usize),
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bytes {
    /// What programs see.
    pub(crate) seen: Vec<u8>,
    durable: Vec<u8>,
    /// Changes since the last sync.
    pending: Vec<Change>,
    /// Of the bytes seen, those that a failed sync has dropped: no later sync writes them.
    dropped: Vec<bool>,
}

impl Bytes {
    pub(crate) fn write(&mut self, offset: usize, bytes: &[u8]) {
        put(&mut self.seen, offset, bytes);
        self.dropped.resize(self.seen.len(), false);
        self.dropped[offset..offset + bytes.len()].fill(false);
        self.pending.push(Change::Write(offset, bytes.to_vec()));
    }

    pub(crate) fn set_len(&mut self, len: usize) {
        self.seen.resize(len, 0);
        self.dropped.resize(len, false);
        self.pending.push(Change::SetLen(len));
    }

    pub(crate) fn sync(&mut self) {
        let mut durable = self.seen.clone();
        for (at, byte) in durable.iter_mut().enumerate().filter(|(at, _)| self.dropped[*at]) {
            *byte = self.durable.get(at).copied().unwrap_or(0);
        }
        self.durable = durable;
        self.pending.clear();
    }

    /// A sync that fails: what it should have written stays to be seen, but is written by no later one.
    pub(crate) fn fail_to_sync(&mut self) {
        for change in self.pending.drain(..) {
            if let Change::Write(offset, bytes) = change {
                let len = self.dropped.len();
                self.dropped[offset.min(len)..(offset + bytes.len()).min(len)].fill(true);
            }
        }
    }

    /// Of every pending write where it begins and ends; none for other changes.
    pub(crate) fn pending(&self) -> impl Iterator<Item = Option<Range<usize>>> {
        self.pending.iter().map(|change| match change {
            Change::Write(offset, bytes) => Some(*offset..offset + bytes.len()),
            Change::SetLen(_) => None,
        })
    }

    /// Only what is durable is left, and what is said of each pending change.
    pub(crate) fn cut_power(&mut self, kept: &mut impl Iterator<Item = Kept>) {
        for (change, kept) in std::mem::take(&mut self.pending).into_iter().zip(kept) {
            match (change, kept) {
                (_, Kept::Nothing) => {}
                (Change::SetLen(len), _) => self.durable.resize(len, 0),
                (Change::Write(offset, bytes), Kept::All) => put(&mut self.durable, offset, &bytes),
                (Change::Write(offset, bytes), Kept::Beginning(len)) => put(&mut self.durable, offset, &bytes[..len]),
                (Change::Write(offset, bytes), Kept::FilledUp(len)) => {
                    let end = (offset + bytes.len()).max(self.durable.len());
                    self.durable.resize(end, 0);
                    put(&mut self.durable, offset, &bytes[..len]);
                }
                (Change::Write(offset, bytes), Kept::Sectors(sectors)) => {
                    for (at, byte) in (offset..).zip(bytes) {
                        if sectors >> ((at / SECTOR_LEN) % 64) & 1 == 1 {
                            put(&mut self.durable, at, &[byte]);
                        }
                    }
                }
            }
        }
        self.seen.clone_from(&self.durable);
        self.dropped = vec![false; self.seen.len()];
    }
}

fn put(into: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    if !bytes.is_empty() {
        into.resize(into.len().max(offset + bytes.len()), 0);
        into[offset..offset + bytes.len()].copy_from_slice(bytes);
    }
}
