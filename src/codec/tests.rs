mod spelling;

use super::*;
use crate::claim::{Claim, Moment, Polarity, Reference, Statement, Valid};
use crate::event::{Act, Assessment, Entered, Event, EventKind, EvidenceAdded, First, Genesis};
use crate::seq::Seq;
use crate::source::{Attribution, How};
use crate::value::Value;

#[test]
fn a_payload_has_one_spelling() {
    let event = Event::PayloadErased { target: Seq(7), basis: "court order".into(), first: None };
    let bytes = encode(&event, None).unwrap();
    assert_eq!(bytes, b"\x07\x0bcourt order\x00");
    assert_eq!(decode(EventKind::PayloadErased, &bytes), Ok(event.into()));
    let mut overlong = b"\xfb\x07\x00\x0bcourt order\x00".to_vec();
    assert_eq!(decode(EventKind::PayloadErased, &overlong), Err(DecodeError::NotCanonical));
    overlong.clear();
    overlong.extend(b"\x07\x0bcourt order\x00\x00");
    assert_eq!(decode(EventKind::PayloadErased, &overlong), Err(DecodeError::NotCanonical));
}

#[test]
fn hostile_lengths_are_refused_without_allocating() {
    for kind in EventKind::ALL {
        for bytes in [
            &b"\xfd\xff\xff\xff\xff\xff\xff\xff\xff"[..],
            b"\xfc\xff\xff\xff\xff",
            b"\x01\xfd\xff\xff\xff\xff\xff\xff\xff\x7f",
            b"",
        ] {
            assert!(decode(*kind, bytes).is_err(), "{kind:?} {bytes:?}");
        }
    }
}

#[test]
fn what_nobody_could_have_typed_is_refused() {
    let copy = |digest: &str| {
        let added = EvidenceAdded {
            digest: digest.into(),
            media_type: None,
            url: None,
            archive_url: None,
            captured_at: None,
            len_bytes: 1,
            id: None,
            is_private: false,
        };
        Event::EvidenceAdded(added)
    };
    let origin = |origin: &str| Event::Genesis(Genesis { origin: origin.into(), algorithms: Vec::new(), format: 1 });
    let graded = |credibility| {
        let act = Act { target: Seq(1), by: None, said_on: None, reason: "r".into(), id: None };
        Event::Assessed(Assessment { act, rating: "true".into(), label: None, credibility: Some(credibility) })
    };
    let backed = |digest: &str| {
        let (value, valid) = (Value::Some, Valid::Timeless);
        let statement = Statement { subject: Seq(1), attribute: Seq(2), value, polarity: Polarity::Affirm, valid };
        let reference = Reference { evidence: vec![digest.into()], ..Reference::default() };
        Event::ClaimAsserted(Claim { statement, chain: Vec::new(), reference, id: None, is_private: false })
    };
    let rated = |rating: &str| {
        let act = Act { target: Seq(1), by: None, said_on: None, reason: "r".into(), id: None };
        Event::Assessed(Assessment { act, rating: rating.into(), label: None, credibility: None })
    };
    let decoded = |event: &Event| decode(event.kind(), &encode(event, None).unwrap()).map(|_| ());
    let (digest, origin_of_log) = ("0a".repeat(32), "example.org/log");
    for event in
        [copy(&digest), origin(origin_of_log), graded(1), graded(6), rated("mostly false"), backed("sha256:0a")]
    {
        assert_eq!(decoded(&event), Ok(()), "{event:?}");
    }
    for (event, field) in [
        (copy("../../0a"), "digest"),
        (origin("a\nb"), "origin"),
        (origin("a+b"), "origin"),
        (graded(0), "credibility"),
        (graded(7), "credibility"),
        (rated(""), "rating"),
        (rated("false\u{202e}"), "rating"),
        (backed("a b"), "evidence"),
        (backed(""), "evidence"),
    ] {
        assert_eq!(decoded(&event), Err(DecodeError::Field(field)), "{event:?}");
    }
}

/// The payload of a wire struct, and of nobody who entered the event first.
fn wired(what: impl serde::Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode::put(&mut bytes, &wire::Entered { what, first: None });
    bytes
}

