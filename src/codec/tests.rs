mod spelling;

use super::*;
use crate::claim::{Claim, Polarity, Reference, Statement, Valid};
use crate::event::Act;
use crate::event::{Assessment, Event, EventKind, EvidenceAdded, Genesis};
use crate::seq::Seq;
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
