//! What the writer must know of the events before: which keys, ids and contents are taken, what stands, and
//! what an act may act upon.

use std::collections::BTreeMap;

use super::certain::AllCertain;
use super::content::{Content, ContentMap, ContentSet, Contents};
use super::judged::Judged;
use super::standing::Standing;
use crate::catalogue::Catalogue;
use crate::event::{Before, Event, EventKind, look_of};
use crate::seq::Seq;
use crate::value::Value;

/// Kind and (subject, attribute) of an event.
type Brief = (EventKind, Seq, Seq);

/// The writer's view of a ledger.
#[derive(Debug, Default)]
pub(super) struct Register {
    pub(super) catalogue: Catalogue,
    /// Every event.
    events: Vec<Brief>,
    /// By the content of an id: the event that has it, and the digest of that event.
    ids: ContentMap<(Seq, u64)>,
    identities: ContentMap<Seq>,
    /// The aliases of entities, by both.
    aliases: ContentSet,
    /// The first key of each look, by sort and skeleton.
    looks: ContentMap<Seq>,
    pub(super) standing: Standing,
    pub(super) judged: Judged,
    /// The attributes that have claims, with the first unit that any of these named.
    used_attributes: BTreeMap<Seq, Option<Box<str>>>,
    certain: AllCertain,
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
        if let Some((event, identity)) = event {
            self.take(seq, event, identity);
        }
    }

    fn take(&mut self, seq: Seq, event: &Event, identity: Content) {
        self.catalogue.apply_event(seq, event);
        if let Some(id) = event.own_id() {
            self.ids.insert(self.contents.of(&id), (seq, self.digest_of(event, identity)));
        }
        self.identities.insert(identity, seq);
        self.apply_act(seq, event);
        if let Event::ClaimAsserted(claim) = event {
            let unit = self.used_attributes.entry(claim.statement.attribute).or_default();
            if let (None, Value::Quantity(quantity)) = (&unit, &claim.statement.value) {
                *unit = quantity.unit().map(Box::from);
            }
            self.certain.add(seq, claim, &self.catalogue);
        }
    }

    fn apply_act(&mut self, seq: Seq, event: &Event) {
        match event {
            Event::EntitiesJudged(judged) => {
                self.judged.add(seq, &judged.entities, judged.verdict);
            }
            Event::Retracted(act) => self.judged.retract(act.target),
            Event::EntityAliased { entity, aliases, .. } => self.note_aliases(*entity, aliases),
            Event::EntityRegistered(entity) => {
                let first = self.catalogue.entity_of_key(&entity.key).unwrap_or(seq);
                self.note_aliases(first, &entity.aliases);
                self.note_look(seq, "entity", &entity.key);
            }
            Event::SourceRegistered(source) => self.note_look(seq, "source", &source.key),
            Event::AttributeDefined(attribute) => self.note_look(seq, "attribute", &attribute.key),
            _ => {}
        }
        self.standing.apply(seq, event);
    }

    fn note_aliases(&mut self, entity: Seq, aliases: &[Box<str>]) {
        for alias in aliases {
            self.aliases.insert(self.contents.of(&(entity, &**alias)));
        }
    }

    fn note_look(&mut self, seq: Seq, what: &'static str, key: &str) {
        let look = self.contents.of(&(what, look_of(key)));
        self.looks.entry(look).and_modify(|first| *first = seq.min(*first)).or_insert(seq);
    }

    /// A registered key of this sort that is another and looks the same.
    pub(super) fn lookalike(&self, what: &'static str, key: &str) -> Option<&str> {
        let seq = *self.looks.get(&self.contents.of(&(what, look_of(key))))?;
        let found = match what {
            "entity" => self.catalogue.entity(seq).map(|entity| &entity.key),
            "source" => self.catalogue.source(seq).map(|source| &source.key),
            _ => self.catalogue.attribute(seq).map(|attribute| &attribute.key),
        };
        found.map(|found| &**found).filter(|found| *found != key)
    }

    /// Whether an entity has an alias.
    pub(super) fn has_alias(&self, entity: Seq, alias: &str) -> bool {
        self.aliases.contains(&self.contents.of(&(entity, alias)))
    }

    /// What makes two events with one id the same: everything but the number of a correction's successor. The identity is the
    /// event's.
    pub(super) fn digest_of(&self, event: &Event, identity: Content) -> u64 {
        match event {
            Event::ClaimAsserted(claim) => self.contents.digest(&(identity, &claim.reference, &claim.id)),
            _ => identity.half(),
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
        self.event(seq).map(|(kind, ..)| kind)
    }

    fn event(&self, seq: Seq) -> Option<Brief> {
        self.events.get(usize::try_from(seq.0.checked_sub(1)?).ok()?).copied()
    }

    /// The event of a caller's id, and its digest.
    pub(super) fn id(&self, id: &str) -> Option<(Seq, u64)> {
        self.ids.get(&self.contents.of(&id)).copied()
    }

    /// Makes an id stand for an event that was recorded without it.
    pub(super) fn alias_id(&mut self, id: &str, seq: Seq, digest: u64) {
        self.ids.entry(self.contents.of(&id)).or_insert((seq, digest));
    }

    /// The last event with this identity, if there is one.
    pub(super) fn repeated(&self, identity: Content) -> Option<Seq> {
        self.identities.get(&identity).copied()
    }

    /// Pairs of claims of one source, at least one of them new, that say two things of one day; at most `max`.
    pub(super) fn contradictions(&self, first_new: Seq, max: usize) -> Vec<(Seq, Seq)> {
        let is_live = |claim| self.standing.is_live(claim);
        self.certain.contradictions(first_new, &self.catalogue, is_live, max)
    }

    /// Whether an attribute has claims.
    pub(super) fn is_used(&self, attribute: Seq) -> bool {
        self.used_attributes.contains_key(&attribute)
    }

    /// The unit that the claims of an attribute are given in, where none is declared: the first that one of them named.
    pub(super) fn unit_in_use(&self, attribute: Seq) -> Option<&str> {
        self.used_attributes.get(&attribute)?.as_deref()
    }
}

impl Before for Register {
    fn about(&self, target: Seq) -> (Seq, Seq) {
        self.event(target).map_or((Seq(0), Seq(0)), |(_, subject, attribute)| (subject, attribute))
    }

    fn first_of_key(&self, kind: EventKind, key: &str) -> Option<Seq> {
        match kind {
            EventKind::EntityRegistered => self.catalogue.entity_of_key(key),
            EventKind::SourceRegistered => self.catalogue.source_of_key(key),
            _ => self.catalogue.attribute_of_key(key),
        }
    }
}
