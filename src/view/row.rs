//! A claim as a row: a few numbers of fixed width, by which rows are sorted and filtered, its value, and a rest for what most
//! claims do not have: dates that are no single day, times of day, second bounds, lists, captured copies.
//!
//! ```text
//! row   latest i32 · earliest i32 · seq u64 · origin u32 · value u32 · said i32 · recorded i32 · actor u32 · form u32 · rest u32
//! ```
//! `latest` and `earliest` are the last and the first day on which it may have begun (Julian days; the unbounded ends where it
//! gives none), `origin` is 0 where nobody is named, `value` the place in the block's table of values, `said` the day on which
//! it was said, `form` says what the rest holds.

use std::sync::Arc;

use super::cells::{Cells, PutCells};
use crate::claim::{ClaimFact, Edge, EdgeKind, Moment, Polarity, Span, Valid};
use crate::date::{Bound, ClockWindow, Day, Said};
use crate::seq::Seq;
use crate::value::{Quantity, Value};

/// Length of a row, in bytes.
pub(super) const ROW_LEN: usize = 44;

const ON: u32 = 0;
const AS_OF: u32 = 1;
const FROM: u32 = 2;
const UNTIL: u32 = 3;
const CLOSED: u32 = 4;
const LISTED: u32 = 5;
const UNDATED: u32 = 6;
const TIMELESS: u32 = 7;
const TIME_MASK: u32 = 7;

const DENIES: u32 = 1 << 3;
/// Its first bound is one day, which stands in the row.
const IS_DAY: u32 = 1 << 4;
const IS_OBSERVED: u32 = 1 << 5;
const HAS_CLOCK: u32 = 1 << 6;
const END_IS_OBSERVED: u32 = 1 << 7;
const END_HAS_CLOCK: u32 = 1 << 8;
/// It was said on one day, which stands in the row.
const SAID_ON_DAY: u32 = 1 << 9;
const SAID_IN_REST: u32 = 1 << 10;
const HAS_ORIGIN_ON: u32 = 1 << 11;
const HAS_COPIES: u32 = 1 << 12;
/// The numbers of its origin and its actor do not fit the row.
const IS_WIDE: u32 = 1 << 13;

/// Whether a row of this form is a day or an open start on just one day, said on a day and without a time of day, which affirms;
/// or has no day at all. On the answer for a day only few of such claims bear.
pub(super) fn is_plain(form: u32) -> bool {
    match form & TIME_MASK {
        ON | AS_OF | FROM => {
            form & IS_DAY != 0 && form & !(TIME_MASK | IS_DAY | IS_OBSERVED | SAID_ON_DAY | BESIDE_DAYS) == 0
        }
        UNDATED | TIMELESS => form & (DENIES | SAID_IN_REST) == 0,
        _ => false,
    }
}

/// What has nothing to do with days.
const BESIDE_DAYS: u32 = HAS_COPIES | IS_WIDE;

/// Whether a row of this form gives no day.
pub(super) fn has_no_day(form: u32) -> bool {
    matches!(form & TIME_MASK, UNDATED | TIMELESS)
}

/// Whether a row of this form says that something began.
pub(super) fn is_start(form: u32) -> bool {
    form & TIME_MASK == FROM && form & IS_OBSERVED == 0
}

/// A row that is being made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fixed {
    pub(super) latest: i32,
    pub(super) earliest: i32,
    pub(super) seq: u64,
    pub(super) origin: u32,
    pub(super) value: u32,
    pub(super) said: i32,
    pub(super) recorded: i32,
    pub(super) actor: u32,
    pub(super) form: u32,
    pub(super) rest: u32,
}

