//! Names, looks of names, and ids: some bits of each with the event that has it, in buckets. Who asks compares with the name
//! itself.

use std::io;

use super::key::{Key, bucket_of};
use super::run::RunWriter;
use super::unusable::Unusable;
use super::{Index, NameOf};
use crate::chain::fingerprint;
use crate::event::{Event, look_of};
use crate::seq::Seq;

/// Length of a name's bits behind those that chose its bucket.
const BITS_LEN: usize = 4;
/// Length of an event's number.
const SEQ_LEN: usize = 5;
const NAME_LEN: usize = BITS_LEN + SEQ_LEN;

impl NameOf {
    /// The name that an event gives or describes what it is about, and of what kind that is.
    #[must_use]
    pub fn given_by(event: &Event) -> Option<(NameOf, &str)> {
        Some(match event {
            Event::ActorRegistered { name, of: None } => (NameOf::Actor, name),
            Event::AttributeDefined(defined) => (NameOf::Attribute, &defined.key),
            Event::EntityRegistered(entity) => (NameOf::Entity, &entity.key),
            Event::SourceRegistered(source) => (NameOf::Source, &source.key),
            Event::EvidenceAdded(evidence) => (NameOf::Evidence, &evidence.digest),
            _ => return None,
        })
    }

    /// Whether it is a key: what has one can be described again, and keys are compared by their looks.
    #[must_use]
    pub fn is_key(self) -> bool {
        matches!(self, NameOf::Attribute | NameOf::Entity | NameOf::Source)
    }

    /// The 64 bits by which a name of this kind is found.
    #[must_use]
    pub fn bits(self, name: &str) -> u64 {
        fingerprint(self as u8, name.as_bytes())
    }

    /// The 64 bits by which names of this kind are found that look like this one.
    fn look_bits(self, name: &str) -> u64 {
        fingerprint(OF_LOOKS | self as u8, look_of(name).as_bytes())
    }

    /// All bits by which what first has a name is found.
    pub(super) fn bits_of_first(self, name: &str) -> impl Iterator<Item = u64> {
        [Some(self.bits(name)), self.is_key().then(|| self.look_bits(name))].into_iter().flatten()
    }
}

/// Set in the kind of a name of which the look is meant.
const OF_LOOKS: u8 = 1 << 7;

/// The lowest bits; the highest chose the bucket.
fn low(bits: u64) -> [u8; BITS_LEN] {
    let [a, b, c, d, ..] = bits.to_le_bytes();
    [a, b, c, d]
}

impl Index {
    /// The events that may have this name, in their order; whoever asks compares.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn named(&self, kind: NameOf, name: &str) -> Result<Vec<Seq>, Unusable> {
        self.with_bits(kind.bits(name))
    }

    /// The things of a kind whose names may look like this one, in their order; whoever asks compares.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn looking_like(&self, kind: NameOf, name: &str) -> Result<Vec<Seq>, Unusable> {
        self.with_bits(kind.look_bits(name))
    }

    fn with_bits(&self, bits: u64) -> Result<Vec<Seq>, Unusable> {
        let mut bucket = Vec::new();
        self.store.get(Key::names_with(bits), &mut bucket)?;
        // As one number they are compared without a call for each.
        let own = u32::from_le_bytes(low(bits));
        let has_bits = |[a, b, c, d, ..]: &&[u8; NAME_LEN]| u32::from_le_bytes([*a, *b, *c, *d]) == own;
        let seq = |[.., a, b, c, d, e]: &[u8; NAME_LEN]| Seq(u64::from_le_bytes([*a, *b, *c, *d, *e, 0, 0, 0]));
        let mut found: Vec<Seq> = bucket.as_chunks::<NAME_LEN>().0.iter().filter(has_bits).map(seq).collect();
        found.sort_unstable();
        Ok(found)
    }
}

/// Brings names into their buckets, in each in the order in which they are given.
pub(super) fn sort(names: &mut [(u64, Seq)]) {
    names.sort_by_key(|(bits, _)| bucket_of(*bits));
}

/// Writes names that are sorted.
pub(super) fn put(names: &[(u64, Seq)], into: &mut RunWriter<'_>) -> io::Result<()> {
    let mut value = Vec::new();
    for bucket in names.chunk_by(|(a, _), (b, _)| bucket_of(*a) == bucket_of(*b)) {
        value.clear();
        for (bits, seq) in bucket {
            value.extend(low(*bits));
            value.extend(seq.0.to_le_bytes().into_iter().take(SEQ_LEN));
        }
        if let Some((bits, _)) = bucket.first() {
            into.put(Key::names_with(*bits), &value)?;
        }
    }
    Ok(())
}
