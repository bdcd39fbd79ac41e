//! The façade: open a ledger, record into it, ask it.

pub(crate) mod check;
#[cfg(test)]
mod days_tests;
mod effect;
mod error;
mod export;
pub(crate) mod files;
mod head;
mod import;
mod knowledge;
#[cfg(test)]
mod laws;
pub(crate) mod left_out;
#[cfg(test)]
mod memory;
mod plan;
pub(crate) mod read;
mod record;
mod seen;
#[cfg(test)]
mod told;

pub use check::{Expected, VerifyOptions, VerifyReport, origin_of, repair, verify, verify_telling};
pub use effect::{Change, Effect, Planned};
pub use error::{Error, ErrorKind};
pub use export::ExportReport;
pub use files::evidence::{
    CapturedCopy, EVIDENCE_LEN_MAX, altered_copies, carry_copies, kept_bytes, kept_copies, quote_problem, seek_quote,
};
pub use files::given::{read_given, read_given_text};
pub use files::key_file::{Exposed, keep_key, keep_second_key, new_key, new_second_key, open_key, open_second_key};
pub use files::private::is_key_file;
pub use files::whole::{Existing, Whole, refuse_inside};
pub use head::Head;
pub use import::{ImportNews, ImportOptions, ImportReport, Join, KeyOf, Since};
pub use knowledge::acts::standing::Became;
pub use plan::policy::{FirstUse, Policy};
pub use plan::stage::Staged;
pub use read::compare::CacheCompared;
pub use read::despite::Missing;
pub use read::names::LedgerNames;
pub use read::nearest::nearest;
pub use read::open::Ledger;
pub use read::redraft::draft_of;
pub use read::remarks::Remarks;
pub use read::replay::Stored;
pub use record::create::Founder;
pub use record::erase::{Erased, Erasing};
pub use record::key_acts::Managed;
pub use record::undo::Undoing;
pub use record::writer::{Receipt, Writer};
pub use seen::{lost_head, require_seen_head};
