//! The bytes of the log: records with a guarded length, the envelope of an event, the seal of a commit, the
//! header of a segment. Sans I/O: slices in, slices out, and no bytes make it panic.
//!
//! `docs/format.md` is the normative text; every constant below stands there too.

mod envelope;
mod fields;
mod header;
mod record;
mod seal;

pub use envelope::{CLAMPED, ENVELOPE_LEN, ENVELOPE_VERSION, Envelope, FIRST, Unreadable};
pub use header::{HEADER_LEN, Header, HeaderFault, MAGIC, SEGMENT_FORMAT};
pub use record::{
    Cut, Fault, GUARD_LEN, PAYLOAD_LEN_MAX, PLAUSIBLE_LEN, RECORD_LEN_MAX, RawFrame, Record, SEAL_RECORD_LEN_MAX,
    SEAL_RECORD_LEN_MIN, cut, declared_len, frame_record_len, join_frame, join_seal, len_despite_guard, record_of,
    seems_to_begin,
};
pub use seal::{SIGNATURE_LEN_MAX, SIGNATURES_LEN_MAX, SIGNATURES_MAX, Seal, Signature, TooManySignatures};
