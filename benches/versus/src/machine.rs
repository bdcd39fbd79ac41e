//! Where the figures were taken.

use std::fs;
use std::process::Command;
use std::thread;

pub struct Machine {
    processor: String,
    threads: usize,
    memory_gib: u64,
    system: String,
    compiler: String,
    load: String,
    load_after: String,
}

impl Machine {
    pub fn look() -> Machine {
        let field = |path: &str, name: &str| {
            let text = fs::read_to_string(path).unwrap_or_default();
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
            line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let told = |program: &str, arg: &str| {
            let output = Command::new(program).arg(arg).output();
            output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
        };
        let memory = field("/proc/meminfo", "MemTotal");
        let memory_kib: u64 = memory.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0);
        Machine {
            processor: field("/proc/cpuinfo", "model name"),
            threads: thread::available_parallelism().map_or(1, usize::from),
            memory_gib: memory_kib.div_ceil(1 << 20),
            system: format!("{} {}", told("uname", "-s"), told("uname", "-r")),
            compiler: told("rustc", "--version"),
            load: load(),
            load_after: String::new(),
        }
    }

    /// Once all has run.
    pub fn look_again(&mut self) {
        self.load_after = load();
    }

    pub fn text(&self) -> String {
        format!(
            "{}, {} threads, {} GiB of memory, {}, {}; load when it began {}, when it ended {}",
            self.processor, self.threads, self.memory_gib, self.system, self.compiler, self.load, self.load_after
        )
    }
}

/// How many processes wanted to run in the last minute.
fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_owned()
}
