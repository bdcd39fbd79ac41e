//! What the writer must know of the events before: which keys, ids, links and contents are taken, what stands, and what an
//! act may act upon. Of what was recorded before it was opened it is [asked](Past) when it is needed; what came since is kept here.

use std::cell::RefCell;
use std::collections::BTreeSet;

use foldhash::{HashMap, HashSet};

use super::acts::newest::Slot;
use super::acts::{Acts, Entered};
use super::content::{Content, ContentMap, Contents};
use super::contradictions::Contradictions;
use super::elsewhere::Elsewhere;
use super::links::Links;
use super::looks::Looks;
use super::numbered::Numbered;
use super::past::Past;
use super::references::References;
use super::speakers::Speakers;
use crate::catalogue::Catalogue;
use crate::event::{Event, EventKind, Noted};
use crate::seq::Seq;
use crate::view::unit_of;

/// Kind and (subject, attribute) of an event.
pub(super) type Brief = (EventKind, Seq, Seq);

/// The writer's view of a ledger.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Register {
    /// All names.
    pub(in crate::ledger) catalogue: Catalogue,
    pub(super) past: Past,
    /// Every new event.
    pub(super) events: Vec<Brief>,
    /// What tells the whole content of every new event.
    pub(super) digests: Vec<u64>,
    /// By ledger and own id: the new event. The ledger is 0 for this one.
    pub(super) ids: ContentMap<Seq>,
    pub(super) links: Links,
    /// The newest new event of each content.
    pub(super) identities: ContentMap<Seq>,
    /// From a new event to the one before it that has the same content.
    pub(super) repeats: HashMap<Seq, Seq>,
    pub(super) references: References,
    pub(super) looks: RefCell<Option<Looks>>,
    /// What tells a new note about something without what it is about.
    pub(super) bare_notes: HashMap<Seq, u64>,
    pub(super) speakers: Speakers,
    /// The unit in which a new claim first counted an attribute.
    pub(super) units: HashMap<Seq, Box<str>>,
    pub(in crate::ledger) elsewhere: Elsewhere,
    pub(super) acts: RefCell<Acts>,
    /// Attributes of new claims.
    pub(super) used_attributes: BTreeSet<Seq>,
    /// The words of new ratings.
    pub(super) ratings: BTreeSet<Box<str>>,
    pub(super) contradictions: Contradictions,
    pub(super) contents: Contents,
    /// Names of which the log was seen to say what is known of them.
    pub(super) vouched: RefCell<HashSet<Seq>>,
}

impl Register {
    /// Behind some events, of which these are the names.
    pub(in crate::ledger) fn behind(past: Past, catalogue: Catalogue) -> Register {
        let elsewhere = Elsewhere::of(&catalogue);
        Register { catalogue, past, elsewhere, ..Register::default() }
    }

    /// Takes in an event that this actor is about to record. Its link is not known yet, but where it came from another ledger.
    pub(in crate::ledger) fn apply(&mut self, numbered: &Numbered, actor: Seq) {
        let Numbered { seq, event, identity, first, about } = numbered;
        let (seq, identity, first) = (*seq, *identity, first.as_ref());
        if let Some(first) = first {
            self.links.insert(first.link, seq);
        }
        self.know_target(event);
        self.events.push((event.kind(), about.0, about.1));
        self.digests.push(self.digest_of(event, identity));
        let may = self.may(event, first.map(|first| first.actor));
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
        let (actor, order) = first.map_or((actor, seq.0), |first| (first.actor, first.seq.0));
        self.acts.get_mut().take(&Entered { seq, event, actor, order, may });
        self.take(seq, event);
    }

    /// Takes in what an event says.
    fn take(&mut self, seq: Seq, event: &Event) {
        self.speakers.note(seq, speakers(event));
        match event {
            Event::ClaimAsserted(claim) => {
                let attribute = claim.statement.attribute;
                self.used_attributes.insert(attribute);
                if let Some(unit) = unit_of(event)
                    && !self.units.contains_key(&attribute)
                {
                    self.units.insert(attribute, unit.into());
                }
                for part in claim.reference.parts() {
                    self.references.note(seq, self.contents.quick(&part));
                }
                self.contradictions.add(seq, claim, &self.catalogue, &self.contents);
            }
            Event::ReferenceAdded(added) => {
                for part in added.parts() {
                    self.references.add(added.claim, self.contents.quick(&part));
                }
            }
            Event::Assessed(given) if !self.ratings.contains(&given.rating) => {
                self.ratings.insert(given.rating.clone());
            }
            Event::EntityRegistered(entity) => self.note_look(seq, "entity", &entity.key),
            Event::AttributeDefined(attribute) => self.note_look(seq, "attribute", &attribute.key),
            Event::SourceRegistered(source) => {
                self.note_look(seq, "source", &source.key);
                if let Some(grade) = source.reliability {
                    let first = self.catalogue.source_of_key(&source.key).unwrap_or(seq);
                    let acts = self.acts.get_mut();
                    acts.grades.insert(seq, grade);
                    acts.newest.add(seq, Slot::Grade(first));
                }
            }
            Event::Noted(noted) => {
                if let Some(bare) = self.bare_note(noted) {
                    self.bare_notes.insert(seq, bare);
                }
            }
            _ => {}
        }
    }

    /// What tells a note about something without what it is about.
    pub(super) fn bare_note(&self, noted: &Noted) -> Option<u64> {
        noted.about?;
        let bare = Event::Noted(Noted { about: None, ..noted.clone() });
        Some(self.digest_of(&bare, self.identity_of(&bare)))
    }

    fn note_look(&mut self, seq: Seq, what: &'static str, key: &str) {
        if let Some(looks) = self.looks.get_mut() {
            looks.note(seq, (what, key), &self.contents, &self.catalogue);
        }
    }

    pub(super) fn id_content(&self, ledger: Option<Seq>, id: &str) -> Content {
        self.contents.of(&(ledger.unwrap_or(Seq(0)), id))
    }

    /// Makes an id stand for an event that was recorded without it.
    pub(in crate::ledger) fn alias_id(&mut self, id: &str, seq: Seq) {
        self.ids.entry(self.id_content(None, id)).or_insert(seq);
    }
}

/// The sources that speak in an event: the chain of a claim, the `by` of an act.
pub(super) fn speakers(event: &Event) -> impl Iterator<Item = Seq> {
    let (chain, by) = match event {
        Event::ClaimAsserted(claim) => (claim.chain.as_slice(), None),
        Event::Disputed(act) | Event::Corrected { act, .. } | Event::Approved(act) | Event::Returned(act) => {
            (&[][..], act.by)
        }
        Event::Assessed(assessment) => (&[][..], assessment.act.by),
        _ => (&[][..], None),
    };
    chain.iter().map(|link| link.who).chain(by)
}
