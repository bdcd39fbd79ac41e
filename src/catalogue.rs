//! What the names of a ledger stand for: actors, attributes, entities and sources by key and by number.

use std::collections::BTreeMap;

use foldhash::HashMap;

use crate::event::{AttributeDefined, EntityRegistered, Event, Recorded, SettingName, SourceRegistered};
use crate::seq::Seq;

/// The names of a ledger, as of the events applied so far. A key belongs to the first event that registered
/// it; a later one of the same key describes it anew.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    origin: Option<Box<str>>,
    actors: BTreeMap<Seq, Box<str>>,
    actor_names: HashMap<Box<str>, Seq>,
    /// Other ledgers: their names and their ids.
    ledgers: BTreeMap<Seq, (Box<str>, [u8; 32])>,
    /// Actors of other ledgers, and those ledgers.
    elsewhere: BTreeMap<Seq, Seq>,
    attributes: BTreeMap<Seq, Vec<(Seq, AttributeDefined)>>,
    attribute_keys: HashMap<Box<str>, Seq>,
    entities: BTreeMap<Seq, EntityRegistered>,
    entity_keys: HashMap<Box<str>, Seq>,
    sources: BTreeMap<Seq, SourceRegistered>,
    source_keys: HashMap<Box<str>, Seq>,
    /// What was told of a thing, where that was more than once: what is taken back no longer names it.
    told: HashMap<Seq, Vec<(Seq, Told)>>,
    /// The thing that a later description is about.
    later: HashMap<Seq, Seq>,
    settings: BTreeMap<SettingName, (Seq, Box<str>)>,
    /// Runs of events that a damaged ledger lacks, first and last, in order.
    missing: Vec<(Seq, Seq)>,
}

impl Catalogue {
    /// Takes in the next event.
    pub fn apply(&mut self, recorded: &Recorded) {
        if let Some(event) = &recorded.event {
            self.apply_event(recorded.seq, event);
        }
    }

    /// Takes in an event that has, or will have, this number.
    pub fn apply_event(&mut self, seq: Seq, event: &Event) {
        match event {
            Event::Genesis(genesis) => self.origin = Some(genesis.origin.clone()),
            Event::ActorRegistered { name, of } => {
                match of {
                    None => drop(self.actor_names.insert(name.clone(), seq)),
                    Some(ledger) => drop(self.elsewhere.insert(seq, *ledger)),
                }
                self.actors.insert(seq, name.clone());
            }
            Event::AttributeDefined(defined) => {
                let first = *self.attribute_keys.entry(defined.key.clone()).or_insert(seq);
                self.attributes.entry(first).or_default().push((seq, defined.clone()));
            }
            Event::EntityRegistered(entity) => {
                let first = *self.entity_keys.entry(entity.key.clone()).or_insert(seq);
                self.note(first, seq, || Told::Entity(entity.clone()));
                let known = self.entities.insert(first, entity.clone()).filter(|_| first != seq);
                if let Some((known, entity)) = known.zip(self.entities.get_mut(&first)) {
                    add_known_aliases(entity, known.aliases);
                }
            }
            Event::EntityAliased { entity, aliases, .. } => {
                self.note(*entity, seq, || Told::Aliases(aliases.clone()));
                if let Some(entity) = self.entities.get_mut(entity) {
                    entity.aliases.extend(aliases.iter().cloned());
                }
            }
            Event::SourceRegistered(source) => {
                let first = *self.source_keys.entry(source.key.clone()).or_insert(seq);
                self.note(first, seq, || Told::Source(source.clone()));
                self.sources.insert(first, source.clone());
            }
            Event::Retracted(act) => self.take_back(act.target),
            Event::LedgerRegistered { origin, ledger } => {
                self.ledgers.insert(seq, (origin.clone(), *ledger));
            }
            Event::SettingChanged(changed) => {
                self.settings.insert(changed.name, (seq, changed.value.clone()));
            }
            _ => {}
        }
    }

    /// What a setting was last set to, and the event that did so.
    #[must_use]
    pub fn setting(&self, name: SettingName) -> Option<(Seq, &str)> {
        self.settings.get(&name).map(|(seq, value)| (*seq, &**value))
    }

    /// Notes what is told of a thing that is there already.
    fn note(&mut self, thing: Seq, seq: Seq, told: impl FnOnce() -> Told) {
        if thing != seq {
            self.begin(thing);
            self.told.entry(thing).or_default().push((seq, told()));
            self.later.insert(seq, thing);
        }
    }

    /// Begins the list of what was told of a thing with its registration.
    fn begin(&mut self, thing: Seq) {
        if !self.told.contains_key(&thing) {
            let entity = self.entities.get(&thing).cloned().map(Told::Entity);
            let first = entity.or_else(|| self.sources.get(&thing).cloned().map(Told::Source));
            self.told.insert(thing, first.map(|first| (thing, first)).into_iter().collect());
        }
    }

