//! What the log stores: things that happened to the ledger, in the past tense.

mod about;
mod act_fact;
mod entered;
mod id;
mod kind;
mod proposed;
mod registered;
mod setting;

pub use about::Before;
pub use act_fact::{ActFact, ActKind};
pub use entered::{Entered, First};
pub use kind::{EventKind, LATER_KINDS};
pub use proposed::{Proposed, ProposedAct, ProposedAttribute, ProposedReference};
pub use registered::{
    AttributeDefined, Cardinality, Complement, EntityRegistered, EvidenceAdded, Genesis, SourceRated, SourceRegistered,
    look_of,
};
pub use setting::{FourEyes, SettingChanged, SettingName};

use std::ops::RangeInclusive;

use crate::claim::Claim;
use crate::date::{Day, Said};
use crate::seq::Seq;
use crate::source::{LinkKind, words};
use crate::value::{is_hidden, text_problem};

words! {
    /// Whether two names are one entity.
    Verdict {
        /// They are.
        Same = "same",
        /// They are not.
        Different = "different",
        /// It cannot be said.
        Unsure = "unsure",
    }
}

/// Who acts on an earlier event: a source, or the desk that keeps the ledger (`None`).
pub type By = Option<Seq>;

/// An act upon an earlier event: by whom, when it was said, and why.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Act {
    /// The event acted upon.
    pub target: Seq,
    /// The source that acts; `None` is the desk.
    pub by: By,
    /// When it was said.
    pub said_on: Option<Said>,
    /// Why: reason, grounds or rationale.
    pub reason: Box<str>,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
}

/// A checker's verdict on a claim.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Assessment {
    /// Which claim, by whom, when, and the rationale.
    pub act: Act,
    /// `true`, `false`, or other words of the checker's scale, in lower case.
    pub rating: Box<str>,
    /// The checker's own wording of the rating.
    pub label: Option<Box<str>>,
    /// 1 (confirmed) to 6 (cannot be judged): the Admiralty scale's second grade.
    pub credibility: Option<u8>,
}

impl Assessment {
    /// The grades of credibility.
    pub const CREDIBILITY: RangeInclusive<u8> = 1..=6;

    /// Whether it is rated True or False; `None` for any other word.
    #[must_use]
    pub fn verdict(&self) -> Option<bool> {
        match &*self.rating {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// Whether a text can be a rating: of one or more words ("mostly false"), all of it to be seen.
    #[must_use]
    pub fn is_rating(text: &str) -> bool {
        text_problem(text).is_none() && !text.contains(is_hidden)
    }
}

/// A judgement whether two entities are the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EntitiesJudged {
    /// The two entities.
    pub entities: [Seq; 2],
    /// The judgement.
    pub verdict: Verdict,
    /// Why.
    pub reason: Option<Box<str>>,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
}

/// One more reference for a claim that is there: an address, a quote or captured copies, at least one of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReferenceAdded {
    /// The claim.
    pub claim: Seq,
    /// Where it was found too.
    pub url: Option<Box<str>>,
    /// The source's very words there.
    pub quote: Option<Box<str>>,
    /// Captured copies, by digest.
    pub evidence: Vec<Box<str>>,
    /// Language of the quote (BCP 47).
    pub lang: Option<Box<str>>,
    /// The checker's note.
    pub note: Option<Box<str>>,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
}

impl ReferenceAdded {
    /// Its address, its quote and its copies.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        let texts = [self.url.as_deref(), self.quote.as_deref()].into_iter().flatten();
        texts.chain(self.evidence.iter().map(|digest| &**digest))
    }
}

