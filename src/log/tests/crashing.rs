use super::*;
use crate::frame::{GUARD_LEN, HEADER_LEN, Signature};

/// The bytes of `[a b] [c]` and where the second commit begins.
fn with_two_commits() -> (TempDir, Vec<u8>, usize) {
    let dir = ledger();
    let whole = fs::read(segment(dir.path(), 1)).unwrap();
    let second = HEADER_LEN + 2 * crate::frame::frame_record_len(1) + GUARD_LEN + 106;
    (dir, whole, second)
}

/// Expects a torn tail from `second` on that is moved aside byte by byte, and an append that works after it.
fn expect_torn(dir: &Path, torn: &[u8], second: usize, what: &str) {
    let tail = end(dir).tail;
    let place = Place { segment: 1, offset: second as u64 };
    let expected = (torn.len() > second).then(|| TornTail { place, len_bytes: (torn.len() - second) as u64 });
    assert_eq!(tail, expected, "{what}");
    assert_eq!(fs::read(segment(dir, 1)).unwrap(), torn, "{what}: readers write nothing");
    let moved = repair(dir, 77).unwrap();
    assert_eq!(moved.len(), usize::from(expected.is_some()), "{what}");
    for moved in moved {
        assert_eq!(fs::read(&moved.to).unwrap(), &torn[second..], "{what}");
        assert_eq!(moved.len_bytes, (torn.len() - second) as u64, "{what}");
        fs::remove_file(moved.to).unwrap();
    }
    assert_eq!(open_small(dir).append(&entries(&["d"]), 40).unwrap().first_seq, 3, "{what}");
    assert_eq!(texts(dir), [vec!["a", "b"], vec!["d"]], "{what}");
}

#[test]
fn an_append_cut_short_anywhere_is_a_torn_tail() {
    let (dir, whole, second) = with_two_commits();
    for len in second..whole.len() {
        let torn = &whole[..len];
        fs::write(segment(dir.path(), 1), torn).unwrap();
        assert_eq!(end(dir.path()).tail.map_or(0, |tail| tail.len_bytes), (len - second) as u64, "{len}");
        if len % 37 == 0 {
            expect_torn(dir.path(), torn, second, &format!("{} bytes of the commit", len - second));
        }
    }
}

#[test]
fn an_append_filled_up_with_zeros_is_a_torn_tail() {
    let (dir, whole, second) = with_two_commits();
    let seal_begins = second + crate::frame::frame_record_len(1) + GUARD_LEN + 1;
    for kept in second..seal_begins {
        let mut torn = whole.clone();
        torn[kept..].fill(0);
        fs::write(segment(dir.path(), 1), &torn).unwrap();
        assert_eq!(end(dir.path()).tail.map_or(0, |tail| tail.len_bytes), (whole.len() - second) as u64, "{kept}");
        if kept % 37 == 0 {
            expect_torn(dir.path(), &torn, second, &format!("zeros from {kept}"));
        }
    }
}

/// A seal whose last sectors were lost is torn, wherever the zeros seem to begin; zeros behind the last sector's edge alone
/// are damage.
#[test]
fn a_seal_cut_by_a_sector_boundary_is_a_torn_tail() {
    let dir = ledger();
    let second = fs::read(segment(dir.path(), 1)).unwrap().len();
    let seal_len = GUARD_LEN + 106;
    let payload_len = 1024 - 40 - second - crate::frame::frame_record_len(0);
    open_small(dir.path()).append(&entries(&[&"x".repeat(payload_len)]), 30).unwrap();
    let whole = fs::read(segment(dir.path(), 1)).unwrap();
    assert!(whole.len() - seal_len < 1024 && whole.len() > 1026, "the boundary cuts the seal");
    for (zeros_from, is_torn) in [(1024, true), (1025, false), (1023, true), (1040, false)] {
        let mut torn = whole.clone();
        torn[zeros_from..].fill(0);
        fs::write(segment(dir.path(), 1), &torn).unwrap();
        let moved = repair(dir.path(), 1);
        assert_eq!(moved.is_ok(), is_torn, "{zeros_from}: {moved:?}");
    }
}

/// A signed seal may be cut in front of its signatures: then it does not even have the form of a seal.
#[test]
fn a_signed_seal_cut_by_a_sector_boundary_is_a_torn_tail() {
    let mut forms = std::collections::BTreeSet::new();
    for payload_len in (1..512).step_by(9) {
        let dir = ledger();
        let mut writer = Writer::open(dir.path(), 77).unwrap();
        writer.sign_with(Box::new(|size, _| vec![Signature { key: size, algorithm: 1, bytes: vec![7; 600] }]));
        let seal = writer.append(&entries(&[&"x".repeat(payload_len)]), 30).unwrap().cursor.seal.offset;
        drop(writer);
        let boundary = usize::try_from((seal + 1).next_multiple_of(512)).unwrap();
        edit(&segment(dir.path(), 1), |bytes| bytes[boundary..].fill(0));
        let has_no_form = boundary - usize::try_from(seal).unwrap() < GUARD_LEN + 106 + 11;
        forms.insert(has_no_form);
        assert_eq!(repair(dir.path(), 1).map(|moved| moved.len()).ok(), Some(1), "{payload_len}");
    }
    assert_eq!(forms.len(), 2, "cut in front of the signatures and in them");
}

/// A signature may end in zeros by itself, wherever a sector ends: the tip says that the seal is whole.
#[test]
fn a_signed_seal_is_never_taken_for_a_torn_one() {
    for payload_len in (1..=512).step_by(15) {
        let dir = ledger();
        let mut writer = Writer::open(dir.path(), 77).unwrap();
        writer.sign_with(Box::new(|_, _| vec![Signature { key: 1, algorithm: 1, bytes: vec![0; 64] }]));
        let head = writer.append(&entries(&[&"x".repeat(payload_len)]), 30).unwrap().cursor.head;
        drop(writer);
        let again = Writer::open(dir.path(), 77).unwrap();
        assert_eq!(again.cursor().map(|cursor| cursor.head), Some(head), "{payload_len}");
    }
}

