//! The right edge of the tree: the few nodes from which the root at the current size follows.

use std::fmt;

use super::{empty_root, parent};
use crate::chain::Hash;
use crate::hash::Lanes;

/// Level of the widest subtrees that are made level by level, and of those of which the roots are given out: over 256 leaves.
/// From there on there is little left to hash.
pub const SUBTREE_LEVEL: u32 = 8;

/// The nodes over a run of neighbouring leaves, begun anywhere: a thread hashes its part of a log into one, and
/// the parts are appended to each other in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    begin: u64,
    end: u64,
    /// The largest whole subtrees that lie in the run, from left to right.
    nodes: Vec<Hash>,
    /// Roots of the whole subtrees of [`SUBTREE_LEVEL`] that lie in the run, from left to right.
    roots: Vec<Hash>,
}

impl Span {
    /// A run that begins behind `begin` leaves, with none of its own yet.
    #[must_use]
    pub fn starting_at(begin: u64) -> Span {
        Span { begin, end: begin, nodes: Vec::new(), roots: Vec::new() }
    }

    /// Count of leaves before its first.
    #[must_use]
    pub fn begin(&self) -> u64 {
        self.begin
    }

    /// Count of leaves up to and with its last.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Roots of the whole subtrees of [`SUBTREE_LEVEL`] that lie in it, from left to right.
    #[must_use]
    pub fn roots(&self) -> &[Hash] {
        &self.roots
    }

    /// Adds the next leaf; see [`super::leaf`].
    pub fn push(&mut self, leaf: Hash) {
        self.push_subtree(leaf, 0);
    }

    /// Adds the next leaves. Whole subtrees among them are made level by level, many nodes at once.
    pub fn push_all(&mut self, leaves: &[Hash], lanes: Lanes) {
        let mut rest = leaves;
        while !rest.is_empty() {
            let level = widest_level(self.end, self.end.saturating_add(rest.len() as u64)).min(SUBTREE_LEVEL);
            // Behind one that is narrower comes a wider one.
            let count = if level == SUBTREE_LEVEL { rest.len() >> level } else { 1 };
            let (subtrees, behind) = rest.split_at(count << level);
            let mut nodes = subtrees.to_vec();
            for _ in 0..level {
                nodes = lanes.parents(&nodes);
            }
            for node in nodes {
                self.push_subtree(node, level);
            }
            rest = behind;
        }
    }

    /// Adds a run that begins where this one ends.
    ///
    /// # Errors
    /// [`NotNext`] if it begins elsewhere; nothing was added.
    pub fn append(&mut self, next: &Span) -> Result<(), NotNext> {
        if next.begin != self.end {
            return Err(NotNext);
        }
        for node in &next.nodes {
            let level = widest_level(self.end, next.end);
            self.join(*node, level);
        }
        // What was made of both stands before what the next one has.
        self.roots.extend_from_slice(&next.roots);
        Ok(())
    }

    /// Adds the next whole subtree, of two to the power `level` leaves.
    fn push_subtree(&mut self, node: Hash, level: u32) {
        if level == SUBTREE_LEVEL {
            self.roots.push(node);
        }
        self.join(node, level);
    }

    /// Puts the next whole subtree behind the others, and joins it with every left neighbour of its own width.
    fn join(&mut self, mut node: Hash, mut level: u32) {
        let mut start = self.end;
        self.end = self.end.saturating_add(1 << level);
        while (start >> level) & 1 == 1 && start - (1 << level) >= self.begin {
            let Some(left) = self.nodes.pop() else { break };
            node = parent(&left, &node);
            start -= 1 << level;
            level += 1;
            if level == SUBTREE_LEVEL {
                self.roots.push(node);
            }
        }
        self.nodes.push(node);
    }
}

/// Level of the widest whole subtree that begins at `start` and does not reach beyond `end`.
fn widest_level(start: u64, end: u64) -> u32 {
    let fits = (end - start).checked_ilog2().unwrap_or(0);
    if start == 0 { fits } else { fits.min(start.trailing_zeros()) }
}

/// A run that does not begin where the one before it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotNext;

impl fmt::Display for NotNext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the leaves do not follow on each other")
    }
}

impl std::error::Error for NotNext {}

/// The right edge of a tree from its first leaf on. It keeps no roots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge(Span);

impl Default for Edge {
    fn default() -> Edge {
        Edge::new()
    }
}

impl Edge {
    /// The edge of a tree without leaves.
    #[must_use]
    pub fn new() -> Edge {
        Edge(Span::starting_at(0))
    }

    /// The edge with these nodes, as [`Edge::nodes`] gave them; none if a tree of this size has another count.
    #[must_use]
    pub fn from_nodes(size: u64, nodes: Vec<Hash>) -> Option<Edge> {
        let count = usize::try_from(size.count_ones()).ok()?;
        (nodes.len() == count && size <= u64::MAX / 2).then_some(Edge(Span {
            begin: 0,
            end: size,
            nodes,
            roots: Vec::new(),
        }))
    }

    /// Its nodes, from the widest to the narrowest: one for each one-bit of the size.
    #[must_use]
    pub fn nodes(&self) -> &[Hash] {
        &self.0.nodes
    }

    /// Count of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.end
    }

    /// Adds the next leaf; see [`super::leaf`].
    pub fn push(&mut self, leaf: Hash) {
        self.0.push(leaf);
        self.0.roots.clear();
    }

    /// Adds the next leaves, many at once.
    pub fn push_all(&mut self, leaves: &[Hash], lanes: Lanes) {
        self.0.push_all(leaves, lanes);
        self.0.roots.clear();
    }

    /// Adds a run of leaves that begins where this tree ends, and gives the roots of the subtrees of [`SUBTREE_LEVEL`] that it
    /// completes.
    ///
    /// # Errors
    /// [`NotNext`] if it begins elsewhere; nothing was added.
    pub fn append(&mut self, next: &Span) -> Result<Vec<Hash>, NotNext> {
        self.0.append(next)?;
        Ok(std::mem::take(&mut self.0.roots))
    }

    /// Adds the root over the next two to the power `level` leaves.
    ///
    /// # Errors
    /// [`NotNext`] if no such subtree begins where this tree ends; nothing was added.
    pub fn push_subtree(&mut self, root: Hash, level: u32) -> Result<(), NotNext> {
        let is_next = level < u64::BITS && self.0.end.trailing_zeros() >= level;
        if !is_next {
            return Err(NotNext);
        }
        self.0.join(root, level);
        self.0.roots.clear();
        Ok(())
    }

    /// The root at this size.
    #[must_use]
    pub fn root(&self) -> Hash {
        let (last, wider) = match self.0.nodes.split_last() {
            Some((last, wider)) => (*last, wider),
            None => return empty_root(),
        };
        wider.iter().rev().fold(last, |right, left| parent(left, &right))
    }
}