    /// Forgets what an event told of a thing. The thing keeps its key, and a source what it is.
    fn take_back(&mut self, target: Seq) {
        let thing = self.later.get(&target).copied().unwrap_or(target);
        if !self.entities.contains_key(&thing) && !self.sources.contains_key(&thing) {
            return;
        }
        self.begin(thing);
        let Some(told) = self.told.get_mut(&thing) else { return };
        told.retain(|(seq, _)| *seq != target);
        if let Some(entity) = self.entities.get_mut(&thing) {
            (entity.label, entity.aliases) = (None, Vec::new());
            for (_, told) in told.iter() {
                match told {
                    Told::Entity(described) => {
                        let known = std::mem::replace(entity, described.clone());
                        add_known_aliases(entity, known.aliases);
                    }
                    Told::Aliases(aliases) => entity.aliases.extend(aliases.iter().cloned()),
                    Told::Source(_) => {}
                }
            }
        }
        if let Some(source) = self.sources.get_mut(&thing) {
            (source.label, source.reliability) = (None, None);
            if let Some((_, Told::Source(described))) = told.last() {
                source.clone_from(described);
            }
        }
    }

    /// The name under which the ledger's heads are published.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// Notes runs of events that cannot be read, first and last, in order.
    pub fn note_missing(&mut self, runs: &[(Seq, Seq)]) {
        runs.clone_into(&mut self.missing);
    }

    /// Whether an event is one of those that cannot be read.
    #[must_use]
    pub fn is_missing(&self, seq: Seq) -> bool {
        let behind = self.missing.partition_point(|(first, _)| *first <= seq);
        behind.checked_sub(1).and_then(|place| self.missing.get(place)).is_some_and(|(_, last)| seq <= *last)
    }

    /// What to call a name that is not there: `#5 (erased)`, or `#5 (missing)` if a damaged ledger lacks it.
    #[must_use]
    pub fn absent_text(&self, seq: Seq) -> String {
        let why = if self.is_missing(seq) { "missing" } else { "erased" };
        format!("{seq} ({why})")
    }

    /// An actor's name.
    #[must_use]
    pub fn actor(&self, seq: Seq) -> Option<&str> {
        self.actors.get(&seq).map(|name| &**name)
    }

    /// The other ledger in which an actor acts: the event that registered it, its name and its id.
    #[must_use]
    pub fn ledger_of(&self, actor: Seq) -> Option<(Seq, &str, [u8; 32])> {
        let seq = *self.elsewhere.get(&actor)?;
        self.ledgers.get(&seq).map(|(origin, id)| (seq, &**origin, *id))
    }

    /// The actor of a name who acts in this ledger.
    #[must_use]
    pub fn actor_of_name(&self, name: &str) -> Option<Seq> {
        self.actor_names.get(name).copied()
    }

    /// An entity as last described.
    #[must_use]
    pub fn entity(&self, seq: Seq) -> Option<&EntityRegistered> {
        self.entities.get(&seq)
    }

    /// A source as last described.
    #[must_use]
    pub fn source(&self, seq: Seq) -> Option<&SourceRegistered> {
        self.sources.get(&seq)
    }

    /// An attribute as last defined.
    #[must_use]
    pub fn attribute(&self, seq: Seq) -> Option<&AttributeDefined> {
        self.attributes.get(&seq)?.last().map(|(_, defined)| defined)
    }

    /// An attribute as defined by an event; as first defined if that was later.
    #[must_use]
    pub fn attribute_as_of(&self, seq: Seq, last: Seq) -> Option<&AttributeDefined> {
        let definitions = self.attributes.get(&seq)?;
        let known = definitions.partition_point(|(defined_by, _)| *defined_by <= last).saturating_sub(1);
        definitions.get(known).map(|(_, defined)| defined)
    }

    /// All definitions of an attribute, each with its event.
    #[must_use]
    pub fn definitions(&self, seq: Seq) -> &[(Seq, AttributeDefined)] {
        self.attributes.get(&seq).map_or(&[], Vec::as_slice)
    }

    /// All entities, by the event that registered them.
    pub fn entities(&self) -> impl Iterator<Item = (Seq, &EntityRegistered)> {
        self.entities.iter().map(|(seq, entity)| (*seq, entity))
    }

    /// All sources, by the event that registered them.
    pub fn sources(&self) -> impl Iterator<Item = (Seq, &SourceRegistered)> {
        self.sources.iter().map(|(seq, source)| (*seq, source))
    }

    /// All attributes as last defined, by the event that first defined them.
    pub fn attributes(&self) -> impl Iterator<Item = (Seq, &AttributeDefined)> {
        self.attributes.keys().filter_map(|seq| Some((*seq, self.attribute(*seq)?)))
    }

    /// The entity of a key.
    #[must_use]
    pub fn entity_of_key(&self, key: &str) -> Option<Seq> {
        self.entity_keys.get(key).copied()
    }

    /// The attribute of a key.
    #[must_use]
    pub fn attribute_of_key(&self, key: &str) -> Option<Seq> {
        self.attribute_keys.get(key).copied()
    }

    /// The source of a key.
    #[must_use]
    pub fn source_of_key(&self, key: &str) -> Option<Seq> {
        self.source_keys.get(key).copied()
    }
}

/// What an event tells of an entity or a source.
#[derive(Clone, Debug)]
enum Told {
    Entity(EntityRegistered),
    Aliases(Vec<Box<str>>),
    Source(SourceRegistered),
}

/// An entity described anew keeps the aliases it had, whether or not the new description repeats them.
fn add_known_aliases(entity: &mut EntityRegistered, mut known: Vec<Box<str>>) {
    if !entity.aliases.starts_with(&known) {
        known.append(&mut entity.aliases);
        entity.aliases = known;
    }
}

#[cfg(test)]
mod tests;
