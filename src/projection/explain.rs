//! The reason of an answer in one line, with the numbers of its claims.

use std::fmt::{self, Write as _};
use std::slice;

use super::answer::{Flag, Status};
use super::choose::Key;
use super::group::Group;
use super::horizon::Known;
use super::mark::{Mark, Says};
use super::names::{source_text, value_text};
use super::reduce::{Reduced, carry};
use super::standing::Dropped;
use super::table::Reading;
use super::voice::{ValueId, Voice, Voices};
use crate::claim::{Span, Valid};
use crate::date::Day;
use crate::seq::Seq;
use crate::value::Value;

/// Why the answer is what it is.
pub(super) fn reason(
    known: &Known<'_>,
    key: &Voices,
    left: &Reduced,
    reading: &Reading,
    day: Day,
    flags: &[Flag],
) -> String {
    let mut tell = Tell { known, key, line: String::with_capacity(LINE_LEN) };
    match (reading.row, reading.sides.as_slice()) {
        (1, [first, second]) => tell
            .value(&first.shown)
            .text(" until and ")
            .value(&second.shown)
            .text(" from ")
            .put(day)
            .text(": ")
            .claims(&first.marks)
            .text("; ")
            .claims(&second.marks),
        (8, [carried, others @ ..]) => tell.all(others, Tell::dated).text("; ").since(carried),
        (10, [value]) => tell.since(value).text("; no later change claimed up to ").put(day),
        (12, [value]) => tell.inferred(value),
        (13 | 14 | 16, _) => tell.nothing(left, reading.row, day),
        (15, sides) => tell.all(sides, Tell::by).text(", without a usable date"),
        (9 | 11, sides) => tell.all(sides, Tell::dated),
        (_, sides) => tell.all(sides, Tell::side),
    };
    for remark in flags.iter().filter_map(|flag| remark(*flag, reading)) {
        tell.text("; ").text(remark);
    }
    tell.line
}

/// A remark for flags that the line does not tell by itself.
fn remark(flag: Flag, reading: &Reading) -> Option<&'static str> {
    Some(match flag {
        Flag::Timing if reading.status == Status::Contested => "only the dates are in conflict",
        Flag::Denied => "a source denies it",
        Flag::Disputed => "a claim behind it is disputed",
        Flag::VerdictsDiffer => "checkers give different verdicts",
        Flag::LaterStart => "another claim dates the start later",
        Flag::EarlierEnd => "another claim dates the end earlier",
        Flag::BetweenStatedPeriods => "the day lies between two periods of a closed list",
        Flag::ChangedSomeTimeBefore => "another value was seen later, the change between is not dated",
        Flag::PerhapsAlready => "another value may hold already",
        Flag::SomeValue => "there is a value, and it is not known",
        Flag::WeakSourcesOnly => "weak sources only",
        _ => return None,
    })
}

/// Claims that would speak of the key and were dropped because erased, or cannot be dated: answers that
/// rested on them say so.
pub(super) fn dropped(known: &Known<'_>, key: &Key) -> String {
    let all = |wanted: Dropped| {
        let claims = key.dropped.iter().filter(|(_, why)| *why == wanted);
        claims.map(|(seq, _)| seq.to_string()).collect::<Vec<_>>().join(", ")
    };
    let mut line = String::new();
    let erased = all(Dropped::Erased);
    if !erased.is_empty() {
        line.push_str("; erased and no longer used: ");
        line.push_str(&erased);
    }
    let undated = all(Dropped::PossiblyKnown);
    if known.reported.is_some() && !undated.is_empty() {
        line.push_str("; possibly known by then, not dated: ");
        line.push_str(&undated);
    }
    line
}

/// A line being told.
struct Tell<'k, 'a> {
    known: &'k Known<'a>,
    key: &'k Voices,
    line: String,
}

/// Most lines are no longer, in bytes.
const LINE_LEN: usize = 96;
/// Of more claims than these the rest are counted.
const TOLD: usize = 3;

