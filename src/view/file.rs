//! A run in a file.
//!
//! ```text
//! magic[16]                        a high bit, the name, CRLF, LF
//! first u64 · last u64             the events it is about
//! ledger[32]                       the id of the ledger
//! tip[32] · recorded_at i64        the head at its end, and when its last event was recorded
//! segment u64 · offset u64         where the seal of that head stands
//! nodes: count u8, count × 32      the tree's edge under that seal
//! six parts: length u64, crc u32   places, shared, commits, ids, offsets, blocks; a block has a check sum of its own
//! crc u32                          of all before it
//! parts                            one behind the other
//! ```
//! Numbers are little-endian; a check sum is CRC-32. Nobody but the user who wrote a file can change it: the sums are there for
//! disks that lose or tear, not for forgers.

use std::io;
use std::sync::Arc;

use super::bytes::Bytes;
use super::cells::{Cells, PutCells};
use super::run::Run;
use crate::chain::{Hash, Head};
use crate::log::disk::DiskFile;
use crate::log::{Cursor, Known, Place};
use crate::seq::Seq;
use crate::tree::Edge;

const MAGIC: &[u8; 16] = b"\x8fannals run 1\r\n\n";
/// So many bytes of the blocks are written at once.
const STEP: usize = 1 << 20;
/// The longest header: of a tree of any size.
const HEADER_LEN_MAX: usize = 4096;
const PARTS: usize = 6;

/// Up to where in a ledger's log a run goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpTo {
    /// The ledger's id.
    pub ledger: Hash,
    /// The last seal, and the tree's edge under it.
    pub known: Known,
}

/// Writes a run to a new file.
///
/// # Errors
/// What the system said; the file is unfinished then.
pub(super) fn write(run: &Run, up_to: &UpTo, file: &dyn DiskFile) -> io::Result<()> {
    let damaged = || io::Error::other("a run cannot be read");
    let memory = Bytes::Memory(run.places.clone());
    let parts = [&memory, &run.shared, &run.commits, &run.ids, &run.offsets];
    let mut header = MAGIC.to_vec();
    header.put_u64(run.first.0);
    header.put_u64(run.last.0);
    header.put(&up_to.ledger.0);
    let Cursor { head, recorded_at, seal } = up_to.known.cursor;
    header.put(&head.tip.0);
    header.put_i64(recorded_at);
    header.put_u64(seal.segment);
    header.put_u64(seal.offset);
    let nodes = up_to.known.edge.nodes();
    header.put_u8(u8::try_from(nodes.len()).unwrap_or(u8::MAX));
    for node in nodes {
        header.put(&node.0);
    }
    for part in parts {
        header.put_u64(part.len());
        header.put_u32(crc32fast::hash(&part.all().ok_or_else(damaged)?));
    }
    header.put_u64(run.blocks.len());
    header.put_u32(0);
    let crc = crc32fast::hash(&header);
    header.put_u32(crc);
    let mut at = 0;
    let mut put = |bytes: &[u8]| {
        file.write_at(at, bytes)?;
        at += bytes.len() as u64;
        Ok::<_, io::Error>(())
    };
    put(&header)?;
    for part in parts {
        put(&part.all().ok_or_else(damaged)?)?;
    }
    let mut from = 0;
    while from < run.blocks.len() {
        let count = usize::try_from(run.blocks.len() - from).unwrap_or(STEP).min(STEP);
        put(&run.blocks.read(from, count).ok_or_else(damaged)?)?;
        from += count as u64;
    }
    Ok(())
}

/// The run in a file; `None` if it is damaged.
///
/// # Errors
/// What the system said.
pub(super) fn read(file: Box<dyn DiskFile>) -> io::Result<Option<(Run, UpTo)>> {
    let file: Arc<dyn DiskFile> = Arc::from(file);
    let mut header = vec![0; HEADER_LEN_MAX];
    let len = file.read_at(0, &mut header)?;
    header.truncate(len);
    Ok(of_file(&file, &header))
}

fn of_file(file: &Arc<dyn DiskFile>, header: &[u8]) -> Option<(Run, UpTo)> {
    let mut cells = Cells::new(header);
    (cells.bytes(MAGIC.len())? == MAGIC).then_some(())?;
    let (first, last) = (Seq(cells.u64()?), Seq(cells.u64()?));
    let ledger = hash(&mut cells)?;
    let tip = hash(&mut cells)?;
    let recorded_at = cells.i64()?;
    let seal = Place { segment: cells.u64()?, offset: cells.u64()? };
    let count = cells.u8()?;
    let nodes: Option<Vec<Hash>> = (0..count).map(|_| hash(&mut cells)).collect();
    let edge = Edge::from_nodes(last.0, nodes?)?;
    let mut lens = [(0_u64, 0_u32); PARTS];
    for part in &mut lens {
        *part = (cells.u64()?, cells.u32()?);
    }
    let read = header.len() - cells.rest().len();
    (crc32fast::hash(header.get(..read)?) == cells.u32()?).then_some(())?;
    let mut at = read as u64 + 4;
    let mut part = |(len, crc): (u64, u32)| {
        let bytes = Bytes::File { file: Arc::clone(file), at, len, crc };
        at = at.checked_add(len)?;
        Some(bytes)
    };
    let [places, shared, commits, ids, offsets, blocks] = lens;
    let parts = [places, shared, commits, ids, offsets, blocks].map(&mut part);
    // Nothing is read before it is known to be there.
    (file.len_bytes().ok()? == at).then_some(())?;
    let [places, shared, commits, ids, offsets, blocks] = parts;
    // What is read whole is checked at once; blocks and ids are when they are read; an offset is by the event that stands there.
    let whole = |part: Option<Bytes>| Some(part?.checked()?.into_owned());
    let places = whole(places)?;
    let shared = Bytes::Memory(whole(shared)?);
    let commits = Bytes::Memory(whole(commits)?);
    let (ids, offsets, blocks) = (ids?, offsets?, blocks?);
    let run = Run { first, last, places, blocks, shared, commits, ids, offsets };
    let cursor = Cursor { head: Head { size: last.0, tip }, recorded_at, seal };
    Some((run, UpTo { ledger, known: Known { cursor, edge } }))
}

fn hash(cells: &mut Cells<'_>) -> Option<Hash> {
    Some(Hash(cells.bytes(32)?.try_into().ok()?))
}

/// Puts the rows of the run in one file in the place of those in another, as somebody could who writes with the user's account.
#[cfg(test)]
pub(crate) fn forge(own: &std::path::Path, foreign: &std::path::Path) {
    use crate::log::disk::{Access, Disk, SystemDisk};
    let opened = |path, access| SystemDisk.open(path, access).unwrap();
    let (own_run, up_to) = read(opened(own, Access::Read)).unwrap().unwrap();
    let (foreign_run, _) = read(opened(foreign, Access::Read)).unwrap().unwrap();
    let forged = Run { first: own_run.first, last: own_run.last, ..foreign_run };
    SystemDisk.remove(own).unwrap();
    write(&forged, &up_to, &*opened(own, Access::CreateNew)).unwrap();
}
