//! From what is proposed to the events that record it: names become numbers, and what may not be recorded
//! is refused before anything is written.

use super::content::Content;
use super::register::Register;
use super::resolve::Plan;
use crate::claim::{NamedClaim, Problem};
use crate::event::{
    Act, Assessment, EntitiesJudged, Event, EventKind, First, Noted, Proposed, ProposedAct, ProposedReference,
    ReferenceAdded, SettingChanged, SourceRated,
};
use crate::seq::Seq;

/// How strictly a proposal is taken.
#[derive(Clone, Copy, Debug, Default)]
pub struct Policy {
    /// Refuse unknown subjects, attributes and sources instead of registering them.
    pub is_strict: bool,
    /// Take what is a repetition as done, and a contradiction by one source as a warning.
    pub is_import: bool,
    /// Record a claim although its source already says otherwise for that day.
    pub is_anyway: bool,
}

/// What became of a proposal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staged {
    /// The event that is or was recorded for it.
    pub seq: Option<Seq>,
    /// Whether it was there before, so that nothing is added.
    pub is_repeated: bool,
    /// How many events it takes.
    pub events: u64,
    /// Keys registered because it used them first: what they are, and the key.
    pub registered: Vec<(&'static str, Box<str>)>,
    /// What is odd about it.
    pub warnings: Vec<String>,
    pub(super) alias: Option<(Box<str>, Seq, u64)>,
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
    /// are [applied](Register::apply).
    ///
    /// # Errors
    /// The field that is wrong, and why; nothing was added.
    pub(super) fn plan(
        &self,
        proposed: Proposed,
        policy: Policy,
        batch: &mut Vec<Numbered>,
    ) -> Result<Staged, Problem> {
        let mut plan = Plan::new(self, policy, batch);
        match plan.of(proposed) {
            Ok(seq) => Ok(Staged {
                seq: Some(seq),
                is_repeated: plan.is_settled(),
                events: plan.events().len() as u64,
                registered: plan.registered,
                warnings: plan.warnings,
                alias: plan.alias,
            }),
            Err(problem) => {
                plan.drop_events();
                Err(problem)
            }
        }
    }
}

