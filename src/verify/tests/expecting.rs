use super::*;
use crate::frame::Signature;

fn expecting(dir: &Path, expect: Expect) -> Vec<(Code, Option<u64>)> {
    let report = verify(dir, &Options { expect: Some(expect), ..options() }).unwrap();
    report.findings.iter().map(|finding| (finding.code, finding.seq)).collect()
}

fn expected(head: Head) -> Expect {
    Expect::Head { head, root: None }
}

#[test]
fn a_head_of_the_same_events_that_were_sealed_otherwise_is_told_so() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut kept = Vec::new();
    for (dir, key) in [(&one, 1), (&other, 2)] {
        let signer = Box::new(move |_, _| vec![Signature { key, algorithm: 1, bytes: vec![7; 64] }]);
        let appended = Log::create_signed(dir.path(), &[entry(1, b"begin")], 10, Some(signer)).unwrap();
        kept.push(Expect::Head { head: appended.cursor.head, root: Some(appended.seal.root) });
    }
    let unsigned = (Code::SealSignature, Some(1));
    assert_eq!(expecting(one.path(), kept[0]), [unsigned], "only that nobody may sign it");
    let report = verify(one.path(), &Options { expect: Some(kept[1]), ..options() }).unwrap();
    let finding = report.findings.iter().find(|finding| finding.code == Code::ExpectedHead).unwrap();
    assert_eq!((finding.code, finding.seq), (Code::ExpectedHead, Some(1)));
    assert!(finding.found.ends_with("the same events, sealed otherwise"), "{}", finding.found);
}

#[test]
fn a_log_contains_every_head_it_ever_had_and_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let first = Log::create(dir.path(), &[entry(1, b"begin"), note("a")], 10).unwrap();
    let mut writer = open(dir.path());
    let second = writer.append(&[note("b"), note("c")], 20).unwrap();
    for appended in [&first, &second] {
        let (head, root) = (appended.cursor.head, appended.seal.root);
        assert_eq!(expecting(dir.path(), expected(head)), []);
        assert_eq!(expecting(dir.path(), Expect::Root { size: head.size, root }), []);
        let wrong = expected(Head { tip: root, ..head });
        assert_eq!(expecting(dir.path(), wrong), [(Code::ExpectedHead, Some(head.size))]);
        let wrong = Expect::Root { size: head.size, root: head.tip };
        assert_eq!(expecting(dir.path(), wrong), [(Code::ExpectedHead, Some(head.size))]);
    }
    let beyond = expected(Head { size: 5, ..second.cursor.head });
    assert_eq!(expecting(dir.path(), beyond), [(Code::ExpectedHead, Some(5))]);
    assert_eq!(expecting(dir.path(), expected(Head::default())), [(Code::ExpectedHead, Some(0))]);
    let inside = Expect::Root { size: 3, root: second.seal.root };
    assert_eq!(expecting(dir.path(), inside), [(Code::ExpectedHead, Some(3))], "no commit ends there");
}

#[test]
fn a_log_cut_at_a_commit_only_shows_against_a_kept_head() {
    let dir = ledger();
    let kept = report(dir.path()).head;
    fs::remove_file(segments(dir.path()).pop().unwrap()).unwrap();
    assert_eq!(found(dir.path()), []);
    assert_eq!(expecting(dir.path(), expected(kept)), [(Code::ExpectedHead, Some(10))]);
}
