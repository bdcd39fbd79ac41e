//! A block: everything that a run says of one (subject, attribute).
//!
//! ```text
//! block   subject u64 · attribute u64 · claims u32 · others u32 · values u32 · rest u32   counts, and the length of the rest
//!         traits u32                 what all of its rows and values are
//!         rows                       one a claim, by (latest, seq)
//!         values × u32, others × u32 their places in the rest
//!         rest                       values, other rows, and what does not fit a row
//!         crc u32                    CRC-32 of all before it
//! ```
//! Another row is an act, captured copies that were added, an erased event, or another key that has to be read beside this one
//! (a claim here was corrected into one there, or the other way round).

use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::cells::{Cells, PutCells};
use super::row::{self, Fixed, Plain, ROW_LEN};
use crate::event::{ActFact, ActKind};
use crate::projection::Row;
use crate::seq::Seq;
use crate::value::Value;

const HEADER_LEN: usize = 36;

/// All rows are plain: see [`row::is_plain`].
pub(super) const PLAIN_ROWS: u32 = 1;
/// No two of its values are one, whatever their attribute's type is.
pub(super) const PLAIN_VALUES: u32 = 2;
const CRC_LEN: usize = 4;

const ACT: u8 = 0;
const COPIES: u8 = 1;
const ERASED: u8 = 2;
const BESIDE: u8 = 3;

/// What a run says beside a claim, encoded.
pub(super) fn put_other(row: &Row, out: &mut Vec<u8>) {
    match row {
        // A claim has a row of its own.
        Row::Claim(_) => {}
        Row::Act(act) => put_act(act, out),
        Row::Copies { claim, seq, digests } => {
            out.put_u8(COPIES);
            out.put_u64(seq.0);
            out.put_u64(claim.0);
            out.put_size(digests.len());
            for digest in digests {
                out.put_text(digest);
            }
        }
        Row::Erased(seq) => {
            out.put_u8(ERASED);
            out.put_u64(seq.0);
        }
    }
}

/// That another key is to be read beside this one.
pub(super) fn put_beside((subject, attribute): (Seq, Seq), out: &mut Vec<u8>) {
    out.put_u8(BESIDE);
    out.put_u64(subject.0);
    out.put_u64(attribute.0);
}

fn put_act(act: &ActFact, out: &mut Vec<u8>) {
    out.put_u8(ACT);
    let (kind, successor) = match act.kind {
        ActKind::Retracted => (0, 0),
        ActKind::Corrected { successor } => (1, successor.0),
        ActKind::Disputed => (2, 0),
        ActKind::Assessed(None) => (3, 0),
        ActKind::Assessed(Some(false)) => (4, 0),
        ActKind::Assessed(Some(true)) => (5, 0),
    };
    out.put_u8(kind);
    for number in [act.seq.0, act.target.0, act.actor.0, act.by.map_or(0, |by| by.0), successor] {
        out.put_u64(number);
    }
    out.put_u64(act.seq_there.map_or(0, |seq| seq.0));
    out.put_i32(act.recorded_day.julian());
    out.put_text(act.said_on.as_ref().map_or("", |said| said.text()));
}

fn act(cells: &mut Cells<'_>) -> Option<ActFact> {
    let kind = cells.u8()?;
    let (seq, target, actor) = (Seq(cells.u64()?), Seq(cells.u64()?), Seq(cells.u64()?));
    let given = |number: u64| Some(Seq(number)).filter(|seq| seq.0 != 0);
    let by = given(cells.u64()?);
    let successor = Seq(cells.u64()?);
    let seq_there = given(cells.u64()?);
    let recorded_day = crate::date::Day::of_julian(cells.i32()?)?;
    let said_on = match cells.text()? {
        "" => None,
        text => Some(crate::date::Said::parse(text).ok()?),
    };
    let kind = match kind {
        0 => ActKind::Retracted,
        1 => ActKind::Corrected { successor },
        2 => ActKind::Disputed,
        3 => ActKind::Assessed(None),
        4 => ActKind::Assessed(Some(false)),
        5 => ActKind::Assessed(Some(true)),
        _ => return None,
    };
    Some(ActFact { seq, recorded_day, actor, seq_there, target, by, said_on, kind, rating: None, reason: "".into() })
}