impl Plan<'_> {
    fn of(&mut self, proposed: Proposed) -> Result<Seq, Problem> {
        Ok(match proposed {
            Proposed::Claim(claim) => self.claim(claim)?,
            Proposed::Correction { act, claim } => self.correction(act, claim)?,
            Proposed::Attribute(attribute) => self.define(attribute)?,
            Proposed::Entity(entity) => self.describe_entity(entity)?,
            Proposed::Source(source) => self.describe_source(source)?,
            Proposed::Setting(changed) => self.set(changed)?,
            Proposed::Evidence(evidence) => self.once(Event::EvidenceAdded(evidence))?,
            other => self.other(other)?,
        })
    }

    fn claim(&mut self, claim: NamedClaim) -> Result<Seq, Problem> {
        self.warn_of_dates(&claim)?;
        let claim = self.resolve_claim(claim)?;
        let event = Event::ClaimAsserted(claim);
        let identity = self.register.identity_of(&event);
        if let Some(seq) = self.with_same_id(&event, identity)? {
            return Ok(seq);
        }
        if let Some(seq) = self.register.repeated(identity).filter(|_| self.is_settled())
            && self.register.kind(seq) == Some(event.kind())
            && self.register.standing.is_live(seq)
        {
            if !self.policy.is_import {
                return Err(Problem::new("value", format!("this very claim is recorded already, as {seq}")).with_hint(
                    format!("`annals show {seq}` shows it; a repeat by another article has another chain"),
                ));
            }
            self.drop_events();
            let digest = self.register.digest_of(&event, identity);
            self.alias = event.own_id().map(|id| (id.into(), seq, digest));
            self.warnings.push(format!("the same claim is recorded already, as {seq}; nothing was added"));
            return Ok(seq);
        }
        Ok(self.push_known(event, identity))
    }

    fn correction(&mut self, act: ProposedAct, claim: NamedClaim) -> Result<Seq, Problem> {
        let target = self.target("corrects", &act.target, &[EventKind::ClaimAsserted, EventKind::PeriodsAsserted])?;
        let act = self.act("by", target, act)?;
        if claim.id.is_some() && claim.id == act.id {
            return Err(Problem::new("claim.id", "is the correction's own id; the new claim needs another"));
        }
        let claim = self.resolve_claim(claim).map_err(|problem| inner("claim", problem))?;
        let event = Event::Corrected { act, successor: Seq(0) };
        let identity = self.register.identity_of(&event);
        if let Some(seq) = self.with_same_id(&event, identity)? {
            return Ok(seq);
        }
        if let Some(earlier) = self.register.standing.correction_of(target) {
            if self.register.repeated(identity) == Some(earlier) && self.is_settled() {
                self.drop_events();
                return Ok(earlier);
            }
            let by = self
                .register
                .standing
                .successor_of(earlier)
                .map_or_else(|| "its successor".to_owned(), |seq| seq.to_string());
            return Err(Problem::new("corrects", format!("{target} was corrected already, by {earlier}"))
                .with_hint(format!("correct its successor, {by}, or retract {earlier} first")));
        }
        let claim = Event::ClaimAsserted(claim);
        if let Some(id) = claim.own_id()
            && let Some((seq, _)) = self.register.id(id)
        {
            return Err(Problem::new("claim.id", format!("{id:?} is taken by {seq}")));
        }
        self.warn_of_act(&event);
        let successor = self.push(claim);
        let Event::Corrected { act, .. } = event else { return Ok(successor) };
        Ok(self.push_known(Event::Corrected { act, successor }, identity))
    }

    /// Everything that is neither a claim nor the registration of a key.
    fn other(&mut self, proposed: Proposed) -> Result<Seq, Problem> {
        const CLAIMS: &[EventKind] = &[EventKind::ClaimAsserted, EventKind::PeriodsAsserted];
        let event = match proposed {
            Proposed::Dispute(act) => {
                let target = self.target("disputes", &act.target, CLAIMS)?;
                Event::Disputed(self.act("by", target, act)?)
            }
            Proposed::Retraction(act) => {
                let takes_back: Vec<EventKind> =
                    EventKind::ALL.iter().copied().filter(|kind| kind.is_retractable()).collect();
                let target = self.target("retracts", &act.target, &takes_back)?;
                Event::Retracted(self.act("by", target, act)?)
            }
            Proposed::Assessment { act, rating, label, credibility } => {
                let target = self.target("claim", &act.target, CLAIMS)?;
                Event::Assessed(Assessment { act: self.act("by", target, act)?, rating, label, credibility })
            }
            Proposed::Approval(act) => {
                let target = self.target("approves", &act.target, EventKind::ALL)?;
                Event::Approved(self.act("by", target, act)?)
            }
            Proposed::Return(act) => {
                let target = self.target("event", &act.target, EventKind::ALL)?;
                Event::Returned(self.act("by", target, act)?)
            }
            Proposed::Reference(reference) => {
                let ProposedReference { claim, url, quote, evidence, lang, note, id } = reference;
                let claim = self.target("claim", &claim, CLAIMS)?;
                Event::ReferenceAdded(ReferenceAdded { claim, url, quote, evidence, lang, note, id })
            }
            Proposed::Judgement { entities: [one, other], verdict, reason, id } => {
                let entities = [self.entity("entities", &one)?, self.entity("entities", &other)?];
                let [first, second] = entities;
                if first == second {
                    return Err(Problem::new("entities[1]", "stands twice"));
                }
                let event = Event::EntitiesJudged(EntitiesJudged { entities, verdict, reason, id });
                if let Some(earlier) = self.register.judged.contradiction(&entities, verdict)
                    && !self.is_skipped(&event)
                {
                    return Err(Problem::new("verdict", format!("contradicts the judgement {earlier}"))
                        .with_hint(format!("retract {earlier} first, if this one is right")));
                }
                event
            }
            Proposed::Rating { source, reliability, on, reason, id } => {
                let source = self.source("source", &source)?;
                Event::SourceRated(SourceRated { source, reliability, on, reason, id })
            }
            Proposed::Link { source, to, how, id } => {
                let (source, to) = (self.source("source", &source)?, self.source("to", &to)?);
                if source == to {
                    return Err(Problem::new("to", "is the source itself"));
                }
                Event::SourceLinked { source, to, how, id }
            }
            Proposed::Note { about, text, id, is_private } => {
                let about = about.map(|about| self.any_target(&about)).transpose()?;
                Event::Noted(Noted { about, text, id, is_private })
            }
            _ => return Err(Problem::new("type", "cannot be recorded this way")),
        };
        self.once(event)
    }

    /// Changes a setting, unless it has this value.
    fn set(&mut self, changed: SettingChanged) -> Result<Seq, Problem> {
        if !changed.name.takes(&changed.value) {
            return Err(Problem::new("value", format!("is nothing that {} can be", changed.name.word())));
        }
        match self.register.catalogue.setting(changed.name) {
            Some((seq, value)) if *value == *changed.value => Ok(seq),
            _ => Ok(self.push(Event::SettingChanged(changed))),
        }
    }

    fn act(&mut self, field: &'static str, target: Seq, act: ProposedAct) -> Result<Act, Problem> {
        let by = act.by.as_deref().map(|by| self.source(field, by)).transpose()?;
        Ok(Act { target, by, said_on: act.said_on, reason: act.reason, id: act.id })
    }

    /// Records an event unless this very one is there.
    pub(super) fn once(&mut self, event: Event) -> Result<Seq, Problem> {
        let identity = self.register.identity_of(&event);
        if let Some(seq) = self.with_same_id(&event, identity)? {
            return Ok(seq);
        }
        if event.own_id().is_none()
            && let Some(seq) = self.register.repeated(identity)
            && self.is_settled()
            && self.policy.is_import
        {
            self.drop_events();
            if let Some(by) = self.register.standing.retraction_of(seq) {
                self.warnings
                    .push(format!("the same is recorded already, as {seq}, and retracted by {by}; nothing was added"));
            }
            return Ok(seq);
        }
        self.warn_of_act(&event);
        Ok(self.push_known(event, identity))
    }

    /// Whether an event will not be recorded, since one of its id is there, or in an import this very one.
    fn is_skipped(&self, event: &Event) -> bool {
        event.own_id().is_some_and(|id| self.register.id(id).is_some())
            || self.policy.is_import && self.register.repeated(self.register.identity_of(event)).is_some()
    }
}

/// A problem of a field within another.
fn inner(outer: &str, problem: Problem) -> Problem {
    Problem { field: format!("{outer}.{}", problem.field).into(), ..problem }
}
