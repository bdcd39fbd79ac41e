use super::*;
use crate::chain;
use crate::frame::HEADER_LEN;

#[test]
fn damage_in_several_places_is_named_in_each() {
    let dir = ledger();
    let [first, second] = segments(dir.path()).try_into().unwrap();
    edit(&first, |bytes| {
        let records = records(bytes);
        bytes[records[0].0.start + 14] ^= 1; // the genesis's payload length
        bytes[records[1].0.end - 1] ^= 1; // the second event's payload
        bytes[records[3].0.start + 60] ^= 1; // the third's prev
    });
    edit(&second, |bytes| {
        let records = records(bytes);
        let seal = records.iter().find(|(_, is_frame)| !is_frame).unwrap().0.clone();
        bytes[seal.start + 20] ^= 1; // the head in its first seal
        bytes[records[0].0.start] ^= 1; // the length of its first frame
    });
    let first_of_second: u64 = second.file_stem().unwrap().to_str().unwrap().parse().unwrap();
    let found = found(dir.path());
    assert_eq!(found[..3], [(Code::Envelope, Some(1)), (Code::Payload, Some(2)), (Code::Prev, Some(3))]);
    assert_eq!(found[3], (Code::Guard, Some(first_of_second)));
    assert_eq!(found[4].0, Code::SealHead);
    assert_eq!(found.len(), 5, "{found:?}");
}

#[test]
fn the_damaged_links_are_told_as_expected_and_found() {
    let dir = ledger();
    let path = &segments(dir.path())[0];
    let whole = fs::read(path).unwrap();
    let second = records(&whole)[1].0.clone();
    let expected = chain::link(&whole[second.start + 9..second.start + 121]);
    edit(path, |bytes| bytes[second.start + 40] ^= 4);
    let finding = report(dir.path()).findings.remove(0);
    let found = chain::link(&fs::read(path).unwrap()[second.start + 9..second.start + 121]);
    assert_eq!((finding.code, finding.seq), (Code::Envelope, Some(2)));
    assert_eq!((finding.expected, finding.found), (expected.to_string(), found.to_string()));
}

#[test]
fn frames_taken_out_or_put_in_twice_are_named() {
    let dir = ledger();
    let path = &segments(dir.path())[1];
    let whole = fs::read(path).unwrap();
    let records = records(&whole);
    let first: u64 = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
    let frames: Vec<_> = records.iter().take_while(|(_, is_frame)| *is_frame).map(|(range, _)| range.clone()).collect();
    assert!(frames.len() >= 2);
    let without = |at: usize| [&whole[..frames[at].start], &whole[frames[at].end..]].concat();
    fs::write(path, without(0)).unwrap();
    assert_eq!(found(dir.path()), [(Code::EventsMissing, Some(first))]);
    let twice = [&whole[..frames[0].end], &whole[frames[0].start..]].concat();
    fs::write(path, twice).unwrap();
    assert_eq!(found(dir.path()), [(Code::Seq, Some(first + 1))]);
}

#[test]
fn segments_missing_renamed_copied_or_of_another_ledger_are_named() {
    let (dir, other) = (ledger(), ledger_of("BEGIN"));
    let [first, second] = segments(dir.path()).try_into().unwrap();
    let (first_bytes, second_bytes) = (fs::read(&first).unwrap(), fs::read(&second).unwrap());
    let renamed = dir.path().join("log/000000000099.seg");

    fs::rename(&second, &renamed).unwrap();
    assert_eq!(found(dir.path()), [(Code::SegmentName, Some(99))]);
    fs::rename(&renamed, &second).unwrap();

    fs::copy(&second, &renamed).unwrap();
    let copied = found(dir.path());
    assert!(copied.contains(&(Code::SegmentName, Some(99))) && copied.contains(&(Code::SegmentOverlap, Some(11))));
    fs::remove_file(&renamed).unwrap();

    fs::copy(&second, dir.path().join("log/7.seg")).unwrap();
    assert_eq!(found(dir.path()), [(Code::SegmentName, None)]);
    fs::remove_file(dir.path().join("log/7.seg")).unwrap();

    fs::remove_file(&first).unwrap();
    assert_eq!(found(dir.path())[0], (Code::SegmentMissing, Some(1)));
    fs::write(&first, first_bytes).unwrap();

    let foreign = segments(other.path()).remove(1);
    assert_eq!(foreign.file_name(), second.file_name());
    fs::copy(foreign, &second).unwrap();
    let codes: Vec<_> = found(dir.path()).into_iter().map(|(code, _)| code).collect();
    assert!(codes.contains(&Code::SegmentLedger) && codes.contains(&Code::SegmentPrev), "{codes:?}");
    fs::write(&second, second_bytes).unwrap();
    assert_eq!(found(dir.path()), []);
}

