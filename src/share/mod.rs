//! The ledger shown to others, and checked by them: proofs, the published tree, witnesses, stamps of time.

#[cfg(feature = "anchor")]
mod anchors;
mod cosigned;
mod proof;
mod published;
#[cfg(feature = "anchor")]
pub mod stamp;
pub mod tiles;

#[cfg(feature = "anchor")]
pub use anchors::{
    Anchor, AnchorState, Anchored, CLOCKS_APART_MICROS, HeldBy, Unheld, anchor_recorded_as, anchors, attach_stamp,
    authorities, check_anchors, is_to_come, request_stamp,
};
pub use cosigned::{CosignedHead, Kept, cosigned_head, cosigned_sizes, keep_cosignatures, with_cosignatures};
pub use proof::{
    Offer, PROOF_LEN_MAX, Proven, ProvenEvent, check_head, check_proof, newest_cosigned, prove, prove_cosigned,
    prove_growth, prove_growth_cosigned, prove_growth_to,
};
pub use published::{
    FollowOptions, Followed, PublishOptions, Published, SEEN_TITLE, Seen, Served, ServedFolder, Wrong, follow, publish,
};
