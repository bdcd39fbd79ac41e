//! The physical limit of verifying: the hashes of a log's frames made in a tight loop over bytes in memory.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::thread;

use annals::chain::{commitment, link};
use annals::frame::{Cut, HEADER_LEN, RawFrame, Record, cut};
use annals::tree::{Span, leaf};

/// A segment in memory, and where its frames begin.
pub(crate) struct Loaded {
    bytes: Vec<u8>,
    frames: Vec<usize>,
}

/// Reads a log's segments.
pub(crate) fn load(dir: &Path) -> Vec<Loaded> {
    let mut paths: Vec<_> = fs::read_dir(dir.join("log")).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| cut_all(fs::read(path).unwrap())).collect()
}

fn cut_all(bytes: Vec<u8>) -> Loaded {
    let (mut frames, mut at) = (Vec::new(), HEADER_LEN);
    while let Some(Cut::Record(record, len)) = bytes.get(at..).map(cut) {
        if matches!(record, Record::Frame(_)) {
            frames.push(at);
        }
        at += len;
    }
    Loaded { bytes, frames }
}

/// Makes every hash, on so many threads.
pub(crate) fn tight_loop(segments: &[Loaded], threads: usize) {
    thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                for segment in segments {
                    let part = segment.frames.len().div_ceil(threads);
                    let mine = segment.frames.chunks(part).nth(thread).unwrap_or_default();
                    hash_frames(&segment.bytes, mine);
                }
            });
        }
    });
}

fn hash_frames(bytes: &[u8], frames: &[usize]) {
    let mut span = Span::starting_at(0);
    for at in frames {
        let Some(Cut::Record(Record::Frame(RawFrame { envelope, salt, payload }), _)) = bytes.get(*at..).map(cut)
        else {
            return;
        };
        black_box((commitment(salt, payload), link(envelope)));
        span.push(leaf(envelope));
    }
    black_box(span);
}
