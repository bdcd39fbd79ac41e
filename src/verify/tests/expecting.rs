use super::*;

fn expecting(dir: &Path, expect: Expect) -> Vec<(Code, Option<u64>)> {
    let report = verify(dir, &Options { expect: Some(expect), ..options() }).unwrap();
    report.findings.iter().map(|finding| (finding.code, finding.seq)).collect()
}

#[test]
fn a_log_contains_every_head_it_ever_had_and_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let first = Log::create(dir.path(), &[entry(1, b"begin"), note("a")], 10).unwrap();
    let mut writer = open(dir.path());
    let second = writer.append(&[note("b"), note("c")], 20).unwrap();
    for appended in [&first, &second] {
        let (head, root) = (appended.cursor.head, appended.seal.root);
        assert_eq!(expecting(dir.path(), Expect::Head(head)), []);
        assert_eq!(expecting(dir.path(), Expect::Root { size: head.size, root }), []);
        let wrong = Expect::Head(Head { hash: root, ..head });
        assert_eq!(expecting(dir.path(), wrong), [(Code::ExpectedHead, Some(head.size))]);
        let wrong = Expect::Root { size: head.size, root: head.hash };
        assert_eq!(expecting(dir.path(), wrong), [(Code::ExpectedHead, Some(head.size))]);
    }
    let beyond = Expect::Head(Head { size: 5, ..second.cursor.head });
    assert_eq!(expecting(dir.path(), beyond), [(Code::ExpectedHead, Some(5))]);
    let inside = Expect::Root { size: 3, root: second.seal.root };
    assert_eq!(expecting(dir.path(), inside), [(Code::ExpectedHead, Some(3))], "no commit ends there");
}

#[test]
fn a_log_cut_at_a_commit_only_shows_against_a_kept_head() {
    let dir = ledger();
    let kept = report(dir.path()).head;
    fs::remove_file(segments(dir.path()).pop().unwrap()).unwrap();
    assert_eq!(found(dir.path()), []);
    assert_eq!(expecting(dir.path(), Expect::Head(kept)), [(Code::ExpectedHead, Some(10))]);
}
