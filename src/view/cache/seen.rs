//! The newest head of a ledger that its user saw, kept beside the runs.

use super::{Cache, SEEN};
use crate::chain::Head;
use crate::log::Place;

/// A head that was seen, and where its seal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The head.
    pub head: Head,
    /// Where its seal stands.
    pub seal: Place,
}

/// The longest it can be, in bytes.
const LEN_MAX: usize = 200;

impl Cache {
    /// The newest head that was seen of the ledger; `None` if none was, or if it cannot be read.
    #[must_use]
    pub fn seen(&self) -> Option<Seen> {
        let mut bytes = [0; LEN_MAX];
        let len = self.folder()?.read(SEEN).and_then(|file| file.read_at(0, &mut bytes)).ok()?;
        let text = std::str::from_utf8(bytes.get(..len)?).ok()?.strip_suffix('\n')?;
        let (head, place) = text.split_once(' ')?;
        let (segment, offset) = place.split_once(' ')?;
        let seal = Place { segment: segment.parse().ok()?, offset: offset.parse().ok()? };
        Some(Seen { head: head.parse().ok()?, seal })
    }

    /// Keeps a head that was seen, in the place of the one before. Where nothing can be kept, nothing is.
    pub fn see(&self, seen: Seen) {
        let Seen { head, seal } = seen;
        let text = format!("{head} {} {}\n", seal.segment, seal.offset);
        let _ = self.put(SEEN, |file| file.write_at(0, text.as_bytes()));
    }
}
