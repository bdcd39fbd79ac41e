//! From what is proposed to the events that record it: names become numbers, and what may not be recorded
//! is refused before anything is written.

use super::content::Content;
use super::register::Register;
use super::resolve::{Plan, Route};
use super::standing::Became;
use crate::claim::Problem;
use crate::event::{Event, First, Proposed};
use crate::seq::Seq;

/// How strictly a proposal is taken.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one option of the command")]
pub struct Policy {
    /// Refuse unknown subjects, attributes and sources instead of registering them.
    pub is_strict: bool,
    /// Pass over what is a repetition, and take a contradiction by one source as a warning.
    pub is_import: bool,
    /// Record a claim although its source already says otherwise for that day, its value is none of the two that an attribute
    /// has, or its date is inferred and no note says how.
    pub is_anyway: bool,
    /// Record what was recorded before and is retracted, corrected or rated false since.
    pub is_again: bool,
}

/// A key that was registered because a line used it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstUse {
    /// Attribute, entity or source; a unit, in which an attribute is counted from then on.
    pub what: &'static str,
    /// The key.
    pub key: Box<str>,
    /// What was assumed about it, and how to say otherwise; `None` if there is nothing to assume.
    pub assumed: Option<String>,
}

/// What became of a proposal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staged {
    /// The event that is or was recorded for it.
    pub seq: Option<Seq>,
    /// Whether it was there before, so that nothing is added.
    pub is_repeated: bool,
    /// Whether nothing is added since what it is about is not here.
    pub is_left_out: bool,
    /// What has become of that since; `None` if it stands, or was not there before.
    pub became: Option<Became>,
    /// How many events it takes.
    pub events: u64,
    /// Keys registered because it used them first.
    pub registered: Vec<FirstUse>,
    /// What is odd about it.
    pub warnings: Vec<String>,
    /// An id that stands for a claim recorded without it.
    pub(super) alias: Option<(Box<str>, Seq)>,
}

/// An event with its number and what it is about.
#[derive(Clone, Debug)]
pub(super) struct Numbered {
    pub(super) seq: Seq,
    pub(super) event: Event,
    /// What would make another event a repetition of it.
    pub(super) identity: Content,
    /// Who entered it first, if that was in another ledger.
    pub(super) first: Option<First>,
    pub(super) about: (Seq, Seq),
}

impl Register {
    /// Checks a proposal and adds the events that record it to a batch, none if it is a repetition. Nothing changes until they
    /// are [applied](Register::apply). What came from another ledger says who entered it there; `actor` enters it here.
    ///
    /// # Errors
    /// The field that is wrong, and why; nothing was added.
    pub(super) fn plan(
        &self,
        proposed: Proposed,
        from: Route,
        actor: Seq,
        policy: Policy,
        batch: &mut Vec<Numbered>,
    ) -> Result<Staged, Problem> {
        let mut plan = Plan::new(self, from, actor, policy, batch);
        match plan.of(proposed) {
            Ok(seq) => {
                let is_repeated = plan.is_settled();
                if is_repeated {
                    // Nothing is added, so no key that was taken back is registered again either.
                    plan.drop_events();
                }
                Ok(Staged {
                    seq: Some(seq),
                    is_repeated,
                    is_left_out: false,
                    became: self.became(seq).filter(|_| is_repeated),
                    events: plan.events().len() as u64,
                    registered: plan.registered,
                    warnings: plan.warnings,
                    alias: plan.alias,
                })
            }
            Err(problem) => {
                plan.drop_events();
                Err(problem)
            }
        }
    }
}

impl Plan<'_> {
    fn of(&mut self, proposed: Proposed) -> Result<Seq, Problem> {
        if let Route::Known(seq) = self.from {
            return self.known_again(proposed, seq).map(|()| seq);
        }
        Ok(match proposed {
            Proposed::Claim(claim) => self.claim(claim)?,
            Proposed::Correction { act, claim } => self.correction(act, claim)?,
            Proposed::Attribute(attribute) => self.define(attribute)?,
            Proposed::Entity(entity) => self.describe_entity(entity)?,
            Proposed::Source(source) => self.describe_source(source)?,
            Proposed::Setting(changed) => self.set(changed)?,
            other => {
                let event = self.other(other)?;
                self.check_act(&event)?;
                self.once(event)?
            }
        })
    }
}
