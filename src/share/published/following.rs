//! Going through what is served, bundle by bundle: the chain, the tree, the tiles, and what the events say.

use std::collections::BTreeSet;

use super::before::{BUNDLE_LEN_MAX, TILE_LEN_MAX};
use super::commits::{Commits, is_about_keys};
use super::followed::{FORKED, FollowOptions, Followed};
use super::payloads::{Outcome, Wanted, fetch_all};
use super::seals::{SEALS_LEN_MAX, seals_of};
use super::seen::Seen;
use super::served::Served;
use super::{CHECKPOINT, payload_path};
use crate::chain::Hash;
use crate::event::{EventKind, LATER_KINDS};
use crate::frame::{ENVELOPE_LEN, Envelope};
use crate::ledger::Error;
use crate::note::Checkpoint;
use crate::share::tiles::{Growing, Of, Tile, WIDTH, entries_of, nodes_of, open_tiles};
use crate::tree::{Edge, leaf};
use crate::verify::{Abouts, FINDINGS_MAX, PayloadRead, Told};

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
    edge: Edge,
    commits: Commits,
    /// Link and time of the last event, if there is one before the next.
    last: Option<(Hash, i64)>,
    /// Events whose payloads are gone, and that no erasure has named yet.
    gone: BTreeSet<u64>,
    /// What the events that were not seen before are about.
    abouts: Abouts<()>,
    pub(super) followed: &'a mut Followed,
}

