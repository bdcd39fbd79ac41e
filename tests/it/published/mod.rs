//! The ledger as a static web site: written by its keeper, followed by strangers, attacked by servers.

mod attacks;
pub(crate) mod forged;
mod peers;
mod publishing;
mod reading;
mod web;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::keys::{head_key, signed_desk};
use crate::support::{Desk, out};

/// A signed ledger whose writes are signed by `ana.key` unless another is named.
pub(crate) struct Newsroom {
    pub(crate) desk: Desk,
    noted: Cell<usize>,
}

impl Newsroom {
    pub(crate) fn new() -> Newsroom {
        let room = Newsroom { desk: signed_desk(), noted: Cell::new(0) };
        room.notes(3);
        room
    }

    /// Records so many notes in one commit.
    pub(crate) fn notes(&self, count: usize) {
        let first = self.noted.replace(self.noted.get() + count);
        let numbers = first..first + count;
        let lines: Vec<String> = numbers.map(|number| format!(r#"{{"type":"note","text":"note {number}"}}"#)).collect();
        self.desk.write("notes.jsonl", &lines.join("\n"));
        self.desk.ok(&["import", "notes.jsonl", "--key", "ana.key"]);
    }

    fn erase(&self, target: &str) {
        self.desk.ok(&["erase", target, "--basis", "order 12", "--yes", "--key", "chief.key"]);
    }

    pub(crate) fn site(&self) -> PathBuf {
        self.desk.path().join("site")
    }

    /// Publishes, and gives what it answers.
    pub(crate) fn publish(&self) -> Value {
        self.desk.json(&["publish", "site"]).remove(0)
    }

    /// The keys whose heads are believed, in a file.
    fn keys(&self) -> &'static str {
        let keys = ["chief", "ana"].map(|name| head_key(&self.desk, name).to_string());
        self.desk.write("keys.txt", &keys.join("\n"));
        "keys.txt"
    }

    /// What following an address finds: the codes, and the last line.
    pub(crate) fn follow(&self, url: &str, more: &[&str]) -> (Vec<String>, Value) {
        let keys = self.keys();
        let args = ["--json", "verify", "--url", url, "--key", keys, "--keep", "kept.txt", "--threads", "4"];
        let output = self.desk.run(&[&args, more].concat());
        let lines = out(&output);
        let mut lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let last = lines.pop().unwrap_or_else(|| panic!("{}", crate::support::err(&output)));
        assert_eq!(output.status.code(), Some(i32::from(!lines.is_empty())), "{lines:?} {last}");
        (lines.iter().map(|line| line["code"].as_str().unwrap().to_owned()).collect(), last)
    }

    /// Follows, and wants nothing to be wrong.
    pub(crate) fn holds(&self, url: &str) -> Value {
        let (wrong, last) = self.follow(url, &[]);
        assert_eq!(wrong, [""; 0], "{last}");
        last
    }
}

/// Every file below a folder, with its bytes; hidden ones are left out.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !name.starts_with('.') {
                all.insert(name, fs::read(path).unwrap());
            }
        }
    }
    all
}

/// The paths of the payloads among these files.
fn payloads(files: &BTreeMap<String, Vec<u8>>) -> Vec<&String> {
    files.keys().filter(|path| path.starts_with("payload/")).collect()
}

fn copy_folder(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
