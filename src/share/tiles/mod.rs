//! The tree as files of a web server have it: C2SP tlog-tiles, which tools that know nothing of annals read.
//!
//! A tile holds up to 256 neighbouring nodes of one level; a level is eight levels of the tree. A bundle of entries
//! holds the envelopes under a tile of level 0.

mod growing;

use crate::chain::Hash;

pub use growing::Growing;

/// Nodes to a full tile, and entries to a full bundle.
pub const WIDTH: usize = 256;
/// Bits of a position that a level takes up.
const LEVEL_BITS: u32 = 8;
/// Levels that a tree of 2⁶⁴ leaves has.
pub const LEVELS: u8 = 8;

/// What a file of a published tree holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// Nodes of this level: leaves at 0, and at every other the roots of full tiles of the level below.
    Level(u8),
    /// The entries themselves.
    Entries,
    /// The seals of the commits that end under a bundle of entries; not below `tile/`, which is C2SP's.
    Seals,
}

/// A file of a published tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    /// What it holds.
    pub of: Of,
    /// Its number within the level, from 0.
    pub index: u64,
    /// How many nodes or entries it holds: 1 to [`WIDTH`].
    pub width: usize,
}

impl Tile {
    /// The tile with this number in a tree of `size` leaves, as wide as it is there; none if it is empty.
    #[must_use]
    pub fn at(of: Of, index: u64, size: u64) -> Option<Tile> {
        let level = match of {
            Of::Level(level) => level,
            Of::Entries | Of::Seals => 0,
        };
        let nodes = nodes_at(level, size);
        let before = index.checked_mul(WIDTH as u64)?;
        let width = usize::try_from(nodes.checked_sub(before)?).unwrap_or(WIDTH).min(WIDTH);
        (width > 0).then_some(Tile { of, index, width })
    }

    /// Whether nothing can be added to it.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.width == WIDTH
    }

    /// This tile when it is full.
    #[must_use]
    pub fn full(self) -> Tile {
        Tile { width: WIDTH, ..self }
    }

    /// Where it lies below the folder that is served, with `/` between folders.
    #[must_use]
    pub fn path(&self) -> String {
        let full = self.full_path();
        if self.is_full() { full } else { format!("{full}.p/{}", self.width) }
    }

    /// The folder of the partial tiles with this number.
    #[must_use]
    pub fn partial_folder(&self) -> String {
        self.full_path() + ".p"
    }

    fn full_path(&self) -> String {
        let mut groups = vec![format!("{:03}", self.index % 1000)];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1000));
            rest /= 1000;
        }
        groups.reverse();
        let of = match self.of {
            Of::Level(level) => format!("tile/{level}"),
            Of::Entries => "tile/entries".to_owned(),
            Of::Seals => "seals".to_owned(),
        };
        format!("{of}/{}", groups.join("/"))
    }
}

/// How many nodes a level has in a tree of `size` leaves.
fn nodes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(u32::from(level) * LEVEL_BITS).unwrap_or(0)
}

/// The open tile of each level in a tree of `size` leaves, from level 0 up: number and width, which may be 0.
pub fn open_tiles(size: u64) -> impl Iterator<Item = (u8, u64, usize)> {
    (0..LEVELS).map_while(move |level| {
        let nodes = nodes_at(level, size);
        let width = usize::try_from(nodes % WIDTH as u64).unwrap_or_default();
        (nodes > 0).then_some((level, nodes / WIDTH as u64, width))
    })
}

/// The bytes of a tile.
#[must_use]
pub fn nodes_bytes(nodes: &[Hash]) -> Vec<u8> {
    nodes.iter().flat_map(|node| node.0).collect()
}

/// The first `width` nodes of a tile's bytes; none if there are fewer, or if the bytes are no whole nodes.
#[must_use]
pub fn nodes_of(bytes: &[u8], width: usize) -> Option<Vec<Hash>> {
    let (nodes, rest) = bytes.as_chunks::<32>();
    (rest.is_empty() && nodes.len() <= WIDTH).then_some(())?;
    Some(nodes.get(..width)?.iter().copied().map(Hash).collect())
}

