//! What proofs are made of, found by the roots that are kept beside the log: a few small reads, however long the log is.

use std::collections::BTreeSet;
use std::ops::{ControlFlow, Range};
use std::path::Path;

use foldhash::HashMap;

use super::gather::Gathered;
use super::receipt::Shown;
use super::roots::{BLOCK, Roots};
use crate::chain::Hash;
use crate::codec;
use crate::event::EventKind;
use crate::frame::HEADER_LEN;
use crate::keys::Ring;
use crate::ledger::head::Head;
use crate::log::{Fetch, Log, Passed};
use crate::seq::Seq;
use crate::tree::{Edge, leaf};

/// How many events behind the roots are looked at; more are a matter for the whole log.
const TAIL_MAX: usize = 1 << 15;
/// How many records a commit with an event about keys may have.
const KEY_COMMIT_MAX: usize = 1 << 12;

/// An event's leaf, and where it stands in its segment.
type Leaf = (Hash, u64);

/// A log whose roots are kept.
#[derive(Debug)]
pub(in crate::ledger) struct Quick {
    roots: Roots,
    fetch: Fetch,
    /// The events behind those that the roots reach over.
    tail: Vec<Leaf>,
    head: Head,
    ring: Ring,
    /// Blocks that were read.
    blocks: HashMap<u64, Vec<Leaf>>,
}

impl Quick {
    /// Opens a ledger; none if nothing is kept that is of use, for whatever reason: then the whole log tells.
    pub(in crate::ledger) fn open(dir: &Path) -> Option<Quick> {
        let roots = Roots::read(dir)?;
        let log = Log::open(dir).ok()?;
        let mut fetch = log.fetch().ok()?;
        let mut ring = ring(&mut fetch, &roots.keys)?;
        let mut scan = log.commits_behind(Some(&roots.up_to.known)).ok()?;
        if scan.ledger() != roots.up_to.ledger {
            return None;
        }
        let (mut tail, mut seal) = (Vec::new(), None);
        while let Some(mut commit) = scan.next_commit().ok()? {
            seal = Some(commit.seal().clone());
            while let Some(frame) = commit.next_frame().ok()? {
                if tail.len() == TAIL_MAX {
                    return None;
                }
                tail.push((frame.leaf(), frame.place.offset));
                note(&mut ring, frame.envelope.seq, frame.envelope.kind, frame.payload())?;
            }
            ring.close(seal.as_ref()?.head.size);
        }
        let cursor = scan.cursor()?;
        let seal = seal.map_or_else(|| fetch.seal(cursor.seal).ok(), Some)?;
        let recorded_at_micros = cursor.recorded_at;
        let mut head = Head { origin: ring.origin().to_owned(), recorded_at_micros, ..Head::default() };
        head.take(seal);
        head.checked(&ring).ok()?;
        Some(Quick { roots, fetch, tail, head, ring, blocks: HashMap::default() })
    }

    /// The newest sealed head; its signatures were checked.
    pub(in crate::ledger) fn head(&self) -> &Head {
        &self.head
    }

    /// Who may seal, and who once might.
    pub(in crate::ledger) fn keys(&self) -> &Ring {
        &self.ring
    }

    /// The roots over ranges of leaves, and events; none if that does not do.
    pub(super) fn gather(&mut self, ranges: &[Range<u64>], wanted: &BTreeSet<u64>) -> Option<Gathered> {
        let hashes = ranges.iter().map(|range| self.root(range.clone())).collect::<Option<_>>()?;
        let events = wanted.iter().map(|seq| self.event(*seq)).collect::<Option<_>>()?;
        Some(Gathered { hashes, events })
    }

    fn event(&mut self, seq: u64) -> Option<Shown> {
        let (_, offset) = self.leaf(seq.checked_sub(1)?)?;
        let fetched = self.fetch.event(seq, offset).ok()?;
        Some(Shown { envelope: fetched.envelope.to_bytes(), body: fetched.salt.zip(fetched.payload) })
    }