impl Fixed {
    pub(super) fn put(&self, out: &mut Vec<u8>) {
        out.put_i32(self.latest);
        out.put_i32(self.earliest);
        out.put_u64(self.seq);
        out.put_u32(self.origin);
        out.put_u32(self.value);
        out.put_i32(self.said);
        out.put_i32(self.recorded);
        out.put_u32(self.actor);
        out.put_u32(self.form);
        out.put_u32(self.rest);
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Fixed> {
        let mut cells = Cells::new(bytes);
        Some(Fixed {
            latest: cells.i32()?,
            earliest: cells.i32()?,
            seq: cells.u64()?,
            origin: cells.u32()?,
            value: cells.u32()?,
            said: cells.i32()?,
            recorded: cells.i32()?,
            actor: cells.u32()?,
            form: cells.u32()?,
            rest: cells.u32()?,
        })
    }
}

/// The row of a claim; what it does not hold goes to `rest`. Its value, and where the rest will stand, are not in it yet.
pub(super) fn fixed(fact: &ClaimFact, rest: &mut Vec<u8>) -> Fixed {
    let mut row = Fixed {
        latest: Day::UNBOUNDED_PAST.julian(),
        earliest: Day::UNBOUNDED_PAST.julian(),
        seq: fact.seq.0,
        origin: 0,
        value: 0,
        said: 0,
        recorded: fact.recorded_day.julian(),
        actor: 0,
        form: if fact.polarity == Polarity::Deny { DENIES } else { 0 },
        rest: 0,
    };
    let origin = fact.origin.map_or(0, |origin| origin.0);
    if let (Ok(origin), Ok(actor)) = (u32::try_from(origin), u32::try_from(fact.actor.0)) {
        (row.origin, row.actor) = (origin, actor);
    } else {
        row.form |= IS_WIDE;
        rest.put_u64(origin);
        rest.put_u64(fact.actor.0);
    }
    put_time(&fact.valid, &mut row, rest);
    if let Some(said) = &fact.said_on {
        if let Some(day) = plain_day(said.date()).filter(|_| said.text() == said.date().text()) {
            row.form |= SAID_ON_DAY;
            row.said = day.julian();
        } else {
            row.form |= SAID_IN_REST;
            rest.put_text(said.text());
        }
    }
    if let Some(on) = &fact.origin_on {
        row.form |= HAS_ORIGIN_ON;
        rest.put_text(on.text());
    }
    if !fact.evidence.is_empty() {
        row.form |= HAS_COPIES;
        rest.put_size(fact.evidence.len());
        fact.evidence.iter().for_each(|digest| rest.put_text(digest));
    }
    row
}

fn put_time(valid: &Valid, row: &mut Fixed, rest: &mut Vec<u8>) {
    let mut first = |at: &Bound, clock: Option<&ClockWindow>, row: &mut Fixed| {
        if let Some(window) = at.window() {
            (row.earliest, row.latest) = (window.earliest.julian(), window.latest.julian());
        }
        match plain_day(at) {
            Some(_) => row.form |= IS_DAY,
            None => rest.put_text(at.text()),
        }
        if let Some(clock) = clock {
            row.form |= HAS_CLOCK;
            rest.put_text(clock.text());
        }
    };
    let observed = |edge: &Edge| if edge.kind == EdgeKind::Observed { IS_OBSERVED } else { 0 };
    match valid {
        Valid::On(moment) | Valid::AsOf(moment) => {
            row.form |= if matches!(valid, Valid::On(_)) { ON } else { AS_OF };
            first(&moment.at, moment.clock.as_ref(), row);
        }
        Valid::Period { from: Some(edge), until: None } | Valid::Period { from: None, until: Some(edge) } => {
            row.form |=
                observed(edge) | if matches!(valid, Valid::Period { from: Some(_), .. }) { FROM } else { UNTIL };
            first(&edge.at, edge.clock.as_ref(), row);
        }
        Valid::Period { from: Some(from), until: Some(until) } => {
            row.form |= CLOSED | observed(from);
            first(&from.at, from.clock.as_ref(), row);
            rest.put_text(until.at.text());
            if until.kind == EdgeKind::Observed {
                row.form |= END_IS_OBSERVED;
            }
            if let Some(clock) = &until.clock {
                row.form |= END_HAS_CLOCK;
                rest.put_text(clock.text());
            }
        }
        Valid::Listed(spans) => {
            row.form |= LISTED;
            rest.put_size(spans.len());
            for span in spans {
                rest.put_text(span.from.text());
                rest.put_text(span.until.text());
            }
        }
        // A period without an edge is none.
        Valid::Undated | Valid::Period { from: None, until: None } => row.form |= UNDATED,
        Valid::Timeless => row.form |= TIMELESS,
    }
}

/// The claim of a row.
pub(super) fn fact(row: &Fixed, about: (Seq, Seq), value: Arc<Value<Seq>>, rest: &[u8]) -> Option<ClaimFact> {
    let is_plain = row.form & !PLAIN == 0 && row.form & IS_DAY != 0;
    let mut cells = if is_plain { Cells::new(&[]) } else { Cells::at(rest, row.rest)? };
    let has = |flag: u32| row.form & flag != 0;
    let (origin, actor) =
        if has(IS_WIDE) { (cells.u64()?, cells.u64()?) } else { (row.origin.into(), row.actor.into()) };
    let valid = time(row, &mut cells)?;
    let said_on = if has(SAID_ON_DAY) {
        Some(Bound::of_day(Day::of_julian(row.said)?).into())
    } else if has(SAID_IN_REST) {
        Some(said(&mut cells)?)
    } else {
        None
    };
    let origin_on = if has(HAS_ORIGIN_ON) { Some(said(&mut cells)?) } else { None };
    let mut evidence = Vec::new();
    if has(HAS_COPIES) {
        for _ in 0..cells.size()? {
            evidence.push(cells.text()?.into());
        }
    }
    Some(ClaimFact {
        seq: Seq(row.seq),
        recorded_day: Day::of_julian(row.recorded)?,
        actor: Seq(actor),
        subject: about.0,
        attribute: about.1,
        value,
        polarity: if has(DENIES) { Polarity::Deny } else { Polarity::Affirm },
        valid,
        said_on,
        origin: Some(origin).filter(|origin| *origin != 0).map(Seq),
        origin_on,
        evidence,
    })
}

/// What a row without a rest may have.
const PLAIN: u32 = ON | AS_OF | FROM | UNTIL | DENIES | IS_DAY | IS_OBSERVED | SAID_ON_DAY;

fn time(row: &Fixed, cells: &mut Cells<'_>) -> Option<Valid> {
    let has = |flag: u32| row.form & flag != 0;
    let kind = |flag: u32| if has(flag) { EdgeKind::Observed } else { EdgeKind::Transition };
    let first = |cells: &mut Cells<'_>| -> Option<(Bound, Option<ClockWindow>)> {
        let at = if has(IS_DAY) { Bound::of_day(Day::of_julian(row.latest)?) } else { bound(cells)? };
        let clock = if has(HAS_CLOCK) { Some(clock(cells)?) } else { None };
        Some((at, clock))
    };
    Some(match row.form & TIME_MASK {
        ON | AS_OF => {
            let (at, clock) = first(cells)?;
            let moment = Moment { at, clock };
            if row.form & TIME_MASK == ON { Valid::On(moment) } else { Valid::AsOf(moment) }
        }
        FROM | UNTIL => {
            let (at, clock) = first(cells)?;
            let edge = Some(Edge { at, kind: kind(IS_OBSERVED), clock });
            if row.form & TIME_MASK == FROM {
                Valid::Period { from: edge, until: None }
            } else {
                Valid::Period { from: None, until: edge }
            }
        }
        CLOSED => {
            let (at, start_clock) = first(cells)?;
            let from = Some(Edge { at, kind: kind(IS_OBSERVED), clock: start_clock });
            let at = bound(cells)?;
            let end_clock = if has(END_HAS_CLOCK) { Some(clock(cells)?) } else { None };
            Valid::Period { from, until: Some(Edge { at, kind: kind(END_IS_OBSERVED), clock: end_clock }) }
        }
        LISTED => {
            let mut spans = Vec::new();
            for _ in 0..cells.size()? {
                spans.push(Span { from: bound(cells)?, until: bound(cells)? });
            }
            Valid::Listed(spans)
        }
        UNDATED => Valid::Undated,
        _ => Valid::Timeless,
    })
}

