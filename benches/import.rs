//! How fast JSON Lines are imported: read, checked, encoded, hashed, written and synced. The peer is the least that any
//! program would do with the same file: parse every line with `serde_json`, on the same count of threads.
//!
//! `cargo bench --bench import`; a number behind `--` is the count of lines, a path behind it keeps the file there.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    reason = "a bench reports and may fail"
)]

mod generator;

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use annals::ledger::{ImportOptions, Ledger, Writer};

const ROUNDS: usize = 3;

fn main() {
    let count = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(1_000_000_u64);
    let dir = tempfile::tempdir().unwrap();
    let kept = std::env::args().skip(1).find(|arg| arg.contains('/')).map(PathBuf::from);
    let path = kept.unwrap_or_else(|| dir.path().join("lines.jsonl"));
    write_lines(count, &mut BufWriter::new(File::create(&path).unwrap())).unwrap();
    let len = fs::metadata(&path).unwrap().len();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    println!("{count} lines of {} bytes, {threads} threads", len / count);
    for round in 1..=ROUNDS {
        let parsed = timed(|| parse_all(&path, threads));
        let ledger = dir.path().join(format!("ledger-{round}"));
        let imported = timed(|| import(&ledger, &path, threads, count));
        let rate = |took: Duration| count as f64 / took.as_secs_f64();
        println!(
            "  parsed {:.0} lines/s; imported {:.0} lines/s, {:.2} of that; peak memory so far {} MB",
            rate(parsed),
            rate(imported),
            parsed.as_secs_f64() / imported.as_secs_f64(),
            peak_memory_kib() / 1024
        );
        let opened = timed(|| assert!(Ledger::open(&ledger).unwrap().head().size > count));
        println!("  read again and replayed: {:.0} lines/s", rate(opened));
        fs::remove_dir_all(&ledger).unwrap();
    }
}

/// Writes so many lines.
fn write_lines(count: u64, out: &mut impl Write) -> io::Result<()> {
    let mut generator = generator::Generator::new(count);
    for number in 1..=count {
        out.write_all(generator.line(number).as_bytes())?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn import(ledger: &Path, lines: &Path, threads: usize, count: u64) {
    Ledger::create(ledger, None, 1).unwrap();
    let writer = Writer::open(ledger, "bench", 1).unwrap();
    let options = ImportOptions { threads, ..ImportOptions::default() };
    let reader = BufReader::with_capacity(1 << 20, File::open(lines).unwrap());
    let report = writer.import(reader, options, 1, |_| ()).unwrap();
    assert_eq!((report.lines, report.refused, report.is_recorded), (count, 0, true));
}

/// Every line parsed, nothing done with it.
fn parse_all(path: &Path, threads: usize) {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    thread::scope(|scope| {
        for part in lines.chunks(lines.len().div_ceil(threads)) {
            scope.spawn(move || {
                for line in part {
                    std::hint::black_box(serde_json::from_str::<serde_json::Value>(line).unwrap());
                }
            });
        }
    });
}

fn timed(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// The most memory this process has held, in KiB; 0 where the system does not say.
fn peak_memory_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
