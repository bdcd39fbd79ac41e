//! What is neither a claim nor the description of a key: disputes, verdicts, retractions, judgements, links, notes, settings.

use super::claims::CLAIMS;
use super::noun::noun;
use super::resolve::{Plan, Route};
use crate::claim::Problem;
use crate::event::{
    Act, Assessment, EntitiesJudged, Event, EventKind, Noted, Proposed, ProposedAct, ProposedReference, ReferenceAdded,
    SettingChanged, SourceRated,
};
use crate::ledger::knowledge::content::Content;
use crate::seq::Seq;

impl Plan<'_> {
    /// The event of a proposal, its names turned into numbers; not checked against what is recorded.
    pub(super) fn other(&mut self, proposed: Proposed) -> Result<Event, Problem> {
        Ok(match proposed {
            Proposed::Evidence(evidence) => Event::EvidenceAdded(evidence),
            Proposed::Dispute(act) => Event::Disputed(self.act_on("disputes", CLAIMS, act)?),
            Proposed::Retraction(act) => {
                let kinds: Vec<EventKind> =
                    EventKind::ALL.iter().copied().filter(|kind| kind.is_retractable()).collect();
                Event::Retracted(self.act_on("retracts", &kinds, act)?)
            }
            Proposed::Assessment { act, rating, label, credibility } => {
                Event::Assessed(Assessment { act: self.act_on("claim", CLAIMS, act)?, rating, label, credibility })
            }
            Proposed::Approval(act) => Event::Approved(self.act_on("approves", EventKind::ALL, act)?),
            Proposed::Return(act) => Event::Returned(self.act_on("event", EventKind::ALL, act)?),
            Proposed::Reference(reference) => {
                let ProposedReference { claim, url, quote, evidence, lang, note, id } = reference;
                let claim = self.target("claim", &claim, CLAIMS)?;
                Event::ReferenceAdded(ReferenceAdded { claim, url, quote, evidence, lang, note, id })
            }
            Proposed::Judgement { entities: [one, other], verdict, reason, id } => {
                let entities = [self.entity("entities", &one)?, self.entity("entities", &other)?];
                Event::EntitiesJudged(EntitiesJudged { entities, verdict, reason, id })
            }
            Proposed::Rating { source, reliability, on, reason, id } => {
                let source = self.source("source", &source)?;
                Event::SourceRated(SourceRated { source, reliability, on, reason, id })
            }
            Proposed::Link { source, to, how, id } => {
                let (source, to) = (self.source("source", &source)?, self.source("to", &to)?);
                Event::SourceLinked { source, to, how, id }
            }
            Proposed::Note { about, text, id, is_private } => {
                let about = about.map(|about| self.any_target(&about)).transpose()?;
                Event::Noted(Noted { about, text, id, is_private })
            }
            _ => return Err(Problem::new("type", "cannot be recorded this way")),
        })
    }

    fn act_on(&mut self, field: &'static str, kinds: &[EventKind], act: ProposedAct) -> Result<Act, Problem> {
        let target = self.target(field, &act.target, kinds)?;
        self.act("by", target, act)
    }

    pub(super) fn act(&mut self, field: &'static str, target: Seq, act: ProposedAct) -> Result<Act, Problem> {
        let by = act.by.as_deref().map(|by| self.source(field, by)).transpose()?;
        Ok(Act { target, by, said_on: act.said_on, reason: act.reason, id: act.id })
    }

    /// What may not be said of the events that are there.
    pub(super) fn check_act(&mut self, event: &Event) -> Result<(), Problem> {
        match event {
            Event::Retracted(act) => {
                self.check_right(act, "retract")?;
                self.warn_of_target(act);
            }
            Event::Disputed(act) => self.warn_of_target(act),
            Event::Assessed(given) => {
                self.check_rating(given)?;
                self.warn_of_target(&given.act);
            }
            Event::SourceLinked { source, to, .. } if source == to => {
                return Err(Problem::new("to", "is the source itself"));
            }
            Event::EntitiesJudged(judged) => {
                let [one, other] = judged.entities;
                if one == other {
                    return Err(Problem::new("entities[1]", "stands twice"));
                }
                let earlier = self.register.judged_otherwise(&judged.entities, judged.verdict);
                let is_there = || {
                    self.register
                        .repeated(event, self.register.identity_of(event))
                        .any(|seq| self.register.became(seq).is_none())
                };
                if let Some(earlier) = earlier.filter(|_| !is_there()) {
                    return Err(Problem::new("verdict", format!("contradicts the judgement {earlier}"))
                        .with_hint(format!("retract {earlier} first, if this one is right")));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether an act that takes back or replaces what is there counts. Where it does not, the desk of another ledger did it:
    /// that is recorded, and told. What somebody else proposes here is refused.
    pub(super) fn check_right(&mut self, act: &Act, verb: &str) -> Result<bool, Problem> {
        if self.register.may_act(act.by, self.ledger(), act.target) {
            return Ok(true);
        }
        let (target, register) = (act.target, self.register);
        if let Route::Elsewhere { first, .. } = &self.from {
            let origin = register.elsewhere.ledger_of_actor(first.actor).and_then(|of| register.elsewhere.origin(of));
            let origin = origin.unwrap_or("another ledger");
            self.warnings.push(format!(
                "the desk of {origin} wants to {verb} {target}, which did not come from there: recorded, and without effect here"
            ));
            return Ok(false);
        }
        let by = act.by.map(|by| self.source_key(by)).unwrap_or_default();
        let what = register.kind(target).map_or("an event", noun);
        Err(Problem::new("by", format!("{by:?} does not say {target}, {what}, and cannot {verb} that"))
            .with_hint("only a source of its chain and the desk can; a source that disagrees disputes it"))
    }

    /// Changes a setting, unless it has this value.
    pub(super) fn set(&mut self, changed: SettingChanged) -> Result<Seq, Problem> {
        if !changed.name.takes(&changed.value) {
            return Err(Problem::new("value", format!("is nothing that {} can be", changed.name.word())));
        }
        match self.register.catalogue.setting(changed.name) {
            Some((seq, value)) if *value == *changed.value => Ok(seq),
            _ => Ok(self.push(Event::SettingChanged(changed))),
        }
    }

    /// Records an event unless this very one is there.
    pub(super) fn once(&mut self, event: Event) -> Result<Seq, Problem> {
        let identity = self.register.identity_of(&event);
        match self.repetition_of(&event, identity)? {
            Some(seq) => Ok(seq),
            None => Ok(self.push_known(event, identity)),
        }
    }

    /// The event that this one repeats: one of the same id, or, of what was entered by hand, one with all the same content.
    /// What was worked out for the repetition is dropped.
    pub(super) fn repetition_of(&mut self, event: &Event, identity: Content) -> Result<Option<Seq>, Problem> {
        if let Some(seq) = self.with_same_id(event, identity)? {
            return Ok(Some(seq));
        }
        if !matches!(self.from, Route::Hand) || !self.is_settled() {
            return Ok(None);
        }
        let there = self.there_already(event, identity)?;
        if there.is_some() {
            self.drop_events();
        }
        Ok(there)
    }
}
