//! Each kind of damage, done to a log in memory.

use std::fs;
use std::ops::Range;
use std::path::Path;

use annals::chain;
use annals::frame::{Cut, HEADER_LEN, cut};

use crate::support::Random;

/// The segments of a log: name and bytes.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

pub(crate) fn read(dir: &Path) -> Files {
    let paths = fs::read_dir(dir.join("log")).unwrap().map(|file| file.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let mut files: Files = paths.map(|path| (name(&path), fs::read(&path).unwrap())).collect();
    files.retain(|(name, _)| Path::new(name).extension().is_some_and(|end| end == "seg"));
    files.sort();
    files
}

/// Writes a log in place of the one that is there.
pub(crate) fn write(dir: &Path, files: &Files) {
    let log = dir.join("log");
    let _ = fs::remove_dir_all(&log);
    fs::create_dir_all(&log).unwrap();
    for (name, bytes) in files {
        fs::write(log.join(name), bytes).unwrap();
    }
}

fn records(bytes: &[u8]) -> Vec<Range<usize>> {
    let (mut records, mut at) = (Vec::new(), HEADER_LEN);
    while let Cut::Record(_, len) = cut(&bytes[at..]) {
        records.push(at..at + len);
        at += len;
    }
    records
}

/// A log, another ledger's, and what to do with each damaged one.
pub(crate) struct Damaging<'a, F: FnMut(&str, &Files)> {
    pub(crate) files: &'a Files,
    pub(crate) other: &'a Files,
    pub(crate) random: Random,
    pub(crate) show: F,
}

impl<F: FnMut(&str, &Files)> Damaging<'_, F> {
    fn with(&mut self, what: &str, segment: usize, change: impl FnOnce(&mut Vec<u8>)) {
        let mut files = self.files.clone();
        change(&mut files[segment].1);
        (self.show)(&format!("{what} in segment {}", files[segment].0), &files);
    }

    /// Every kind. Bits are flipped in every `step`th byte, one of them or, with a step of 1, all.
    pub(crate) fn all(&mut self, step: usize) {
        for segment in 0..self.files.len() {
            self.bits(segment, step);
            self.lengths(segment, step);
            self.ranges(segment);
            self.records(segment);
            self.tails(segment);
            self.segments(segment);
        }
    }

    fn bits(&mut self, segment: usize, step: usize) {
        for at in (0..self.files[segment].1.len()).step_by(step) {
            let one = usize::try_from(self.random.below(8)).unwrap();
            for bit in if step == 1 { 0..8 } else { one..one + 1 } {
                self.with(&format!("bit {bit} of byte {at}"), segment, |bytes| bytes[at] ^= 1 << bit);
            }
        }
    }

    fn lengths(&mut self, segment: usize, step: usize) {
        for len in (0..self.files[segment].1.len()).step_by(step) {
            self.with(&format!("cut to {len} bytes"), segment, |bytes| bytes.truncate(len));
        }
    }

    fn ranges(&mut self, segment: usize) {
        let len = self.files[segment].1.len() as u64;
        for _ in 0..100 {
            let at = usize::try_from(self.random.below(len)).unwrap();
            let end = at + usize::try_from(1 + self.random.below(len - at as u64)).unwrap();
            let with = u8::try_from(self.random.below(2) * self.random.below(256)).unwrap();
            self.with(&format!("{with} in {at}..{end}"), segment, |bytes| bytes[at..end].fill(with));
            let short = end.min(at + 20);
            self.with(&format!("{at}..{short} taken out"), segment, |bytes| drop(bytes.drain(at..short)));
        }
    }

    fn records(&mut self, segment: usize) {
        let all = records(&self.files[segment].1);
        for (place, record) in all.iter().cloned().enumerate() {
            let own = self.files[segment].1[record.clone()].to_vec();
            self.with(&format!("record {place} dropped"), segment, |bytes| drop(bytes.drain(record.clone())));
            self.with(&format!("record {place} repeated"), segment, |bytes| {
                bytes.splice(record.start..record.start, own.clone());
            });
            if let Some(next) = all.get(place + 1).cloned() {
                self.with(&format!("records {place} and the next exchanged"), segment, |bytes| {
                    let swapped = [&bytes[next.clone()], &own].concat();
                    bytes.splice(record.start..next.end, swapped);
                });
            }
            let (name, foreign) = &self.other[segment.min(self.other.len() - 1)];
            if let Some(theirs) = records(foreign).get(place).cloned() {
                let (what, theirs) = (format!("record {place} of {name} of another"), foreign[theirs].to_vec());
                self.with(&what, segment, |bytes| drop(bytes.splice(record.clone(), theirs.clone())));
                self.with(&format!("{what} put in"), segment, |bytes| {
                    bytes.splice(record.start..record.start, theirs.clone());
                });
            }
        }
    }

    fn tails(&mut self, segment: usize) {
        let first = records(&self.files[segment].1)[0].clone();
        for len in [1, 7, 8, 9, 40, 511, 512, 1100] {
            self.with(&format!("{len} zeros behind"), segment, |bytes| bytes.extend(vec![0; len]));
            let noise: Vec<u8> = (0..len).map(|_| u8::try_from(self.random.below(256)).unwrap()).collect();
            self.with(&format!("{len} bytes of noise behind"), segment, |bytes| bytes.extend(noise));
            self.with(&format!("{len} bytes of a frame behind"), segment, |bytes| {
                let frame = bytes[first.clone()].to_vec();
                bytes.extend(&frame[..len.min(frame.len())]);
                bytes.extend(vec![0; len % 3 * 200]);
            });
        }
    }

    fn segments(&mut self, segment: usize) {
        let mut changed = |what: &str, change: &dyn Fn(&mut Files)| {
            let mut files = self.files.clone();
            change(&mut files);
            (self.show)(&format!("segment {segment}: {what}"), &files);
        };
        let again = |name: &str| (name.to_owned(), self.files[segment].1.clone());
        if self.files.len() > 1 {
            changed("missing", &|files| drop(files.remove(segment)));
        }
        for name in ["000000000099.seg", "000000000002.seg", "2.seg", "000000000000.seg", "x.seg"] {
            changed(&format!("called {name}"), &|files| files[segment] = again(name));
            changed(&format!("again as {name}"), &|files| files.push(again(name)));
        }
        for format in [0, 2, 256] {
            changed(&format!("of format {format}"), &|files| {
                let bytes = &mut files[segment].1;
                bytes[8..10].copy_from_slice(&u16::to_le_bytes(format));
                let checksum = chain::segment_checksum(&bytes[..HEADER_LEN - 32]);
                bytes[HEADER_LEN - 32..HEADER_LEN].copy_from_slice(&checksum.0);
            });
        }
        let theirs = self.other[segment.min(self.other.len() - 1)].1.clone();
        changed("another ledger's", &|files| files[segment].1.clone_from(&theirs));
    }
}
