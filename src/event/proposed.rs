//! Events on their way in: checked as far as they go without knowing the ledger. Entities, attributes and
//! sources are known by key, earlier events by the caller's id or by `#SEQ`.

use super::registered::is_bare;
use super::{Cardinality, Complement, EntityRegistered, EvidenceAdded, SettingChanged, SourceRegistered, Verdict};
use crate::claim::NamedClaim;
use crate::date::{Bound, Said};
use crate::source::{LinkKind, Reliability};
use crate::value::{Typed, ValueType};

/// An attribute to be declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedAttribute {
    /// Its key.
    pub key: Box<str>,
    /// Its name for people.
    pub label: Option<Box<str>>,
    /// The type of its values.
    pub value_type: ValueType,
    /// One value at a time, or several.
    pub cardinality: Cardinality,
    /// Its values where not the one is the other.
    pub complement: Complement<Typed>,
    /// Whether a value cannot change.
    pub is_fixed: bool,
    /// How many days a value is carried; `None`: until something else is claimed.
    pub stale_after_days: Option<u32>,
    /// The unit taken by a quantity that names none.
    pub unit: Option<Box<str>>,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
}

impl ProposedAttribute {
    /// As [`AttributeDefined::is_bare`](super::AttributeDefined::is_bare).
    #[must_use]
    pub fn is_bare(&self) -> bool {
        is_bare(self.value_type, self.cardinality, &self.complement)
            && !self.is_fixed
            && self.stale_after_days.is_none()
            && self.label.is_none()
            && self.id.is_none()
    }
}

/// An act upon an earlier event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedAct {
    /// The caller's id of the event acted upon, or `#SEQ`.
    pub target: Box<str>,
    /// The key of the source that acts; `None` is the desk.
    pub by: Option<Box<str>>,
    /// When it was said.
    pub said_on: Option<Said>,
    /// Reason, grounds or rationale.
    pub reason: Box<str>,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
}

/// One more reference for a claim: an address, a quote or captured copies, at least one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedReference {
    /// The caller's id of the claim, or `#SEQ`.
    pub claim: Box<str>,
    /// Where it was found too.
    pub url: Option<Box<str>>,
    /// The source's very words there.
    pub quote: Option<Box<str>>,
    /// Captured copies, by digest.
    pub evidence: Vec<Box<str>>,
    /// Language of the quote.
    pub lang: Option<Box<str>>,
    /// The checker's note.
    pub note: Option<Box<str>>,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
}

/// An event that somebody proposes to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposed {
    /// Declare an attribute.
    Attribute(ProposedAttribute),
    /// Register or describe an entity.
    Entity(EntityRegistered),
    /// Register or describe a source.
    Source(SourceRegistered),
    /// Grade a source.
    Rating {
        /// The source's key.
        source: Box<str>,
        /// The grade.
        reliability: Reliability,
        /// The day of the grade.
        on: Option<Bound>,
        /// Why.
        reason: Option<Box<str>>,
        /// The caller's own key for it.
        id: Option<Box<str>>,
    },
    /// Say that a source hangs on another.
    Link {
        /// The source's key.
        source: Box<str>,
        /// The other's key.
        to: Box<str>,
        /// How.
        how: LinkKind,
        /// The caller's own key for it.
        id: Option<Box<str>>,
    },
    /// Add a captured copy.
    Evidence(EvidenceAdded),
    /// Assert a claim.
    Claim(NamedClaim),
    /// Replace a claim.
    Correction {
        /// Which claim, by whom, when, why.
        act: ProposedAct,
        /// What replaces it.
        claim: NamedClaim,
    },
    /// Take back an event.
    Retraction(ProposedAct),
    /// Dispute a claim.
    Dispute(ProposedAct),
    /// Give a verdict on a claim.
    Assessment {
        /// Which claim, by whom, when, the rationale.
        act: ProposedAct,
        /// `true`, `false` or another word, in lower case.
        rating: Box<str>,
        /// The checker's own wording.
        label: Option<Box<str>>,
        /// 1 to 6.
        credibility: Option<u8>,
    },
    /// Agree to an earlier event.
    Approval(ProposedAct),
    /// Do not agree to an earlier event.
    Return(ProposedAct),
    /// Give a claim one more reference.
    Reference(ProposedReference),
    /// Change a setting.
    Setting(SettingChanged),
    /// Judge two entities the same, different or neither.
    Judgement {
        /// The keys of the entities.
        entities: [Box<str>; 2],
        /// The judgement.
        verdict: Verdict,
        /// Why.
        reason: Option<Box<str>>,
        /// The caller's own key for it.
        id: Option<Box<str>>,
    },
    /// Note something.
    Note {
        /// The key of an entity, the id of an event, or `#SEQ`; `None` is the ledger as a whole.
        about: Option<Box<str>>,
        /// The note.
        text: Box<str>,
        /// The caller's own key for it.
        id: Option<Box<str>>,
        /// Whether it is kept from everybody but the desk.
        is_private: bool,
    },
}
