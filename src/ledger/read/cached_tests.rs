//! With a cache, with one that lags, and without: one answer.

use std::fs;
use std::time::Duration;

use super::*;
use crate::date::Day;
use crate::exchange::Names;
use crate::ledger::{CacheCompared, ImportOptions, VerifyOptions, Writer, verify};

const NOW: i64 = 1_732_406_400_000_000;

fn record(dir: &Path, lines: &str) {
    let writer = Writer::open(dir, "ana", NOW).unwrap();
    let report = writer.import(lines.as_bytes(), ImportOptions::default(), NOW, |_| ()).unwrap();
    assert_eq!(report.refused, 0);
}

fn compare(dir: &Path, cache: &Cache) -> CacheCompared {
    let options = VerifyOptions { threads: 2, cache: Some(cache.clone()), ..VerifyOptions::default() };
    verify(dir, &options, &|_, _| ()).unwrap().cache.unwrap()
}

/// Everything that a reader could see of a ledger: answers of all keys on some days, ids, events.
fn told(ledger: &Ledger) -> Vec<String> {
    let days = ["2024-03-01", "2024-03-20"].map(|day| Day::parse(day).unwrap());
    let names = ledger.names();
    let mut told: Vec<String> = ledger
        .of_every_key(None, Horizon::default(), |known, key| {
            let states = days.map(|day| format!("{:?}", known.state(key, day, Horizon::default())));
            Some(format!("{} {} {states:?}", names.entity(key.subject), names.attribute(key.attribute)))
        })
        .unwrap();
    for seq in (1..=ledger.head().size).map(Seq) {
        told.push(format!("{:?} {:?}", ledger.id_of(seq), ledger.event(seq).unwrap().map(|stored| stored.recorded)));
    }
    told.push(format!("{:?} {:?}", ledger.head(), ledger.erased()));
    told
}

