//! Runs in any pieces read as one; what was broken off or damaged is seen.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::files::files;
use super::key::{Key, Kind};
use super::run::{Run, RunWriter};
use super::store::Store;
use super::unusable::Unusable;
use super::{Batch, Belongs, Draft, Index, Listed, Row, Seen};
use crate::chain::Hash;
use crate::codec::{FactsRead, NotRead};
use crate::event::EventKind;
use crate::seq::Seq;

impl Index {
    /// Everything it says, value by value, whatever runs it was made of.
    pub(crate) fn said(&self) -> Vec<String> {
        let mut said = Vec::new();
        for kind in Kind::ALL {
            let see = |key: Key, value: &[u8]| {
                let value = if kind == Kind::Facts { facts(key, value) } else { format!("{value:?}") };
                said.push(format!("{key:?} {value}"));
                Ok(true)
            };
            self.store.each(Key::first_of(kind), see).unwrap();
        }
        said
    }
}

/// Facts as they are read: a commit that was put in by parts stands there more than once.
fn facts(key: Key, value: &[u8]) -> String {
    let (mut read, mut all) = (FactsRead::new(value, key.about()), Vec::new());
    loop {
        match read.read() {
            Ok(None) => return format!("{all:?}"),
            Ok(Some(fact)) => all.push(format!("{fact:?}")),
            Err(NotRead::Apart) => return "apart".to_owned(),
            Err(NotRead::Malformed) => panic!("{key:?} is not readable"),
        }
    }
}

const KEYS: u64 = 200;

/// Adds a run about so many events: every third key gets a byte more, and one page is written anew.
fn add(store: &mut Store, count: u64, byte: u8) {
    let fill = |into: &mut RunWriter<'_>| {
        for key in (0..KEYS).filter(|key| key % 3 == u64::from(byte) % 3) {
            into.put(Key::group((Seq(key), Seq(1))), &[byte; 70])?;
        }
        into.put(Key::rows_with(Seq(0)), &[byte])
    };
    store.add(count, &[byte], fill).unwrap();
}

fn value(store: &Store, key: Key) -> Vec<u8> {
    let mut value = vec![9; 9];
    store.get(key, &mut value).unwrap();
    value
}

/// All values of groups, read one by one, and in order.
fn all(store: &Store) -> Vec<Vec<u8>> {
    let one_by_one: Vec<Vec<u8>> = (0..KEYS).map(|key| value(store, Key::group((Seq(key), Seq(1))))).collect();
    let mut in_order = vec![Vec::new(); one_by_one.len()];
    let mut last = None;
    let see = |key: Key, value: &[u8]| {
        assert!(last.replace(key).is_none_or(|last| last < key));
        in_order[usize::try_from(key.about().0.0).unwrap()] = value.to_vec();
        Ok(true)
    };
    store.each(Key::first_of(Kind::Group), see).unwrap();
    assert!(in_order == one_by_one);
    one_by_one
}

fn reopened(dir: &Path) -> Store {
    let mut store = Store::of_files(dir).unwrap();
    store.add_newest().unwrap();
    store
}

#[test]
fn runs_in_any_pieces_are_read_as_one() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::to_write(dir.path()).unwrap();
    let mut expected = vec![Vec::new(); usize::try_from(KEYS).unwrap()];
    for (byte, count) in [(1, 20_000), (2, 3), (3, 17_000), (4, 1), (5, 1), (6, 40), (7, 16_000), (8, 900)] {
        add(&mut store, count, byte);
        expected.iter_mut().skip(usize::from(byte) % 3).step_by(3).for_each(|value| value.extend([byte; 70]));
        if byte >= 3 {
            assert!(all(&store) == expected);
        }
        if byte % 2 == 0 {
            store.settle().unwrap();
        }
        assert_eq!((value(&store, Key::rows_with(Seq(0))), store.cursor()), (vec![byte], Some(&[byte][..])));
    }
    assert!(all(&store) == expected);
    assert_eq!(value(&store, Key::group((Seq(1), Seq(2)))), Vec::<u8>::new());
    let size = store.size();
    drop(store);
    let store = reopened(dir.path());
    assert_eq!(store.size(), size);
    assert!(all(&store) == expected);
}

#[test]
fn a_run_that_covers_others_counts_and_they_go() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::to_write(dir.path()).unwrap();
    add(&mut store, 20_000, 3);
    let kept = dir.path().join("kept");
    let path = fs::read_dir(files(dir.path())).unwrap().next().unwrap().unwrap().path();
    fs::copy(&path, &kept).unwrap();
    add(&mut store, 17_000, 4);
    store.settle().unwrap();
    let expected = all(&store);
    drop(store);
    // As if the process had been killed before the smaller one was removed, and while a third was written.
    fs::rename(&kept, &path).unwrap();
    fs::write(files(dir.path()).join("000000000001-000000090000.new"), b"half").unwrap();
    assert!(all(&reopened(dir.path())) == expected);
    drop(Store::to_write(dir.path()).unwrap());
    assert_eq!(fs::read_dir(files(dir.path())).unwrap().count(), 1);
    assert!(all(&reopened(dir.path())) == expected);
}