/// A claim on its way into a block.
pub(super) struct Claim<'e> {
    pub(super) row: Fixed,
    /// Its value, encoded.
    pub(super) value: &'e [u8],
    pub(super) rest: &'e [u8],
}

/// Makes blocks, one after the other, in room that is used again.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    values: HashMap<Vec<u8>, u32>,
    value_places: Vec<u32>,
    other_places: Vec<u32>,
    rest: Vec<u8>,
    rows: Vec<u8>,
}

impl Blocks {
    /// Writes the block of a key behind `out`: its claims sorted by (latest, seq), its other rows encoded.
    pub(super) fn put<'e>(
        &mut self,
        about: (Seq, Seq),
        claims: impl Iterator<Item = Claim<'e>>,
        others: impl Iterator<Item = &'e [u8]>,
        out: &mut Vec<u8>,
    ) {
        self.values.clear();
        self.value_places.clear();
        self.other_places.clear();
        self.rest.clear();
        self.rows.clear();
        let place = |rest: &[u8]| u32::try_from(rest.len()).unwrap_or(u32::MAX);
        let (mut count, mut are_plain) = (0_u32, true);
        for Claim { mut row, value, rest } in claims {
            row.value = if let Some(known) = self.values.get(value) {
                *known
            } else {
                let new = place_count(&self.value_places);
                self.value_places.push(place(&self.rest));
                self.rest.put(value);
                self.values.insert(value.to_vec(), new);
                new
            };
            row.rest = place(&self.rest);
            self.rest.put(rest);
            row.put(&mut self.rows);
            are_plain &= row::is_plain(row.form);
            count += 1;
        }
        for other in others {
            self.other_places.push(place(&self.rest));
            self.rest.put(other);
        }
        let start = out.len();
        out.put_u64(about.0.0);
        out.put_u64(about.1.0);
        out.put_u32(count);
        out.put_u32(place_count(&self.other_places));
        out.put_u32(place_count(&self.value_places));
        out.put_u32(place(&self.rest));
        let values = self.value_places.iter().map(|place| Cells::at(&self.rest, *place).and_then(row::plain_value));
        let are_apart = row::are_apart(values);
        out.put_u32(if are_plain { PLAIN_ROWS } else { 0 } | if are_apart { PLAIN_VALUES } else { 0 });
        out.put(&self.rows);
        self.value_places.iter().chain(&self.other_places).for_each(|place| out.put_u32(*place));
        out.put(&self.rest);
        let crc = crc32fast::hash(out.get(start..).unwrap_or_default());
        out.put_u32(crc);
    }
}

fn place_count(places: &[u32]) -> u32 {
    u32::try_from(places.len()).unwrap_or(u32::MAX)
}

/// A block that is whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'b> {
    pub(super) about: (Seq, Seq),
    pub(super) traits: u32,
    rows: &'b [u8],
    value_places: &'b [u8],
    other_places: &'b [u8],
    rest: &'b [u8],
}

