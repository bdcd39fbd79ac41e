//! What somebody who means harm, or a program gone wrong, could give to a ledger: a right answer or a clear
//! error, in bounded time and memory; never a panic, never a hang.

mod files;
mod forged;
mod keys;
mod lines;
mod many;

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::support::Desk;

/// Does something on another thread, and fails if that takes longer than anybody would wait.
pub(crate) fn within(seconds: u64, doing: &str, work: impl FnOnce() + Send + 'static) {
    let (done, wait) = channel();
    let worker = thread::spawn(move || {
        work();
        let _ = done.send(());
    });
    let ended = wait.recv_timeout(Duration::from_secs(seconds));
    assert_ne!(ended, Err(RecvTimeoutError::Timeout), "{doing} goes on after {seconds} seconds");
    worker.join().unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn what_lies_in_the_place_of_a_captured_copy_does_not_keep_verify_waiting() {
    let desk = Desk::with_ledger();
    desk.write("page.txt", "the power is off");
    let claim = ["record", "embassy", "power", "off", "--on", "2024-01-01", "--said-by", "daily"];
    desk.ok(&[&claim[..], &["--evidence", "page.txt"]].concat());
    let folder = std::fs::read_dir(desk.path().join("ledger/evidence")).unwrap().next().unwrap().unwrap().path();
    let copy = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    std::fs::remove_file(&copy).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&copy).status().unwrap().success());
    let output = desk.run(&["verify"]);
    assert_eq!(output.status.code(), Some(1), "{}", crate::support::out(&output));
}