/// Something noted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Noted {
    /// The event it is about; `None` is the ledger as a whole.
    pub about: Option<Seq>,
    /// The note.
    pub text: Box<str>,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
    /// Whether it is kept from everybody but the desk.
    pub is_private: bool,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// The ledger began.
    Genesis(Genesis),
    /// Somebody who writes was named.
    ActorRegistered {
        /// The name, as given to `--actor`.
        name: Box<str>,
        /// The other ledger in which this actor acts, by its `LedgerRegistered`; `None`: in this one.
        of: Option<Seq>,
    },
    /// An attribute was defined, or defined anew.
    AttributeDefined(AttributeDefined),
    /// An entity was registered, or described anew.
    EntityRegistered(EntityRegistered),
    /// An entity got further names.
    EntityAliased {
        /// The entity.
        entity: Seq,
        /// The names.
        aliases: Vec<Box<str>>,
        /// The caller's own key for it.
        id: Option<Box<str>>,
    },
    /// Entities were judged the same, different, or neither.
    EntitiesJudged(EntitiesJudged),
    /// A source was registered, or described anew.
    SourceRegistered(SourceRegistered),
    /// A source's reliability was graded.
    SourceRated(SourceRated),
    /// A source was found to hang on another.
    SourceLinked {
        /// The source.
        source: Seq,
        /// What it hangs on.
        to: Seq,
        /// How.
        how: LinkKind,
        /// The caller's own key for it.
        id: Option<Box<str>>,
    },
    /// A captured copy was added.
    EvidenceAdded(EvidenceAdded),
    /// A source made a claim (a closed list of periods is of the kind `PeriodsAsserted`).
    ClaimAsserted(Claim),
    /// A source disputed a claim.
    Disputed(Act),
    /// A claim was replaced by another, the event before this one or an earlier one.
    Corrected {
        /// Which claim, by whom, when, and why.
        act: Act,
        /// The claim that replaces it.
        successor: Seq,
    },
    /// An event of one of the kinds that can be [retracted](EventKind::is_retractable) was taken back.
    Retracted(Act),
    /// A checker gave a verdict.
    Assessed(Assessment),
    /// A second person agreed to an event.
    Approved(Act),
    /// Something was noted.
    Noted(Noted),
    /// A key was authorised to seal.
    KeyAuthorised {
        /// Its name.
        name: Box<str>,
        /// Its algorithm, by C2SP signature type.
        algorithm: u8,
        /// The public key's bytes.
        public_key: Box<[u8]>,
        /// What it may do, one word each.
        roles: Vec<Box<str>>,
    },
    /// A key was revoked.
    KeyRevoked {
        /// The event that authorised it.
        key: Seq,
        /// Why.
        reason: Box<str>,
    },
    /// A payload was erased by law.
    PayloadErased {
        /// The event whose payload it was.
        target: Seq,
        /// The legal basis.
        basis: Box<str>,
        /// The link that it had in the ledger where it was entered first, if it came from another one.
        first: Option<[u8; 32]>,
    },
    /// A claim got one more reference.
    ReferenceAdded(ReferenceAdded),
    /// A setting was changed.
    SettingChanged(SettingChanged),
    /// A second person did not agree to an event.
    Returned(Act),
    /// Another ledger, whose events came in, was named.
    LedgerRegistered {
        /// The name under which its heads are published.
        origin: Box<str>,
        /// Its id: the link of its first event.
        ledger: [u8; 32],
    },
}

impl Event {
    /// The captured copies that it refers to or describes, by digest.
    #[must_use]
    pub fn copies(&self) -> Vec<&str> {
        let all = match self {
            Event::ClaimAsserted(claim) => claim.reference.evidence.as_slice(),
            Event::ReferenceAdded(added) => &added.evidence,
            Event::EvidenceAdded(copy) => std::slice::from_ref(&copy.digest),
            _ => &[],
        };
        all.iter().map(|digest| &**digest).collect()
    }

    /// Whether it is kept from everybody but the desk.
    #[must_use]
    pub fn is_private(&self) -> bool {
        match self {
            Event::ClaimAsserted(claim) => claim.is_private,
            Event::SourceRegistered(source) => source.is_private,
            Event::EvidenceAdded(evidence) => evidence.is_private,
            Event::Noted(noted) => noted.is_private,
            _ => false,
        }
    }
}

/// An event as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Recorded<T = Event> {
    /// Its position.
    pub seq: Seq,
    /// When it entered the ledger, in microseconds since 1970-01-01T00:00:00Z.
    pub at_micros: i64,
    /// Who entered it: the event that registered the actor; 0 for the genesis.
    pub actor: Seq,
    /// What happened; `None` if its payload was erased.
    pub event: Option<T>,
    /// Who entered it first, if that was in another ledger.
    pub first: Option<First>,
}

impl<T> Recorded<T> {
    /// The UTC day on which it was recorded.
    #[must_use]
    pub fn day(&self) -> Day {
        Day::of_unix_micros(self.at_micros)
    }

    /// Who entered it: here, or in the ledger from which it came.
    #[must_use]
    pub fn first_actor(&self) -> Seq {
        self.first.as_ref().map_or(self.actor, |first| first.actor)
    }

    /// The day on which it was recorded where days begin first (UTC+14): nothing in it was said later.
    #[must_use]
    pub fn last_day(&self) -> Day {
        const FIRST_OFFSET_MICROS: i64 = 14 * 3_600_000_000;
        Day::of_unix_micros(self.at_micros.saturating_add(FIRST_OFFSET_MICROS))
    }
}
