//! Who is measured: each does what it can, and is left out of the other rows.

mod annals;
mod bare;
mod duckdb;
mod minigraf;
mod sqlite;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::work::Key;

pub use annals::Annals;
pub use bare::Bare;
pub use duckdb::DuckDb;
pub use minigraf::Graph;
pub use sqlite::Sqlite;

/// Answers of many point questions, each asked twice.
#[derive(Default)]
pub struct Points {
    pub first: Vec<Duration>,
    pub again: Vec<Duration>,
    pub answers: Vec<Option<String>>,
}

/// Lines to append as durable commits, and how many bytes annals wrote for each line.
pub struct Block<'a> {
    pub commits: &'a [Vec<String>],
    pub line_len_bytes: u64,
}

/// Peers take the attribute of every key to be `electricity`, as in plain lines.
pub trait Peer {
    fn name(&self) -> &'static str;
    fn version(&self) -> String;

    /// Takes in all lines of a file, into nothing.
    fn import(&mut self, _lines: &Path) -> Option<Duration> {
        None
    }

    /// What every key's value is on a day, as one digest.
    fn digest(&mut self, _day: &str) -> Option<String> {
        None
    }

    /// Checks every hash.
    fn verify(&mut self) -> Option<Duration> {
        None
    }

    /// One point question by a program that is started for it; with what it printed.
    fn in_new_process(&mut self, _key: &Key, _day: &str) -> Option<(Duration, String)> {
        None
    }

    fn points(&mut self, _keys: &[Key], _day: &str) -> Option<Points> {
        None
    }

    /// The state of every key, in memory.
    fn whole(&mut self, _day: &str) -> Option<Duration> {
        None
    }

    /// The state of every key, as lines of JSON in a file.
    fn whole_printed(&mut self, _day: &str) -> Option<Duration> {
        None
    }

    /// Everything said of a key, with its words; with how many claims that were.
    fn history(&mut self, _key: &Key) -> Option<(Duration, usize)> {
        None
    }

    /// The history asked for last, again, of what is open since.
    fn history_again(&mut self, _key: &Key) -> Option<Duration> {
        None
    }

    /// Verifies all, and compares the cache with it.
    fn verify_compared(&mut self) -> Option<Duration> {
        None
    }

    /// The days on which any key is contested.
    fn contested(&mut self) -> Option<Duration> {
        None
    }

    /// How many of these keys have one answer by every way to ask. Fails if one has two.
    fn agrees(&mut self, _keys: &[Key], _day: &str) -> Option<usize> {
        None
    }

    /// The most memory held while lines are imported, and while all is verified, by a program that is started for it.
    fn memory(&mut self, _lines: &Path) -> Option<(u64, u64)> {
        None
    }

    /// Makes the indexes, or the cache, anew.
    fn rebuild(&mut self) -> Option<Duration> {
        None
    }

    /// Appends; how long each commit took.
    fn append(&mut self, _block: &Block<'_>) -> Option<Vec<Duration>> {
        None
    }

    fn len_bytes(&self) -> Option<u64> {
        None
    }
}

pub fn timed<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let done = run();
    (start.elapsed(), done)
}

/// Runs a program to its end: how long it took, and what it printed.
fn run(command: &mut Command) -> (Duration, String) {
    let (took, output) = timed(|| command.output().unwrap());
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    (took, String::from_utf8(output.stdout).unwrap())
}

/// The digest of answers, whatever their order: sorted lines of key and value.
fn digest_of(mut answers: Vec<(String, String)>) -> String {
    answers.sort_unstable();
    let mut hasher = Sha256::new();
    for (key, value) in &answers {
        hasher.update(format!("{key}\t{value}\n"));
    }
    let hex: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{} keys {}", answers.len(), hex)
}

/// Bytes of a file, or of all files beneath a folder.
pub fn len_of(path: &Path) -> u64 {
    let Ok(metadata) = path.symlink_metadata() else { return 0 };
    if !metadata.is_dir() {
        return metadata.len();
    }
    let entries = std::fs::read_dir(path).unwrap();
    entries.map(|entry| len_of(&entry.unwrap().path())).sum()
}

/// A path with an ending behind its name.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// The version of a crate that this program was built with.
fn locked_version(name: &str) -> &'static str {
    let lock = include_str!("../../Cargo.lock");
    let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \"")).unwrap();
    rest.split_once('"').unwrap().0
}