/// The day of a bound that is just one, as most are: its text follows from the day.
fn plain_day(bound: &Bound) -> Option<Day> {
    let window = bound.window().filter(|window| window.is_exact() && window.earliest.is_bounded())?;
    (!bound.is_uncertain() && *bound == Bound::of_day(window.earliest)).then_some(window.earliest)
}

fn bound(cells: &mut Cells<'_>) -> Option<Bound> {
    Bound::parse(cells.text()?).ok()
}

fn clock(cells: &mut Cells<'_>) -> Option<ClockWindow> {
    ClockWindow::parse(cells.text()?).ok()
}

pub(super) fn said(cells: &mut Cells<'_>) -> Option<Said> {
    Said::parse(cells.text()?).ok()
}

/// Writes a value.
pub(super) fn put_value(value: &Value<Seq>, out: &mut Vec<u8>) {
    let texts = |out: &mut Vec<u8>, kind, text: &str| {
        out.put_u8(kind);
        out.put_text(text);
    };
    match value {
        Value::Text(text) => texts(out, 0, text),
        Value::Symbol(text) => texts(out, 1, text),
        Value::Url(text) => texts(out, 2, text),
        Value::Date(date) => texts(out, 3, date.text()),
        Value::Bool(holds) => out.put_u8(if *holds { 4 } else { 5 }),
        Value::Some => out.put_u8(6),
        Value::None => out.put_u8(7),
        Value::Entity(entity) => {
            out.put_u8(8);
            out.put_u64(entity.0);
        }
        Value::Quantity(quantity) => {
            out.put_u8(9);
            out.put_u8(
                u8::from(quantity.is_approx())
                    | u8::from(quantity.lower().is_some()) << 1
                    | u8::from(quantity.upper().is_some()) << 2
                    | u8::from(quantity.unit().is_some()) << 3,
            );
            quantity.lower().into_iter().chain(quantity.upper()).for_each(|bound| out.put(&bound.serialize()));
            quantity.unit().into_iter().for_each(|unit| out.put_text(unit));
        }
    }
}

