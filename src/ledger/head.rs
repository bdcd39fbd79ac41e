//! The head of a ledger: what to keep elsewhere.

use crate::chain::{self, Hash};
use crate::frame::{Seal, Signature};
use crate::keys::Ring;
use crate::note::{Checkpoint, SignedNote, base64};

/// Size and hashes of a ledger at its newest seal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The name under which the ledger's heads are published.
    pub origin: String,
    /// How many events there are.
    pub size: u64,
    /// The tip of its seal (BLAKE3).
    pub tip: Hash,
    /// Root of the RFC 6962 tree over all events (SHA-256).
    pub root: Hash,
    /// When the last event was recorded, in microseconds since 1970-01-01T00:00:00Z.
    pub recorded_at_micros: i64,
    /// The signatures of its seal.
    pub signatures: Vec<Signature>,
}

impl Head {
    /// Takes over what a seal says.
    pub(crate) fn take(&mut self, seal: Seal) {
        (self.size, self.tip, self.root, self.signatures) = (seal.size, seal.tip, seal.root, seal.signatures);
    }

    /// Count of events, and tip: what to keep.
    #[must_use]
    pub fn point(&self) -> chain::Head {
        chain::Head { size: self.size, tip: self.tip }
    }

    /// The head as a C2SP signed note, under the ledger's name and the signatures of its seal; `None` if nobody signed.
    #[must_use]
    pub fn note(&self, ring: &Ring) -> Option<SignedNote> {
        let signatures: Vec<_> = self.signatures.iter().filter_map(|own| ring.note_line(own)).collect();
        (!signatures.is_empty()).then(|| SignedNote::new(self.checkpoint(), signatures))
    }

    /// The root in Base64, as checkpoints have it.
    #[must_use]
    pub fn root_text(&self) -> String {
        base64(&self.root.0)
    }

    /// The head as a C2SP checkpoint: origin, size, root, a line each.
    #[must_use]
    pub fn checkpoint(&self) -> String {
        Checkpoint { origin: self.origin.as_str().into(), size: self.size, root: self.root }.to_string()
    }
}
