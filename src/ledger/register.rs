//! What the writer must know of the events before: which keys, ids and contents are taken, what stands, and
//! what an act may act upon.

use std::collections::{HashMap, HashSet};

use super::certain::{AllCertain, Certain};
use super::content::{Content, ContentMap, Contents};
use crate::catalogue::Catalogue;
use crate::event::{Event, EventKind, Verdict};
use crate::projection::Union;
use crate::seq::Seq;

/// An act upon an event, as far as it decides what stands.
#[derive(Clone, Copy, Debug)]
struct Act {
    seq: Seq,
    by: Option<Seq>,
    kind: EventKind,
    rating: Option<bool>,
}

/// The writer's view of a ledger.
#[derive(Debug, Default)]
pub(super) struct Register {
    pub(super) catalogue: Catalogue,
    /// Kind and (subject, attribute) of every event, the first at place 0.
    events: Vec<(EventKind, Seq, Seq)>,
    /// By the content of an id: the event that has it, and the digest of that event.
    ids: ContentMap<(Seq, u64)>,
    identities: ContentMap<Seq>,
    acts: HashMap<Seq, Vec<Act>>,
    brought_by: HashMap<Seq, (Seq, Seq)>,
    judgements: Vec<(Seq, Vec<Seq>, Verdict)>,
    used_attributes: HashSet<Seq>,
    pub(super) certain: AllCertain,
    contents: Contents,
}

impl Register {
    /// How many events there are.
    pub(super) fn size(&self) -> u64 {
        self.events.len() as u64
    }

    /// Takes in the next event. An erased one keeps its place and its key.
    pub(super) fn apply(&mut self, seq: Seq, event: Option<&Event>, kind: EventKind, about: (Seq, Seq)) {
        let identity = event.map(|event| self.identity_of(event));
        self.apply_known(seq, event.zip(identity), kind, about);
    }

    /// The same with the event's identity.
    pub(super) fn apply_known(
        &mut self,
        seq: Seq,
        event: Option<(&Event, Content)>,
        kind: EventKind,
        about: (Seq, Seq),
    ) {
        self.events.push((kind, about.0, about.1));
        let Some((event, identity)) = event else { return };
        self.catalogue.apply_event(seq, event);
        if let Some(id) = id_of(event) {
            self.ids.insert(self.contents.of(&id), (seq, self.digest_of(event)));
        }
        self.identities.insert(identity, seq);
        self.apply_act(seq, event);
        if let Event::ClaimAsserted(claim) = event {
            self.used_attributes.insert(claim.statement.attribute);
            Certain::of_claim(seq, claim, &self.catalogue, &mut self.certain);
        }
    }

    fn apply_act(&mut self, seq: Seq, event: &Event) {
        let (act, rating) = match event {
            Event::Corrected { act, successor } => {
                // As in the projection: no circles, whatever a forged ledger says.
                if act.target < *successor {
                    self.brought_by.insert(*successor, (seq, act.target));
                }
                (act, None)
            }
            Event::Disputed(act) | Event::Retracted(act) | Event::Approved(act) => (act, None),
            Event::Assessed(assessment) => {
                let rating = match &*assessment.rating {
                    "true" => Some(true),
                    "false" => Some(false),
                    _ => None,
                };
                (&assessment.act, rating)
            }
            Event::EntitiesJudged(judged) => {
                self.judgements.push((seq, judged.entities.clone(), judged.verdict));
                return;
            }
            _ => return,
        };
        self.acts.entry(act.target).or_default().push(Act { seq, by: act.by, kind: event.kind(), rating });
    }

    /// What makes two events with one id the same: everything but the number of a correction's successor.
    pub(super) fn digest_of(&self, event: &Event) -> u64 {
        match event {
            Event::Corrected { act, .. } => self.contents.digest(act),
            event => self.contents.digest(event),
        }
    }

    /// What makes an event a repetition: for a claim, its statement, whole chain and said-on date; for any other,
    /// everything but the number of a correction's successor.
    pub(super) fn identity_of(&self, event: &Event) -> Content {
        match event {
            Event::ClaimAsserted(claim) => {
                self.contents.of(&(&claim.statement, &claim.chain, &claim.reference.said_on))
            }
            Event::Corrected { act, .. } => self.contents.of(act),
            event => self.contents.of(event),
        }
    }

    /// The kind of an event.
    pub(super) fn kind(&self, seq: Seq) -> Option<EventKind> {
        self.event(seq).map(|(kind, ..)| *kind)
    }

    /// The (subject, attribute) an event is about.
    pub(super) fn about(&self, seq: Seq) -> (Seq, Seq) {
        self.event(seq).map_or((Seq(0), Seq(0)), |(_, subject, attribute)| (*subject, *attribute))
    }

    fn event(&self, seq: Seq) -> Option<&(EventKind, Seq, Seq)> {
        self.events.get(usize::try_from(seq.0.checked_sub(1)?).ok()?)
    }

