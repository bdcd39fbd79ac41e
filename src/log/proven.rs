//! Whether events stand in the tree of the newest seal, by their paths: of each the log is read no further than the subtree of a
//! few hundred leaves around it.

use std::collections::HashMap;

use super::error::Result;
use super::read::fetch::Fetch;
use crate::chain::Hash;
use crate::hash::Lanes;
use crate::tree::{Edge, SUBTREE_LEVEL};

/// The tree of a seal, and the leaves of it that were looked at.
#[derive(Debug)]
pub struct Proven {
    edge: Edge,
    /// Roots of its subtrees of [`SUBTREE_LEVEL`], which lead to the edge.
    roots: Vec<Hash>,
    /// The leaves of subtrees that were looked at, by their places among all.
    leaves: HashMap<u64, Vec<Hash>>,
}

impl Proven {
    /// The tree with this edge. Its subtrees of [`SUBTREE_LEVEL`] have these roots; `None` if those do not lead to the edge.
    #[must_use]
    pub fn new(edge: Edge, roots: Vec<Hash>) -> Option<Proven> {
        let mut wide = Edge::new();
        roots.iter().try_for_each(|root| wide.push_subtree(*root, SUBTREE_LEVEL)).ok()?;
        let leads_up = wide.size() >> SUBTREE_LEVEL == edge.size() >> SUBTREE_LEVEL
            && edge.nodes().get(..wide.nodes().len()) == Some(wide.nodes());
        leads_up.then(|| Proven { edge, roots, leaves: HashMap::new() })
    }

    /// Whether the event of this number has this leaf. `offset` says where an event stands in its segment; it need not be right.
    ///
    /// # Errors
    /// [`NotThere`](super::Error::NotThere) if events do not stand where they are said to, [`Damaged`](super::Error::Damaged),
    /// [`Io`](super::Error::Io).
    pub fn holds(
        &mut self,
        log: &mut Fetch,
        seq: u64,
        leaf: Hash,
        offset: impl Fn(u64) -> Option<u64>,
    ) -> Result<bool> {
        let Some(position) = seq.checked_sub(1).filter(|position| *position < self.edge.size()) else {
            return Ok(false);
        };
        let subtree = position >> SUBTREE_LEVEL;
        if !self.leaves.contains_key(&subtree) {
            let first = subtree << SUBTREE_LEVEL;
            let count = (self.edge.size() - first).min(1 << SUBTREE_LEVEL);
            let Some(offset) = offset(first + 1) else { return Ok(false) };
            let leaves = log.leaves(first + 1, count, offset)?;
            if !self.leads_up(subtree, &leaves) {
                return Ok(false);
            }
            self.leaves.insert(subtree, leaves);
        }
        let place = usize::try_from(position - (subtree << SUBTREE_LEVEL)).ok();
        let leaves = self.leaves.get(&subtree);
        Ok(leaves.zip(place).and_then(|(leaves, place)| leaves.get(place)) == Some(&leaf))
    }

    /// Whether these are the leaves of a subtree, or of what there is of the last one.
    fn leads_up(&self, subtree: u64, leaves: &[Hash]) -> bool {
        let mut own = Edge::new();
        own.push_all(leaves, Lanes::all());
        match usize::try_from(subtree).ok().and_then(|subtree| self.roots.get(subtree)) {
            Some(root) => own.root() == *root,
            // What is narrower than a subtree stands at the end of the edge.
            None => self.edge.nodes().ends_with(own.nodes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::tests::{SMALL, entry, open_small};
    use crate::log::{Entry, Log, Since};

    /// A log of so many events in commits of different lengths, where each stands, and the roots of its subtrees.
    fn log_of(dir: &std::path::Path, count: usize) -> (Log, Vec<u64>, Vec<Hash>, Edge, Vec<Hash>) {
        let entries: Vec<Entry> = (0..count).map(|number| entry(&format!("event {number}"))).collect();
        let (first, mut rest) = entries.split_at(1);
        Log::create_with(dir, first, 1, SMALL).unwrap();
        let mut writer = open_small(dir);
        while !rest.is_empty() {
            let (commit, behind) = rest.split_at(rest.len().min(rest.len() % 97 + 1));
            writer.append(commit, 1).unwrap();
            rest = behind;
        }
        let log = Log::open(dir).unwrap();
        let (mut offsets, mut roots, mut leaves) = (Vec::new(), Vec::new(), Vec::new());
        let mut scan = log.commits(Since::Start).unwrap();
        while let Some(mut commit) = scan.next_commit().unwrap() {
            roots.extend_from_slice(commit.roots());
            while let Some(frame) = commit.next_frame().unwrap() {
                offsets.push(frame.place.offset);
                leaves.push(frame.leaf());
            }
        }
        let edge = scan.known().unwrap().edge;
        (log, offsets, roots, edge, leaves)
    }

    #[test]
    fn every_event_of_a_log_is_proven_and_no_other() {
        for count in [1, 255, 256, 257, 600] {
            let dir = tempfile::tempdir().unwrap();
            let (log, offsets, roots, edge, leaves) = log_of(dir.path(), count);
            let offset = |seq: u64| offsets.get(usize::try_from(seq).unwrap() - 1).copied();
            let mut proven = Proven::new(edge.clone(), roots.clone()).unwrap();
            let mut fetch = log.fetch().unwrap();
            for (seq, leaf) in (1..).zip(&leaves) {
                assert!(proven.holds(&mut fetch, seq, *leaf, offset).unwrap(), "{seq} of {count}");
                assert!(!proven.holds(&mut fetch, seq, Hash([9; 32]), offset).unwrap());
            }
            assert!(!proven.holds(&mut fetch, count as u64 + 1, leaves[0], offset).unwrap());
            assert!(!proven.holds(&mut fetch, 0, leaves[0], offset).unwrap());
            // Roots that are not those of the log lead nowhere.
            for place in 0..roots.len() {
                let mut forged = roots.clone();
                forged[place].0[3] ^= 1;
                assert!(Proven::new(edge.clone(), forged).is_none());
            }
            assert!(Proven::new(edge.clone(), [roots.clone(), vec![Hash([1; 32])]].concat()).is_none());
            if let Some((_, fewer)) = roots.split_last() {
                assert!(Proven::new(edge.clone(), fewer.to_vec()).is_none());
            }
            // Places that are not those of the log prove nothing.
            let mut proven = Proven::new(edge, roots).unwrap();
            assert!(!proven.holds(&mut fetch, 1, leaves[0], |_| Some(offset(1)? + 1)).unwrap_or(false));
        }
    }
}
