//! What the writer must know of the events before: which keys, ids, links and contents are taken, what stands, and what an
//! act may act upon.

use std::collections::BTreeSet;

use foldhash::HashMap;

use super::content::{Content, ContentMap, ContentSet, Contents};
use super::contradictions::Contradictions;
use super::elsewhere::Elsewhere;
use super::judged::Judged;
use super::links::Links;
use super::newest::{Newest, Slot};
use super::numbered::Numbered;
use super::standing::Standing;
use crate::catalogue::Catalogue;
use crate::event::{Event, EventKind, First, Noted, look_of};
use crate::ledger::read::replay::Stored;
use crate::seq::Seq;
use crate::source::Reliability;
use crate::value::Value;

/// Kind and (subject, attribute) of an event.
pub(super) type Brief = (EventKind, Seq, Seq);

/// The writer's view of a ledger.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Register {
    pub(in crate::ledger) catalogue: Catalogue,
    /// Every event.
    pub(super) events: Vec<Brief>,
    /// What tells the whole content of every event; 0 of one that was erased.
    pub(super) digests: Vec<u64>,
    /// By ledger and own id: the event. The ledger is 0 for this one.
    pub(super) ids: ContentMap<Seq>,
    pub(in crate::ledger) links: Links,
    /// The newest event of each content.
    pub(super) identities: ContentMap<Seq>,
    /// From an event to the one before it that has the same content.
    pub(super) repeats: HashMap<Seq, Seq>,
    /// How many events that stand give an entity an alias, by both.
    pub(super) aliases: ContentMap<u32>,
    /// The aliases that an event gives, by their contents, and the grade that it gives.
    gives: HashMap<Seq, Vec<Content>>,
    pub(super) grades: HashMap<Seq, Reliability>,
    /// The addresses, quotes and copies of each claim.
    pub(super) references: ContentSet,
    /// The first key of each look, by sort and skeleton, and of the same letters, by sort.
    pub(super) looks: ContentMap<Seq>,
    /// What tells a note about something without what it is about.
    pub(in crate::ledger) bare_notes: HashMap<Seq, u64>,
    /// The sources that speak in an event: the chain of a claim, the `by` of an act.
    pub(super) speakers: HashMap<Seq, Box<[Seq]>>,
    /// The unit in which an attribute was first counted.
    pub(super) units: HashMap<Seq, Box<str>>,
    pub(in crate::ledger) elsewhere: Elsewhere,
    pub(in crate::ledger) standing: Standing,
    pub(in crate::ledger) judged: Judged,
    pub(in crate::ledger) newest: Newest,
    /// Erased events, and the events that say so.
    pub(super) erased: HashMap<Seq, Seq>,
    /// Subject and attribute of claims that were erased.
    pub(super) erased_claims: HashMap<(Seq, Seq), Seq>,
    pub(super) used_attributes: BTreeSet<Seq>,
    /// The words of all ratings.
    pub(in crate::ledger) ratings: BTreeSet<Box<str>>,
    pub(super) contradictions: Contradictions,
    pub(super) contents: Contents,
}

/// An event to be taken in.
struct Taken<'e> {
    seq: Seq,
    /// Who entered it here.
    actor: Seq,
    event: &'e Event,
    identity: Content,
    first: Option<&'e First>,
    about: (Seq, Seq),
}

impl Register {
    /// Takes in the next event of the log. An erased one keeps its place, its link and its key.
    pub(in crate::ledger) fn apply_stored(&mut self, stored: &Stored) {
        let (recorded, about) = (&stored.recorded, stored.about);
        let link = recorded.first.as_ref().map_or(stored.hash.0, |first| first.link);
        self.links.insert(link, recorded.seq);
        if let Some(event) = &recorded.event {
            let identity = self.identity_of(event);
            let (seq, actor, first) = (recorded.seq, recorded.actor, recorded.first.as_ref());
            self.take(stored.kind, &Taken { seq, actor, event, identity, first, about });
        } else {
            self.events.push((stored.kind, about.0, about.1));
            self.digests.push(0);
        }
    }

    /// Takes in an event that this actor is about to record. Its link is not known yet, but where it came from another ledger.
    pub(in crate::ledger) fn apply(&mut self, numbered: &Numbered, actor: Seq) {
        let Numbered { seq, event, identity, first, about } = numbered;
        if let Some(first) = first {
            self.links.insert(first.link, *seq);
        }
        let taken = Taken { seq: *seq, actor, event, identity: *identity, first: first.as_ref(), about: *about };
        self.take(event.kind(), &taken);
    }

    fn take(&mut self, kind: EventKind, taken: &Taken<'_>) {
        let Taken { seq, actor, event, identity, first, about } = *taken;
        self.events.push((kind, about.0, about.1));
        self.digests.push(self.digest_of(event, identity));
        let may = match event {
            Event::Retracted(act) | Event::Corrected { act, .. } => {
                let ledger = first.and_then(|first| self.elsewhere.ledger_of_actor(first.actor));
                self.may_act(act.by, ledger, act.target)
            }
            _ => true,
        };
        if may {
            self.catalogue.apply_event(seq, event);
        }
        self.elsewhere.apply(seq, event, first);
        if let Some(id) = event.own_id() {
            let ledger = self.elsewhere.ledger_of(seq);
            self.ids.insert(self.id_content(ledger, id), seq);
        }
        if let Some(before) = self.identities.insert(identity, seq) {
            self.repeats.insert(seq, before);
        }
        self.take_act(seq, event, first.map_or(actor, |first| first.actor), may);
        let order = first.map_or(seq.0, |first| first.seq.0);
        self.standing.apply(seq, event, first.map_or(actor, |first| first.actor), order, may);
        if let Event::ClaimAsserted(claim) = event {
            let attribute = claim.statement.attribute;
            self.used_attributes.insert(attribute);
            if let Value::Quantity(quantity) = &claim.statement.value
                && let Some(unit) = quantity.unit()
                && !self.units.contains_key(&attribute)
            {
                self.units.insert(attribute, unit.into());
            }
            self.contradictions.add(seq, claim, &self.catalogue);
        }
    }