impl<'b> Block<'b> {
    /// Reads a block of just these bytes; `None`: damaged.
    pub(super) fn read(bytes: &'b [u8]) -> Option<Block<'b>> {
        let (body, crc) = bytes.split_at_checked(bytes.len().checked_sub(CRC_LEN)?)?;
        if crc32fast::hash(body).to_le_bytes() != crc {
            return None;
        }
        let mut cells = Cells::new(body);
        let about = (Seq(cells.u64()?), Seq(cells.u64()?));
        let mut count = || usize::try_from(cells.u32()?).ok();
        let (claims, others, values, rest) = (count()?, count()?, count()?, count()?);
        let traits = cells.u32()?;
        let mut body = Cells::new(body.get(HEADER_LEN..)?);
        let rows = body.bytes(claims.checked_mul(ROW_LEN)?)?;
        let value_places = body.bytes(values.checked_mul(4)?)?;
        let other_places = body.bytes(others.checked_mul(4)?)?;
        let rest = body.bytes(rest)?;
        body.is_empty().then_some(Block { about, traits, rows, value_places, other_places, rest })
    }

    /// How many values it has.
    pub(super) fn value_count(&self) -> usize {
        self.value_places.len() / 4
    }

    /// How many claims it has.
    pub(super) fn claim_count(&self) -> usize {
        self.rows.len() / ROW_LEN
    }

    /// The rows of its claims, as they are written.
    pub(super) fn fixed(&self) -> impl Iterator<Item = Option<Fixed>> {
        self.rows.chunks_exact(ROW_LEN).map(Fixed::read)
    }

    /// A value of its table, where it is plain: see [`row::plain_value`].
    pub(super) fn plain_value(&self, number: u32) -> Option<Plain<'b>> {
        row::plain_value(self.value_cells(number)?)
    }

    /// Claims of it; of an erased one only that it was.
    pub(super) fn claims(
        &self,
        wanted: impl Iterator<Item = Option<Fixed>>,
        erased: &HashSet<Seq>,
        rows: &mut Vec<((Seq, Seq), Row)>,
    ) -> Option<()> {
        let mut values: Vec<Option<Arc<Value<Seq>>>> = vec![None; self.value_places.len() / 4];
        for fixed in wanted {
            let fixed = fixed?;
            if erased.contains(&Seq(fixed.seq)) {
                rows.push((self.about, Row::Erased(Seq(fixed.seq))));
                continue;
            }
            let value = values.get_mut(usize::try_from(fixed.value).ok()?)?;
            let value = match value {
                Some(value) => Arc::clone(value),
                None => Arc::clone(value.insert(Arc::new(self.value(fixed.value)?))),
            };
            rows.push((self.about, Row::Claim(row::fact(&fixed, self.about, value, self.rest)?)));
        }
        Some(())
    }

    /// Its other rows; of an erased event only that it was. Keys that are to be read beside it go to `beside`.
    pub(super) fn others(
        &self,
        erased: &HashSet<Seq>,
        rows: &mut Vec<((Seq, Seq), Row)>,
        beside: &mut Vec<(Seq, Seq)>,
    ) -> Option<()> {
        for place in self.other_places.chunks_exact(4) {
            let mut cells = Cells::at(self.rest, Cells::new(place).u32()?)?;
            let row = match cells.u8()? {
                ACT => Row::Act(act(&mut cells)?),
                COPIES => {
                    let (seq, claim) = (Seq(cells.u64()?), Seq(cells.u64()?));
                    let count = cells.size()?;
                    let digests: Option<Vec<Box<str>>> = (0..count).map(|_| cells.text().map(Box::from)).collect();
                    Row::Copies { claim, seq, digests: digests? }
                }
                ERASED => Row::Erased(Seq(cells.u64()?)),
                BESIDE => {
                    beside.push((Seq(cells.u64()?), Seq(cells.u64()?)));
                    continue;
                }
                _ => return None,
            };
            let seq = row.seq();
            rows.push((self.about, if erased.contains(&seq) { Row::Erased(seq) } else { row }));
        }
        Some(())
    }

    fn value_cells(&self, number: u32) -> Option<Cells<'b>> {
        let start = usize::try_from(number).ok()?.checked_mul(4)?;
        Cells::at(self.rest, Cells::new(self.value_places.get(start..)?).u32()?)
    }

    fn value(&self, number: u32) -> Option<Value<Seq>> {
        row::value(&mut self.value_cells(number)?)
    }
}
