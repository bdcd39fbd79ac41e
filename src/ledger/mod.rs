//! The façade: open a ledger, record into it, ask it.

mod acts;
mod again;
#[cfg(feature = "anchor")]
mod anchors;
mod ask;
mod beside;
mod bulk;
mod check;
mod claims;
mod compare;
mod content;
mod contradictions;
mod copies;
mod create;
mod describe;
mod despite;
mod elsewhere;
mod erase;
mod erasures;
mod error;
mod events;
mod every_key;
mod evidence;
mod export;
mod head;
mod identity;
mod import;
mod judged;
mod key_acts;
mod key_file;
#[cfg(test)]
mod laws;
mod left_out;
mod links;
#[cfg(test)]
mod memory;
mod mentions;
mod names;
mod newest;
mod oddities;
mod open;
mod page_text;
mod proof;
mod published;
mod redraft;
mod register;
mod remarks;
mod replay;
mod resolve;
mod salt;
mod salvage;
mod sealer;
mod stage;
mod stager;
mod standing;
#[cfg(test)]
mod told;
mod undo;
mod witnessed;
mod writer;

#[cfg(feature = "anchor")]
pub use anchors::{
    Anchor, AnchorState, Anchored, CLOCKS_APART_MICROS, HeldBy, Unheld, anchor_recorded_as, anchors, attach_stamp,
    authorities, check_anchors, is_to_come, request_stamp,
};
pub use check::{Expected, VerifyOptions, VerifyReport, origin_of, repair, verify, verify_telling};
pub use compare::{CacheCompared, compare_cache};
pub use create::Founder;
pub use despite::Missing;
pub use erase::{Erased, Erasing};
pub use error::{Error, ErrorKind};
pub use evidence::{
    EVIDENCE_LEN_MAX, altered_copies, carry_copies, keep_evidence, keep_evidence_of, kept_copies, quote_occurs,
};
pub use export::ExportReport;
pub use head::Head;
pub use import::{ImportNews, ImportOptions, ImportReport, Join, KeyOf, Since};
pub use key_acts::Managed;
pub use key_file::{is_key_file, keep_key, keep_second_key, new_key, new_second_key, open_key, open_second_key};
pub use names::LedgerNames;
pub use oddities::nearest;
pub use open::Ledger;
pub use proof::{
    PROOF_LEN_MAX, Proven, ProvenEvent, ProvenHead, check_proof, prove, prove_cosigned, prove_growth,
    prove_growth_cosigned, prove_growth_to,
};
pub use published::{
    FollowOptions, Followed, PublishOptions, Published, Seen, Served, ServedFolder, Wrong, follow, publish,
};
pub use redraft::draft_of;
pub use remarks::Remarks;
pub use replay::Stored;
pub use stage::{FirstUse, Policy, Staged};
pub use standing::Became;
pub use undo::Undoing;
pub use witnessed::{
    CosignedHead, Kept, Offer, check_head, cosigned_head, cosigned_sizes, keep_cosignatures, newest_cosigned,
    with_cosignatures,
};
pub use writer::{Receipt, Writer};
