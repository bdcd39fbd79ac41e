//! Reading a run from some key on, in order.

use super::{BLOCK_ENTRIES, Entry, Run, broken};
use crate::index::key::Key;
use crate::index::unusable::Unusable;

/// What is read at a time, in bytes: little at first, for most questions are about little.
const WINDOW_FIRST: u64 = 4 << 10;
const WINDOW_MAX: u64 = 256 << 10;

/// What follows in a run.
pub(in crate::index) struct Scan<'r> {
    run: &'r Run,
    from: Key,
    next_block: u64,
    /// What is left of a block, the last first.
    entries: Vec<Entry>,
    window: Vec<u8>,
    window_offset: u64,
    window_len: u64,
}

impl<'r> Scan<'r> {
    pub(super) fn new(run: &'r Run, from: Key) -> Scan<'r> {
        let next_block = run.firsts.partition_point(|first| *first <= from).saturating_sub(1) as u64;
        let entries = Vec::new();
        Scan { run, from, next_block, entries, window: Vec::new(), window_offset: 0, window_len: WINDOW_FIRST }
    }

    /// The next key.
    ///
    /// # Errors
    /// [`Unusable`].
    pub(in crate::index) fn peek(&mut self) -> Result<Option<Key>, Unusable> {
        while self.entries.is_empty() {
            if self.next_block * BLOCK_ENTRIES as u64 >= self.run.entries {
                return Ok(None);
            }
            let mut block = self.run.block(self.next_block)?;
            self.next_block += 1;
            block.retain(|entry| entry.key >= self.from);
            block.reverse();
            self.entries = block;
        }
        Ok(self.entries.last().map(|entry| entry.key))
    }

    /// The value of the key that [`peek`](Scan::peek) shows, and goes on behind it.
    ///
    /// # Errors
    /// [`Unusable`].
    pub(in crate::index) fn take(&mut self) -> Result<&[u8], Unusable> {
        let entry = self.entries.pop().ok_or_else(broken)?;
        let is_inside = entry.offset >= self.window_offset
            && entry.offset + entry.len <= self.window_offset + self.window.len() as u64;
        if !is_inside {
            let len = entry.len.max(self.window_len).min(self.run.table.saturating_sub(entry.offset));
            self.window.clear();
            self.run.source.append(entry.offset, len, &mut self.window)?;
            self.window_offset = entry.offset;
            self.window_len = (self.window_len * 4).min(WINDOW_MAX);
        }
        let start = usize::try_from(entry.offset - self.window_offset).map_err(|_| broken())?;
        let len = usize::try_from(entry.len).map_err(|_| broken())?;
        let value = self.window.get(start..).and_then(|rest| rest.get(..len)).ok_or_else(broken)?;
        if crc32fast::hash(value) == entry.checksum { Ok(value) } else { Err(broken()) }
    }
}
