//! Names into numbers: keys that are known, keys used for the first time, and ids of earlier events.

use foldhash::HashMap;

use super::content::Content;
use super::oddities::{differ_in_a_number, nearest, noun};
use super::register::Register;
use super::stage::{FirstUse, Numbered, Policy};
use crate::claim::{Claim, NamedClaim, Problem, Statement};
use crate::event::{
    AttributeDefined, Cardinality, Complement, EntityRegistered, Event, EventKind, First, SourceRegistered,
};
use crate::seq::Seq;
use crate::source::{Attribution, SourceKind};
use crate::value::{Typed, Value, ValueType};

/// Where a line comes from.
#[derive(Clone, Debug)]
pub(super) enum Route {
    /// Somebody wrote it, by hand or by a program: it is checked as what is typed is.
    Hand,
    /// Another ledger, where it was entered first. It is recorded word for word.
    Elsewhere {
        /// As which event.
        first: First,
        /// The same of the new claim of a correction.
        claim: Option<First>,
    },
    /// A ledger's export, and it is known by its link as this event.
    Known(Seq),
}

/// The events that a proposal takes, as far as they are worked out.
pub(super) struct Plan<'r> {
    pub(super) register: &'r Register,
    pub(super) from: Route,
    /// Who enters it, here or first elsewhere.
    pub(super) actor: Seq,
    pub(super) policy: Policy,
    batch: &'r mut Vec<Numbered>,
    /// So many events in it are those of others.
    others: usize,
    /// Entities and sources among them, by key.
    planned: HashMap<(&'static str, Box<str>), Seq>,
    pub(super) registered: Vec<FirstUse>,
    pub(super) warnings: Vec<String>,
    /// An id that stands for a claim recorded without it.
    pub(super) alias: Option<(Box<str>, Seq)>,
}

impl<'r> Plan<'r> {
    pub(super) fn new(
        register: &'r Register,
        from: Route,
        actor: Seq,
        policy: Policy,
        batch: &'r mut Vec<Numbered>,
    ) -> Self {
        let (others, planned, registered, warnings) = (batch.len(), HashMap::default(), Vec::new(), Vec::new());
        let actor = if let Route::Elsewhere { first, .. } = &from { first.actor } else { actor };
        Plan { register, from, actor, policy, batch, others, planned, registered, warnings, alias: None }
    }

    /// The ledger in which it was entered first; `None`: this one.
    pub(super) fn ledger(&self) -> Option<Seq> {
        self.register.elsewhere.ledger_of_actor(self.actor)
    }

    /// The events worked out so far.
    pub(super) fn events(&self) -> &[Numbered] {
        self.batch.get(self.others..).unwrap_or_default()
    }

    pub(super) fn push(&mut self, event: Event) -> Seq {
        let identity = self.register.identity_of(&event);
        self.push_known(event, identity)
    }

    /// Adds an event whose identity is known: the one that was proposed.
    pub(super) fn push_known(&mut self, event: Event, identity: Content) -> Seq {
        let first = if let Route::Elsewhere { first, .. } = &self.from { Some(first.clone()) } else { None };
        self.push_as(event, identity, first)
    }

    /// Adds an event that was entered first as this one elsewhere, or here.
    pub(super) fn push_as(&mut self, event: Event, identity: Content, first: Option<First>) -> Seq {
        let seq = Seq(self.register.size() + self.events().len() as u64 + 1);
        let about = event.about(seq, self.register);
        self.batch.push(Numbered { seq, event, identity, first, about });
        seq
    }

    /// Adds the new claim of a correction, which is an event of its own.
    pub(super) fn push_claim_of_correction(&mut self, claim: Event, identity: Content) -> Seq {
        let first = if let Route::Elsewhere { claim, .. } = &self.from { claim.clone() } else { None };
        self.push_as(claim, identity, first)
    }

    /// The key of a source, which may be one that this plan registers.
    pub(super) fn source_key(&self, source: Seq) -> Box<str> {
        let planned = self.events().iter().find(|planned| planned.seq == source).map(|planned| &planned.event);
        match (planned, self.register.catalogue.source(source)) {
            (Some(Event::SourceRegistered(planned)), _) => planned.key.clone(),
            (_, known) => known.map(|known| known.key.clone()).unwrap_or_default(),
        }
    }

    /// Whether no key had to be registered: only then can the proposal be a repetition.
    pub(super) fn is_settled(&self) -> bool {
        self.events().is_empty()
    }

