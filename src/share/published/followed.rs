//! How to follow a published ledger, and what following came to.

use std::fmt;

use super::seen::Seen;
use crate::note::{Checkpoint, Policy, ProvenHead, PublicKey};

/// Most findings that are listed; more are only counted.
const FINDINGS_MAX: usize = 1000;

/// How to follow.
#[derive(Clone, Debug, Default)]
pub struct FollowOptions {
    /// Keys, under the ledger's name, one of which must have signed the head; if there are none, no signature is checked.
    pub keys: Vec<PublicKey>,
    /// Who must have signed and cosigned the head.
    pub policy: Option<Policy>,
    /// The last head that was seen: what is served must have grown from it.
    pub kept: Option<Checkpoint>,
    /// What was kept beside it: who may seal. Without it, all that is about keys is read again.
    pub seen: Option<Seen>,
    /// Check the events before that head again as well.
    pub whole: bool,
    /// How many files are fetched at a time.
    pub threads: usize,
}

impl FollowOptions {
    /// Whether somebody else than the ledger itself says which key signs its heads.
    #[must_use]
    pub fn names_signers(&self) -> bool {
        !self.keys.is_empty() || self.policy.as_ref().is_some_and(Policy::names_logs)
    }
}

/// What is wrong with what is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What it is, in a word that stays for ever.
    pub code: &'static str,
    /// The event it is about, if it is about one.
    pub seq: Option<u64>,
    /// The file.
    pub path: String,
    /// What was expected and found.
    pub why: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seq {
            Some(seq) => write!(f, "#{seq} {}: {} ({})", self.code, self.why, self.path),
            None => write!(f, "{}: {} ({})", self.code, self.why, self.path),
        }
    }
}

/// What following came to.
#[derive(Clone, Debug, Default)]
pub struct Followed {
    /// The head that is served, if it is one.
    pub head: Option<ProvenHead>,
    /// Count of events that were seen, and checked, before.
    pub before: u64,
    /// How many payloads are gone, each named by an erasure.
    pub erased: u64,
    /// How many payloads the keeper withholds: they are for the desk alone.
    pub withheld: u64,
    /// Whether the seal of the head that was kept is another than was seen then. That proves no fork: a server can add to
    /// what nothing stands on yet.
    pub is_exchanged: bool,
    /// What to keep beside the head.
    pub seen: Option<Seen>,
    /// The key among those given that signed the head; or, if none were given and everything was read, a key that the
    /// ledger itself names.
    pub signed_by: Option<PublicKey>,
    /// What is wrong, in the order in which it was found; if nothing is, the head may be kept.
    pub wrong: Vec<Wrong>,
    /// How many more are.
    pub wrong_left_off: u64,
}

impl Followed {
    pub(super) fn add(&mut self, code: &'static str, seq: Option<u64>, path: &str, why: impl Into<String>) {
        if self.wrong.len() == FINDINGS_MAX {
            self.wrong_left_off += 1;
        } else {
            self.wrong.push(Wrong { code, seq, path: path.to_owned(), why: why.into() });
        }
    }

    pub(super) fn has(&self, code: &str) -> bool {
        self.wrong.iter().any(|wrong| wrong.code == code)
    }

    /// Whether the head that is served contradicts the one that was kept: with both, anybody can be shown that.
    #[must_use]
    pub fn is_forked(&self) -> bool {
        self.has(FORKED)
    }
}

pub(super) const FORKED: &str = "forked";
