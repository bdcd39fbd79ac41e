//! Passing over the facts of a key: of claims only their footprints, of acts only what they act upon.

use super::claim::{CLOCK, EVIDENCE, ID, IS, ORIGIN, ORIGIN_ON, SAID_ON, read_window};
use super::{APART, CLAIM, COMMIT, CORRECTED, ERASED, NotRead, RATED_FALSE, RETRACTED};
use crate::claim::Footprint;
use crate::date::Window;
use crate::pack::Unpack;
use crate::seq::Seq;

/// What is seen of an event in passing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skimmed {
    /// A claim.
    Claim(Seq, Footprint),
    /// An act.
    Act(ActSeen),
}

/// What is seen of an act in passing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActSeen {
    /// Its event.
    pub seq: Seq,
    /// The event that it acts upon.
    pub target: Seq,
    /// The claim that it brings, if it is a correction.
    pub successor: Option<Seq>,
}

/// What is seen in passing of what a [`FactsDraft`](super::FactsDraft) wrote.
#[derive(Debug)]
pub struct FactsSkim<'b>(Unpack<'b>);

impl<'b> FactsSkim<'b> {
    /// Of the facts of a key.
    #[must_use]
    pub fn new(bytes: &'b [u8]) -> FactsSkim<'b> {
        FactsSkim(Unpack(bytes))
    }

    /// The next claim or act; `None` at the end.
    ///
    /// # Errors
    /// [`NotRead`].
    pub fn read(&mut self) -> Result<Option<Skimmed>, NotRead> {
        while !self.0.is_empty() {
            match self.0.byte() {
                Some(APART) => return Err(NotRead::Apart),
                Some(kind) => {
                    if let Some(seen) = self.event(kind).ok_or(NotRead::Malformed)? {
                        return Ok(Some(seen));
                    }
                }
                None => return Err(NotRead::Malformed),
            }
        }
        Ok(None)
    }

    /// The inner `None` is nothing to be seen, the outer no facts.
    #[expect(clippy::option_option, reason = "what shows nothing is not what cannot be read")]
    fn event(&mut self, kind: u8) -> Option<Option<Skimmed>> {
        let unpack = &mut self.0;
        let seq = Seq(unpack.number()?);
        Some(match kind {
            COMMIT => {
                unpack.signed()?;
                None
            }
            ERASED => None,
            CLAIM => Some(Skimmed::Claim(seq, footprint(unpack)?)),
            RETRACTED..=RATED_FALSE => {
                let target = Seq(unpack.number()?);
                unpack.number()?;
                if unpack.byte()? != 0 {
                    pass_date(unpack)?;
                }
                let successor = if kind == CORRECTED { Some(Seq(unpack.number()?)) } else { None };
                Some(Skimmed::Act(ActSeen { seq, target, successor }))
            }
            _ => return None,
        })
    }
}

fn footprint(unpack: &mut Unpack<'_>) -> Option<Footprint> {
    let flags = unpack.byte()?;
    let has = |flag: u8| flags & flag != 0;
    pass_value(unpack)?;
    let days = days(unpack)?;
    if has(SAID_ON) {
        pass_date(unpack)?;
    }
    let origin = if has(ORIGIN) { Some(Seq(unpack.number()?)) } else { None };
    if has(ORIGIN_ON) {
        pass_date(unpack)?;
    }
    let digests = if has(EVIDENCE) { unpack.number()? } else { 0 };
    for _ in 0..digests + u64::from(has(ID)) {
        pass_text(unpack)?;
    }
    Some(Footprint { origin, days })
}

fn pass_value(unpack: &mut Unpack<'_>) -> Option<()> {
    match unpack.byte()? {
        0 | 1 | 6 => pass_text(unpack),
        2 => unpack.byte().map(drop),
        3 => unpack.number().map(drop),
        4 => {
            let texts = unpack.byte()? & 0b111;
            (0..texts.count_ones()).try_for_each(|_| pass_text(unpack))
        }
        5 => pass_date(unpack),
        7 | 8 => Some(()),
        _ => None,
    }
}

/// From the first to the last day that a valid time speaks of.
fn days(unpack: &mut Unpack<'_>) -> Option<Window> {
    Some(match unpack.byte()? {
        0 | 1 => Footprint::days([edge(unpack)?]),
        2 => Footprint::days([edge(unpack)?, edge(unpack)?]),
        3 => {
            let mut dates = Vec::new();
            for _ in 0..unpack.number()? {
                dates.extend([read_window(unpack)?, read_window(unpack)?]);
            }
            Footprint::days(dates)
        }
        4 => Footprint::days([]),
        5 => Footprint::ALL_DAYS,
        _ => return None,
    })
}

/// The inner `None` is an edge that is not there or has no place among the days.
#[expect(clippy::option_option, reason = "an edge that is not there is not one that cannot be read")]
fn edge(unpack: &mut Unpack<'_>) -> Option<Option<Window>> {
    let flags = unpack.byte()?;
    if flags & IS == 0 {
        return Some(None);
    }
    let at = read_window(unpack)?;
    if flags & CLOCK != 0 {
        pass_text(unpack)?;
    }
    Some(at)
}

fn pass_date(unpack: &mut Unpack<'_>) -> Option<()> {
    if unpack.array()? == [0; 4] { pass_text(unpack) } else { Some(()) }
}

fn pass_text(unpack: &mut Unpack<'_>) -> Option<()> {
    unpack.text_bytes().map(drop)
}
