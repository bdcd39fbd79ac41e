//! Reading fixed-width little-endian fields off the front of a slice.

use crate::chain::Hash;

/// What is left to read. Every `take` either moves past a whole field or leaves everything as it was.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn bytes<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (field, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(field)
    }

    pub(super) fn slice(&mut self, len: usize) -> Option<&'a [u8]> {
        let (field, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(field)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.bytes().copied().map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.bytes().copied().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.bytes().copied().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.bytes().copied().map(u64::from_le_bytes)
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.bytes().copied().map(i64::from_le_bytes)
    }

    pub(super) fn hash(&mut self) -> Option<Hash> {
        self.bytes().copied().map(Hash)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Writing the same fields into an array whose length is the sum of theirs.
pub(super) struct Page<const N: usize> {
    bytes: [u8; N],
    at: usize,
}

impl<const N: usize> Page<N> {
    pub(super) fn new() -> Page<N> {
        Page { bytes: [0; N], at: 0 }
    }

    /// Adds a field. What does not fit any more is left out: a wrong sum shows in the first test.
    pub(super) fn put(mut self, field: &[u8]) -> Page<N> {
        if let Some(place) = self.bytes.get_mut(self.at..self.at + field.len()) {
            place.copy_from_slice(field);
        }
        self.at += field.len();
        self
    }

    pub(super) fn done(self) -> [u8; N] {
        debug_assert_eq!(self.at, N, "the fields fill the page");
        self.bytes
    }

    pub(super) fn written(&self) -> &[u8] {
        self.bytes.get(..self.at).unwrap_or(&self.bytes)
    }
}
