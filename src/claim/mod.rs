//! A claim: a statement as made by a source, with its attribution, its time and its evidence.

mod draft;
mod fact;
mod named;
mod problem;
mod valid;
mod when;

pub use draft::{AttributionDraft, ClaimDraft, PeriodDraft, Word};
pub use fact::ClaimFact;
pub use named::{NamedClaim, checked_id, checked_key, checked_text, checked_url};
pub(crate) use named::{digest, is_digest, key, own_id, text, url};
pub use problem::{Found, Problem, Problems};
pub use valid::{Edge, EdgeKind, Moment, Span, Valid, checked_time};
pub(crate) use valid::{list_problem, period_problem};

use crate::date::Said;
use crate::seq::Seq;
use crate::source::{Attribution, words};
use crate::value::Value;

words! {
    /// Whether the source says that it is so, or that it is not.
    Polarity {
        /// It is so.
        Affirm = "affirm",
        /// It is not so.
        Deny = "deny",
    }
}

/// What is claimed: of whom, which attribute, which value, whether so or not, and when it held.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statement {
    /// The entity it is about, by the event that registered it.
    pub subject: Seq,
    /// The attribute, by the event that first defined it.
    pub attribute: Seq,
    /// The value, its entity by the event that registered it.
    pub value: Value<Seq>,
    /// Affirmed or denied.
    pub polarity: Polarity,
    /// When it held in the world.
    pub valid: Valid,
}

/// What backs a claim beside its attribution chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reference {
    /// When the source said or published it.
    pub said_on: Option<Said>,
    /// The source's very words.
    pub quote: Option<Box<str>>,
    /// Captured copies, by digest.
    pub evidence: Vec<Box<str>>,
    /// Where it was found.
    pub url: Option<Box<str>>,
    /// Language of the quote (BCP 47).
    pub lang: Option<Box<str>>,
    /// How the date was arrived at, if the source does not give it so.
    pub dating_note: Option<Box<str>>,
    /// The checker's note.
    pub note: Option<Box<str>>,
}

impl Reference {
    /// Its address, its quote and its copies.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        let texts = [self.url.as_deref(), self.quote.as_deref()].into_iter().flatten();
        texts.chain(self.evidence.iter().map(|digest| &**digest))
    }
}

/// A checked claim: its type is the proof that it may be recorded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// What is claimed.
    pub statement: Statement,
    /// By whom, origin first; empty if nobody is named.
    pub chain: Vec<Attribution<Seq>>,
    /// What backs it.
    pub reference: Reference,
    /// The caller's own key for it.
    pub id: Option<Box<str>>,
    /// Whether it is kept from everybody but the desk.
    pub is_private: bool,
}

impl Claim {
    /// When it was said by its own word: its said-on date, else its origin's date in the chain. A date without a year
    /// places nothing, and is as if not given.
    #[must_use]
    pub fn said_on(&self) -> Option<&Said> {
        let of_origin = self.chain.first().and_then(|origin| origin.on.as_ref());
        let given = [self.reference.said_on.as_ref(), of_origin];
        given.into_iter().flatten().find(|said| said.window().is_some())
    }
}
