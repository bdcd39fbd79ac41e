//! The hashes of frames that lie beside each other, made at once.

use super::frame::Body;
use crate::chain::Hash;
use crate::frame::{Envelope, RawFrame};
use crate::hash::{Lanes, Salted};

/// The hashes of a frame. Lanes may have made them: what speaks against the frame is made again before it is believed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Made {
    commitment: Hash,
    /// Its link.
    pub(crate) link: Hash,
    /// Its leaf in the tree.
    pub(crate) leaf: Hash,
}

impl Made {
    /// Of each frame.
    pub(crate) fn of(frames: &[RawFrame<'_>], lanes: Lanes) -> impl Iterator<Item = Made> {
        let envelopes: Vec<&[u8]> = frames.iter().map(|raw| raw.envelope.as_slice()).collect();
        let bodies: Vec<Salted<'_>> = frames.iter().map(|raw| (raw.salt, raw.payload)).collect();
        let (links, leaves) = (lanes.links(&envelopes), lanes.leaves(&envelopes));
        let both = links.into_iter().zip(leaves);
        lanes.commitments(&bodies).into_iter().zip(both).map(|(commitment, (link, leaf))| Made {
            commitment,
            link,
            leaf,
        })
    }

    /// What has become of the frame's salt and payload. Another hash than its envelope commits to is made again.
    pub(crate) fn body(&self, raw: &RawFrame<'_>, commitment: Hash) -> Body {
        if self.commitment == commitment { Body::Whole } else { Body::of(raw, commitment) }
    }

    /// Its link; made again, unless what stands behind the frame names that link too.
    pub(crate) fn link_beside(&self, raw: &RawFrame<'_>, named_behind: Option<Hash>) -> Hash {
        if named_behind == Some(self.link) { self.link } else { Envelope::link(raw.envelope) }
    }
}
