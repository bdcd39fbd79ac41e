use std::sync::Mutex;

use super::*;

fn since(dir: &Path, head: Head) -> Report {
    verify(dir, &Options { since: Some(head), ..options() }).unwrap()
}

/// The head behind every commit.
fn heads(dir: &Path) -> Vec<Head> {
    let mut heads = Vec::new();
    let mut see = |commit: &mut crate::log::Commit<'_>| {
        heads.push(commit.cursor().head);
        Ok::<(), Error>(())
    };
    Log::open(dir).unwrap().scan(crate::log::Since::Start, &mut see).unwrap();
    heads
}

fn number(path: &Path) -> u64 {
    path.file_stem().unwrap().to_str().unwrap().parse().unwrap()
}

#[test]
fn from_every_kept_head_on_it_holds_and_only_its_segment_and_later_ones_are_read() {
    let dir = ledger();
    let second = segments(dir.path()).remove(1);
    let (whole, part) = (report(dir.path()), fs::metadata(&second).unwrap().len());
    for head in heads(dir.path()) {
        let report = since(dir.path(), head);
        let in_second = head.size >= number(&second);
        assert_eq!((report.findings, report.head, report.verified), (vec![], whole.head, Some(whole.head)), "{head}");
        assert_eq!(report.bytes, if in_second { part } else { whole.bytes }, "{head}");
        assert_eq!(report.roots_compared, !in_second, "{head}");
        let other = Head { tip: whole.root, ..head };
        let [finding] = &since(dir.path(), other).findings[..] else { panic!("{head}") };
        assert_eq!((finding.code, finding.seq), (Code::ExpectedHead, Some(head.size)));
    }
    let beyond = Head { size: 11, ..whole.head };
    assert_eq!(since(dir.path(), beyond).findings[0].code, Code::ExpectedHead);
    assert_eq!(since(dir.path(), beyond).verified, None);
    assert_eq!(since(dir.path(), Head::default()).findings[0].code, Code::ExpectedHead, "no log ever had that");
}

#[test]
fn what_came_before_is_taken_on_trust_and_what_came_since_is_not() {
    let dir = ledger();
    let [first, second] = segments(dir.path()).try_into().unwrap();
    let kept = heads(dir.path()).into_iter().find(|head| head.size >= number(&second)).unwrap();
    fs::remove_file(&first).unwrap();
    assert_eq!(since(dir.path(), kept).findings, []);
    let whole = fs::read(&second).unwrap();
    for (range, is_frame) in records(&whole) {
        for at in [range.start, range.start + 20, range.end - 1] {
            edit(&second, |bytes| bytes[at] ^= 1);
            assert!(!since(dir.path(), kept).findings.is_empty(), "{at}");
            fs::write(&second, &whole).unwrap();
        }
        if !is_frame {
            edit(&second, |bytes| bytes[range.start + 60] ^= 1);
            let codes: Vec<_> = since(dir.path(), kept).findings.iter().map(|finding| finding.code).collect();
            assert_eq!(codes, [Code::Seal], "a root needs the leaves before, and the tip does not");
            fs::write(&second, &whole).unwrap();
        }
    }
    fs::remove_file(&second).unwrap();
    fs::write(dir.path().join("log/000000000099.seg"), &whole).unwrap();
    let codes: Vec<_> = since(dir.path(), kept).findings.iter().map(|finding| finding.code).collect();
    assert!(codes.contains(&Code::SegmentMissing), "its own segment is gone: {codes:?}");
}

#[test]
fn an_erasure_of_what_is_not_read_is_taken_on_trust() {
    let dir = ledger();
    let kept = report(dir.path()).head;
    let mut writer = open(dir.path());
    writer.append(&[entry(ERASED, &[2])], 50).unwrap();
    assert_eq!(found(dir.path()), [(Code::ErasureUnfinished, Some(2))]);
    assert_eq!(since(dir.path(), kept).findings, []);
}

#[test]
fn the_heads_that_are_told_on_the_way_are_those_to_go_on_from() {
    let dir = tempfile::tempdir().unwrap();
    Log::create(dir.path(), &[entry(1, b"begin")], 10).unwrap();
    let mut writer = Writer::open(dir.path(), 1).unwrap();
    for size in [3, 4000, 1, 5000] {
        let mut bulk = writer.bulk(20).unwrap();
        (0..size).for_each(|n| assert!(bulk.push(&note(&format!("{n} {}", "x".repeat(n % 900)))).is_ok()));
        bulk.finish().unwrap();
    }
    drop(writer);
    let told = Mutex::new(Vec::new());
    let verified = |head: Head| told.lock().unwrap().push(head);
    let report = verify(dir.path(), &Options { verified: &verified, ..options() }).unwrap();
    let told = told.into_inner().unwrap();
    let all = heads(dir.path());
    assert!(told.iter().any(|head| head.size > 4000) && told.iter().all(|head| all.contains(head)), "{told:?}");
    assert!(told.is_sorted_by_key(|head| head.size));
    assert_eq!(since(dir.path(), *told.last().unwrap()).head, report.head);
}

#[test]
fn up_to_where_all_holds_is_a_seal_before_the_first_damage() {
    let dir = ledger();
    let (mut seals, mut seq) = (vec![None], 0);
    for path in segments(dir.path()) {
        let whole = fs::read(&path).unwrap();
        for (range, is_frame) in records(&whole) {
            if is_frame {
                seq += 1;
                edit(&path, |bytes| bytes[range.end - 1] ^= 1);
                let report = report(dir.path());
                let verified = report.verified.map(|head| head.size);
                // What an erasure names is not accounted for if the erasure is damaged.
                let last = if seq == 5 { seals[1] } else { seals[seals.len() - 1] };
                assert_eq!(verified, last, "{seals:?} {:?}", report.findings);
                fs::write(&path, &whole).unwrap();
            } else {
                let crate::frame::Cut::Record(crate::frame::Record::Seal(seal), _) =
                    crate::frame::cut(&whole[range.start..])
                else {
                    panic!("no seal")
                };
                seals.push(Some(seal.size));
            }
        }
    }
}

#[test]
fn what_is_gone_of_keys_and_settings_is_told_without_the_keys() {
    for (kind, code) in [(19, Code::KeyErased), (20, Code::KeyErased), (23, Code::SettingErased)] {
        let dir = ledger();
        open(dir.path()).append(&[entry(kind, b"about keys")], 50).unwrap();
        let path = segments(dir.path()).pop().unwrap();
        let frame = records(&fs::read(&path).unwrap()).into_iter().rfind(|(_, is_frame)| *is_frame).unwrap().0;
        edit(&path, |bytes| bytes[frame.start + 121..frame.end].fill(0));
        let kept = heads(dir.path()).pop().unwrap();
        let codes: Vec<_> = since(dir.path(), kept).findings.iter().map(|own| (own.code, own.seq)).collect();
        assert_eq!(codes, [(code, Some(11))]);
        assert_eq!(found(dir.path()), [(code, Some(11))]);
    }
}
