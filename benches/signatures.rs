//! What signatures cost: verifying a log in which every commit is one event and is signed, compared with a tight loop of
//! ed25519-dalek's `verify_strict` over the same signatures on the same count of threads; and a commit of 1,000 events,
//! signed and not.
//!
//! `cargo bench --bench signatures`; a number behind `--` is the count of commits.

#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench reports and may fail")]

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use annals::codec::encode;
use annals::event::{Event, Genesis, Noted, Proposed};
use annals::frame::{Cut, HEADER_LEN, Record, SEGMENT_FORMAT, Signature, cut};
use annals::ledger::{self, Founder, Ledger, Policy, VerifyOptions, verify};
use annals::log::{Committed, Entry, Log, Signer, Writer};
use annals::note::{Checkpoint, ED25519, PrivateKey};
use ed25519_dalek::VerifyingKey;
use mimalloc::MiMalloc;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const ORIGIN: &str = "example.org/bench";
const ROUNDS: usize = 5;
const BATCH: usize = 1000;
const BATCHES: usize = 100;
const PAYLOAD_LEN: usize = 380;

fn main() {
    let count = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(20_000_usize);
    let dir = folder();
    write(dir.path(), count);
    let (key, signatures) = load(dir.path());
    println!("{} signed commits of one event", signatures.len());
    for threads in [1, 2] {
        let tight = best(|| tight_loop(&key, &signatures, threads));
        let verified = best(|| check(dir.path(), threads, signatures.len() as u64));
        let ratio = tight.as_secs_f64() / verified.as_secs_f64();
        println!("  {threads} threads: verify_strict alone {tight:.2?}, verify {verified:.2?}: {ratio:.2} of its rate");
    }
    let (unsigned, signed) = batches();
    let more = (signed.as_secs_f64() / unsigned.as_secs_f64() - 1.0) * 100.0;
    println!("a commit of {BATCH} events: {unsigned:.2?}, signed {signed:.2?}: {more:.1} % more");
}

/// In memory, where there is such a folder: what the disk takes is not what is measured.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

fn key() -> PrivateKey {
    PrivateKey::of_seed("bench", &[7; 32]).unwrap()
}

fn signer() -> Box<Signer> {
    let key = key();
    Box::new(move |size, root| {
        let text = Checkpoint { origin: ORIGIN.into(), size, root }.to_string();
        vec![Signature { key: 2, algorithm: ED25519, bytes: key.sign(text.as_bytes()).to_vec() }]
    })
}

fn entry(event: &Event) -> Entry {
    let (kind, body) = (event.kind().number(), Committed::new([7; 16], encode(event, None).unwrap()));
    Entry { kind, actor: 1, subject: 0, attribute: 0, body }
}

fn note(len: usize) -> Entry {
    entry(&Event::Noted(Noted { about: None, text: "x".repeat(len).into(), id: None, is_private: false }))
}

fn begin(dir: &Path, signer: Option<Box<Signer>>) {
    let genesis = Genesis { origin: ORIGIN.into(), format: SEGMENT_FORMAT, algorithms: Vec::new() };
    let authorised = Event::KeyAuthorised {
        name: "bench".into(),
        algorithm: ED25519,
        public_key: key().public().bytes().into(),
        roles: vec!["append".into(), "keys".into()],
    };
    Log::create_signed(dir, &[entry(&Event::Genesis(genesis)), entry(&authorised)], 1, signer).unwrap();
}

fn write(dir: &Path, count: usize) {
    begin(dir, Some(signer()));
    let mut writer = Writer::open(dir, 1).unwrap();
    writer.sign_with(signer());
    for _ in 0..count {
        writer.append(&[note(20)], 1).unwrap();
    }
}

/// A text and the signature over it.
type Signed = (Vec<u8>, ed25519_dalek::Signature);

fn load(dir: &Path) -> (VerifyingKey, Vec<Signed>) {
    let mut paths: Vec<_> = fs::read_dir(dir.join("log")).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        let bytes = fs::read(path).unwrap();
        let mut at = HEADER_LEN;
        while let Some(Cut::Record(record, len)) = bytes.get(at..).map(cut) {
            if let Record::Seal(seal) = record {
                let text = Checkpoint { origin: ORIGIN.into(), size: seal.size, root: seal.root }.to_string();
                let signature = seal.signatures.first().unwrap();
                all.push((text.into_bytes(), ed25519_dalek::Signature::from_slice(&signature.bytes).unwrap()));
            }
            at += len;
        }
    }
    (VerifyingKey::from_bytes(key().public().bytes().try_into().unwrap()).unwrap(), all)
}

fn tight_loop(key: &VerifyingKey, signatures: &[Signed], threads: usize) {
    thread::scope(|scope| {
        for part in signatures.chunks(signatures.len().div_ceil(threads)) {
            scope.spawn(move || part.iter().for_each(|(text, signed)| key.verify_strict(text, signed).unwrap()));
        }
    });
}

fn check(dir: &Path, threads: usize, seals: u64) {
    let report = verify(dir, &VerifyOptions { threads, ..VerifyOptions::default() }, &|_, _| ()).unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(report.sealed.unwrap().by_key.into_values().sum::<u64>(), seals);
}

/// How long it takes to record a commit, unsigned and signed, by turns: what is proposed is checked, encoded and
/// written, in memory, for what a disk takes is the same for both and varies more.
fn batches() -> (Duration, Duration) {
    let dirs = [folder(), folder()];
    let founder = Founder { actor: "ana", key: key() };
    Ledger::create(dirs[0].path(), Some(ORIGIN), 1).unwrap();
    Ledger::create_by(dirs[1].path(), Some(ORIGIN), Some(founder), 1).unwrap();
    let mut writers = dirs.each_ref().map(|dir| ledger::Writer::open(dir.path(), "ana", 1).unwrap());
    writers[1].sign_with(key());
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..BATCHES {
        for turn in 0..2 {
            // Each is first every other time.
            let which = (round + turn) % 2;
            let note = |number: usize| {
                let text = format!("{round} {number} {}", "x".repeat(PAYLOAD_LEN));
                Proposed::Note { about: None, text: text.into(), id: None, is_private: false }
            };
            let batch: Vec<Proposed> = (0..BATCH).map(note).collect();
            let start = Instant::now();
            writers[which].record(batch, Policy::default(), 1).unwrap();
            times[which].push(start.elapsed());
        }
    }
    for times in &mut times {
        times.sort();
    }
    (times[0][BATCHES / 2], times[1][BATCHES / 2])
}

fn best(mut run: impl FnMut()) -> Duration {
    let time = |()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    std::iter::repeat_n((), ROUNDS).map(time).min().unwrap_or_default()
}
