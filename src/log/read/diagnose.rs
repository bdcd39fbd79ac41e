//! Naming what is damaged, going on behind whatever it is.

use super::blocks::{Block, Blocks, Item};
use super::joints::{Hashed, Joints};
use super::tail;
use super::window::{SegmentFile, Window};
use crate::log::damage::{Damage, Place};
use crate::log::error::{Error, Result};
use crate::log::layout::Layout;
use crate::tree::{self, Edge};

/// Names the damage in one segment more exactly than a reader can, who stops at the first thing that does not fit.
pub(in crate::log) fn diagnose(layout: &Layout, segment: u64, seen: Damage) -> Damage {
    match find_damages(layout, &[segment], segment) {
        Ok(found) => found.damages.into_iter().next().unwrap_or(seen),
        Err(_) => seen,
    }
}

/// What the first reading finds.
pub(super) struct Found {
    pub(super) damages: Vec<Damage>,
    pub(super) unproved: Vec<Place>,
    /// Where the sealed part of the log ends, if a torn tail follows on it.
    pub(super) tail: Option<Place>,
    /// Where the last seal ends; without a seal, where the log begins.
    pub(super) sealed_end: Place,
    /// How many events there are up to it.
    pub(super) size: u64,
}

/// All damages, and how the log ends. A torn tail is left out of it.
pub(super) fn find_damages(layout: &Layout, segments: &[u64], first_seq: u64) -> Result<Found> {
    let last = segments.last().copied().unwrap_or_default();
    let mut joints = fit(Blocks::new(layout, segments), first_seq)?;
    let ends = [joints.doubtful_commit(), joints.sealed().map(|sealed| sealed.end)];
    let mut tail = None;
    for end in ends.into_iter().flatten().filter(|end| end.segment == last) {
        tail = tail.or(torn(layout, end)?.map(|tail| tail.place));
    }
    if let Some(tail) = tail {
        joints = fit(Blocks::new(layout, segments).until(tail), first_seq)?;
    }
    let begin = (0, Place { segment: 0, offset: 0 });
    let (size, sealed_end) = joints.sealed().map_or(begin, |sealed| (sealed.head.size, sealed.end));
    let unproved = joints.unproved().to_vec();
    Ok(Found { damages: joints.finish().0, unproved, tail, sealed_end, size })
}

/// Fits everything to each other.
fn fit(mut blocks: Blocks, first_seq: u64) -> Result<Joints> {
    let mut joints = Joints::new(first_seq, usize::MAX);
    let (mut edge, mut block) = ((first_seq == 1).then(Edge::new), Block::default());
    while blocks.next(&mut block)? {
        for item in block.items() {
            match item {
                Item::Header(place, header) => joints.header(place, header),
                Item::Frame(place, raw) => {
                    if let Some(edge) = &mut edge {
                        edge.push(tree::leaf(raw.envelope));
                    }
                    joints.frame(Hashed::new(place, &raw));
                }
                Item::Seal(place, seal, end) => {
                    let believed = edge.as_ref().filter(|edge| joints.whole() && edge.size() == joints.size());
                    let (digest, root) = (seal.digest(), believed.map(Edge::root));
                    joints.seal(place, end, seal, digest, root);
                }
                Item::Fault(damage) => joints.fault(damage),
                Item::End(place, is_last) => joints.end(place, is_last),
            }
        }
    }
    Ok(joints)
}

/// The torn tail behind the last seal, if there is one and it is no damage.
pub(crate) fn torn(layout: &Layout, end: Place) -> Result<Option<tail::TornTail>> {
    let file = SegmentFile::open(layout, end.segment)?;
    match tail::judge(&file, &mut Window::default(), end.offset) {
        Err(Error::Damaged(_)) => Ok(None),
        judged => judged,
    }
}
