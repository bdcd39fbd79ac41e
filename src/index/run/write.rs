//! Writing a run.

use std::io::{self, Write};
use std::ops::RangeInclusive;

use super::{BLOCK_ENTRIES, CHECKSUM_LEN, ENTRY_LEN, MAGIC};
use crate::index::key::{KEY_LEN, Key};
use crate::index::values::{Made, Values};

/// A run being written: values in the order of their keys, and then what finds them.
pub(in crate::index) struct RunWriter<'w> {
    into: &'w mut dyn Write,
    len: u64,
    /// The table so far, without checksums.
    table: Vec<u8>,
    last: Option<Key>,
}

impl RunWriter<'_> {
    pub(in crate::index) fn new(into: &mut dyn Write) -> RunWriter<'_> {
        RunWriter { into, len: 0, table: Vec::new(), last: None }
    }

    /// Adds a value of a key behind all so far.
    ///
    /// # Errors
    /// What the system said.
    pub(in crate::index) fn put(&mut self, key: Key, value: &[u8]) -> io::Result<()> {
        self.into.write_all(value)?;
        self.note(Made::of(key, value));
        Ok(())
    }

    /// Adds values behind all so far.
    ///
    /// # Errors
    /// What the system said.
    pub(in crate::index) fn put_all(&mut self, values: &Values) -> io::Result<()> {
        self.into.write_all(values.bytes())?;
        values.entries().for_each(|made| self.note(made));
        Ok(())
    }

    fn note(&mut self, Made { key, len, checksum }: Made) {
        debug_assert!(self.last.is_none_or(|last| last < key), "keys go up");
        self.last = Some(key);
        self.table.extend_from_slice(&key.to_bytes());
        self.table.extend_from_slice(&self.len.to_le_bytes()[..6]);
        self.table.extend_from_slice(&len.to_le_bytes()[..5]);
        self.table.extend_from_slice(&checksum.to_le_bytes());
        self.len += len;
    }

    /// Ends the run, which is about these events and up to this cursor.
    ///
    /// # Errors
    /// What the system said.
    pub(in crate::index) fn end(self, events: &RangeInclusive<u64>, cursor: &[u8]) -> io::Result<()> {
        let mut rest = Vec::new();
        for block in self.table.chunks(BLOCK_ENTRIES * ENTRY_LEN) {
            self.into.write_all(block)?;
            self.into.write_all(&crc32fast::hash(block).to_le_bytes())?;
            rest.extend_from_slice(block.get(..KEY_LEN).unwrap_or_default());
        }
        rest.extend_from_slice(cursor);
        rest.extend_from_slice(MAGIC);
        let entries = (self.table.len() / ENTRY_LEN) as u64;
        for number in [*events.start(), *events.end(), self.len, entries] {
            rest.extend_from_slice(&number.to_le_bytes());
        }
        rest.extend_from_slice(&(cursor.len() as u64).to_le_bytes()[..CHECKSUM_LEN]);
        self.into.write_all(&rest)?;
        self.into.write_all(&crc32fast::hash(&rest).to_le_bytes())?;
        self.into.flush()
    }
}
