//! The events of a run by hashes: 64 bits and an event, sorted, in buckets, so that a look reads a few hundred bytes of a file.
//!
//! ```text
//! buckets u32           how many there are: a power of two; an entry is in that of its highest bits
//! buckets × u32         how many entries stand in each and before it
//! crc u32               CRC-32 of all before it
//! buckets               entries: hash u64, place u32; then CRC-32 of them
//! ```
//! A place counts from the first event of the run. Entries stand in the order of their hashes, and of one hash in that of their
//! events.

use std::sync::OnceLock;

use crate::view::bytes::Bytes;
use crate::view::cells::{Cells, PutCells};

/// A hash, and the place of an event.
pub(in crate::view) type Entry = (u64, u32);

const ENTRY_LEN: usize = 12;
const CRC_LEN: usize = 4;
/// How many entries a bucket has on average, at most.
const BUCKET: usize = 32;

/// So many parts are sorted by themselves.
const PARTS: usize = 256;

/// Entries on their way into a run, in parts by their highest bits: each is sorted where it lies.
#[derive(Debug, Default)]
pub(in crate::view) struct Entries {
    parts: Vec<Vec<Entry>>,
}

impl Entries {
    /// Adds an entry.
    pub(in crate::view) fn push(&mut self, entry: Entry) {
        if self.parts.is_empty() {
            self.parts.resize_with(PARTS, Vec::new);
        }
        if let Some(part) = self.parts.get_mut(bucket_of(entry.0, PARTS.ilog2())) {
            part.push(entry);
        }
    }

    /// The entries, as they lie in a run.
    pub(in crate::view) fn put(mut self) -> Vec<u8> {
        let entries: usize = self.parts.iter().map(Vec::len).sum();
        let count = (entries / BUCKET).next_power_of_two();
        let bits = count.ilog2();
        let mut lens = vec![0_u32; count];
        for part in &mut self.parts {
            part.sort_unstable();
            for (hash, _) in part.iter() {
                if let Some(len) = lens.get_mut(bucket_of(*hash, bits)) {
                    *len += 1;
                }
            }
        }
        let mut out = Vec::with_capacity((2 + 2 * count) * CRC_LEN + entries * ENTRY_LEN);
        out.put_u32(u32::try_from(count).unwrap_or(u32::MAX));
        let mut end = 0_u32;
        for len in &lens {
            end = end.saturating_add(*len);
            out.put_u32(end);
        }
        let crc = crc32fast::hash(&out);
        out.put_u32(crc);
        // Each part goes when it was put.
        let mut sorted = self.parts.into_iter().flatten();
        for len in lens {
            let at = out.len();
            for (hash, place) in sorted.by_ref().take(len as usize) {
                out.put_u64(hash);
                out.put_u32(place);
            }
            let crc = crc32fast::hash(out.get(at..).unwrap_or_default());
            out.put_u32(crc);
        }
        out
    }
}

fn bucket_of(hash: u64, bits: u32) -> usize {
    usize::try_from(hash.checked_shr(u64::BITS - bits).unwrap_or(0)).unwrap_or(usize::MAX)
}

/// The entries of a run, which may lie in a file.
#[derive(Clone, Debug, Default)]
pub(in crate::view) struct Hashes {
    bytes: Bytes,
    /// How many entries stand in each bucket and before it, read when it is first asked for; `None`: damaged.
    ends: OnceLock<Option<Vec<u32>>>,
}

impl From<Bytes> for Hashes {
    fn from(bytes: Bytes) -> Hashes {
        Hashes { bytes, ends: OnceLock::new() }
    }
}

impl Hashes {
    /// As they lie in the run.
    pub(in crate::view) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The places of the events that are found by a hash, in their order; `None`: the run is damaged.
    pub(in crate::view) fn find(&self, hash: u64) -> Option<Vec<u32>> {
        let ends = self.ends()?;
        let bucket = self.bucket(ends, bucket_of(hash, ends.len().ilog2()))?;
        Some(bucket.into_iter().filter(|(of, _)| *of == hash).map(|(_, place)| place).collect())
    }

