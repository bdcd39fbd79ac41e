//! What the fold needs of all events about one key, in a row.
//!
//! ```text
//! COMMIT     last event, time it was recorded: what follows came with it
//! CLAIM      event, then as `claim.rs` has it
//! act        by its kind: event, target, who acts (0 the desk), date; of a correction the new claim
//! ERASED     event
//! APART      the key has to be read with others, or from the log: what stands here is not all
//! ```

mod claim;
mod skim;
#[cfg(test)]
mod tests;
mod value;

pub(super) use claim::put;
pub use skim::{ActSeen, FactsSkim, Skimmed};
pub(crate) use value::{put_value, read_value};

use crate::claim::ClaimFact;
use crate::date::Day;
use crate::event::{Act, ActFact, ActKind, Event};
use crate::pack::{Pack, Unpack};
use crate::seq::Seq;
use value::Values;

const COMMIT: u8 = 0;
const CLAIM: u8 = 1;
const RETRACTED: u8 = 2;
const CORRECTED: u8 = 3;
const DISPUTED: u8 = 4;
const RATED: u8 = 5;
const RATED_TRUE: u8 = 6;
const RATED_FALSE: u8 = 7;
const ERASED: u8 = 8;
const APART: u8 = 9;

/// Facts of one key being written.
#[derive(Debug, Default)]
pub struct FactsDraft {
    pack: Pack,
    commit_last: Option<Seq>,
}

impl FactsDraft {
    /// What follows came with this commit.
    pub fn commit(&mut self, last: Seq, at_micros: i64) {
        if self.commit_last != Some(last) {
            self.commit_last = Some(last);
            self.pack.byte(COMMIT).number(last.0).signed(at_micros);
        }
    }

    /// A claim, of which this is what the fold needs.
    pub fn claim(&mut self, seq: Seq, facts: &[u8]) {
        self.pack.byte(CLAIM).number(seq.0).raw(facts);
    }

    /// What another draft has of an event.
    pub fn add(&mut self, facts: &[u8]) {
        self.pack.raw(facts);
    }

    /// An event that was erased.
    pub fn erased(&mut self, seq: Seq) {
        self.pack.byte(ERASED).number(seq.0);
    }

    /// Another event; only acts are kept.
    pub fn event(&mut self, seq: Seq, event: &Event) {
        let mut put = |kind: u8, act: &Act| {
            self.pack.byte(kind).number(seq.0).number(act.target.0).number(act.by.map_or(0, |by| by.0));
            match &act.said_on {
                Some(said_on) => claim::put_date(self.pack.byte(1), said_on.text()),
                None => {
                    self.pack.byte(0);
                }
            }
        };
        match event {
            Event::Retracted(act) => put(RETRACTED, act),
            Event::Disputed(act) => put(DISPUTED, act),
            Event::Corrected { act, successor } => {
                put(CORRECTED, act);
                self.pack.number(successor.0);
            }
            Event::Assessed(assessment) => match assessment.verdict() {
                Some(true) => put(RATED_TRUE, &assessment.act),
                Some(false) => put(RATED_FALSE, &assessment.act),
                None => put(RATED, &assessment.act),
            },
            _ => {}
        }
    }

    /// The key cannot be answered from here.
    pub fn apart(&mut self) {
        self.pack.byte(APART);
    }

    /// The bytes so far.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.pack.bytes()
    }

    /// Begins anew, in the same room.
    pub fn clear(&mut self) {
        self.pack.clear();
        self.commit_last = None;
    }

    /// The bytes.
    #[must_use]
    pub fn done(self) -> Vec<u8> {
        self.pack.done()
    }
}

/// What the fold needs of one event.
#[derive(Debug)]
pub enum Fact<'b> {
    /// Of a claim, and the caller's id of it, of which it was not looked whether it is a text: few are ever shown.
    Claim(ClaimFact, Option<&'b [u8]>),
    /// Of an act.
    Act(ActFact),
    /// The event was erased.
    Erased(Seq),
    /// What came before was all of a commit that stands here, given by its last event and when it was recorded, in
    /// microseconds since 1970.
    Commit(Seq, i64),
}

/// What the fold needs of a key, read from what a [`FactsDraft`] wrote.
#[derive(Debug)]
pub struct FactsRead<'b> {
    unpack: Unpack<'b>,
    about: (Seq, Seq),
    commit: Option<(Seq, i64, Day)>,
    values: Values<'b>,
}

/// Why the facts of a key cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRead {
    /// It has to be read otherwise.
    Apart,
    /// The bytes are no facts.
    Malformed,
}

impl<'b> FactsRead<'b> {
    /// Of this subject and attribute.
    #[must_use]
    pub fn new(bytes: &'b [u8], about: (Seq, Seq)) -> FactsRead<'b> {
        FactsRead { unpack: Unpack(bytes), about, commit: None, values: Values::default() }
    }

    /// What comes next; `None` at the end.
    ///
    /// # Errors
    /// [`NotRead`].
    pub fn read(&mut self) -> Result<Option<Fact<'b>>, NotRead> {
        while !self.unpack.is_empty() {
            let kind = self.unpack.byte().ok_or(NotRead::Malformed)?;
            match kind {
                APART => return Err(NotRead::Apart),
                COMMIT => {
                    let before = self.commit;
                    self.begin_commit().ok_or(NotRead::Malformed)?;
                    // One that was put in by parts stands there twice.
                    let is_another = |(last, ..): &(Seq, i64, Day)| Some(*last) != self.commit.map(|(last, ..)| last);
                    if let Some((last, at_micros, _)) = before.filter(is_another) {
                        return Ok(Some(Fact::Commit(last, at_micros)));
                    }
                }
                _ => return self.event(kind).map(Some).ok_or(NotRead::Malformed),
            }
        }
        Ok(self.commit.take().map(|(last, at_micros, _)| Fact::Commit(last, at_micros)))
    }

    fn begin_commit(&mut self) -> Option<()> {
        let (last, at_micros) = (Seq(self.unpack.number()?), self.unpack.signed()?);
        self.commit = Some((last, at_micros, Day::of_unix_micros(at_micros)));
        Some(())
    }

    fn event(&mut self, kind: u8) -> Option<Fact<'b>> {
        let unpack = &mut self.unpack;
        let (seq, (.., recorded_day)) = (Seq(unpack.number()?), self.commit?);
        Some(match kind {
            CLAIM => {
                let (fact, id) = claim::read(unpack, &mut self.values, (seq, recorded_day), self.about)?;
                Fact::Claim(fact, id)
            }
            ERASED => Fact::Erased(seq),
            RETRACTED..=RATED_FALSE => {
                let (target, by) = (Seq(unpack.number()?), Some(Seq(unpack.number()?)).filter(|by| by.0 > 0));
                let said_on = if unpack.byte()? == 0 { None } else { Some(claim::read_date(unpack)?) };
                let kind = match kind {
                    RETRACTED => ActKind::Retracted,
                    CORRECTED => ActKind::Corrected { successor: Seq(unpack.number()?) },
                    DISPUTED => ActKind::Disputed,
                    RATED => ActKind::Assessed(None),
                    rated => ActKind::Assessed(Some(rated == RATED_TRUE)),
                };
                let (actor, rating, reason) = (Seq(0), None, "".into());
                Fact::Act(ActFact { seq, recorded_day, actor, target, by, said_on, kind, rating, reason })
            }
            _ => return None,
        })
    }
}
