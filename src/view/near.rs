//! The neighbourhood of a day: of the claims of a key those on which its answer for the day can hang.
//!
//! Where all claims are days or open starts on just one day, the answer hangs on those of the day itself, on the newest day
//! before it and on further days back to the first on which something else was said, and on the days behind it up to the first
//! on which something else was said, or on which each value has begun again. What has no day belongs to it always. Whether an
//! act on a claim applies is for the fold to say: such a claim counts for nothing here, and is read where it lies between the
//! others. Of other keys all claims are read.

use foldhash::HashSet;

use super::block::{Block, PLAIN_ROWS, PLAIN_VALUES};
use super::row::{self, Fixed, Plain};
use crate::date::Day;
use crate::event::ActKind;
use crate::projection::Row;
use crate::seq::Seq;

/// A claim, by its day.
#[derive(Clone, Copy, Debug)]
struct Line {
    day: i32,
    /// Which value it says, by a number that equal values share.
    value: u32,
    is_start: bool,
    /// Whether an act was done on it, one brought it, or it was erased.
    is_touched: bool,
    row: Fixed,
    /// The number of its block.
    block: usize,
}

/// Of when an answer is.
#[derive(Clone, Copy, Debug)]
pub(super) struct When {
    pub(super) day: Day,
    /// The last event that counts.
    pub(super) last: Seq,
    /// Whether a value can be too old to be carried.
    pub(super) can_be_stale: bool,
}

