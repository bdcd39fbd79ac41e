//! Promises of the log, one test each.

mod appending;
mod crashing;
mod damaged;
pub(crate) mod faulty;
mod reading;
mod sharing;

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::chain::Hash;

/// Segments and commits so small that a few events fill them.
pub(super) const SMALL: Limits = Limits { segment_len_max: 2000, commit_inline_max: 1000 };

/// An event whose payload is this text, with a salt made from it.
pub(super) fn entry(text: &str) -> Entry {
    let salt = std::array::from_fn(|at| text.as_bytes().get(at).copied().unwrap_or(1) | 1);
    Entry { kind: 1, actor: 1, subject: 2, attribute: 3, body: Committed::new(salt, text.as_bytes().to_vec()) }
}

pub(super) fn entries(texts: &[&str]) -> Vec<Entry> {
    texts.iter().map(|text| entry(text)).collect()
}

/// A ledger with the commits `[a b] [c]` at 10 and 20 µs.
pub(super) fn ledger() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    Log::create_with(dir.path(), &entries(&["a", "b"]), 10, SMALL).unwrap();
    let mut writer = open_small(dir.path());
    writer.append(&entries(&["c"]), 20).unwrap();
    dir
}

pub(super) fn open_small(dir: &Path) -> Writer {
    let opening = Opening { limits: SMALL, ..Opening::default() };
    Writer::open_and_see(dir, 77, opening, |_| Ok::<(), Error>(())).unwrap()
}

pub(super) fn segment(dir: &Path, number: u64) -> PathBuf {
    dir.join("log").join(format!("{number:012}.seg"))
}

/// The payloads from there on, commit by commit; erased ones as `-`.
pub(super) fn texts_since(dir: &Path, since: Since) -> Result<Vec<Vec<String>>> {
    let mut all = Vec::new();
    Log::open(dir)?.scan(since, |commit| {
        let mut texts = Vec::new();
        while let Some(frame) = commit.next_frame()? {
            let payload = frame.payload().unwrap_or(b"-");
            texts.push(String::from_utf8_lossy(payload).into_owned());
        }
        assert_eq!(texts.len() as u64, commit.count());
        all.push(texts);
        Ok::<(), Error>(())
    })?;
    Ok(all)
}

pub(super) fn texts(dir: &Path) -> Vec<Vec<String>> {
    texts_since(dir, Since::Start).unwrap()
}

pub(super) fn end(dir: &Path) -> End {
    Log::open(dir).unwrap().scan(Since::Start, |_| Ok::<(), Error>(())).unwrap()
}

pub(super) fn damage_of(dir: &Path) -> Damage {
    match texts_since(dir, Since::Start) {
        Err(Error::Damaged(damage)) => *damage,
        other => panic!("not damaged: {other:?}"),
    }
}

/// Changes the bytes of a file.
pub(super) fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// Names of the files in the log's folder.
pub(super) fn files(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(dir.join("log")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The links of all events.
pub(super) fn links(dir: &Path) -> Vec<Hash> {
    let mut links = Vec::new();
    let log = Log::open(dir).unwrap();
    log.scan(Since::Start, |commit| {
        while let Some(frame) = commit.next_frame()? {
            links.push(frame.link());
        }
        Ok::<(), Error>(())
    })
    .unwrap();
    links
}
