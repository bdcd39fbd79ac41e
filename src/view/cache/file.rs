//! A run in a file.
//!
//! ```text
//! magic[16]                        a high bit, the name, CRLF, LF
//! probe u64                        what the program that wrote it makes of something when it hashes for lookups
//! first u64 · last u64             the events it is about
//! ledger[32]                       the id of the ledger
//! tip[32] · recorded_at i64        the head at its end, and when its last event was recorded
//! segment u64 · offset u64         where the seal of that head stands
//! nodes: count u8, count × 32      the tree's edge under that seal
//! nine parts: length u64, crc u32  places, shared, commits, roots, uses, ids, offsets, lookups, blocks; the buckets of lookups
//!                                  and each block have a check sum of their own
//! crc u32                          of all before it
//! parts                            one behind the other
//! ```
//! Numbers are little-endian; a check sum is CRC-32. Nobody but the user who wrote a file can change it: the sums are there for
//! disks that lose or tear, not for forgers.

use std::io;
use std::sync::Arc;

use crate::chain::{Hash, Head};
use crate::log::disk::DiskFile;
use crate::log::{Cursor, Known, Place};
use crate::seq::Seq;
use crate::tree::Edge;
use crate::view::bytes::Bytes;
use crate::view::cells::{Cells, PutCells};
use crate::view::lookup::Sought;
use crate::view::run::Run;

const MAGIC: &[u8; 16] = b"\x8fannals run 2\r\n\n";
/// So many bytes are written at once.
const STEP: usize = 1 << 20;
/// The longest header: of a tree of any size.
const HEADER_LEN_MAX: usize = 4096;
const PARTS: usize = 9;
/// So many of them have a check sum in the header; the others have their own.
const SUMMED: usize = 7;

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
    let parts = [&memory].into_iter().chain(run.parts());
    let mut header = MAGIC.to_vec();
    header.put_u64(Sought::probe());
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
    for (number, part) in parts.clone().enumerate() {
        header.put_u64(part.len());
        header.put_u32(if number < SUMMED { part.crc().ok_or_else(damaged)? } else { 0 });
    }
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
        let mut from = 0;
        while from < part.len() {
            let count = usize::try_from(part.len() - from).unwrap_or(STEP).min(STEP);
            put(&part.read(from, count).ok_or_else(damaged)?)?;
            from += count as u64;
        }
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
    (cells.bytes(MAGIC.len())? == MAGIC && cells.u64()? == Sought::probe()).then_some(())?;
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
    let parts = lens.map(&mut part);
    // Nothing is read before it is known to be there.
    (file.len_bytes().ok()? == at).then_some(())?;
    let [places, shared, commits, roots, uses, ids, offsets, lookups, blocks] = parts;
    // What is read whole by everybody is checked at once; what else there is when it is read; an offset is by the event that
    // stands there.
    let whole = |part: Option<Bytes>| Some(part?.checked()?.into_owned());
    let places = whole(places)?;
    let shared = Bytes::Memory(whole(shared)?);
    let commits = Bytes::Memory(whole(commits)?);
    let (roots, uses, ids, offsets, lookups, blocks) = (roots?, uses?, ids?, offsets?, lookups?.into(), blocks?);
    let run = Run { first, last, places, blocks, shared, commits, ids, offsets, roots, uses, lookups };
    let cursor = Cursor { head: Head { size: last.0, tip }, recorded_at, seal };
    Some((run, UpTo { ledger, known: Known { cursor, edge } }))
}

fn hash(cells: &mut Cells<'_>) -> Option<Hash> {
    Some(Hash(cells.bytes(32)?.try_into().ok()?))
}

/// A part of a run that is forged.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forged {
    All,
    Shared,
    Blocks,
    Offsets,
    Lookups,
    Roots,
}

/// Puts parts of the run in one file in the place of those in another, as somebody could who writes with the user's account.
#[cfg(test)]
pub(crate) fn forge(own: &std::path::Path, foreign: &std::path::Path, parts: &[Forged]) {
    use crate::log::disk::{Access, Disk, SystemDisk};
    let opened = |path, access| SystemDisk.open(path, access).unwrap();
    let (run, up_to) = read(opened(own, Access::Read)).unwrap().unwrap();
    let (foreign, _) = read(opened(foreign, Access::Read)).unwrap().unwrap();
    let mut forged = run.clone();
    for part in parts {
        match part {
            Forged::All => forged = Run { first: run.first, last: run.last, ..foreign.clone() },
            Forged::Shared => forged.shared = foreign.shared.clone(),
            Forged::Blocks => (forged.places, forged.blocks) = (foreign.places.clone(), foreign.blocks.clone()),
            Forged::Offsets => forged.offsets = foreign.offsets.clone(),
            Forged::Lookups => forged.lookups = foreign.lookups.clone(),
            Forged::Roots => forged.roots = foreign.roots.clone(),
        }
    }
    SystemDisk.remove(own).unwrap();
    write(&forged, &up_to, &*opened(own, Access::CreateNew)).unwrap();
}
