//! What stands between two frames, and what it says of the frame before it.

use super::super::hashed::Hashed;
use crate::chain::Hash;
use crate::frame::{Envelope, Seal};
use crate::log::damage::Place;

/// A seal, and what was computed for its place.
#[derive(Clone, Debug)]
pub(super) struct Closing {
    pub(super) place: Place,
    pub(super) seal: Seal,
    /// The tip that belongs to what it says.
    pub(super) digest: Hash,
    /// The root over all events before it, if it could be computed.
    pub(super) root: Option<Hash>,
    /// The number of the event before it.
    pub(super) size: u64,
}

impl Closing {
    /// Whether its root is that of the leaves, the last event's among them.
    pub(super) fn has_root_of_leaves(&self) -> bool {
        self.root == Some(self.seal.root)
    }

    /// Whether it is itself, and closes what ends with this link.
    pub(super) fn fits(&self, last: Option<Hash>) -> bool {
        self.digest == self.seal.tip
            && last.is_none_or(|last| last == self.seal.link)
            && self.seal.size == self.size
            && self.root.is_none_or(|root| root == self.seal.root)
    }

    /// Whether it would be itself with another link in its place.
    pub(super) fn fits_with_link(&self, link: Hash) -> bool {
        Seal { link, ..self.seal.clone() }.digest() == self.seal.tip
    }

    pub(super) fn fits_with_size(&self, size: u64) -> bool {
        Seal { size, ..self.seal.clone() }.digest() == self.seal.tip
    }

    pub(super) fn fits_with_root(&self, root: Hash) -> bool {
        Seal { root, ..self.seal.clone() }.digest() == self.seal.tip
    }

    /// Whether it vouches for the frame of this link before it: by its head, also if only that was changed, or by its root.
    pub(super) fn vouches_for(&self, link: Hash) -> bool {
        self.seal.link == link || self.has_root_of_leaves() || self.digest != self.seal.tip && self.fits_with_link(link)
    }
}

/// What stands between two frames, or between a frame and the end of what was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Gap {
    /// The tip to stand on where no seal is read: before event 1, and before the first segment that is read.
    pub(super) base: Option<Hash>,
    /// The seals: one behind the last event of a commit; more than one is damage.
    pub(super) seals: Vec<Closing>,
    /// What the header of the next segment says that it stands on, and where it is.
    pub(super) header: Option<(Place, Hash)>,
    /// That header is of another ledger: what follows stands on nothing here.
    pub(super) is_foreign: bool,
    /// Bytes were lost here.
    pub(super) is_lost: bool,
}

impl Gap {
    /// Whether a frame stands on what is here, behind a frame of this link.
    pub(super) fn leads_to(&self, last: Option<Hash>, next: &Hashed) -> bool {
        let prev = next.envelope.prev;
        match (self.seals.as_slice(), self.base) {
            ([], None) => !next.envelope.is_first() && last == Some(prev),
            ([], Some(base)) => next.envelope.is_first() && base == prev,
            (seals, _) => next.envelope.is_first() && seals.iter().any(|closing| closing.seal.tip == prev),
        }
    }

    /// Whether the frame of this link is as it was, by what stands behind it. If that is a frame that begins a commit whose
    /// seal is gone, nothing says otherwise.
    pub(super) fn proves(&self, link: Hash, next: &Hashed) -> bool {
        if self.seals.is_empty() {
            return next.envelope.prev == link || next.envelope.is_first();
        }
        self.seals.iter().any(|closing| closing.vouches_for(link))
    }
}

/// What stands behind a frame says of its envelope.
#[derive(Clone, Debug)]
pub(super) struct Vouching {
    /// Whether it is as it was written; none if nothing is known of what stands behind.
    holds: Option<bool>,
    /// The links that it should have.
    due: Vec<Hash>,
}

impl Vouching {
    /// For the frame of this link, by what stands behind it.
    pub(super) fn of(link: Hash, behind: &Gap, next: Option<&Hashed>) -> Vouching {
        if !behind.seals.is_empty() {
            let holds = behind.seals.iter().any(|closing| closing.vouches_for(link));
            return Vouching {
                holds: Some(holds),
                due: behind.seals.iter().map(|closing| closing.seal.link).collect(),
            };
        }
        match next.map(|next| &next.envelope) {
            Some(next) if next.prev == link => Vouching { holds: Some(true), due: vec![next.prev] },
            Some(next) if !next.is_first() => Vouching { holds: Some(false), due: vec![next.prev] },
            _ => Vouching { holds: None, due: Vec::new() },
        }
    }

    /// Whether the envelope was changed.
    pub(super) fn is_against(&self) -> bool {
        self.holds == Some(false)
    }

    /// Whether something says that it is as it was.
    pub(super) fn is_for(&self) -> bool {
        self.holds == Some(true)
    }

    /// Whether the envelope would be as it was with another `prev`.
    pub(super) fn holds_with_prev(&self, envelope: &Envelope, prev: Hash) -> bool {
        let mended = Envelope { prev, ..*envelope };
        self.due.contains(&Envelope::link(&mended.to_bytes()))
    }

    /// The link that it should have.
    pub(super) fn link_due(&self) -> Option<Hash> {
        self.due.first().copied()
    }
}
