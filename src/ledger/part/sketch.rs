//! Keys whose events a writer has not read: what their facts show in passing is enough to tell that most new claims and
//! acts have nothing to do with them.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashSet};

use super::{Part, Unread};
use crate::claim::Footprint;
use crate::codec::{ActSeen, FactsSkim, NotRead, Skimmed};
use crate::index::{Unusable, WORLD, group_of};
use crate::seq::Seq;

/// What the facts of a key show in passing.
#[derive(Debug, Default)]
pub(super) struct Sketch {
    /// In the order of their origins.
    claims: Vec<Footprint>,
    acts: Vec<ActSeen>,
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
    /// Whether a key has no sketch at hand and may have one.
    pub(super) fn is_to_sketch(&mut self, about: (Seq, Seq)) -> Result<bool, Unread> {
        let is_known = self.groups.contains(&about) || self.sketches.of_keys.contains_key(&about);
        Ok(!is_known && !self.is_behind(about)?)
    }

    /// Whether a claim of a key may repeat or contradict one of which the events were not read.
    pub(super) fn may_meet(&mut self, about: (Seq, Seq), footprint: &Footprint) -> Result<bool, Unread> {
        Ok(!self.groups.contains(&about) && self.sketch(about)?.is_none_or(|sketch| sketch.is_met_by(footprint)))
    }

    /// The acts on which hangs what became of a claim of a key, but for those that were read with their key; `None` if only all
    /// of that tells.
    pub(super) fn acts_around(&mut self, claim: Seq, about: (Seq, Seq)) -> Result<Option<Vec<Seq>>, Unread> {
        if group_of(about) == WORLD {
            return Ok(None);
        }
        if self.groups.contains(&about) {
            return Ok(Some(Vec::new()));
        }
        Ok(self.sketch(about)?.map(|sketch| sketch.acts_around(claim)))
    }

    /// What the facts of a key show; `None` if it can only be read whole.
    fn sketch(&mut self, about: (Seq, Seq)) -> Result<Option<&Sketch>, Unread> {
        if !self.sketches.of_keys.contains_key(&about) {
            let sketch = if self.is_behind(about)? { None } else { self.drawn(about)? };
            self.keep_sketch(about, sketch);
        }
        Ok(self.sketches.of_keys.get(&about).and_then(Option::as_ref))
    }

    pub(super) fn keep_sketch(&mut self, about: (Seq, Seq), sketch: Option<Sketch>) {
        /// Events of which more are asked for than this are looked at again.
        const KEPT_MAX: usize = 1 << 20;
        if self.sketches.len > KEPT_MAX {
            self.sketches.of_keys.clear();
            self.sketches.len = 0;
        }
        self.sketches.len += sketch.as_ref().map_or(0, |sketch| sketch.claims.len() + sketch.acts.len());
        self.sketches.of_keys.insert(about, sketch);
    }

    fn is_behind(&mut self, about: (Seq, Seq)) -> Result<bool, Unread> {
        if self.sketches.behind.is_none() {
            self.sketches.behind = Some(self.touched_behind()?.into_iter().collect());
        }
        Ok(self.sketches.behind.as_ref().is_some_and(|behind| behind.contains(&about)))
    }

    /// What the writer itself recorded it knows.
    pub(super) fn drawn(&self, about: (Seq, Seq)) -> Result<Option<Sketch>, Unread> {
        let last = self.from.head_at_opening();
        let facts = self.facts_of(about)?;
        let (mut skim, mut sketch) = (FactsSkim::new(&facts), Sketch::default());
        loop {
            match skim.read() {
                Ok(Some(Skimmed::Claim(seq, footprint))) if seq <= last => sketch.claims.push(footprint),
                Ok(Some(Skimmed::Act(act))) if act.seq <= last => sketch.acts.push(act),
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(NotRead::Apart) => return Ok(None),
                Err(NotRead::Malformed) => return Err(Unusable::Broken("facts are not readable".to_owned()).into()),
            }
        }
        sketch.claims.sort_unstable_by_key(|footprint| footprint.origin);
        Ok(Some(sketch))
    }
}

impl Sketch {
    fn is_met_by(&self, footprint: &Footprint) -> bool {
        let start = self.claims.partition_point(|claim| claim.origin < footprint.origin);
        let of_origin = self.claims.iter().skip(start).take_while(|claim| claim.origin == footprint.origin);
        of_origin.into_iter().any(|claim| claim.meets(footprint))
    }

    /// The acts upon a claim, those upon them, that by which it came, and so on.
    fn acts_around(&self, claim: Seq) -> Vec<Seq> {
        let (mut around, mut acts) = (BTreeSet::from([claim]), BTreeSet::new());
        loop {
            let before = acts.len();
            // What hangs on what was found goes on in both directions.
            for ActSeen { seq, target, successor } in self.acts.iter().chain(self.acts.iter().rev()) {
                let near = [Some(*target), *successor];
                if near.iter().flatten().any(|other| around.contains(other)) && acts.insert(*seq) {
                    around.extend(near.into_iter().flatten().chain([*seq]));
                }
            }
            if acts.len() == before {
                return acts.into_iter().collect();
            }
        }
    }
}
