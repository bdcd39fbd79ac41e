//! A line being told: values, claims and dates in words.

use std::fmt;

use super::reason::{Reason, ReasonPart};
use super::valid::valid_parts;
use crate::projection::day::{Group, Mark, ValueId, Voice, Voices};
use crate::projection::known::horizon::Known;
use crate::seq::Seq;
use crate::value::Value;

/// A line being told of the claims of a key.
pub(super) struct Tell<'k, 'a> {
    pub(super) known: &'k Known<'a>,
    pub(super) key: &'k Voices,
    pub(super) reason: Reason,
    /// The claims that were told, also those that were only counted.
    pub(super) told: Vec<Seq>,
}

/// Of more claims than these the rest are counted.
const CLAIMS_TOLD: usize = 3;
/// Of more sides than these the rest are counted.
const SIDES_TOLD: usize = 5;

impl<'k, 'a> Tell<'k, 'a> {
    pub(super) fn new(known: &'k Known<'a>, key: &'k Voices) -> Self {
        Tell { known, key, reason: Reason::default(), told: Vec::new() }
    }

    pub(super) fn text(&mut self, words: &'static str) -> &mut Self {
        self.reason.words(words);
        self
    }

    pub(super) fn date(&mut self, date: impl fmt::Display) -> &mut Self {
        self.push(ReasonPart::Date(date.to_string().into()))
    }

    pub(super) fn count(&mut self, count: usize) -> &mut Self {
        self.push(ReasonPart::Count(count))
    }

    fn push(&mut self, part: ReasonPart) -> &mut Self {
        self.reason.push(part);
        self
    }

    fn value(&mut self, value: &Value<Seq>) -> &mut Self {
        self.push(ReasonPart::Value(value.clone()))
    }

    pub(super) fn shown(&mut self, group: &Group) -> &mut Self {
        self.value(&group.shown(self.key))
    }

    pub(super) fn value_of(&mut self, id: ValueId) -> &mut Self {
        match self.key.value(id) {
            Some(entry) => self.value(&entry.value),
            None => self,
        }
    }

    /// The first of some sides, each told this way, and how many more there are.
    pub(super) fn sides<'g>(
        &mut self,
        sides: impl Iterator<Item = &'g Group>,
        more: usize,
        between: &'static str,
        tell: impl Fn(&mut Self, &'g Group),
    ) -> &mut Self {
        let mut left_out = more;
        for (place, side) in sides.enumerate() {
            if place >= SIDES_TOLD {
                left_out += 1;
                continue;
            }
            if place > 0 {
                self.text(between);
            }
            tell(self, side);
        }
        if left_out > 0 { self.text(" and ").count(left_out).text(" more") } else { self }
    }

    /// `#84 (Pedro Urruchurtu)`
    pub(super) fn claim(&mut self, voice: &Voice) -> &mut Self {
        self.push(ReasonPart::Claim { claim: voice.claim, origin: voice.origin })
    }

    /// The first claims of some marks, each told this way; more than three are counted.
    fn each_claim<'m>(
        &mut self,
        marks: impl Iterator<Item = &'m Mark>,
        tell: impl Fn(&mut Self, &'k Voice),
    ) -> &mut Self {
        let key = self.key;
        let mut voices: Vec<&'k Voice> = marks.filter_map(|mark| key.voice(mark.voice)).collect();
        voices.sort_by_key(|voice| voice.claim);
        voices.dedup_by_key(|voice| voice.claim);
        self.told.extend(voices.iter().map(|voice| voice.claim));
        for (place, voice) in voices.iter().take(CLAIMS_TOLD).enumerate() {
            if place > 0 {
                self.text(", ");
            }
            tell(self, voice);
        }
        match voices.len().checked_sub(CLAIMS_TOLD) {
            None | Some(0) => self,
            Some(more) => self.text(" and ").count(more).text(" more"),
        }
    }

    /// `#84 (Pedro Urruchurtu), #88 (…)`
    pub(super) fn claims<'m>(&mut self, marks: impl Iterator<Item = &'m Mark>) -> &mut Self {
        self.each_claim(marks, |own, voice| {
            own.claim(voice);
        })
    }

    /// `#88 (Pedro Urruchurtu) [2024-11-23,2024-11-24]`
    pub(super) fn dates<'m>(&mut self, marks: impl Iterator<Item = &'m Mark>) -> &mut Self {
        let facts = self.known.facts;
        self.each_claim(marks, |own, voice| {
            own.claim(voice);
            if let Some(fact) = facts.fact(voice.claim) {
                own.text(" ").reason.append(valid_parts(&fact.valid));
            }
        })
    }

    pub(super) fn by(&mut self, side: &Group) -> &mut Self {
        let resting = side.resting_marks(self.key);
        self.shown(side).text(" by ").claims(resting)
    }
}
