//! Where the roots of small subtrees lie, so that a proof is made without reading the log: in one file beside it, small
//! enough to be written anew as a whole. It is made from the log by way of the index and may be thrown away at any time;
//! what is made from it is checked.
//!
//! ```text
//! magic[16] · ledger[32] · size u64 · head[32] · recorded_at i64 · seal's segment u64 · seal's offset u64
//! edge node[32] × as many as size has one-bits
//! count u32 · (seq u64 · offset u64) × count            events about keys, and where they stand
//! offset u64 × ⌈size ÷ 256⌉ · root[32] × ⌊size ÷ 256⌋    the first event of each 256, and the root over them
//! BLAKE3 of all that[32]
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use crate::chain::{Hash, Head, digest};
use crate::event::EventKind;
use crate::index::{Index, ROWS_PAGE, SUBTREE_LEAVES, Unusable, UpTo};
use crate::ledger::error::Error;
use crate::log::{Cursor, Known, Place};
use crate::tree::Edge;

/// The file's name in the ledger's folder.
const NAME: &str = "roots";
const MAGIC: &[u8; 16] = b"annals roots 1\n\0";
/// Leaves to a block.
pub(super) const BLOCK: u64 = SUBTREE_LEAVES;

// A page of the index's rows begins just before a block does.
const _: () = assert!(ROWS_PAGE == BLOCK);

/// Roots up to some head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Roots {
    pub(super) up_to: UpTo,
    /// Events about keys, and where they stand in their segments.
    pub(super) keys: Vec<(u64, u64)>,
    /// Where the first event of every block stands in its segment, also of the last, which may not be whole.
    pub(super) offsets: Vec<u64>,
    /// The roots over whole blocks.
    pub(super) blocks: Vec<Hash>,
}

impl Roots {
    /// What is kept of a ledger; none if there is nothing that can be read.
    pub(super) fn read(dir: &Path) -> Option<Roots> {
        let path = dir.join(NAME);
        // What is no plain file could keep a reader waiting for ever.
        fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
        Roots::from_bytes(&fs::read(path).ok()?)
    }

    fn write(&self, dir: &Path) -> Result<(), Error> {
        let (new, path): (PathBuf, PathBuf) = (dir.join(format!("{NAME}.new")), dir.join(NAME));
        // Where another file has the name, some file systems begin to write to the disk when it is given.
        drop(fs::remove_file(&path));
        let written = fs::write(&new, self.to_bytes()).and_then(|()| fs::rename(&new, &path));
        written.map_err(|error| Error::io("keep the roots of subtrees in", &path, &error))
    }

    /// How many events they reach over.
    pub(super) fn size(&self) -> u64 {
        self.up_to.known.cursor.head.size
    }

    fn to_bytes(&self) -> Vec<u8> {
        let Known { cursor, edge } = &self.up_to.known;
        let mut bytes = [&MAGIC[..], &self.up_to.ledger.0].concat();
        bytes.extend(cursor.head.size.to_le_bytes());
        bytes.extend(cursor.head.hash.0);
        bytes.extend(cursor.recorded_at.to_le_bytes());
        bytes.extend([cursor.seal.segment, cursor.seal.offset].map(u64::to_le_bytes).concat());
        bytes.extend(edge.nodes().iter().flat_map(|node| node.0));
        bytes.extend(u32::try_from(self.keys.len()).unwrap_or(u32::MAX).to_le_bytes());
        for number in self.keys.iter().flat_map(|(seq, offset)| [seq, offset]).chain(&self.offsets) {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        for root in &self.blocks {
            bytes.extend_from_slice(&root.0);
        }
        let check = digest(&bytes);
        bytes.extend(check.0);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Roots> {
        let (bytes, check) = bytes.split_last_chunk::<32>()?;
        let mut rest = bytes.strip_prefix(&MAGIC[..]).filter(|_| digest(bytes).0 == *check)?;
        let ledger = hash(&mut rest)?;
        let (size, link, recorded_at) = (number(&mut rest)?, hash(&mut rest)?, number(&mut rest)?.cast_signed());
        let seal = Place { segment: number(&mut rest)?, offset: number(&mut rest)? };
        let nodes = (0..size.count_ones()).map(|_| hash(&mut rest)).collect::<Option<Vec<_>>>()?;
        let (count, behind) = rest.split_first_chunk()?;
        rest = behind;
        let keys = (0..u32::from_le_bytes(*count)).map(|_| Some((number(&mut rest)?, number(&mut rest)?)));
        let keys = keys.collect::<Option<Vec<_>>>()?;
        let offsets = (0..size.div_ceil(BLOCK)).map(|_| number(&mut rest)).collect::<Option<Vec<_>>>()?;
        let blocks = (0..size / BLOCK).map(|_| hash(&mut rest)).collect::<Option<Vec<_>>>()?;
        let cursor = Cursor { head: Head { size, hash: link }, recorded_at, seal };
        let known = Known { cursor, edge: Edge::from_nodes(size, nodes)? };
        rest.is_empty().then_some(Roots { up_to: UpTo { ledger, known }, keys, offsets, blocks })
    }
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let (number, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(u64::from_le_bytes(*number))
}

fn hash(rest: &mut &[u8]) -> Option<Hash> {
    let (hash, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(Hash(*hash))
}

/// A place in a ledger's log that is known, if its roots are kept: where to read on from instead of from far before. It is
/// checked when it is used.
pub(in crate::ledger) fn known_place(dir: &Path) -> Option<Known> {
    Roots::read(dir).map(|roots| roots.up_to.known)
}

/// Brings the roots that are kept up to where a ledger's index goes. If that cannot be done proofs take longer.
pub(in crate::ledger) fn keep_roots(dir: &Path, index: &Index) {
    // Nothing rests on it, and there is nobody to tell.
    drop(kept(dir, index));
}

fn kept(dir: &Path, index: &Index) -> Result<(), Error> {
    let Some(up_to) = index.up_to().filter(|up_to| up_to.known.cursor.head.size == index.size()) else {
        return Ok(());
    };
    let size = index.size();
    let whole = size / BLOCK;
    let before = Roots::read(dir).filter(|roots| roots.up_to.ledger == up_to.ledger);
    let (mut keys, mut offsets, mut blocks) =
        before.map(|Roots { keys, offsets, blocks, .. }| (keys, offsets, blocks)).unwrap_or_default();
    blocks.truncate(usize::try_from(whole).unwrap_or(usize::MAX));
    // The root over a block is over the links to all before it: if the last is the same, so are the others.
    let mut first = blocks.len() as u64;
    if first > 0 && index.subtrees(first - 1..first)?.first() != blocks.last() {
        (first, blocks) = (0, Vec::new());
    }
    offsets.truncate(blocks.len());
    keys.retain(|(seq, _)| *seq <= first * BLOCK);
    blocks.extend(index.subtrees(first..whole)?);
    for page in first..=whole {
        for (seq, row) in (page * BLOCK..).zip(index.rows(page)?).filter(|(seq, _)| *seq > first * BLOCK) {
            if (seq - 1).is_multiple_of(BLOCK) {
                offsets.push(row.offset);
            }
            if matches!(row.kind, EventKind::KeyAuthorised | EventKind::KeyRevoked) {
                keys.push((seq, row.offset));
            }
        }
    }
    if blocks.len() as u64 != whole || offsets.len() as u64 != size.div_ceil(BLOCK) {
        return Err(Unusable::Broken("it has other subtrees than events".to_owned()).into());
    }
    Roots { up_to: up_to.clone(), keys, offsets, blocks }.write(dir)
}
