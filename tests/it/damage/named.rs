//! Each kind of damage is found and named, nothing is written to what is damaged, and what is intact answers.

use std::path::Path;

use annals::date::Day;
use annals::ledger::{ErrorKind, Ledger, VerifyOptions, VerifyReport, Writer, verify};
use annals::projection::Horizon;
use annals::seq::Seq;

use super::kinds::{Damaging, Files, read, write};
use super::{fixture, tiny};
use crate::support::Random;

fn verified(dir: &Path) -> Option<VerifyReport> {
    verify(dir, &VerifyOptions { threads: 1, ..VerifyOptions::default() }, &|_, _| ()).ok()
}

/// The links of a ledger's events, the first at place 0.
fn links(ledger: &Ledger) -> Vec<annals::chain::Hash> {
    let mut links = Vec::new();
    let see = |stored: annals::ledger::Stored| {
        links.push(stored.hash);
        std::ops::ControlFlow::Continue(())
    };
    ledger.events(see).unwrap();
    links
}

/// The heads of a ledger's commits.
fn heads(dir: &Path) -> Vec<annals::chain::Head> {
    let mut heads = Vec::new();
    let see = |commit: &mut annals::log::Commit<'_>| {
        heads.push(commit.cursor().head);
        Ok::<(), annals::log::Error>(())
    };
    annals::log::Log::open(dir).unwrap().scan(annals::log::Since::Start, see).unwrap();
    heads
}

/// What is intact answers, and every event of it is one that was there.
fn answers(dir: &Path, whole: Option<&[annals::chain::Hash]>, what: &str) {
    let ledger = match Ledger::open_despite_damage(dir) {
        Ok(ledger) => ledger,
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Unsupported), "{what}: {error}");
            return;
        }
    };
    let at = ledger.at(Horizon::default());
    for day in ["2024-09-08", "2024-11-24", "2025-02-01"] {
        for about in ledger.keys_at(&at, None) {
            let facts = ledger.facts(&[about]).unwrap();
            let known = at.of(&facts);
            let key = known.key(about.0, about.1);
            drop(known.state(&key, Day::parse(day).unwrap(), Horizon::default()));
            drop(known.timeline(&key));
        }
    }
    let mut last = Seq(0);
    let see = |stored: annals::ledger::Stored| {
        let seq = stored.recorded.seq;
        assert!(seq > last, "{what}: {seq} behind {last}");
        last = seq;
        let place = usize::try_from(seq.0).unwrap() - 1;
        assert!(whole.is_none_or(|whole| whole.get(place) == Some(&stored.hash)), "{what}: {seq} was not written so");
        std::ops::ControlFlow::Continue(())
    };
    ledger.events(see).unwrap();
    if let Some(missing) = ledger.missing() {
        assert!(!missing.damages.is_empty() && missing.events.is_sorted(), "{what}: {missing:?}");
    }
    ledger.export(&mut std::io::sink(), false, |_| ()).unwrap();
}

/// Damages a log in every way.
fn damage(files: &Files, other: &Files, step: usize) {
    let (random, seed) = Random::new();
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), files);
    let whole = links(&Ledger::open(dir.path()).unwrap());
    let heads = heads(dir.path());
    let (mut cases, mut damaged) = (0, 0);
    let show = |what: &str, changed: &Files| {
        write(dir.path(), changed);
        let what = format!("seed {seed}: {what}");
        let report = verified(dir.path());
        let findings = report.as_ref().map_or(&[][..], |report| &report.findings[..]);
        cases += 1;
        damaged += usize::from(!findings.is_empty());
        if let Some(report) = report.as_ref().filter(|report| report.findings.is_empty()) {
            let is_prefix = heads.contains(&report.head.point()) || *other == *changed;
            assert!(is_prefix || changed[0].1 != files[0].1, "{what}: a head that never was");
        }
        for finding in findings {
            let is_there = changed.iter().any(|(name, bytes)| {
                *name == format!("{:012}.seg", finding.segment) && finding.offset <= bytes.len() as u64
            });
            assert!(is_there || finding.segment == 0, "{what}: {finding} is nowhere");
        }
        let is_other = changed[0].1 == other[0].1;
        answers(dir.path(), if is_other { None } else { Some(&whole) }, &what);
        let writing = Writer::open(dir.path(), "ana", 2_000_000_000_000_000).map(drop).map_err(|error| error.kind());
        let only_erasures = findings.iter().all(|finding| finding.code.name() == "erasure-unfinished");
        match writing {
            Ok(()) => assert!(only_erasures, "{what}: written to in spite of {findings:?}"),
            Err(ErrorKind::Damaged | ErrorKind::Unsupported) => assert!(!findings.is_empty(), "{what}: refused"),
            Err(other) => assert!(report.is_none(), "{what}: {other:?}"),
        }
    };
    Damaging { files, other, random, show }.all(step);
    assert!(damaged > 400 && damaged < cases, "{damaged} of {cases}");
}

#[test]
fn whatever_is_done_to_a_ledger_is_found_and_the_rest_answers() {
    damage(&read(&fixture("v1/every-kind")), &tiny(), 17);
}

#[test]
fn whatever_is_done_to_a_small_ledger_is_found_and_the_rest_answers() {
    damage(&tiny(), &read(&fixture("v1/small")), 5);
}
