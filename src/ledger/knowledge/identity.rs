//! What makes two events the same, and what makes one the repetition of another.

use std::hash::{Hash, Hasher};

use super::content::Content;
use super::register::Register;
use crate::event::{Act, Event};
use crate::seq::Seq;

impl Register {
    /// What makes two events wholly the same: everything but the number of a correction's new claim. The identity is the
    /// event's.
    pub(in crate::ledger) fn digest_of(&self, event: &Event, identity: Content) -> u64 {
        match event {
            Event::ClaimAsserted(claim) => {
                self.contents.digest(&(identity, &claim.reference, &claim.id, claim.is_private))
            }
            event => self.contents.digest(&(identity, event.own_id())),
        }
    }

    /// What makes an event a repetition of another: of a claim its statement, whole chain and date of saying; of any other
    /// event all but its own id. The new claim of a correction is one that was taken in.
    pub(in crate::ledger) fn identity_of(&self, event: &Event) -> Content {
        let successor = if let Event::Corrected { successor, .. } = event { self.digest(*successor) } else { None };
        self.identity_with(event, successor.unwrap_or_default())
    }

    /// The same of a correction whose new claim, with this digest, is not taken in yet.
    pub(in crate::ledger) fn identity_with(&self, event: &Event, successor: u64) -> Content {
        self.contents.of(&(event.kind().number(), Bare { event, successor }))
    }
}

/// An event without its own id; of a claim only what makes it a repetition.
struct Bare<'e> {
    event: &'e Event,
    /// What tells the new claim of a correction.
    successor: u64,
}

impl Hash for Bare<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.event {
            Event::ClaimAsserted(claim) => (&claim.statement, &claim.chain, &claim.reference.said_on).hash(state),
            Event::Corrected { act, .. } => (bare(act), self.successor).hash(state),
            Event::Disputed(act) | Event::Retracted(act) | Event::Approved(act) | Event::Returned(act) => {
                bare(act).hash(state);
            }
            Event::Assessed(given) => (bare(&given.act), &given.rating, &given.label, given.credibility).hash(state),
            Event::AttributeDefined(defined) => {
                (&defined.key, &defined.label, defined.value_type, defined.cardinality).hash(state);
                (&defined.complement, defined.is_fixed, defined.stale_after_days, &defined.unit).hash(state);
            }
            Event::EntityRegistered(entity) => (&entity.key, &entity.label, &entity.aliases).hash(state),
            Event::EntityAliased { entity, aliases, .. } => (entity, aliases).hash(state),
            Event::EntitiesJudged(judged) => {
                let [one, other] = judged.entities;
                (one.min(other), one.max(other), judged.verdict, &judged.reason).hash(state);
            }
            Event::SourceRegistered(source) => {
                (&source.key, source.kind, &source.label, source.reliability, source.is_private).hash(state);
            }
            Event::SourceRated(rated) => (rated.source, rated.reliability, &rated.on, &rated.reason).hash(state),
            Event::SourceLinked { source, to, how, .. } => (source, to, how).hash(state),
            Event::EvidenceAdded(copy) => {
                (&copy.digest, &copy.media_type, &copy.url, &copy.archive_url).hash(state);
                (&copy.captured_at, copy.len_bytes, copy.is_private).hash(state);
            }
            Event::Noted(noted) => (noted.about, &noted.text, noted.is_private).hash(state),
            Event::ReferenceAdded(added) => {
                (added.claim, &added.url, &added.quote, &added.evidence, &added.lang, &added.note).hash(state);
            }
            event => event.hash(state),
        }
    }
}

/// An act without its own id.
fn bare(act: &Act) -> impl Hash + '_ {
    (act.target, act.by, &act.said_on, &act.reason)
}

/// The place of an event in a list of all.
pub(super) fn place(seq: Seq) -> Option<usize> {
    usize::try_from(seq.0.checked_sub(1)?).ok()
}
