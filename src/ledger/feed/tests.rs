//! An index to which a writer gives what it recorded is the one that is made from the log.

use std::path::Path;

use super::*;
use crate::event::Proposed;
use crate::exchange::read_line;
use crate::index;
use crate::ledger::catch_up::catch_up;
use crate::ledger::{Ledger, Policy, Writer, rebuild};

const AT: i64 = 1_730_000_000_000_000;
const POLICY: Policy = Policy { is_strict: false, is_import: true, is_anyway: true };

fn ledger() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    Ledger::create(dir.path(), Some("example.org/fed"), AT).unwrap();
    dir
}

/// Lines of every type that has its own place in the index, so many, beginning with this number.
fn proposed(first: usize, count: usize) -> Vec<Proposed> {
    let line = |number: usize| {
        let (subject, earlier) = (number % 61, number - number % 10);
        let claim = format!(
            r#""subject":"s{subject}","attribute":"named","value":"v{number}","from":"2024-03-{:02}","said_by":"p{}""#,
            1 + number % 28,
            number % 7
        );
        let line = match number % 20 {
            1 => format!(
                r#"{{"type":"correction","id":"k{number}","corrects":"c{earlier}","reason":"r","claim":{{{claim}}}}}"#
            ),
            11 => format!(r#"{{"type":"retraction","id":"k{number}","retracts":"c{earlier}","reason":"r"}}"#),
            2 => format!(r#"{{"type":"entity","key":"s{subject}","label":"Label {number}","aliases":["al{number}"]}}"#),
            3 => format!(r#"{{"type":"source","key":"p{}","kind":"person","label":"L{number}"}}"#, number % 11),
            4 => format!(r#"{{"type":"note","id":"n{number}","text":"t"}}"#),
            5 => format!(r#"{{"type":"judgement","id":"j{number}","entities":["s1","q{number}"],"verdict":"same"}}"#),
            6 => format!(r#"{{"type":"evidence","digest":"{number:064x}","len_bytes":7}}"#),
            7 => format!(r#"{{"type":"rating","source":"p1","reliability":"B","id":"g{number}"}}"#),
            _ => format!(r#"{{"type":"claim","id":"c{number}",{claim}}}"#),
        };
        read_line(&line).unwrap().proposed
    };
    (first..first + count).map(line).collect()
}

/// What the index says of every key, and up to where.
fn said(dir: &Path) -> (u64, Vec<String>) {
    let index = Index::open_or_make(&index::folder(dir)).unwrap();
    assert_eq!(index.up_to().unwrap().known.cursor.head.size, index.size());
    (index.size(), index.said())
}

/// The same of one that is made from the log.
fn said_anew(dir: &Path) -> (u64, Vec<String>) {
    rebuild(dir, 1, |_| {}).unwrap();
    said(dir)
}

fn record(writer: &mut Writer, proposed: Vec<Proposed>) {
    let receipt = writer.record(proposed, POLICY, AT).unwrap();
    assert!(receipt.index.is_none(), "{:?}", receipt.index);
}

#[test]
fn what_writers_hand_over_is_what_the_log_says() {
    let dir = ledger();
    let dir = dir.path();
    let mut first = 0;
    // The first writer knows everything, for there is no index; another goes on with what it left unindexed.
    for counts in [&[100, 20, 1][..], &[700, 300, 20, 900, 40], &[1, 2000, 1, 1, 500]] {
        let mut writer = Writer::open(dir, "desk", AT).unwrap();
        for count in counts {
            record(&mut writer, proposed(first, *count));
            first += 20 * count.div_ceil(20);
        }
        drop(writer);
        catch_up(dir, 1).unwrap();
        assert_eq!(said(dir), said_anew(dir));
    }
}

#[test]
fn commits_of_a_writer_are_held_until_the_index_is_due() {
    let dir = ledger();
    for (number, count) in (0..).zip([40, 3, 20]) {
        let mut writer = Writer::open(dir.path(), "desk", AT).unwrap();
        record(&mut writer, proposed(number * 100, count));
        record(&mut writer, proposed(number * 100 + 60, 1));
        let (fed, size) = (writer.held.take().unwrap(), writer.head.size);
        assert_eq!(fed.commits.len(), 2);
        drop(writer);
        assert!(feed(dir.path(), fed, 1).unwrap());
        let with = said(dir.path());
        assert_eq!(with.0, size);
        assert_eq!(with, said_anew(dir.path()));
    }
    let mut writer = Writer::open(dir.path(), "desk", AT).unwrap();
    record(&mut writer, proposed(1000, 1020));
    assert!(writer.held.take().is_none());
}

#[test]
fn a_commit_that_follows_on_others_than_those_held_begins_anew() {
    let dir = ledger();
    let mut writer = Writer::open(dir.path(), "desk", AT).unwrap();
    record(&mut writer, proposed(0, 20));
    let before = std::mem::take(&mut writer.held);
    record(&mut writer, proposed(20, 20));
    writer.held = before;
    record(&mut writer, proposed(40, 20));
    let fed = writer.held.take().unwrap();
    assert_eq!(fed.commits, [Seq(writer.head.size)]);
    drop(writer);
    assert!(feed(dir.path(), fed, 1).unwrap());
    assert_eq!(said(dir.path()), said_anew(dir.path()));
}

#[test]
fn an_index_made_by_others_meanwhile_is_brought_up_from_the_log() {
    let dir = ledger();
    drop(said_anew(dir.path()));
    let mut writer = Writer::open(dir.path(), "desk", AT).unwrap();
    record(&mut writer, proposed(0, 40));
    rebuild(dir.path(), 1, |_| {}).unwrap();
    record(&mut writer, proposed(40, 1000));
    drop(writer);
    let with = said(dir.path());
    assert!(with.0 > 1000);
    assert_eq!(with, said_anew(dir.path()));
}
