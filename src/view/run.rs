//! A run: immutable tables about consecutive events, made once.

use std::borrow::Cow;

use foldhash::{HashMap, HashSet};

use super::block::{self, Block, Blocks};
use super::bytes::Bytes;
use super::cells::{Cells, PutCells};
use super::lookup::{Entries, Hashes, Sought, Uses};
use super::row::{self, Fixed, ROW_LEN};
use crate::chain::Hash;
use crate::event::ActKind;
use crate::projection::Row;
use crate::seq::Seq;

/// What an event is about: subject and attribute.
pub(super) type About = (Seq, Seq);

/// Rows on their way into a run, in the order of their events.
#[derive(Debug, Default)]
pub(super) struct Builder {
    entries: Vec<Entry>,
    /// Claims: row, value, rest. Other rows as they are.
    bytes: Vec<u8>,
    /// What corrections act upon is about, and the claims that they brought.
    corrections: Vec<(About, Seq)>,
    room: Vec<u8>,
    first: Option<Seq>,
    last: u64,
    shared: Vec<u8>,
    commits: Vec<u8>,
    ids: Vec<u8>,
    offsets: Vec<u8>,
    roots: Vec<u8>,
    /// What events are found by; none if nobody will look.
    lookups: Option<Entries>,
    pub(super) uses: Uses,
}

/// Where a row stands among the bytes, and by what it is sorted.
#[derive(Clone, Copy, Debug)]
struct Entry {
    about: About,
    seq: Seq,
    /// The last day on which a claim may have begun.
    latest: i32,
    is_claim: bool,
    value_len: u32,
    rest_len: u32,
    at: usize,
}

impl Builder {
    /// One that notes what events are found by.
    pub(super) fn with_lookups() -> Builder {
        Builder { lookups: Some(Entries::default()), ..Builder::default() }
    }

    /// Whether it notes what events are found by.
    pub(super) fn has_lookups(&self) -> bool {
        self.lookups.is_some()
    }

    /// Begins the next event, which stands at this offset in its segment.
    pub(super) fn event(&mut self, seq: Seq, offset: u64) {
        let first = *self.first.get_or_insert(seq);
        // Events that a damaged ledger lacks stand nowhere.
        let place = usize::try_from(seq.0.saturating_sub(first.0)).unwrap_or(usize::MAX).saturating_mul(8);
        if self.offsets.len() <= place {
            self.offsets.resize(place, u8::MAX);
            self.offsets.put_u64(offset);
        }
        self.last = seq.0;
    }

    /// Keeps an event that all keys share.
    pub(super) fn share(&mut self, shared: &Shared<'_>) {
        shared.put(&mut self.shared);
    }

    /// Keeps the own id of an event.
    pub(super) fn id(&mut self, seq: Seq, is_from_elsewhere: bool, id: &str) {
        self.ids.put_u64(seq.0);
        self.ids.put_u8(u8::from(is_from_elsewhere));
        self.ids.put_text(id);
    }

    /// Notes what the event that came last is found by.
    pub(super) fn lookup(&mut self, seq: Seq, by: Sought<'_>) {
        let place = self.place(seq);
        if let Some(lookups) = &mut self.lookups {
            lookups.push((by.hash_in(&mut self.room), place));
        }
    }

    /// The place of an event, counted from the first.
    fn place(&self, seq: Seq) -> u32 {
        let first = self.first.unwrap_or(seq);
        u32::try_from(seq.0.saturating_sub(first.0)).unwrap_or(u32::MAX)
    }

    /// Closes a commit, which completes subtrees with these roots.
    pub(super) fn commit(&mut self, last: Seq, at_micros: i64, roots: &[Hash]) {
        for root in roots {
            self.roots.put(&root.0);
        }
        self.commits.put_u64(last.0);
        self.commits.put_i64(at_micros);
        self.last = self.last.max(last.0);
    }

    /// How many events it is about.
    pub(super) fn count(&self) -> u64 {
        self.first.map_or(0, |first| self.last + 1 - first.0)
    }