/// A value that is told from others at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain<'b> {
    /// Words in ASCII, with single spaces between them and none around.
    Words(&'b str),
    Bool(bool),
    Entity(u64),
}

impl Plain<'_> {
    /// Whether two may be one, by any type of an attribute.
    pub(super) fn may_be(self, other: Plain<'_>) -> bool {
        match (self, other) {
            (Plain::Words(own), Plain::Words(other)) => own.eq_ignore_ascii_case(other),
            (own, other) => own == other,
        }
    }
}

/// The value, if it is plain.
pub(super) fn plain_value(mut cells: Cells<'_>) -> Option<Plain<'_>> {
    match cells.u8()? {
        0..=2 => {
            let words = cells.text()?;
            let is_plain = words.is_ascii()
                && !words.bytes().any(|byte| byte.is_ascii_control())
                && words.split(' ').all(|word| !word.is_empty());
            is_plain.then_some(Plain::Words(words))
        }
        4 => Some(Plain::Bool(true)),
        5 => Some(Plain::Bool(false)),
        8 => Some(Plain::Entity(cells.u64()?)),
        _ => None,
    }
}

/// Whether all are plain, and no two may be one. Of many, that is not looked at.
pub(super) fn are_apart<'b>(values: impl Iterator<Item = Option<Plain<'b>>>) -> bool {
    let mut all: Vec<Plain<'b>> = Vec::new();
    for value in values {
        let Some(value) = value.filter(|value| !all.iter().any(|other| other.may_be(*value))) else { return false };
        if all.len() == COMPARED_MAX {
            return false;
        }
        all.push(value);
    }
    true
}

/// So many values of a key are compared with each other.
const COMPARED_MAX: usize = 64;

/// Reads a value.
pub(super) fn value(cells: &mut Cells<'_>) -> Option<Value<Seq>> {
    Some(match cells.u8()? {
        0 => Value::Text(cells.text()?.into()),
        1 => Value::Symbol(cells.text()?.into()),
        2 => Value::Url(cells.text()?.into()),
        3 => Value::Date(bound(cells)?),
        4 => Value::Bool(true),
        5 => Value::Bool(false),
        6 => Value::Some,
        7 => Value::None,
        8 => Value::Entity(Seq(cells.u64()?)),
        9 => {
            let parts = cells.u8()?;
            let mut amount = |flag: u8| if parts & flag == 0 { Some(None) } else { Some(Some(decimal(cells)?)) };
            let (lower, upper) = (amount(2)?, amount(4)?);
            let unit = if parts & 8 == 0 { None } else { Some(cells.text()?.into()) };
            Value::Quantity(Quantity::new(lower, upper, unit, parts & 1 != 0).ok()?)
        }
        _ => return None,
    })
}

fn decimal(cells: &mut Cells<'_>) -> Option<rust_decimal::Decimal> {
    Some(rust_decimal::Decimal::deserialize(cells.bytes(16)?.try_into().ok()?))
}
