//! Lanes only ever accept: what they hash, and what they get wrong, changes no answer.

use super::*;
use crate::hash::tests::{Asked, with_lanes};
use crate::log::Since;

/// Seventy events in commits of forty, one and less, so that there is more than a group of lanes, and less.
fn many() -> TempDir {
    let notes = |from: usize, count: usize| -> Vec<Entry> {
        (from..from + count).map(|number| note(&"so many words ".repeat(1 + number % 9)[number % 7..])).collect()
    };
    let dir = tempfile::tempdir().unwrap();
    Log::create(dir.path(), &[entry(1, b"begin")], 10).unwrap();
    let mut writer = Writer::open(dir.path(), 77).unwrap();
    for (from, count) in [(10, 40), (50, 1), (51, 6), (60, 22)] {
        writer.append(&notes(from, count), 20).unwrap();
    }
    dir
}

fn bytes(dir: &TempDir) -> Vec<u8> {
    segments(dir.path()).into_iter().flat_map(|path| fs::read(path).unwrap()).collect()
}

/// What a reader of the whole log is told.
fn read(dir: &TempDir) -> String {
    let mut seen = Vec::new();
    let ended = Log::open(dir.path()).unwrap().scan(Since::Start, |commit| {
        while let Some(frame) = commit.next_frame()? {
            seen.push((frame.envelope, frame.payload().map(<[u8]>::to_vec)));
        }
        Ok::<(), Error>(())
    });
    format!("{seen:?} {ended:?}")
}

#[test]
fn what_is_written_with_lanes_is_what_is_written_without() {
    let with = with_lanes(Asked::Hash, many);
    assert_eq!(bytes(&with), bytes(&many()));
    assert_eq!(report(with.path()).findings, []);
}

#[test]
fn wrong_lanes_change_nothing_that_is_found() {
    let dir = many();
    let path = segments(dir.path()).remove(0);
    let whole = fs::read(&path).unwrap();
    let flips = (0..whole.len()).step_by(977).map(Some);
    for flip in flips.chain([None]) {
        edit(&path, |bytes| flip.into_iter().for_each(|at| bytes[at] ^= 1 << (at % 8)));
        let (found, told) = (report(dir.path()), read(&dir));
        assert_eq!(flip.is_none(), found.findings.is_empty());
        for asked in [Asked::Hash, Asked::Err] {
            assert_eq!(with_lanes(asked, || report(dir.path())), found, "byte {flip:?}");
            assert_eq!(with_lanes(asked, || read(&dir)), told, "byte {flip:?}");
        }
        fs::write(&path, &whole).unwrap();
    }
}
