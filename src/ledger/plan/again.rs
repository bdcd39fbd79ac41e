//! What is there already: an event that is known again by its link, by its own id, or, where it has neither, by all its words
//! with nothing behind that changed what it says.

use super::resolve::Plan;
use crate::claim::{Claim, Problem};
use crate::event::{Before as _, EntityRegistered, Event, EventKind, Noted, Proposed};
use crate::ledger::knowledge::acts::newest::Slot;
use crate::ledger::knowledge::content::Content;
use crate::seq::Seq;
use crate::value::Value;

impl Plan<'_> {
    /// The event that has the own id of this one, in the ledger where it was entered first, if its content is the same.
    pub(super) fn with_same_id(&mut self, event: &Event, identity: Content) -> Result<Option<Seq>, Problem> {
        let Some(id) = event.own_id() else { return Ok(None) };
        let Some(seq) = self.register.id(self.ledger(), id) else { return Ok(None) };
        let digest = self.register.digest_of(event, identity);
        if self.is_settled() && self.register.digest(seq) == Some(digest) {
            return Ok(Some(seq));
        }
        Err(Problem::new("id", format!("{id:?} is taken by {seq}, which says something else"))
            .with_hint("give another id; to change what was recorded, use a correction"))
    }

    /// An event without an own id that says all the same, if it stands and nothing behind it said otherwise since.
    ///
    /// # Errors
    /// If it was taken back or corrected since, and is not to be recorded again.
    pub(super) fn there_already(&self, event: &Event, identity: Content) -> Result<Option<Seq>, Problem> {
        // Who types the same note twice means two: nobody answered on two days.
        let is_typed_note = !self.policy.is_import && matches!(event, Event::Noted(_));
        if event.own_id().is_some() || is_typed_note {
            return Ok(None);
        }
        let newest = Slot::of(event, self.actor).map(|slot| self.register.newest(slot));
        let mut dropped = None;
        for seq in self.register.repeated(event, identity).filter(|seq| self.register.kind(*seq) == Some(event.kind()))
        {
            match self.register.became(seq) {
                None if newest.is_none_or(|newest| newest == Some(seq)) => return Ok(Some(seq)),
                None => {}
                Some(became) => dropped = dropped.or(Some((seq, became))),
            }
        }
        // Who types an act again means it; a file that is imported again may only repeat it.
        match dropped.filter(|_| self.policy.is_import && !self.policy.is_again) {
            None => Ok(None),
            Some((seq, became)) => {
                let told = self.register.became_text(became);
                Err(Problem::new("line", format!("the same was recorded as {seq}, and {told}"))
                    .with_hint("leave it out; if it is to be recorded again all the same, add --again"))
            }
        }
    }

    /// Checks that an event known by its link says what this line says.
    ///
    /// # Errors
    /// If it says something else.
    pub(super) fn known_again(&mut self, proposed: Proposed, seq: Seq) -> Result<(), Problem> {
        let register = self.register;
        let (Some(kind), Some(known)) = (register.kind(seq), register.digest(seq)) else { return Ok(()) };
        let says_otherwise = || {
            Err(Problem::new("hash", format!("is that of {seq}, which says something else here"))
                .with_hint("take the line as it was exported, or leave it out"))
        };
        // Names that were erased are told apart by their numbers, which are other ones in every ledger.
        if register.has_erased() || self.is_rest(&proposed, seq, kind) {
            return Ok(());
        }
        let built = self.built(proposed, kind, register.about(seq));
        self.drop_events();
        match built {
            Ok((event, claim)) => {
                let is_it = |event: &Event, claim: Option<Claim>| {
                    let successor = claim
                        .map(Event::ClaimAsserted)
                        .map_or(0, |claim| register.digest_of(&claim, register.identity_of(&claim)));
                    register.digest_of(event, register.identity_with(event, successor)) == known
                };
                // A string is a text or a symbol, as the attribute was declared when the claim was recorded.
                if is_it(&event, claim.clone()) || is_it(&other_string(event), claim.map(with_other_string)) {
                    Ok(())
                } else {
                    says_otherwise()
                }
            }
            Err(problem) if problem.is_misspelt => Err(problem),
            Err(_) => says_otherwise(),
        }
    }

    /// Whether a line is what was left of this event where a part of it had been erased: a correction without its new claim is
    /// the retraction of the old one, and a note about what is gone is about nothing. Or it says of a source only that it was
    /// named, of an attribute only that it was used: what a ledger knew of them was then taken there.
    fn is_rest(&self, proposed: &Proposed, seq: Seq, kind: EventKind) -> bool {
        let is_told = |reason: &str| self.register.is_done_for(seq, reason);
        match proposed {
            Proposed::Retraction(act) => {
                matches!(kind, EventKind::Corrected | EventKind::Retracted) && is_told(&act.reason)
            }
            Proposed::Correction { act, .. } => kind == EventKind::Retracted && is_told(&act.reason),
            Proposed::Source(source) => {
                kind == EventKind::SourceRegistered && source.label.is_none() && source.reliability.is_none()
            }
            Proposed::Attribute(attribute) => {
                kind == EventKind::AttributeDefined && (attribute.is_bare() || self.is_bare_definition(seq))
            }
            Proposed::Note { about: None, text, id, is_private } => {
                let (text, id, is_private) = (text.clone(), id.clone(), *is_private);
                let bare = Event::Noted(Noted { about: None, text, id, is_private });
                let digest = self.register.digest_of(&bare, self.register.identity_of(&bare));
                self.register.bare_note_of(seq) == Some(digest)
            }
            _ => false,
        }
    }

    /// Whether an event says of an attribute only that it was used.
    fn is_bare_definition(&self, seq: Seq) -> bool {
        let (_, attribute) = self.register.about(seq);
        let mut definitions = self.register.catalogue.definitions(attribute).iter();
        definitions.any(|(defined_by, defined)| *defined_by == seq && defined.is_bare())
    }

    /// The event of a line, with the new claim of a correction, and nothing registered for it.
    fn built(
        &mut self,
        proposed: Proposed,
        kind: EventKind,
        about: (Seq, Seq),
    ) -> Result<(Event, Option<Claim>), Problem> {
        Ok(match proposed {
            Proposed::Claim(claim) => (Event::ClaimAsserted(self.resolve_claim(claim)?), None),
            Proposed::Correction { act, claim } => {
                let target = self.target("corrects", &act.target, super::claims::CLAIMS)?;
                let act = self.act("by", target, act)?;
                (Event::Corrected { act, successor: Seq(0) }, Some(self.resolve_claim(claim)?))
            }
            Proposed::Attribute(attribute) => (Event::AttributeDefined(self.definition_of(attribute)?), None),
            Proposed::Entity(EntityRegistered { aliases, id, .. }) if kind == EventKind::EntityAliased => {
                (Event::EntityAliased { entity: about.0, aliases, id }, None)
            }
            Proposed::Entity(entity) => (Event::EntityRegistered(entity), None),
            Proposed::Source(source) => (Event::SourceRegistered(source), None),
            other => (self.other(other)?, None),
        })
    }
}

/// An event with the other sort of string for its value.
fn other_string(event: Event) -> Event {
    if let Event::ClaimAsserted(claim) = event { Event::ClaimAsserted(with_other_string(claim)) } else { event }
}

/// A claim of a symbol in the place of a text, and the other way round.
fn with_other_string(mut claim: Claim) -> Claim {
    claim.statement.value = match claim.statement.value {
        Value::Text(text) => Value::Symbol(text),
        Value::Symbol(text) => Value::Text(text),
        other => other,
    };
    claim
}
