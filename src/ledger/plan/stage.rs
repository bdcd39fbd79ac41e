//! From what is proposed to the events that record it: names become numbers, and what may not be recorded
//! is refused before anything is written.

use super::policy::{FirstUse, Policy};
use super::resolve::{Plan, Route};
use crate::claim::Problem;
use crate::event::Proposed;
use crate::ledger::knowledge::acts::standing::Became;
use crate::ledger::knowledge::numbered::Numbered;
use crate::ledger::knowledge::register::Register;
use crate::seq::Seq;

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
    pub(in crate::ledger) alias: Option<(Box<str>, Seq)>,
}

impl Register {
    /// Checks a proposal and adds the events that record it to a batch, none if it is a repetition. Nothing changes until they
    /// are [applied](Register::apply). What came from another ledger says who entered it there; `actor` enters it here.
    ///
    /// # Errors
    /// The field that is wrong, and why; nothing was added.
    pub(in crate::ledger) fn plan(
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
