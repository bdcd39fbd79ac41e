//! Up to where in which log the index goes, as bytes.

use crate::chain::{Hash, Head};
use crate::log::{Cursor, Known, Place};
use crate::pack::{Pack, Unpack};
use crate::tree::Edge;

/// Up to where in which log an index goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpTo {
    /// The ledger's id.
    pub ledger: Hash,
    /// The last seal it has seen, and the edge of the tree there.
    pub known: Known,
}

/// Stands for the cursor while the index ends inside a commit. Whoever finds it makes the index anew.
pub(super) const INSIDE: &[u8] = &[0];

/// The form of what lies in an index; any other is thrown away.
const FORM: u64 = 6;

pub(super) fn bytes_of(up_to: &UpTo) -> Vec<u8> {
    let Known { cursor, edge } = &up_to.known;
    let mut pack = Pack::default();
    pack.number(FORM).raw(&up_to.ledger.0).raw(&cursor.head.hash.0).number(cursor.head.size);
    pack.number(cursor.recorded_at.cast_unsigned()).number(cursor.seal.segment).number(cursor.seal.offset);
    for node in edge.nodes() {
        pack.raw(&node.0);
    }
    pack.done()
}

pub(super) fn read(bytes: &[u8]) -> Option<UpTo> {
    let mut unpack = Unpack(bytes);
    if unpack.number()? != FORM {
        return None;
    }
    let (ledger, hash, size) = (unpack.array().map(Hash)?, unpack.array().map(Hash)?, unpack.number()?);
    let recorded_at = unpack.number()?.cast_signed();
    let seal = Place { segment: unpack.number()?, offset: unpack.number()? };
    let mut nodes = Vec::new();
    while !unpack.is_empty() {
        nodes.push(unpack.array().map(Hash)?);
    }
    let cursor = Cursor { head: Head { size, hash }, recorded_at, seal };
    Some(UpTo { ledger, known: Known { cursor, edge: Edge::from_nodes(size, nodes)? } })
}
