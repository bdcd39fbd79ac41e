//! A command that is watched while it runs: how long it took, and the most memory it held.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_micros(500);

pub struct Watched {
    pub took: Duration,
    /// As the system counts it; what was held in the last half of a millisecond may be missing.
    pub peak_bytes: u64,
    pub printed_bytes: u64,
}

/// Runs a command to its end, its answer in a file. `None` if it was stopped because it had not ended in time.
pub fn watch(command: &mut Command, answer: &Path, limit: Duration) -> Option<Watched> {
    let out = File::create(answer).unwrap();
    let start = Instant::now();
    let mut child = command.stdout(out).stderr(Stdio::null()).spawn().unwrap();
    let mut peak_bytes = 0;
    let status = loop {
        peak_bytes = peak_bytes.max(peak_of(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > limit {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        thread::sleep(EVERY);
    };
    let took = start.elapsed();
    assert!(status.success(), "{command:?}");
    Some(Watched { took, peak_bytes, printed_bytes: fs::metadata(answer).unwrap().len() })
}

fn peak_of(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).map_or(0, |kib: u64| kib * 1024)
}
