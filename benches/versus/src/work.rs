//! The lines of one size, and what is asked of them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::generator::Generator;

/// Blocks of appending, in turn by every peer, so that what else the machine does hits all alike.
pub const BLOCKS: usize = 5;
const SINGLES_PER_BLOCK: usize = 100;
const BATCHES_PER_BLOCK: usize = 2;
const BATCH: usize = 1000;
/// Point questions.
const POINTS: usize = 2000;
/// The history asked for is that of the key with the count of claims nearest to this.
const HISTORY_CLAIMS: usize = 1000;

/// The day asked for, and others on which the answers are compared.
pub const DAY: &str = "2000-01-01";
pub const DAYS: [&str; 4] = [DAY, "1925-06-30", "1960-02-29", "2099-12-31"];

pub struct Work {
    pub lines: PathBuf,
    /// Commits of one line, and of a thousand.
    pub singles: Vec<Vec<Vec<String>>>,
    pub batches: Vec<Vec<Vec<String>>>,
    /// Keys for point questions, all different, spread over all.
    pub keys: Vec<String>,
    pub history_key: String,
    pub len_bytes: u64,
}

impl Work {
    pub fn make(dir: &Path, size: u64) -> Work {
        let extra = BLOCKS * (SINGLES_PER_BLOCK + BATCHES_PER_BLOCK * BATCH);
        let total = size + extra as u64;
        let mut generator = Generator::new(total);
        let path = dir.join("lines.jsonl");
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&path).unwrap());
        let (mut claims, mut len_bytes) = (HashMap::new(), 0);
        for number in 1..=size {
            let line = generator.line(number);
            if let Some(subject) = subject(line) {
                *claims.entry(subject).or_insert(0_usize) += 1;
            }
            writeln!(out, "{line}").unwrap();
            len_bytes += line.len() as u64 + 1;
        }
        out.flush().unwrap();
        let mut later = (size + 1..=total).map(|number| generator.line(number).to_owned());
        let mut commits = |count: usize, len: usize| -> Vec<Vec<Vec<String>>> {
            let mut block = || (0..count).map(|_| later.by_ref().take(len).collect()).collect();
            (0..BLOCKS).map(|_| block()).collect()
        };
        let (singles, batches) = (commits(SINGLES_PER_BLOCK, 1), commits(BATCHES_PER_BLOCK, BATCH));
        let history = claims.iter().min_by_key(|(key, count)| (count.abs_diff(HISTORY_CLAIMS), **key));
        let history_key = name(*history.unwrap().0);
        let mut all: Vec<u64> = claims.keys().copied().collect();
        all.sort_unstable();
        let step = (all.len() / POINTS).max(1);
        let keys = all.iter().step_by(step).take(POINTS).map(|key| name(*key)).collect();
        Work { lines: path, singles, batches, keys, history_key, len_bytes }
    }
}

fn name(key: u64) -> String {
    format!("place-{key:06}")
}

/// The number of the place that a line is about.
fn subject(line: &str) -> Option<u64> {
    let (_, rest) = line.split_once(r#""subject":"place-"#)?;
    rest.split_once('"')?.0.parse().ok()
}
