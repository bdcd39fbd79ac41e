//! An event that is about to be recorded.

use super::content::Content;
use crate::event::{Event, First};
use crate::seq::Seq;

/// An event with its number and what it is about.
#[derive(Clone, Debug)]
pub(in crate::ledger) struct Numbered {
    pub(in crate::ledger) seq: Seq,
    pub(in crate::ledger) event: Event,
    /// What would make another event a repetition of it.
    pub(in crate::ledger) identity: Content,
    /// Who entered it first, if that was in another ledger.
    pub(in crate::ledger) first: Option<First>,
    pub(in crate::ledger) about: (Seq, Seq),
}