    /// Takes in what the next event says of a key.
    pub(super) fn take(&mut self, about: About, row: &Row) {
        let at = self.bytes.len();
        let mut entry = Entry { about, seq: row.seq(), latest: 0, is_claim: false, value_len: 0, rest_len: 0, at };
        if let Row::Claim(fact) = row {
            entry.about = (fact.subject, fact.attribute);
            self.room.clear();
            let fixed = row::fixed(fact, &mut self.room);
            fixed.put(&mut self.bytes);
            let value = self.bytes.len();
            row::put_value(&fact.value, &mut self.bytes);
            (entry.latest, entry.is_claim) = (fixed.latest, true);
            (entry.value_len, entry.rest_len) = (length(self.bytes.len() - value), length(self.room.len()));
            self.bytes.put(&self.room);
        } else {
            block::put_other(row, &mut self.bytes);
            entry.rest_len = length(self.bytes.len() - at);
            if let Row::Act(act) = row
                && let ActKind::Corrected { successor } = act.kind
            {
                self.corrections.push((about, successor));
            }
        }
        self.entries.push(entry);
    }

    fn beside(&mut self, of: About, other: About) {
        let at = self.bytes.len();
        block::put_beside(other, &mut self.bytes);
        let rest_len = length(self.bytes.len() - at);
        self.entries.push(Entry { about: of, seq: Seq(0), latest: 0, is_claim: false, value_len: 0, rest_len, at });
    }

    /// Keys that a correction joins are read beside each other. `older` says what claims of earlier runs are about.
    fn join_corrected(&mut self, older: impl Fn(Seq) -> Option<About>) {
        let corrections = std::mem::take(&mut self.corrections);
        if corrections.is_empty() {
            return;
        }
        let wanted: HashSet<Seq> = corrections.iter().map(|(_, successor)| *successor).collect();
        let claims = self.entries.iter().filter(|entry| entry.is_claim && wanted.contains(&entry.seq));
        let abouts: HashMap<Seq, About> = claims.map(|entry| (entry.seq, entry.about)).collect();
        for (of, successor) in corrections {
            let other = abouts.get(&successor).copied().or_else(|| older(successor));
            if let Some(other) = other.filter(|other| *other != of) {
                self.beside(of, other);
                self.beside(other, of);
            }
        }
    }

    /// One run of several that follow on each other, as if it had been made at once. `None`: one of them is damaged.
    pub(super) fn merged<R: AsRef<Run>>(runs: &[R]) -> Option<Run> {
        let mut builder = Builder::default();
        let (mut rows, mut beside) = (Vec::new(), Vec::new());
        for run in runs.iter().map(AsRef::as_ref) {
            builder.first.get_or_insert(run.first);
            builder.last = run.last.0;
            for about in run.places().map(|place| place.about) {
                run.rows(about, &HashSet::default(), &mut rows, &mut beside)?;
                rows.drain(..).for_each(|(_, row)| builder.take(about, &row));
                beside.drain(..).for_each(|other| builder.beside(about, other));
            }
            builder.shared.put(&run.shared.all()?);
            builder.commits.put(&run.commits.all()?);
            builder.ids.put(&run.ids.all()?);
            builder.offsets.put(&run.offsets.all()?);
            builder.roots.put(&run.roots.all()?);
            builder.uses.add(&run.uses.all()?)?;
            let before = builder.place(run.first);
            let lookups = builder.lookups.get_or_insert_default();
            for (hash, place) in run.lookups.all()? {
                lookups.push((hash, place.saturating_add(before)));
            }
        }
        // Which keys are read beside each other the runs say already.
        builder.corrections.clear();
        Some(builder.finish(|_| None))
    }

