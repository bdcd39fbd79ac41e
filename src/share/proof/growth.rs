//! The text of a proof that a ledger grew from one head to another.

use super::{hash_lines, hash_of, hashes_of, vouched, with_heading};
use crate::chain::Hash;
use crate::note::{Checkpoint, ProvenHead, base64};

const TITLE: &str = "annals growth v1";
const PROOF: &str = "annals.tlog-consistency@v1";

/// An earlier head, and the hashes that lead from it to a later one (RFC 6962, section 2.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Growth {
    pub(super) old_size: u64,
    pub(super) old_root: Hash,
    pub(super) hashes: Vec<Hash>,
    pub(super) head: ProvenHead,
}

impl Growth {
    /// The earlier head.
    pub(super) fn old(&self) -> ProvenHead {
        let origin = self.head.checkpoint.origin.clone();
        ProvenHead { checkpoint: Checkpoint { origin, size: self.old_size, root: self.old_root }, note: None }
    }

    pub(super) fn text(&self) -> String {
        let old = format!("{PROOF}\nold {} {}\n", self.old_size, base64(&self.old_root.0));
        let body = format!("{old}{}\n{}", hash_lines(&self.hashes), self.head);
        with_heading(TITLE, &self.sentence(), &body)
    }

    fn sentence(&self) -> String {
        let Checkpoint { origin, size, .. } = &self.head.checkpoint;
        let (root, old_root) = (self.head.root_text(), base64(&self.old_root.0));
        format!(
            "The ledger {origin} only grew from {} events and the root {old_root} to {size} events and the root {root}. {}",
            self.old_size,
            vouched(&self.head)
        )
    }

    /// Reads what [`text`](Growth::text) writes, and nothing else; none if it is anything else.
    pub(super) fn parse(text: &str) -> Option<Growth> {
        let (proof, head) = text.split_once("\n\n")?.1.split_once("\n\n")?;
        let mut lines = proof.lines().skip(1);
        let (size, root) = lines.next()?.strip_prefix("old ")?.split_once(' ')?;
        let growth = Growth {
            old_size: size.parse().ok()?,
            old_root: hash_of(root)?,
            hashes: hashes_of(lines)?,
            head: ProvenHead::parse(head)?,
        };
        (growth.text() == text).then_some(growth)
    }
}
