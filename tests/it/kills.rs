//! The real binary killed while it writes: what it acknowledged stays, and nothing is ever half there.
//!
//! `ANNALS_KILLS=N` kills it N times instead of some tens; `ANNALS_SEED` repeats a run.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Desk, Random, err, number_of};

/// So many are killed in one ledger, then another is begun: each writer reads all that is there before it.
const KILLS_A_LEDGER: u64 = 50;
/// Longer than a commit may be that is written into the last segment, in bytes.
const LONG_IMPORT_LEN: usize = 5 << 20;

/// One attempt to write: the texts of the claims of one commit.
struct Attempt {
    texts: Vec<String>,
    kind: usize,
}

impl Attempt {
    /// One claim by `record`, a hundred by `import`, or so many that they get a segment of their own.
    fn new(number: u64, random: &mut Random) -> Attempt {
        let (kind, count, len) = match random.below(40) {
            0 => (2, LONG_IMPORT_LEN / 60_000, 60_000),
            1..20 => (1, 100, 200),
            _ => (0, 1, 50),
        };
        let text = |place| format!("take {number}/{place} {}", "x".repeat(len));
        Attempt { texts: (0..count).map(text).collect(), kind }
    }

    fn start(&self, desk: &Desk) -> Child {
        let mut command = if self.kind == 0 {
            desk.command(&["record", "embassy", "said", &self.texts[0], "--undated"])
        } else {
            let start = r#"{"type":"claim","subject":"embassy","attribute":"said","undated":true,"value":"#;
            let lines: Vec<String> = self.texts.iter().map(|text| format!("{start}{text:?}}}")).collect();
            desk.write("lines.jsonl", &lines.join("\n"));
            desk.command(&["import", "lines.jsonl"])
        };
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

/// The texts of all claims in the ledger; no text may be there twice.
fn texts(desk: &Desk) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    for line in desk.ok(&["export"]).lines().filter(|line| line.starts_with(r#"{"type":"claim""#)) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = line["value"].as_str().unwrap().to_owned();
        assert!(texts.insert(text), "twice: {line}");
    }
    texts
}

/// How the attempts ended.
#[derive(Debug, Default)]
struct Tally {
    acknowledged: u64,
    /// Killed after the commit was there.
    kept: u64,
    /// Killed before.
    gone: u64,
    /// Moved aside by the next writer.
    moved: u64,
}

/// Kills one writer after another at random moments; the ledger must be right after each.
fn kill(desk: &Desk, kills: u64, random: &mut Random, tally: &mut Tally) {
    // How long each kind of attempt takes, as far as is known.
    let mut usual = [8, 20, 400].map(Duration::from_millis);
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    for number in 0..kills {
        let attempt = Attempt::new(number, random);
        let usual = &mut usual[attempt.kind];
        let wait = random.below(u64::try_from(usual.as_micros()).unwrap() * 5 / 4);
        let start = Instant::now();
        let mut child = attempt.start(desk);
        std::thread::sleep(Duration::from_micros(wait));
        let is_done = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        let is_acknowledged = output.status.success();
        assert!(is_acknowledged || output.status.code().is_none(), "{}", err(&output));
        if is_done {
            *usual = (*usual + start.elapsed().min(*usual)) / 2;
        } else {
            *usual += *usual / 20;
        }
        let next = desk.run(&["record", "embassy", "said", &format!("after {number}"), "--undated"]);
        assert!(next.status.success(), "{}", err(&next));
        tally.moved += u64::from(err(&next).contains("moved to"));
        wanted.insert(format!("after {number}"));
        let there = texts(desk);
        let count = attempt.texts.iter().filter(|text| there.contains(*text)).count();
        assert!(count == 0 || count == attempt.texts.len(), "{count} of {} are there", attempt.texts.len());
        match (is_acknowledged, count) {
            (true, 0) => panic!("acknowledged and lost: {}", attempt.texts[0]),
            (true, _) => tally.acknowledged += 1,
            (false, 0) => tally.gone += 1,
            (false, _) => tally.kept += 1,
        }
        if count > 0 {
            wanted.extend(attempt.texts);
        }
        assert!(there == wanted, "the ledger does not hold what was written");
        desk.ok(&["verify"]);
    }
}

#[test]
fn a_killed_writer_leaves_a_whole_ledger() {
    let (mut random, seed) = Random::new();
    println!("ANNALS_SEED={seed}");
    let mut left = number_of("ANNALS_KILLS", 40);
    let mut tally = Tally::default();
    while left > 0 {
        let kills = left.min(KILLS_A_LEDGER);
        kill(&Desk::with_ledger(), kills, &mut random, &mut tally);
        left -= kills;
    }
    println!("{tally:?}");
}

/// What an interrupted append may have left: the beginning of a long record.
fn torn(number: u64) -> Vec<u8> {
    let len: u32 = 4 << 20;
    let mut bytes = [len.to_le_bytes(), (!len).to_le_bytes()].concat();
    bytes.push(b'F');
    bytes.resize(256 << 10, u8::try_from(number % 251).unwrap() + 1);
    bytes
}

/// Takes away what was moved aside, and says whether all these bytes are among it.
fn was_moved(desk: &Desk, torn: &[u8]) -> bool {
    let mut was_moved = false;
    for entry in fs::read_dir(desk.path().join("ledger/log")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("torn-") {
            was_moved |= fs::read(&path).unwrap() == torn;
            fs::remove_file(path).unwrap();
        }
    }
    was_moved
}

#[test]
fn a_killed_repair_loses_nothing() {
    let (mut random, seed) = Random::new();
    println!("ANNALS_SEED={seed}");
    let desk = Desk::with_ledger();
    desk.ok(&["note", "before"]);
    let segment = desk.path().join("ledger/log/000000000001.seg");
    let whole = fs::read(&segment).unwrap();
    let tear = |number| {
        let torn = torn(number);
        fs::write(&segment, [&whole[..], &torn].concat()).unwrap();
        torn
    };
    tear(0);
    let start = Instant::now();
    desk.ok(&["repair"]);
    let usual = u64::try_from(start.elapsed().as_micros()).unwrap();
    let mut unfinished = 0;
    for number in 1..=number_of("ANNALS_KILLS", 40) {
        let torn = tear(number);
        let mut child = desk.command(&["repair"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(random.below(usual * 5 / 4)));
        child.kill().unwrap();
        child.wait().unwrap();
        let left = fs::read(&segment).unwrap();
        assert!(left == whole || left == [&whole[..], &torn].concat(), "{number}: {} bytes are left", left.len());
        unfinished += u64::from(left != whole);
        desk.ok(&["repair"]);
        assert!(fs::read(&segment).unwrap() == whole, "{number}");
        assert!(was_moved(&desk, &torn), "{number}: what was cut off is nowhere");
        desk.ok(&["verify"]);
    }
    println!("{unfinished} were killed before they were done");
}
