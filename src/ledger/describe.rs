//! Entities and sources described, for the first time or anew.

use super::resolve::Plan;
use crate::claim::Problem;
use crate::event::{Before as _, EntityRegistered, Event, EventKind, SourceRegistered};
use crate::seq::Seq;

impl Plan<'_> {
    pub(super) fn describe_entity(&mut self, entity: EntityRegistered) -> Result<Seq, Problem> {
        let Some(seq) = self.register.catalogue.entity_of_key(&entity.key) else {
            self.warn_of_lookalike("entity", &entity.key);
            return self.once_by_id(Event::EntityRegistered(entity));
        };
        let Some(known) = self.register.catalogue.entity(seq) else { return Ok(seq) };
        let new: Vec<Box<str>> =
            entity.aliases.iter().filter(|alias| !self.register.has_alias(seq, alias)).cloned().collect();
        let has_new_label = entity.label.is_some() && entity.label != known.label;
        let is_new = has_new_label || !new.is_empty();
        let kinds = [EventKind::EntityRegistered, EventKind::EntityAliased];
        if let Some(told) = self.told_by_id(entity.id.as_deref(), &kinds, (seq, Seq(0)), is_new)? {
            return Ok(told);
        }
        if !is_new && entity.id.is_none() {
            return Ok(seq);
        }
        let event = if has_new_label || new.is_empty() {
            let label = entity.label.or_else(|| known.label.clone());
            Event::EntityRegistered(EntityRegistered { aliases: new, label, ..entity })
        } else {
            Event::EntityAliased { entity: seq, aliases: new, id: entity.id }
        };
        Ok(self.describe_again(event))
    }

    pub(super) fn describe_source(&mut self, source: SourceRegistered) -> Result<Seq, Problem> {
        let Some(seq) = self.register.catalogue.source_of_key(&source.key) else {
            self.warn_of_lookalike("source", &source.key);
            return self.once_by_id(Event::SourceRegistered(source));
        };
        let Some(known) = self.register.catalogue.source(seq) else { return Ok(seq) };
        let is_same = source.kind == known.kind
            && source.is_private == known.is_private
            && (source.label.is_none() || source.label == known.label)
            && (source.reliability.is_none() || source.reliability == known.reliability);
        let kinds = [EventKind::SourceRegistered];
        if let Some(told) = self.told_by_id(source.id.as_deref(), &kinds, (seq, Seq(0)), !is_same)? {
            return Ok(told);
        }
        if is_same && source.id.is_none() {
            return Ok(seq);
        }
        let source = SourceRegistered { label: source.label.or_else(|| known.label.clone()), ..source };
        Ok(self.describe_again(Event::SourceRegistered(source)))
    }

    /// The event of this id, if it describes what a line with this id describes again with nothing new in it.
    pub(super) fn told_by_id(
        &self,
        id: Option<&str>,
        kinds: &[EventKind],
        about: (Seq, Seq),
        is_new: bool,
    ) -> Result<Option<Seq>, Problem> {
        let Some((seq, id)) = id.and_then(|id| Some((self.register.id(id)?.0, id))) else { return Ok(None) };
        if !is_new
            && self.register.kind(seq).is_some_and(|kind| kinds.contains(&kind))
            && self.register.about(seq) == about
        {
            return Ok(Some(seq));
        }
        Err(Problem::new("id", format!("{id:?} is taken by {seq}, which says something else"))
            .with_hint("give another id"))
    }

    /// Registers a key, under an id that is not taken.
    pub(super) fn once_by_id(&mut self, event: Event) -> Result<Seq, Problem> {
        self.told_by_id(event.own_id(), &[], (Seq(0), Seq(0)), true)?;
        Ok(self.push(event))
    }

    /// Describes a key anew, unless an import repeats what was said once: the event that says so.
    pub(super) fn describe_again(&mut self, event: Event) -> Seq {
        let repeated = self.register.repeated(self.register.identity_of(&event));
        repeated.filter(|_| self.policy.is_import).unwrap_or_else(|| self.push(event))
    }
}
