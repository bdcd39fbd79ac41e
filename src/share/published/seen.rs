//! What somebody who follows a ledger keeps beside the head: who may seal, so that the next commits can be judged without
//! reading all that came before.

use std::fmt;

use crate::chain::{Hash, Head};
use crate::keys::Ring;
use crate::note::{Checkpoint, base64, of_base64};

/// With these words begins what is kept of who may seal.
pub const SEEN_TITLE: &str = "annals followed keys 1";

/// The newest commit that was judged: its head, and all keys with their validity. It is the follower's own, never fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub(super) size: u64,
    pub(super) root: Hash,
    pub(super) tip: Hash,
    pub(super) ring: Ring,
}

impl Seen {
    /// Reads what `Display` writes, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Seen> {
        let (title, rest) = text.split_once('\n')?;
        let (head, rest) = rest.strip_prefix("head ").filter(|_| title == SEEN_TITLE)?.split_once('\n')?;
        let (root, keys) = rest.strip_prefix("root ")?.split_once('\n')?;
        let Head { size, tip } = head.parse().ok()?;
        let root = Hash(of_base64(root)?.try_into().ok()?);
        Some(Seen { size, root, tip, ring: Ring::of_lines(keys)? })
    }

    /// Whether it was kept of this head.
    #[must_use]
    pub fn is_of(&self, head: &Checkpoint) -> bool {
        self.size == head.size && self.root == head.root && *self.ring.origin() == *head.origin
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = Head { size: self.size, tip: self.tip };
        write!(f, "{SEEN_TITLE}\nhead {head}\nroot {}\n{}", base64(&self.root.0), self.ring.to_lines())
    }
}
