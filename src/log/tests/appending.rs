use super::*;
use crate::chain::Head;
use crate::frame::{self, HEADER_LEN, Signature};
use crate::tree::{self, Edge};

#[test]
fn what_was_appended_is_read_back_commit_by_commit() {
    let dir = ledger();
    assert_eq!(texts(dir.path()), [vec!["a", "b"], vec!["c"]]);
    assert_eq!(files(dir.path()), ["000000000001.seg"]);
}

#[test]
fn an_append_says_where_its_events_stand_and_what_the_seal_says() {
    let dir = ledger();
    let mut writer = open_small(dir.path());
    let appended = writer.append(&entries(&["dd", "e"]), 30).unwrap();
    assert_eq!((appended.first_seq, appended.cursor.head.size, appended.clamped), (4, 5, false));
    let second =
        Place { offset: appended.first_place.offset + frame::frame_record_len(2) as u64, ..appended.first_place };
    let mut fetch = Log::open(dir.path()).unwrap().fetch().unwrap();
    assert_eq!(fetch.event(4, appended.first_place.offset).unwrap().payload.as_deref(), Some(b"dd".as_slice()));
    let fetched = fetch.event(5, second.offset).unwrap();
    assert_eq!((fetched.payload.as_deref(), fetched.link()), (Some(b"e".as_slice()), appended.seal.link));
    assert!(matches!(fetch.event(4, second.offset), Err(Error::NotThere)));
    assert!(matches!(fetch.event(5, appended.cursor.seal.offset), Err(Error::NotThere)));
    let leaves: Vec<_> = (1..=5).zip(1..).map(|(seq, _): (u64, u64)| leaf_of(dir.path(), seq)).collect();
    assert_eq!(appended.seal.root, tree::root_of(&leaves));
    assert_eq!(writer.cursor(), Some(appended.cursor));
    assert_eq!(end(dir.path()).cursor, Some(appended.cursor));
}

fn leaf_of(dir: &Path, seq: u64) -> Hash {
    let mut leaf = None;
    let log = Log::open(dir).unwrap();
    log.scan(Since::Start, |commit| {
        while let Some(frame) = commit.next_frame()? {
            if frame.envelope.seq == seq {
                leaf = Some(frame.leaf());
            }
        }
        Ok::<(), Error>(())
    })
    .unwrap();
    leaf.unwrap()
}

#[test]
fn events_and_seals_are_linked_and_the_ledgers_id_is_the_first_link() {
    let dir = ledger();
    let links = links(dir.path());
    let (mut prev, mut is_first) = (Hash::ZERO, true);
    let log = Log::open(dir.path()).unwrap();
    let mut scan = log.commits(Since::Start).unwrap();
    while let Some(mut commit) = scan.next_commit().unwrap() {
        while let Some(frame) = commit.next_frame().unwrap() {
            assert_eq!((frame.envelope.prev, frame.envelope.is_first()), (prev, is_first));
            (prev, is_first) = (frame.link(), false);
        }
        assert_eq!(commit.seal().link, prev);
        (prev, is_first) = (commit.seal().tip, true);
        assert_eq!(prev, commit.seal().digest());
    }
    assert_eq!(scan.ledger(), links[0]);
    assert_eq!(scan.cursor().unwrap().head, Head { size: 3, tip: prev });
}

#[test]
fn a_clock_that_went_back_is_clamped_and_flagged() {
    let dir = ledger();
    let mut writer = open_small(dir.path());
    let appended = writer.append(&entries(&["d"]), 19).unwrap();
    assert!(appended.clamped);
    assert_eq!(appended.cursor.recorded_at, 20);
    let fetched = Log::open(dir.path()).unwrap().fetch().unwrap().event(4, appended.first_place.offset).unwrap();
    assert!(fetched.envelope.clamped());
    assert_eq!(fetched.envelope.recorded_at, 20);
    assert!(!writer.append(&entries(&["e"]), 20).unwrap().clamped, "the same time is no step back");
}

#[test]
fn segments_roll_between_commits() {
    let dir = ledger();
    let mut writer = open_small(dir.path());
    for _ in 0..9 {
        writer.append(&entries(&["x", "y"]), 30).unwrap();
    }
    drop(writer);
    let segments = files(dir.path());
    assert!(segments.len() > 1, "{segments:?}");
    for name in segments {
        assert!(fs::metadata(dir.path().join("log").join(name)).unwrap().len() <= SMALL.segment_len_max);
    }
    assert_eq!(texts(dir.path()).len(), 11);
    assert_eq!(texts_since(dir.path(), Since::Seq(20)).unwrap(), [["x", "y"]]);
    assert_eq!(texts_since(dir.path(), Since::Seq(2)).unwrap().len(), 11, "whole commits");
    assert_eq!(texts_since(dir.path(), Since::Seq(22)).unwrap(), [[""; 0]; 0]);
    assert_eq!(open_small(dir.path()).append(&entries(&["z"]), 31).unwrap().first_seq, 22);
}

