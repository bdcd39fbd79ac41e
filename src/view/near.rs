//! The neighbourhood of a day: of the claims of a key those on which its answer for the day can hang.
//!
//! Where all claims are days or open starts on just one day, the answer hangs on those of the day itself, on the newest day
//! before it and on further days back to the first on which something else was said, and on the days behind it up to the first
//! on which something else was said, or on which each value has begun again. What has no day, and what any act touches, belongs
//! to it always: whether an act applies is for the fold to say. Of other keys all claims are read.

use foldhash::HashSet;

use super::block::{Block, PLAIN_ROWS, PLAIN_VALUES};
use super::row::{self, Fixed, Plain};
use crate::date::Day;
use crate::event::ActKind;
use crate::projection::Row;
use crate::seq::Seq;

/// A claim that nothing touched, by its day.
#[derive(Clone, Copy, Debug)]
struct Line {
    day: i32,
    /// Which value it says, by a number that equal values share.
    value: u32,
    is_start: bool,
    row: Fixed,
    /// The number of its block.
    block: usize,
}

/// The rows of a key that matter for a day, of all its blocks; `others` are its other rows, and `last` is the last event that
/// counts. `None`: all of them may matter.
pub(super) fn near(
    blocks: &[Block<'_>],
    others: &[((Seq, Seq), Row)],
    erased: &HashSet<Seq>,
    (day, last): (Day, Seq),
) -> Option<Vec<Vec<Fixed>>> {
    let traits = blocks.iter().fold(PLAIN_ROWS | PLAIN_VALUES, |all, block| all & block.traits);
    if traits != PLAIN_ROWS | PLAIN_VALUES {
        return None;
    }
    let day = day.julian();
    let numbers = numbers(blocks)?;
    let touched = touched(others);
    let mut wanted: Vec<Vec<Fixed>> = vec![Vec::new(); blocks.len()];
    let mut lines: Vec<Line> = Vec::new();
    let mut values = Values::default();
    for (number, (block, own)) in blocks.iter().zip(&numbers).enumerate() {
        for fixed in block.fixed() {
            let row = fixed?;
            if row.seq > last.0 {
                continue;
            }
            let value = *own.get(usize::try_from(row.value).ok()?)?;
            let is_touched = touched.binary_search(&row.seq).is_ok() || erased.contains(&Seq(row.seq));
            if is_touched || row::has_no_day(row.form) || row.latest == day {
                values.add(value);
                wanted.get_mut(number)?.push(row);
            } else {
                lines.push(Line { day: row.latest, value, is_start: row::is_start(row.form), row, block: number });
            }
        }
    }
    if blocks.len() > 1 {
        lines.sort_unstable_by_key(|line| (line.day, line.row.seq));
    }
    let (before, behind) = lines.split_at(lines.partition_point(|line| line.day < day));
    let mut want = |group: &[Line]| {
        group.iter().try_for_each(|line| {
            wanted.get_mut(line.block)?.push(line.row);
            Some(())
        })
    };
    let mut is_newest = true;
    for group in before.chunk_by(|a, b| a.day == b.day).rev() {
        want(group)?;
        if is_newest {
            for line in group {
                values.add(line.value);
            }
            is_newest = false;
        } else if group.iter().any(|line| !values.has(line.value)) {
            break;
        }
    }
    let mut begun = Values::default();
    for group in behind.chunk_by(|a, b| a.day == b.day) {
        want(group)?;
        if group.iter().any(|line| !values.has(line.value)) {
            break;
        }
        group.iter().filter(|line| line.is_start).for_each(|line| begun.add(line.value));
        if begun.count() == values.count() {
            break;
        }
    }
    Some(wanted)
}

/// Which values were met, by their numbers: there are few.
#[derive(Debug, Default)]
struct Values(u128);

impl Values {
    fn add(&mut self, value: u32) {
        self.0 |= 1 << value;
    }

    fn has(&self, value: u32) -> bool {
        self.0 & 1 << value != 0
    }

    fn count(&self) -> u32 {
        self.0.count_ones()
    }
}

/// For each block the numbers of its values; equal values of several blocks have one. `None`: there are too many, or two may
/// be one and are not equal.
fn numbers(blocks: &[Block<'_>]) -> Option<Vec<Vec<u32>>> {
    if let [block] = blocks {
        let count = u32::try_from(block.value_count()).ok().filter(|count| *count <= VALUES_MAX)?;
        return Some(vec![(0..count).collect()]);
    }
    let mut all: Vec<Plain<'_>> = Vec::new();
    let mut numbers = Vec::with_capacity(blocks.len());
    for block in blocks {
        let mut own = Vec::with_capacity(block.value_count());
        for value in 0..u32::try_from(block.value_count()).ok()? {
            let value = block.plain_value(value)?;
            let known = all.iter().position(|other| other.may_be(value));
            if known.is_some_and(|known| all.get(known) != Some(&value)) {
                return None;
            }
            own.push(u32::try_from(known.unwrap_or(all.len())).ok().filter(|number| *number < VALUES_MAX)?);
            if known.is_none() {
                all.push(value);
            }
        }
        numbers.push(own);
    }
    Some(numbers)
}

/// So many values of a key are told apart.
const VALUES_MAX: u32 = 128;

/// The claims on which an act was done, or that one brought, in order.
fn touched(others: &[((Seq, Seq), Row)]) -> Vec<u64> {
    let mut touched = Vec::with_capacity(others.len());
    for (_, row) in others {
        if let Row::Act(act) = row {
            touched.push(act.target.0);
            if let ActKind::Corrected { successor } = act.kind {
                touched.push(successor.0);
            }
        }
    }
    touched.sort_unstable();
    touched
}

/// Whether a value of a block is an entity of these.
pub(super) fn names_any(block: &Block<'_>, is_one: impl Fn(Seq) -> bool) -> bool {
    (0..block.value_count()).any(|value| {
        let value = u32::try_from(value).ok().and_then(|value| block.plain_value(value));
        matches!(value, Some(Plain::Entity(entity)) if is_one(Seq(entity)))
    })
}
