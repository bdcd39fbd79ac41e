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
    /// Of everything in runs.
    filter: Filter,
}

impl Numbers {
    /// None yet; without room all stay in memory.
    pub(in crate::ledger) fn new(room: Option<Room>) -> Numbers {
        Numbers { room, ..Numbers::default() }
    }

    /// Puts a number in: of those of one content the last counts.
    ///
    /// # Errors
    /// If some cannot be set aside: those are lost.
    pub(in crate::ledger) fn insert(&mut self, content: Content, seq: Seq, digest: u64) -> io::Result<()> {
        self.recent.insert(content, (seq, digest));
        let Some(room) = self.room.as_ref().filter(|room| self.recent.len() >= room.entries_max) else { return Ok(()) };
        let mut entries: Vec<Entry> =
            self.recent.drain().map(|(content, (seq, digest))| (content, seq, digest)).collect();
        entries.sort_unstable();
        let run = Run::write(&room.folder, entries.iter().copied().map(Ok))?;
        self.runs.push((0, run));
        self.fill(&entries)?;
        self.merge()
    }

    /// The number of a content, and its 64 bits.
    ///
    /// # Errors
    /// If it was set aside and cannot be read.
    pub(in crate::ledger) fn get(&self, content: Content) -> io::Result<Option<(Seq, u64)>> {
        if let Some(found) = self.recent.get(&content) {
            return Ok(Some(*found));
        }
        if self.filter.may_have(content) {
            for (_, run) in self.runs.iter().rev() {
                if let Some(found) = run.get(content)? {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// Puts the entries of the newest run into the filter; if that is for fewer, a larger one is made of all.
    fn fill(&mut self, newest: &[Entry]) -> io::Result<()> {
        let count: usize = self.runs.iter().map(|(_, run)| run.len()).sum();
        if count <= self.filter.count_max {
            for (content, ..) in newest {
                self.filter.insert(*content);
            }
            return Ok(());
        }
        // The old one goes before there is a new one.
        self.filter = Filter::default();
        self.filter = Filter::new(2 * count);
        for (_, run) in &self.runs {
            for entry in run.scan() {
                self.filter.insert(entry?.0);
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
