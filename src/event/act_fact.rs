//! What the fold needs of an act.

use super::By;
use crate::date::{Day, Said};
use crate::seq::Seq;

/// What an act does to its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActKind {
    /// Takes it back.
    Retracted,
    /// Replaces it by another claim.
    Corrected {
        /// The claim that replaces it.
        successor: Seq,
    },
    /// Disputes it.
    Disputed,
    /// Gives a verdict on it: `Some(true)` True, `Some(false)` False, `None` any other word.
    Assessed(Option<bool>),
}

/// An act upon an earlier event.
#[derive(Clone, Debug)]
pub struct ActFact {
    /// Its event.
    pub seq: Seq,
    /// The UTC day on which it was recorded.
    pub recorded_day: Day,
    /// What it acts upon.
    pub target: Seq,
    /// Who acts; `None` is the desk.
    pub by: By,
    /// When it was said.
    pub said_on: Option<Said>,
    /// What it does.
    pub kind: ActKind,
    /// The word of a verdict; none of another act, and where only the fold is asked.
    pub rating: Option<Box<str>>,
    /// Why; empty where only the fold is asked.
    pub reason: Box<str>,
}