    /// Gives up the events worked out so far.
    pub(super) fn drop_events(&mut self) {
        self.batch.truncate(self.others);
        self.planned.clear();
        self.registered.clear();
    }

    pub(super) fn resolve_claim(&mut self, named: NamedClaim) -> Result<Claim, Problem> {
        let subject = self.entity("subject", &named.subject)?;
        let attribute = self.attribute(&named.attribute, &named.value)?;
        let value = self.value("value", named.value, attribute)?;
        let mut chain = Vec::with_capacity(named.chain.len());
        for (place, link) in named.chain.into_iter().enumerate() {
            let who = self.source_at(place, &link.who)?;
            chain.push(Attribution { who, how: link.how, on: link.on });
        }
        let statement = Statement { subject, attribute, value, polarity: named.polarity, valid: named.valid };
        let NamedClaim { reference, id, is_private, .. } = named;
        Ok(Claim { statement, chain, reference, id, is_private })
    }

    /// A value for an attribute, which may be one that this plan defines.
    fn value(&mut self, field: &'static str, value: Typed, attribute: Seq) -> Result<Value<Seq>, Problem> {
        let value_type = self.definition(attribute).map(|defined| defined.value_type);
        // What comes from another ledger keeps the unit that it has there.
        let unit = if matches!(self.from, Route::Hand) { self.register.unit(attribute) } else { None };
        let value = value.resolve(value_type, unit);
        let value = value.map_err(|error| Problem::new(field, error).misspelt())?;
        value.try_rename(|key| self.entity(field, &key))
    }

    fn definition(&self, attribute: Seq) -> Option<&AttributeDefined> {
        let planned = self.events().iter().find_map(|planned| match &planned.event {
            Event::AttributeDefined(defined) if planned.seq == attribute => Some(defined),
            _ => None,
        });
        planned.or_else(|| self.register.catalogue.attribute(attribute))
    }

    pub(super) fn entity(&mut self, field: &'static str, key: &str) -> Result<Seq, Problem> {
        if let Some(seq) = self.register.catalogue.entity_of_key(key).or_else(|| self.planned("entity", key)) {
            return Ok(seq);
        }
        let register = self.register;
        let known = || register.catalogue.entities().map(|(_, entity)| &*entity.key);
        self.first_use(field, "entity", key, known)?;
        let entity = EntityRegistered { key: key.into(), label: None, aliases: Vec::new(), id: None };
        let seq = self.push_here(Event::EntityRegistered(entity));
        self.planned.insert(("entity", key.into()), seq);
        Ok(seq)
    }

    pub(super) fn source(&mut self, field: &'static str, key: &str) -> Result<Seq, Problem> {
        if let Some(seq) = self.register.catalogue.source_of_key(key).or_else(|| self.planned("source", key)) {
            return Ok(seq);
        }
        let register = self.register;
        let known = || register.catalogue.sources().map(|(_, source)| &*source.key);
        self.first_use(field, "source", key, known)?;
        let kind = SourceKind::Organisation;
        let source =
            SourceRegistered { key: key.into(), kind, label: None, reliability: None, id: None, is_private: false };
        let seq = self.push_here(Event::SourceRegistered(source));
        self.planned.insert(("source", key.into()), seq);
        Ok(seq)
    }

    fn source_at(&mut self, place: usize, key: &str) -> Result<Seq, Problem> {
        self.source("chain", key).map_err(|problem| Problem { field: format!("chain[{place}].who").into(), ..problem })
    }

    fn attribute(&mut self, key: &str, value: &Typed) -> Result<Seq, Problem> {
        if let Some(seq) = self.register.catalogue.attribute_of_key(key) {
            return Ok(seq);
        }
        let register = self.register;
        let known = || register.catalogue.attributes().map(|(_, attribute)| &*attribute.key);
        self.first_use("attribute", "attribute", key, known)?;
        let read = value.clone().resolve(None, None).map_err(|error| Problem::new("value", error).misspelt())?;
        let value_type = read.value_type().unwrap_or(ValueType::Text);
        if let Some(first_use) = self.registered.last_mut() {
            first_use.assumed = Some(assumed_of(key, value_type, &read));
        }
        let defined = AttributeDefined {
            key: key.into(),
            label: None,
            value_type,
            cardinality: Cardinality::Single,
            complement: Complement::NotDeclared,
            is_fixed: false,
            stale_after_days: None,
            unit: if let Value::Quantity(first) = &read { first.unit().map(Box::from) } else { None },
            id: None,
        };
        Ok(self.push_here(Event::AttributeDefined(defined)))
    }

