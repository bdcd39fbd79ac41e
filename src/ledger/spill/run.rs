//! A run: entries of one width in the order of their contents, on disk. What finds the block of a content is in memory.

use std::io;
use std::iter::Peekable;
use std::path::Path;

use super::scratch::Scratch;
use crate::ledger::content::Content;
use crate::seq::Seq;

const CONTENT_LEN: usize = 16;
const ENTRY_LEN: usize = CONTENT_LEN + 16;
/// Entries to a block, which is what is read to find one of them.
const BLOCK_ENTRIES: usize = 64;
/// Entries that are written or read in a row at a time.
const ENTRIES_AT_A_TIME: usize = 1 << 12;

/// A content, the number it stands for, and what else there is of that.
pub(super) type Entry = (Content, Seq, u64);
type Bytes = [u8; ENTRY_LEN];

/// A run that was written.
#[derive(Debug)]
pub(super) struct Run {
    file: Scratch,
    count: usize,
    /// The first content of every block.
    firsts: Vec<Content>,
}

impl Run {
    /// Writes entries that are in their order.
    pub(super) fn write(folder: &Path, entries: impl Iterator<Item = io::Result<Entry>>) -> io::Result<Run> {
        let mut run = Run { file: Scratch::create(folder)?, count: 0, firsts: Vec::new() };
        let mut unwritten: Vec<Bytes> = Vec::with_capacity(ENTRIES_AT_A_TIME);
        for entry in entries {
            let entry = entry?;
            if run.count.is_multiple_of(BLOCK_ENTRIES) {
                run.firsts.push(entry.0);
            }
            run.count += 1;
            unwritten.push(to_bytes(entry));
            if unwritten.len() == ENTRIES_AT_A_TIME {
                run.file.append(unwritten.as_flattened())?;
                unwritten.clear();
            }
        }
        run.file.append(unwritten.as_flattened())?;
        run.firsts.shrink_to_fit();
        Ok(run)
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The last entry of a content.
    pub(super) fn get(&self, content: Content) -> io::Result<Option<(Seq, u64)>> {
        let Some(block) = self.firsts.partition_point(|first| *first <= content).checked_sub(1) else {
            return Ok(None);
        };
        let mut room = [[0; ENTRY_LEN]; BLOCK_ENTRIES];
        let entries = self.read(block * BLOCK_ENTRIES, &mut room)?;
        let behind = entries.partition_point(|entry| of_bytes(entry).0 <= content);
        let last = behind.checked_sub(1).and_then(|place| entries.get(place)).map(of_bytes);
        Ok(last.filter(|(own, ..)| *own == content).map(|(_, seq, digest)| (seq, digest)))
    }

    /// All entries, in their order.
    pub(super) fn scan(&self) -> Scan<'_> {
        Scan { run: self, entries: vec![[0; ENTRY_LEN]; ENTRIES_AT_A_TIME], next: 0 }
    }

    /// Reads as many entries as there is room for, from a place on.
    fn read<'r>(&self, place: usize, room: &'r mut [Bytes]) -> io::Result<&'r [Bytes]> {
        let count = room.len().min(self.count.saturating_sub(place));
        let entries = room.get_mut(..count).unwrap_or_default();
        self.file.read((place * ENTRY_LEN) as u64, entries.as_flattened_mut())?;
        Ok(entries)
    }
}

fn to_bytes((content, seq, digest): Entry) -> Bytes {
    let mut bytes = [0; ENTRY_LEN];
    let halves = [content.first_half(), content.half(), seq.0, digest].map(u64::to_le_bytes);
    bytes.copy_from_slice(halves.as_flattened());
    bytes
}

fn of_bytes(bytes: &Bytes) -> Entry {
    let mut halves = bytes.as_chunks().0.iter().map(|half| u64::from_le_bytes(*half));
    let mut half = || halves.next().unwrap_or(0);
    (Content::of_halves(half(), half()), Seq(half()), half())
}

/// A run being read from its start.
#[derive(Debug)]
pub(super) struct Scan<'r> {
    run: &'r Run,
    entries: Vec<Bytes>,
    next: usize,
}

impl Iterator for Scan<'_> {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<io::Result<Entry>> {
        if self.next == self.run.count {
            return None;
        }
        let place = self.next % ENTRIES_AT_A_TIME;
        if place == 0
            && let Err(error) = self.run.read(self.next, &mut self.entries)
        {
            self.next = self.run.count;
            return Some(Err(error));
        }
        self.next += 1;
        self.entries.get(place).map(|entry| Ok(of_bytes(entry)))
    }
}

/// Several runs read as one, the oldest first.
pub(super) struct Merged<'r>(Vec<Peekable<Scan<'r>>>);

impl<'r> Merged<'r> {
    pub(super) fn of(runs: &'r [Run]) -> Merged<'r> {
        Merged(runs.iter().map(|run| run.scan().peekable()).collect())
    }
}

impl Iterator for Merged<'_> {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<io::Result<Entry>> {
        // An error comes before any entry, and of entries of one content that of the oldest run.
        let key = |scan: &mut Peekable<Scan<'_>>| Some(scan.peek()?.as_ref().ok().map(|(content, ..)| *content));
        let next = self.0.iter_mut().filter_map(|scan| Some((key(scan)?, scan))).min_by_key(|(key, _)| *key);
        next.and_then(|(_, scan)| scan.next())
    }
}
