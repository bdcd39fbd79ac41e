//! What the fold needs of a claim, for keeping beside the log: read without a parser in nearly all cases, and with no
//! memory asked for but that of a value's text.
//!
//! ```text
//! claim      flags 1 (DENIED, SAID_ON, ORIGIN, ORIGIN_ON, EVIDENCE, ID) · value · valid
//!            [date said on] [origin] [date by the origin] [count, digests] [id]
//! value      as `value.rs` has it
//! valid      its place in the wire form 1; dates (a list: count, pairs), each edge and moment with flags before
//!            (IS, OBSERVED, CLOCK) and its clock behind
//! date       day as a Julian day number, 4, little-endian; 0 and a text where it is not one day
//! ```
//!
//! Numbers are as in [`Pack`], texts have their length before them.

use super::value::{self, Values};
use crate::claim::{ClaimFact, Edge, EdgeKind, Moment, Polarity, Span, Valid, checked_time};
use crate::codec::wire;
use crate::date::{Bound, ClockWindow, Day, Said, Window};
use crate::pack::{Pack, Unpack};
use crate::seq::Seq;

const DENIED: u8 = 1;
pub(super) const SAID_ON: u8 = 1 << 1;
pub(super) const ORIGIN: u8 = 1 << 2;
pub(super) const ORIGIN_ON: u8 = 1 << 3;
pub(super) const EVIDENCE: u8 = 1 << 4;
pub(super) const ID: u8 = 1 << 5;

/// Flags of an edge or moment.
pub(super) const IS: u8 = 1;
const OBSERVED: u8 = 1 << 1;
pub(super) const CLOCK: u8 = 1 << 2;

pub(in crate::codec) fn put(pack: &mut Pack, claim: &wire::Claim<'_>) {
    let origin = claim.chain.first();
    let origin_on = origin.and_then(|origin| origin.on);
    let flags = [
        (claim.polarity != 0, DENIED),
        (claim.said_on.is_some(), SAID_ON),
        (origin.is_some(), ORIGIN),
        (origin_on.is_some(), ORIGIN_ON),
        (!claim.evidence.is_empty(), EVIDENCE),
        (claim.id.is_some(), ID),
    ];
    pack.byte(flags.iter().filter(|(is_so, _)| *is_so).fold(0, |flags, (_, flag)| flags | flag));
    value::put(pack, &claim.value);
    put_valid(pack, &claim.valid);
    if let Some(said_on) = claim.said_on {
        put_date(pack, said_on);
    }
    if let Some(origin) = origin {
        pack.number(origin.who);
    }
    if let Some(on) = origin_on {
        put_date(pack, on);
    }
    if !claim.evidence.is_empty() {
        pack.number(claim.evidence.len() as u64);
        claim.evidence.iter().for_each(|digest| {
            pack.text(digest);
        });
    }
    if let Some(id) = claim.id {
        pack.text(id);
    }
}

fn put_valid(pack: &mut Pack, valid: &wire::Valid<'_>) {
    let edge = |pack: &mut Pack, edge: &wire::Edge<'_>| put_edge(pack, edge.at, edge.kind != 0, edge.clock);
    match valid {
        wire::Valid::On(moment) => put_edge(pack.byte(0), moment.at, false, moment.clock),
        wire::Valid::AsOf(moment) => put_edge(pack.byte(1), moment.at, false, moment.clock),
        wire::Valid::Period { from, until } => {
            pack.byte(2);
            for side in [from, until] {
                match side {
                    Some(side) => edge(pack, side),
                    None => {
                        pack.byte(0);
                    }
                }
            }
        }
        wire::Valid::Listed(spans) => {
            pack.byte(3).number(spans.len() as u64);
            for (from, until) in spans {
                put_date(pack, from);
                put_date(pack, until);
            }
        }
        wire::Valid::Undated => {
            pack.byte(4);
        }
        wire::Valid::Timeless => {
            pack.byte(5);
        }
    }
}

fn put_edge(pack: &mut Pack, at: &str, is_observed: bool, clock: Option<&str>) {
    let observed = if is_observed { OBSERVED } else { 0 };
    pack.byte(IS | observed | if clock.is_some() { CLOCK } else { 0 });
    put_date(pack, at);
    if let Some(clock) = clock {
        pack.text(clock);
    }
}

