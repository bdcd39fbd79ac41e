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

/// Does something on another thread, and fails if that takes longer than anybody would wait.
fn within(seconds: u64, doing: &str, work: impl FnOnce() + Send + 'static) {
    let (done, wait) = channel();
    let worker = thread::spawn(move || {
        work();
        let _ = done.send(());
    });
    let ended = wait.recv_timeout(Duration::from_secs(seconds));
    assert_ne!(ended, Err(RecvTimeoutError::Timeout), "{doing} goes on after {seconds} seconds");
    worker.join().unwrap();
}
