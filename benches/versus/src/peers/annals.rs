//! The ledger itself: through its library, and through its command where a new process is asked for.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use annals::date::Day;
use annals::event::Proposed;
use annals::exchange::{Names, read_line};
use annals::ledger::{ImportOptions, Ledger, Policy, VerifyOptions, Writer, verify};
use annals::projection::{Horizon, Known, State, Status};
use annals::seq::Seq;
use annals::value::Value;
use annals::view::Cache;

use crate::watched::watch;
use crate::work::Key;

use super::{Block, Peer, Points, beside, digest_of, len_of, run, timed};

const NOW_MICROS: i64 = 1_700_000_000_000_000;

pub struct Annals {
    dir: PathBuf,
    command: PathBuf,
    threads: usize,
    /// Kept open while nothing but appending is done.
    writer: Option<Writer>,
    /// Kept open between a history and the next question.
    opened: Option<Ledger>,
}

impl Annals {
    pub fn new(dir: &Path, command: &Path, threads: usize) -> Annals {
        Annals { dir: dir.join("ledger"), command: command.to_owned(), threads, writer: None, opened: None }
    }

    /// The command, with a cache that nobody else uses.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.command);
        command.env("ANNALS_CACHE", beside(&self.dir, "-cache"));
        command.arg("--ledger").arg(&self.dir).arg("--json").args(args).stderr(Stdio::piped());
        command
    }

    /// The cache that the command uses.
    fn cache(&self) -> Cache {
        Ledger::cache(&self.dir, &beside(&self.dir, "-cache")).unwrap().unwrap()
    }

    /// Opens the ledger as a question does.
    fn open(&self) -> Ledger {
        Ledger::open_cached(&self.dir, &self.cache()).unwrap()
    }

    /// The state of every key.
    fn whole_of(&self, day: &str) -> (Ledger, Vec<State>) {
        let (day, ledger, horizon) = (Day::parse(day).unwrap(), self.open(), Horizon::default());
        let states = ledger.of_every_key(Some(day), horizon, |known, key| Some(known.state(key, day, horizon))).unwrap();
        (ledger, states)
    }

    /// Takes in all lines of a file, into nothing.
    pub fn take(&self, lines: &Path) -> Duration {
        for dir in [&self.dir, &beside(&self.dir, "-cache")] {
            if dir.exists() {
                fs::remove_dir_all(dir).unwrap();
            }
        }
        let (took, report) = timed(|| {
            Ledger::create(&self.dir, Some("example.org/versus"), NOW_MICROS).unwrap();
            let writer = Writer::open(&self.dir, "bench", NOW_MICROS).unwrap();
            let options = ImportOptions { threads: self.threads, ..ImportOptions::default() };
            let reader = BufReader::with_capacity(1 << 20, File::open(lines).unwrap());
            writer.import(reader, options, NOW_MICROS, |_| ()).unwrap()
        });
        assert!(report.refused == 0 && report.is_recorded, "{report:?}");
        took
    }
}

/// What is known of a key in an open ledger.
fn state_in(ledger: &Ledger, key: &Key, day: Day) -> Option<State> {
    let (catalogue, at) = (ledger.catalogue(), ledger.at(Horizon::default()));
    let (subject, attribute) = (catalogue.entity_of_key(&key.subject)?, catalogue.attribute_of_key(&key.attribute)?);
    let facts = ledger.facts_on((at.canonical(subject), attribute), day, &at).unwrap();
    let known = at.of(&facts);
    Some(known.state(&known.key(subject, attribute), day, Horizon::default()))
}

/// What is compared of a state with what others tell: the value of a plain key, else the status as it is printed.
fn value_of(state: &State) -> Option<String> {
    let is_plain = |value: &Value<Seq>| matches!(value, Value::Text(_) | Value::Symbol(_));
    if state.values.len() > 1 || !state.values.iter().all(is_plain) {
        return Some(format!("\"status\":\"{}\"", state.status.word()));
    }
    let texts = state.values.iter().map(|value| match value {
        Value::Text(text) | Value::Symbol(text) => text.to_string(),
        other => panic!("{other:?}"),
    });
    Some(texts.collect::<Vec<_>>().join(" | ")).filter(|text| !text.is_empty())
}

/// What was said of a key, by which source and since when, of its claims that have a quote.
fn history_in(ledger: &Ledger, key: &Key) -> usize {
    let catalogue = ledger.catalogue();
    let Some(about) = catalogue.entity_of_key(&key.subject).zip(catalogue.attribute_of_key(&key.attribute)) else {
        return 0;
    };
    let facts = ledger.facts(&[about]).unwrap();
    let known = ledger.at(Horizon::default()).of(&facts);
    let of_key = facts.claims().iter().filter(|claim| (claim.subject, claim.attribute) == about);
    let has_quote = |seq| ledger.claim(seq).unwrap().is_some_and(|claim| claim.reference.quote.is_some());
    of_key.filter(|claim| has_quote(claim.seq)).filter_map(|claim| known.saying(claim.seq)).count()
}

