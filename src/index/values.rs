//! Values that are made before they are written, so that several threads make them and one writes.

use super::key::Key;

/// Values one behind the other, in the order of their keys.
pub(super) struct Values {
    bytes: Vec<u8>,
    entries: Vec<Made>,
}

/// A value.
#[derive(Clone, Copy)]
pub(super) struct Made {
    pub(super) key: Key,
    /// In bytes.
    pub(super) len: u64,
    pub(super) checksum: u32,
}

impl Values {
    /// None yet, with room for so many bytes.
    pub(super) fn with_room_for(len: usize) -> Values {
        Values { bytes: Vec::with_capacity(len), entries: Vec::new() }
    }

    pub(super) fn push(&mut self, key: Key, value: &[u8]) {
        self.bytes.extend_from_slice(value);
        self.entries.push(Made::of(key, value));
    }

    /// The values as they are written.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = Made> {
        self.entries.iter().copied()
    }
}

impl Made {
    pub(super) fn of(key: Key, value: &[u8]) -> Made {
        Made { key, len: value.len() as u64, checksum: crc32fast::hash(value) }
    }
}
