//! The lines of one size and shape, and what is asked of them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::generator::Generator;
use crate::mixed::Mixed;

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

/// What the lines are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Keys of open starts on exact days, which a table of values can answer too.
    Plain,
    /// Keys of every shape that real ledgers have.
    Mixed,
}

/// Where a figure belongs: a shape, and how many lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct At {
    pub shape: Shape,
    pub size: u64,
}

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub subject: String,
    pub attribute: String,
}

/// Makes lines of a shape.
pub enum Lines {
    Plain(Generator),
    Mixed(Mixed),
}

impl Lines {
    pub fn new(shape: Shape, count: u64) -> Lines {
        match shape {
            Shape::Plain => Lines::Plain(Generator::new(count)),
            Shape::Mixed => Lines::Mixed(Mixed::new(count)),
        }
    }

    pub fn line(&mut self, number: u64) -> &str {
        match self {
            Lines::Plain(lines) => lines.line(number),
            Lines::Mixed(lines) => lines.line(number),
        }
    }
}

pub struct Work {
    pub lines: PathBuf,
    /// Commits of one line, and of a thousand.
    pub singles: Vec<Vec<Vec<String>>>,
    pub batches: Vec<Vec<Vec<String>>>,
    /// Keys for point questions, all different, spread over all.
    pub keys: Vec<Key>,
    pub history_key: Key,
    pub len_bytes: u64,
    pub claims: u64,
}

impl Work {
    pub fn make(dir: &Path, at: At) -> Work {
        let extra = BLOCKS * (SINGLES_PER_BLOCK + BATCHES_PER_BLOCK * BATCH);
        let total = at.size + extra as u64;
        let mut made = Lines::new(at.shape, total);
        let path = dir.join("lines.jsonl");
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&path).unwrap());
        let (mut claims, mut len_bytes) = (HashMap::new(), 0);
        for number in 1..=at.size {
            let line = made.line(number);
            if let Some(key) = key_of(line) {
                *claims.entry(key).or_insert(0_usize) += 1;
            }
            writeln!(out, "{line}").unwrap();
            len_bytes += line.len() as u64 + 1;
        }
        out.flush().unwrap();
        let mut later = (at.size + 1..=total).map(|number| made.line(number).to_owned());
        let mut commits = |count: usize, len: usize| -> Vec<Vec<Vec<String>>> {
            let mut block = || (0..count).map(|_| later.by_ref().take(len).collect()).collect();
            (0..BLOCKS).map(|_| block()).collect()
        };
        let (singles, batches) = (commits(SINGLES_PER_BLOCK, 1), commits(BATCHES_PER_BLOCK, BATCH));
        let history = claims.iter().min_by_key(|(key, count)| (count.abs_diff(HISTORY_CLAIMS), *key));
        let history_key = history.unwrap().0.clone();
        let count = claims.values().sum::<usize>() as u64;
        let mut all: Vec<Key> = claims.into_keys().collect();
        all.sort_unstable();
        let step = (all.len() / POINTS).max(1);
        let keys = all.into_iter().step_by(step).take(POINTS).collect();
        Work { lines: path, singles, batches, keys, history_key, len_bytes, claims: count }
    }
}

/// The key that a line claims something of, under the first entry of its place.
fn key_of(line: &str) -> Option<Key> {
    let field = |name: &str| line.split_once(name)?.1.split('"').next();
    let (subject, attribute) = (field(r#""subject":""#)?, field(r#""attribute":""#)?);
    Some(Key { subject: subject.replace("site-", "place-"), attribute: attribute.to_owned() })
}