    /// All entries; `None`: the run is damaged.
    pub(in crate::view) fn all(&self) -> Option<Vec<Entry>> {
        let ends = self.ends()?;
        let mut all = Vec::new();
        for number in 0..ends.len() {
            all.append(&mut self.bucket(ends, number)?);
        }
        Some(all)
    }

    fn ends(&self) -> Option<&[u32]> {
        self.ends.get_or_init(|| read_ends(&self.bytes)).as_deref()
    }

    fn bucket(&self, ends: &[u32], number: usize) -> Option<Vec<Entry>> {
        let end = usize::try_from(*ends.get(number)?).ok()?;
        let begin = number.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
        let begin = usize::try_from(begin).ok()?;
        let len = end.checked_sub(begin)?.checked_mul(ENTRY_LEN)?;
        let at = (2 + ends.len() + number).checked_mul(CRC_LEN)?.checked_add(begin.checked_mul(ENTRY_LEN)?)?;
        let bytes = self.bytes.read(at as u64, len.checked_add(CRC_LEN)?)?;
        let entries = checked(&bytes)?;
        let (entries, _) = entries.as_chunks::<ENTRY_LEN>();
        let entry = |bytes: &[u8; ENTRY_LEN]| {
            let mut cells = Cells::new(bytes);
            Some((cells.u64()?, cells.u32()?))
        };
        entries.iter().map(entry).collect()
    }
}

fn read_ends(bytes: &Bytes) -> Option<Vec<u32>> {
    let count = usize::try_from(Cells::new(&bytes.read(0, 4)?).u32()?).ok()?;
    let is_possible = count.is_power_of_two() && (count as u64).checked_mul(8)?.checked_add(8)? <= bytes.len();
    is_possible.then_some(())?;
    let read = bytes.read(0, (2 + count) * CRC_LEN)?;
    let mut cells = Cells::new(checked(&read)?.get(4..)?);
    let ends: Vec<u32> = (0..count).map(|_| cells.u32()).collect::<Option<_>>()?;
    ends.is_sorted().then_some(ends)
}

/// What stands before its check sum, if it is as it was written.
fn checked(bytes: &[u8]) -> Option<&[u8]> {
    let (body, crc) = bytes.split_at_checked(bytes.len().checked_sub(CRC_LEN)?)?;
    (crc32fast::hash(body).to_le_bytes() == crc).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put_hashes(entries: &[Entry]) -> Vec<u8> {
        let mut all = Entries::default();
        for entry in entries {
            all.push(*entry);
        }
        all.put()
    }

    fn hash(number: u32) -> u64 {
        crate::hash::lookup(&number.to_le_bytes())
    }

    #[test]
    fn every_entry_is_found_and_nothing_else() {
        for count in [0, 1, 31, 32, 33, 64, 1000, 5000] {
            let mut entries: Vec<Entry> = (0..count).map(|number| (hash(number), number)).collect();
            entries.extend((0..count / 2).map(|number| (hash(number), number + count)));
            let hashes = Hashes::from(Bytes::Memory(put_hashes(&entries)));
            for number in 0..count {
                let again = (number < count / 2).then_some(number + count);
                assert_eq!(hashes.find(hash(number)), Some([number].into_iter().chain(again).collect()), "{number}");
            }
            assert_eq!(hashes.find(hash(count)), Some(Vec::new()));
            let (mut all, mut wanted) = (hashes.all().unwrap(), entries.clone());
            wanted.sort_unstable();
            assert!(all == wanted, "{count}");
            all.reverse();
            assert!(put_hashes(&all) == put_hashes(&entries), "in whatever order they come");
        }
    }

    #[test]
    fn a_changed_byte_is_noticed_where_it_is_read() {
        let entries: Vec<Entry> = (0..200).map(|number| (hash(number), number)).collect();
        let whole = put_hashes(&entries);
        for place in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            let hashes = Hashes::from(Bytes::Memory(bytes));
            let is_noticed = (0..200).any(|number| hashes.find(hash(number)).is_none());
            assert!(
                is_noticed && (0..200).all(|number| hashes.find(hash(number)).is_none_or(|found| found == [number]))
            );
        }
    }
}
