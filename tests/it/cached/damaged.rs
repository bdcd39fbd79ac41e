//! A file of a run that is not as it was written: flipped, cut, lengthened, forged.

use std::fs;
use std::path::Path;

use super::{FEW, answers, cached, import, lines, require_same, runs};
use crate::support::Desk;

/// Puts other bytes in the place of a run, and requires the answers that come without a cache.
fn require_same_with(desk: &Desk, run: &Path, bytes: &[u8], wanted: &[(Option<i32>, String)], why: &str) {
    fs::write(run, bytes).unwrap();
    for ((asked, found), wanted) in FEW.iter().zip(answers(desk, FEW, desk.cache())).zip(wanted) {
        assert!(found == *wanted, "{why}: {asked:?}\n{}\n{}", found.1, wanted.1);
    }
}

/// How many parts a run has behind its header.
const PARTS: usize = 9;
/// Which of them is that of the ids.
const IDS: usize = 5;

/// Where the parts of a run begin, and where the last ends: header, places, shared, commits, roots, uses, ids, offsets, lookups,
/// blocks.
fn parts(bytes: &[u8]) -> Vec<usize> {
    const BEFORE_NODES: usize = 16 + 8 + 16 + 32 + 32 + 8 + 16;
    let lens = BEFORE_NODES + 1 + 32 * usize::from(bytes[BEFORE_NODES]);
    let mut at = lens + PARTS * 12 + 4;
    let mut all = vec![0, at];
    for part in 0..PARTS {
        let len = bytes[lens + part * 12..][..8].try_into().unwrap();
        at += usize::try_from(u64::from_le_bytes(len)).unwrap();
        all.push(at);
    }
    assert_eq!(at, bytes.len());
    all
}

#[test]
fn a_bit_flipped_in_any_part_of_a_run_changes_no_answer() {
    let desk = cached();
    let run = runs(&desk)[0].clone();
    let whole = fs::read(&run).unwrap();
    let wanted = answers(&desk, FEW, Path::new("none"));
    for (part, [from, to]) in parts(&whole).array_windows_of_two().enumerate() {
        // The middle, both ends, and some between.
        for place in [0, 9, 300, 500, 899, 999].map(|mille| from + (to - 1 - from) * mille / 999) {
            let mut bytes = whole.clone();
            bytes[place] ^= 1 << (place % 8);
            require_same_with(&desk, &run, &bytes, &wanted, &format!("part {part}, byte {place}"));
        }
        let mut bytes = whole.clone();
        bytes[from..to].fill(0xff);
        require_same_with(&desk, &run, &bytes, &wanted, &format!("all of part {part}"));
        assert_eq!(runs(&desk).len(), 1, "it is made anew");
    }
}

#[test]
fn a_cut_or_lengthened_run_changes_no_answer() {
    let desk = cached();
    let run = runs(&desk)[0].clone();
    let whole = fs::read(&run).unwrap();
    let wanted = answers(&desk, FEW, Path::new("none"));
    for len in [0, 1, 100, 200, whole.len() / 2, whole.len() - 1] {
        require_same_with(&desk, &run, &whole[..len], &wanted, &format!("cut to {len}"));
    }
    require_same_with(&desk, &run, &[&whole[..], b"more"].concat(), &wanted, "lengthened");
    assert_eq!(fs::read(&runs(&desk)[0]).unwrap().len(), whole.len(), "it is made anew");
}

/// Whoever can write here can make the sums anew. Lengths and places beyond everything are not believed all the same.
#[test]
fn lengths_and_places_beyond_everything_take_neither_memory_nor_the_answer() {
    let desk = cached();
    let run = runs(&desk)[0].clone();
    let whole = fs::read(&run).unwrap();
    let wanted = answers(&desk, FEW, Path::new("none"));
    let header = parts(&whole)[1] - 4;
    let forged = |at: usize, number: u64| {
        let mut bytes = whole.clone();
        bytes[at..][..8].copy_from_slice(&number.to_le_bytes());
        let sum = crc32(&bytes[..header]);
        bytes[header..][..4].copy_from_slice(&sum.to_le_bytes());
        bytes
    };
    // The seal's segment and offset, and the lengths of all parts.
    let lens = header - PARTS * 12;
    let places = [16 + 24 + 64 + 8, 16 + 24 + 64 + 16].into_iter().chain((0..PARTS).map(|part| lens + part * 12));
    for at in places {
        for number in [0, 1, 1 << 40, u64::MAX - 7, u64::MAX] {
            require_same_with(&desk, &run, &forged(at, number), &wanted, &format!("{number} at {at}"));
        }
    }
    import(&desk, &lines(903, 905));
    require_same(&desk, "afterwards");
}

/// CRC-32, slowly.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        let sum = sum ^ u32::from(*byte);
        (0..8).fold(sum, |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    };
    !bytes.iter().fold(u32::MAX, step)
}

/// Only `verify` can tell: rows that were forged with right sums fool questions until then.
#[test]
fn forged_rows_with_right_sums_are_named_by_verify() {
    let desk = cached();
    let run = runs(&desk)[0].clone();
    let mut bytes = fs::read(&run).unwrap();
    let (header, ids) = (parts(&bytes)[1] - 4, parts(&bytes)[IDS + 1]..parts(&bytes)[IDS + 2]);
    // Two ids change places.
    let text = |id: &str| ids.start + bytes[ids.clone()].windows(id.len()).position(|at| at == id.as_bytes()).unwrap();
    let (one, other) = (text("g700"), text("g701"));
    bytes[one..][..4].copy_from_slice(b"g701");
    bytes[other..][..4].copy_from_slice(b"g700");
    let sum = crc32(&bytes[ids]);
    bytes[header - PARTS * 12 + IDS * 12 + 8..][..4].copy_from_slice(&sum.to_le_bytes());
    let sum = crc32(&bytes[..header]);
    bytes[header..][..4].copy_from_slice(&sum.to_le_bytes());
    fs::write(&run, &bytes).unwrap();
    assert_ne!(desk.ok(&["show", "g700"]), desk.ok(&["show", "g700", "--cache", "none"]), "it is not read at all");
    let verified = desk.run(&["verify"]);
    let told = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(told.contains("cache"), "{told}");
    assert_eq!(desk.ok(&["show", "g700"]), desk.ok(&["show", "g700", "--cache", "none"]), "it is mended");
}

/// Neighbours of a list, in pairs.
trait Pairs {
    fn array_windows_of_two(&self) -> impl Iterator<Item = [usize; 2]>;
}

impl Pairs for Vec<usize> {
    fn array_windows_of_two(&self) -> impl Iterator<Item = [usize; 2]> {
        self.windows(2).map(|pair| [pair[0], pair[1]])
    }
}
