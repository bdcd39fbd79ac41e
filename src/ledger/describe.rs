//! Entities and sources described, for the first time or anew.

use super::resolve::Plan;
use crate::event::{EntityRegistered, Event, SourceRegistered};
use crate::seq::Seq;

impl Plan<'_> {
    pub(super) fn describe_entity(&mut self, entity: EntityRegistered) -> Seq {
        let Some(seq) = self.register.catalogue.entity_of_key(&entity.key) else {
            self.warn_of_lookalike("entity", &entity.key);
            return self.push_registration(|seq| (seq, Seq(0)), Event::EntityRegistered(entity));
        };
        let Some(known) = self.register.catalogue.entity(seq) else { return seq };
        let new: Vec<Box<str>> =
            entity.aliases.iter().filter(|alias| !self.register.has_alias(seq, alias)).cloned().collect();
        if entity.label.is_some() && entity.label != known.label {
            let event = Event::EntityRegistered(EntityRegistered { aliases: new, ..entity });
            return self.describe_again(event, (seq, Seq(0)));
        }
        if new.is_empty() {
            return seq;
        }
        let event = Event::EntityAliased { entity: seq, aliases: new };
        self.describe_again(event, (seq, Seq(0)))
    }

    pub(super) fn describe_source(&mut self, source: SourceRegistered) -> Seq {
        let Some(seq) = self.register.catalogue.source_of_key(&source.key) else {
            self.warn_of_lookalike("source", &source.key);
            return self.push_registration(|_| (Seq(0), Seq(0)), Event::SourceRegistered(source));
        };
        let Some(known) = self.register.catalogue.source(seq) else { return seq };
        let is_same = source.kind == known.kind
            && (source.label.is_none() || source.label == known.label)
            && (source.reliability.is_none() || source.reliability == known.reliability);
        if is_same {
            return seq;
        }
        let source = SourceRegistered { label: source.label.or_else(|| known.label.clone()), ..source };
        self.describe_again(Event::SourceRegistered(source), (Seq(0), Seq(0)))
    }

    /// Describes a key anew, unless an import repeats what was said once: the event that says so.
    pub(super) fn describe_again(&mut self, event: Event, about: (Seq, Seq)) -> Seq {
        let repeated = self.register.repeated(self.register.identity_of(&event));
        repeated.filter(|_| self.policy.is_import).unwrap_or_else(|| self.push(event, about))
    }
}
