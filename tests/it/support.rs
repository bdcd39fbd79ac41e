//! Running the binary in a folder of its own.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder to work in, and an actor.
pub(crate) struct Desk {
    dir: TempDir,
}

impl Desk {
    /// An empty folder.
    pub(crate) fn new() -> Desk {
        Desk { dir: TempDir::new().unwrap() }
    }

    /// One with an empty ledger.
    pub(crate) fn with_ledger() -> Desk {
        let desk = Desk::new();
        desk.ok(&["init"]);
        desk
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs annals as the actor `ana`.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_annals"));
        command.current_dir(self.dir.path()).env_remove("ANNALS_LEDGER").env("ANNALS_ACTOR", "ana").args(args);
        command.output().unwrap()
    }

    /// Runs it and takes what it answers; fails the test if it does not end with 0.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "annals {args:?}\n{}{}", out(&output), err(&output));
        out(&output)
    }

    /// Runs it, wants this exit code, and takes what it says on standard error.
    pub(crate) fn fails(&self, args: &[&str], code: i32) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(code), "annals {args:?}\n{}{}", out(&output), err(&output));
        err(&output)
    }

    /// Runs it with `--json` and reads the lines.
    pub(crate) fn json(&self, args: &[&str]) -> Vec<serde_json::Value> {
        let args: Vec<&str> = ["--json"].iter().chain(args).copied().collect();
        self.ok(&args).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        std::fs::write(self.path().join(name), content).unwrap();
    }
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