#[test]
fn a_torn_tail_and_leftovers_are_reported_and_are_no_findings() {
    let dir = ledger();
    let path = segments(dir.path()).remove(1);
    let before = report(dir.path());
    let whole = fs::read(&path).unwrap();
    let frame = records(&whole)[0].0.clone();
    let leftover = dir.path().join("log/000000000011.seg.tmp");
    fs::write(&leftover, "half").unwrap();
    for torn in [&whole[frame.clone()], &whole[frame.start..frame.end - 1], &[0; 20], &[1]] {
        fs::write(&path, [&whole, torn].concat()).unwrap();
        let report = report(dir.path());
        assert_eq!(report.findings, []);
        let tail = report.tail.unwrap();
        assert_eq!((tail.place.offset, tail.len_bytes), (whole.len() as u64, torn.len() as u64));
        assert_eq!((report.head, report.root, report.recorded_at), (before.head, before.root, before.recorded_at));
        assert_eq!(report.leftovers, [leftover.as_path()]);
    }
    edit(&path, |bytes| bytes.extend(b"noise at the end"));
    assert_eq!(found(dir.path())[0].0, Code::Guard);
    assert_eq!(report(dir.path()).tail, None);
}

#[test]
fn unsealed_events_before_the_last_segment_are_damage() {
    let dir = ledger();
    let path = segments(dir.path()).remove(0);
    let whole = fs::read(&path).unwrap();
    let last_seal = records(&whole).last().unwrap().0.clone();
    fs::write(&path, &whole[..last_seal.start]).unwrap();
    assert_eq!(found(dir.path()).iter().filter(|(code, _)| *code == Code::SealMissing).count(), 1);
}

#[test]
fn a_segment_without_a_seal_is_damage_even_the_last() {
    let dir = ledger();
    let path = segments(dir.path()).remove(1);
    let first = path.file_stem().unwrap().to_str().unwrap().parse().ok();
    let whole = fs::read(&path).unwrap();
    for len in [HEADER_LEN, HEADER_LEN + 1, records(&whole)[0].0.end, HEADER_LEN - 1, 0] {
        fs::write(&path, &whole[..len]).unwrap();
        let code = if len < HEADER_LEN { Code::SegmentHeader } else { Code::SealMissing };
        let found = found(dir.path());
        assert_eq!(found[0], if len == HEADER_LEN + 1 { (Code::RecordLength, first) } else { (code, first) }, "{len}");
        assert_eq!(found.len(), 1, "{len}: {found:?}");
    }
}

#[test]
fn behind_a_destroyed_stretch_the_rest_is_still_verified() {
    let dir = ledger();
    let path = segments(dir.path()).remove(0);
    edit(&path, |bytes| {
        let records = records(bytes);
        bytes[records[1].0.start + 3..records[3].0.start + 30].fill(0xaa);
    });
    let second = segments(dir.path()).remove(1);
    edit(&second, |bytes| {
        let frame = records(bytes)[1].0.clone();
        bytes[frame.end - 1] ^= 1;
    });
    let found = found(dir.path());
    assert_eq!(found[0], (Code::Guard, Some(2)));
    assert_eq!(found.last().unwrap().0, Code::Payload);
    assert!(found.len() <= 3, "{found:?}");
}

#[test]
fn a_payload_that_was_written_in_a_wrong_form_is_named_once_it_is_known_to_be_unchanged() {
    let dir = tempfile::tempdir().unwrap();
    let entries = [entry(1, b"begin"), note("misformed"), entry(99, b"misformed")];
    Log::create(dir.path(), &entries, 1).unwrap();
    assert_eq!(found(dir.path()), [(Code::PayloadForm, Some(2)), (Code::Kind, Some(3))]);
    let path = segments(dir.path()).remove(0);
    let second = records(&fs::read(&path).unwrap())[1].0.clone();
    edit(&path, |bytes| bytes[second.start + 12] ^= 1);
    assert_eq!(found(dir.path())[0], (Code::Envelope, Some(2)));
    assert!(found(dir.path()).iter().all(|(code, _)| *code != Code::PayloadForm));
}

#[test]
fn unknown_kinds_and_a_second_genesis_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    Log::create(
        dir.path(),
        &[entry(2, b"no genesis"), entry(26, b"?"), entry(1, b"again"), entry(0, b""), entry(0x8000, b"later")],
        1,
    )
    .unwrap();
    let expected = [(Code::Genesis, Some(1)), (Code::Kind, Some(2)), (Code::Genesis, Some(3)), (Code::Kind, Some(4))];
    assert_eq!(found(dir.path()), expected);
}

#[test]
fn a_later_format_is_a_finding() {
    let dir = ledger();
    edit(&segments(dir.path())[1], |bytes| {
        bytes[8] = 2;
        let checksum = chain::segment_checksum(&bytes[..HEADER_LEN - 32]);
        bytes[HEADER_LEN - 32..HEADER_LEN].copy_from_slice(&checksum.0);
    });
    assert_eq!(found(dir.path())[0].0, Code::SegmentFormat);
}

#[test]
fn no_bytes_at_all_make_it_panic_or_slow() {
    let dir = ledger();
    let path = segments(dir.path()).remove(1);
    let whole = fs::read(&path).unwrap();
    let mut noise = 0x9e37_79b9_7f4a_7c15_u64;
    for round in 0..300 {
        let mut bytes = whole.clone();
        for _ in 0..=round % 7 {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(noise >> 33).unwrap() % bytes.len();
            let len = usize::try_from((noise >> 20) & 63).unwrap().min(bytes.len() - at);
            bytes[at..at + len].fill(noise.to_be_bytes()[6]);
        }
        let changed = bytes != whole;
        fs::write(&path, bytes).unwrap();
        assert_eq!(!report(dir.path()).findings.is_empty(), changed, "round {round}");
        Log::open(dir.path()).unwrap().scan_despite_damage(|_| Ok::<(), Error>(())).unwrap();
    }
}
