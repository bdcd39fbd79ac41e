//! When claims were said, and what is known of those that replaced another.

use std::collections::BTreeMap;

use crate::claim::ClaimFact;
use crate::date::Instant;
use crate::seq::Seq;

/// What is known of a claim that replaced another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Successor {
    /// Whether every correction behind it applies.
    pub(super) is_brought: bool,
    /// When it was said.
    pub(super) said: Option<SaidAt>,
}

/// When a claim was said.
#[derive(Clone, Copy, Debug)]
pub(in crate::projection) struct SaidAt {
    pub(in crate::projection) at: Instant,
    /// Whether a date says so; if not, it is the day of recording.
    pub(in crate::projection) is_dated: bool,
}

pub(super) fn is_brought(successors: &BTreeMap<Seq, Successor>, claim: Seq) -> bool {
    successors.get(&claim).is_none_or(|successor| successor.is_brought)
}

pub(super) fn claim_said(successors: &BTreeMap<Seq, Successor>, fact: &ClaimFact) -> SaidAt {
    successors.get(&fact.seq).and_then(|successor| successor.said).unwrap_or_else(|| by_own_word(fact))
}

/// When a claim was said by its own word; not after the day on which it was recorded.
pub(super) fn own_said(fact: &ClaimFact) -> Option<Instant> {
    let said = fact.said().and_then(Instant::of)?;
    Some(said.not_after(fact.recorded_day))
}

pub(super) fn by_own_word(fact: &ClaimFact) -> SaidAt {
    let own = own_said(fact);
    SaidAt { at: own.unwrap_or(Instant::end_of(fact.recorded_day)), is_dated: own.is_some() }
}
