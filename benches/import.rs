//! How fast JSON Lines are imported: read, checked, encoded, hashed, written and synced. The peer is the least that any
//! program would do with the same file: parse every line with `serde_json`, on the same count of threads. Beside the rates
//! stands the time of all processors that a line took: on a machine that does other work too, only that can be compared.
//!
//! `cargo bench --bench import`; a number behind `--` is the count of lines, a path behind it keeps the file there, and
//! `mixed` takes lines of every shape that real ledgers have.

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
mod mixed;

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use annals::ledger::{ImportOptions, Ledger, Writer};
use mimalloc::MiMalloc;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const ROUNDS: usize = 3;

fn main() {
    let count = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(1_000_000_u64);
    let dir = tempfile::tempdir().unwrap();
    let kept = std::env::args().skip(1).find(|arg| arg.contains('/')).map(PathBuf::from);
    let path = kept.unwrap_or_else(|| dir.path().join("lines.jsonl"));
    let mut out = BufWriter::new(File::create(&path).unwrap());
    if std::env::args().any(|arg| arg == "mixed") {
        let mut mixed = mixed::Mixed::new(count);
        write_lines(count, &mut out, |number| mixed.line(number).to_owned()).unwrap();
    } else {
        let mut plain = generator::Generator::new(count);
        write_lines(count, &mut out, |number| plain.line(number).to_owned()).unwrap();
    }
    let len = fs::metadata(&path).unwrap().len();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    println!("{count} lines of {} bytes, {threads} threads", len / count);
    for round in 1..=ROUNDS {
        let (parsed, parsed_cpu) = timed(|| parse_all(&path, threads));
        let ledger = dir.path().join(format!("ledger-{round}"));
        let (imported, imported_cpu) = timed(|| import(&ledger, &path, threads, count));
        let rate = |took: Duration| count as f64 / took.as_secs_f64();
        let each = |cpu: Duration| cpu.as_secs_f64() * 1e6 / count as f64;
        println!(
            "  parsed {:.0} lines/s ({:.2} µs of processors each); imported {:.0} lines/s ({:.2} µs); peak memory so far {} MB",
            rate(parsed),
            each(parsed_cpu),
            rate(imported),
            each(imported_cpu),
            peak_memory_kib() / 1024
        );
        let (opened, _) = timed(|| assert!(Ledger::open(&ledger).unwrap().head().size >= count));
        println!("  read again and replayed: {:.0} lines/s", rate(opened));
        fs::remove_dir_all(&ledger).unwrap();
    }
}

/// Writes so many lines.
fn write_lines(count: u64, out: &mut impl Write, mut line: impl FnMut(u64) -> String) -> io::Result<()> {
    for number in 1..=count {
        out.write_all(line(number).as_bytes())?;
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

/// How long something took: by the clock, and of all processors together.
fn timed(run: impl FnOnce()) -> (Duration, Duration) {
    let (start, cpu) = (Instant::now(), processor_time());
    run();
    (start.elapsed(), processor_time().saturating_sub(cpu))
}

/// The time of processors that this process has had; nothing where the system does not say.
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// The most memory this process has held, in KiB; 0 where the system does not say.
fn peak_memory_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
