//! Questions other than the state of one key: what changed, who said it first, what is contested or stale.

use super::answer::{Flag, State, Status};
use super::choose::Key;
use super::known::horizon::{Horizon, Known};
use super::known::standing::{Dropped, Standing};
use super::known::successor::SaidAt;
use crate::claim::{ClaimFact, Polarity, Valid};
use crate::date::{Bound, Day, Instant, Said};
use crate::seq::Seq;
use crate::value::{Reach, Value, ValueType, agree};

/// A key whose answer for a day is not the same at two horizons of knowledge.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The answer by what was known first.
    pub before: State,
    /// The answer by what was known later.
    pub after: State,
    /// Claims that were known only later.
    pub new_claims: Vec<Seq>,
}

/// A claim with the day on which it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saying {
    /// The claim.
    pub claim: Seq,
    /// When it was said, by its own date or its correction's; else the day on which it was recorded.
    pub at: Instant,
    /// Whether a date says so.
    pub is_dated: bool,
    /// Whether it says just the value that was asked for, and not one that merely may be that.
    pub is_just_that: bool,
    /// Why it is not used for answers, if it is not.
    pub dropped: Option<Dropped>,
    /// Whether that is a slip of the desk's, which took it back or replaced it: so nobody said that.
    pub is_slip: bool,
}

impl Known<'_> {
    /// The day on which a claim was said, and whether it is used.
    #[must_use]
    pub fn saying(&self, claim: Seq) -> Option<Saying> {
        let fact = self.facts.fact(claim).filter(|fact| self.is_recorded(fact.seq))?;
        let SaidAt { at, is_dated } = self.claim_said(fact);
        let dropped = match self.standing(fact) {
            Standing::Live(_) => None,
            Standing::Dropped(why) => Some(why),
        };
        let is_slip = dropped.is_some_and(|why| self.is_slip(why));
        Some(Saying { claim, at, is_dated, is_just_that: true, dropped, is_slip })
    }

    /// Whether a claim was dropped because the desk had it wrong. What its source took back or corrected was said all the same.
    fn is_slip(&self, why: Dropped) -> bool {
        let act = match why {
            Dropped::Retracted { by } => Some(by),
            Dropped::Corrected { successor } => {
                self.facts.correction_behind(successor).map(|(correction, _)| correction)
            }
            Dropped::CorrectionDoesNotApply => return true,
            _ => None,
        };
        act.and_then(|act| self.facts.act(act)).is_some_and(|act| act.by.is_none())
    }

    /// The date on which a claim was said, as it was given.
    #[must_use]
    pub fn said_on(&self, claim: Seq) -> Option<&Said> {
        self.facts.fact(claim)?.said()
    }

    /// Who said it first: the affirmed claims of a key, of a value if one is given, the first said first; those
    /// without a date of saying come after those with one, then those of a value that merely may be the one asked for ("at
    /// least five" for six), and what the desk took back or corrected last. Those said at one time are ties.
    #[must_use]
    pub fn first(&self, subject: Seq, attribute: Seq, value: Option<&Value<Seq>>) -> Vec<Saying> {
        let subject = self.canonical(subject);
        let value_type = self.attribute(attribute).map_or(ValueType::Text, |defined| defined.value_type);
        let wanted = value.map(|value| (self.identity(value, value_type), value));
        let mut sayings: Vec<Saying> = Vec::new();
        for fact in self.facts.claims() {
            let is_of_key = fact.attribute == attribute && self.canonical(fact.subject) == subject;
            if !is_of_key || fact.polarity == Polarity::Deny {
                continue;
            }
            let is_just_that = match &wanted {
                None => true,
                Some((identity, value)) => {
                    let own = self.identity(&fact.value, value_type);
                    if !agree((identity, value), (&own, &fact.value)) {
                        continue;
                    }
                    own == *identity
                }
            };
            sayings.extend(self.saying(fact.seq).map(|saying| Saying { is_just_that, ..saying }));
        }
        sayings.sort_by_key(|saying| {
            (saying.is_slip, !saying.is_just_that, !saying.is_dated, saying.at.day, saying.at.minute, saying.claim)
        });
        sayings
    }

    /// The claims of a key that are used and give no day: undated ones, and those that hold always.
    #[must_use]
    pub fn undated(&self, key: &Key) -> Vec<Seq> {
        let claims = key.claims().filter_map(|claim| self.facts.fact(claim));
        claims.filter(|fact| matches!(fact.valid, Valid::Undated | Valid::Timeless)).map(|fact| fact.seq).collect()
    }

    /// Whether a claim says this value, and not only one that agrees with it: what it claims is the same or lies within. (1944
    /// does not say 1944-10-16, which says 1944.)
    #[must_use]
    pub fn means(&self, claim: Seq, value: &Value<Seq>) -> bool {
        let Some(fact) = self.facts.fact(claim) else { return false };
        let value_type = self.attribute(fact.attribute).map_or(ValueType::Text, |defined| defined.value_type);
        let is_same = || self.identity(&fact.value, value_type) == self.identity(value, value_type);
        let is_within = || {
            let both = Reach::stated(&*fact.value).zip(Reach::stated(value));
            both.is_some_and(|(own, of)| own.class == of.class && of.low <= own.low && own.high <= of.high)
        };
        is_same() || is_within() || *value == Value::Some && *fact.value != Value::None
    }

    /// Whether the last value of an answer for a day is too old: gone stale by its attribute, or carried for more than so
    /// many days.
    #[must_use]
    pub fn is_stale(&self, state: &State, day: Day, carried_days_max: Option<i64>) -> bool {
        let is_carried_long = carried_days_max.is_some_and(|max| {
            let claims = state.sides.iter().flat_map(|side| &side.claims);
            let newest = claims.filter_map(|claim| self.last_day(*claim)).max();
            state.status == Status::Presumed && newest.is_some_and(|newest| day.days_since(newest) > max)
        });
        state.flags.contains(&Flag::Stale) || is_carried_long
    }

    /// The last bounded day a claim speaks of.
    fn last_day(&self, claim: Seq) -> Option<Day> {
        let bounds = bounds_of(&self.facts.fact(claim)?.valid);
        bounds.into_iter().filter_map(Bound::window).map(|window| window.latest).filter(|day| day.is_bounded()).max()
    }
}

