//! The View: what a ledger's events come to, in tables by key, read through one door by every question.
//!
//! What keys say stands in runs of rows; what all keys share (names, grades, links, judgements of identity, commits) is small
//! and kept whole. Nothing that can change is baked into a row: who counts as whom, how reliable a source is and what was
//! taken back is applied when a key is read, at the horizon of the question.

mod block;
mod builder;
mod bytes;
mod cache;
mod cells;
mod ids;
mod lookup;
mod near;
mod row;
mod run;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::HashSet;

use crate::catalogue::Catalogue;
use crate::chain::Hash;
use crate::date::Day;
use crate::hash::HASH_LEN;
use crate::keys::Ring;
use crate::projection::{At, Facts, Row, Union, World};
use crate::seq::Seq;
use block::Block;
use near::When;
use run::{About, Builder, Place, Run};

pub use builder::{Taken, ViewBuilder};
pub use cache::{Cache, Kept, Runs, Seen, Unused, UpTo};
#[cfg(test)]
pub(crate) use cache::{Forged, forge};
pub use ids::{Ids, Told as ToldIds};
pub use lookup::{Bare, Sought, Uses, unit_of};

/// What a ledger's events come to.
#[derive(Debug, Default)]
pub struct View {
    world: World,
    keys: Ring,
    runs: Vec<Arc<Run>>,
    erased: HashSet<Seq>,
    /// Entities that were ever judged the same, whatever became of the judgement: their keys are read together.
    joined: Union,
    /// The entities of each such set, by the first of the set.
    together: BTreeMap<Seq, BTreeSet<Seq>>,
}

/// So many events are a file of the cache. Fewer are read from the log as fast.
const KEPT_MIN: u64 = if cfg!(test) { 4 } else { 1024 };

/// A run that is so many times as long as all behind it stays a run of its own.
const GROWTH: u64 = 4;

/// A run is not as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoilt;

impl View {
    /// What all keys share.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Who may seal, and who once might.
    #[must_use]
    pub fn keys(&self) -> &Ring {
        &self.keys
    }

    /// The events whose payloads were erased.
    #[must_use]
    pub fn erased(&self) -> &HashSet<Seq> {
        &self.erased
    }

    /// The rows of some keys, and of those that can bear on them: of entities ever judged the same, and of claims that were
    /// corrected into one of the key or out of it.
    ///
    /// # Errors
    /// [`Spoilt`].
    pub fn facts(&self, keys: &[(Seq, Seq)]) -> Result<Facts, Spoilt> {
        let mut rows = Vec::new();
        let mut open: Vec<About> = Vec::new();
        let mut read: BTreeSet<About> = BTreeSet::new();
        for key in keys {
            self.add_with_same(*key, &mut open);
        }
        while let Some(about) = open.pop() {
            if !read.insert(about) {
                continue;
            }
            let mut beside = Vec::new();
            for run in &self.runs {
                run.rows(about, &self.erased, &mut rows, &mut beside).ok_or(Spoilt)?;
            }
            for about in beside {
                self.add_with_same(about, &mut open);
            }
        }
        Ok(Facts::of(rows))
    }

    /// The rows of a key as far as its answer for a day can hang on them: the neighbourhood of the day.
    ///
    /// # Errors
    /// [`Spoilt`].
    pub fn facts_on(&self, key: (Seq, Seq), day: Day, at: &At<'_>) -> Result<Facts, Spoilt> {
        let is_joined = |entity| self.together.contains_key(&self.joined.first(entity));
        let Some(attribute) = at.told_by_days(key.1).filter(|_| !is_joined(key.0)) else { return self.facts(&[key]) };
        let bytes: Option<Vec<_>> = self.runs.iter().map(|run| run.block_bytes(key)).collect();
        let bytes: Vec<_> = bytes.ok_or(Spoilt)?.into_iter().flatten().collect();
        let blocks: Option<Vec<Block<'_>>> = bytes.iter().map(|bytes| Block::read(bytes)).collect();
        let blocks = blocks.filter(|blocks| blocks.iter().all(|block| block.about == key)).ok_or(Spoilt)?;
        let (mut rows, mut beside) = (Vec::new(), Vec::new());
        for block in &blocks {
            block.others(&self.erased, &mut rows, &mut beside).ok_or(Spoilt)?;
        }
        let names_joined = || !self.together.is_empty() && blocks.iter().any(|block| near::names_any(block, is_joined));
        if !beside.is_empty() || names_joined() {
            return self.facts(&[key]);
        }
        let near = near::near(
            &blocks,
            &rows,
            &self.erased,
            When { day, last: at.last(), can_be_stale: attribute.stale_after_days.is_some() },
        );
        for (number, block) in blocks.iter().enumerate() {
            let read = match near.as_ref().and_then(|near| near.get(number)) {
                Some(near) => block.claims(near.iter().copied().map(Some), &self.erased, &mut rows),
                None => block.claims(block.fixed(), &self.erased, &mut rows),
            };
            read.ok_or(Spoilt)?;
        }
        Ok(Facts::of(rows))
    }

