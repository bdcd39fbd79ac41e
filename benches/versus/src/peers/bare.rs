//! The physical limit: the bytes of annals' log, hashed in a tight loop, or written and synced, and nothing else.

use std::fs::{File, OpenOptions};
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use annals::chain::{commitment, link};
use annals::tree::{Span, leaf};

use super::{Block, Peer, timed};
use crate::hashing::{Loaded, load, tight_loop};

pub struct Bare {
    ledger: PathBuf,
    file: File,
    threads: usize,
    loaded: Vec<Loaded>,
}

impl Bare {
    pub fn new(dir: &Path, threads: usize) -> Bare {
        let file = OpenOptions::new().create(true).append(true).open(dir.join("bare")).unwrap();
        Bare { ledger: dir.join("ledger"), file, threads, loaded: Vec::new() }
    }
}

impl Peer for Bare {
    fn name(&self) -> &'static str {
        "bare loop"
    }

    fn version(&self) -> String {
        "write and fdatasync of as many bytes; the same hashes over bytes in memory".to_owned()
    }

    fn verify(&mut self) -> Option<Duration> {
        self.loaded = load(&self.ledger);
        let (took, ()) = timed(|| tight_loop(&self.loaded, self.threads));
        self.loaded.clear();
        Some(took)
    }

    fn append(&mut self, block: &Block<'_>) -> Option<Vec<Duration>> {
        let len = usize::try_from(block.line_len_bytes).unwrap();
        let bytes: Vec<u8> = (0..len).map(|at| at as u8 | 1).collect();
        let append = |commit: &Vec<String>| {
            let (took, ()) = timed(|| {
                let mut span = Span::starting_at(0);
                let mut written = Vec::with_capacity(len * commit.len());
                for _ in commit {
                    black_box((commitment(&[7; 16], &bytes[129.min(len)..]), link(&bytes[..112.min(len)])));
                    span.push(leaf(&bytes[..112.min(len)]));
                    written.extend_from_slice(&bytes);
                }
                black_box(span);
                self.file.write_all(&written).unwrap();
                self.file.sync_data().unwrap();
            });
            took
        };
        Some(block.commits.iter().map(append).collect())
    }
}