    /// The run.
    pub(super) fn finish(mut self, older: impl Fn(Seq) -> Option<About>) -> Run {
        self.join_corrected(older);
        let bytes = self.bytes;
        let slice = |at: usize, len: usize| bytes.get(at..at + len).unwrap_or_default();
        let key = |entry: &Entry| (entry.about, !entry.is_claim, entry.latest, entry.seq);
        let told = |entry: &Entry| slice(entry.at, entry.rest_len as usize);
        self.entries.sort_unstable_by(|a, b| key(a).cmp(&key(b)).then_with(|| told(a).cmp(told(b))));
        let mut out = Vec::new();
        let mut places = Vec::new();
        let mut blocks = Blocks::default();
        for key in self.entries.chunk_by(|a, b| a.about == b.about) {
            let (claims, others) = key.split_at(key.partition_point(|entry| entry.is_claim));
            let claims_of = claims.iter().filter_map(|entry| {
                let (value, rest) = (entry.value_len as usize, entry.rest_len as usize);
                Some(block::Claim {
                    row: Fixed::read(slice(entry.at, ROW_LEN))?,
                    value: slice(entry.at + ROW_LEN, value),
                    rest: slice(entry.at + ROW_LEN + value, rest),
                })
            });
            let others = others.iter().map(|entry| slice(entry.at, entry.rest_len as usize));
            let about = key.first().map_or((Seq(0), Seq(0)), |entry| entry.about);
            let at = out.len();
            blocks.put(about, claims_of, others, &mut out);
            let first_claim = claims.iter().map(|entry| entry.seq).min().unwrap_or(Seq(u64::MAX));
            Place { about, first_claim, at: at as u64, len: length(out.len() - at) }.put(&mut places);
        }
        let (shared, commits, ids, offsets) = (self.shared, self.commits, self.ids, self.offsets);
        let mut uses = Vec::new();
        self.uses.put(&mut uses);
        Run {
            first: self.first.unwrap_or(Seq(self.last + 1)),
            last: Seq(self.last),
            places,
            blocks: Bytes::Memory(out),
            shared: Bytes::Memory(shared),
            commits: Bytes::Memory(commits),
            ids: Bytes::Memory(ids),
            offsets: Bytes::Memory(offsets),
            roots: Bytes::Memory(self.roots),
            uses: Bytes::Memory(uses),
            lookups: Bytes::Memory(self.lookups.map(Entries::put).unwrap_or_default()).into(),
        }
    }
}

/// A length of what is in memory, and shorter than a payload may be times a few.
fn length(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Where the block of a key stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) about: About,
    /// The first claim of the key in the run; the greatest number of all where there is none.
    pub(super) first_claim: Seq,
    at: u64,
    len: u32,
}

const PLACE_LEN: usize = 36;

impl Place {
    fn put(self, out: &mut Vec<u8>) {
        for number in [self.about.0.0, self.about.1.0, self.first_claim.0, self.at] {
            out.put_u64(number);
        }
        out.put_u32(self.len);
    }

    fn read(bytes: &[u8]) -> Option<Place> {
        let mut cells = Cells::new(bytes);
        Some(Place {
            about: (Seq(cells.u64()?), Seq(cells.u64()?)),
            first_claim: Seq(cells.u64()?),
            at: cells.u64()?,
            len: cells.u32()?,
        })
    }
}

/// An event that all keys share, as it is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shared<'e> {
    pub(super) seq: Seq,
    pub(super) at_micros: i64,
    pub(super) actor: Seq,
    pub(super) kind: u16,
    /// None of an event that was erased.
    pub(super) payload: Option<&'e [u8]>,
}

impl<'e> Shared<'e> {
    fn put(&self, out: &mut Vec<u8>) {
        out.put_u64(self.seq.0);
        out.put_i64(self.at_micros);
        out.put_u64(self.actor.0);
        out.put(&self.kind.to_le_bytes());
        out.put_u8(u8::from(self.payload.is_some()));
        out.put_size(self.payload.map_or(0, <[u8]>::len));
        out.put(self.payload.unwrap_or_default());
    }

    /// The next of some.
    pub(super) fn read(cells: &mut Cells<'e>) -> Option<Shared<'e>> {
        let (seq, at_micros, actor) = (Seq(cells.u64()?), cells.i64()?, Seq(cells.u64()?));
        let (kind, is_there, len) = (cells.u16()?, cells.u8()? != 0, cells.size()?);
        let payload = cells.bytes(len)?;
        Some(Shared { seq, at_micros, actor, kind, payload: is_there.then_some(payload) })
    }
}

/// Tables about consecutive events.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) first: Seq,
    pub(super) last: Seq,
    /// Where the blocks stand, sorted by what they are about.
    pub(super) places: Vec<u8>,
    pub(super) blocks: Bytes,
    /// Events that all keys share, in their order.
    pub(super) shared: Bytes,
    /// Last event and recording time of each commit.
    pub(super) commits: Bytes,
    /// The events with ids of their own.
    pub(super) ids: Bytes,
    /// The offset of each event in its segment.
    pub(super) offsets: Bytes,
    /// Roots of the tree's subtrees that its events complete, each over [so many](crate::tree::SUBTREE_LEVEL) leaves.
    pub(super) roots: Bytes,
    /// Which attributes and words its events use.
    pub(super) uses: Bytes,
    /// What its events are found by.
    pub(super) lookups: Hashes,
}