    /// Takes in what an event does, entered by this actor here or elsewhere.
    fn take_act(&mut self, seq: Seq, event: &Event, entered_by: Seq, may: bool) {
        let speakers: Box<[Seq]> = match event {
            Event::ClaimAsserted(claim) => claim.chain.iter().map(|link| link.who).collect(),
            Event::Disputed(act) | Event::Corrected { act, .. } | Event::Approved(act) | Event::Returned(act) => {
                act.by.into_iter().collect()
            }
            Event::Assessed(assessment) => assessment.act.by.into_iter().collect(),
            _ => Box::default(),
        };
        if !speakers.is_empty() {
            self.speakers.insert(seq, speakers);
        }
        if let Some(slot) = Slot::of(event, entered_by) {
            self.newest.add(seq, slot);
        }
        match event {
            Event::Assessed(given) if !self.ratings.contains(&given.rating) => {
                self.ratings.insert(given.rating.clone());
            }
            Event::EntitiesJudged(judged) => self.judged.add(seq, &judged.entities, judged.verdict),
            Event::Retracted(act) if may => self.retract(act.target),
            Event::EntityAliased { entity, aliases, .. } => self.note_aliases(seq, *entity, aliases),
            Event::EntityRegistered(entity) => {
                let first = self.catalogue.entity_of_key(&entity.key).unwrap_or(seq);
                self.note_aliases(seq, first, &entity.aliases);
                self.note_look(seq, "entity", &entity.key);
            }
            Event::SourceRated(rated) => drop(self.grades.insert(seq, rated.reliability)),
            Event::SourceRegistered(source) => {
                self.note_look(seq, "source", &source.key);
                if let Some(grade) = source.reliability {
                    let first = self.catalogue.source_of_key(&source.key).unwrap_or(seq);
                    self.grades.insert(seq, grade);
                    self.newest.add(seq, Slot::Grade(first));
                }
            }
            Event::Noted(noted) if noted.about.is_some() => {
                let bare = Event::Noted(Noted { about: None, ..noted.clone() });
                self.bare_notes.insert(seq, self.digest_of(&bare, self.identity_of(&bare)));
            }
            Event::AttributeDefined(attribute) => self.note_look(seq, "attribute", &attribute.key),
            Event::ClaimAsserted(claim) => {
                let reference = &claim.reference;
                self.note_reference(seq, reference.url.as_deref(), reference.quote.as_deref(), &reference.evidence);
            }
            Event::ReferenceAdded(added) => {
                self.note_reference(added.claim, added.url.as_deref(), added.quote.as_deref(), &added.evidence);
            }
            Event::PayloadErased { target, first, .. } => {
                self.erased.insert(*target, seq);
                if let Some(link) = first {
                    self.links.insert(*link, *target);
                }
                let (kind, subject, attribute) = self.event(*target).unwrap_or((EventKind::Genesis, Seq(0), Seq(0)));
                if kind.is_claim() {
                    self.erased_claims.insert((subject, attribute), *target);
                }
            }
            _ => {}
        }
    }

    fn retract(&mut self, target: Seq) {
        self.judged.retract(target);
        self.newest.retract(target);
        for alias in self.gives.remove(&target).into_iter().flatten() {
            if let Some(count) = self.aliases.get_mut(&alias) {
                *count = count.saturating_sub(1);
            }
        }
    }

    fn note_aliases(&mut self, seq: Seq, entity: Seq, aliases: &[Box<str>]) {
        if aliases.is_empty() {
            return;
        }
        let contents: Vec<Content> = aliases.iter().map(|alias| self.contents.of(&(entity, &**alias))).collect();
        for alias in &contents {
            *self.aliases.entry(*alias).or_default() += 1;
        }
        self.gives.insert(seq, contents);
    }

    fn note_reference(&mut self, claim: Seq, url: Option<&str>, quote: Option<&str>, evidence: &[Box<str>]) {
        let all = [url, quote].into_iter().flatten().chain(evidence.iter().map(|digest| &**digest));
        self.references.extend(all.map(|part| self.contents.of(&(claim, part))));
    }

    fn note_look(&mut self, seq: Seq, what: &'static str, key: &str) {
        for look in self.looks_of(what, key) {
            let first = self.looks.entry(look).or_insert(seq);
            if !self.catalogue.is_registered(*first) {
                *first = seq;
            }
        }
    }

    /// What a key shares with those that differ from it in capitals only, and with those that look like it.
    pub(super) fn looks_of(&self, what: &'static str, key: &str) -> [Content; 2] {
        [self.contents.of(&(what, "letters", key.to_lowercase())), self.contents.of(&(what, look_of(key)))]
    }

    pub(super) fn id_content(&self, ledger: Option<Seq>, id: &str) -> Content {
        self.contents.of(&(ledger.unwrap_or(Seq(0)), id))
    }

    /// Makes an id stand for an event that was recorded without it.
    pub(in crate::ledger) fn alias_id(&mut self, id: &str, seq: Seq) {
        self.ids.entry(self.id_content(None, id)).or_insert(seq);
    }
}
