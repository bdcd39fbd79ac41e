//! Reading what is left of a damaged log, and naming what is damaged.

use std::collections::HashSet;

use super::blocks::{Block, Blocks, Item};
use super::commit::{Body, Frame};
use super::damage::{Damage, Place};
use super::error::{Error, Result};
use super::joints::{Hashed, Joints};
use super::layout::Layout;
use super::scan::{End, Log};
use super::tail;
use super::window::{SegmentFile, Window};
use crate::frame::Envelope;

/// What a scan despite damage found besides the frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Despite {
    /// The damaged places, in order.
    pub damages: Vec<Damage>,
    /// How the log ends; without a cursor, for nothing may be appended to a damaged log.
    pub end: End,
}

impl Log {
    /// Shows every sealed event that is itself intact to `see`, whatever is damaged around it, and then says what is
    /// damaged. The log is read twice: an event is only known to be intact once the next one has been seen.
    ///
    /// # Errors
    /// [`Error::Io`], and whatever `see` returns.
    pub fn scan_despite_damage<E: From<Error>>(
        &self,
        mut see: impl FnMut(&Frame<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<Despite, E> {
        let layout = self.layout();
        let listing = layout.list()?;
        let (damages, tail_at) = find_damages(layout, &listing.segments, 1)?;
        let struck: HashSet<Place> = damages.iter().map(Damage::place).collect();
        let mut blocks = Blocks::new(layout, &listing.segments);
        let mut block = Block::default();
        while blocks.next(&mut block)? {
            for item in block.items() {
                if let Item::Frame(place, raw) = item
                    && tail_at.is_none_or(|tail_at| place < tail_at)
                    && !struck.contains(&place)
                {
                    let envelope = Envelope::fields_of(raw.envelope);
                    see(&Frame::new(place, envelope, raw, Body::of_checked(&raw, envelope.commitment)))?;
                }
            }
        }
        let tail = tail_at.map(|place| torn(layout, place)).transpose()?.flatten();
        Ok(Despite { damages, end: End { cursor: None, tail, leftovers: listing.leftovers } })
    }
}

/// Names the damage in one segment more exactly than a reader can, who stops at the first thing that does not fit.
pub(super) fn diagnose(layout: &Layout, segment: u64, seen: Damage) -> Damage {
    match find_damages(layout, &[segment], segment) {
        Ok((damages, _)) => damages.into_iter().next().unwrap_or(seen),
        Err(_) => seen,
    }
}

/// All damages, and where the sealed part of the log ends if a torn tail follows on it.
fn find_damages(layout: &Layout, segments: &[u64], first_seq: u64) -> Result<(Vec<Damage>, Option<Place>)> {
    let mut joints = Joints::new(first_seq, usize::MAX);
    let mut blocks = Blocks::new(layout, segments);
    let mut block = Block::default();
    while blocks.next(&mut block)? {
        for item in block.items() {
            match item {
                Item::Header(place, header) => joints.header(place, header),
                Item::Frame(place, raw) => joints.frame(Hashed::new(place, &raw)),
                Item::Seal(place, seal, end) => joints.seal(place, end, &seal, None),
                Item::Fault(damage) => joints.fault(damage),
                Item::End(place, is_last) => joints.end(place, is_last),
            }
        }
    }
    let last = segments.last().copied().unwrap_or_default();
    let sealed_end = joints.sealed().map(|sealed| sealed.end).filter(|end| end.segment == last);
    let tail = sealed_end.map(|end| torn(layout, end)).transpose()?.flatten().map(|tail| tail.place);
    Ok((joints.finish(tail).0, tail))
}

/// The torn tail behind the last seal, if there is one and it is no damage.
pub(crate) fn torn(layout: &Layout, end: Place) -> Result<Option<tail::TornTail>> {
    let file = SegmentFile::open(layout, end.segment)?;
    match tail::judge(&file, &mut Window::default(), end.offset) {
        Err(Error::Damaged(_)) => Ok(None),
        judged => judged,
    }
}
