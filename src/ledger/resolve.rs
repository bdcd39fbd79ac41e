//! Names into numbers: keys that are known, keys used for the first time, and ids of earlier events.

use foldhash::HashMap;

use super::content::Content;
use super::oddities::{differ_in_a_number, nearest, noun};
use super::register::Register;
use super::stage::{Numbered, Policy};
use crate::claim::{Claim, NamedClaim, Problem, Statement};
use crate::event::{
    AttributeDefined, Cardinality, Complement, EntityRegistered, Event, EventKind, ProposedAttribute, SourceRegistered,
};
use crate::seq::Seq;
use crate::source::{Attribution, SourceKind};
use crate::value::{Typed, Value, ValueType};

/// The events that a proposal takes, as far as they are worked out.
pub(super) struct Plan<'r> {
    pub(super) register: &'r Register,
    pub(super) policy: Policy,
    /// The events worked out so far stand behind those of others.
    batch: &'r mut Vec<Numbered>,
    others: usize,
    /// Entities and sources among them, by key.
    planned: HashMap<(&'static str, Box<str>), Seq>,
    pub(super) registered: Vec<(&'static str, Box<str>)>,
    pub(super) warnings: Vec<String>,
    /// An id that stands for a claim recorded without it.
    pub(super) alias: Option<(Box<str>, Seq, u64)>,
}

impl<'r> Plan<'r> {
    pub(super) fn new(register: &'r Register, policy: Policy, batch: &'r mut Vec<Numbered>) -> Self {
        let (others, planned) = (batch.len(), HashMap::default());
        let (registered, warnings) = (Vec::new(), Vec::new());
        Plan { register, policy, batch, others, planned, registered, warnings, alias: None }
    }

    /// The events worked out so far.
    pub(super) fn events(&self) -> &[Numbered] {
        self.batch.get(self.others..).unwrap_or_default()
    }

    pub(super) fn push(&mut self, event: Event) -> Seq {
        let identity = self.register.identity_of(&event);
        self.push_known(event, identity)
    }

    /// Adds an event whose identity is known.
    pub(super) fn push_known(&mut self, event: Event, identity: Content) -> Seq {
        let seq = Seq(self.register.size() + self.events().len() as u64 + 1);
        let about = event.about(seq, self.register);
        self.batch.push(Numbered { seq, event, identity, first: None, about });
        seq
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

    /// The event that has the id of this one, which has this identity, if its content is the same.
    pub(super) fn with_same_id(&mut self, event: &Event, identity: Content) -> Result<Option<Seq>, Problem> {
        let Some(id) = event.own_id() else { return Ok(None) };
        let Some((seq, digest)) = self.register.id(id) else { return Ok(None) };
        if self.is_settled() && digest == self.register.digest_of(event, identity) {
            return Ok(Some(seq));
        }
        Err(Problem::new("id", format!("{id:?} is taken by {seq}, which says something else"))
            .with_hint("give another id; to change what was recorded, use a correction"))
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
        let (value_type, unit) = match self.definition(attribute) {
            Some(defined) => (Some(defined.value_type), defined.unit.clone()),
            None => (None, None),
        };
        let value = value.resolve(value_type, unit.as_deref());
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
        let seq = self.push(Event::EntityRegistered(entity));
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
        let seq = self.push(Event::SourceRegistered(source));
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
        let defined = AttributeDefined {
            key: key.into(),
            label: None,
            value_type: read.value_type().unwrap_or(ValueType::Text),
            cardinality: Cardinality::Single,
            complement: Complement::NotDeclared,
            is_fixed: false,
            stale_after_days: None,
            unit: None,
            id: None,
        };
        Ok(self.push(Event::AttributeDefined(defined)))
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
        if self.policy.is_strict {
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
        self.registered.push((what, key.into()));
        Ok(())
    }

    /// The event of an id or `#SEQ`, which must be of one of these kinds.
    pub(super) fn target(&self, field: &'static str, target: &str, kinds: &[EventKind]) -> Result<Seq, Problem> {
        let by_number = || target.strip_prefix('#').and_then(Seq::parse);
        let seq = self.register.id(target).map(|(seq, _)| seq).or_else(by_number);
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

    /// Declares an attribute, or declares it anew.
    pub(super) fn define(&mut self, attribute: ProposedAttribute) -> Result<Seq, Problem> {
        let known = self.register.catalogue.attribute_of_key(&attribute.key);
        let complement = attribute.complement.try_map(|side| self.side(side, attribute.value_type))?;
        if complement.pair().is_some_and(|(p, q)| p == q) {
            return Err(Problem::new("complement", "names one value twice"));
        }
        let defined = AttributeDefined {
            key: attribute.key,
            label: attribute.label,
            value_type: attribute.value_type,
            cardinality: attribute.cardinality,
            complement,
            is_fixed: attribute.is_fixed,
            stale_after_days: attribute.stale_after_days,
            unit: attribute.unit,
            id: attribute.id,
        };
        let Some(seq) = known else {
            self.warn_of_lookalike("attribute", &defined.key);
            return self.once_by_id(Event::AttributeDefined(defined));
        };
        let Some(before) = self.register.catalogue.attribute(seq) else { return Ok(seq) };
        let strings = [ValueType::Text, ValueType::Symbol];
        let is_compatible = before.value_type == defined.value_type
            || strings.contains(&before.value_type) && strings.contains(&defined.value_type);
        if !is_compatible && self.register.is_used(seq) {
            return Err(Problem::new(
                "value_type",
                format!("{:?} has claims of type {} already", before.key, before.value_type.word()),
            ));
        }
        let is_new = *before != AttributeDefined { id: before.id.clone(), ..defined.clone() };
        let kinds = [EventKind::AttributeDefined];
        if let Some(known) = self.told_by_id(defined.id.as_deref(), &kinds, (Seq(0), seq), is_new)? {
            return Ok(known);
        }
        if defined.id.is_none() && !is_new {
            return Ok(seq);
        }
        if before.unit != defined.unit && self.register.is_used(seq) {
            let key = &defined.key;
            self.warnings.push(format!("claims of {key:?} recorded before keep the unit they have, or none"));
        }
        Ok(self.describe_again(Event::AttributeDefined(defined)))
    }

    fn side(&mut self, value: Typed, value_type: ValueType) -> Result<Value<Seq>, Problem> {
        let value = value.resolve(Some(value_type), None).map_err(|error| Problem::new("complement", error).misspelt());
        let value = value?;
        value.try_rename(|key| self.entity("complement", &key))
    }
}
