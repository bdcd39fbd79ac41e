//! How fast a log is written, read and verified: 1,000,000 claims of 400 bytes, in few commits and in commits of
//! 1,000. Verifying, which reads every claim, is compared with a tight loop that makes the same hashes over the same
//! bytes in memory, on the same count of threads.
//!
//! `cargo bench --bench verify`; a number behind `--` is the count of events.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a bench reports and may fail"
)]

mod hashing;

use std::path::Path;
use std::time::{Duration, Instant};

use annals::claim::{Claim, Moment, Polarity, Reference, Statement, Valid};
use annals::codec::encode;
use annals::date::Bound;
use annals::event::{Event, Genesis};
use annals::frame::SEGMENT_FORMAT;
use annals::ledger::{VerifyOptions, verify};
use annals::log::{Committed, Entry, Error, Log, Since, Writer};
use annals::seq::Seq;
use annals::source::{Attribution, How};
use annals::value::Value;
use mimalloc::MiMalloc;

use hashing::{load, tight_loop};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const PAYLOAD_LEN: usize = 400;
const ROUNDS: usize = 5;

fn main() {
    let count = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(1_000_000_usize);
    for per_commit in [count.div_ceil(4), 1000] {
        let dir = tempfile::tempdir().unwrap();
        println!("{count} events of {PAYLOAD_LEN} bytes in commits of {per_commit}");
        write(dir.path(), count, per_commit);
        read(dir.path(), count);
        let segments = load(dir.path());
        for threads in [1, 2] {
            let (tight, verified) = (best(|| tight_loop(&segments, threads)), best(|| check(dir.path(), threads)));
            let ratio = verified.as_secs_f64() / tight.as_secs_f64();
            println!("  {threads} threads: hashing alone {tight:.2?}, verify {verified:.2?}, {ratio:.2} times as long");
        }
    }
}

fn entry(number: usize) -> Entry {
    let salt = std::array::from_fn(|at| number.to_le_bytes().get(at % 8).copied().unwrap_or_default() | 1);
    let (event, actor, subject, attribute) = match number {
        0 => (genesis(), 0, 0, 0),
        1 => (Event::ActorRegistered { name: "ana".into(), of: None }, 2, 0, 0),
        _ => (claim(number), 2, 2, 3),
    };
    let payload = encode(&event, None).unwrap();
    assert!(number < 2 || payload.len() == PAYLOAD_LEN, "{}", payload.len());
    Entry { kind: event.kind().number(), actor, subject, attribute, body: Committed::new(salt, payload) }
}

fn genesis() -> Event {
    Event::Genesis(Genesis { origin: "example.org/bench".into(), format: SEGMENT_FORMAT, algorithms: Vec::new() })
}

/// A claim as a newsroom has it: a day, a source and its own words.
fn claim(number: usize) -> Event {
    let bound = |text: &str| Bound::parse(text).unwrap();
    let mut claim = Claim {
        statement: Statement {
            subject: Seq(2),
            attribute: Seq(3),
            value: Value::Symbol("off".into()),
            polarity: Polarity::Affirm,
            valid: Valid::On(Moment { at: bound("2024-11-24"), clock: None }),
        },
        chain: vec![Attribution { who: Seq(4), how: How::Reported, on: Some(bound("2024-11-25").into()) }],
        reference: Reference { said_on: Some(bound("2024-11-25").into()), ..Reference::default() },
        id: Some(format!("c{number:07}").into()),
        is_private: false,
    };
    claim.reference.quote = Some("x".repeat(PAYLOAD_LEN - 69).into());
    Event::ClaimAsserted(claim)
}

fn write(dir: &Path, count: usize, per_commit: usize) {
    Log::create(dir, &[entry(0)], 1).unwrap();
    let mut writer = Writer::open(dir, 1).unwrap();
    let (mut pushing, mut finishing) = (Duration::ZERO, Duration::ZERO);
    let mut number = 1;
    while number < count {
        let batch: Vec<_> = (number..count.min(number + per_commit)).map(entry).collect();
        let start = Instant::now();
        let mut bulk = writer.bulk(1).unwrap();
        for entry in &batch {
            bulk.push(entry).unwrap();
        }
        pushing += start.elapsed();
        let start = Instant::now();
        bulk.finish().unwrap();
        finishing += start.elapsed();
        number += batch.len();
    }
    let rate = count as f64 / pushing.as_secs_f64();
    println!("  written: {rate:.0} events a second, without commitments and syncing ({finishing:.2?})");
}

fn read(dir: &Path, count: usize) {
    let took = best(|| {
        let (mut seen, mut bytes) = (0, 0);
        let log = Log::open(dir).unwrap();
        log.scan(Since::Start, |commit| {
            while let Some(frame) = commit.next_frame()? {
                seen += 1;
                bytes += frame.payload().unwrap_or_default().len();
            }
            Ok::<(), Error>(())
        })
        .unwrap();
        assert!(seen == count && bytes > (count - 2) * PAYLOAD_LEN, "{seen} {bytes}");
    });
    println!("  read and checked: {took:.2?}");
}

fn check(dir: &Path, threads: usize) {
    let report = verify(dir, &VerifyOptions { threads, ..VerifyOptions::default() }, &|_, _| ()).unwrap();
    assert_eq!(report.findings, []);
}

fn best(mut run: impl FnMut()) -> Duration {
    let time = |()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    std::iter::repeat_n((), ROUNDS).map(time).min().unwrap_or_default()
}