/// A date as it is kept: a day's number, else 0 and the text.
pub(super) fn put_date(pack: &mut Pack, text: &str) {
    match Day::parse(text) {
        Some(day) => {
            pack.raw(&day.julian().to_le_bytes());
        }
        None => {
            pack.raw(&[0; 4]).text(text);
        }
    }
}

/// Reads what was put of a claim, and the bytes of the caller's id of it; `None` if that cannot be.
pub(super) fn read<'b>(
    unpack: &mut Unpack<'b>,
    values: &mut Values<'b>,
    (seq, recorded_day): (Seq, Day),
    (subject, attribute): (Seq, Seq),
) -> Option<(ClaimFact, Option<&'b [u8]>)> {
    let flags = unpack.byte()?;
    let has = |flag: u8| flags & flag != 0;
    let polarity = if has(DENIED) { Polarity::Deny } else { Polarity::Affirm };
    let (value, valid) = (values.read(unpack)?, valid(unpack)?);
    let said_on = if has(SAID_ON) { Some(read_said(unpack)?) } else { None };
    let origin = if has(ORIGIN) { Some(Seq(unpack.number()?)) } else { None };
    let origin_on = if has(ORIGIN_ON) { Some(read_said(unpack)?) } else { None };
    let mut evidence = Vec::new();
    if has(EVIDENCE) {
        for _ in 0..unpack.number()? {
            evidence.push(unpack.text()?.into());
        }
    }
    let id = if has(ID) { Some(unpack.text_bytes()?) } else { None };
    let fact = ClaimFact {
        seq,
        recorded_day,
        subject,
        attribute,
        value,
        polarity,
        valid,
        said_on,
        origin,
        origin_on,
        evidence,
    };
    Some((fact, id))
}

fn valid(unpack: &mut Unpack<'_>) -> Option<Valid> {
    let valid = match unpack.byte()? {
        0 => Valid::On(moment(unpack)?),
        1 => Valid::AsOf(moment(unpack)?),
        2 => Valid::Period { from: edge(unpack)?, until: edge(unpack)? },
        3 => {
            let mut spans = Vec::new();
            for _ in 0..unpack.number()? {
                spans.push(Span { from: read_date(unpack)?, until: read_date(unpack)? });
            }
            Valid::Listed(spans)
        }
        4 => Valid::Undated,
        5 => Valid::Timeless,
        _ => return None,
    };
    checked_time(valid).ok()
}

fn moment(unpack: &mut Unpack<'_>) -> Option<Moment> {
    edge(unpack)?.map(|Edge { at, clock, .. }| Moment { at, clock })
}

/// The inner `None` is no edge, the outer no bytes of one.
#[expect(clippy::option_option, reason = "an edge that is not there is not one that cannot be read")]
fn edge(unpack: &mut Unpack<'_>) -> Option<Option<Edge>> {
    let flags = unpack.byte()?;
    if flags & IS == 0 {
        return Some(None);
    }
    let at = read_date(unpack)?;
    let kind = if flags & OBSERVED == 0 { EdgeKind::Transition } else { EdgeKind::Observed };
    let clock = if flags & CLOCK == 0 { None } else { Some(ClockWindow::parse(unpack.text()?).ok()?) };
    Some(Some(Edge { at, kind, clock }))
}

/// The days a date can mean, without its text. The inner `None` is a date without a year.
#[expect(clippy::option_option, reason = "a date that places nothing is not one that cannot be read")]
pub(super) fn read_window(unpack: &mut Unpack<'_>) -> Option<Option<Window>> {
    match i32::from_le_bytes(unpack.array()?) {
        0 => Some(Bound::parse(unpack.text()?).ok()?.window()),
        julian => Some(Some(Window::day(Day::of_julian(julian)?))),
    }
}

/// Reads a date that [`put_date`] put.
pub(super) fn read_date(unpack: &mut Unpack<'_>) -> Option<Bound> {
    match i32::from_le_bytes(unpack.array()?) {
        0 => Bound::parse(unpack.text()?).ok(),
        julian => Some(Bound::of_day(Day::of_julian(julian)?)),
    }
}

/// Reads when something was said, as [`put_date`] put it.
pub(super) fn read_said(unpack: &mut Unpack<'_>) -> Option<Said> {
    match i32::from_le_bytes(unpack.array()?) {
        0 => Said::parse(unpack.text()?).ok(),
        julian => Some(Bound::of_day(Day::of_julian(julian)?).into()),
    }
}
