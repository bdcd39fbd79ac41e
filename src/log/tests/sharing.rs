use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::*;

#[test]
fn writers_wait_for_each_other_or_are_refused() {
    let dir = ledger();
    let writer = open_small(dir.path());
    let opening = Opening { refuse_if_locked: true, ..Opening::default() };
    let refused = Writer::open_and_see(dir.path(), 1, opening.clone(), |_| Ok::<(), Error>(()));
    assert!(matches!(refused.err(), Some(Error::InUse { .. })));
    assert_eq!(texts(dir.path()).len(), 2, "readers do not care");
    drop(writer);
    assert!(Writer::open_and_see(dir.path(), 1, opening, |_| Ok::<(), Error>(())).is_ok());
}

#[test]
fn several_writers_and_readers_at_once_see_whole_commits_only() {
    let dir = ledger();
    let (path, done) = (dir.path(), AtomicBool::new(false));
    thread::scope(|scope| {
        let writers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    for _ in 0..15 {
                        open_small(path).append(&entries(&["one", "two", "three"]), 30).unwrap();
                    }
                })
            })
            .collect();
        let reader = scope.spawn(|| {
            let mut longest = 0;
            while !done.load(Ordering::Relaxed) {
                let all = texts(path);
                assert!(all.iter().skip(2).all(|commit| *commit == ["one", "two", "three"]));
                assert!(all.len() >= longest, "a log never shrinks");
                longest = all.len();
            }
        });
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap();
    });
    assert_eq!(texts(path).len(), 2 + 45);
}

#[test]
fn a_commit_that_is_just_being_written_is_a_tail_and_never_damage() {
    let dir = ledger();
    let whole = fs::read(segment(dir.path(), 1)).unwrap();
    let more = {
        open_small(dir.path()).append(&entries(&["d", "e"]), 30).unwrap();
        fs::read(segment(dir.path(), 1)).unwrap().split_off(whole.len())
    };
    for len in 0..more.len() {
        fs::write(segment(dir.path(), 1), [&whole[..], &more[..len]].concat()).unwrap();
        assert_eq!(end(dir.path()).tail.is_some(), len > 0);
        assert_eq!(texts(dir.path()).len(), 2);
    }
}
