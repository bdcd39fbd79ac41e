//! Keys whose events a writer has not read: what their facts show in passing is enough to tell that most new claims and
//! acts have nothing to do with them.

use std::collections::{HashMap, HashSet};

use super::{Part, Unread};
use crate::claim::Footprint;
use crate::codec::{FactsSkim, NotRead, Skimmed};
use crate::index::{Unusable, WORLD, group_of};
use crate::seq::Seq;

/// What the facts of a key show in passing.
#[derive(Debug, Default)]
struct Sketch {
    /// In the order of their origins.
    claims: Vec<Footprint>,
    /// Events that are acted upon, and claims that corrections brought, in order.
    acted_upon: Vec<Seq>,
}

/// Sketches that were drawn.
#[derive(Debug, Default)]
pub(super) struct Sketches {
    /// Nothing of a key that can only be read whole.
    of_keys: HashMap<(Seq, Seq), Option<Sketch>>,
    /// Of how many events they are.
    len: usize,
    /// The keys of which something stands behind the index.
    behind: Option<HashSet<(Seq, Seq)>>,
}

impl Part {
    /// Whether a claim of a key may repeat or contradict one of which the events were not read.
    pub(super) fn may_meet(&mut self, about: (Seq, Seq), footprint: &Footprint) -> Result<bool, Unread> {
        Ok(!self.groups.contains(&about) && self.sketch(about)?.is_none_or(|sketch| sketch.is_met_by(footprint)))
    }

    /// Whether anything not read may act upon a claim of a key, or have brought it.
    pub(super) fn may_be_acted_upon(&mut self, claim: Seq, about: (Seq, Seq)) -> Result<bool, Unread> {
        let is_read = self.groups.contains(&about);
        let is_acted_upon = |sketch: &Sketch| sketch.acted_upon.binary_search(&claim).is_ok();
        Ok(group_of(about) == WORLD || !is_read && self.sketch(about)?.is_none_or(is_acted_upon))
    }

    /// What the facts of a key show; `None` if it can only be read whole.
    fn sketch(&mut self, about: (Seq, Seq)) -> Result<Option<&Sketch>, Unread> {
        /// Events of which more are asked for than this are looked at again.
        const KEPT_MAX: usize = 1 << 20;
        if !self.sketches.of_keys.contains_key(&about) {
            let sketch = if self.is_behind(about)? { None } else { self.drawn(about)? };
            if self.sketches.len > KEPT_MAX {
                self.sketches.of_keys.clear();
                self.sketches.len = 0;
            }
            self.sketches.len += sketch.as_ref().map_or(0, |sketch| sketch.claims.len() + sketch.acted_upon.len());
            self.sketches.of_keys.insert(about, sketch);
        }
        Ok(self.sketches.of_keys.get(&about).and_then(Option::as_ref))
    }

    fn is_behind(&mut self, about: (Seq, Seq)) -> Result<bool, Unread> {
        if self.sketches.behind.is_none() {
            self.sketches.behind = Some(self.touched_behind()?.into_iter().collect());
        }
        Ok(self.sketches.behind.as_ref().is_some_and(|behind| behind.contains(&about)))
    }

    /// What the writer itself recorded it knows.
    fn drawn(&self, about: (Seq, Seq)) -> Result<Option<Sketch>, Unread> {
        let last = self.from.head_at_opening();
        let facts = self.facts_of(about)?;
        let (mut skim, mut sketch) = (FactsSkim::new(&facts), Sketch::default());
        loop {
            match skim.read() {
                Ok(Some(Skimmed::Claim(seq, footprint))) if seq <= last => sketch.claims.push(footprint),
                Ok(Some(Skimmed::Claim(..))) => {}
                Ok(Some(Skimmed::Act(target, successor))) => {
                    sketch.acted_upon.push(target);
                    sketch.acted_upon.extend(successor);
                }
                Ok(None) => break,
                Err(NotRead::Apart) => return Ok(None),
                Err(NotRead::Malformed) => return Err(Unusable::Broken("facts are not readable".to_owned()).into()),
            }
        }
        sketch.claims.sort_unstable_by_key(|footprint| footprint.origin);
        sketch.acted_upon.sort_unstable();
        Ok(Some(sketch))
    }
}

impl Sketch {
    fn is_met_by(&self, footprint: &Footprint) -> bool {
        let start = self.claims.partition_point(|claim| claim.origin < footprint.origin);
        let of_origin = self.claims.iter().skip(start).take_while(|claim| claim.origin == footprint.origin);
        of_origin.into_iter().any(|claim| claim.meets(footprint))
    }
}
