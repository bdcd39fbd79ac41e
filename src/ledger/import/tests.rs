//! An index that an import fed is the one that is made from the log, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::super::feed::Fed;
use super::super::indexing::{Built, build};
use super::*;
use crate::index::Index;
use crate::ledger::register::Register;
use crate::ledger::replay::{Step, replay};
use crate::ledger::{Ledger, rebuild};
use crate::log::Log;

const AT: i64 = 1_730_000_000_000_000;
const OPTIONS: ImportOptions = ImportOptions { is_strict: false, is_dry_run: false, keeps_good: true, threads: 2 };

/// Lines of every type that has its own place in the index, this many and two more, beginning with this number.
fn lines(first: usize, count: usize) -> String {
    let mut lines = vec![
        r#"{"type":"attribute","key":"lit","value_type":"bool"}"#.to_owned(),
        format!(r#"{{"type":"attribute","key":"named","value_type":"text","label":"L{first}"}}"#),
    ];
    for number in first..first + count {
        let (subject, day, earlier) = (number % 61, 1 + number % 28, number.saturating_sub(5));
        let claim = format!(
            r#""subject":"s{subject}","attribute":"named","value":"v{}","from":"2024-03-{day:02}","said_by":"p{}","quote":"{}","evidence":["d{number}"],"url":"https://example.org/{number}""#,
            number % 977,
            number % 7,
            "in these very words ".repeat(number % 40),
        );
        lines.push(match number % 20 {
            0 => format!(
                r#"{{"type":"correction","id":"k{number}","corrects":"c{earlier}","reason":"r","claim":{{{claim}}}}}"#
            ),
            1 => format!(r#"{{"type":"retraction","id":"k{number}","retracts":"c{earlier}","reason":"r"}}"#),
            2 => format!(r#"{{"type":"entity","key":"s{subject}","label":"Label {number}","aliases":["al{number}"]}}"#),
            3 => format!(r#"{{"type":"source","key":"p{}","kind":"person","label":"L{number}"}}"#, number % 11),
            4 => format!(r#"{{"type":"note","id":"n{number}","text":"t"}}"#),
            5 => format!(r#"{{"type":"judgement","id":"j{number}","entities":["s1","q{number}"],"verdict":"same"}}"#),
            6 => format!(r#"{{"type":"evidence","digest":"{:064x}","len_bytes":7}}"#, number / 40),
            7 => format!(r#"{{"type":"rating","source":"p1","reliability":"B","id":"g{number}"}}"#),
            8 => format!(r#"{{"type":"dispute","id":"u{number}","disputes":"c{earlier}","by":"p2","grounds":"g"}}"#),
            _ => format!(r#"{{"type":"claim","id":"c{number}",{claim}}}"#),
        });
    }
    lines.join("\n")
}

/// Records lines, and gives what the index is to be fed with.
fn import(dir: &Path, lines: &str) -> Fed {
    import_holding(dir, lines, Sizes::default().open)
}

/// The same, holding so many events at most in memory.
fn import_holding(dir: &Path, lines: &str, events_max: usize) -> Fed {
    let mut writer = Writer::open(dir, "desk", AT).unwrap();
    writer.know_everything().unwrap();
    let Writer { mut log, stager, head, sealer, .. } = writer;
    let begin = log.cursor().unwrap();
    let bulk = log.bulk(AT).unwrap();
    let gathered = Gathered::new(&folder(dir), events_max);
    let (report, fresh) =
        import_into((bulk, gathered, Room::of_ledger(dir)), stager, head, sealer, lines.as_bytes(), OPTIONS, |_| {})
            .unwrap();
    assert!(report.is_recorded && report.refused < report.lines / 10, "{report:?}");
    fresh.unwrap().fed(begin, end_of(&log).unwrap())
}

/// The files of the index by their names.
fn runs(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder(dir).join("runs")).unwrap().map(Result::unwrap);
    files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect()
}

#[test]
fn an_index_that_was_fed_is_the_one_made_from_the_log() {
    let dir = tempfile::tempdir().unwrap();
    Ledger::create(dir.path(), Some("example.org/fed"), AT).unwrap();
    let mut first = 0;
    // Each is at least half as long as all before it, so that they are made one run; the last is a segment of its own.
    for count in [4500, 3000, 20_000] {
        let fed = import(dir.path(), &lines(first, count));
        first += count;
        assert!(feed(dir.path(), fed, 2).unwrap());
        let with = runs(dir.path());
        let size = rebuild(dir.path(), 2, |_| {}).unwrap();
        assert_eq!(with.keys().collect::<Vec<_>>(), [&format!("{:012}-{size:012}", 1)]);
        assert!(with == runs(dir.path()), "{count} lines");
    }
    assert_eq!(fs::read_dir(dir.path().join("log")).unwrap().count(), 2);
}

#[test]
fn an_index_that_lags_is_first_brought_to_where_the_commit_begins() {
    let dir = tempfile::tempdir().unwrap();
    Ledger::create(dir.path(), Some("example.org/fed"), AT).unwrap();
    drop(import(dir.path(), &lines(0, 300)));
    let fed = import(dir.path(), &lines(300, 5000));
    assert!(feed(dir.path(), fed, 2).unwrap());
    let with = runs(dir.path());
    rebuild(dir.path(), 2, |_| {}).unwrap();
    assert!(with == runs(dir.path()));
}

#[test]
fn an_index_that_does_not_end_where_the_commit_begins_is_not_fed() {
    let dir = tempfile::tempdir().unwrap();
    Ledger::create(dir.path(), Some("example.org/fed"), AT).unwrap();
    let (fed, late) = (import(dir.path(), &lines(0, 300)), import(dir.path(), &lines(300, 300)));
    let begin = fed.up_to.known.cursor;
    let other = Fed { begin, ..fed };
    // It would go on behind the commit that the draft is of.
    assert!(feed(dir.path(), other, 2).is_err());
    catch_up::catch_up(dir.path(), 2).unwrap();
    let size = |dir: &Path| Index::open_or_make(&folder(dir)).unwrap().size();
    let before = size(dir.path());
    assert!(!feed(dir.path(), late, 2).unwrap());
    assert_eq!(size(dir.path()), before);
    let elsewhere = tempfile::tempdir().unwrap();
    Ledger::create(elsewhere.path(), Some("example.org/other"), AT).unwrap();
    let fed = import(dir.path(), &lines(600, 300));
    assert!(!feed(elsewhere.path(), fed, 2).unwrap());
}

/// What the index says of every key, whatever runs it was made of.
fn said(dir: &Path) -> Vec<String> {
    Index::open_or_make(&folder(dir)).unwrap().said()
}

/// Makes the index from the log, holding so many events at most in memory.
fn make(dir: &Path, sizes: Sizes) {
    fs::remove_dir_all(folder(dir)).unwrap();
    let mut index = Index::open_or_make(&folder(dir)).unwrap();
    let built = build(&Log::open(dir).unwrap(), &mut index, None, 2, sizes, &mut |_| {});
    assert!(matches!(built, Ok(Built::Whole)));
}

#[test]
fn what_is_set_aside_comes_into_the_index_as_what_is_held() {
    let dir = tempfile::tempdir().unwrap();
    Ledger::create(dir.path(), Some("example.org/fed"), AT).unwrap();
    let mut first = 0;
    for count in [4500, 20_000] {
        let fed = import_holding(dir.path(), &lines(first, count), 3000);
        first += count;
        assert!(feed(dir.path(), fed, 2).unwrap());
        let fed = said(dir.path());
        assert!(fed.len() > 1000);
        make(dir.path(), Sizes::default());
        assert!(fed == said(dir.path()), "{count} lines, fed by parts");
        make(dir.path(), Sizes { write: 2000, open: 3000 });
        assert!(fed == said(dir.path()), "{count} lines, made by parts");
        let left = runs(dir.path()).into_keys().filter(|name| name.len() != 25).collect::<Vec<_>>();
        assert_eq!(left, [""; 0]);
    }
}

/// A ledger's import whose register or whose numbers of another ledger have no place to go.
fn import_without_room(lines: &str, is_register: bool) -> (Error, u64) {
    let dir = tempfile::tempdir().unwrap();
    Ledger::create(dir.path(), Some("example.org/full"), AT).unwrap();
    let none = Room { folder: dir.path().join("log/000000000001.seg"), entries_max: 8, ..Room::of_ledger(dir.path()) };
    let Writer { mut log, mut stager, head, sealer, .. } = Writer::open(dir.path(), "desk", AT).unwrap();
    let mut register = Register::new(is_register.then(|| none.clone()));
    replay(dir.path(), |step| {
        if let Step::Event(stored) = step {
            register.apply(stored.recorded.seq, stored.recorded.event.as_ref(), stored.kind, stored.about);
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    stager.register = register;
    let bulk = log.bulk(AT).unwrap();
    let gathered = Gathered::new(&folder(dir.path()), 1 << 20);
    let imported = import_into((bulk, gathered, none), stager, head, sealer, lines.as_bytes(), OPTIONS, |_| {});
    drop(log);
    (imported.err().unwrap(), Ledger::open(dir.path()).unwrap().head().size)
}

#[test]
fn nothing_is_recorded_if_something_cannot_be_set_aside() {
    let plain = lines(0, 50);
    let exported: Vec<String> =
        (10..40).map(|seq| format!(r#"{{"seq":{seq},"hash":"ab","recorded_at":"2024-01-01T00:00:00Z","actor":"m","type":"note","text":"t{seq}"}}"#)).collect();
    for (lines, is_register) in [(plain, true), (exported.join("\n"), false)] {
        let (error, size) = import_without_room(&lines, is_register);
        assert_eq!((error.kind(), size), (ErrorKind::Io, 1), "{error}");
        assert!(error.to_string().contains("set aside"), "{error}");
    }
}