    /// The key, and those of entities that were ever judged the same as its subject.
    fn add_with_same(&self, (subject, attribute): About, to: &mut Vec<About>) {
        match self.together.get(&self.joined.first(subject)) {
            Some(same) => to.extend(same.iter().map(|entity| (*entity, attribute))),
            None => to.push((subject, attribute)),
        }
    }

    /// The keys that a claim recorded at a horizon is about, by their canonical subjects, in order; of one subject, or of all.
    #[must_use]
    pub fn keys_at(&self, at: &At<'_>, of: Option<Seq>) -> Vec<(Seq, Seq)> {
        let Some(of) = of else { return keys_among(at, self.runs.iter().flat_map(|run| run.places())) };
        let canonical = at.canonical(of);
        let mut same = Vec::new();
        self.add_with_same((canonical, Seq(0)), &mut same);
        same.retain(|(entity, _)| at.canonical(*entity) == canonical);
        let same = &same;
        let places = self.runs.iter().flat_map(|run| same.iter().flat_map(|(entity, _)| run.places_of(*entity)));
        keys_among(at, places)
    }

    /// The rows of just one key, and whether other keys are to be read beside it.
    ///
    /// # Errors
    /// [`Spoilt`].
    pub fn rows_of(&self, about: (Seq, Seq)) -> Result<(Vec<Row>, bool), Spoilt> {
        let (mut rows, mut beside) = (Vec::new(), Vec::new());
        self.runs.iter().try_for_each(|run| run.rows(about, &self.erased, &mut rows, &mut beside)).ok_or(Spoilt)?;
        Ok((rows.into_iter().map(|(_, row)| row).collect(), !beside.is_empty()))
    }

    /// The events that may be found by something, in their order: it is for whoever looks to see whether they are.
    ///
    /// # Errors
    /// [`Spoilt`].
    pub fn found(&self, by: Sought<'_>) -> Result<Vec<Seq>, Spoilt> {
        let (hash, mut found) = (by.hash(), Vec::new());
        for run in &self.runs {
            found.extend(run.found(hash).ok_or(Spoilt)?);
        }
        Ok(found)
    }

    /// Which attributes and words were used.
    ///
    /// # Errors
    /// [`Spoilt`].
    pub fn uses(&self) -> Result<Uses, Spoilt> {
        let mut uses = Uses::default();
        self.runs.iter().try_for_each(|run| uses.add(&run.uses.checked()?)).ok_or(Spoilt)?;
        Ok(uses)
    }

    /// The roots of the tree's subtrees, each over [so many](crate::tree::SUBTREE_LEVEL) leaves.
    ///
    /// # Errors
    /// [`Spoilt`].
    pub fn roots(&self) -> Result<Vec<Hash>, Spoilt> {
        let mut roots = Vec::new();
        for run in &self.runs {
            let bytes = run.roots.checked().ok_or(Spoilt)?;
            roots.extend(bytes.as_chunks::<HASH_LEN>().0.iter().map(|root| Hash(*root)));
        }
        Ok(roots)
    }

    /// The names, which are then no longer in it: for whoever adds others.
    pub fn take_catalogue(&mut self) -> Catalogue {
        std::mem::take(&mut self.world.catalogue)
    }

    /// The offset of an event in its segment; `None` if it was not seen.
    #[must_use]
    pub fn offset(&self, seq: Seq) -> Option<u64> {
        offset_among(&self.runs, seq)
    }

    /// Keeps what came behind the runs of the cache, where that is enough to be worth a file. Runs of about one length are made
    /// one, so that there are few. What cannot be kept is read from the log again next time.
    pub fn keep(&self, cache: &Cache, kept: &Runs, up_to: &UpTo) {
        let Some((newest, older)) = self.runs.split_last() else { return };
        let is_kept = kept.runs().last().is_some_and(|last| Arc::ptr_eq(last, newest));
        if is_kept || newest.count() < KEPT_MIN {
            return;
        }
        let mut count = newest.count();
        let mut first = older.len();
        while let Some(before) = first.checked_sub(1).and_then(|before| older.get(before)) {
            if before.count() >= count.saturating_mul(GROWTH) {
                break;
            }
            (first, count) = (first - 1, count + before.count());
        }
        let run = match self.runs.get(first..) {
            Some([only]) => Some(Arc::clone(only)),
            Some(several) => Builder::merged(several).map(Arc::new),
            None => None,
        };
        if let Some(run) = run {
            // A full disk is no reason not to answer.
            let _ = cache.keep(&run, up_to);
        }
    }

    /// The callers' ids of events; `anew` reads them where a run is damaged.
    #[must_use]
    pub fn ids(&self, anew: impl Fn() -> ToldIds + Send + Sync + 'static) -> Ids {
        Ids::of(&self.runs, anew)
    }
}

/// The offset of an event in its segment, from the run that is about it.
fn offset_among(runs: &[Arc<Run>], seq: Seq) -> Option<u64> {
    let behind = runs.partition_point(|run| run.first <= seq);
    runs.get(..behind)?.last()?.offset(seq)
}

fn keys_among(at: &At<'_>, places: impl Iterator<Item = Place>) -> Vec<About> {
    let recorded = places.filter(|place| place.first_claim <= at.last());
    let mut keys: Vec<About> = recorded.map(|place| (at.canonical(place.about.0), place.about.1)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
