//! The callers' ids of a ledger's events.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::cells::Cells;
use super::run::Run;
use crate::seq::Seq;

/// The callers' ids of a ledger's events, read when they are first asked for. An id that an event of this ledger has is never
/// that of one from another ledger.
#[derive(Default)]
pub struct Ids {
    runs: Vec<Arc<Run>>,
    /// Reads them where a run is damaged.
    anew: Option<Box<dyn Fn() -> Told + Send + Sync>>,
    told: OnceLock<Told>,
}

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ids").field("told", &self.told).finish_non_exhaustive()
    }
}

impl Ids {
    /// Those of runs; `anew` reads them where a run is damaged.
    pub(super) fn of(runs: &[Arc<Run>], anew: impl Fn() -> Told + Send + Sync + 'static) -> Ids {
        Ids { runs: runs.to_vec(), anew: Some(Box::new(anew)), told: OnceLock::new() }
    }
}

impl From<Told> for Ids {
    fn from(told: Told) -> Ids {
        Ids { told: OnceLock::from(told), ..Ids::default() }
    }
}

impl Deref for Ids {
    type Target = Told;

    fn deref(&self) -> &Told {
        self.told.get_or_init(|| {
            let mut told = Told::default();
            let are_whole = self.runs.iter().all(|run| {
                let bytes = run.ids.checked();
                bytes.is_some_and(|bytes| told.take(&bytes).is_some())
            });
            match &self.anew {
                Some(anew) if !are_whole => anew(),
                _ => told,
            }
        })
    }
}

/// Ids that were read.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The bytes of all of them, in the order of the events.
    text: String,
    all: Vec<Own>,
    /// Places among all, sorted by id; of one id those of this ledger first. Made when it is first asked for.
    by_id: OnceLock<Vec<u32>>,
}

#[derive(Clone, Copy, Debug)]
struct Own {
    seq: Seq,
    /// It came from another ledger, to which the id belongs.
    is_from_elsewhere: bool,
    /// Where its text ends.
    end: usize,
}

impl Told {
    /// Adds the ids of a run behind all others; `None`: the run is damaged.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Option<()> {
        let mut cells = Cells::new(bytes);
        while !cells.is_empty() {
            let (seq, is_from_elsewhere) = (Seq(cells.u64()?), cells.u8()? != 0);
            self.insert(cells.text()?, seq, is_from_elsewhere);
        }
        Some(())
    }

    /// Adds an id of an event behind all others.
    pub fn insert(&mut self, id: &str, seq: Seq, is_from_elsewhere: bool) {
        self.text.push_str(id);
        self.all.push(Own { seq, is_from_elsewhere, end: self.text.len() });
        self.by_id.take();
    }

    /// The events that an id can mean: this ledger's own, else those of other ledgers.
    #[must_use]
    pub fn named(&self, id: &str) -> Vec<Seq> {
        let all = self.of(id);
        let own = all.iter().find(|own| !own.is_from_elsewhere).map(|own| vec![own.seq]);
        own.unwrap_or_else(|| all.iter().map(|own| own.seq).collect())
    }

    /// The event that an id means, if it can mean no other.
    #[must_use]
    pub fn only(&self, id: &str) -> Option<Seq> {
        match self.named(id).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// All with an id, those of this ledger first, in the order of their events.
    fn of(&self, id: &str) -> Vec<Own> {
        let by_id = self.by_id();
        let own = |place: u32| self.at(usize::try_from(place).ok()?);
        let first = by_id.partition_point(|place| own(*place).is_some_and(|(_, text)| text < id));
        let rest = by_id.get(first..).unwrap_or_default().iter().filter_map(|place| own(*place));
        rest.take_while(|(_, text)| *text == id).map(|(own, _)| own).collect()
    }

    fn by_id(&self) -> &[u32] {
        self.by_id.get_or_init(|| {
            let mut all: Vec<u32> = (0..u32::try_from(self.all.len()).unwrap_or(u32::MAX)).collect();
            let key = |place: &u32| {
                let (own, id) = self.at(usize::try_from(*place).ok()?)?;
                Some((id, own.is_from_elsewhere, own.seq))
            };
            all.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
            all
        })
    }

    /// The id of an event.
    #[must_use]
    pub fn id(&self, seq: Seq) -> Option<&str> {
        let place = self.all.binary_search_by_key(&seq, |own| own.seq).ok()?;
        self.at(place).map(|(_, id)| id)
    }

    /// The ids that begin so, in the order of their events.
    #[must_use]
    pub fn beginning_with(&self, start: &str) -> Vec<(Seq, &str)> {
        self.both().filter(|(_, id)| id.starts_with(start)).map(|(own, id)| (own.seq, id)).collect()
    }

    /// All ids, in the order of their events.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.both().map(|(_, id)| id)
    }

    fn both(&self) -> impl Iterator<Item = (Own, &str)> {
        (0..self.all.len()).filter_map(|place| self.at(place))
    }

    fn at(&self, place: usize) -> Option<(Own, &str)> {
        let start = place.checked_sub(1).and_then(|before| self.all.get(before)).map_or(0, |before| before.end);
        let own = *self.all.get(place)?;
        Some((own, self.text.get(start..own.end)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_this_ledger_is_never_that_of_another() {
        let mut ids = Told::default();
        for (id, seq, is_from_elsewhere) in
            [("b", 2, true), ("a", 3, false), ("b", 4, false), ("c", 5, true), ("c", 7, true), ("cd", 8, true)]
        {
            ids.insert(id, Seq(seq), is_from_elsewhere);
        }
        let named = |id: &str| ids.named(id).into_iter().map(|seq| seq.0).collect::<Vec<_>>();
        assert_eq!([named("a"), named("b"), named("c"), named("d")], [vec![3], vec![4], vec![5, 7], vec![]]);
        assert_eq!([ids.only("b"), ids.only("c"), ids.only("cd")], [Some(Seq(4)), None, Some(Seq(8))]);
        assert_eq!((ids.id(Seq(2)), ids.id(Seq(6))), (Some("b"), None));
        assert_eq!(ids.beginning_with("c").len(), 3);
    }
}