/// The offset of an event that a damaged ledger lacks.
const NOWHERE: u64 = u64::MAX;

impl AsRef<Run> for Run {
    fn as_ref(&self) -> &Run {
        self
    }
}

impl Run {
    /// Whether two say the same, byte by byte.
    pub(super) fn is_same(&self, other: &Run) -> bool {
        let is_same = |(a, b): (&Bytes, &Bytes)| a.all().is_some_and(|a| b.all().is_some_and(|b| a == b));
        (self.first, self.last, &self.places) == (other.first, other.last, &other.places)
            && self.parts().into_iter().zip(other.parts()).all(is_same)
    }

    /// What it is made of, but for where its blocks stand.
    pub(super) fn parts(&self) -> [&Bytes; 8] {
        let Run { blocks, shared, commits, ids, offsets, roots, uses, lookups, .. } = self;
        [shared, commits, roots, uses, ids, offsets, lookups.bytes(), blocks]
    }

    /// The events that may be found by something; `None`: the run is damaged.
    pub(super) fn found(&self, hash: u64) -> Option<impl Iterator<Item = Seq>> {
        let places = self.lookups.find(hash)?;
        Some(places.into_iter().map(|place| Seq(self.first.0.saturating_add(place.into()))))
    }

    /// How many events it is about.
    pub(super) fn count(&self) -> u64 {
        (self.last.0 + 1).saturating_sub(self.first.0)
    }

    /// The rows of a key; of erased events only that they were.
    ///
    /// `None`: the run is damaged.
    pub(super) fn rows(
        &self,
        about: About,
        erased: &HashSet<Seq>,
        rows: &mut Vec<(About, Row)>,
        beside: &mut Vec<About>,
    ) -> Option<()> {
        let Some(bytes) = self.block_bytes(about)? else { return Some(()) };
        let block = Block::read(&bytes).filter(|block| block.about == about)?;
        rows.reserve(block.claim_count());
        block.claims(block.fixed(), erased, rows)?;
        block.others(erased, rows, beside)
    }

    /// The block of a key, if there is one. `None`: the run is damaged.
    #[expect(clippy::option_option, reason = "damaged, or nothing there")]
    pub(super) fn block_bytes(&self, about: About) -> Option<Option<Cow<'_, [u8]>>> {
        let (places, _) = self.places.as_chunks::<PLACE_LEN>();
        let key = |place: &[u8; PLACE_LEN]| Place::read(place).map(|place| place.about);
        let Ok(found) = places.binary_search_by(|place| key(place).cmp(&Some(about))) else { return Some(None) };
        let place = Place::read(places.get(found)?)?;
        self.blocks.read(place.at, place.len as usize).map(Some)
    }

    /// Where the blocks about a subject stand.
    pub(super) fn places_of(&self, subject: Seq) -> impl Iterator<Item = Place> {
        let (places, _) = self.places.as_chunks::<PLACE_LEN>();
        let read = |place: &[u8; PLACE_LEN]| Place::read(place);
        let first = places.partition_point(|place| read(place).is_some_and(|place| place.about.0 < subject));
        let rest = places.get(first..).unwrap_or_default().iter().filter_map(read);
        rest.take_while(move |place| place.about.0 == subject)
    }

    /// Where all blocks stand, sorted by what they are about.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> {
        let (places, _) = self.places.as_chunks::<PLACE_LEN>();
        places.iter().filter_map(|place| Place::read(place))
    }

    /// The offset of one of its events in its segment; `None`: the run is damaged, or the event was not seen.
    pub(super) fn offset(&self, seq: Seq) -> Option<u64> {
        let place = seq.0.checked_sub(self.first.0)?.checked_mul(8)?;
        let bytes = self.offsets.read(place, 8)?;
        Cells::new(&bytes).u64().filter(|offset| *offset != NOWHERE)
    }
}
