//! Running the binary in a folder of its own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder to work in, a folder for the cache of the commands run there, and an actor.
pub(crate) struct Desk {
    dir: TempDir,
    cache: TempDir,
}

impl Desk {
    /// An empty folder.
    pub(crate) fn new() -> Desk {
        Desk { dir: TempDir::new().unwrap(), cache: TempDir::new().unwrap() }
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

    /// What `ANNALS_CACHE` is to name, so that no test touches the user's own cache.
    pub(crate) fn cache(&self) -> &Path {
        self.cache.path()
    }

    /// Annals as the actor `ana`, not yet started.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_annals"));
        command.current_dir(self.dir.path()).env_remove("ANNALS_LEDGER").env("ANNALS_ACTOR", "ana").args(args);
        command.env("ANNALS_CACHE", self.cache());
        command.env_remove("ANNALS_KEY").env_remove("ANNALS_PASSPHRASE").env_remove("ANNALS_SECOND_KEY");
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env_remove(proxy).env_remove(proxy.to_lowercase());
        }
        command
    }

    /// Runs it.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
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

/// A Python with blake3: the one that `ANNALS_PYTHON` names, the one that `.ci/run` makes under `target/peers`, or
/// `python3`. With `ANNALS_PEERS` set, its absence is a failure.
pub(crate) fn python() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/bin/python");
    let python = std::env::var_os("ANNALS_PYTHON").map(PathBuf::from);
    let python = python.unwrap_or_else(|| if own.exists() { own } else { "python3".into() });
    let has_blake3 = Command::new(&python).args(["-c", "import blake3"]).stderr(Stdio::null()).status();
    if has_blake3.is_ok_and(|status| status.success()) {
        return Some(python);
    }
    assert!(std::env::var_os("ANNALS_PEERS").is_none(), "{} has no blake3", python.display());
    let _ = writeln!(std::io::stderr(), "skipped: {} has no blake3", python.display());
    None
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The number in an environment variable, or another.
pub(crate) fn number_of(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap())
}

/// Numbers that look like chance, the same for the same seed (`SplitMix64`).
pub(crate) struct Random(u64);

impl Random {
    /// From `ANNALS_SEED`, or from the clock; a test that fails should tell it.
    pub(crate) fn new() -> (Random, u64) {
        let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros();
        let seed = number_of("ANNALS_SEED", u64::try_from(clock).unwrap());
        (Random(seed), seed)
    }

    /// Always the same for the same seed.
    pub(crate) fn seeded(seed: u64) -> Random {
        Random(seed)
    }

    /// One below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }
}