#[test]
fn every_changed_byte_of_a_run_is_seen_or_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::to_write(dir.path()).unwrap();
    add(&mut store, 20_000, 5);
    let read = |store: &Store| -> Result<Vec<u8>, Unusable> {
        let mut all = Vec::new();
        store.each(Key::first_of(Kind::Group), |_, value| {
            all.extend_from_slice(value);
            Ok(true)
        })?;
        let mut value = Vec::new();
        store.get(Key::group((Seq(2), Seq(1))), &mut value)?;
        all.extend(value);
        Ok(all)
    };
    let expected = read(&store).unwrap();
    drop(store);
    let path = fs::read_dir(files(dir.path())).unwrap().next().unwrap().unwrap().path();
    let bytes = fs::read(&path).unwrap();
    let mut seen = 0;
    for place in 0..bytes.len() {
        let mut other = bytes.clone();
        other[place] ^= 1 << (place % 8);
        fs::write(&path, &other).unwrap();
        match Store::of_files(dir.path()).and_then(|store| read(&store)) {
            Ok(found) => assert_eq!(found, expected, "{place}"),
            Err(_) => seen += 1,
        }
    }
    // Only the page of rows, which was not read, may have changed unseen.
    assert!(seen >= bytes.len() - 1, "{seen} of {}", bytes.len());
    for len in 0..bytes.len() {
        fs::write(&path, &bytes[..len]).unwrap();
        assert!(Store::of_files(dir.path()).is_err());
    }
}

#[test]
fn what_does_not_follow_on_the_files_is_left_out_and_taken_away() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::to_write(dir.path()).unwrap();
    add(&mut store, 20_000, 1);
    add(&mut store, 5, 2);
    let with_both = all(&store);
    drop(store);
    assert!(all(&reopened(dir.path())) == with_both);
    let path = fs::read_dir(files(dir.path())).unwrap().next().unwrap().unwrap().path();
    fs::remove_file(&path).unwrap();
    assert_eq!(reopened(dir.path()).size(), 0);
    let mut store = Store::to_write(dir.path()).unwrap();
    assert_eq!(store.size(), 0);
    add(&mut store, 20_000, 1);
    assert_eq!((store.size(), store.cursor()), (20_000, Some(&[1][..])));
    store.clear().unwrap();
    assert_eq!((store.size(), store.cursor()), (0, None));
    assert!(Run::open(super::run::Source::Memory(Box::default())).is_err());
}

#[test]
fn groups_made_by_all_cores_are_whole_and_in_their_order() {
    const EVENTS: u64 = 60_000;
    let dir = tempfile::tempdir().unwrap();
    let mut index = Index::open_or_make(dir.path()).unwrap();
    let (mut draft, mut expected) = (Draft::from(Seq(1)), BTreeMap::<_, Vec<_>>::new());
    // One group is longer than what a thread is given at once, and most are short.
    let about = |seq: u64| (Seq(if seq.is_multiple_of(2) { 500 } else { 1 + seq * 7 % 1001 }), Seq(9));
    for first in (1..=EVENTS).step_by(1000) {
        let mut batch = Batch::default();
        for seq in first..first + 1000 {
            let row = Row { kind: EventKind::Noted, offset: seq, about: about(seq) };
            let seen = Seen { row, at_micros: 0, actor: Seq(2), id: None, belongs: Belongs::ToKey };
            batch.push(seen, Some(&seq.to_le_bytes()), &[]);
            batch.leaf(Hash::ZERO, None);
            expected.entry(about(seq)).or_default().push(seq);
        }
        draft.push(batch);
    }
    draft.note_commit(Seq(EVENTS));
    draft.put_into(&mut index, None).unwrap();
    let mut found = BTreeMap::new();
    let see = |about, group: super::Group| {
        let seqs = group.iter().map(|listed| match listed.unwrap() {
            Listed::Event(entry) => {
                entry.brief.is_some_and(|own| *own == entry.seq.0.to_le_bytes()).then_some(entry.seq.0)
            }
            Listed::Also(..) => None,
        });
        assert!(found.insert(about, seqs.collect::<Option<Vec<u64>>>().unwrap()).is_none());
    };
    index.groups(see).unwrap();
    assert!(found == expected);
    assert!(expected.keys().all(|about| !value(&index.store, Key::facts(*about)).is_empty()));
}
