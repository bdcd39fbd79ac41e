//! Days on which one origin says two different things for certain: usually a correction that was not entered
//! as one.

mod days;

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::io;

use foldhash::HashMap;

use super::spill::{Buckets, Room};
use crate::catalogue::Catalogue;
use crate::claim::{Claim, Polarity, Valid};
use crate::codec;
use crate::event::Cardinality;
use crate::pack::{Pack, Unpack};
use crate::seq::Seq;
use crate::value::{Identity, ValueType, agree};
use days::Days;

/// Subject, attribute and origin: who is to contradict themselves.
type Key = (Seq, Seq, Seq);

/// Days of which a claim says something for certain.
#[derive(Clone, Copy, Debug)]
struct Certain<'b> {
    claim: Seq,
    key: Key,
    days: Days,
    value: &'b [u8],
}

impl<'b> Certain<'b> {
    /// Whether two claims of one key say different things of one day, on which neither hands over to the other.
    fn contradicts(&self, other: &Certain<'_>, catalogue: &Catalogue) -> io::Result<bool> {
        let (days, others) = (&self.days, &other.days);
        let is_apart = days.from > others.until || others.from > days.until;
        let hands_over = || days.hands_over_to(others) || others.hands_over_to(days);
        if self.claim == other.claim || is_apart || days.is_timed && others.is_timed || hands_over() {
            return Ok(false);
        }
        Ok(!self.agrees(other, catalogue)?)
    }

    fn agrees(&self, other: &Certain<'_>, catalogue: &Catalogue) -> io::Result<bool> {
        if self.value == other.value {
            return Ok(true);
        }
        let [one, other] = [self, other].map(|certain| codec::read_value(certain.value).ok_or_else(unreadable));
        let (one, other) = (one?, other?);
        let value_type = catalogue.attribute(self.key.1).map_or(ValueType::Text, |attribute| attribute.value_type);
        let identity = |value| Identity::of(value, value_type);
        Ok(agree((&identity(&one), &one), (&identity(&other), &other)))
    }

    fn put(&self, pack: &mut Pack) {
        let (subject, attribute, root) = self.key;
        let seqs = [self.claim, subject, attribute, root].map(|seq| seq.0.to_le_bytes());
        pack.raw(seqs.as_flattened()).raw(&self.days.to_bytes());
        pack.number(self.value.len() as u64).raw(self.value);
    }

    fn read(unpack: &mut Unpack<'b>) -> Option<Certain<'b>> {
        let mut seq = || unpack.array().map(u64::from_le_bytes).map(Seq);
        let (claim, key) = (seq()?, (seq()?, seq()?, seq()?));
        let days = Days::of_bytes(unpack.array()?)?;
        let len = usize::try_from(unpack.number()?).ok()?;
        Some(Certain { claim, key, days, value: unpack.raw(len)? })
    }

    /// Reads all that was put there.
    fn read_all(bytes: &'b [u8]) -> io::Result<Vec<Certain<'b>>> {
        let (mut all, mut unpack) = (Vec::new(), Unpack(bytes));
        while !unpack.is_empty() {
            all.push(Certain::read(&mut unpack).ok_or_else(unreadable)?);
        }
        Ok(all)
    }
}

fn unreadable() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "what was set aside is not readable")
}

/// All certain days of a ledger.
#[derive(Debug)]
pub(super) struct AllCertain {
    kept: Kept,
    hasher: RandomState,
    /// Room for a value.
    value: Pack,
}

#[derive(Debug)]
enum Kept {
    /// By some bits of their keys: to look at all of them, once.
    Aside(Buckets),
    /// For whoever records claims one by one.
    ByKey(ByKey),
}

#[derive(Debug, Default)]
struct ByKey {
    by_key: HashMap<Key, Pack>,
    /// Claims with their keys, as they came since.
    order: Vec<(Seq, Key)>,
}

/// A day claimed by many is compared with so many of them: one contradiction is enough to tell.
const COMPARED_MAX: usize = 64;

impl AllCertain {
    /// None yet; without room all stay in memory.
    pub(super) fn new(room: Option<Room>) -> AllCertain {
        AllCertain { kept: Kept::Aside(Buckets::new(room)), hasher: RandomState::new(), value: Pack::default() }
    }

