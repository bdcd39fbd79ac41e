//! Rows: for every event its kind, its place in the log, and what it is about. Some to a page.

use super::Index;
use super::key::{Key, ROWS_PAGE};
use super::unusable::Unusable;
use crate::event::EventKind;
use crate::pack::{Pack, Unpack};
use crate::seq::Seq;

/// What the index knows of every event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its kind.
    pub kind: EventKind,
    /// Where its record stands in its segment, in bytes.
    pub offset: u64,
    /// The subject and attribute of its envelope.
    pub about: (Seq, Seq),
}

/// Adds a row to a page. Offsets are kept as what they are more than the one before.
pub(super) fn put(pack: &mut Pack, row: &Row, offset_before: u64) {
    pack.byte(row.kind.number().to_le_bytes()[0]);
    pack.signed(row.offset.cast_signed() - offset_before.cast_signed());
    pack.number(row.about.0.0).number(row.about.1.0);
}

/// All rows of a page, the first being that of the page's first event (event 0, which is none, has a row too).
pub(super) fn read(bytes: &[u8]) -> Option<Vec<Row>> {
    let (mut unpack, mut offset, mut rows) = (Unpack(bytes), 0_i64, Vec::new());
    while !unpack.is_empty() {
        rows.push(next(&mut unpack, &mut offset)?);
    }
    Some(rows)
}

fn next(unpack: &mut Unpack<'_>, offset: &mut i64) -> Option<Row> {
    let kind = EventKind::of_number(u16::from(unpack.byte()?))?;
    *offset = offset.checked_add(unpack.signed()?)?;
    let about = (Seq(unpack.number()?), Seq(unpack.number()?));
    Some(Row { kind, offset: offset.cast_unsigned(), about })
}

/// Goes on behind a row, of which no more is needed than its offset.
fn pass(unpack: &mut Unpack<'_>, offset: &mut i64) -> Option<()> {
    unpack.byte()?;
    *offset = offset.checked_add(unpack.signed()?)?;
    unpack.pass_number()?;
    unpack.pass_number()
}

impl Index {
    /// The rows of the events of a page, [`ROWS_PAGE`] to each, counted from 0: first that of event `page` times as
    /// many. Event 0, which is none, has a row too.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn rows(&self, page: u64) -> Result<Vec<Row>, Unusable> {
        let mut bytes = Vec::new();
        self.store.get(Key::rows_with(Seq(page.saturating_mul(ROWS_PAGE))), &mut bytes)?;
        read(&bytes).ok_or_else(|| Unusable::broken("a page of rows is not readable"))
    }

    /// The row of an event; `None` if the index does not reach to it.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn row(&self, seq: Seq) -> Result<Option<Row>, Unusable> {
        let mut page = Vec::new();
        self.store.get(Key::rows_with(seq), &mut page)?;
        let broken = || Unusable::broken("a page of rows is not readable");
        let (mut unpack, mut offset) = (Unpack(&page), 0_i64);
        for _ in 0..seq.0 % ROWS_PAGE {
            if unpack.is_empty() {
                return Ok(None);
            }
            pass(&mut unpack, &mut offset).ok_or_else(broken)?;
        }
        if unpack.is_empty() { Ok(None) } else { next(&mut unpack, &mut offset).map(Some).ok_or_else(broken) }
    }
}