    /// The root over a range that begins where a whole subtree of its width would.
    fn root(&mut self, range: Range<u64>) -> Option<Hash> {
        let mut edge = Edge::new();
        let mut next = range.start;
        while next < range.end {
            let block = usize::try_from(next / BLOCK).ok()?;
            let whole = self.roots.blocks.get(block);
            if let Some(root) = whole.filter(|_| next.is_multiple_of(BLOCK) && next + BLOCK <= range.end) {
                edge.push_subtree(*root, BLOCK.ilog2()).ok()?;
                next += BLOCK;
            } else {
                edge.push(self.leaf(next)?.0);
                next += 1;
            }
        }
        Some(edge.root())
    }

    fn leaf(&mut self, position: u64) -> Option<Leaf> {
        if let Some(place) = position.checked_sub(self.roots.size()) {
            return self.tail.get(usize::try_from(place).ok()?).copied();
        }
        let block = position / BLOCK;
        if !self.blocks.contains_key(&block) {
            let leaves = self.block(block)?;
            self.blocks.insert(block, leaves);
        }
        self.blocks.get(&block)?.get(usize::try_from(position % BLOCK).ok()?).copied()
    }

    /// The leaves of a block that the roots reach over.
    fn block(&mut self, block: u64) -> Option<Vec<Leaf>> {
        let first = block * BLOCK + 1;
        let count = usize::try_from(BLOCK.min(self.roots.size() - (first - 1))).ok()?;
        let offset = *self.roots.offsets.get(usize::try_from(block).ok()?)?;
        let mut leaves = Vec::with_capacity(count);
        let passed = self.fetch.pass(first, offset, |passed| {
            if let Passed::Event { envelope, place } = passed {
                leaves.push((leaf(envelope), place.offset));
            }
            if leaves.len() == count { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        passed.ok().filter(|()| leaves.len() == count)?;
        Some(leaves)
    }
}

/// The keys that these events are about; none if any of them cannot be read.
fn ring(fetch: &mut Fetch, keys: &[(u64, u64)]) -> Option<Ring> {
    let mut ring = Ring::default();
    let genesis = fetch.event(1, HEADER_LEN as u64).ok()?;
    note(&mut ring, 1, genesis.envelope.kind, genesis.payload.as_deref())?;
    for (seq, offset) in keys {
        let event = fetch.event(*seq, *offset).ok()?;
        note(&mut ring, *seq, event.envelope.kind, event.payload.as_deref())?;
        let (mut closed, mut count) = (None, 0);
        let passed = fetch.pass(*seq, *offset, |passed| {
            count += 1;
            match passed {
                Passed::Seal { size } => {
                    closed = Some(size);
                    ControlFlow::Break(())
                }
                Passed::Event { .. } if count == KEY_COMMIT_MAX => ControlFlow::Break(()),
                Passed::Event { .. } => ControlFlow::Continue(()),
            }
        });
        passed.ok()?;
        ring.close(closed?);
    }
    Some(ring)
}

/// Takes in what an event says of the ledger or of keys; none if that cannot be read.
fn note(ring: &mut Ring, seq: u64, kind: u16, payload: Option<&[u8]>) -> Option<()> {
    let kind = EventKind::of_number(kind)?;
    if matches!(kind, EventKind::Genesis | EventKind::KeyAuthorised | EventKind::KeyRevoked) {
        ring.note(Seq(seq), kind, Some(&codec::decode(kind, payload?).ok()?.event));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::gather::from_log;
    use super::*;
    use crate::ledger::{ImportOptions, Ledger, Writer, new_key, rebuild};

    fn import(dir: &Path, count: usize, text: &str) {
        let writer = Writer::open(dir, "ana", 2).unwrap();
        let options = ImportOptions { threads: 1, ..ImportOptions::default() };
        let lines: Vec<String> =
            (0..count).map(|number| format!(r#"{{"type":"note","text":"{text} {number}"}}"#)).collect();
        writer.import(lines.join("\n").as_bytes(), options, 2, |_| ()).unwrap();
    }

    #[test]
    fn the_roots_give_what_the_log_does() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        Ledger::create(dir, Some("example.org/siege"), 1).unwrap();
        import(dir, 700, "a");
        assert!(Quick::open(dir).is_none(), "none are kept yet");
        rebuild(dir, 1, |_| ()).unwrap();
        let same = |size: u64, ranges: &[Range<u64>], wanted: &BTreeSet<u64>| {
            let by_roots = Quick::open(dir).unwrap().gather(ranges, wanted).unwrap();
            let by_log = from_log(dir, size, ranges, wanted).unwrap();
            assert_eq!((by_roots.hashes, by_roots.events), (by_log.hashes, by_log.events));
        };
        let ranges = [0..256, 256..512, 512..513, 513..514, 640..702];
        same(702, &ranges, &BTreeSet::from([1, 256, 257, 300, 702]));
        // What was appended behind them.
        import(dir, 100, "b");
        let head = Quick::open(dir).unwrap().head().clone();
        assert_eq!((head.size, head.signatures.len()), (802, 0));
        same(802, &[0..512, 512..768, 768..800, 800..801, 801..802], &BTreeSet::from([702, 703, 802]));
        // Kept anew, they go on where they ended.
        import(dir, 1000, "c");
        assert_eq!(Roots::read(dir).unwrap().size(), 1802);
        same(1802, &[0..1024, 1024..1792, 1792..1802], &BTreeSet::from([702, 703, 1802]));
    }

    #[test]
    fn roots_that_do_not_fit_are_none() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for dir in [one.path(), other.path()] {
            Ledger::create(dir, Some("example.org/siege"), 1).unwrap();
            import(dir, 1100, "a");
            assert!(Quick::open(dir).is_some());
        }
        let path = one.path().join("roots");
        let own = std::fs::read(&path).unwrap();
        for at in [0, 20, 60, 200, own.len() - 1] {
            let mut changed = own.clone();
            changed[at] ^= 1;
            std::fs::write(&path, changed).unwrap();
            assert!(Quick::open(one.path()).is_none(), "byte {at}");
        }
        std::fs::copy(other.path().join("roots"), &path).unwrap();
        assert!(Quick::open(one.path()).is_none(), "those of another ledger");
        // They are made anew when they are next due.
        import(one.path(), 1100, "b");
        assert_eq!(Quick::open(one.path()).unwrap().head().size, 2202);
    }

    #[test]
    fn keys_behind_and_within_the_roots_are_known() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        Ledger::create(dir, Some("example.org/siege"), 1).unwrap();
        let key = new_key("ana").unwrap();
        let open = || {
            let mut writer = Writer::open(dir, "ana", 2).unwrap();
            writer.sign_with(new_key_of(&key));
            writer
        };
        let roles = crate::keys::Role::ALL.to_vec();
        open().authorise(&key.public(), &roles, 2).unwrap();
        let options = || ImportOptions { threads: 1, ..ImportOptions::default() };
        let lines: Vec<String> = (0..1100).map(|number| format!(r#"{{"type":"note","text":"{number}"}}"#)).collect();
        open().import(lines.join("\n").as_bytes(), options(), 2, |_| ()).unwrap();
        open().import(&br#"{"type":"note","text":"x"}"#[..], options(), 2, |_| ()).unwrap();
        let quick = Quick::open(dir).unwrap();
        assert_eq!(quick.tail.len(), 1);
        let slow = Ledger::open(dir).unwrap();
        assert_eq!(quick.head(), slow.head());
        assert_eq!(quick.head().signatures.len(), 1);
        assert_eq!(&quick.ring, slow.keys());
    }

    fn new_key_of(key: &crate::note::PrivateKey) -> crate::note::PrivateKey {
        crate::note::PrivateKey::of_seed(key.name(), key.seed()).unwrap()
    }
}