    /// The event of a caller's id, and its digest.
    pub(super) fn id(&self, id: &str) -> Option<(Seq, u64)> {
        self.ids.get(&self.contents.of(&id)).copied()
    }

    /// Makes an id stand for an event that was recorded without it.
    pub(super) fn alias_id(&mut self, id: &str, seq: Seq, digest: u64) {
        self.ids.entry(self.contents.of(&id)).or_insert((seq, digest));
    }

    /// The event with this identity, if there is one.
    pub(super) fn repeated(&self, identity: Content) -> Option<Seq> {
        self.identities.get(&identity).copied()
    }

    /// Whether an attribute has claims.
    pub(super) fn is_used(&self, attribute: Seq) -> bool {
        self.used_attributes.contains(&attribute)
    }

    fn acts(&self, target: Seq) -> &[Act] {
        self.acts.get(&target).map_or(&[], Vec::as_slice)
    }

    /// The first retraction of an event.
    pub(super) fn retraction_of(&self, seq: Seq) -> Option<Seq> {
        self.acts(seq).iter().find(|act| act.kind == EventKind::Retracted).map(|act| act.seq)
    }

    /// Whether an event was taken back.
    pub(super) fn is_retracted(&self, seq: Seq) -> bool {
        self.retraction_of(seq).is_some()
    }

    /// The correction of a claim that stands.
    pub(super) fn correction_of(&self, claim: Seq) -> Option<Seq> {
        let correction =
            self.acts(claim).iter().find(|act| act.kind == EventKind::Corrected && !self.is_retracted(act.seq));
        correction.map(|act| act.seq)
    }

    /// The claim that replaced another.
    pub(super) fn successor_of(&self, correction: Seq) -> Option<Seq> {
        self.brought_by.iter().find(|(_, (by, _))| *by == correction).map(|(successor, _)| *successor)
    }

    /// Whether a claim stands, as far as everything recorded goes.
    pub(super) fn is_live(&self, claim: Seq) -> bool {
        if self.is_retracted(claim) || self.correction_of(claim).is_some() {
            return false;
        }
        let mut current = claim;
        while let Some((correction, old)) = self.brought_by.get(&current) {
            if self.is_retracted(*correction) {
                return false;
            }
            current = *old;
        }
        !self.is_rated_false(claim)
    }

    fn is_rated_false(&self, claim: Seq) -> bool {
        let mut newest: HashMap<Option<Seq>, Option<bool>> = HashMap::new();
        for act in self.acts(claim) {
            if act.kind == EventKind::Assessed && !self.is_retracted(act.seq) {
                newest.insert(act.by, act.rating);
            }
        }
        let has = |rating| newest.values().any(|own| *own == Some(rating));
        has(false) && !has(true)
    }

    /// Two entities that a judgement would make both the same and different, with the earlier judgement.
    pub(super) fn contradiction(&self, entities: &[Seq], verdict: Verdict) -> Option<Seq> {
        let live = || self.judgements.iter().filter(|(seq, ..)| !self.is_retracted(*seq));
        let mut union = Union::default();
        let join_all = |union: &mut Union, entities: &[Seq]| {
            for pair in entities.windows(2) {
                if let [a, b] = pair {
                    union.join(*a, *b);
                }
            }
        };
        for (_, entities, _) in live().filter(|(.., verdict)| *verdict == Verdict::Same) {
            join_all(&mut union, entities);
        }
        let has_joined = |union: &Union, entities: &[Seq]| {
            let mut firsts: Vec<Seq> = entities.iter().map(|entity| union.first(*entity)).collect();
            firsts.sort_unstable();
            firsts.windows(2).any(|pair| matches!(pair, [a, b] if a == b))
        };
        match verdict {
            Verdict::Same => join_all(&mut union, entities),
            Verdict::Different if has_joined(&union, entities) => {
                let among = |judged: &[Seq]| judged.iter().any(|entity| entities.contains(entity));
                return live()
                    .find(|(_, judged, verdict)| *verdict == Verdict::Same && among(judged))
                    .map(|(seq, ..)| *seq);
            }
            Verdict::Different | Verdict::Unsure => return None,
        }
        live()
            .find(|(_, judged, verdict)| *verdict == Verdict::Different && has_joined(&union, judged))
            .map(|(seq, ..)| *seq)
    }
}

/// The caller's own key for an event.
pub(crate) fn id_of(event: &Event) -> Option<&str> {
    match event {
        Event::ClaimAsserted(claim) => claim.id.as_deref(),
        Event::Disputed(act) | Event::Retracted(act) | Event::Approved(act) | Event::Corrected { act, .. } => {
            act.id.as_deref()
        }
        Event::Assessed(assessment) => assessment.act.id.as_deref(),
        Event::EntitiesJudged(judged) => judged.id.as_deref(),
        Event::SourceRated(rated) => rated.id.as_deref(),
        Event::SourceLinked { id, .. } | Event::Noted { id, .. } => id.as_deref(),
        _ => None,
    }
}
