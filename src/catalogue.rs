//! What the names of a ledger stand for: actors, attributes, entities and sources by key and by number.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use crate::event::{AttributeDefined, EntityRegistered, Event, Recorded, SettingName, SourceRegistered};
use crate::seq::Seq;

/// The names of a ledger, as of the events applied so far. A key belongs to the first event that registered
/// it; a later one of the same key describes it anew, and keeps the label that it does not give. What was taken back counts no
/// longer, but for the event that registered a key: that keeps it. A key of which all was taken back [is registered no
/// longer](Catalogue::is_registered), until an event describes it anew.
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
    settings: BTreeMap<SettingName, (Seq, Box<str>)>,
    /// Of entities and sources that more than one event describes: what each of them says, by the first.
    told: HashMap<Seq, Vec<(Seq, Told)>>,
    /// The first event of the key that a later event describes, and of every definition of an attribute.
    described: HashMap<Seq, Seq>,
    /// Events about names that were taken back.
    taken_back: HashSet<Seq>,
    /// Runs of events that a damaged ledger lacks, first and last, in order.
    missing: Vec<(Seq, Seq)>,
    /// Actors whose names were erased.
    erased_actors: HashSet<Seq>,
}

/// What one event says of an entity or a source.
#[derive(Clone, Debug)]
enum Told {
    Entity(EntityRegistered),
    Aliases(Vec<Box<str>>),
    Source(SourceRegistered),
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
                self.described.insert(seq, first);
            }
            Event::EntityRegistered(entity) => {
                let first = *self.entity_keys.entry(entity.key.clone()).or_insert(seq);
                if first == seq {
                    self.entities.insert(first, entity.clone());
                } else {
                    self.describe(first, seq, Told::Entity(entity.clone()));
                }
            }
            Event::EntityAliased { entity, aliases, .. } => {
                self.describe(*entity, seq, Told::Aliases(aliases.clone()));
            }
            Event::SourceRegistered(source) => {
                let first = *self.source_keys.entry(source.key.clone()).or_insert(seq);
                if first == seq {
                    self.sources.insert(first, source.clone());
                } else {
                    self.describe(first, seq, Told::Source(source.clone()));
                }
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

    /// Takes in what an event says of an entity or a source that is there.
    fn describe(&mut self, first: Seq, seq: Seq, told: Told) {
        let registered = match &told {
            Told::Source(_) => self.sources.get(&first).cloned().map(Told::Source),
            Told::Entity(_) | Told::Aliases(_) => self.entities.get(&first).cloned().map(Told::Entity),
        };
        let Some(registered) = registered else { return };
        self.told.entry(first).or_insert_with(|| vec![(first, registered)]).push((seq, told.clone()));
        self.described.insert(seq, first);
        if self.taken_back.contains(&first) {
            self.tell_anew(first);
        } else {
            self.add(first, told);
        }
    }

    /// Adds what an event says to what is known of a key.
    fn add(&mut self, first: Seq, told: Told) {
        match told {
            Told::Entity(mut entity) => {
                if let Some(known) = self.entities.get_mut(&first) {
                    let (label, aliases) = (known.label.take(), std::mem::take(&mut known.aliases));
                    add_known_aliases(&mut entity, aliases);
                    *known = EntityRegistered { label: entity.label.take().or(label), ..entity };
                }
            }
            Told::Aliases(aliases) => {
                if let Some(known) = self.entities.get_mut(&first) {
                    known.aliases.extend(aliases);
                }
            }
            Told::Source(source) => {
                if let Some(known) = self.sources.get_mut(&first) {
                    let label = source.label.clone().or_else(|| known.label.take());
                    *known = SourceRegistered { label, ..source };
                }
            }
        }
    }

    /// Takes back what an event says of an attribute, an entity or a source; what others say of it stays.
    fn take_back(&mut self, target: Seq) {
        let first = self.described.get(&target).copied();
        if first.is_none() && !self.entities.contains_key(&target) && !self.sources.contains_key(&target) {
            return;
        }
        self.taken_back.insert(target);
        self.tell_anew(first.unwrap_or(target));
    }

    /// Works out anew what is known of an entity or a source, by all that was not taken back.
    fn tell_anew(&mut self, first: Seq) {
        let Some(told) = self.told.get(&first).cloned() else { return };
        let mut live = told.iter().filter(|(seq, _)| !self.taken_back.contains(seq)).map(|(_, told)| told.clone());
        // What registered the key is all that is left where everything was taken back.
        let base = live.next().or_else(|| told.first().map(|(_, told)| told.clone()));
        let rest: Vec<Told> = live.collect();
        let (entity, source) = (self.entities.get_mut(&first), self.sources.get_mut(&first));
        match (base, entity, source) {
            (Some(Told::Entity(base)), Some(known), _) => *known = base,
            (Some(Told::Aliases(aliases)), Some(known), _) => (known.label, known.aliases) = (None, aliases),
            (Some(Told::Source(base)), _, Some(known)) => *known = base,
            _ => return,
        }
        for told in rest {
            self.add(first, told);
        }
    }

    /// Whether an event about names was taken back.
    #[must_use]
    pub fn is_taken_back(&self, seq: Seq) -> bool {
        self.taken_back.contains(&seq)
    }

    /// Whether an event that registers or describes an attribute, an entity or a source, known by the event that registered its
    /// key, was not taken back.
    #[must_use]
    pub fn is_registered(&self, first: Seq) -> bool {
        if !self.taken_back.contains(&first) {
            return true;
        }
        let is_live = |seq: &Seq| !self.taken_back.contains(seq);
        let is_told = self.told.get(&first).is_some_and(|told| told.iter().any(|(seq, _)| is_live(seq)));
        is_told || self.definitions(first).iter().any(|(seq, _)| is_live(seq))
    }

    /// The events that say what is known of a key, by the event that registered it.
    #[must_use]
    pub fn told_by(&self, first: Seq) -> Vec<Seq> {
        let described = self.told.get(&first).into_iter().flatten().map(|(seq, _)| *seq);
        let mut all: Vec<Seq> = described.chain(self.definitions(first).iter().map(|(seq, _)| *seq)).collect();
        if all.is_empty() {
            all.push(first);
        }
        all
    }

    /// Whether this is what is known of a key by an event, which may be the one that registered it.
    #[must_use]
    pub fn is_told(&self, first: Seq, seq: Seq, event: &Event) -> bool {
        let told = self.told.get(&first).and_then(|told| told.iter().find(|(by, _)| *by == seq)).map(|(_, told)| told);
        match event {
            Event::AttributeDefined(defined) => {
                self.attribute_of_key(&defined.key) == Some(first)
                    && self.definitions(first).iter().any(|(by, known)| *by == seq && known == defined)
            }
            Event::EntityRegistered(entity) => {
                let is_it = match told {
                    Some(told) => matches!(told, Told::Entity(known) if known == entity),
                    None => first == seq && self.entity(first) == Some(entity),
                };
                is_it && self.entity_of_key(&entity.key) == Some(first)
            }
            Event::SourceRegistered(source) => {
                let is_it = match told {
                    Some(told) => matches!(told, Told::Source(known) if known == source),
                    None => first == seq && self.source(first) == Some(source),
                };
                is_it && self.source_of_key(&source.key) == Some(first)
            }
            Event::EntityAliased { entity, aliases, .. } => {
                *entity == first && matches!(told, Some(Told::Aliases(known)) if known == aliases)
            }
            Event::ActorRegistered { name, of } => {
                self.actor(seq) == Some(&**name) && self.elsewhere.get(&seq) == of.as_ref()
            }
            Event::LedgerRegistered { origin, ledger } => {
                self.ledgers.get(&seq).is_some_and(|(known, id)| known == origin && id == ledger)
            }
            _ => false,
        }
    }

    /// Other ledgers: the events that registered them, their names and their ids.
    pub fn ledgers(&self) -> impl Iterator<Item = (Seq, &str, &[u8; 32])> {
        self.ledgers.iter().map(|(seq, (origin, id))| (*seq, &**origin, id))
    }

    /// Actors of other ledgers, and those ledgers.
    pub fn actors_elsewhere(&self) -> impl Iterator<Item = (Seq, Seq)> {
        self.elsewhere.iter().map(|(actor, ledger)| (*actor, *ledger))
    }

    /// What a setting was last set to, and the event that did so.
    #[must_use]
    pub fn setting(&self, name: SettingName) -> Option<(Seq, &str)> {
        self.settings.get(&name).map(|(seq, value)| (*seq, &**value))
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

    /// Notes that the name of an actor was erased.
    pub fn note_erased_actor(&mut self, seq: Seq) {
        self.erased_actors.insert(seq);
    }

    /// Whether an event registered an actor and was erased.
    #[must_use]
    pub fn is_erased_actor(&self, seq: Seq) -> bool {
        self.erased_actors.contains(&seq)
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

    /// An attribute as last defined, by what was not taken back; as first defined if all was.
    #[must_use]
    pub fn attribute(&self, seq: Seq) -> Option<&AttributeDefined> {
        let all = self.attributes.get(&seq)?;
        let live = all.iter().rev().find(|(defined_by, _)| !self.taken_back.contains(defined_by));
        live.or_else(|| all.first()).map(|(_, defined)| defined)
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

/// An entity described anew keeps the aliases it had, whether or not the new description repeats them.
fn add_known_aliases(entity: &mut EntityRegistered, mut known: Vec<Box<str>>) {
    if !entity.aliases.starts_with(&known) {
        known.append(&mut entity.aliases);
        entity.aliases = known;
    }
}

#[cfg(test)]
mod tests;