#[test]
fn zeros_after_the_last_seal_are_a_torn_tail() {
    let (dir, whole, second) = with_two_commits();
    for len in [1, 7, 8, 9, 4096] {
        let torn = [&whole[..second], &vec![0; len]].concat();
        fs::write(segment(dir.path(), 1), &torn).unwrap();
        expect_torn(dir.path(), &torn, second, &format!("{len} zeros"));
    }
}

#[test]
fn anything_else_after_the_last_seal_is_damage_and_left_alone() {
    let (dir, whole, second) = with_two_commits();
    let frame_len = crate::frame::frame_record_len(1);
    let cases: [(&str, Vec<u8>); 5] = [
        ("noise", [&whole[..], b"not a record at all"].concat()),
        ("a guard with noise behind it", [&whole[..], &[1, 0, 0, 0, 0, 0, 0, 0, 9]].concat()),
        (
            "the last seal's type changed",
            [&whole[..second + frame_len + 8], b"T", &whole[second + frame_len + 9..]].concat(),
        ),
        ("a frame of the commit taken out", [&whole[..second], &whole[second + frame_len..]].concat()),
        ("a commit repeated", [&whole[..], &whole[second..]].concat()),
    ];
    for (what, bytes) in cases {
        fs::write(segment(dir.path(), 1), &bytes).unwrap();
        assert!(matches!(repair(dir.path(), 1), Err(Error::Damaged(_))), "{what}");
        assert!(matches!(Writer::open(dir.path(), 1), Err(Error::Damaged(_))), "{what}");
        assert_eq!(fs::read(segment(dir.path(), 1)).unwrap(), bytes, "{what}");
    }
}

#[test]
fn a_length_that_swallows_later_commits_is_damage_not_a_tail() {
    let (dir, mut whole, second) = with_two_commits();
    let len = 1_000_000_u32;
    whole[HEADER_LEN..HEADER_LEN + 4].copy_from_slice(&len.to_le_bytes());
    whole[HEADER_LEN + 4..HEADER_LEN + 8].copy_from_slice(&(!len).to_le_bytes());
    fs::write(segment(dir.path(), 1), &whole).unwrap();
    assert_eq!(damage_of(dir.path()).code, Code::RecordLength);
    assert!(matches!(repair(dir.path(), 1), Err(Error::Damaged(_))));
    let (_, mut whole, _) = with_two_commits();
    whole[second..second + 4].copy_from_slice(&len.to_le_bytes());
    whole[second + 4..second + 8].copy_from_slice(&(!len).to_le_bytes());
    fs::write(segment(dir.path(), 1), &whole).unwrap();
    assert!(matches!(repair(dir.path(), 1), Err(Error::Damaged(_))), "the seal is still to be seen");
}

#[test]
fn unsealed_bytes_in_any_segment_but_the_last_are_damage() {
    let dir = ledger();
    let mut writer = open_small(dir.path());
    (0..9).for_each(|_| assert!(writer.append(&entries(&["x", "y"]), 30).is_ok()));
    drop(writer);
    edit(&segment(dir.path(), 1), |bytes| bytes.extend([0; 9]));
    let damage = damage_of(dir.path());
    assert_eq!((damage.segment, damage.code), (1, Code::Guard));
}

#[test]
fn a_killed_import_is_reported_and_moved_aside_without_overwriting_anything() {
    let dir = ledger();
    for (name, to) in [("first", "torn-0-77"), ("second", "torn-0-77-2")] {
        let left = dir.path().join("log/000000000004.seg.tmp");
        fs::write(&left, name).unwrap();
        assert_eq!(end(dir.path()).leftovers, [left]);
        let moved = repair(dir.path(), 77).unwrap();
        assert_eq!(moved, [MovedAside { to: dir.path().join("log").join(to), len_bytes: name.len() as u64 }]);
        assert_eq!(fs::read_to_string(dir.path().join("log").join(to)).unwrap(), name);
    }
    assert_eq!(files(dir.path()), ["000000000001.seg", "torn-0-77", "torn-0-77-2"]);
    assert_eq!(repair(dir.path(), 77).unwrap(), []);
}

#[test]
fn an_interrupted_create_can_be_made_again() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("log")).unwrap();
    fs::write(dir.path().join("log/000000000001.seg.tmp"), "half").unwrap();
    assert!(matches!(Log::open(dir.path()), Err(Error::NotFound(_))));
    Log::create(dir.path(), &entries(&["a"]), 5).unwrap();
    assert_eq!(texts(dir.path()), [["a"]]);
}

#[test]
fn after_a_failed_write_the_writer_refuses_everything() {
    let dir = ledger();
    let mut writer = open_small(dir.path());
    fs::create_dir(dir.path().join("log/000000000004.seg.tmp")).unwrap();
    let large: Vec<_> = (0..40).map(|_| entry("so many that they need a segment of their own")).collect();
    let error = writer.append(&large, 30).unwrap_err();
    assert!(error.to_string().contains("nothing was recorded"), "{error}");
    assert!(matches!(writer.append(&entries(&["d"]), 30), Err(Error::Poisoned)));
    assert!(matches!(writer.bulk(30).err(), Some(Error::Poisoned)));
    drop(writer);
    fs::remove_dir(dir.path().join("log/000000000004.seg.tmp")).unwrap();
    assert_eq!(open_small(dir.path()).append(&entries(&["d"]), 30).unwrap().first_seq, 4);
}