fn lines(from: u64, to: u64) -> String {
    let line = |number: u64| {
        let (subject, day, value) =
            (number % 7, 1 + number % 28, ["on", "off", "half"][usize::try_from(number % 3).unwrap()]);
        match number % 11 {
            0 => format!(r#"{{"type":"retraction","id":"r{number}","retracts":"c{}","reason":"misread"}}"#, number - 3),
            1 => {
                format!(r#"{{"type":"judgement","entities":["s{subject}","s1"],"verdict":"same","reason":"{number}"}}"#)
            }
            2 => format!(
                r#"{{"type":"correction","id":"k{number}","corrects":"c{}","reason":"x","claim":{{"id":"c{number}","subject":"s{}","attribute":"a","value":"{value}","on":"2024-03-{day:02}","said_by":"paper"}}}}"#,
                number - 7,
                (number + 1) % 7
            ),
            _ => format!(
                r#"{{"type":"claim","id":"c{number}","subject":"s{subject}","attribute":"a","value":"{value}","from":"2024-03-{day:02}","said_by":"source-{}"}}"#,
                number % 5
            ),
        }
    };
    let named = r#"{"type":"entity","key":"s0"}"#.to_owned();
    std::iter::once(named).chain((from..to).map(line)).map(|line| line + "\n").collect()
}

#[test]
fn a_cache_that_follows_one_that_lags_and_none_answer_alike() {
    let (dir, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let cache = Cache::in_folder(folder.path());
    let runs = || {
        let files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
        files.filter(|file| file.extension().is_some_and(|end| end == "run")).collect::<Vec<_>>()
    };
    let files = || runs().len();
    let check = |times: usize| {
        let wanted = told(&Ledger::open(dir.path()).unwrap());
        for _ in 0..times {
            let found = told(&Ledger::open_cached(dir.path(), &cache).unwrap());
            assert_eq!(found, wanted);
        }
    };
    Ledger::create(dir.path(), Some("example.org/test"), NOW).unwrap();
    record(dir.path(), &lines(3, 40));
    check(2);
    assert_eq!(files(), 1);
    // What is short is not kept, and read from the log each time.
    for number in 40..44 {
        record(dir.path(), &lines(number, number + 1));
        check(2);
    }
    for number in [44, 50, 56, 62] {
        record(dir.path(), &lines(number, number + 6));
        check(2);
    }
    // A run that is long beside those behind it stays; the others were made one.
    assert!((2..4).contains(&files()), "{}", files());
    // The last file is gone, then all are.
    let mut all = runs();
    all.sort_unstable();
    fs::remove_file(all.last().unwrap()).unwrap();
    check(2);
    cache.clear().unwrap();
    assert_eq!(files(), 0);
    check(1);
    assert_eq!(files(), 1);
}

#[test]
fn a_cache_behind_which_nothing_came_is_not_written_again() {
    let (dir, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let cache = Cache::in_folder(folder.path());
    Ledger::create(dir.path(), Some("example.org/test"), NOW).unwrap();
    record(dir.path(), &lines(3, 40));
    let open = || drop(Ledger::open_cached(dir.path(), &cache).unwrap());
    let run = || {
        let mut files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
        files.find(|file| file.extension().is_some_and(|end| end == "run")).unwrap()
    };
    let written = || fs::metadata(run()).unwrap().modified().unwrap();
    open();
    let long_ago = written() - Duration::from_secs(3600);
    fs::File::options().append(true).open(run()).unwrap().set_modified(long_ago).unwrap();
    open();
    Writer::open_cached(dir.path(), &cache, "ana", NOW).unwrap();
    assert_eq!(written(), long_ago);
}

#[test]
fn what_was_erased_leaves_the_cache() {
    let (dir, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let cache = Cache::in_folder(folder.path());
    Ledger::create(dir.path(), Some("example.org/test"), NOW).unwrap();
    let secret = r#"{"type":"claim","id":"secret","subject":"s0","attribute":"a","value":"whisper","on":"2024-03-02","said_by":"paper"}"#;
    record(dir.path(), &format!("{}{secret}\n", lines(3, 40)));
    let ledger = Ledger::open_cached(dir.path(), &cache).unwrap();
    let holds = |word: &str| {
        let files = fs::read_dir(folder.path()).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
        files.into_iter().any(|bytes| bytes.windows(word.len()).any(|window| window == word.as_bytes()))
    };
    assert!(holds("whisper") && holds("secret"));
    let writer = Writer::open(dir.path(), "ana", NOW).unwrap();
    writer.erase(&[ledger.find("secret").unwrap()], "by law", NOW).unwrap();
    let wanted = told(&Ledger::open(dir.path()).unwrap());
    assert_eq!(told(&Ledger::open_cached(dir.path(), &cache).unwrap()), wanted);
    assert!(!holds("whisper") && !holds("secret"));
}

#[test]
fn a_cache_of_another_log_is_not_used() {
    let (dir, other, folder) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let cache = Cache::in_folder(folder.path());
    Ledger::create(dir.path(), Some("example.org/test"), NOW).unwrap();
    // Two ledgers that were one.
    fs::create_dir(other.path().join("log")).unwrap();
    for file in fs::read_dir(dir.path().join("log")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), other.path().join("log").join(file.file_name())).unwrap();
    }
    record(dir.path(), &lines(3, 40));
    record(other.path(), &lines(3, 41));
    for dir in [dir.path(), other.path(), dir.path()] {
        let wanted = told(&Ledger::open(dir).unwrap());
        assert_eq!(told(&Ledger::open_cached(dir, &cache).unwrap()), wanted);
    }
}

#[test]
fn a_cache_that_says_something_else_is_told_and_removed() {
    let (dir, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let cache = Cache::in_folder(folder.path());
    Ledger::create(dir.path(), Some("example.org/test"), NOW).unwrap();
    record(dir.path(), &lines(3, 40));
    drop(Ledger::open_cached(dir.path(), &cache).unwrap());
    record(dir.path(), &lines(40, 50));
    drop(Ledger::open_cached(dir.path(), &cache).unwrap());
    let size = Ledger::open(dir.path()).unwrap().head().size;
    let compared = compare(dir.path(), &cache);
    assert_eq!((compared.events, compared.differing.len()), (size, 0));
    // Rows of another ledger, under the head of this one.
    let (other, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    Ledger::create(other.path(), Some("example.org/test"), NOW).unwrap();
    record(other.path(), &lines(3, 40).replace("half", "full"));
    drop(Ledger::open_cached(other.path(), &Cache::in_folder(from.path())).unwrap());
    let first_in = |folder: &Path| {
        let mut all: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        all.sort_unstable();
        all.swap_remove(0)
    };
    let (own, foreign) = (first_in(folder.path()), first_in(from.path()));
    crate::view::forge(&own, &foreign, &[crate::view::Forged::All]);
    assert_ne!(told(&Ledger::open_cached(dir.path(), &cache).unwrap()), told(&Ledger::open(dir.path()).unwrap()));
    let compared = compare(dir.path(), &cache);
    assert_eq!(compared.differing.iter().map(|(first, _)| *first).collect::<Vec<_>>(), [Seq(1)]);
    assert_eq!(told(&Ledger::open_cached(dir.path(), &cache).unwrap()), told(&Ledger::open(dir.path()).unwrap()));
    let compared = compare(dir.path(), &cache);
    assert_eq!((compared.events, compared.differing.len()), (size, 0));
}