/// Adds an entry to a bundle: its length, big-endian, and its bytes.
pub fn add_entry<const LEN: usize>(bundle: &mut Vec<u8>, entry: &[u8; LEN]) {
    const { assert!(LEN <= u16::MAX as usize, "an entry is at most 65535 bytes long") };
    #[expect(clippy::cast_possible_truncation, reason = "it was looked at just before")]
    bundle.extend_from_slice(&(LEN as u16).to_be_bytes());
    bundle.extend_from_slice(entry);
}

/// The first `width` entries of a bundle, all of which are `LEN` bytes long; none if there are fewer or any is not.
#[must_use]
pub fn entries_of<const LEN: usize>(bundle: &[u8], width: usize) -> Option<Vec<[u8; LEN]>> {
    let entry_of = |bytes: &[u8]| {
        let (len, entry) = bytes.split_first_chunk::<2>()?;
        (usize::from(u16::from_be_bytes(*len)) == LEN).then_some(())?;
        entry.try_into().ok()
    };
    let entries = bundle.chunks(2 + LEN).map(entry_of).collect::<Option<Vec<_>>>()?;
    (entries.len() <= WIDTH).then_some(())?;
    Some(entries.get(..width)?.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let path = |of, index, size| Tile::at(of, index, size).map(|tile| tile.path());
        assert_eq!(path(Of::Level(0), 1_234_067, u64::MAX).as_deref(), Some("tile/0/x001/x234/067"));
        assert_eq!(path(Of::Entries, 0, 3).as_deref(), Some("tile/entries/000.p/3"));
        assert_eq!(path(Of::Seals, 1_234_067, u64::MAX).as_deref(), Some("seals/x001/x234/067"));
        assert_eq!(path(Of::Seals, 1, 259).as_deref(), Some("seals/001.p/3"));
        // The specification's own example: a tree of 70,000.
        assert_eq!(path(Of::Level(0), 272, 70_000).as_deref(), Some("tile/0/272"));
        assert_eq!(path(Of::Level(0), 273, 70_000).as_deref(), Some("tile/0/273.p/112"));
        assert_eq!(path(Of::Level(1), 0, 70_000).as_deref(), Some("tile/1/000"));
        assert_eq!(path(Of::Level(1), 1, 70_000).as_deref(), Some("tile/1/001.p/17"));
        assert_eq!(path(Of::Level(2), 0, 70_000).as_deref(), Some("tile/2/000.p/1"));
        for (of, index, size) in [(Of::Level(3), 0, 70_000), (Of::Level(0), 274, 70_000), (Of::Entries, 1, 256)] {
            assert_eq!(path(of, index, size), None);
        }
        let open: Vec<_> = open_tiles(70_000).collect();
        assert_eq!(open, [(0, 273, 112), (1, 1, 17), (2, 0, 1)]);
        assert_eq!(open_tiles(256).collect::<Vec<_>>(), [(0, 1, 0), (1, 0, 1)]);
        assert_eq!(open_tiles(u64::MAX).count(), 8);
    }

    #[test]
    fn bundles_have_one_spelling() {
        let mut bundle = Vec::new();
        add_entry(&mut bundle, b"one");
        add_entry(&mut bundle, b"two");
        assert_eq!(bundle, b"\0\x03one\0\x03two");
        assert_eq!(entries_of::<3>(&bundle, 2).unwrap(), [*b"one", *b"two"]);
        assert_eq!(entries_of::<3>(&bundle, 1).unwrap(), [*b"one"]);
        assert_eq!(entries_of::<3>(&bundle, 3), None, "too few");
        assert_eq!(entries_of::<3>(b"\0\x03one\0\x02to", 1), None, "another length");
        assert_eq!(entries_of::<3>(b"\0\x03one\0", 1), None, "a rest");
        assert_eq!(nodes_of(&[7; 64], 2).unwrap().len(), 2);
        assert_eq!(nodes_of(&[7; 65], 2), None);
        assert_eq!(nodes_of(&[7; 32 * 257], 2), None);
    }
}
