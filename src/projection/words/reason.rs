//! A reason in parts. One renderer makes a line of English of them; programs can make one of another language.

use super::names::{source_text, value_text};
use crate::catalogue::Catalogue;
use crate::seq::Seq;
use crate::value::Value;

/// Why an answer is what it is: parts, in the order of the English line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason(Vec<ReasonPart>);

/// A part of a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReasonPart {
    /// English words between the other parts. There are few, and the row of the answer says which rule they tell of.
    Words(&'static str),
    /// A claim, and who said it first.
    Claim {
        /// The claim.
        claim: Seq,
        /// Its origin, where it is told.
        origin: Option<Seq>,
    },
    /// A value.
    Value(Value<Seq>),
    /// A source by its name.
    Source(Seq),
    /// An actor by their name.
    Actor(Seq),
    /// A date as it was written, or a day.
    Date(Box<str>),
    /// How many there are of something.
    Count(usize),
}

impl Reason {
    /// The parts.
    #[must_use]
    pub fn parts(&self) -> &[ReasonPart] {
        &self.0
    }

    /// In one line of English: `off since 2024-11-23, #84 (Pedro Urruchurtu)`.
    #[must_use]
    pub fn text(&self, catalogue: &Catalogue) -> String {
        /// Most lines are no longer, in bytes.
        const LINE_LEN: usize = 96;
        let mut line = String::with_capacity(LINE_LEN);
        for part in &self.0 {
            match part {
                ReasonPart::Words(words) => line.push_str(words),
                ReasonPart::Claim { claim, origin } => {
                    line.push_str(&claim.to_string());
                    if let Some(origin) = origin {
                        line.extend([" (", &source_text(catalogue, *origin), ")"]);
                    }
                }
                ReasonPart::Value(value) => line.push_str(&value_text(catalogue, value)),
                ReasonPart::Source(source) => line.push_str(&source_text(catalogue, *source)),
                ReasonPart::Actor(actor) => line.push_str(catalogue.actor(*actor).unwrap_or("the desk")),
                ReasonPart::Date(date) => line.push_str(date),
                ReasonPart::Count(count) => line.push_str(&count.to_string()),
            }
        }
        line
    }

    pub(in crate::projection) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::projection) fn push(&mut self, part: ReasonPart) {
        self.0.push(part);
    }

    pub(in crate::projection) fn words(&mut self, words: &'static str) {
        self.0.push(ReasonPart::Words(words));
    }

    /// Adds another reason behind this one.
    pub(in crate::projection) fn append(&mut self, other: Reason) {
        self.0.extend(other.0);
    }

    /// The first few of some reasons, and how many more there are.
    pub(in crate::projection) fn first_of(all: Vec<Reason>, between: &'static str) -> Reason {
        /// Of more reasons than these the rest are counted.
        const TOLD: usize = 5;
        let more = all.len().saturating_sub(TOLD);
        let mut told = Reason::default();
        for (place, reason) in all.into_iter().take(TOLD).enumerate() {
            if place > 0 {
                told.words(between);
            }
            told.append(reason);
        }
        if more > 0 {
            told.words(between);
            told.words("and ");
            told.push(ReasonPart::Count(more));
            told.words(" more");
        }
        told
    }
}

impl From<&'static str> for Reason {
    fn from(words: &'static str) -> Reason {
        Reason(vec![ReasonPart::Words(words)])
    }
}
