//! Promises of verifying: whatever is done to a log, the finding names the place.

mod damages;
mod document;
mod erasing;
mod expecting;
mod flips;
mod lanes;
mod resuming;
mod seals;

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::log::{Committed, Entry, Limits, Log, Opening, Writer};

/// The kind of an erasure, whose payload is the target's number as one byte here.
pub(super) const ERASED: u16 = 21;

pub(super) fn entry(kind: u16, payload: &[u8]) -> Entry {
    let salt = std::array::from_fn(|at| payload.get(at).copied().unwrap_or(7) | 1);
    Entry { kind, actor: 1, subject: 2, attribute: 3, body: Committed::new(salt, payload.to_vec()) }
}

pub(super) fn note(text: &str) -> Entry {
    entry(18, text.as_bytes())
}

pub(super) fn open(dir: &Path) -> Writer {
    let limits = Limits { segment_len_max: 1400, commit_inline_max: 900 };
    let opening = Opening { limits, ..Opening::default() };
    Writer::open_and_see(dir, 77, opening, |_| Ok::<(), Error>(())).unwrap()
}

/// Ten events in five commits and two segments; event 3 was erased by event 5.
pub(super) fn ledger() -> TempDir {
    ledger_of("begin")
}

pub(super) fn ledger_of(origin: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    Log::create(dir.path(), &[entry(1, origin.as_bytes()), note("a")], 10).unwrap();
    let mut writer = open(dir.path());
    writer.append(&[note("secret"), note("")], 20).unwrap();
    writer.append(&[entry(ERASED, &[3])], 20).unwrap();
    writer.erase(&[3]).unwrap();
    writer.append(&[note("b"), note("c"), note("d")], 30).unwrap();
    writer.append(&[note("e"), note("f")], 40).unwrap();
    drop(writer);
    assert_eq!(segments(dir.path()).len(), 2);
    dir
}

pub(super) fn read_payload(kind: u16, payload: &[u8]) -> PayloadRead {
    let erases = (kind == ERASED).then(|| payload.first().copied().map(u64::from)).flatten();
    let misformed = payload.starts_with(b"misformed").then(|| "nonsense".to_owned());
    PayloadRead { misformed, told: erases.map(|target| Box::new(Told::Erases(target))), ..PayloadRead::default() }
}

pub(super) fn options() -> Options<'static> {
    Options { read_payload: &read_payload, ..Options::default() }
}

pub(super) fn report(dir: &Path) -> Report {
    verify(dir, &options()).unwrap()
}

/// Code and event of each finding.
pub(super) fn found(dir: &Path) -> Vec<(Code, Option<u64>)> {
    report(dir).findings.iter().map(|finding| (finding.code, finding.seq)).collect()
}

pub(super) fn segments(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(dir.join("log")).unwrap().map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "seg"));
    paths.sort();
    paths
}

pub(super) fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// Where the records of a segment begin and end, and whether each is a frame.
pub(super) fn records(bytes: &[u8]) -> Vec<(std::ops::Range<usize>, bool)> {
    let (mut records, mut at) = (Vec::new(), crate::frame::HEADER_LEN);
    while let crate::frame::Cut::Record(record, len) = crate::frame::cut(&bytes[at..]) {
        records.push((at..at + len, matches!(record, crate::frame::Record::Frame(_))));
        at += len;
    }
    assert_eq!(at, bytes.len());
    records
}

#[test]
fn an_unchanged_log_has_no_findings_however_many_threads_look() {
    let dir = ledger();
    let first = report(dir.path());
    assert_eq!(first.findings, []);
    assert_eq!((first.head.size, first.recorded_at, first.erased), (10, 40, 1));
    let cursor = open(dir.path()).cursor().unwrap();
    assert_eq!(first.head, cursor.head);
    let bytes: u64 = segments(dir.path()).iter().map(|path| fs::metadata(path).unwrap().len()).sum();
    assert_eq!(first.bytes, bytes);
    for threads in [0, 2, 5] {
        assert_eq!(verify(dir.path(), &Options { threads, ..options() }).unwrap(), first);
    }
}

#[test]
fn a_log_of_many_blocks_is_the_same_for_any_number_of_threads() {
    let dir = tempfile::tempdir().unwrap();
    Log::create(dir.path(), &[entry(1, b"begin")], 10).unwrap();
    let mut writer = Writer::open(dir.path(), 1).unwrap();
    for size in [3, 5000, 1, 9000] {
        let mut bulk = writer.bulk(20).unwrap();
        (0..size).for_each(|n| assert!(bulk.push(&note(&format!("{n} {}", "x".repeat(n % 900)))).is_ok()));
        bulk.finish().unwrap();
    }
    let head = writer.cursor().unwrap().head;
    drop(writer);
    let told = std::sync::Mutex::new(Vec::new());
    for threads in [1, 2, 4] {
        let progress = |done: u64, total: u64| told.lock().unwrap().push((done, total));
        let report = verify(dir.path(), &Options { threads, progress: &progress, ..options() }).unwrap();
        assert_eq!((report.findings, report.head), (vec![], head));
        let told = std::mem::take(&mut *told.lock().unwrap());
        assert!(told.len() > 4 && told.is_sorted() && told.last().is_some_and(|(done, total)| done == total));
    }
}