#[test]
fn what_no_event_can_hold_is_refused_by_its_field() {
    use EventKind as Kind;
    let noted = |id: &'static str| wired(wire::Noted { about: None, text: "x", id: Some(id), private: false });
    let judged = |entities| wired(wire::EntitiesJudged { entities, verdict: 0, reason: None, id: None });
    let act = |said_on| wired(wire::Act { target: 1, by: None, said_on: Some(said_on), reason: "r", id: None });
    let added = |url, quote, evidence| {
        wired(wire::ReferenceAdded { claim: 1, url, quote, evidence, lang: None, note: None, id: None })
    };
    let set = |name, value| {
        let mut bytes = Vec::new();
        encode::put(&mut bytes, &wire::SettingChanged { name, value });
        bytes
    };
    let actor = |of| wired(wire::ActorRegistered { name: "ben", of });
    let elsewhere = |recorded_at| {
        let first = Some(wire::First { actor: 2, seq: 3, link: [7; 32], recorded_at, under: None });
        let what = wire::Noted { about: None, text: "x", id: None, private: false };
        let mut bytes = Vec::new();
        encode::put(&mut bytes, &wire::Entered { what, first });
        bytes
    };
    let ledger = |origin| {
        let mut bytes = Vec::new();
        encode::put(&mut bytes, &wire::LedgerRegistered { origin, ledger: [7; 32] });
        bytes
    };
    for (kind, bytes) in [
        (Kind::Noted, noted("n1")),
        (Kind::EntitiesJudged, judged((1, 2))),
        (Kind::Returned, act("2024-11-23T19:00-04:00")),
        (Kind::ReferenceAdded, added(None, Some("q"), vec![])),
        (Kind::ReferenceAdded, added(Some("https://example.org/a"), None, vec![])),
        (Kind::SettingChanged, set(5, "claims")),
        (Kind::SettingChanged, set(0, "claims")),
        (Kind::ActorRegistered, actor(Some(7))),
        (Kind::Noted, elsewhere(i64::MAX.unsigned_abs())),
        (Kind::LedgerRegistered, ledger("example.org/other")),
    ] {
        assert_eq!(check(kind, &bytes), Ok(()), "{kind:?} {bytes:?}");
        assert!(decode(kind, &bytes).is_ok(), "{kind:?} {bytes:?}");
    }
    for (kind, bytes, field) in [
        (Kind::Noted, noted("88"), "id"),
        (Kind::Noted, noted("0123456789abcdef"), "id"),
        (Kind::EntitiesJudged, judged((2, 2)), "entities"),
        (Kind::Returned, act("2024-11T19:00"), "said_on"),
        (Kind::Returned, act("2024-11-23T25:00"), "said_on"),
        (Kind::ReferenceAdded, added(None, None, vec![]), "claim"),
        (Kind::ReferenceAdded, added(None, None, vec!["a b"]), "evidence"),
        (Kind::ReferenceAdded, added(Some("\n"), None, vec![]), "url"),
        (Kind::SettingChanged, set(5, "claim"), "value"),
        (Kind::SettingChanged, set(0, ""), "value"),
        (Kind::SettingChanged, set(6, "x"), "name"),
        (Kind::ActorRegistered, actor(Some(0)), "of"),
        (Kind::Noted, elsewhere(i64::MAX.unsigned_abs() + 1), "recorded_at"),
        (Kind::LedgerRegistered, ledger("a+b"), "origin"),
    ] {
        assert_eq!(check(kind, &bytes), Err(DecodeError::Field(field)), "{kind:?} {bytes:?}");
        assert_eq!(decode(kind, &bytes).map(drop), Err(DecodeError::Field(field)), "{kind:?} {bytes:?}");
    }
}

/// Every bit of a claim is flipped, one at a time.
#[test]
fn a_claim_that_is_checked_is_one_that_can_be_decoded() {
    let bound = |text: &str| crate::date::Bound::parse(text).unwrap();
    let valid = Valid::On(Moment { at: bound("2024-11-24"), clock: None });
    let (value, said_on) = (Value::Symbol("off".into()), Some(bound("2024-11-25").into()));
    let statement = Statement { subject: Seq(300), attribute: Seq(4), value, polarity: Polarity::Affirm, valid };
    let chain = vec![Attribution { who: Seq(5), how: How::Reported, on: None }];
    let reference = Reference { quote: Some("No.".into()), said_on, ..Reference::default() };
    let claim = Event::ClaimAsserted(Claim { statement, chain, reference, id: Some("c1".into()), is_private: false });
    let whole = encode(&claim, None).unwrap();
    assert_eq!(check_claim(EventKind::ClaimAsserted, &whole), Ok((Seq(300), Seq(4))));
    for (kind, bit) in [EventKind::ClaimAsserted, EventKind::PeriodsAsserted]
        .into_iter()
        .flat_map(|kind| (0..whole.len() * 8).map(move |bit| (kind, bit)))
    {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let decoded = decode(kind, &bytes).map(|entered| match entered.event {
            Event::ClaimAsserted(claim) => (claim.statement.subject, claim.statement.attribute),
            other => panic!("{other:?}"),
        });
        assert_eq!(check_claim(kind, &bytes), decoded, "{kind:?} {bytes:?}");
        assert_eq!(check_claim(kind, &bytes[..bit / 8]).err(), decode(kind, &bytes[..bit / 8]).err());
    }
}

#[test]
fn who_entered_an_event_first_stands_behind_it_where_that_can_be() {
    let event = Event::SourceLinked { source: Seq(3), to: Seq(4), how: crate::source::LinkKind::Copies, id: None };
    let first = First { actor: Seq(5), seq: Seq(6), link: [0xab; 32], at_micros: 7, under: Some(Seq(8)) };
    let bytes = encode(&event, Some(&first)).unwrap();
    assert_eq!(bytes, [&[3, 4, 3, 0, 1, 5, 6][..], &[0xab; 32], &[7, 1, 8]].concat());
    assert_eq!(encode(&event, None).unwrap(), [3, 4, 3, 0, 0]);
    assert_eq!(decode(event.kind(), &bytes), Ok(Entered { event, first: Some(first) }));
    for kind in EventKind::ALL.iter().filter(|kind| !kind.has_first()) {
        let number = kind.number();
        assert!([1, 19, 20, 21, 23, 25].contains(&number), "{number}");
    }
}
