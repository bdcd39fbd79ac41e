//! Judging the commits of a log that may be damaged.

use super::replay::tell;
use crate::frame::Seal;
use crate::keys::{Counting, Wrong};
use crate::log::Frame;

/// Judges commits of which events or seals may be missing.
#[derive(Default)]
pub(in crate::ledger) struct Salvage {
    counting: Counting,
    /// The last event that was shown.
    last: u64,
    /// Whether the commit that is open has an event.
    is_open: bool,
    /// Something was not shown that may have been about keys.
    is_unsure: bool,
    /// A seal before carried a signature: somebody has to sign, whether or not the keys are known.
    was_signed: bool,
}

impl Salvage {
    /// Takes in an event. Says whether it begins a commit although the seal of the one before was not shown: that one
    /// cannot be judged.
    pub(in crate::ledger) fn frame(&mut self, frame: &Frame<'_>) -> bool {
        let is_left = self.is_open && frame.envelope.is_first();
        if is_left {
            self.counting.leave();
        }
        self.is_unsure |= is_left || frame.envelope.seq != self.last + 1;
        self.last = self.last.max(frame.envelope.seq);
        self.is_unsure |= tell(&mut self.counting, frame).is_err();
        self.is_open = true;
        is_left
    }

    /// Takes in the seal of the commit that is open: whether it counts. Where something about keys may be missing, that
    /// a key is not known, or not valid, says nothing against it, if that is to be passed over.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(in crate::ledger) fn seal(&mut self, seal: &Seal, passes_over_unknown_keys: bool) -> Result<(), Wrong> {
        self.is_open = false;
        self.last = self.last.max(seal.size);
        let is_unsigned = seal.signatures.is_empty() && self.was_signed;
        self.was_signed |= !seal.signatures.is_empty();
        match self.counting.seal(seal) {
            Ok(()) if is_unsigned => Err(Wrong::Unsigned),
            Err(Wrong::NoKey(_) | Wrong::NotValid(..) | Wrong::Unreadable(_))
                if self.is_unsure && passes_over_unknown_keys =>
            {
                Ok(())
            }
            judged => judged,
        }
    }

    /// Whether commits must be signed, as far as is known.
    pub(super) fn is_signed(&self) -> bool {
        self.was_signed || self.counting.ring().is_signed()
    }
}
