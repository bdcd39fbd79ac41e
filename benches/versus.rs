//! How fast annals is beside what one would use instead: three databases and a bare loop, in one run.
//!
//! `cargo bench --bench versus`; `-- --help` lists what can be chosen. The program is a package of its own, since to
//! build its peers takes longer than to build annals; this starts it with the command that was just built.

use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut versus = Command::new(env!("CARGO"));
    versus.args(["run", "--release", "--manifest-path"]).arg(root.join("benches/versus/Cargo.toml"));
    versus.arg("--target-dir").arg(root.join("target/versus"));
    versus.args(["--", "--root"]).arg(root).args(["--annals", env!("CARGO_BIN_EXE_annals")]);
    versus.args(std::env::args().skip(1).filter(|arg| arg != "--bench"));
    match versus.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
