#[path = "../benches/generator/mod.rs"]
mod generator;
use annals::date::Day;
use annals::ledger::{ImportOptions, Ledger, Writer};
use annals::projection::Horizon;
use std::path::Path;
use std::time::Instant;
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let count: u64 = args[1].parse().unwrap();
    let dir = format!("/tmp/probe/{count}");
    let dir = Path::new(&dir);
    let folder = format!("/tmp/probe/cache-{count}");
    std::fs::create_dir_all(&folder).unwrap();
    if !dir.exists() {
        std::fs::create_dir_all(dir).unwrap();
        Ledger::create(dir, Some("example.org/x"), 1).unwrap();
        let mut generator = generator::Generator::new(count);
        let mut text = String::new();
        for n in 1..=count {
            text.push_str(generator.line(n));
            text.push('\n');
        }
        let start = Instant::now();
        let writer = Writer::open(dir, "ana", 1_795_000_000_000_000).unwrap();
        writer.import(text.as_bytes(), ImportOptions::default(), 1_795_000_000_000_000, |_| ()).unwrap();
        println!("import {:?}", start.elapsed());
    }
    let start = Instant::now();
    let ledger = if args.get(2).is_some_and(|a| a == "none") {
        Ledger::open(dir).unwrap()
    } else {
        Ledger::open_cached(dir, &Ledger::cache(dir, Path::new(&folder)).unwrap().unwrap()).unwrap()
    };
    println!("open {:?}", start.elapsed());
    let day = Day::parse("2000-06-01").unwrap();
    let horizon = Horizon::default();
    let at = ledger.at(horizon);
    let start = Instant::now();
    let keys = ledger.keys_at(&at, None);
    println!("keys {} {:?}", keys.len(), start.elapsed());
    let mut times = Vec::new();
    for n in 0..5000 {
        let (s, a) = keys[(n * 7919) % keys.len()];
        let start = Instant::now();
        let facts = ledger.facts_on((s, a), day, &at).unwrap();
        let known = at.of(&facts);
        let key = known.key(s, a);
        let state = known.state(&key, day, horizon);
        std::hint::black_box(state);
        times.push(start.elapsed().as_nanos());
    }
    times.sort_unstable();
    println!("point median {} ns p99 {} ns", times[2500], times[4950]);
    for _ in 0..3 {
        let start = Instant::now();
        let all = ledger.of_every_key(Some(day), horizon, |known, key| Some(known.state(key, day, horizon))).unwrap();
        println!("whole {} {:?}", all.len(), start.elapsed());
    }
}
