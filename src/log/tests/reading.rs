use super::*;
use crate::chain;
use crate::frame::{ENVELOPE_LEN, GUARD_LEN, HEADER_LEN};

/// Where the first frame's parts stand in its segment.
const FRAME_1: usize = HEADER_LEN;
const SALT_1: usize = FRAME_1 + GUARD_LEN + 1 + ENVELOPE_LEN;
const PAYLOAD_1: usize = SALT_1 + 16;

#[test]
fn a_folder_without_a_ledger_says_so() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(Log::open(dir.path()), Err(Error::NotFound(_))));
    fs::create_dir(dir.path().join("log")).unwrap();
    assert!(matches!(Log::open(dir.path()), Err(Error::NotFound(_))));
    assert!(matches!(Writer::open(dir.path(), 1), Err(Error::NotFound(_))));
    assert!(!dir.path().join("LOCK").exists(), "looking leaves nothing behind");
}

#[test]
fn every_flipped_bit_stops_the_reader_before_it_serves_anything_of_that_commit() {
    let dir = ledger();
    let path = segment(dir.path(), 1);
    let (whole, before) = (fs::read(&path).unwrap(), texts(dir.path()));
    for bit in 0..whole.len() * 8 {
        edit(&path, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
        let mut served = Vec::new();
        let result = Log::open(dir.path()).unwrap().scan(Since::Start, |commit| {
            served.push(commit.first_seq());
            Ok::<(), Error>(())
        });
        assert!(result.is_err() && served.len() < before.len(), "bit {bit}: {result:?}");
        if bit % 61 == 0 {
            assert!(matches!(Writer::open(dir.path(), 1), Err(Error::Damaged(_))), "bit {bit}");
        }
        fs::write(&path, &whole).unwrap();
    }
    assert_eq!(texts(dir.path()), before);
}

#[test]
fn damage_names_event_place_expected_and_found() {
    let dir = ledger();
    edit(&segment(dir.path(), 1), |bytes| bytes[PAYLOAD_1] = b'!');
    let damage = damage_of(dir.path());
    assert_eq!((damage.code, damage.seq), (Code::Payload, Some(1)));
    assert_eq!(damage.place(), Place { segment: 1, offset: FRAME_1 as u64 });
    let salt = entry("a").body.salt().to_owned();
    assert_eq!(damage.expected, chain::commitment(&salt, b"a").to_string());
    assert_eq!(damage.found, chain::commitment(&salt, b"!").to_string());
}

#[test]
fn an_erased_payload_is_served_as_none_and_an_empty_one_as_empty() {
    let dir = tempfile::tempdir().unwrap();
    Log::create(dir.path(), &entries(&["gone", ""]), 1).unwrap();
    assert_eq!(texts(dir.path()), [["gone", ""]]);
    let mut writer = open_small(dir.path());
    assert_eq!(writer.erase(&[1]).unwrap(), 1);
    assert_eq!(writer.erase(&[1]).unwrap(), 0, "nothing left to do");
    assert!(matches!(writer.erase(&[3]), Err(Error::NotThere)));
    assert_eq!(texts(dir.path()), [["-", ""]]);
    assert_eq!(writer.erase(&[2]).unwrap(), 1);
    assert_eq!(texts(dir.path()), [["-", "-"]], "an empty payload is erased with its salt");
    assert!(writer.append(&entries(&["next"]), 2).is_ok());
    let bytes = fs::read(segment(dir.path(), 1)).unwrap();
    assert_eq!(bytes[SALT_1..PAYLOAD_1 + 4], [0; 20]);
}

#[test]
fn a_half_done_erasure_serves_nothing_and_can_be_finished() {
    let dir = ledger();
    edit(&segment(dir.path(), 1), |bytes| bytes[SALT_1..PAYLOAD_1].fill(0));
    assert_eq!(texts(dir.path())[0], ["-", "b"]);
    assert_eq!(open_small(dir.path()).erase(&[1]).unwrap(), 1);
    edit(&segment(dir.path(), 1), |bytes| bytes[SALT_1] = 9);
    assert_eq!(damage_of(dir.path()).code, Code::Payload, "a salt torn in the middle is damage to a reader");
    assert_eq!(erase(dir.path(), &[1]).unwrap(), 1, "and can be finished all the same");
    assert_eq!(texts(dir.path())[0], ["-", "b"]);
}

#[test]
fn a_later_format_is_unsupported() {
    let dir = ledger();
    edit(&segment(dir.path(), 1), |bytes| {
        bytes[8] = 2;
        let checksum = chain::segment_checksum(&bytes[..88]);
        bytes[88..120].copy_from_slice(&checksum.0);
    });
    assert!(matches!(Log::open(dir.path()), Err(Error::Unsupported { format: 2, .. })));
    assert!(matches!(Writer::open(dir.path(), 1), Err(Error::Unsupported { format: 2, .. })));
}

#[test]
fn missing_swapped_and_foreign_segments_are_damage() {
    let build = || {
        let dir = ledger();
        let mut writer = open_small(dir.path());
        (0..14).for_each(|_| assert!(writer.append(&entries(&["x", "y"]), 30).is_ok()));
        drop(writer);
        assert!(files(dir.path()).len() >= 3);
        dir
    };
    let dir = build();
    let count = files(dir.path()).len();
    let [first, second, last] = [0, 1, count - 1].map(|at| dir.path().join("log").join(&files(dir.path())[at]));
    let code = |change: &dyn Fn()| {
        let saved = [&first, &second, &last].map(|path| (path, fs::read(path).unwrap()));
        change();
        let damage = damage_of(dir.path());
        for (path, bytes) in &saved {
            fs::write(path, bytes).unwrap();
        }
        damage.code
    };
    assert_eq!(code(&|| fs::remove_file(&second).unwrap()), Code::SegmentMissing);
    assert_eq!(code(&|| assert!(fs::copy(&last, &second).is_ok())), Code::SegmentName);
    assert_eq!(code(&|| edit(&first, |bytes| bytes.truncate(bytes.len() - 1))), Code::RecordLength);
    assert_eq!(code(&|| edit(&last, |bytes| bytes.truncate(HEADER_LEN))), Code::SealMissing);
    fs::remove_file(&first).unwrap();
    assert_eq!(damage_of(dir.path()).code, Code::SegmentMissing);
}

#[test]
fn a_commit_larger_than_the_buffer_is_read_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let long = "x".repeat(700_000);
    Log::create(dir.path(), &entries(&["a", &long, "b", &long, "c", &long, "d"]), 1).unwrap();
    open_small(dir.path()).append(&entries(&["e"]), 2).unwrap();
    let texts = texts(dir.path());
    assert_eq!(texts[0].iter().map(String::len).collect::<Vec<_>>(), [1, 700_000, 1, 700_000, 1, 700_000, 1]);
    assert_eq!(texts[1], ["e"]);
}
