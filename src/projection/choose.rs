//! Step 1 of an answer: which claims speak of a key, and what each says in the fold's own terms.

use super::build::Build;
use super::day::{ListDenial, Voice, Voices, rank_reaches};
use super::known::horizon::Known;
use super::known::standing::{Dropped, Standing};
use crate::claim::ClaimFact;
use crate::event::Cardinality;
use crate::seq::Seq;
use crate::value::{Identity, Value, ValueType};

/// Everything a ledger says of one (subject, attribute) at a horizon, whatever the day asked for.
#[derive(Clone, Debug)]
pub struct Key {
    /// The canonical subject.
    pub subject: Seq,
    /// The attribute.
    pub attribute: Seq,
    pub(super) is_multi: bool,
    /// One part for a single-valued attribute, one a value for a multi-valued one.
    pub(super) parts: Vec<Voices>,
    /// Claims that are not used, and why.
    pub dropped: Vec<(Seq, Dropped)>,
}

impl Key {
    /// Whether any claim of it is used.
    #[must_use]
    pub fn has_live_claim(&self) -> bool {
        self.parts.iter().any(|part| !part.voices.is_empty())
    }
}

/// Room is made ahead for so many claims of a key at most.
const ROOM_MAX: usize = 256;

impl Key {
    /// The claims of it that are used, in the order of their events.
    pub(super) fn claims(&self) -> impl Iterator<Item = Seq> {
        let all = self.parts.iter().flat_map(|part| &part.voices).map(|voice| voice.claim);
        all.collect::<std::collections::BTreeSet<Seq>>().into_iter()
    }
}

impl<'a> Known<'a> {
    /// What is said of one key.
    #[must_use]
    pub fn key(&self, subject: Seq, attribute: Seq) -> Key {
        let subject = self.canonical(subject);
        let is_of_key = |fact: &&ClaimFact| fact.attribute == attribute && self.canonical(fact.subject) == subject;
        let claims = self.facts.claims().iter();
        let room = claims.len().min(ROOM_MAX);
        self.key_of_claims(subject, attribute, claims.filter(is_of_key), room)
    }

    /// What some claims, about so many, say of a key.
    fn key_of_claims(
        &self,
        subject: Seq,
        attribute: Seq,
        claims: impl Iterator<Item = &'a ClaimFact>,
        room: usize,
    ) -> Key {
        let defined = self.attribute(attribute);
        let is_multi = defined.is_some_and(|defined| defined.cardinality == Cardinality::Multi);
        let mut build = Build::new(self, defined);
        build.all.voices.reserve(room);
        let mut dropped = Vec::new();
        for fact in claims.filter(|fact| self.is_recorded(fact.seq)) {
            match self.standing(fact) {
                Standing::Dropped(why) => dropped.push((fact.seq, why)),
                Standing::Live(said) => {
                    let start = build.all.voices.len();
                    build.add(fact);
                    for voice in build.all.voices.iter_mut().skip(start) {
                        voice.is_disputed = !said.disputes.is_empty();
                        voice.is_rated_true = said.is_rated_true;
                        voice.is_rated_false = said.rated_false.is_some();
                        voice.is_waiting |= said.is_waiting;
                    }
                }
            }
        }
        for (seq, (erased_subject, of)) in &self.facts.erased {
            if *of == attribute && self.canonical(*erased_subject) == subject && self.is_recorded(*seq) {
                dropped.push((*seq, Dropped::Erased));
            }
        }
        let mut all = build.all;
        let parts = if is_multi {
            by_value(all)
        } else {
            rank_reaches(&mut all);
            vec![all]
        };
        Key { subject, attribute, is_multi, parts, dropped }
    }

    /// The identity of a value, its entity taken to its canonical one.
    pub(super) fn identity(&self, value: &Value<Seq>, value_type: ValueType) -> Identity {
        match value {
            Value::Entity(entity) => Identity::of(&Value::Entity(self.canonical(*entity)), value_type),
            value => Identity::of(value, value_type),
        }
    }
}

/// Splits what is said into one part a value. A claim of `NoValue` denies every other value too, and a claim of any value
/// denies `NoValue`.
fn by_value(all: Voices) -> Vec<Voices> {
    let none = all.values.iter().position(|entry| entry.value == Value::None);
    let (stale_after_days, is_fixed) = (all.stale_after_days, all.is_fixed);
    let part = |entry| Voices { values: vec![entry], stale_after_days, is_fixed, is_multi: true, ..Voices::default() };
    let mut parts: Vec<Voices> = all.values.into_iter().map(part).collect();
    let as_denial = |voice: &Voice| Voice { value: 0, is_denial: true, ..voice.clone() };
    let mut of_none: Vec<Voice> = Vec::new();
    let mut new_places = Vec::with_capacity(all.voices.len());
    for voice in all.voices {
        let value = voice.value;
        if let Some(none) = none.filter(|_| !voice.is_denial) {
            if value == none {
                of_none.push(as_denial(&voice));
            } else if let Some(part) = parts.get_mut(none) {
                part.voices.push(as_denial(&voice));
            }
        }
        if let Some(part) = parts.get_mut(value) {
            new_places.push((value, part.voices.len()));
            part.voices.push(Voice { value: 0, ..voice });
        }
    }
    for denial in all.denials {
        if let Some((value, voice)) = new_places.get(denial.voice)
            && let Some(part) = parts.get_mut(*value)
        {
            part.denials.push(ListDenial { voice: *voice, days: denial.days });
        }
    }
    for (_, part) in parts.iter_mut().enumerate().filter(|(value, _)| Some(*value) != none) {
        if !part.voices.is_empty() {
            part.voices.extend(of_none.iter().cloned());
        }
    }
    parts.retain(|part| !part.voices.is_empty());
    parts
}