impl<'a> Following<'a> {
    pub(super) fn new(
        served: &'a dyn Served,
        options: &FollowOptions,
        kept: Option<Checkpoint>,
        seen: Option<Seen>,
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
            edge: Edge::new(),
            commits: Commits::new(seen.filter(|_| from > 0)),
            last: None,
            gone: BTreeSet::new(),
            abouts: Abouts::since(from + 1),
            followed,
        }
    }

    /// Takes the tree up to the bundle that holds the last event of the commits that were judged before. False: it is not served.
    pub(super) fn begin(&mut self, checkpoint: &Checkpoint) -> Result<bool, Error> {
        let size = self.commits.from().saturating_sub(1) / WIDTH as u64 * WIDTH as u64;
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
            (self.edge, self.growing) = (growing.edge(), growing);
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
            let mut events = Vec::new();
            for entry in entries.iter().skip(seen) {
                events.push(self.entry(entry, &bundle.path())?);
            }
            if !self.is_kept_missed && !self.payloads(&events)? {
                return Ok(false);
            }
            progress(self.growing.size().saturating_sub(self.from), to.size - self.from);
        }
        let partial: Vec<_> = self.growing.partial().map(|(tile, nodes)| (tile, nodes.to_vec())).collect();
        for (tile, nodes) in partial {
            self.compare(tile, &nodes)?;
        }
        let root = self.growing.root();
        let leads_there = root == to.root;
        if let Some((link, _)) = self.last.filter(|_| leads_there && !self.is_kept_missed) {
            self.commits.ends(to.size, link, root, None);
            self.judge_commits(to)?;
        }
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

    /// Says what is left wrong, and gives the commits as they were judged.
    pub(super) fn end(self) -> Commits {
        for seq in self.gone {
            self.followed.add("erased-unnamed", Some(seq), "payload", "its payload is gone and no erasure names it");
        }
        for wrong in self.abouts.finish(|()| false) {
            let why = format!("expected {}, found {}", wrong.expected, wrong.found);
            self.followed.add(wrong.code.name(), Some(wrong.seq), "tile/entries", why);
        }
        self.commits
    }

    /// Fetches the seals of the commits that have ended, and judges these.
    fn judge_commits(&mut self, to: &Checkpoint) -> Result<(), Error> {
        let at = |size: u64| Tile::at(Of::Seals, (size - 1) / WIDTH as u64, to.size);
        let path = |size: u64| at(size).map_or(String::new(), |tile| tile.path());
        let wanted: Vec<u64> = self.commits.wanted().collect();
        for index in wanted {
            let Some(tile) = Tile::at(Of::Seals, index, to.size) else { continue };
            let held = match self.served.get(&tile.path(), SEALS_LEN_MAX)? {
                None if !tile.is_full() => self.served.get(&tile.full().path(), SEALS_LEN_MAX)?,
                held => held,
            };
            match held.map(|bytes| seals_of(&bytes, index)) {
                Some(Some(seals)) => self.commits.take(seals),
                Some(None) => self.followed.add("seals", None, &tile.path(), "it is no file of seals"),
                None => {}
            }
            let up_to = (index + 1).saturating_mul(WIDTH as u64).min(to.size);
            for (target, seq) in self.commits.judge(up_to, &path, self.followed) {
                self.erasure(target, seq, to)?;
            }
        }
        Ok(())
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

    /// Takes the next event's envelope in.
    fn entry(&mut self, entry: &[u8; ENVELOPE_LEN], path: &str) -> Result<Wanted, Error> {
        let (envelope, seq) = (Envelope::fields_of(entry), self.growing.size() + 1);
        if seq > self.from {
            self.judge(&envelope, seq, path);
        }
        if let Some((link, _)) = self.last.filter(|_| envelope.is_first()) {
            self.commits.ends(seq - 1, link, self.edge.root(), Some(envelope.prev));
        }
        let mut full = Vec::new();
        self.edge.push(leaf(entry));
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
        Ok(Wanted { seq, envelope })
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
            None if envelope.kind >= LATER_KINDS => {}
            None => wrong("kind", format!("kind {} is not known", envelope.kind)),
            Some(kind) if (kind == EventKind::Genesis) != (seq == 1) => {
                wrong("genesis", "event 1, and only event 1, is the genesis".to_owned());
            }
            Some(_) => {}
        }
        let (link, at_micros) = self.last.unwrap_or((Hash::ZERO, i64::MIN));
        // On which seal the first of a commit stands is judged with that seal.
        if envelope.prev != link && (seq == 1 || !envelope.is_first()) {
            wrong("prev", format!("it follows on {}, and {link} stands before it", envelope.prev));
        }
        if seq == 1 && !envelope.is_first() {
            wrong("envelope-version", "event 1 does not say that it begins a commit".to_owned());
        }
        if envelope.recorded_at < at_micros {
            wrong("recorded-at", "it was recorded before the event before it".to_owned());
        }
    }

    /// Whether it is to be fetched what an event says: if it is new, or others are judged by it.
    fn wants(&self, event: &Wanted) -> bool {
        event.seq > self.from || event.seq > self.commits.from() && is_about_keys(event.envelope.kind)
    }

    /// Fetches and checks what events say. False: too much is missing.
    fn payloads(&mut self, events: &[Wanted]) -> Result<bool, Error> {
        let wanted: Vec<Wanted> = events.iter().filter(|event| self.wants(event)).copied().collect();
        let mut outcomes =
            wanted.iter().map(|event| event.seq).zip(fetch_all(self.served, &wanted, self.threads)?).peekable();
        for Wanted { seq, envelope } in events {
            let path = || payload_path(&envelope.commitment);
            let outcome = outcomes.next_if(|(own, _)| own == seq).map(|(_, outcome)| outcome);
            let is_untold = !matches!(outcome, Some(Outcome::Whole(_)));
            let mut read = PayloadRead::default();
            match outcome {
                Some(Outcome::Gone) => self.gone(*seq, envelope),
                Some(Outcome::Wrong(code, why)) => self.followed.add(code, Some(*seq), &path(), why),
                Some(Outcome::Withheld) => self.followed.withheld += 1,
                Some(Outcome::Whole(own)) => read = own,
                None => {}
            }
            if *seq > self.from && envelope.seq == *seq {
                self.abouts.event(envelope, (), read.about.as_ref(), is_untold, FINDINGS_MAX);
                self.abouts.actor(envelope, (), FINDINGS_MAX);
            }
            let (event, erases) = match read.told.map(|told| *told) {
                Some(Told::Erases(target)) => (None, Some(target)),
                Some(Told::OfKeys(event)) => (Some(*event), None),
                None => (None, None),
            };
            self.commits.event(*seq, envelope, event, erases);
        }
        if self.gone.len() > GONE_MAX {
            let why = format!("the payloads of more than {GONE_MAX} events are not there, and no erasure names them");
            self.followed.add("missing", None, "payload", why);
            self.gone.clear();
            return Ok(false);
        }
        Ok(true)
    }

    /// The payload of an event is not served: one that counts must say why, if it can.
    fn gone(&mut self, seq: u64, envelope: &Envelope) {
        let path = payload_path(&envelope.commitment);
        let mut wrong = |code, why: &str| self.followed.add(code, Some(seq), &path, why);
        match EventKind::of_number(envelope.kind).filter(|kind| !kind.is_erasable()) {
            None => drop(self.gone.insert(seq)),
            Some(EventKind::Genesis) => {
                wrong("missing", "the genesis cannot be erased, and is not there");
                self.commits.is_nameless();
            }
            Some(EventKind::SettingChanged) => wrong("setting-erased", "a setting cannot be erased, and is not there"),
            Some(EventKind::PayloadErased) => wrong("erased-unnamed", "an erasure cannot be erased, and is not there"),
            Some(_) => wrong("key-erased", "what is about keys cannot be erased, and is not there"),
        }
    }

    /// An erasure in a commit that counts names an event: its payload must be gone.
    fn erasure(&mut self, target: u64, seq: u64, to: &Checkpoint) -> Result<(), Error> {
        if target <= 1 || target >= seq {
            return Ok(());
        }
        if self.gone.remove(&target) {
            self.followed.erased += 1;
            return Ok(());
        }
        let (index, place) = ((target - 1) / WIDTH as u64, usize::try_from((target - 1) % WIDTH as u64));
        let Some(bundle) = Tile::at(Of::Entries, index, to.size) else { return Ok(()) };
        let Some(bytes) = self.tile(bundle, BUNDLE_LEN_MAX)? else { return Ok(()) };
        let entries = entries_of::<ENVELOPE_LEN>(&bytes, bundle.width).unwrap_or_default();
        let Some(entry) = place.ok().and_then(|place| entries.get(place)) else { return Ok(()) };
        let wanted = Wanted { seq: target, envelope: Envelope::fields_of(entry) };
        let is_erasable = EventKind::of_number(wanted.envelope.kind).is_none_or(EventKind::is_erasable);
        if is_erasable && !wanted.is_gone(self.served)? {
            let why = format!("#{seq} erased it, and its payload is still served");
            self.followed.add("erasure-unfinished", Some(target), &payload_path(&wanted.envelope.commitment), why);
        } else if is_erasable {
            self.followed.erased += 1;
        }
        Ok(())
    }
}
