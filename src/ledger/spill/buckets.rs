//! Things by the bucket their hash falls into, as bytes: so few in each that a bucket can be taken into memory.

use std::io;

use super::room::Room;
use super::scratch::Scratch;
use crate::pack::Pack;

/// As many as a byte can tell apart.
const BUCKETS: usize = 1 << 8;

/// Buckets of bytes: the last of each in memory, those before them set aside.
#[derive(Debug)]
pub(in crate::ledger) struct Buckets {
    room: Option<Room>,
    aside: Option<Scratch>,
    all: Vec<Bucket>,
}

#[derive(Clone, Debug, Default)]
struct Bucket {
    /// Where what was set aside begins, and how long it is, in bytes.
    aside: Vec<(u64, usize)>,
    recent: Pack,
}

impl Buckets {
    /// Empty ones; without room all stays in memory.
    pub(in crate::ledger) fn new(room: Option<Room>) -> Buckets {
        Buckets { room, aside: None, all: vec![Bucket::default(); BUCKETS] }
    }

    /// Adds to the bucket of a hash.
    ///
    /// # Errors
    /// If a bucket cannot be set aside.
    pub(in crate::ledger) fn add(&mut self, hash: u64, put: impl FnOnce(&mut Pack)) -> io::Result<()> {
        let [place, ..] = hash.to_le_bytes();
        let Some(Bucket { aside, recent }) = self.all.get_mut(usize::from(place)) else { return Ok(()) };
        put(recent);
        if let Some(room) = &self.room
            && recent.bytes().len() > room.bucket_max
        {
            let offset = Scratch::of(&mut self.aside, &room.folder)?.append(recent.bytes())?;
            aside.push((offset, recent.bytes().len()));
            recent.clear();
        }
        Ok(())
    }

    /// All that was added to each bucket, in its order.
    pub(in crate::ledger) fn each(&self) -> impl Iterator<Item = io::Result<Vec<u8>>> {
        self.all.iter().map(|bucket| self.read(bucket))
    }

    fn read(&self, bucket: &Bucket) -> io::Result<Vec<u8>> {
        let mut bytes =
            Vec::with_capacity(bucket.aside.iter().map(|(_, len)| len).sum::<usize>() + bucket.recent.bytes().len());
        for (offset, len) in &bucket.aside {
            let begin = bytes.len();
            bytes.resize(begin + len, 0);
            if let (Some(aside), Some(into)) = (&self.aside, bytes.get_mut(begin..)) {
                aside.read(*offset, into)?;
            }
        }
        bytes.extend_from_slice(bucket.recent.bytes());
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Unpack;

    #[test]
    fn a_bucket_has_all_that_was_added_in_its_order() {
        let dir = tempfile::tempdir().unwrap();
        let room = Room { bucket_max: 40, ..Room::of_ledger(dir.path()) };
        for room in [Some(room), None] {
            let mut buckets = Buckets::new(room);
            for number in 0..50_000_u64 {
                let put = |pack: &mut Pack| {
                    pack.number(number);
                };
                buckets.add(number * number, put).unwrap();
            }
            assert_eq!(buckets.aside.is_some(), buckets.room.is_some());
            for (place, bucket) in buckets.each().enumerate() {
                let bytes = bucket.unwrap();
                let mut unpack = Unpack(&bytes);
                for number in (0..50_000).filter(|number| number * number % BUCKETS as u64 == place as u64) {
                    assert_eq!(unpack.number(), Some(number));
                }
                assert!(unpack.is_empty());
            }
        }
    }
}
