//! What was published before, and whether it can be added to.

use std::path::Path;

use super::site::Site;
use super::{CHECKPOINT, MARKER, marker};
use crate::chain::Hash;
use crate::frame::ENVELOPE_LEN;
use crate::ledger::{Error, ErrorKind};
use crate::note::{Checkpoint, NOTE_LEN_MAX, PublicKey, Signed, SignedNote};
use crate::share::proof::{Sealed, sealed_at};
use crate::share::tiles::{Growing, Of, Tile, WIDTH, entries_of, nodes_of, open_tiles};
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

/// Whose head it is.
pub(super) enum Author {
    /// One of the keys signed it.
    Known,
    /// It is in the name of one of the keys, and that did not sign it.
    Nobody,
    /// It is in the name of none of them.
    Unknown,
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
        // What is below these lines is for people, and is mended.
        let wanted = marker(origin, id);
        let [title, whose @ ..] = named(&wanted);
        let held = site.read(MARKER, 1 << 16)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        match held.as_deref().map(named) {
            Some([own, held @ ..]) if held == whose && own == title => {}
            Some([_, held @ ..]) if held == whose => {
                let what = format!("{folder}/{MARKER} does not begin with {title:?}; nothing was written");
                return refused(
                    what,
                    "a later annals may have written it: publish with that. If it was altered, mend that line",
                );
            }
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

    /// Who signed it, if any of these keys is an author's under the ledger's name.
    pub(super) fn signed_by(&self, keys: &[PublicKey]) -> Author {
        let signed: Vec<Signed> = keys.iter().map(|key| self.note.signed_by(key)).collect();
        match () {
            () if signed.iter().any(|signed| matches!(signed, Signed::Rightly(_))) => Author::Known,
            () if signed.contains(&Signed::Wrongly) => Author::Nobody,
            () => Author::Unknown,
        }
    }

    /// Whether the ledger grew from this head. If not, and no author signed it, it was altered where it lies: then it does not
    /// count if everything `is_anew`.
    ///
    /// # Errors
    /// `Invalid` if it did not; as for reading the log.
    pub(super) fn counts(
        &self,
        dir: &Path,
        head: &Checkpoint,
        keys: &[PublicKey],
        is_anew: bool,
    ) -> Result<bool, Error> {
        let error = match self.is_of(dir, head) {
            Ok(()) => return Ok(true),
            Err(error) => error,
        };
        let (what, hint) = match self.signed_by(keys) {
            _ if error.kind() != ErrorKind::Invalid => return Err(error),
            Author::Known => return Err(error),
            Author::Nobody if is_anew => return Ok(false),
            Author::Nobody => (
                "the published checkpoint was altered: no key of this ledger signed it; `--whole` writes it anew",
                "see who else can write there, and publish with --whole",
            ),
            // A ledger that was set back does not know the keys that were authorised later.
            Author::Unknown => (
                "the published checkpoint is none of this ledger, and of a key that it does not know",
                "if the ledger was set back to an older copy, bring back the newer one; if the checkpoint was altered, \
                 remove the folder and publish anew",
            ),
        };
        Err(Error::new(ErrorKind::Invalid, format!("{what}; nothing was written")).with_hint(hint))
    }

    /// Requires that the ledger grew from this head.
    ///
    /// # Errors
    /// `Invalid` if it did not; as for reading the log.
    fn is_of(&self, dir: &Path, head: &Checkpoint) -> Result<(), Error> {
        let (size, root) = (self.checkpoint.size, self.checkpoint.root);
        let refused = |what: String| {
            let hint = "`annals verify --against DIR/checkpoint --key KEY` looks into it. If the ledger was set back to \
                        an older copy: what is published stands in readers' hands, so bring back the newer one";
            Error::new(ErrorKind::Invalid, format!("{what}; nothing was written")).with_hint(hint)
        };
        if size > head.size {
            return Err(refused(format!("what was published has {size} events, and the ledger only {}", head.size)));
        }
        let is_same = if size == head.size {
            root == head.root
        } else {
            matches!(sealed_at(dir, size)?, Sealed::Here(seal) if seal.root == root)
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
        let seals = Tile { of: Of::Seals, ..entries };
        for tile in tiles.chain([entries, seals]).filter(|tile| tile.width > 0) {
            if Tile::at(tile.of, tile.index, now).is_some_and(|tile| tile.is_full()) {
                site.remove_folder(&tile.partial_folder())?;
            }
        }
        Ok(())
    }
}

/// The lines that say whose tree it is: a title, origin and id.
fn named(marker: &str) -> [&str; 3] {
    let mut lines = marker.lines();
    std::array::from_fn(|_| lines.next().unwrap_or_default())
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
