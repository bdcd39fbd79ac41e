//! What it costs that a segment grows: records written one by one, each made durable before the next, into a file that
//! grows and into one whose next megabytes were filled with zeros before. Blocks of both take turns. What the log does with
//! the figures stands in `docs/decisions/0004-growing-segments.md`.
//!
//! `cargo bench --bench segments`; a number behind `--` is the count of blocks of each, a path with a slash the folder.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a bench reports and may fail"
)]

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What a claim of the newsroom takes with its seal.
const RECORD_LEN: usize = 700;
const BLOCK_LEN: usize = 500;
/// How many bytes are filled at a time.
const AHEAD_LEN: usize = 4 << 20;
/// How many bytes are written at once. Records over zeros that came in one large write take longer, probably since Linux
/// keeps those in larger pieces.
const PIECE_LEN: usize = 4096;

fn main() {
    let blocks = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(24_usize);
    let given = std::env::args().skip(1).find(|arg| arg.contains('/')).map(PathBuf::from);
    let folder = given.unwrap_or_else(|| env!("CARGO_TARGET_TMPDIR").into());
    let dir = tempfile::tempdir_in(&folder).unwrap();
    println!("{blocks} blocks of {BLOCK_LEN} records of {RECORD_LEN} bytes, of each kind; on {}", disk_of(dir.path()));
    println!("load when it began: {}\n", load());
    let mut growing = Segment::create(&dir.path().join("growing"), 0);
    let mut filled = Segment::create(&dir.path().join("filled"), AHEAD_LEN);
    for block in 0..blocks {
        // Each is first every other time.
        let order = if block % 2 == 0 { [&mut growing, &mut filled] } else { [&mut filled, &mut growing] };
        order.into_iter().for_each(Segment::append_block);
    }
    report(&growing, &filled);
    println!("\nload when it ended: {}", load());
}

/// A file to whose end records are appended.
struct Segment {
    file: File,
    /// Where the next record goes.
    end: u64,
    /// Up to where there are zeros, or records.
    filled: u64,
    ahead: Vec<u8>,
    /// How long the records took, a block each.
    blocks: Vec<Vec<Duration>>,
    /// How long the filling took, each time.
    fillings: Vec<Duration>,
}

impl Segment {
    fn create(path: &Path, ahead_len: usize) -> Segment {
        let (file, ahead) = (File::create_new(path).unwrap(), vec![0; ahead_len]);
        Segment { file, end: 0, filled: 0, ahead, blocks: Vec::new(), fillings: Vec::new() }
    }

    fn append_block(&mut self) {
        let record: Vec<u8> = (0..RECORD_LEN).map(|at| at as u8 | 1).collect();
        let mut times = Vec::with_capacity(BLOCK_LEN);
        for _ in 0..BLOCK_LEN {
            while !self.ahead.is_empty() && self.end + RECORD_LEN as u64 > self.filled {
                self.fillings.push(durably(&mut self.file, self.filled, &self.ahead));
                self.filled += self.ahead.len() as u64;
            }
            times.push(durably(&mut self.file, self.end, &record));
            self.end += RECORD_LEN as u64;
        }
        times.sort();
        self.blocks.push(times);
    }

    /// The 10th, 50th and 99th of a hundred, and the mean with the filling.
    fn figures(&self) -> [Duration; 4] {
        let mut times: Vec<Duration> = self.blocks.iter().flatten().copied().collect();
        times.sort();
        let whole: Duration = times.iter().chain(&self.fillings).sum();
        let of_hundred = |nth: usize| times[times.len() * nth / 100];
        [of_hundred(10), of_hundred(50), of_hundred(99), whole.div_f64(times.len() as f64)]
    }
}

/// As the log appends: one write at a place, one sync.
fn durably(file: &mut File, offset: u64, bytes: &[u8]) -> Duration {
    let start = Instant::now();
    file.seek(SeekFrom::Start(offset)).unwrap();
    bytes.chunks(PIECE_LEN).for_each(|piece| file.write_all(piece).unwrap());
    file.sync_data().unwrap();
    start.elapsed()
}

fn report(growing: &Segment, filled: &Segment) {
    println!("| | p10 | median | p99 | mean, filling included |\n|---|---|---|---|---|");
    let figures = [growing.figures(), filled.figures()];
    for (name, [p10, median, p99, mean]) in ["the file grows", "zeros ahead"].into_iter().zip(figures) {
        println!("| {name} | {p10:.1?} | {median:.1?} | {p99:.1?} | {mean:.1?} |");
    }
    let times = |at: usize| figures[0][at].as_secs_f64() / figures[1][at].as_secs_f64();
    println!("| times as fast | {:.2} | {:.2} | {:.2} | {:.2} |", times(0), times(1), times(2), times(3));
    let median = |block: &Vec<Duration>| block[block.len() / 2].as_secs_f64();
    let pairs = growing.blocks.iter().zip(&filled.blocks);
    let mut ratios: Vec<f64> = pairs.map(|(growing, filled)| median(growing) / median(filled)).collect();
    ratios.sort_by(f64::total_cmp);
    let (least, most) = (ratios[0], ratios[ratios.len() - 1]);
    println!(
        "\nmedians of neighbouring blocks: {:.2} times as fast ({least:.2} to {most:.2})",
        ratios[ratios.len() / 2]
    );
    let mut fillings = filled.fillings.clone();
    fillings.sort();
    let (count, one) = (fillings.len(), fillings[fillings.len() / 2]);
    println!("filled {count} times {} MiB, {one:.1?} each", AHEAD_LEN >> 20);
}

/// The device, the kind of file system and its options, of the mount that a folder lies in.
fn disk_of(folder: &Path) -> String {
    let (folder, mounts) =
        (folder.canonicalize().unwrap(), fs::read_to_string("/proc/self/mounts").unwrap_or_default());
    let fields = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let holds = fields.filter(|fields| fields.len() > 3 && folder.starts_with(fields[1]));
    let mount = holds.max_by_key(|fields| fields[1].len());
    mount.map_or("an unknown file system".into(), |fields| format!("{}, {} ({})", fields[0], fields[2], fields[3]))
}

fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_owned()
}