    /// Adds the certain days of an affirmed claim of a single-valued attribute by somebody.
    ///
    /// # Errors
    /// If they cannot be set aside.
    pub(super) fn add(&mut self, claim: Seq, of: &Claim, catalogue: &Catalogue) -> io::Result<()> {
        let statement = &of.statement;
        let attribute = catalogue.attribute_as_of(statement.attribute, claim);
        let is_single = attribute.is_none_or(|attribute| attribute.cardinality == Cardinality::Single);
        let Some(origin) = of.chain.first().filter(|_| is_single && statement.polarity == Polarity::Affirm) else {
            return Ok(());
        };
        let mut value = std::mem::take(&mut self.value);
        value.clear();
        codec::put_value(&mut value, &statement.value);
        let key = (statement.subject, statement.attribute, origin.who);
        let mut push = |days| self.push(Certain { claim, key, days, value: value.bytes() });
        let pushed = match &statement.valid {
            Valid::Listed(spans) => spans.iter().filter_map(Days::of_span).try_for_each(push),
            valid => Days::of_valid(valid).map_or(Ok(()), &mut push),
        };
        self.value = value;
        pushed
    }

    fn push(&mut self, certain: Certain<'_>) -> io::Result<()> {
        match &mut self.kept {
            Kept::Aside(buckets) => buckets.add(self.hasher.hash_one(certain.key), |pack| certain.put(pack)),
            Kept::ByKey(kept) => {
                kept.push(certain);
                Ok(())
            }
        }
    }

    /// Has those of each key together from now on, so that one more claim is not compared with all. Those so far are old.
    ///
    /// # Errors
    /// If what was set aside cannot be read.
    pub(super) fn gather_by_key(&mut self) -> io::Result<()> {
        if let Kept::Aside(buckets) = &self.kept {
            let mut kept = ByKey::default();
            for bytes in buckets.each() {
                Certain::read_all(&bytes?)?.into_iter().for_each(|certain| kept.push(certain));
            }
            kept.order = Vec::new();
            self.kept = Kept::ByKey(kept);
        }
        Ok(())
    }

    /// Pairs of claims, the second recorded at or after `first_new`, that contradict each other; at most `max`.
    ///
    /// # Errors
    /// If what was set aside cannot be read.
    pub(super) fn contradictions(
        &self,
        first_new: Seq,
        catalogue: &Catalogue,
        is_live: impl Fn(Seq) -> bool,
        max: usize,
    ) -> io::Result<Vec<(Seq, Seq)>> {
        let mut finding = Finding { first_new, catalogue, is_live, max, found: BTreeSet::new() };
        match &self.kept {
            Kept::Aside(buckets) => buckets.each().try_for_each(|bytes| finding.look(&bytes?))?,
            Kept::ByKey(kept) => kept.newer(first_new).try_for_each(|bytes| finding.look(bytes))?,
        }
        Ok(finding.found.into_iter().collect())
    }
}

impl ByKey {
    fn push(&mut self, certain: Certain<'_>) {
        certain.put(self.by_key.entry(certain.key).or_default());
        self.order.push((certain.claim, certain.key));
    }

    /// Those of each key with a new claim.
    fn newer(&self, first_new: Seq) -> impl Iterator<Item = &[u8]> {
        // New ones stand at the end, unless older ones were read after them; those are of other keys.
        let new = self.order.iter().rev().take_while(|(claim, _)| *claim >= first_new);
        let keys: BTreeSet<Key> = new.map(|(_, key)| *key).collect();
        keys.into_iter().filter_map(|key| self.by_key.get(&key).map(Pack::bytes))
    }
}

/// A search for contradictions.
struct Finding<'c, L> {
    first_new: Seq,
    catalogue: &'c Catalogue,
    is_live: L,
    max: usize,
    /// The earliest so far.
    found: BTreeSet<(Seq, Seq)>,
}

impl<L: Fn(Seq) -> bool> Finding<'_, L> {
    /// Looks at all certain days of some keys.
    fn look(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut all = Certain::read_all(bytes)?;
        all.sort_unstable_by_key(|certain| (certain.key, certain.days.from, certain.claim));
        let is_new = |group: &&[Certain<'_>]| group.iter().any(|certain| certain.claim >= self.first_new);
        let groups: Vec<&[Certain<'_>]> = all.chunk_by(|a, b| a.key == b.key).filter(is_new).collect();
        groups.into_iter().try_for_each(|group| self.compare(group))
    }

    /// Compares those of one key, in the order of their days.
    fn compare(&mut self, group: &[Certain<'_>]) -> io::Result<()> {
        let mut open: Vec<&Certain<'_>> = Vec::new();
        for certain in group {
            open.retain(|other| other.days.until >= certain.days.from);
            for other in &open {
                let pair = (certain.claim.min(other.claim), certain.claim.max(other.claim));
                if pair.1 >= self.first_new
                    && certain.contradicts(other, self.catalogue)?
                    && (self.is_live)(pair.0)
                    && (self.is_live)(pair.1)
                {
                    self.found.insert(pair);
                    if self.found.len() > self.max {
                        self.found.pop_last();
                    }
                }
            }
            if open.len() < COMPARED_MAX {
                open.push(certain);
            }
        }
        Ok(())
    }
}
