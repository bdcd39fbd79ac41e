//! What was published before, and whether it can be added to.

use std::path::Path;

use super::site::Site;
use super::{CHECKPOINT, MARKER, marker};
use crate::chain::Hash;
use crate::frame::ENVELOPE_LEN;
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::proof::known_place;
use crate::log::{Log, Scan, Since};
use crate::note::{Checkpoint, NOTE_LEN_MAX, SignedNote};
use crate::tiles::{Growing, Of, Tile, WIDTH, entries_of, nodes_of, open_tiles};
use crate::tree::leaf;

/// Longest bundle of entries, in bytes.
pub(super) const BUNDLE_LEN_MAX: usize = WIDTH * (2 + ENVELOPE_LEN);
/// Longest tile, in bytes.
pub(super) const TILE_LEN_MAX: usize = WIDTH * 32;

/// The tiles that are open at a head, and the envelopes in the bundle that is.
pub(super) type Open = (Growing, Vec<[u8; ENVELOPE_LEN]>);

/// The head that was published before.
#[derive(Clone, Debug)]
pub(super) struct Before {
    pub(super) checkpoint: Checkpoint,
    pub(super) note: SignedNote,
}

impl Before {
    /// The head in a folder; none if nothing was published there yet.
    ///
    /// # Errors
    /// `Invalid` if the folder holds something else, or another ledger; `Io`.
    pub(super) fn of(site: &Site, origin: &str, id: &Hash) -> Result<Option<Before>, Error> {
        let folder = site.folder().display();
        let refused = |what: String, hint: &str| Err(Error::new(ErrorKind::Invalid, what).with_hint(hint));
        if site.is_empty()? {
            return Ok(None);
        }
        let wanted = marker(origin, id);
        match site.read(MARKER, 1 << 16)? {
            Some(held) if held == wanted.as_bytes() => {}
            Some(_) => {
                let what = format!("{folder} holds another ledger than {origin}; nothing was written");
                return refused(what, "name another folder, or empty this one");
            }
            None => {
                let what = format!("{folder} is not empty, and no ledger was published there; nothing was written");
                return refused(what, "name a folder that is empty or not there");
            }
        }
        let Some(held) = site.read(CHECKPOINT, NOTE_LEN_MAX)? else { return Ok(None) };
        let note = String::from_utf8(held).ok().and_then(|text| SignedNote::parse(&text));
        let checkpoint = note.as_ref().and_then(|note| Checkpoint::parse(note.text()));
        let found = note.zip(checkpoint).filter(|(_, checkpoint)| *checkpoint.origin == *origin);
        let Some((note, checkpoint)) = found else {
            let what = format!("{folder}/{CHECKPOINT} is no head of {origin}; nothing was written");
            return refused(what, "if it was damaged, remove the folder and publish anew");
        };
        Ok(Some(Before { checkpoint, note }))
    }

    /// Requires that the ledger grew from this head.
    ///
    /// # Errors
    /// `Invalid` if it did not; as for reading the log.
    pub(super) fn is_of(&self, dir: &Path, head: &Checkpoint) -> Result<(), Error> {
        let (size, root) = (self.checkpoint.size, self.checkpoint.root);
        let refused = |what: String| {
            let hint = "`annals verify --against DIR/checkpoint --key KEY` looks into it. If the ledger was set back to \
                        an older copy: what is published stands in readers' hands, so bring back the newer one";
            Error::new(ErrorKind::Invalid, format!("{what}; nothing was written")).with_hint(hint)
        };
        if size > head.size {
            return Err(refused(format!("what was published has {size} events, and the ledger only {}", head.size)));
        }
        let known = known_place(dir).filter(|known| known.cursor.head.size == size);
        let is_same = if size == head.size {
            root == head.root
        } else if known.is_some_and(|known| {
            known.edge.root() == root && Log::open(dir).is_ok_and(|log| log.commits_behind(Some(&known)).is_ok())
        }) {
            true
        } else {
            scan_behind(dir, size - 1)?.next_commit()?.is_some_and(|commit| {
                let seal = commit.seal();
                seal.head.size == size && seal.root == root
            })
        };
        if is_same {
            return Ok(());
        }
        Err(refused(format!("the head that was published at {size} events is none of this ledger: it was rewritten")))
    }

    /// The open tiles and the open bundle at this head, if they are in the folder, whole and right.
    ///
    /// # Errors
    /// `Io`.
    pub(super) fn open(&self, site: &Site) -> Result<Option<Open>, Error> {
        let count = self.checkpoint.size;
        let mut levels = Vec::new();
        for (level, index, width) in open_tiles(count) {
            let tile = Tile { of: Of::Level(level), index, width };
            let nodes = held(site, tile, TILE_LEN_MAX)?.and_then(|bytes| nodes_of(&bytes, width));
            let Some(nodes) = nodes else { return Ok(None) };
            levels.push(nodes);
        }
        let bundle = open_bundle(count);
        let entries = held(site, bundle, BUNDLE_LEN_MAX)?.and_then(|bytes| entries_of(&bytes, bundle.width));
        let Some(entries) = entries else { return Ok(None) };
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf(entry)).collect();
        let are_same = levels.first().is_none_or(|nodes| *nodes == leaves);
        let growing = Growing::from_open(count, levels).filter(|growing| growing.root() == self.checkpoint.root);
        Ok(growing.filter(|_| are_same).map(|growing| (growing, entries)))
    }

    /// Takes away the partial tiles of this head whose full tiles are there now.
    ///
    /// # Errors
    /// `Io`.
    pub(super) fn clear(&self, site: &mut Site, now: u64) -> Result<(), Error> {
        let tiles =
            open_tiles(self.checkpoint.size).map(|(level, index, width)| Tile { of: Of::Level(level), index, width });
        let entries = open_bundle(self.checkpoint.size);
        for tile in tiles.chain([entries]).filter(|tile| tile.width > 0) {
            if Tile::at(tile.of, tile.index, now).is_some_and(|tile| tile.is_full()) {
                site.remove_folder(&tile.partial_folder())?;
            }
        }
        Ok(())
    }
}

/// Begins to read at or before the commit that the event behind the first `count` stands in.
///
/// # Errors
/// As for reading the log.
pub(super) fn scan_behind(dir: &Path, count: u64) -> Result<Scan, Error> {
    let log = Log::open(dir)?;
    let known = known_place(dir).filter(|known| known.cursor.head.size <= count);
    // What is kept beside the log may be of another one.
    match known.map(|known| log.commits_behind(Some(&known))) {
        Some(Ok(scan)) => Ok(scan),
        _ if count == 0 => Ok(log.commits(Since::Start)?),
        _ => Ok(log.commits(Since::Seq(count + 1))?),
    }
}

/// The bundle that is open at a size; its width may be 0.
fn open_bundle(size: u64) -> Tile {
    let width = usize::try_from(size % WIDTH as u64).unwrap_or_default();
    Tile { of: Of::Entries, index: size / WIDTH as u64, width }
}

/// What a tile holds, or the full one with its number; nothing if it is empty.
fn held(site: &Site, tile: Tile, len_max: usize) -> Result<Option<Vec<u8>>, Error> {
    if tile.width == 0 {
        return Ok(Some(Vec::new()));
    }
    match site.read(&tile.path(), len_max)? {
        None => site.read(&tile.full().path(), len_max),
        partial => Ok(partial),
    }
}
