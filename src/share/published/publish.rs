//! Publishing: what is new is written, and the signed head last, so that it never says more than is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::before::Before;
use super::seals::add_seal;
use super::site::Site;
use super::{CHECKPOINT, MARKER, WITHHELD, marker, payload_path};
use crate::chain::Hash;
use crate::event::EventKind;
use crate::ledger::files::whole::refuse_inside;
use crate::ledger::left_out::Withheld;
use crate::ledger::read::erased::erased_target;
use crate::ledger::read::replay::stored_of;
use crate::ledger::{Error, ErrorKind};
use crate::log::{self, Frame, Log, Since};
use crate::note::{Checkpoint, ProvenHead, SignedNote};
use crate::seq::Seq;
use crate::share::proof::{newest, newest_and_keys, scan_behind};
use crate::share::tiles::{Growing, Of, Tile, WIDTH, add_entry};
use crate::tree::leaf;

/// How to publish.
#[derive(Clone, Copy, Debug, Default)]
pub struct PublishOptions {
    /// Look at every file, and write anew those that are missing or were changed.
    pub whole: bool,
}

/// What publishing came to.
#[derive(Clone, Debug)]
pub struct Published {
    /// The head that is published now.
    pub head: ProvenHead,
    /// Count of events that were published before.
    pub before: u64,
    /// How many files were written.
    pub written: u64,
    /// How many payloads that were erased, and tiles that became whole, were taken away.
    pub removed: u64,
    /// Whether every file was looked at, because the tiles that are added to were missing or changed.
    pub was_mended: bool,
}

/// How often it is begun anew because somebody is just erasing.
const TRIES: usize = 5;

/// Writes the ledger as the files of a static web site, or what has changed of them. `progress` is told how many events
/// of how many are done.
///
/// # Errors
/// `Invalid` if the ledger is not signed, or the folder is none to publish it into; `InUse` if somebody publishes there;
/// `Damaged` if the log is; `NotFound`, `Unsupported`, `Io`. The head that was published before stays until
/// everything behind it is there; doing it again goes on.
pub fn publish(
    dir: &Path,
    to: &Path,
    options: PublishOptions,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Published, Error> {
    keep_apart(dir, to)?;
    signed(newest(dir)?)?;
    let mut site = Site::open(to)?;
    // Only now it is sure where the path leads.
    keep_apart(dir, to)?;
    for _ in 0..TRIES {
        let (newest, keys) = newest_and_keys(dir)?;
        let (head, note) = signed(newest)?;
        log::settle(dir)?;
        let id = Log::open(dir)?.commits(Since::Start)?.ledger();
        let before = match Before::of(&site, &head.origin, &id)? {
            Some(before) => before.counts(dir, &head, &keys, options.whole)?.then_some(before),
            None => None,
        };
        site.put_first(MARKER, marker(&head.origin, &id).as_bytes())?;
        let open = before.as_ref().filter(|_| !options.whole).map(|before| before.open(&site)).transpose()?;
        let was_mended = matches!(open, Some(None));
        let (from, growing, bundle) = match open.flatten().zip(before.as_ref()) {
            Some(((growing, entries), before)) => (before.checkpoint.size, growing, entries),
            None => (0, Growing::default(), Vec::new()),
        };
        let withheld = withheld_before(dir, from)?;
        let mut writing = Writing { site: &mut site, growing, bundle: Vec::new(), named: BTreeMap::new(), withheld };
        for entry in &bundle {
            add_entry(&mut writing.bundle, entry);
        }
        if !writing.events(dir, from, &head, progress)? {
            continue;
        }
        writing.seals(dir, from, &head)?;
        // From the moment a payload is gone to that of the head that says why, nothing must take long.
        writing.site.settle()?;
        writing.remove_erased(dir, from)?;
        if let Some(before) = &before {
            before.clear(&mut site, head.size)?;
        }
        put_head(&mut site, before.as_ref(), &head, &note)?;
        let (written, removed) = (site.written, site.removed);
        let before = before.map_or(0, |before| before.checkpoint.size);
        let head = ProvenHead { checkpoint: head, note: Some(note) };
        return Ok(Published { head, before, written, removed, was_mended });
    }
    let message = "events are being erased all the while; the head that was published before still stands";
    Err(Error::new(ErrorKind::InUse, message).with_hint("publish again when that has ended"))
}

fn signed(head: ProvenHead) -> Result<(Checkpoint, SignedNote), Error> {
    let ProvenHead { checkpoint, note } = head;
    let note = note.ok_or_else(|| {
        let message =
            "the ledger is not signed, so nobody could tell what is published from a forgery; nothing was written";
        Error::new(ErrorKind::Invalid, message)
            .with_hint("annals key new FILE --name NAME, and then annals key authorise KEY --key FILE")
    })?;
    Ok((checkpoint, note))
}

/// Neither may lie in the other, nor in another ledger: a web server would serve the ledger's own folder.
fn keep_apart(dir: &Path, to: &Path) -> Result<(), Error> {
    let ledger = fs::canonicalize(dir).map_err(|_| log::Error::NotFound(dir.to_owned()))?;
    refuse_inside(to)?;
    if !ledger.starts_with(log::real(&std::path::absolute(to).unwrap_or_else(|_| to.to_owned()))) {
        return Ok(());
    }
    let message = format!("{} contains the ledger {}; nothing was written", to.display(), dir.display());
    Err(Error::new(ErrorKind::Invalid, message).with_hint("name a folder beside it: all that is in it will be served"))
}

/// Writes the head, unless it is there already, maybe with the signatures of others below it.
fn put_head(site: &mut Site, before: Option<&Before>, head: &Checkpoint, note: &SignedNote) -> Result<(), Error> {
    let (text, is_same) = (note.to_string(), before.is_some_and(|before| before.checkpoint == *head));
    let there = before.filter(|_| is_same).map(|before| before.note.to_string()).unwrap_or_default();
    let is_there = is_same && text.lines().all(|line| there.lines().any(|own| own == line));
    if is_there { site.settle() } else { site.put_last(CHECKPOINT, text.as_bytes()) }
}

/// Events on their way into files.
struct Writing<'s> {
    site: &'s mut Site,
    growing: Growing,
    /// The open bundle of entries.
    bundle: Vec<u8>,
    /// Events that were erased, by the events that were looked at; and their commitments, as far as they were seen.
    named: BTreeMap<u64, Option<Hash>>,
    /// Events up to here whose payloads are for the desk alone.
    withheld: Withheld,
}

