//! What the fold needs of an act.

use super::{Act, By, Recorded};
use crate::date::{Day, Instant, Said};
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActFact {
    /// Its event.
    pub seq: Seq,
    /// The day on which it was recorded where days begin first (UTC+14).
    pub recorded_day: Day,
    /// Who entered it: here, or in the ledger from which it came.
    pub actor: Seq,
    /// Its position in the ledger from which it came, if it did.
    pub seq_there: Option<Seq>,
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

impl ActFact {
    /// What the fold needs of an act.
    #[must_use]
    pub fn of<T>(recorded: &Recorded<T>, act: &Act, kind: ActKind, rating: Option<Box<str>>) -> ActFact {
        ActFact {
            seq: recorded.seq,
            recorded_day: recorded.last_day(),
            actor: recorded.first_actor(),
            seq_there: recorded.first.as_ref().map(|first| first.seq),
            target: act.target,
            by: act.by,
            said_on: act.said_on.clone(),
            kind,
            rating,
            reason: act.reason.clone(),
        }
    }

    /// What the fold needs of a retraction.
    #[must_use]
    pub fn retraction<T>(recorded: &Recorded<T>, act: &Act) -> ActFact {
        ActFact::of(recorded, act, ActKind::Retracted, None)
    }

    /// When it was said by its own word, and not after the day on which it was recorded.
    #[must_use]
    pub fn own_said(&self) -> Option<Instant> {
        let said = Instant::of(self.said_on.as_ref()?)?;
        Some(said.not_after(self.recorded_day))
    }

    /// When it was said, else recorded.
    #[must_use]
    pub fn said(&self) -> Instant {
        self.own_said().unwrap_or(Instant::end_of(self.recorded_day))
    }
}