/// The rows of a key that matter for a day, of all its blocks; `others` are its other rows. `None`: all of them may matter.
pub(super) fn near(
    blocks: &[Block<'_>],
    others: &[((Seq, Seq), Row)],
    erased: &HashSet<Seq>,
    when: When,
) -> Option<Vec<Vec<Fixed>>> {
    let traits = blocks.iter().fold(PLAIN_ROWS | PLAIN_VALUES, |all, block| all & block.traits);
    if traits != PLAIN_ROWS | PLAIN_VALUES {
        return None;
    }
    let day = when.day.julian();
    let touched = Touched::of(others);
    let mut wanted: Vec<Vec<Fixed>> = vec![Vec::new(); blocks.len()];
    let mut values = Values::default();
    let lines = lines(blocks, &touched, erased, when.last)?;
    let (before, rest) = lines.split_at(lines.partition_point(|line| line.day < day));
    let (on, behind) = rest.split_at(rest.partition_point(|line| line.day == day));
    let (undated, before) = before.split_at(before.partition_point(|line| line.day == Day::UNBOUNDED_PAST.julian()));
    undated.iter().chain(on).for_each(|line| values.add(line.value));
    let first = first_of(before, &mut values);
    let is_known = first.is_some();
    let last = behind_of(behind, &values);
    let near = before.get(first.unwrap_or(0)..)?.iter().chain(behind.get(..last)?);
    let near = undated.iter().chain(on).chain(near);
    if is_known && !when.can_be_stale {
        let mut seqs: Vec<u64> = Vec::new();
        for line in near {
            wanted.get_mut(line.block)?.push(line.row);
            if line.is_touched {
                seqs.push(line.row.seq);
            }
        }
        if seqs.is_empty() {
            return Some(wanted);
        }
        // What was said of a claim can carry over to the one that replaced it.
        let replaced = touched.replaced_by(seqs);
        let known: HashSet<u64> = wanted.iter().flatten().map(|row| row.seq).collect();
        for line in lines.iter().filter(|line| line.is_touched && !known.contains(&line.row.seq)) {
            if replaced.binary_search(&line.row.seq).is_ok() {
                wanted.get_mut(line.block)?.push(line.row);
            }
        }
    } else {
        // Where nothing is known, what became of all claims is told.
        let known: HashSet<u64> = near.map(|line| line.row.seq).collect();
        for line in lines.iter().filter(|line| line.is_touched || known.contains(&line.row.seq)) {
            wanted.get_mut(line.block)?.push(line.row);
        }
    }
    Some(wanted)
}

/// All claims that count, by day.
fn lines(blocks: &[Block<'_>], touched: &Touched, erased: &HashSet<Seq>, last: Seq) -> Option<Vec<Line>> {
    let numbers = numbers(blocks)?;
    let mut lines: Vec<Line> = Vec::with_capacity(blocks.iter().map(Block::claim_count).sum());
    for (block, (read, own)) in blocks.iter().zip(&numbers).enumerate() {
        for row in read.fixed() {
            let row = row?;
            if row.seq <= last.0 {
                let value = *own.get(usize::try_from(row.value).ok()?)?;
                let is_touched = touched.holds(row.seq) || erased.contains(&Seq(row.seq));
                let day = if row::has_no_day(row.form) { Day::UNBOUNDED_PAST.julian() } else { row.latest };
                lines.push(Line { day, value, is_start: row::is_start(row.form), is_touched, row, block });
            }
        }
    }
    if blocks.len() > 1 {
        lines.sort_unstable_by_key(|line| (line.day, line.row.seq));
    }
    Some(lines)
}

/// Where the days begin that matter before the day: the newest one, and further ones back to the first on which something else
/// was said. Their values are added. `None`: nothing is said before for sure.
fn first_of(before: &[Line], values: &mut Values) -> Option<usize> {
    let (mut first, mut is_any) = (before.len(), false);
    for group in before.chunk_by(|a, b| a.day == b.day).rev() {
        first -= group.len();
        let mut sure = group.iter().filter(|line| !line.is_touched).peekable();
        if sure.peek().is_none() || !is_any {
            is_any |= sure.peek().is_some();
            for line in group {
                values.add(line.value);
            }
        } else if sure.any(|line| !values.has(line.value)) {
            return Some(first);
        }
    }
    is_any.then_some(0)
}

/// Where the days end that matter behind the day.
fn behind_of(behind: &[Line], values: &Values) -> usize {
    let (mut last, mut begun) = (0, Values::default());
    for group in behind.chunk_by(|a, b| a.day == b.day) {
        last += group.len();
        let sure = || group.iter().filter(|line| !line.is_touched);
        if sure().any(|line| !values.has(line.value)) {
            break;
        }
        sure().filter(|line| line.is_start).for_each(|line| begun.add(line.value));
        if begun.count() == values.count() && begun.count() > 0 {
            break;
        }
    }
    last
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

/// What acts were done on.
struct Touched {
    /// The claims on which an act was done, or that one brought, in order.
    claims: Vec<u64>,
    /// Claims that replaced others, and those, the last first.
    corrections: Vec<(u64, u64)>,
}

impl Touched {
    fn of(others: &[((Seq, Seq), Row)]) -> Touched {
        let mut touched = Touched { claims: Vec::with_capacity(others.len()), corrections: Vec::new() };
        for (_, row) in others {
            if let Row::Act(act) = row {
                touched.claims.push(act.target.0);
                if let ActKind::Corrected { successor } = act.kind {
                    touched.claims.push(successor.0);
                    touched.corrections.push((successor.0, act.target.0));
                }
            }
        }
        touched.claims.sort_unstable();
        touched.corrections.sort_unstable_by(|a, b| b.cmp(a));
        touched
    }

    fn holds(&self, claim: u64) -> bool {
        self.claims.binary_search(&claim).is_ok()
    }

    /// The claims that some replaced, and those that these replaced, in order.
    fn replaced_by(&self, mut claims: Vec<u64>) -> Vec<u64> {
        claims.sort_unstable();
        let mut replaced: Vec<u64> = Vec::new();
        // A claim replaces an earlier one.
        for (successor, target) in &self.corrections {
            if claims.binary_search(successor).is_ok() || replaced.contains(successor) {
                replaced.push(*target);
            }
        }
        replaced.sort_unstable();
        replaced
    }
}

/// Whether a value of a block is an entity of these.
pub(super) fn names_any(block: &Block<'_>, is_one: impl Fn(Seq) -> bool) -> bool {
    (0..block.value_count()).any(|value| {
        let value = u32::try_from(value).ok().and_then(|value| block.plain_value(value));
        matches!(value, Some(Plain::Entity(entity)) if is_one(Seq(entity)))
    })
}