impl Writing<'_> {
    /// Writes the events behind the first `from`. False: one of them is just being erased.
    fn events(
        &mut self,
        dir: &Path,
        from: u64,
        head: &Checkpoint,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<bool, Error> {
        each_behind(dir, from, head.size, |frame| {
            // Only commits that count are published: they were judged when the head was read.
            let target = frame.payload().and_then(|payload| erased_target(frame.envelope.kind, payload));
            let target = target.filter(|target| *target < frame.envelope.seq);
            self.named.extend(target.map(|target| (target, None)));
            Ok(())
        })?;
        let mut is_steady = true;
        each_behind(dir, from, head.size, |frame| {
            is_steady &= self.event(frame)?;
            progress(frame.envelope.seq - from, head.size - from);
            Ok(())
        })?;
        for (tile, nodes) in self.growing.partial() {
            self.site.put(&tile.path(), &crate::share::tiles::nodes_bytes(nodes))?;
        }
        if !self.bundle.is_empty() {
            self.put_bundle(head.size / WIDTH as u64, head.size)?;
        }
        if self.growing.size() != head.size || self.growing.root() != head.root {
            let message = "the log is damaged: it does not lead to the root in its own seal";
            return Err(Error::new(ErrorKind::Damaged, message));
        }
        Ok(is_steady)
    }

    fn event(&mut self, frame: &Frame<'_>) -> Result<bool, Error> {
        let (seq, commitment) = (frame.envelope.seq, frame.envelope.commitment);
        let envelope = frame.envelope.to_bytes();
        add_entry(&mut self.bundle, &envelope);
        let site = &mut *self.site;
        self.growing
            .push(leaf(&envelope), |tile, nodes| site.put(&tile.path(), &crate::share::tiles::nodes_bytes(nodes)))?;
        if seq.is_multiple_of(WIDTH as u64) {
            self.put_bundle(seq / WIDTH as u64 - 1, seq)?;
            self.bundle.clear();
        }
        if let Some(named) = self.named.get_mut(&seq).filter(|_| is_erasable(frame)) {
            *named = Some(commitment);
            return Ok(true);
        }
        let Some((salt, payload)) = frame.salt().zip(frame.payload()) else { return Ok(false) };
        let path = payload_path(&commitment);
        if is_withheld(frame, &mut self.withheld)? {
            self.site.put(&path, WITHHELD)?;
        } else {
            self.site.put(&path, &[salt, payload].concat())?;
        }
        Ok(true)
    }

    /// Writes the seals of the commits that end behind the first `from` events, and of those that stand in one file with
    /// the first of them.
    fn seals(&mut self, dir: &Path, from: u64, head: &Checkpoint) -> Result<(), Error> {
        let base = from / WIDTH as u64 * WIDTH as u64;
        let (mut index, mut bundle) = (base / WIDTH as u64, Vec::new());
        let mut scan = scan_behind(dir, base)?;
        while let Some(commit) = scan.next_commit()? {
            let seal = commit.seal();
            if seal.size > head.size {
                break;
            }
            let own = (seal.size - 1) / WIDTH as u64;
            if own > index {
                self.put_seals(index, head.size, &std::mem::take(&mut bundle))?;
                index = own;
            }
            if own == index {
                add_seal(&mut bundle, seal);
            }
        }
        self.put_seals(index, head.size, &bundle)
    }

    fn put_seals(&mut self, index: u64, size: u64, bundle: &[u8]) -> Result<(), Error> {
        match Tile::at(Of::Seals, index, size).filter(|_| !bundle.is_empty()) {
            Some(tile) => self.site.put(&tile.path(), bundle),
            None => Ok(()),
        }
    }

    fn put_bundle(&mut self, index: u64, size: u64) -> Result<(), Error> {
        let Some(bundle) = Tile::at(Of::Entries, index, size) else { return Ok(()) };
        self.site.put(&bundle.path(), &self.bundle)
    }

    /// Takes the payloads away that were erased since the last time.
    fn remove_erased(&mut self, dir: &Path, from: u64) -> Result<(), Error> {
        let unseen: BTreeSet<u64> =
            self.named.iter().filter(|(_, seen)| seen.is_none()).map(|(target, _)| *target).collect();
        if !unseen.is_empty() {
            each_behind(dir, 0, from, |frame| {
                if unseen.contains(&frame.envelope.seq) && is_erasable(frame) {
                    self.named.insert(frame.envelope.seq, Some(frame.envelope.commitment));
                }
                Ok(())
            })?;
        }
        for commitment in self.named.values().flatten() {
            self.site.remove(&payload_path(commitment))?;
        }
        Ok(())
    }
}

