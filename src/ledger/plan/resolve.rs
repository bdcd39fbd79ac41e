//! Names into numbers: keys that are known, keys used for the first time, and ids of earlier events.

use foldhash::HashMap;

use super::noun::noun;
use super::policy::{FirstUse, Policy};
use crate::claim::{Claim, NamedClaim, Problem, Statement};
use crate::event::{
    AttributeDefined, Cardinality, Complement, EntityRegistered, Event, EventKind, First, SourceRegistered,
};
use crate::ledger::knowledge::content::Content;
use crate::ledger::knowledge::numbered::Numbered;
use crate::ledger::knowledge::register::Register;
use crate::ledger::read::nearest::{differ_in_a_number, nearest};
use crate::seq::Seq;
use crate::source::{Attribution, SourceKind};
use crate::value::{Typed, Value, ValueType};

/// Where a line comes from.
#[derive(Clone, Debug)]
pub(in crate::ledger) enum Route {
    /// Somebody wrote it, by hand or by a program: it is checked as what is typed is.
    Hand,
    /// Another ledger, where it was entered first. It is recorded word for word.
    Elsewhere {
        /// As which event.
        first: First,
        /// Who entered the new claim of a correction first.
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
    /// So many of them register again a key that was taken back.
    again: usize,
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
        Plan { register, from, actor, policy, batch, others, planned, again: 0, registered, warnings, alias: None }
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

    /// Whether no key had to be registered for the first time: only then can the proposal be a repetition.
    pub(super) fn is_settled(&self) -> bool {
        self.events().len() == self.again
    }

    /// Whether a key that is used was taken back. Who uses it here registers it again; what comes from an export names it as it
    /// did there.
    pub(super) fn is_to_register_again(&self, first: Seq) -> bool {
        matches!(self.from, Route::Hand) && !self.register.catalogue.is_registered(first)
    }

    /// Gives up the events worked out so far.
    pub(super) fn drop_events(&mut self) {
        self.batch.truncate(self.others);
        self.again = 0;
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
        let unit = unit.as_deref();
        let value = value.resolve(value_type, unit);
        let value = value.map_err(|error| Problem::new(field, error).misspelt())?;
        self.tell_unit(attribute, &value, unit);
        value.try_rename(|key| self.entity(field, &key))
    }

    /// The first value with a unit fixes that of an attribute which was declared without one.
    fn tell_unit(&mut self, attribute: Seq, value: &Value<Box<str>>, unit: Option<&str>) {
        let (None, Value::Quantity(quantity)) = (unit, value) else { return };
        let (Some(unit), Some(defined)) = (quantity.unit(), self.register.catalogue.attribute(attribute)) else {
            return;
        };
        let is_fixed_here = matches!(self.from, Route::Hand) && defined.unit.is_none();
        if is_fixed_here {
            let told = format!("attribute {:?} is counted in it from now on, and another unit is refused", defined.key);
            self.registered.push(FirstUse { what: "unit", key: unit.into(), assumed: Some(told) });
        }
    }

    fn definition(&self, attribute: Seq) -> Option<&AttributeDefined> {
        let planned = self.events().iter().find_map(|planned| match &planned.event {
            Event::AttributeDefined(defined) if planned.seq == attribute => Some(defined),
            _ => None,
        });
        planned.or_else(|| self.register.catalogue.attribute(attribute))
    }

    pub(super) fn entity(&mut self, field: &'static str, key: &str) -> Result<Seq, Problem> {
        let register = self.register;
        let known = self.vouched(register.catalogue.entity_of_key(key));
        if let Some(seq) = self.planned("entity", key).or(known.filter(|seq| !self.is_to_register_again(*seq))) {
            return Ok(seq);
        }
        let others = || register.catalogue.entities().map(|(seq, entity)| (seq, &*entity.key));
        self.first_use(field, "entity", (key, known), others)?;
        let entity = EntityRegistered { key: key.into(), label: None, aliases: Vec::new(), id: None };
        let seq = self.push_here(Event::EntityRegistered(entity), known);
        self.planned.insert(("entity", key.into()), seq);
        Ok(seq)
    }

    pub(super) fn source(&mut self, field: &'static str, key: &str) -> Result<Seq, Problem> {
        let register = self.register;
        let known = self.vouched(register.catalogue.source_of_key(key));
        if let Some(seq) = self.planned("source", key).or(known.filter(|seq| !self.is_to_register_again(*seq))) {
            return Ok(seq);
        }
        let others = || register.catalogue.sources().map(|(seq, source)| (seq, &*source.key));
        self.first_use(field, "source", (key, known), others)?;
        let before = known.and_then(|seq| register.catalogue.source(seq));
        let (kind, is_private) = before.map_or((SourceKind::Organisation, false), |of| (of.kind, of.is_private));
        let source = SourceRegistered { key: key.into(), kind, label: None, reliability: None, id: None, is_private };
        let seq = self.push_here(Event::SourceRegistered(source), known);
        self.planned.insert(("source", key.into()), seq);
        Ok(seq)
    }

    /// A name that is known, and that the log says.
    fn vouched(&self, known: Option<Seq>) -> Option<Seq> {
        known.inspect(|seq| self.register.vouch(*seq))
    }

    fn source_at(&mut self, place: usize, key: &str) -> Result<Seq, Problem> {
        self.source("chain", key).map_err(|problem| Problem { field: format!("chain[{place}].who").into(), ..problem })
    }

    fn attribute(&mut self, key: &str, value: &Typed) -> Result<Seq, Problem> {
        let register = self.register;
        let known = self.vouched(register.catalogue.attribute_of_key(key));
        if let Some(seq) = known.filter(|seq| !self.is_to_register_again(*seq)) {
            return Ok(seq);
        }
        let others = || register.catalogue.attributes().map(|(seq, attribute)| (seq, &*attribute.key));
        self.first_use("attribute", "attribute", (key, known), others)?;
        // What claims were made of stays what it was.
        if let Some(before) =
            known.filter(|seq| register.is_used(*seq)).and_then(|seq| register.catalogue.attribute(seq))
        {
            let defined = AttributeDefined { id: None, ..before.clone() };
            return Ok(self.push_here(Event::AttributeDefined(defined), known));
        }
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
        Ok(self.push_here(Event::AttributeDefined(defined), known))
    }

    /// Adds an event that nobody proposed: a key is used for the first time here, or again after it was taken back. The key
    /// belongs to the event that registered it first.
    fn push_here(&mut self, event: Event, known: Option<Seq>) -> Seq {
        let identity = self.register.identity_of(&event);
        let seq = self.push_as(event, identity, None);
        self.again += usize::from(known.is_some());
        known.unwrap_or(seq)
    }

    fn planned(&self, what: &'static str, key: &str) -> Option<Seq> {
        if self.planned.is_empty() { None } else { self.planned.get(&(what, key.into())).copied() }
    }

    /// A key is used that is not registered: refused if so asked, else reported, with what it may be a slip for.
    fn first_use<'k, K: Iterator<Item = (Seq, &'k str)>>(
        &mut self,
        field: &'static str,
        what: &'static str,
        (key, taken_back): (&str, Option<Seq>),
        others: impl Fn() -> K,
    ) -> Result<(), Problem> {
        /// So many known keys are compared with a new one that a person typed.
        const COMPARED_MAX: usize = 20_000;
        /// Every line of a long import may be refused.
        const COMPARED_IN_IMPORT_MAX: usize = 1000;
        let catalogue = &self.register.catalogue;
        let most = if self.policy.is_import { COMPARED_IN_IMPORT_MAX } else { COMPARED_MAX };
        let can_be_meant = || others().take(most).filter(|(seq, _)| catalogue.is_registered(*seq)).map(|(_, key)| key);
        if self.policy.is_strict || matches!(self.from, Route::Known(_)) {
            let problem = Problem::new(field, format!("{key:?} is no {what} of this ledger"));
            let hint = match nearest(key, can_be_meant()) {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("register it first: `annals {what} {key}`"),
            };
            return Err(problem.with_hint(hint));
        }
        let is_told = self.warn_of_lookalike(what, key);
        if !self.policy.is_import
            && !is_told
            && let Some(near) = nearest(key, can_be_meant().filter(|known| !differ_in_a_number(key, known)))
        {
            self.warnings.push(format!("{key:?} is new; did you mean {near:?}? `annals correct` mends a claim"));
        }
        let assumed = taken_back.map(|_| "again, for it was taken back".to_owned());
        self.registered.push(FirstUse { what, key: key.into(), assumed });
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
        if kind == EventKind::Retracted {
            return Err(Problem::new(field, format!("{seq} is a retraction, which cannot be taken back")).with_hint(
                "record once more what it took back: a claim with --again; `annals retract --help` says what can be taken back",
            ));
        }
        let mut wanted: Vec<&str> = kinds.iter().map(|kind| noun(*kind)).collect();
        wanted.dedup();
        if wanted.len() > KINDS_TOLD_MAX {
            return Err(Problem::new(field, format!("{seq} is {}, which cannot be taken back", noun(kind)))
                .with_hint("`annals retract --help` says what can be taken back"));
        }
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
            Err(problem) => self.vouched(of_key()).ok_or(problem),
        }
    }

    pub(super) fn side(&mut self, value: Typed, value_type: ValueType) -> Result<Value<Seq>, Problem> {
        let value = value.resolve(Some(value_type), None).map_err(|error| Problem::new("complement", error).misspelt());
        let value = value?;
        value.try_rename(|key| self.entity("complement", &key))
    }
}

/// Of more kinds of events than these it is not told that one of them was wanted.
const KINDS_TOLD_MAX: usize = 4;

/// What is assumed of an attribute that was never declared, and how to say otherwise.
fn assumed_of(key: &str, value_type: ValueType, value: &Value<Box<str>>) -> String {
    let pair = if value_type == ValueType::Bool { " (what is not true is false)" } else { "" };
    let unit = if let Value::Quantity(quantity) = value { quantity.unit() } else { None };
    let (unit, word) = (unit.map(|unit| format!(", counted in {unit:?}")).unwrap_or_default(), value_type.word());
    format!(
        "assumed to have one value at a time, of type {word}{pair}{unit}; declare otherwise with \
         `annals attribute {key} --type {word} …`"
    )
}
