//! A run: what the index has of some events in a row, as bytes that are written once. Small ones are values in sled,
//! large ones files.
//!
//! ```text
//! value …                    in the order of their keys
//! block …                    of 64 table entries each, the last of fewer, then a checksum of 4 bytes
//!   entry                    key 17, offset 6, length 5, checksum of the value 4
//! first key of every block   17 bytes each
//! cursor                     as `cursor.rs` has it; of one byte if the run ends inside a commit
//! footer                     magic 8, first event 8, last event 8, offset of the table 8, entries 8, length of the cursor 4,
//!                            checksum of first keys, cursor and footer 4
//! ```
//!
//! Numbers are little-endian, checksums CRC-32. They find accidents; the log is what is trusted.

mod kept;
mod scan;
mod source;
mod write;

pub(super) use scan::Scan;
pub(super) use source::Source;
pub(super) use write::RunWriter;

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use super::key::{KEY_LEN, Key};
use super::unusable::Unusable;
use crate::pack::Unpack;
use kept::Kept;

const MAGIC: &[u8; 8] = b"annRun6\n";
const FOOTER_LEN: usize = 48;
const CHECKSUM_LEN: usize = 4;
/// Entries to a block of the table.
const BLOCK_ENTRIES: usize = 64;
const ENTRY_LEN: usize = KEY_LEN + 6 + 5 + CHECKSUM_LEN;
/// Length of a whole block, in bytes.
const BLOCK_LEN: u64 = (BLOCK_ENTRIES * ENTRY_LEN + CHECKSUM_LEN) as u64;

/// A run that was opened: what finds the blocks of its table is in memory.
#[derive(Debug)]
pub(super) struct Run {
    events: RangeInclusive<u64>,
    cursor: Box<[u8]>,
    source: Source,
    /// Where the table begins.
    table: u64,
    entries: u64,
    /// The first key of every block.
    firsts: Box<[Key]>,
    kept: Kept,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug)]
struct Entry {
    key: Key,
    offset: u64,
    len: u64,
    checksum: u32,
}

fn broken() -> Unusable {
    Unusable::broken("a run is not readable")
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

impl Run {
    /// Opens a run.
    ///
    /// # Errors
    /// [`Unusable`] if it cannot be read, or is none.
    pub(super) fn open(source: Source) -> Result<Run, Unusable> {
        let before_footer = source.len_bytes().checked_sub(FOOTER_LEN as u64).ok_or_else(broken)?;
        let footer = source.read(before_footer, FOOTER_LEN as u64)?;
        let mut fields = Unpack(&footer);
        let mut field = |len| fields.raw(len).ok_or_else(broken);
        if field(8)? != MAGIC {
            return Err(broken());
        }
        let (first, last) = (number(field(8)?), number(field(8)?));
        let (table, entries) = (number(field(8)?), number(field(8)?));
        let (cursor_len, checksum) = (number(field(4)?), number(field(4)?));
        let blocks = entries.div_ceil(BLOCK_ENTRIES as u64);
        let table_len = entries
            .checked_mul(ENTRY_LEN as u64)
            .and_then(|len| len.checked_add(blocks * CHECKSUM_LEN as u64))
            .ok_or_else(broken)?;
        let ends = table.checked_add(table_len).ok_or_else(broken)?;
        let rest_len = blocks * KEY_LEN as u64 + cursor_len;
        if ends.checked_add(rest_len) != Some(before_footer) {
            return Err(broken());
        }
        let rest = source.read(ends, rest_len)?;
        let mut sum = crc32fast::Hasher::new();
        sum.update(&rest);
        sum.update(footer.get(..FOOTER_LEN - CHECKSUM_LEN).unwrap_or_default());
        if u64::from(sum.finalize()) != checksum {
            return Err(broken());
        }
        let mut unpack = Unpack(&rest);
        let firsts = (0..blocks).map(|_| Key::read(&mut unpack)).collect::<Option<_>>().ok_or_else(broken)?;
        Ok(Run { events: first..=last, cursor: unpack.0.into(), source, table, entries, firsts, kept: Kept::default() })
    }

    /// The events it is about.
    pub(super) fn events(&self) -> &RangeInclusive<u64> {
        &self.events
    }

    /// How many events it is about.
    pub(super) fn count(&self) -> u64 {
        (self.events.end() + 1).saturating_sub(*self.events.start())
    }

    pub(super) fn cursor(&self) -> &[u8] {
        &self.cursor
    }

    /// Whether it is a file.
    pub(super) fn is_file(&self) -> bool {
        self.source.is_file()
    }

    /// Adds the value of a key to `into`, and says whether there is one.
    ///
    /// # Errors
    /// [`Unusable`].
    pub(super) fn get(&self, key: Key, into: &mut Vec<u8>) -> Result<bool, Unusable> {
        let Some(block) = self.firsts.partition_point(|first| *first <= key).checked_sub(1) else { return Ok(false) };
        let block = self.kept.get(block as u64, || self.block(block as u64))?;
        let entries = block.as_chunks::<ENTRY_LEN>().0;
        let order = |entry: &[u8; ENTRY_LEN]| entry.first_chunk().map_or(Ordering::Less, |own| key.order_of(own));
        let Ok(place) = entries.binary_search_by(order) else { return Ok(false) };
        let entry = entries.get(place).and_then(|entry| read_entry(entry)).ok_or_else(broken)?;
        let before = into.len();
        self.source.append(entry.offset, entry.len, into)?;
        let value = into.get(before..).unwrap_or_default();
        if crc32fast::hash(value) == entry.checksum { Ok(true) } else { Err(broken()) }
    }

    /// Everything from a key on.
    pub(super) fn scan(&self, from: Key) -> Scan<'_> {
        Scan::new(self, from)
    }

    /// Reads a block of the table, without its checksum.
    fn block(&self, number: u64) -> Result<Vec<u8>, Unusable> {
        let count = self.entries.saturating_sub(number * BLOCK_ENTRIES as u64).min(BLOCK_ENTRIES as u64);
        let len = count * ENTRY_LEN as u64 + CHECKSUM_LEN as u64;
        let mut bytes = self.source.read(self.table + number * BLOCK_LEN, len)?;
        let (entries, checksum) = bytes.split_last_chunk::<CHECKSUM_LEN>().ok_or_else(broken)?;
        if crc32fast::hash(entries).to_le_bytes() != *checksum {
            return Err(broken());
        }
        bytes.truncate(bytes.len() - CHECKSUM_LEN);
        Ok(bytes)
    }
}

fn read_entry(bytes: &[u8]) -> Option<Entry> {
    let mut unpack = Unpack(bytes);
    let key = Key::read(&mut unpack)?;
    let (offset, len) = (number(unpack.raw(6)?), number(unpack.raw(5)?));
    let checksum = u32::from_le_bytes(unpack.raw(CHECKSUM_LEN)?.try_into().ok()?);
    Some(Entry { key, offset, len, checksum })
}