impl<'k> Tell<'k, '_> {
    fn text(&mut self, text: &str) -> &mut Self {
        self.line.push_str(text);
        self
    }

    fn put(&mut self, told: impl fmt::Display) -> &mut Self {
        // Writing to a string does not fail.
        let _ = write!(self.line, "{told}");
        self
    }

    fn value(&mut self, value: &Value<Seq>) -> &mut Self {
        self.text(&value_text(self.known.catalogue(), value))
    }

    fn value_of(&mut self, id: ValueId) -> &mut Self {
        match self.key.value(id) {
            Some(entry) => self.value(&entry.value),
            None => self,
        }
    }

    /// Some sides, each told this way.
    fn all(&mut self, sides: &[Group], tell: impl for<'s> Fn(&'s mut Self, &Group) -> &'s mut Self) -> &mut Self {
        self.each(sides, "; ", |own, side| {
            tell(own, side);
        })
    }

    /// Some things, with this between them.
    fn each<T>(
        &mut self,
        things: impl IntoIterator<Item = T>,
        between: &str,
        tell: impl Fn(&mut Self, T),
    ) -> &mut Self {
        for (place, thing) in things.into_iter().enumerate() {
            if place > 0 {
                self.text(between);
            }
            tell(self, thing);
        }
        self
    }

    /// `#84 (Pedro Urruchurtu)`
    fn claim(&mut self, voice: &Voice) -> &mut Self {
        let catalogue = self.known.catalogue();
        self.put(voice.claim);
        match voice.origin {
            Some(origin) => self.text(" (").text(&source_text(catalogue, origin)).text(")"),
            None => self,
        }
    }

    /// The first claims of some marks; more than three are counted.
    fn claims(&mut self, marks: &[Mark]) -> &mut Self {
        let key = self.key;
        if let [mark] = marks
            && let Some(voice) = key.voice(mark.voice)
        {
            return self.claim(voice);
        }
        let voices = self.voices(marks);
        self.each(voices.iter().take(TOLD), ", ", |own, voice| {
            own.claim(voice);
        });
        match voices.len().checked_sub(TOLD) {
            None | Some(0) => self,
            Some(more) => self.text(" and ").put(more).text(" more"),
        }
    }

    /// One voice of each claim behind some marks, in the order of the claims.
    fn voices(&self, marks: &[Mark]) -> Vec<&'k Voice> {
        let mut voices: Vec<&Voice> = marks.iter().filter_map(|mark| self.key.voice(mark.voice)).collect();
        voices.sort_by_key(|voice| voice.claim);
        voices.dedup_by_key(|voice| voice.claim);
        voices
    }

    fn by(&mut self, side: &Group) -> &mut Self {
        self.value(&side.shown).text(" by ").claims(&side.marks)
    }

    fn since(&mut self, side: &Group) -> &mut Self {
        self.value(&side.shown);
        if let Some(since) = side.marks.iter().map(|mark| carry(mark).since).max() {
            self.text(" since ").put(since);
        }
        self.text(", ").claims(&side.marks)
    }

    /// One side of several, by what its marks say.
    fn side(&mut self, side: &Group) -> &mut Self {
        match side.marks.first().map(|mark| mark.says) {
            Some(Says::Carried(_)) => self.since(side),
            Some(Says::HoldsNot { is_denial: true }) => self.text("denied by ").claims(&side.marks),
            Some(Says::HoldsNot { .. }) => self.value(&side.shown).text(" by the dates of ").dates(&side.marks),
            _ => self.by(side),
        }
    }

    /// A value that is only possible, with the dates that leave it open.
    fn dated(&mut self, side: &Group) -> &mut Self {
        self.value(&side.shown).text(" is possible: ").dates(&side.marks)
    }

    /// `#88 (Pedro Urruchurtu) [2024-11-23,2024-11-24]`
    fn dates(&mut self, marks: &[Mark]) -> &mut Self {
        let known = self.known;
        let voices = self.voices(marks);
        let dated = voices.iter().take(TOLD).filter_map(|voice| Some((voice, known.facts.fact(voice.claim)?)));
        let more = voices.len().saturating_sub(TOLD);
        let told = dated.map(Some).chain((more > 0).then_some(None));
        self.each(told, ", ", |own, told| match told {
            Some((voice, fact)) => {
                own.claim(voice).text(" ").text(&valid_text(&fact.valid));
            }
            None => {
                own.put(more).text(" more");
            }
        })
    }

    /// Row 12.
    fn inferred(&mut self, side: &Group) -> &mut Self {
        self.value(&side.shown);
        match side.marks.first().map(|mark| mark.says) {
            Some(Says::CarriedBack(from)) => self.text(" carried back from ").put(from).text(", ").claims(&side.marks),
            _ => self.text(" because the closed list of ").claims(&side.marks).text(" leaves the day out"),
        }
    }

    /// Rows 13, 14 and 16.
    fn nothing(&mut self, left: &Reduced, row: u8, day: Day) -> &mut Self {
        if let Some(mark) = left.stale.iter().max_by_key(|mark| carry(mark).since).filter(|_| row == 13) {
            self.value_of(mark.value).text(" was last stated for ").put(carry(mark).since).text(", ");
            return self.claims(slice::from_ref(mark)).text(": too old to be carried");
        }
        if let Some(mark) = left.ended.last().filter(|_| row == 14) {
            let Says::Ended(on) = mark.says else { return self };
            return self.value_of(mark.value).text(" ended ").put(on).text(", ").claims(slice::from_ref(mark));
        }
        if let Some(mark) = left.holds_not.first().filter(|_| row == 14) {
            return self.text("not ").value_of(mark.value).text(", ").claims(slice::from_ref(mark));
        }
        self.nearest(day)
    }

    fn nearest(&mut self, day: Day) -> &mut Self {
        let bounds =
            self.key.voices.iter().filter_map(|voice| voice.start().or(voice.end()).map(|side| (side.window, voice)));
        let later = bounds.filter(|(window, _)| window.earliest > day).min_by_key(|(window, _)| window.earliest);
        match later {
            Some((window, voice)) => {
                self.text("nothing is claimed up to ").put(day).text("; the next is ").value_of(voice.value);
                self.text(" at ").put(window).text(" (").put(voice.claim).text(")")
            }
            None => self.text("nothing is claimed that reaches ").put(day),
        }
    }
}

/// A valid time in words.
#[must_use]
pub fn valid_text(valid: &Valid) -> String {
    let observed = |edge: &crate::claim::Edge| {
        if edge.kind == crate::claim::EdgeKind::Observed { " (observed)" } else { "" }
    };
    match valid {
        Valid::On(moment) => format!("on {}", moment.at),
        Valid::AsOf(moment) => format!("as of {}", moment.at),
        Valid::Period { from, until } => {
            let from = from.as_ref().map(|edge| format!("from {}{}", edge.at, observed(edge)));
            let until = until.as_ref().map(|edge| format!("until {}{}", edge.at, observed(edge)));
            [from, until].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Valid::Listed(spans) => {
            let spans: Vec<String> = spans.iter().map(|Span { from, until }| format!("{from}/{until}")).collect();
            format!("in all: {}", spans.join(", "))
        }
        Valid::Undated => "undated".to_owned(),
        Valid::Timeless => "always".to_owned(),
    }
}
