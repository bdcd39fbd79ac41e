//! A head as people keep it and proofs lead to it: a C2SP checkpoint, signed or not.

use std::fmt;

use super::{Checkpoint, PublicKey, SignedNote, base64, is_key_name};
use crate::chain::Hash;

/// A head, with the signatures as they stand below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenHead {
    /// Origin, size and root.
    pub checkpoint: Checkpoint,
    /// The checkpoint with its signatures, of which nothing is known; none if nobody signed.
    pub note: Option<SignedNote>,
}

impl ProvenHead {
    /// Reads what `Display` writes, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<ProvenHead> {
        let note = if text.contains("\n\n") { Some(SignedNote::parse(text)?) } else { None };
        let checkpoint = Checkpoint::parse(note.as_ref().map_or(text, SignedNote::text))?;
        let head = ProvenHead { checkpoint, note };
        (is_key_name(&head.checkpoint.origin) && head.to_string() == text).then_some(head)
    }

    /// Reads the first three lines of what somebody kept, such as what `annals head` printed.
    #[must_use]
    pub fn parse_kept(text: &str) -> Option<ProvenHead> {
        let lines: Vec<&str> = text.lines().take(3).collect();
        ProvenHead::parse(&(lines.join("\n") + "\n"))
    }

    /// Whether both are the same head, whoever signed them.
    #[must_use]
    pub fn is_same_head(&self, other: &ProvenHead) -> bool {
        self.checkpoint == other.checkpoint
    }

    /// The names in the lines of signatures.
    pub fn signers(&self) -> impl Iterator<Item = &str> {
        self.note.iter().flat_map(SignedNote::names)
    }

    /// Whether this very key signed it.
    #[must_use]
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        self.note.as_ref().is_some_and(|note| note.is_signed_by(key))
    }

    /// What to do about a key that did not sign it, if the same key did under the ledger's name: a key is another one under
    /// another name.
    #[must_use]
    pub fn signed_under_its_name(&self, key: &PublicKey) -> Option<String> {
        let named = key.named(&self.checkpoint.origin).filter(|named| named != key && self.is_signed_by(named))?;
        Some(format!(
            "the same key signed it under the ledger's name: give {named}, as the line `heads` of `annals key list` shows it"
        ))
    }

    /// The root in Base64.
    #[must_use]
    pub fn root_text(&self) -> String {
        base64(&self.checkpoint.root.0)
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.checkpoint.root
    }
}

impl fmt::Display for ProvenHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.note {
            Some(note) => note.fmt(f),
            None => self.checkpoint.fmt(f),
        }
    }
}
