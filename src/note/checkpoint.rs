//! The checkpoint: the text that is signed.

use std::fmt;

use super::base64::{base64, of_base64};
use crate::chain::Hash;

/// A head as C2SP tlog-checkpoint has it, without extension lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name under which the ledger's heads are published.
    pub origin: Box<str>,
    /// How many events there are.
    pub size: u64,
    /// Root of the RFC 6962 tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// Reads a checkpoint of three lines, in its one spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Checkpoint> {
        let mut lines = text.lines();
        let (origin, size) = (lines.next()?.into(), lines.next()?.parse().ok()?);
        let root = Hash(of_base64(lines.next()?)?.try_into().ok()?);
        Some(Checkpoint { origin, size, root }).filter(|checkpoint| checkpoint.to_string() == text)
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, base64(&self.root.0))
    }
}
