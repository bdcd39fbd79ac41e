//! The ledger itself: through its library, and through its command where a new process is asked for.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use annals::date::Day;
use annals::event::Proposed;
use annals::exchange::{Names, read_line};
use annals::ledger::{ImportOptions, Ledger, Policy, VerifyOptions, Writer, verify};
use annals::projection::{Horizon, State};
use annals::value::Value;

use super::{Block, Peer, Points, beside, digest_of, len_of, run, timed};

const NOW_MICROS: i64 = 1_700_000_000_000_000;

pub struct Annals {
    dir: PathBuf,
    command: PathBuf,
    threads: usize,
    /// Kept open while nothing but appending is done.
    writer: Option<Writer>,
}

impl Annals {
    pub fn new(dir: &Path, command: &Path, threads: usize) -> Annals {
        Annals { dir: dir.join("ledger"), command: command.to_owned(), threads, writer: None }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.command);
        command.arg("--ledger").arg(&self.dir).arg("--json").args(args).stderr(Stdio::piped());
        command
    }

    /// The state of every key.
    fn whole_of(&self, day: &str) -> (Ledger, Vec<State>) {
        let (day, ledger) = (Day::parse(day).unwrap(), Ledger::open(&self.dir).unwrap());
        let states =
            ledger.of_every_key(Horizon::default(), |known, key| Some(known.state(key, day, Horizon::default())));
        (ledger, states)
    }
}

/// The value of a state, if there is one.
fn value_of(state: &State) -> Option<String> {
    let texts = state.values.iter().map(|value| match value {
        Value::Text(text) | Value::Symbol(text) => text.to_string(),
        other => panic!("{other:?}"),
    });
    Some(texts.collect::<Vec<_>>().join(" | ")).filter(|text| !text.is_empty())
}

impl Peer for Annals {
    fn name(&self) -> &'static str {
        "annals"
    }

    fn version(&self) -> String {
        run(Command::new(&self.command).arg("--version")).1.trim().replace("annals ", "")
    }

    fn import(&mut self, lines: &Path) -> Option<Duration> {
        if self.dir.exists() {
            fs::remove_dir_all(&self.dir).unwrap();
        }
        let (took, report) = timed(|| {
            Ledger::create(&self.dir, Some("example.org/versus"), NOW_MICROS).unwrap();
            let writer = Writer::open(&self.dir, "bench", NOW_MICROS).unwrap();
            let options = ImportOptions { threads: self.threads, ..ImportOptions::default() };
            let reader = BufReader::with_capacity(1 << 20, File::open(lines).unwrap());
            writer.import(reader, options, NOW_MICROS, |_| ()).unwrap()
        });
        assert!(report.refused == 0 && report.is_recorded, "{report:?}");
        Some(took)
    }

    fn digest(&mut self, day: &str) -> Option<String> {
        self.writer = None;
        let (ledger, answers) = self.whole_of(day);
        let names = ledger.names();
        let answers = answers.iter().filter_map(|state| Some((names.entity(state.subject).into(), value_of(state)?)));
        Some(digest_of(answers.collect()))
    }

    fn verify(&mut self) -> Option<Duration> {
        let options = VerifyOptions { threads: self.threads, ..VerifyOptions::default() };
        let (took, report) = timed(|| verify(&self.dir, &options, &|_, _| ()).unwrap());
        assert_eq!(report.findings, []);
        Some(took)
    }

    fn in_new_process(&mut self, key: &str, day: &str) -> Option<(Duration, String)> {
        Some(run(&mut self.command(&["state", key, "electricity", "--on", day])))
    }

    fn points(&mut self, keys: &[String], day: &str) -> Option<Points> {
        let mut points = Points::default();
        let day = Day::parse(day).unwrap();
        let ledger = Ledger::open(&self.dir).unwrap();
        let (catalogue, known) = (ledger.facts().catalogue(), ledger.facts().at(Horizon::default()));
        let state = |key: &str| {
            let (subject, attribute) = (catalogue.entity_of_key(key)?, catalogue.attribute_of_key("electricity")?);
            Some(known.state(&known.key(subject, attribute), day, Horizon::default()))
        };
        for key in keys {
            let mut ask = || timed(|| state(key));
            let (first, state) = ask();
            points.first.push(first);
            points.again.push(ask().0);
            points.answers.push(state.and_then(|state| value_of(&state)));
        }
        Some(points)
    }

    fn whole(&mut self, day: &str) -> Option<Duration> {
        Some(timed(|| self.whole_of(day)).0)
    }

    fn whole_printed(&mut self, day: &str) -> Option<Duration> {
        let out = File::create(beside(&self.dir, ".json")).unwrap();
        Some(run(self.command(&["state", "--on", day]).stdout(out)).0)
    }

    fn history(&mut self, key: &str) -> Option<(Duration, usize)> {
        let (took, claims) = timed(|| {
            let ledger = Ledger::open(&self.dir).unwrap();
            let (catalogue, known) = (ledger.facts().catalogue(), ledger.facts().at(Horizon::default()));
            let about = catalogue.entity_of_key(key).zip(catalogue.attribute_of_key("electricity"));
            let of_key = ledger.facts().claims().filter(|(_, claim)| {
                about == Some((claim.statement.subject, claim.statement.attribute)) && claim.reference.quote.is_some()
            });
            of_key.filter_map(|(seq, _)| known.saying(seq)).count()
        });
        Some((took, claims))
    }

    fn append(&mut self, block: &Block<'_>) -> Option<Vec<Duration>> {
        let open = || Writer::open(&self.dir, "bench", NOW_MICROS).unwrap();
        let writer = self.writer.get_or_insert_with(open);
        let mut append = |commit: &Vec<String>| {
            let proposed: Vec<Proposed> = commit.iter().filter_map(|line| read_line(line).unwrap().proposed()).collect();
            let policy = Policy { is_import: true, ..Policy::default() };
            let (took, receipt) = timed(|| writer.record(proposed, policy, NOW_MICROS).unwrap());
            assert!(receipt.staged.iter().all(|staged| !staged.is_repeated));
            took
        };
        Some(block.commits.iter().map(&mut append).collect())
    }

    fn len_bytes(&self) -> Option<u64> {
        Some(len_of(&self.dir))
    }
}