impl Peer for Annals {
    fn name(&self) -> &'static str {
        "annals"
    }

    fn version(&self) -> String {
        run(Command::new(&self.command).arg("--version")).1.trim().replace("annals ", "")
    }

    fn import(&mut self, lines: &Path) -> Option<Duration> {
        self.opened = None;
        Some(self.take(lines))
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

    fn in_new_process(&mut self, key: &Key, day: &str) -> Option<(Duration, String)> {
        Some(run(&mut self.command(&["state", &key.subject, &key.attribute, "--on", day])))
    }

    fn points(&mut self, keys: &[Key], day: &str) -> Option<Points> {
        let mut points = Points::default();
        let day = Day::parse(day).unwrap();
        let ledger = self.open();
        for key in keys {
            let ask = || timed(|| state_in(&ledger, key, day));
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

    fn history(&mut self, key: &Key) -> Option<(Duration, usize)> {
        self.opened = None;
        let (took, claims) = timed(|| history_in(self.opened.insert(Ledger::open_cached(&self.dir, &self.cache()).unwrap()), key));
        Some((took, claims))
    }

    fn history_again(&mut self, key: &Key) -> Option<Duration> {
        let ledger = self.opened.take()?;
        Some(timed(|| history_in(&ledger, key)).0)
    }

    fn contested(&mut self) -> Option<Duration> {
        let ask = || {
            let of_key = |known: &Known<'_>, key: &_| {
                let mut stretches = known.timeline(key);
                stretches.retain(|stretch| stretch.answer.status == Status::Contested);
                Some(stretches).filter(|stretches| !stretches.is_empty())
            };
            self.open().of_every_key(None, Horizon::default(), of_key).unwrap()
        };
        Some(timed(ask).0)
    }

    fn rebuild(&mut self) -> Option<Duration> {
        let cache = self.cache();
        cache.clear().unwrap();
        Some(timed(|| Ledger::open_cached(&self.dir, &cache).unwrap()).0)
    }

    fn verify_compared(&mut self) -> Option<Duration> {
        let cache = Some(self.cache());
        let options = VerifyOptions { threads: self.threads, cache, ..VerifyOptions::default() };
        let (took, report) = timed(|| verify(&self.dir, &options, &|_, _| ()).unwrap());
        assert_eq!(report.findings, []);
        assert_eq!(report.cache.unwrap().differing, []);
        Some(took)
    }

    fn agrees(&mut self, keys: &[Key], day: &str) -> Option<usize> {
        let (ledger, states) = self.whole_of(day);
        let (names, day) = (ledger.names(), Day::parse(day).unwrap());
        let mut of_key: HashMap<Key, &State> = HashMap::new();
        for state in &states {
            let (subject, attribute) = (names.entity(state.subject).into(), names.attribute(state.attribute).into());
            of_key.insert(Key { subject, attribute }, state);
        }
        for key in keys.iter().step_by(8) {
            // A key of which no claim is used is in no answer about all.
            if let Some(among_all) = of_key.get(key) {
                assert_eq!(state_in(&ledger, key, day).as_ref(), Some(*among_all), "{key:?}");
            }
        }
        Some(keys.len().div_ceil(8))
    }

    fn memory(&mut self, lines: &Path) -> Option<(u64, u64)> {
        let dir = beside(&self.dir, "-watched");
        fs::create_dir(&dir).unwrap();
        let other = Annals::new(&dir, &self.command, self.threads);
        run(&mut other.command(&["init"]));
        let (answer, limit) = (dir.join("answer"), Duration::from_secs(3600));
        let imported = watch(&mut other.command(&["--actor", "bench", "import", lines.to_str()?]), &answer, limit)?;
        let verified = watch(&mut other.command(&["verify"]), &answer, limit)?;
        fs::remove_dir_all(dir).unwrap();
        Some((imported.peak_bytes, verified.peak_bytes))
    }

    fn append(&mut self, block: &Block<'_>) -> Option<Vec<Duration>> {
        let open = || Writer::open(&self.dir, "bench", NOW_MICROS).unwrap();
        let writer = &mut self.writer;
        let record = |writer: &mut Option<Writer>, commit: &[String], is_anyway| {
            let writer = writer.get_or_insert_with(open);
            let proposed: Vec<Proposed> =
                commit.iter().filter_map(|line| read_line(line).unwrap().proposed()).collect();
            let policy = Policy { is_import: true, is_anyway, ..Policy::default() };
            timed(|| writer.record(proposed, policy, NOW_MICROS))
        };
        let mut append = |commit: &Vec<String>| {
            let (took, receipt) = match record(writer, commit, false) {
                // A source of mixed lines contradicts itself now and then. A writer that refused once takes nothing more.
                (_, Err(_)) => {
                    *writer = None;
                    record(writer, commit, true)
                }
                recorded => recorded,
            };
            assert!(receipt.unwrap().staged.iter().all(|staged| !staged.is_repeated));
            took
        };
        Some(block.commits.iter().map(&mut append).collect())
    }

    fn len_bytes(&self) -> Option<u64> {
        Some(len_of(&self.dir) + len_of(&beside(&self.dir, "-cache")))
    }
}
