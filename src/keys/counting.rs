//! Which commits count: the one judgement that readers, writers, publishers and those who verify rest on.

use super::judge::{Check, Wrong, check};
use super::ring::Ring;
use super::role::Kinds;
use crate::event::{Event, EventKind};
use crate::frame::Seal;
use crate::seq::Seq;

/// Judges commits in their order. A commit counts if its seal fits, which the log says, is signed as it must be, and its
/// keys have the roles. What one that does not count says about keys has no effect on the judgement of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counting {
    ring: Ring,
    kinds: Kinds,
}

/// What is known of a commit before its signatures have been checked.
#[derive(Debug)]
pub struct Judging {
    /// The signatures to be checked.
    pub checks: Vec<Check>,
    /// What is wrong whatever they are.
    pub wrong: Vec<Wrong>,
    /// The keys behind it, if it says something about keys and counts.
    after: Option<Ring>,
}

impl Judging {
    /// Whether the commit says something about keys: others are judged by that.
    #[must_use]
    pub fn is_about_keys(&self) -> bool {
        self.after.is_some()
    }
}

impl Counting {
    /// Goes on behind a commit at which these were the keys.
    #[must_use]
    pub fn behind(ring: Ring) -> Counting {
        Counting { ring, kinds: Kinds::default() }
    }

    /// Whether the payload of an event of this kind is asked for.
    #[must_use]
    pub fn reads(kind: EventKind) -> bool {
        matches!(kind, EventKind::Genesis | EventKind::KeyAuthorised | EventKind::KeyRevoked)
    }

    /// Takes in an event of the commit that is open: with its content, if it is of a kind that is [read](Counting::reads)
    /// and was not erased.
    pub fn event(&mut self, seq: Seq, kind: u16, event: Option<&Event>) {
        self.kinds.add(kind);
        if let Some(kind) = EventKind::of_number(kind).filter(|kind| Counting::reads(*kind)) {
            self.ring.note(seq, kind, event);
        }
    }

    /// The open commit ends with this seal: judges it as far as that can be done without looking at its signatures.
    pub fn judge(&mut self, seal: &Seal) -> Judging {
        let kinds = std::mem::take(&mut self.kinds);
        let after = self.ring.is_open().then(|| {
            let mut after = self.ring.clone();
            after.close(seal.size);
            self.ring.forget_open();
            after
        });
        let (checks, wrong) = check(after.as_ref().unwrap_or(&self.ring), seal, kinds);
        Judging { checks, wrong, after }
    }

    /// The commit that was judged counts.
    pub fn accept(&mut self, judging: Judging) {
        self.ring = judging.after.unwrap_or_else(|| std::mem::take(&mut self.ring));
    }

    /// The open commit ends with this seal, which fits: whether it counts.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn seal(&mut self, seal: &Seal) -> Result<(), Wrong> {
        let judging = self.judge(seal);
        if let Some(seq) = self.ring.unreadable() {
            return Err(Wrong::Unreadable(seq));
        }
        let forged = || judging.checks.iter().find(|check| !check.holds()).map(Check::wrong);
        if let Some(wrong) = judging.wrong.first().cloned().or_else(forged) {
            return Err(wrong);
        }
        self.accept(judging);
        Ok(())
    }

    /// Forgets the commit that is open: its seal is not known, so it cannot be judged.
    pub fn leave(&mut self) {
        self.kinds = Kinds::default();
        self.ring.forget_open();
    }

    /// The keys by which the next commit is judged.
    #[must_use]
    pub fn ring(&self) -> &Ring {
        &self.ring
    }

    /// The keys in the end.
    #[must_use]
    pub fn into_ring(self) -> Ring {
        self.ring
    }
}
