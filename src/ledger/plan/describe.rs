//! Attributes, entities and sources described, for the first time or anew.

use super::resolve::{Plan, Route};
use crate::claim::Problem;
use crate::event::{
    AttributeDefined, Before as _, EntityRegistered, Event, EventKind, ProposedAttribute, SourceRegistered,
};
use crate::seq::Seq;
use crate::value::{ValueType, is_same_unit};

impl Plan<'_> {
    pub(super) fn describe_entity(&mut self, entity: EntityRegistered) -> Result<Seq, Problem> {
        let Some(seq) = self.register.catalogue.entity_of_key(&entity.key) else {
            self.warn_of_lookalike("entity", &entity.key);
            return self.once_by_id(Event::EntityRegistered(entity));
        };
        if matches!(self.from, Route::Elsewhere { .. }) {
            let is_alias = entity.label.is_none() && !entity.aliases.is_empty();
            return self.once_by_id(if is_alias {
                Event::EntityAliased { entity: seq, aliases: entity.aliases, id: entity.id }
            } else {
                Event::EntityRegistered(entity)
            });
        }
        self.register.vouch(seq);
        let Some(known) = self.register.catalogue.entity(seq) else { return Ok(seq) };
        let new: Vec<Box<str>> =
            entity.aliases.iter().filter(|alias| !self.register.has_alias(seq, alias)).cloned().collect();
        let has_new_label = entity.label.is_some() && entity.label != known.label;
        let is_new = has_new_label || !new.is_empty();
        let kinds = [EventKind::EntityRegistered, EventKind::EntityAliased];
        if let Some(told) = self.told_by_id(entity.id.as_deref(), &kinds, (seq, Seq(0)), is_new)? {
            return Ok(told);
        }
        let is_again = self.describes_again(seq);
        if !is_new && entity.id.is_none() && !is_again {
            return Ok(seq);
        }
        if is_again {
            return Ok(self.push(Event::EntityRegistered(entity)));
        }
        let event = if has_new_label || new.is_empty() {
            let label = entity.label.or_else(|| known.label.clone());
            Event::EntityRegistered(EntityRegistered { aliases: new, label, ..entity })
        } else {
            Event::EntityAliased { entity: seq, aliases: new, id: entity.id }
        };
        Ok(self.push(event))
    }

    pub(super) fn describe_source(&mut self, source: SourceRegistered) -> Result<Seq, Problem> {
        let Some(seq) = self.register.catalogue.source_of_key(&source.key) else {
            self.warn_of_lookalike("source", &source.key);
            return self.once_by_id(Event::SourceRegistered(source));
        };
        if matches!(self.from, Route::Elsewhere { .. }) {
            return self.once_by_id(Event::SourceRegistered(source));
        }
        self.register.vouch(seq);
        let Some(known) = self.register.catalogue.source(seq) else { return Ok(seq) };
        let is_same = source.kind == known.kind
            && source.is_private == known.is_private
            && (source.label.is_none() || source.label == known.label)
            && (source.reliability.is_none() || source.reliability == self.register.grade(seq));
        let kinds = [EventKind::SourceRegistered];
        if let Some(told) = self.told_by_id(source.id.as_deref(), &kinds, (seq, Seq(0)), !is_same)? {
            return Ok(told);
        }
        let is_again = self.describes_again(seq);
        if is_same && source.id.is_none() && !is_again {
            return Ok(seq);
        }
        let label = source.label.or_else(|| known.label.clone().filter(|_| !is_again));
        let source = SourceRegistered { label, ..source };
        Ok(self.push(Event::SourceRegistered(source)))
    }

    /// Declares an attribute, or declares it anew.
    pub(super) fn define(&mut self, attribute: ProposedAttribute) -> Result<Seq, Problem> {
        let defined = self.definition_of(attribute)?;
        let Some(seq) = self.register.catalogue.attribute_of_key(&defined.key) else {
            self.warn_of_lookalike("attribute", &defined.key);
            return self.once_by_id(Event::AttributeDefined(defined));
        };
        self.register.vouch(seq);
        let Some(before) = self.register.catalogue.attribute(seq) else { return Ok(seq) };
        if self.register.is_used(seq) {
            self.check_redefinition(seq, before, &defined)?;
        }
        if matches!(self.from, Route::Elsewhere { .. }) {
            return self.once_by_id(Event::AttributeDefined(defined));
        }
        let is_new = *before != AttributeDefined { id: before.id.clone(), ..defined.clone() };
        let kinds = [EventKind::AttributeDefined];
        if let Some(known) = self.told_by_id(defined.id.as_deref(), &kinds, (Seq(0), seq), is_new)? {
            return Ok(known);
        }
        if defined.id.is_none() && !is_new && !self.describes_again(seq) {
            return Ok(seq);
        }
        Ok(self.push(Event::AttributeDefined(defined)))
    }

    /// What claims were made of stays what it is: the type of the values, and the unit they were first counted in.
    fn check_redefinition(
        &mut self,
        seq: Seq,
        before: &AttributeDefined,
        defined: &AttributeDefined,
    ) -> Result<(), Problem> {
        let strings = [ValueType::Text, ValueType::Symbol];
        let is_compatible = before.value_type == defined.value_type
            || strings.contains(&before.value_type) && strings.contains(&defined.value_type);
        let key = &defined.key;
        if !is_compatible {
            let word = before.value_type.word();
            return Err(Problem::new("value_type", format!("{key:?} has claims of type {word} already")));
        }
        let unit = self.register.unit(seq);
        match (unit.as_deref(), defined.unit.as_deref()) {
            (Some(known), Some(given)) if !is_same_unit(known, given) => {
                let problem = Problem::new("unit", format!("{key:?} was counted in {known:?} from its first use on"));
                Err(problem.with_hint(format!("give {given:?} a key of its own, such as {key}-in-{given}")))
            }
            (None, Some(_)) => {
                self.warnings.push(format!("claims of {key:?} recorded before keep what they have: no unit"));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Whether a description registers a key again that was taken back. A file that is imported again may only repeat what
    /// was taken back since.
    fn describes_again(&self, first: Seq) -> bool {
        self.is_to_register_again(first) && (!self.policy.is_import || self.policy.is_again)
    }

    /// The event of a declaration.
    pub(super) fn definition_of(&mut self, attribute: ProposedAttribute) -> Result<AttributeDefined, Problem> {
        let complement = attribute.complement.try_map(|side| self.side(side, attribute.value_type))?;
        if complement.pair().is_some_and(|(p, q)| p == q) {
            return Err(Problem::new("complement", "names one value twice"));
        }
        Ok(AttributeDefined {
            key: attribute.key,
            label: attribute.label,
            value_type: attribute.value_type,
            cardinality: attribute.cardinality,
            complement,
            is_fixed: attribute.is_fixed,
            stale_after_days: attribute.stale_after_days,
            unit: attribute.unit,
            id: attribute.id,
        })
    }

    /// The event of this id, if it describes what a line with this id describes again with nothing new in it.
    fn told_by_id(
        &self,
        id: Option<&str>,
        kinds: &[EventKind],
        about: (Seq, Seq),
        is_new: bool,
    ) -> Result<Option<Seq>, Problem> {
        let Some((seq, id)) = id.and_then(|id| Some((self.register.id(self.ledger(), id)?, id))) else {
            return Ok(None);
        };
        let is_of_kind = self.register.kind(seq).is_some_and(|kind| kinds.contains(&kind));
        if is_of_kind && self.register.about(seq) == about && !is_new {
            return Ok(Some(seq));
        }
        Err(Problem::new("id", format!("{id:?} is taken by {seq}, which says something else"))
            .with_hint("give another id"))
    }

    /// Records what a key is, under an id that is not taken.
    fn once_by_id(&mut self, event: Event) -> Result<Seq, Problem> {
        let identity = self.register.identity_of(&event);
        if let Some(seq) = self.with_same_id(&event, identity)? {
            return Ok(seq);
        }
        Ok(self.push_known(event, identity))
    }
}
