//! DuckDB, through its Python package: it answers from tables, and is asked nothing that it is not made for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;

use crate::work::{Key, Shape};

use super::{Peer, Points, beside, len_of, run};

/// So many point questions; each is a scan.
const POINTS_MAX: usize = 200;

pub struct DuckDb {
    path: PathBuf,
    python: PathBuf,
    script: PathBuf,
    shape: Shape,
}

#[derive(Deserialize)]
struct PointsTold {
    first: Vec<f64>,
    again: Vec<f64>,
    answers: Vec<Option<String>>,
}

impl DuckDb {
    /// Where it is installed or can be: in a virtual environment of the project.
    pub fn new(dir: &Path, python_dir: &Path, shape: Shape) -> Result<DuckDb, String> {
        let python = python_dir.join("bin/python");
        if !python.exists() {
            succeed(Command::new("python3").args(["-m", "venv"]).arg(python_dir))?;
        }
        if succeed(Command::new(&python).args(["-c", "import duckdb"])).is_err() {
            succeed(Command::new(&python).args(["-m", "pip", "install", "--quiet", "duckdb"]))?;
        }
        let script = dir.join("duckdb_peer.py");
        fs::write(&script, include_str!("duckdb.py")).unwrap();
        Ok(DuckDb { path: dir.join("peer.duckdb"), python, script, shape })
    }

    fn step<T: for<'a> Deserialize<'a>>(&self, step: &str, args: &[&str]) -> T {
        let mut command = Command::new(&self.python);
        command.arg(&self.script).arg(&self.path).arg(step).args(args);
        serde_json::from_str(&run(&mut command).1).unwrap()
    }
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let told = || format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.status.success().then_some(()).ok_or_else(told)
}

fn durations(seconds: Vec<f64>) -> Vec<Duration> {
    seconds.into_iter().map(Duration::from_secs_f64).collect()
}

impl Peer for DuckDb {
    fn name(&self) -> &'static str {
        "DuckDB"
    }

    fn version(&self) -> String {
        format!("{} (Python package, 2 threads)", self.step::<String>("version", &[]))
    }

    fn import(&mut self, lines: &Path) -> Option<Duration> {
        let _ = fs::remove_file(&self.path);
        let _ = fs::remove_file(beside(&self.path, ".wal"));
        // A table of claims is made of plain lines only; it is not timed.
        let step = if self.shape == Shape::Plain { "import" } else { "load" };
        Some(Duration::from_secs_f64(self.step(step, &[lines.to_str()?])))
    }

    fn digest(&mut self, day: &str) -> Option<String> {
        Some(self.step("digest", &[day]))
    }

    fn points(&mut self, keys: &[Key], day: &str) -> Option<Points> {
        let args: Vec<&str> =
            [day].into_iter().chain(keys.iter().take(POINTS_MAX).map(|key| key.subject.as_str())).collect();
        let PointsTold { first, again, answers } = self.step("points", &args);
        Some(Points { first: durations(first), again: durations(again), answers })
    }

    fn whole(&mut self, day: &str) -> Option<Duration> {
        Some(Duration::from_secs_f64(self.step("whole", &[day])))
    }

    fn whole_printed(&mut self, day: &str) -> Option<Duration> {
        let out = beside(&self.path, ".json");
        Some(Duration::from_secs_f64(self.step("printed", &[day, out.to_str()?])))
    }

    fn history(&mut self, key: &Key) -> Option<(Duration, usize)> {
        let (seconds, count): (f64, usize) = self.step("history", &[&key.subject]);
        Some((Duration::from_secs_f64(seconds), count))
    }

    fn len_bytes(&self) -> Option<u64> {
        Some(len_of(&self.path))
    }
}
