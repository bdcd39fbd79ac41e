//! A line being told: values, claims and dates in words.

use std::fmt::{self, Write as _};

use super::names::{source_text, value_text};
use crate::claim::{Span, Valid};
use crate::projection::day::{Group, Mark, ValueId, Voice, Voices};
use crate::projection::known::horizon::Known;
use crate::seq::Seq;
use crate::value::Value;

/// A line being told of the claims of a key.
pub(super) struct Tell<'k, 'a> {
    pub(super) known: &'k Known<'a>,
    pub(super) key: &'k Voices,
    pub(super) line: String,
    /// The claims that were told, also those that were only counted.
    pub(super) told: Vec<Seq>,
}

/// Most lines are no longer, in bytes.
const LINE_LEN: usize = 96;
/// Of more claims than these the rest are counted.
const CLAIMS_TOLD: usize = 3;
/// Of more sides than these the rest are counted.
const SIDES_TOLD: usize = 5;

impl<'k, 'a> Tell<'k, 'a> {
    pub(super) fn new(known: &'k Known<'a>, key: &'k Voices) -> Self {
        Tell { known, key, line: String::with_capacity(LINE_LEN), told: Vec::new() }
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.line.push_str(text);
        self
    }

    pub(super) fn put(&mut self, told: impl fmt::Display) -> &mut Self {
        // Writing to a string does not fail.
        let _ = write!(self.line, "{told}");
        self
    }

    pub(super) fn value(&mut self, value: &Value<Seq>) -> &mut Self {
        self.text(&value_text(self.known.catalogue(), value))
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
        between: &str,
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
        if left_out > 0 { self.text(" and ").put(left_out).text(" more") } else { self }
    }

    /// `#84 (Pedro Urruchurtu)`
    pub(super) fn claim(&mut self, voice: &Voice) -> &mut Self {
        let catalogue = self.known.catalogue();
        self.put(voice.claim);
        match voice.origin {
            Some(origin) => self.text(" (").text(&source_text(catalogue, origin)).text(")"),
            None => self,
        }
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
            Some(more) => self.text(" and ").put(more).text(" more"),
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
                own.text(" ").text(&valid_text(&fact.valid));
            }
        })
    }

    pub(super) fn by(&mut self, side: &Group) -> &mut Self {
        let resting = side.resting_marks(self.key);
        self.shown(side).text(" by ").claims(resting)
    }
}

/// The first few of some texts, and how many more there are.
pub(in crate::projection) fn a_handful(texts: Vec<&str>, between: &str) -> String {
    let more = texts.len().saturating_sub(SIDES_TOLD);
    let first: Vec<&str> = texts.into_iter().take(SIDES_TOLD).collect();
    let told = first.join(between);
    if more > 0 { format!("{told}{between}and {more} more") } else { told }
}

/// A valid time in words.
#[must_use]
pub fn valid_text(valid: &Valid) -> String {
    let observed = |edge: &crate::claim::Edge| {
        if edge.kind == crate::claim::EdgeKind::Observed { " (observed)" } else { "" }
    };
    let clock =
        |clock: &Option<crate::date::ClockWindow>| clock.as_ref().map_or_else(String::new, |clock| format!(" {clock}"));
    match valid {
        Valid::On(moment) => format!("on {}{}", moment.at, clock(&moment.clock)),
        Valid::AsOf(moment) => format!("as of {}{}", moment.at, clock(&moment.clock)),
        Valid::Period { from, until } => {
            let edge = |word: &str, edge: &Option<crate::claim::Edge>| {
                edge.as_ref().map(|edge| format!("{word} {}{}{}", edge.at, clock(&edge.clock), observed(edge)))
            };
            [edge("from", from), edge("until", until)].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Valid::Listed(spans) => {
            let spans: Vec<String> = spans.iter().map(|Span { from, until }| format!("{from}/{until}")).collect();
            format!("in all: {}", spans.join(", "))
        }
        Valid::Undated => "undated".to_owned(),
        Valid::Timeless => "always".to_owned(),
    }
}