#[test]
fn a_large_commit_is_a_segment_of_its_own_and_the_next_may_share_it() {
    let dir = ledger();
    let mut writer = open_small(dir.path());
    let text = "long ".repeat(10);
    let mut bulk = writer.bulk(30).unwrap();
    for _ in 4..20 {
        bulk.push(&entry(&text)).unwrap();
    }
    assert_eq!(files(dir.path()), ["000000000001.seg", "000000000004.seg.tmp"]);
    assert_eq!(texts(dir.path()).len(), 2, "nobody sees it yet");
    assert_eq!(end(dir.path()).leftovers.len(), 1);
    let appended = bulk.finish().unwrap();
    assert_eq!(appended.first_place, Place { segment: 4, offset: HEADER_LEN as u64 });
    assert_eq!(files(dir.path()), ["000000000001.seg", "000000000004.seg"]);
    assert_eq!(texts(dir.path())[2], vec![text; 16]);
    assert_eq!(texts_since(dir.path(), Since::Cursor(appended.cursor)).unwrap().len(), 0);
    writer.append(&entries(&["after"]), 31).unwrap();
    assert_eq!(texts_since(dir.path(), Since::Cursor(appended.cursor)).unwrap(), [["after"]]);
}

#[test]
fn a_bulk_that_is_dropped_never_was() {
    let dir = ledger();
    let before = fs::read(segment(dir.path(), 1)).unwrap();
    let mut writer = open_small(dir.path());
    for count in [1, 30] {
        let mut bulk = writer.bulk(30).unwrap();
        (0..count).for_each(|_| assert!(bulk.push(&entry("gone, as if it had never been there")).is_ok()));
        drop(bulk);
        assert_eq!(files(dir.path()), ["000000000001.seg"]);
        assert_eq!(fs::read(segment(dir.path(), 1)).unwrap(), before);
    }
    assert_eq!(writer.append(&entries(&["d"]), 30).unwrap().first_seq, 4);
}

#[test]
fn what_cannot_be_a_commit_is_refused_and_the_writer_goes_on() {
    let dir = ledger();
    let mut writer = open_small(dir.path());
    assert!(matches!(writer.append(&[], 30), Err(Error::Refused(Refusal::Empty))));
    let signature = Signature { key: 1, algorithm: 1, bytes: vec![0; 9000] };
    writer.sign_with(Box::new(move |_, _| vec![signature.clone()]));
    assert!(matches!(writer.append(&entries(&["d"]), 30), Err(Error::Refused(Refusal::TooManySignatures))));
    writer.sign_with(Box::new(|size, _| vec![Signature { key: size, algorithm: 1, bytes: vec![7; 64] }]));
    let appended = writer.append(&entries(&["d"]), 30).unwrap();
    assert_eq!(appended.seal.signatures, [Signature { key: 4, algorithm: 1, bytes: vec![7; 64] }]);
    assert_eq!(texts(dir.path()).len(), 3);
}

#[test]
fn a_second_ledger_in_one_place_is_refused() {
    let dir = ledger();
    let before = fs::read(segment(dir.path(), 1)).unwrap();
    assert!(matches!(Log::create(dir.path(), &entries(&["x"]), 1), Err(Error::Exists(_))));
    assert_eq!(fs::read(segment(dir.path(), 1)).unwrap(), before);
}

#[test]
fn from_a_known_place_only_what_came_after_is_read() {
    let dir = ledger();
    let writer = open_small(dir.path());
    let known = Known { cursor: writer.cursor().unwrap(), edge: writer.edge().clone() };
    drop(writer);
    let root = open_small(dir.path()).append(&entries(&["d"]), 30).unwrap().seal.root;
    let mut seen = Vec::new();
    let opening = Opening { known: Some(known.clone()), limits: SMALL, ..Opening::default() };
    let mut writer = Writer::open_and_see(dir.path(), 1, opening, |commit| {
        seen.push(commit.first_seq());
        Ok::<(), Error>(())
    })
    .unwrap();
    assert_eq!(seen, [4]);
    assert_eq!(writer.edge().root(), root);
    writer.append(&entries(&["e"]), 31).unwrap();
    drop(writer);
    assert_eq!(open_small(dir.path()).cursor().unwrap().head.size, 5);
    assert!(matches!(from_elsewhere(dir.path(), Known { edge: Edge::new(), ..known }), Error::NotThere));
}

fn from_elsewhere(dir: &Path, known: Known) -> Error {
    let opening = Opening { known: Some(known), ..Opening::default() };
    Writer::open_and_see(dir, 1, opening, |_| Ok::<(), Error>(())).err().unwrap()
}

#[test]
fn a_place_of_another_log_is_not_believed() {
    let (one, other) = (ledger(), tempfile::tempdir().unwrap());
    Log::create_with(other.path(), &entries(&["A", "B"]), 10, SMALL).unwrap();
    open_small(other.path()).append(&entries(&["C"]), 20).unwrap();
    let cursor = end(one.path()).cursor.unwrap();
    assert!(matches!(texts_since(other.path(), Since::Cursor(cursor)), Err(Error::NotThere)));
    edit(&segment(one.path(), 1), |bytes| bytes.truncate(bytes.len() - 1));
    assert!(matches!(texts_since(one.path(), Since::Cursor(cursor)), Err(Error::NotThere)));
}
