//! An answer: the state of one (subject, attribute) on one day.

use super::known::horizon::AsOf;
use super::words::reason::Reason;
use crate::date::Day;
use crate::seq::Seq;
use crate::source::words;
use crate::value::Value;

words! {
    /// How far an answer can be relied on.
    Status {
        /// A source says so of that very day.
        Stated = "stated",
        /// Carried from another day.
        Presumed = "presumed",
        /// It may be so.
        Possible = "possible",
        /// Sources or checkers disagree.
        Contested = "contested",
        /// Nothing says.
        Unknown = "unknown",
        /// It is known that there is none.
        None = "none",
    }
}

words! {
    /// What is remarkable about an answer.
    Flag {
        /// One value ended and another began that day.
        ChangedThatDay = "changed that day",
        /// Only the dates are in conflict.
        Timing = "timing",
        /// Another value is said to hold since a day within the period.
        Since = "since",
        /// A source denies it.
        Denied = "denied",
        /// It began that day.
        Began = "began",
        /// It ended that day.
        Ended = "ended",
        /// Another value may hold already.
        PerhapsAlready = "perhaps already",
        /// The day lies in the window of a change.
        ChangeWindow = "change window",
        /// Another value was seen later; the change between is not dated.
        ChangedSomeTimeBefore = "changed some time before",
        /// Inferred from what came later.
        CarriedBack = "carried back",
        /// The last value is too old to be carried.
        Stale = "stale",
        /// The claims give no date.
        Undated = "undated",
        /// The day lies in a gap of a closed list.
        BetweenStatedPeriods = "between stated periods",
        /// Another claim says it started later.
        LaterStart = "later start",
        /// Another claim says it ended earlier.
        EarlierEnd = "earlier end",
        /// A deciding claim is disputed.
        Disputed = "disputed",
        /// Checkers differ on a deciding claim.
        VerdictsDiffer = "verdicts differ",
        /// There is a value, and it is not known.
        SomeValue = "some value",
        /// Nobody behind it is named and graded better than D.
        WeakSourcesOnly = "weak sources only",
        /// It rests on what still waits for approval.
        NotReviewed = "not reviewed",
    }
}

/// One value of an answer, and what is behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The value.
    pub value: Value<Seq>,
    /// How far this value can be relied on.
    pub status: Status,
    /// How many distinct named origins are behind it.
    pub support: usize,
    /// Since when it holds, if that is said.
    pub since: Option<Day>,
    /// The claims on which it rests, in the order of their events.
    pub claims: Vec<Seq>,
    /// Claims that fit it, such as "at least five" beside six: they do not support it.
    pub fits: Vec<Seq>,
}

/// What is answered, without what is behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The row of the table that was read (1 to 16).
    pub row: u8,
    /// How far it can be relied on.
    pub status: Status,
    /// The values; none if unknown or if there is none.
    pub values: Vec<Value<Seq>>,
    /// How far each side can be relied on. Also there where the status is `none` or some value.
    pub statuses: Vec<Status>,
    /// What is remarkable, in a fixed order.
    pub flags: Vec<Flag>,
    /// How many more sides there are: the stretches of a timeline keep a few only.
    pub more: usize,
    /// What tells the sides that are not kept of one answer from those of another of this key.
    pub(super) rest: u64,
}

impl Answer {
    /// Whether two days with these answers are of one stretch.
    #[must_use]
    pub fn is_alike(&self, other: &Answer) -> bool {
        self.status == other.status
            && self.values == other.values
            && self.flags == other.flags
            && (self.more, self.rest) == (other.more, other.rest)
    }
}

/// The answer for one (subject, attribute) on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The canonical subject.
    pub subject: Seq,
    /// The attribute.
    pub attribute: Seq,
    /// The day asked for, and the horizon.
    pub as_of: AsOf,
    /// How far it can be relied on.
    pub status: Status,
    /// The values; none if unknown or if there is none.
    pub values: Vec<Value<Seq>>,
    /// What is remarkable, in a fixed order.
    pub flags: Vec<Flag>,
    /// The values with what is behind each. Also there where the status is `none` or some value.
    pub sides: Vec<Side>,
    /// How many more sides there are: the stretches of a timeline keep a few only.
    pub more: usize,
    /// What tells the sides that are not kept of one answer from those of another of this key.
    pub(super) rest: u64,
    /// The row of the table that was read (1 to 16).
    pub row: u8,
    /// Why the answer is what it is.
    pub reason: Reason,
}

impl State {
    /// What is answered, without what is behind it.
    #[must_use]
    pub fn answer(&self) -> Answer {
        Answer {
            row: self.row,
            status: self.status,
            values: self.values.clone(),
            statuses: self.sides.iter().map(|side| side.status).collect(),
            flags: self.flags.clone(),
            more: self.more,
            rest: self.rest,
        }
    }
}
