//! The names that some proposals use, and what they speak of.

use foldhash::HashSet;

use crate::claim::NamedClaim;
use crate::event::{Proposed, ProposedAct};
use crate::value::{Typed, Value};

/// The names that some proposals use.
#[derive(Default)]
pub(super) struct Touched<'p> {
    pub(super) attributes: HashSet<&'p str>,
    pub(super) declared: HashSet<&'p str>,
    pub(super) entities: HashSet<&'p str>,
    /// Values that are entities if their attribute says so.
    pub(super) perhaps_entities: HashSet<&'p str>,
    pub(super) sources: HashSet<&'p str>,
    pub(super) claims: Vec<&'p NamedClaim>,
    /// What is acted upon in ways that facts tell of.
    pub(super) targets: HashSet<&'p str>,
    /// What is approved, or noted about.
    pub(super) other_targets: HashSet<&'p str>,
    pub(super) ids: HashSet<&'p str>,
    pub(super) evidence: HashSet<&'p str>,
}

impl<'p> Touched<'p> {
    pub(super) fn see(&mut self, proposed: &'p Proposed) {
        match proposed {
            Proposed::Claim(claim) => self.see_claim(claim),
            Proposed::Correction { act, claim } => {
                self.see_act(act);
                self.see_claim(claim);
            }
            Proposed::Retraction(act) | Proposed::Dispute(act) | Proposed::Assessment { act, .. } => self.see_act(act),
            Proposed::Approval(act) | Proposed::Return(act) => {
                self.see_act(act);
                self.other_targets.insert(&act.target);
            }
            Proposed::Attribute(attribute) => {
                self.declared.insert(&attribute.key);
                if let Some((a, b)) = attribute.complement.pair() {
                    self.see_value(a);
                    self.see_value(b);
                }
            }
            Proposed::Entity(entity) => drop(self.entities.insert(&entity.key)),
            Proposed::Source(source) => drop(self.sources.insert(&source.key)),
            Proposed::Evidence(evidence) => drop(self.evidence.insert(&evidence.digest)),
            Proposed::Rating { source, id, .. } => {
                self.sources.insert(source);
                self.ids.extend(id.as_deref());
            }
            Proposed::Link { source, to, id, .. } => {
                self.sources.extend([&**source, &**to]);
                self.ids.extend(id.as_deref());
            }
            Proposed::Judgement { entities, id, .. } => {
                self.entities.extend(entities.iter().map(|entity| &**entity));
                self.ids.extend(id.as_deref());
            }
            Proposed::Note { about, id, .. } => {
                if let Some(about) = about.as_deref() {
                    self.other_targets.insert(about);
                    // It may be a key of any kind; a new one is no reason to compare.
                    self.perhaps_entities.insert(about);
                    self.declared.insert(about);
                    self.sources.insert(about);
                }
                self.ids.extend(id.as_deref());
            }
            Proposed::Reference(reference) => {
                self.targets.insert(&reference.claim);
                self.ids.extend(reference.id.as_deref());
            }
            Proposed::Setting(_) => {}
        }
    }

    fn see_claim(&mut self, claim: &'p NamedClaim) {
        self.entities.insert(&claim.subject);
        self.attributes.insert(&claim.attribute);
        self.claims.push(claim);
        self.see_value(&claim.value);
        self.sources.extend(claim.chain.iter().map(|link| &*link.who));
        self.ids.extend(claim.id.as_deref());
    }

    fn see_value(&mut self, value: &'p Typed) {
        match value {
            Typed::Plain(Value::Entity(entity)) => drop(self.entities.insert(entity)),
            Typed::Plain(_) => {}
            Typed::String(text) | Typed::Words(text) => {
                self.perhaps_entities.insert(text.strip_prefix('@').unwrap_or(text));
            }
        }
    }

    fn see_act(&mut self, act: &'p ProposedAct) {
        self.targets.insert(&act.target);
        self.sources.extend(act.by.as_deref());
        self.ids.extend(act.id.as_deref());
    }
}
