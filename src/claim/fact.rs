//! What the fold needs of a claim.

use std::sync::Arc;

use super::{Claim, Polarity, Valid};
use crate::date::{Day, Said};
use crate::seq::Seq;
use crate::value::Value;

/// What the fold needs of a claim: a few numbers, and the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimFact {
    /// Its event.
    pub seq: Seq,
    /// The day on which it was recorded where days begin first (UTC+14).
    pub recorded_day: Day,
    /// Who entered it: here, or in the ledger from which it came.
    pub actor: Seq,
    /// The entity it is about.
    pub subject: Seq,
    /// The attribute.
    pub attribute: Seq,
    /// The value, which others may share.
    pub value: Arc<Value<Seq>>,
    /// Affirmed or denied.
    pub polarity: Polarity,
    /// When it held in the world.
    pub valid: Valid,
    /// When it was said, by its own date.
    pub said_on: Option<Said>,
    /// The origin, if anybody is named.
    pub origin: Option<Seq>,
    /// When its origin said it, by the chain.
    pub origin_on: Option<Said>,
    /// Captured copies, by digest.
    pub evidence: Vec<Box<str>>,
}

impl ClaimFact {
    /// What the fold needs of a claim that was recorded on a day.
    #[must_use]
    pub fn of(seq: Seq, recorded_day: Day, actor: Seq, claim: &Claim) -> ClaimFact {
        let (statement, reference, origin) = (&claim.statement, &claim.reference, claim.chain.first());
        ClaimFact {
            seq,
            recorded_day,
            actor,
            subject: statement.subject,
            attribute: statement.attribute,
            value: Arc::new(statement.value.clone()),
            polarity: statement.polarity,
            valid: statement.valid.clone(),
            said_on: reference.said_on.clone(),
            origin: origin.map(|origin| origin.who),
            origin_on: origin.and_then(|origin| origin.on.clone()),
            evidence: reference.evidence.clone(),
        }
    }

    /// When it was said by its own word: its date, else its origin's. A date without a year places nothing, and is as if
    /// not given.
    #[must_use]
    pub fn said(&self) -> Option<&Said> {
        let given = [self.said_on.as_ref(), self.origin_on.as_ref()];
        given.into_iter().flatten().find(|said| said.window().is_some())
    }
}
