//! Going through what is served, bundle by bundle: the chain, the tree, the tiles, and what the events say.

use std::collections::BTreeSet;

use super::before::{BUNDLE_LEN_MAX, TILE_LEN_MAX};
use super::follow::{FORKED, FollowOptions, Followed};
use super::payloads::{Outcome, Wanted, fetch_all};
use super::served::Served;
use super::{CHECKPOINT, payload_path};
use crate::chain::Hash;
use crate::event::{Event, EventKind};
use crate::frame::{ENVELOPE_LEN, Envelope};
use crate::keys::Ring;
use crate::ledger::error::Error;
use crate::note::Checkpoint;
use crate::seq::Seq;
use crate::tiles::{Growing, Of, Tile, WIDTH, entries_of, nodes_of, open_tiles};
use crate::tree::leaf;

/// More payloads than these are not waited for.
const GONE_MAX: usize = 1 << 20;

/// What has been seen so far.
pub(super) struct Following<'a> {
    served: &'a dyn Served,
    threads: usize,
    /// A head that must be passed on the way.
    kept: Option<Checkpoint>,
    is_kept_missed: bool,
    /// Events up to this one were checked before.
    from: u64,
    growing: Growing,
    /// Link and time of the last event, if there is one before the next.
    last: Option<(Hash, i64)>,
    /// Events whose payloads are gone, and that no erasure has named yet.
    gone: BTreeSet<u64>,
    ring: Ring,
    pub(super) followed: &'a mut Followed,
}