/// What came to be known of a key, in the words of the later of two horizons, about a day in the world; `None` if nothing
/// did. Both know the same rows.
#[must_use]
pub fn learned(
    earlier: (&Known<'_>, Horizon),
    later: (&Known<'_>, Horizon),
    about: (Seq, Seq),
    day: Day,
) -> Option<Learned> {
    let (before, after) = (earlier.0, later.0);
    let is_used = |known: &Known<'_>, claim: Seq| known.saying(claim).is_some_and(|saying| saying.dropped.is_none());
    let (old_key, key) = (before.key(about.0, about.1), after.key(about.0, about.1));
    let is_of_key = |fact: &&ClaimFact| fact.attribute == key.attribute && after.canonical(fact.subject) == key.subject;
    let claims = after.facts.claims().iter().filter(is_of_key).map(|fact| fact.seq);
    let new_claims: Vec<Seq> = claims.filter(|claim| is_used(after, *claim) && !is_used(before, *claim)).collect();
    let (old, new) = (before.state(&old_key, day, earlier.1), after.state(&key, day, later.1));
    (!new_claims.is_empty() || !old.answer().is_alike(&new.answer())).then_some(Learned {
        before: old,
        after: new,
        new_claims,
    })
}

/// The dates of a valid time.
fn bounds_of(valid: &Valid) -> Vec<&Bound> {
    match valid {
        Valid::On(moment) | Valid::AsOf(moment) => vec![&moment.at],
        Valid::Period { from, until } => [from, until].into_iter().flatten().map(|edge| &edge.at).collect(),
        Valid::Listed(spans) => spans.iter().flat_map(|span| [&span.from, &span.until]).collect(),
        Valid::Undated | Valid::Timeless => Vec::new(),
    }
}
