//! Tiles while a tree grows: of every level the one that is still open.

use super::{Of, Tile, WIDTH, open_tiles};
use crate::chain::Hash;
use crate::tree::{Edge, root_of};

/// A tree to which leaves are added, and whose full tiles come out on the way. It holds at most 255 nodes a level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Growing {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

impl Growing {
    /// A tree of `size` leaves with these open tiles, from level 0 up, as [`open_tiles`] names them; none if others
    /// belong to it.
    #[must_use]
    pub fn from_open(size: u64, levels: Vec<Vec<Hash>>) -> Option<Growing> {
        let are_fitting = open_tiles(size).map(|(.., width)| width).eq(levels.iter().map(Vec::len));
        are_fitting.then_some(Growing { size, levels })
    }

    /// Count of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the next leaf, and shows every tile that it fills.
    ///
    /// # Errors
    /// What `full` gives; some of the tiles were not shown then.
    pub fn push<E>(&mut self, leaf: Hash, mut full: impl FnMut(Tile, &[Hash]) -> Result<(), E>) -> Result<(), E> {
        self.size += 1;
        let (mut node, mut index) = (leaf, (self.size - 1) / WIDTH as u64);
        for level in 0.. {
            let place = usize::from(level);
            if self.levels.len() == place {
                self.levels.push(Vec::with_capacity(WIDTH));
            }
            let Some(open) = self.levels.get_mut(place) else { break };
            open.push(node);
            if open.len() < WIDTH {
                break;
            }
            full(Tile { of: Of::Level(level), index, width: WIDTH }, open)?;
            node = root_of(open);
            index /= WIDTH as u64;
            open.clear();
        }
        Ok(())
    }

    /// The tiles that are not full, from level 0 up; none of them is empty.
    pub fn partial(&self) -> impl Iterator<Item = (Tile, &[Hash])> {
        let tile = |(level, index, width)| Tile { of: Of::Level(level), index, width };
        let open = open_tiles(self.size).map(tile).zip(self.levels.iter().map(Vec::as_slice));
        open.filter(|(tile, _)| tile.width > 0)
    }

    /// The root at this size.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.edge().root()
    }

    /// The tree's edge at this size.
    #[must_use]
    pub fn edge(&self) -> Edge {
        let mut edge = Edge::new();
        // The widest come first, so each begins where one of its width does.
        for (level, nodes) in self.levels.iter().enumerate().rev() {
            let level = u32::try_from(level).unwrap_or(u32::MAX).saturating_mul(super::LEVEL_BITS);
            for node in nodes {
                let pushed = edge.push_subtree(*node, level);
                debug_assert!(pushed.is_ok(), "a subtree out of place");
            }
        }
        edge
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    use super::*;
    use crate::tree::leaf;

    #[test]
    fn tiles_and_roots_are_those_of_the_whole_tree() {
        let leaves: Vec<Hash> = (0..66_000_u32).map(|number| leaf(&number.to_be_bytes())).collect();
        let (mut growing, mut tiles) = (Growing::default(), BTreeMap::new());
        for (size, leaf) in (1..).zip(&leaves) {
            let Ok(()) = growing.push(*leaf, |tile, nodes| {
                tiles.insert(tile, nodes.to_vec());
                Ok::<_, Infallible>(())
            });
            if [1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 66_000].contains(&size) {
                assert_eq!(growing.root(), root_of(&leaves[..size]), "{size}");
                let levels = open_tiles(size as u64).map(|(level, ..)| growing.levels[usize::from(level)].clone());
                assert_eq!(Growing::from_open(size as u64, levels.collect()).as_ref(), Some(&growing));
            }
        }
        assert_eq!(Growing::default().root(), root_of(&[]));
        assert_eq!(Growing::from_open(2, vec![vec![Hash::ZERO]]), None);
        let of = |level| tiles.keys().filter(|tile| tile.of == Of::Level(level)).count();
        assert_eq!((of(0), of(1), of(2)), (257, 1, 0));
        for (tile, nodes) in &tiles {
            let Of::Level(level) = tile.of else { unreachable!() };
            let width = 256_usize.pow(level.into());
            let first = usize::try_from(tile.index).unwrap() * width * 256;
            let expected: Vec<Hash> = leaves[first..first + width * 256].chunks(width).map(root_of).collect();
            assert_eq!(*nodes, expected, "{tile:?}");
        }
        let partial: Vec<(String, usize)> = growing.partial().map(|(tile, nodes)| (tile.path(), nodes.len())).collect();
        let expected = [("tile/0/257.p/208", 208), ("tile/1/001.p/1", 1), ("tile/2/000.p/1", 1)];
        assert_eq!(partial, expected.map(|(path, len)| (path.to_owned(), len)));
    }
}