fn is_erasable(frame: &Frame<'_>) -> bool {
    EventKind::of_number(frame.envelope.kind).is_none_or(EventKind::is_erasable)
}

/// Whether what an event says is for the desk alone.
fn is_withheld(frame: &Frame<'_>, withheld: &mut Withheld) -> Result<bool, Error> {
    let event = stored_of(frame)?.and_then(|stored| stored.recorded.event);
    Ok(event.is_some_and(|event| withheld.holds(Seq(frame.envelope.seq), &event)))
}

/// Which of the first events are for the desk alone: later ones may rest on them.
fn withheld_before(dir: &Path, size: u64) -> Result<Withheld, Error> {
    let mut withheld = Withheld::default();
    each_behind(dir, 0, size, |frame| is_withheld(frame, &mut withheld).map(drop))?;
    Ok(withheld)
}

/// Shows the events behind the first `from`, up to the event `size`.
fn each_behind(
    dir: &Path,
    from: u64,
    size: u64,
    mut see: impl FnMut(&Frame<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    if from == size {
        return Ok(());
    }
    let mut scan = scan_behind(dir, from)?;
    while let Some(mut commit) = scan.next_commit()? {
        if commit.first_seq() > size {
            break;
        }
        while let Some(frame) = commit.next_frame()? {
            if frame.envelope.seq > from && frame.envelope.seq <= size {
                see(&frame)?;
            }
        }
    }
    Ok(())
}