impl<'a> Following<'a> {
    pub(super) fn new(
        served: &'a dyn Served,
        options: &FollowOptions,
        kept: Option<Checkpoint>,
        from: u64,
        followed: &'a mut Followed,
    ) -> Following<'a> {
        Following {
            served,
            threads: options.threads.clamp(1, 64),
            kept,
            is_kept_missed: false,
            from,
            growing: Growing::default(),
            last: None,
            gone: BTreeSet::new(),
            ring: Ring::default(),
            followed,
        }
    }

    /// Takes the tree up to the bundle that holds the last event that was checked before. False: it is not served.
    pub(super) fn begin(&mut self, checkpoint: &Checkpoint) -> Result<bool, Error> {
        let size = self.from.saturating_sub(1) / WIDTH as u64 * WIDTH as u64;
        let mut levels = Vec::new();
        for (level, index, width) in open_tiles(size) {
            if width == 0 {
                levels.push(Vec::new());
                continue;
            }
            let Some(tile) = Tile::at(Of::Level(level), index, checkpoint.size) else { return Ok(false) };
            let Some(bytes) = self.tile(tile, TILE_LEN_MAX)? else { return Ok(false) };
            let Some(nodes) = nodes_of(&bytes, width) else {
                self.followed.add("tile", None, &tile.path(), "it is no tile");
                return Ok(false);
            };
            levels.push(nodes);
        }
        if let Some(growing) = Growing::from_open(size, levels) {
            self.growing = growing;
        }
        Ok(true)
    }

    /// Whether payloads are gone that no erasure has named.
    pub(super) fn lacks_payloads(&self) -> bool {
        !self.gone.is_empty()
    }

    /// Goes on up to a head. False: what is wrong leaves no way further.
    pub(super) fn advance(&mut self, to: &Checkpoint, progress: &mut dyn FnMut(u64, u64)) -> Result<bool, Error> {
        while self.growing.size() < to.size {
            let index = self.growing.size() / WIDTH as u64;
            let Some(bundle) = Tile::at(Of::Entries, index, to.size) else { return Ok(false) };
            let Some(bytes) = self.tile(bundle, BUNDLE_LEN_MAX)? else { return Ok(false) };
            let Some(entries) = entries_of::<ENVELOPE_LEN>(&bytes, bundle.width) else {
                self.followed.add("entries", None, &bundle.path(), "it is no bundle of envelopes");
                return Ok(false);
            };
            let seen = usize::try_from(self.growing.size() % WIDTH as u64).unwrap_or_default();
            let mut wanted = Vec::new();
            for entry in entries.iter().skip(seen) {
                wanted.extend(self.entry(entry, &bundle.path())?);
            }
            if !self.is_kept_missed && !self.payloads(&wanted, to)? {
                return Ok(false);
            }
            progress(self.growing.size().saturating_sub(self.from), to.size - self.from);
        }
        let partial: Vec<_> = self.growing.partial().map(|(tile, nodes)| (tile, nodes.to_vec())).collect();
        for (tile, nodes) in partial {
            self.compare(tile, &nodes)?;
        }
        let leads_there = self.growing.root() == to.root;
        if !leads_there {
            let why = "the entries that are served do not lead to the root in this head";
            self.followed.add("root", None, CHECKPOINT, why);
        }
        if self.is_kept_missed {
            let size = self.kept.as_ref().map_or(0, |kept| kept.size);
            if leads_there {
                let why = format!("its first {size} events are not those that were seen before");
                self.followed.add(FORKED, None, CHECKPOINT, why);
            } else {
                let why = format!("the tree that is served does not lead to the head of {size} events that was kept");
                self.followed.add("kept", None, CHECKPOINT, why);
            }
        }
        Ok(leads_there && !self.is_kept_missed)
    }

    /// Says what is left wrong, and which keys the events that were read name.
    pub(super) fn end(self) -> Ring {
        for seq in self.gone {
            self.followed.add("erased-unnamed", Some(seq), "payload", "its payload is gone and no erasure names it");
        }
        self.ring
    }

    /// A tile, or the full one with its number; what is not there, or not as long as it must be, is noted.
    fn tile(&mut self, tile: Tile, len_max: usize) -> Result<Option<Vec<u8>>, Error> {
        let (held, is) = match self.served.get(&tile.path(), len_max)? {
            None if !tile.is_full() => (self.served.get(&tile.full().path(), len_max)?, tile.full()),
            held => (held, tile),
        };
        let Some(bytes) = held else {
            self.followed.add("missing", None, &tile.path(), "it is not there");
            return Ok(None);
        };
        let len = len_max / WIDTH * is.width;
        if bytes.len() == len {
            return Ok(Some(bytes));
        }
        let code = if is.of == Of::Entries { "entries" } else { "tile" };
        self.followed.add(code, None, &is.path(), format!("it has {} bytes instead of {len}", bytes.len()));
        Ok(None)
    }

    /// Compares a tile with what the entries come to.
    fn compare(&mut self, tile: Tile, nodes: &[Hash]) -> Result<(), Error> {
        let Some(bytes) = self.tile(tile, TILE_LEN_MAX)? else { return Ok(()) };
        // In place of a partial tile the full one may be there.
        if nodes_of(&bytes, nodes.len()).as_deref() != Some(nodes) {
            self.followed.add("tile", None, &tile.path(), "it is not what the entries come to");
        }
        Ok(())
    }

    /// Takes the next event's envelope in; gives what is to be fetched of it, if it was not checked before.
    fn entry(&mut self, entry: &[u8; ENVELOPE_LEN], path: &str) -> Result<Option<Wanted>, Error> {
        let (envelope, seq) = (Envelope::fields_of(entry), self.growing.size() + 1);
        let is_new = seq > self.from;
        if is_new {
            self.judge(&envelope, seq, path);
        }
        let mut full = Vec::new();
        let pushed = self.growing.push(leaf(entry), |tile, nodes| {
            full.push((tile, nodes.to_vec()));
            Ok::<_, Error>(())
        });
        pushed?;
        for (tile, nodes) in full {
            self.compare(tile, &nodes)?;
        }
        self.last = Some((Envelope::link(entry), envelope.recorded_at));
        if self.kept.as_ref().is_some_and(|kept| kept.size == seq && kept.root != self.growing.root()) {
            self.is_kept_missed = true;
        }
        Ok(is_new.then_some(Wanted { seq, envelope }))
    }

    fn judge(&mut self, envelope: &Envelope, seq: u64, path: &str) {
        let mut wrong = |code, why: String| self.followed.add(code, Some(seq), path, why);
        if let Err(unreadable) = envelope.readable() {
            wrong("envelope-version", unreadable.to_string());
        }
        if envelope.seq != seq {
            wrong("seq", format!("its number is {}", envelope.seq));
        }
        match EventKind::of_number(envelope.kind) {
            None => wrong("kind", format!("kind {} is not known", envelope.kind)),
            Some(kind) if (kind == EventKind::Genesis) != (seq == 1) => {
                wrong("genesis", "event 1, and only event 1, is the genesis".to_owned());
            }
            Some(_) => {}
        }
        let (link, at_micros) = self.last.unwrap_or((Hash::ZERO, i64::MIN));
        if envelope.prev != link {
            wrong("prev", format!("it follows on {}, and {link} stands before it", envelope.prev));
        }
        if envelope.recorded_at < at_micros {
            wrong("recorded-at", "it was recorded before the event before it".to_owned());
        }
    }

    /// Fetches and checks what events say. False: too much is missing.
    fn payloads(&mut self, wanted: &[Wanted], to: &Checkpoint) -> Result<bool, Error> {
        for (Wanted { seq, envelope }, outcome) in wanted.iter().zip(fetch_all(self.served, wanted, self.threads)?) {
            let path = || payload_path(&envelope.commitment);
            match outcome {
                Outcome::Gone if *seq == 1 => {
                    self.followed.add("missing", Some(1), &path(), "the genesis cannot be erased, and is not there");
                }
                Outcome::Gone => {
                    self.gone.insert(*seq);
                }
                Outcome::Wrong(code, why) => self.followed.add(code, Some(*seq), &path(), why),
                Outcome::Erases(target) => self.erasure(target, *seq, to)?,
                Outcome::OfKeys(event) => {
                    self.ring.note(Seq(*seq), event.kind(), Some(&event));
                    self.ring.close(*seq);
                }
                Outcome::Whole => {}
            }
        }
        if self.gone.len() > GONE_MAX {
            let why = format!("the payloads of more than {GONE_MAX} events are not there, and no erasure names them");
            self.followed.add("missing", None, "payload", why);
            self.gone.clear();
            return Ok(false);
        }
        Ok(true)
    }

    /// An erasure names an event: its payload must be gone.
    fn erasure(&mut self, target: u64, seq: u64, to: &Checkpoint) -> Result<(), Error> {
        if target <= 1 || target >= seq {
            return Ok(());
        }
        self.followed.erased += 1;
        if self.gone.remove(&target) {
            return Ok(());
        }
        let (index, place) = ((target - 1) / WIDTH as u64, usize::try_from((target - 1) % WIDTH as u64));
        let Some(bundle) = Tile::at(Of::Entries, index, to.size) else { return Ok(()) };
        let Some(bytes) = self.tile(bundle, BUNDLE_LEN_MAX)? else { return Ok(()) };
        let entries = entries_of::<ENVELOPE_LEN>(&bytes, bundle.width).unwrap_or_default();
        let Some(entry) = place.ok().and_then(|place| entries.get(place)) else { return Ok(()) };
        let wanted = Wanted { seq: target, envelope: Envelope::fields_of(entry) };
        if !wanted.is_gone(self.served)? {
            let why = format!("#{seq} erased it, and its payload is still served");
            self.followed.add("erasure-unfinished", Some(target), &payload_path(&wanted.envelope.commitment), why);
        }
        Ok(())
    }
}

/// What an event that names the ledger, or a key, is to a reader; none of the others.
pub(super) fn of_keys(event: Event) -> Option<Event> {
    matches!(event, Event::Genesis(_) | Event::KeyAuthorised { .. } | Event::KeyRevoked { .. }).then_some(event)
}
