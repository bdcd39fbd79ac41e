//! What is found in a run, and by which key: seventeen bytes, in their order.

use std::cmp::Ordering;

use crate::pack::Unpack;
use crate::seq::Seq;

/// Length of the numbers of a key, in bytes.
const NUMBERS_LEN: usize = 16;
/// Length of a key, in bytes.
pub(super) const KEY_LEN: usize = 1 + NUMBERS_LEN;
/// Events to a page of rows.
pub const ROWS_PAGE: u64 = 256;
/// Numbers to a page of things.
const THINGS_PAGE: u64 = 64;

/// The page that holds what describes a thing.
#[must_use]
pub fn page_of_thing(thing: Seq) -> u64 {
    thing.0 / THINGS_PAGE
}

/// How many of a name's 64 bits choose its bucket.
const BUCKET_BITS: u32 = 14;

/// The bucket of a name's bits.
pub(super) fn bucket_of(bits: u64) -> u64 {
    bits >> (u64::BITS - BUCKET_BITS)
}

/// What kind of thing stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Kind {
    /// Events about a subject and attribute. Those of a later run stand behind those of an earlier.
    Group = 1,
    /// Events that describe things, some to a page; as groups.
    Things,
    /// Names, looks of names and ids, some to a bucket; as groups.
    Names,
    /// Rows, some to a page. A later run has the whole page.
    Rows,
    /// Roots of subtrees, some to a page; as rows.
    Subtrees,
    /// Leaves behind the last whole subtree; as rows.
    Leaves,
    /// What the fold needs of the events about a subject and attribute; as groups.
    Facts,
}

impl Kind {
    pub(super) const ALL: [Kind; 7] =
        [Kind::Group, Kind::Things, Kind::Names, Kind::Rows, Kind::Subtrees, Kind::Leaves, Kind::Facts];

    fn of(byte: u8) -> Option<Kind> {
        // They are numbered from 1 on.
        Kind::ALL.get(usize::from(byte.checked_sub(1)?)).copied()
    }

    /// Whether a later run adds to what an earlier one has; otherwise it takes its place.
    pub(super) fn adds_up(self) -> bool {
        matches!(self, Kind::Group | Kind::Things | Kind::Names | Kind::Facts)
    }
}

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) kind: Kind,
    numbers: (u64, u64),
}

impl Key {
    pub(super) fn group((subject, attribute): (Seq, Seq)) -> Key {
        Key { kind: Kind::Group, numbers: (subject.0, attribute.0) }
    }

    pub(super) fn facts((subject, attribute): (Seq, Seq)) -> Key {
        Key { kind: Kind::Facts, numbers: (subject.0, attribute.0) }
    }

    pub(super) fn things_with(thing: Seq) -> Key {
        Key { kind: Kind::Things, numbers: (page_of_thing(thing), 0) }
    }

    /// Of the bucket of a name's bits.
    pub(super) fn names_with(bits: u64) -> Key {
        Key { kind: Kind::Names, numbers: (bucket_of(bits), 0) }
    }

    pub(super) fn rows_with(seq: Seq) -> Key {
        Key { kind: Kind::Rows, numbers: (seq.0 / ROWS_PAGE, 0) }
    }

    pub(super) fn subtrees(page: u64) -> Key {
        Key { kind: Kind::Subtrees, numbers: (page, 0) }
    }

    pub(super) fn leaves() -> Key {
        Key { kind: Kind::Leaves, numbers: (0, 0) }
    }

    /// The first key of a kind.
    pub(super) fn first_of(kind: Kind) -> Key {
        Key { kind, numbers: (0, 0) }
    }

    /// The subject and attribute of the key of a group or of facts.
    pub(super) fn about(self) -> (Seq, Seq) {
        (Seq(self.numbers.0), Seq(self.numbers.1))
    }

    pub(super) fn to_bytes(self) -> [u8; KEY_LEN] {
        let mut bytes = [self.kind as u8; KEY_LEN];
        if let Some(numbers) = bytes.last_chunk_mut::<NUMBERS_LEN>() {
            *numbers = self.numbers().to_be_bytes();
        }
        bytes
    }

    /// How a key whose bytes these are is to this one. No key need be made of them, and they need be none.
    pub(super) fn order_of(self, bytes: &[u8; KEY_LEN]) -> Ordering {
        let [kind, numbers @ ..] = bytes;
        (*kind, u128::from_be_bytes(*numbers)).cmp(&(self.kind as u8, self.numbers()))
    }

    fn numbers(self) -> u128 {
        u128::from(self.numbers.0) << u64::BITS | u128::from(self.numbers.1)
    }

    pub(super) fn read(unpack: &mut Unpack<'_>) -> Option<Key> {
        let kind = Kind::of(unpack.byte()?)?;
        let mut number = || unpack.raw(8)?.try_into().ok().map(u64::from_be_bytes);
        Some(Key { kind, numbers: (number()?, number()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ordered_as_their_bytes_are() {
        let keys = [
            Key::group((Seq(1), Seq(300))),
            Key::group((Seq(1), Seq(u64::MAX))),
            Key::group((Seq(256), Seq(2))),
            Key::things_with(Seq(64)),
            Key::names_with(u64::MAX),
            Key::rows_with(Seq(1 << 40)),
            Key::subtrees(3),
            Key::leaves(),
            Key::facts((Seq(1), Seq(2))),
        ];
        assert!(keys.is_sorted() && keys.map(Key::to_bytes).is_sorted());
        for key in keys {
            assert!(keys.iter().all(|other| key.order_of(&other.to_bytes()) == other.cmp(&key)));
            assert_eq!(Key::read(&mut Unpack(&key.to_bytes())), Some(key));
        }
        assert_eq!(Key::read(&mut Unpack(&[9; KEY_LEN])), None);
    }
}
