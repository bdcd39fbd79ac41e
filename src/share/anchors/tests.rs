//! What a ledger says of its own times, beside what an authority says.

use std::fs;

use super::*;
use crate::event::Proposed;
use crate::ledger::{CapturedCopy, Ledger, Policy, Writer};
use crate::seq::Seq;
use crate::share::stamp::Authorities;
use crate::share::stamp::tests::answer;

/// When the stamps here are made, in microseconds.
const AT_MICROS: i64 = 1_732_444_200_000_000;
const AT: &str = "20241124103000Z";
const MINUTE: i64 = 60_000_000;

/// A ledger of three events, recorded at some time, whose head was stamped; its answer was recorded as event 4 at
/// another, if at all.
fn held(recorded_at: i64, answer_recorded_at: Option<i64>) -> HeldBy {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("ledger");
    Ledger::create(&dir, Some("example.org/times"), recorded_at).unwrap();
    let note = Proposed::Note { about: None, text: "seen".into(), id: None, is_private: false };
    let record = |proposed, at| Writer::open(&dir, "ana", at).unwrap().record(vec![proposed], Policy::default(), at);
    record(note, recorded_at).unwrap();
    let (anchor, request) = request_stamp(&dir).unwrap();
    assert_eq!(anchor.size, 3);
    let (response, ca) = answer(&request, AT);
    let (file, authorities) = (folder.path().join("answer.tsr"), Authorities::parse(&ca).unwrap());
    fs::write(&file, response).unwrap();
    let attached = attach_stamp(&dir, &file, &authorities).unwrap();
    assert_eq!(attached.stamp.at_micros, AT_MICROS);
    if let Some(at) = answer_recorded_at {
        let evidence = CapturedCopy::read(&attached.anchor.response).unwrap().evidence;
        record(Proposed::Evidence(evidence), at).unwrap();
    }
    let checked = check_anchors(&dir, &authorities).unwrap();
    let [(_, AnchorState::Held(held))] = &checked[..] else { panic!("{checked:?}") };
    assert_eq!(held.recorded_at_micros, recorded_at);
    assert_eq!(held.recorded_as, answer_recorded_at.map(|at| (Seq(4), at)));
    held.clone()
}

#[test]
fn times_agree_where_the_ledger_is_older_than_the_stamp_and_its_record_is_younger() {
    for (recorded, answer) in [
        (AT_MICROS - 60 * MINUTE, None),
        (AT_MICROS - MINUTE, Some(AT_MICROS + MINUTE)),
        (AT_MICROS - 365 * 1440 * MINUTE, Some(AT_MICROS + 365 * 1440 * MINUTE)),
        // Clocks go a little wrong.
        (AT_MICROS + 5 * MINUTE, None),
        (AT_MICROS - 5 * MINUTE, Some(AT_MICROS - 5 * MINUTE)),
    ] {
        let held = held(recorded, answer);
        assert!(held.agrees() && !held.is_ahead() && held.back_dated().is_none(), "{held:?}");
    }
}

#[test]
fn an_event_that_is_younger_than_its_own_stamp_is_told() {
    let held = held(AT_MICROS + 5 * MINUTE + 1, None);
    assert!(held.is_ahead() && !held.agrees(), "{held:?}");
}

#[test]
fn a_stamp_that_was_recorded_before_it_was_made_is_told() {
    let held = held(AT_MICROS - 120 * MINUTE, Some(AT_MICROS - 5 * MINUTE - 1));
    assert_eq!(held.back_dated(), Some(Seq(4)));
    assert!(!held.agrees() && !held.is_ahead(), "{held:?}");
}

#[test]
fn a_stamp_that_is_still_to_come_is_told() {
    let stamp = held(AT_MICROS, None).stamp;
    assert!(is_to_come(&stamp, AT_MICROS - 5 * MINUTE - 1) && is_to_come(&stamp, 0));
    assert!(!is_to_come(&stamp, AT_MICROS - 5 * MINUTE) && !is_to_come(&stamp, i64::MAX));
}