    /// Adds an event that nobody proposed: a key is used for the first time here.
    fn push_here(&mut self, event: Event) -> Seq {
        let identity = self.register.identity_of(&event);
        self.push_as(event, identity, None)
    }

    fn planned(&self, what: &'static str, key: &str) -> Option<Seq> {
        if self.planned.is_empty() { None } else { self.planned.get(&(what, key.into())).copied() }
    }

    /// A key is used that is not registered: refused if so asked, else reported, with what it may be a slip for.
    fn first_use<'k, K: Iterator<Item = &'k str>>(
        &mut self,
        field: &'static str,
        what: &'static str,
        key: &str,
        known: impl FnOnce() -> K,
    ) -> Result<(), Problem> {
        /// So many known keys are compared with a new one that a person typed.
        const COMPARED_MAX: usize = 20_000;
        /// Every line of a long import may be refused.
        const COMPARED_IN_IMPORT_MAX: usize = 1000;
        if self.policy.is_strict || matches!(self.from, Route::Known(_)) {
            let problem = Problem::new(field, format!("{key:?} is no {what} of this ledger"));
            let compared = if self.policy.is_import { COMPARED_IN_IMPORT_MAX } else { COMPARED_MAX };
            let hint = match nearest(key, known().take(compared)) {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("register it first: `annals {what} {key}`"),
            };
            return Err(problem.with_hint(hint));
        }
        if !self.policy.is_import
            && let Some(near) = nearest(key, known().take(COMPARED_MAX).filter(|known| !differ_in_a_number(key, known)))
        {
            self.warnings.push(format!("{key:?} is new; did you mean {near:?}? `annals correct` mends a claim"));
        }
        self.warn_of_lookalike(what, key);
        self.registered.push(FirstUse { what, key: key.into(), assumed: None });
        Ok(())
    }

    /// The event of an id, `#SEQ` or `SEQ`, which must be of one of these kinds.
    pub(super) fn target(&self, field: &'static str, target: &str, kinds: &[EventKind]) -> Result<Seq, Problem> {
        let named = self.register.named(target);
        if let [_, _, ..] = named.as_slice() {
            let all: Vec<String> = named.iter().map(Seq::to_string).collect();
            return Err(Problem::new(field, format!("{target:?} names several events: {}", all.join(", ")))
                .with_hint("give the number of the one that is meant"));
        }
        let seq = named.first().copied().or_else(|| Seq::parse(target));
        let Some((seq, kind)) = seq.and_then(|seq| Some((seq, self.register.kind(seq)?))) else {
            return Err(Problem::new(field, format!("{target:?} is no event of this ledger"))
                .with_hint("give the id it was recorded with, or its number as #SEQ; `annals log` lists them"));
        };
        if kinds.contains(&kind) {
            return Ok(seq);
        }
        let mut wanted: Vec<&str> = kinds.iter().map(|kind| noun(*kind)).collect();
        wanted.dedup();
        Err(Problem::new(field, format!("{seq} is {}, not {}", noun(kind), wanted.join(" or "))))
    }

    /// What a note is about: an event by id or number, else an entity, attribute or source by key.
    pub(super) fn any_target(&self, about: &str) -> Result<Seq, Problem> {
        let catalogue = &self.register.catalogue;
        let of_key = || {
            let entity = catalogue.entity_of_key(about);
            entity.or_else(|| catalogue.attribute_of_key(about)).or_else(|| catalogue.source_of_key(about))
        };
        match self.target("about", about, EventKind::ALL) {
            Ok(seq) => Ok(seq),
            Err(problem) => of_key().ok_or(problem),
        }
    }

    pub(super) fn side(&mut self, value: Typed, value_type: ValueType) -> Result<Value<Seq>, Problem> {
        let value = value.resolve(Some(value_type), None).map_err(|error| Problem::new("complement", error).misspelt());
        let value = value?;
        value.try_rename(|key| self.entity("complement", &key))
    }
}

/// What is assumed of an attribute that was never declared, and how to say otherwise.
fn assumed_of(key: &str, value_type: ValueType, value: &Value<Box<str>>) -> String {
    let pair = if value_type == ValueType::Bool { ", not the one is the other" } else { "" };
    let unit = if let Value::Quantity(quantity) = value { quantity.unit() } else { None };
    let (unit, word) = (unit.map(|unit| format!(", in {unit:?}")).unwrap_or_default(), value_type.word());
    format!(
        "taken for one {word} at a time{pair}{unit}; declare otherwise with `annals attribute {key} --type {word} …`"
    )
}
