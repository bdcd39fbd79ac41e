//! Naming what is damaged: the ordered pass, told to go on behind whatever it is.

use super::blocks::Blocks;
use super::hashed::Step;
use super::joints::Joints;
use super::pass::Pass;
use super::tail::{self, TornTail};
use super::window::{SegmentFile, Window};
use crate::hash::Lanes;
use crate::log::damage::{Damage, Place};
use crate::log::error::{Error, Result};
use crate::log::layout::Layout;
use crate::threads::cores;

/// Names the damage in one segment more exactly than a reader can, who stops at the first thing that does not follow.
pub(super) fn diagnose(layout: &Layout, segment: u64, seen: Damage) -> Damage {
    match find_damages(layout, &[segment], segment) {
        Ok((joints, _)) => joints.finish().0.into_iter().next().unwrap_or(seen),
        Err(_) => seen,
    }
}

/// All damages, and how the log ends.
pub(super) fn find_damages(layout: &Layout, segments: &[u64], first_seq: u64) -> Result<(Joints, Option<TornTail>)> {
    let fit = |end| {
        let blocks = Blocks::new(layout, segments).until(end);
        let mut joints = Joints::new(first_seq, usize::MAX);
        let threads = if blocks.are_many() { cores() } else { 1 };
        let pass = Pass::new(blocks, threads, Lanes::none(), |_, _| ());
        pass.give_all(threads, |hashed| hashed.steps.drain(..).for_each(|step| take(&mut joints, step)))?;
        Ok(joints)
    };
    let (joints, tail, _) = without_torn_tail(layout, segments.last().copied(), fit, Joints::ends)?;
    Ok((joints, tail))
}

fn take(joints: &mut Joints, step: Step<()>) {
    match step {
        Step::Header(place, header) => joints.header(place, header),
        Step::Frame(frame, ()) => joints.frame(frame),
        Step::Leaves(leaves) => drop(joints.leaves(&leaves)),
        Step::Seal(place, seal, digest, end) => {
            let root = joints.root();
            joints.seal(place, end, seal, digest, root);
        }
        Step::Fault(damage) => joints.fault(damage),
        Step::End(place, is_last) => joints.end(place, is_last),
    }
}

/// Goes through a log. What an interrupted append left is no part of it: then goes through it again, up to where
/// that begins. `ends` says where the log may end, the likeliest first; they are given back too.
pub(crate) fn without_torn_tail<T>(
    layout: &Layout,
    last: Option<u64>,
    go: impl Fn(Option<Place>) -> Result<T>,
    ends: impl Fn(&T) -> [Option<Place>; 2],
) -> Result<(T, Option<TornTail>, [Option<Place>; 2])> {
    let went = go(None)?;
    let ends = ends(&went);
    for end in ends.into_iter().flatten().filter(|end| Some(end.segment) == last) {
        if let Some(tail) = torn(layout, end)? {
            return Ok((go(Some(tail.place))?, Some(tail), ends));
        }
    }
    Ok((went, None, ends))
}

/// The torn tail behind the last seal, if there is one and it is no damage.
fn torn(layout: &Layout, end: Place) -> Result<Option<TornTail>> {
    let file = SegmentFile::open(layout, end.segment)?;
    match tail::judge(&file, &mut Window::default(), end.offset) {
        Err(Error::Damaged(_)) => Ok(None),
        judged => judged,
    }
}
