//! Numbers by content, as a log-structured merge tree: the last ones in a map; beyond so many that is written as a run,
//! and runs of about one length are made one, so that there are never many.

use std::io;

use super::filter::Filter;
use super::room::Room;
use super::run::{Entry, Merged, Run};
use crate::ledger::content::{Content, ContentMap};
use crate::seq::Seq;

/// So many runs of about one length are made one.
const FANOUT: usize = 4;

/// What number a content stands for, and 64 bits more. Most contents that are asked for are not there: a filter in memory
/// says so of those set aside.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Numbers {
    room: Option<Room>,
    recent: ContentMap<(Seq, u64)>,
    /// Each with how often it was made of others; the last is the newest.
    runs: Vec<(u32, Run)>,
    /// Of everything; none where all stays in memory.
    filter: Option<Filter>,
}

impl Numbers {
    /// None yet; without room all stay in memory.
    pub(in crate::ledger) fn new(room: Option<Room>) -> Numbers {
        let filter = room.as_ref().map(|room| Filter::new(2 * room.entries_max));
        Numbers { room, filter, ..Numbers::default() }
    }

    /// Puts a number in: of those of one content the last counts.
    ///
    /// # Errors
    /// If some cannot be set aside: those are lost.
    pub(in crate::ledger) fn insert(&mut self, content: Content, seq: Seq, digest: u64) -> io::Result<()> {
        if let Some(filter) = &mut self.filter {
            filter.insert(content);
        }
        self.recent.insert(content, (seq, digest));
        let Some(room) = self.room.as_ref().filter(|room| self.recent.len() >= room.entries_max) else { return Ok(()) };
        let mut entries: Vec<Entry> =
            self.recent.drain().map(|(content, (seq, digest))| (content, seq, digest)).collect();
        entries.sort_unstable_by_key(|(content, ..)| content.bits());
        let run = Run::write(&room.folder, entries.iter().copied().map(Ok))?;
        self.runs.push((0, run));
        self.merge()?;
        self.widen()
    }

    /// The number of a content, and its 64 bits.
    ///
    /// # Errors
    /// If it was set aside and cannot be read.
    pub(in crate::ledger) fn get(&self, content: Content) -> io::Result<Option<(Seq, u64)>> {
        if self.filter.as_ref().is_some_and(|filter| !filter.may_have(content)) {
            return Ok(None);
        }
        if let Some(found) = self.recent.get(&content) {
            return Ok(Some(*found));
        }
        for (_, run) in self.runs.iter().rev() {
            if let Some(found) = run.get(content)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Makes a larger filter of all that is set aside, if the next entries would be too many for the one there is.
    fn widen(&mut self) -> io::Result<()> {
        let (Some(room), Some(filter)) = (&self.room, &mut self.filter) else { return Ok(()) };
        let count: usize = self.runs.iter().map(|(_, run)| run.len()).sum();
        if count + room.entries_max > filter.count_max {
            // The old one goes before there is a new one.
            *filter = Filter::default();
            *filter = Filter::new(2 * (count + room.entries_max));
            for (_, run) in &self.runs {
                for entry in run.scan() {
                    filter.insert(entry?.0);
                }
            }
        }
        Ok(())
    }

    /// Makes the newest runs one while so many are of one length.
    fn merge(&mut self) -> io::Result<()> {
        let Some(room) = &self.room else { return Ok(()) };
        while let Some(from) = self.runs.len().checked_sub(FANOUT)
            && let Some([(level, _), others @ ..]) = self.runs.get(from..)
            && others.iter().all(|(other, _)| other == level)
        {
            let level = level + 1;
            let runs: Vec<Run> = self.runs.drain(from..).map(|(_, run)| run).collect();
            self.runs.push((level, Run::write(&room.folder, Merged::of(&runs))?));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::content::Contents;

    #[test]
    fn numbers_are_found_wherever_they_lie() {
        let dir = tempfile::tempdir().unwrap();
        let room = Room { entries_max: 50, ..Room::of_ledger(dir.path()) };
        let contents = Contents::default();
        for room in [Some(room), None] {
            let mut numbers = Numbers::new(room);
            for number in 0..10_001_u64 {
                // Every fifth has the content of an earlier one, near or far.
                let like = if number % 5 == 4 { number / 7 } else { number };
                numbers.insert(contents.of(&like), Seq(number), number ^ 1).unwrap();
            }
            let last =
                |like: u64| (0..10_001).rfind(|number| like == if number % 5 == 4 { number / 7 } else { *number });
            for like in 0..10_100 {
                let found = numbers.get(contents.of(&like)).unwrap();
                assert_eq!(found, last(like).map(|number| (Seq(number), number ^ 1)), "{like}");
            }
            assert!(numbers.runs.len() < 4 * FANOUT, "{}", numbers.runs.len());
            assert_eq!(numbers.runs.is_empty(), numbers.room.is_none());
        }
    }

    #[test]
    fn what_cannot_be_set_aside_is_told() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("index"), "no folder").unwrap();
        let room = Room { entries_max: 5, ..Room::of_ledger(dir.path()) };
        let (contents, mut numbers) = (Contents::default(), Numbers::new(Some(room)));
        let results = [0_u64, 1, 2, 3, 4].map(|number| numbers.insert(contents.of(&number), Seq(number), 0).is_ok());
        assert_eq!(results, [true, true, true, true, false]);
    }
}
